"""The price of oil: how dear it is now against the base year, and how far it moves."""

from __future__ import annotations

import numpy as np

from multialign.world import World, panels

MONTHS = 24
"""Months of Brent, the latest of the panel, over which the price is taken to range."""


def oil_prices(world: World, last: str | None = None) -> tuple[float, float, float]:
    """10th percentile, median and 90th percentile of Brent over the last `MONTHS` months, over the mean of the world's
    base year. Ones where the panel does not cover that year.

    last: the last month counted, ``YYYY-MM``; by default the panel's.
    """
    table = panels.brent()
    month = table["month"].astype(str)
    base = table.loc[month.str.startswith(f"{int(world.data.attrs.get('year', 0))}-"), "usd_per_bbl"]
    recent = table if last is None else table[month <= last]
    recent = recent.sort_values("month").tail(MONTHS)["usd_per_bbl"]
    if base.empty or recent.empty:
        return 1.0, 1.0, 1.0
    low, middle, high = np.quantile(recent.to_numpy() / float(base.mean()), [0.1, 0.5, 0.9])
    return float(low), float(middle), float(high)

"""The discount that just pays for the third power's pressure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from multialign.respond.model import BreakEven, BreakEvenPoint, band
from multialign.respond.surfaces import PROBE_DISCOUNT, Surface
from multialign.ties.crude import CrudePath
from multialign.world import panels

TARIFFS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
"""Extra tariffs (fractions) for which the break-even is given."""
MOST = 50.0
"""Largest discount given as a break-even, % of the price."""


def break_even(crude: CrudePath | None, surfaces: Sequence[Surface]) -> BreakEven | None:
    """The discount at which the focal state is indifferent, for pressures of 5 to 50 points.

    None unless it bought crude from the offerer in the panel's last year at a credible price. Points whose discount
    would be above `MOST` are left out: the slope was measured at 10 %, and no seller gives so much.
    """
    latest = crude.years[-1] if crude and crude.years else None
    if latest is None or latest.year != panels.ENERGY_YEARS[1] or not latest.credible:
        return None
    if not latest.price or not latest.barrels:
        return None
    worth = np.array([s.probe[0] / PROBE_DISCOUNT for s in surfaces])
    if (worth <= 0).any():
        return None
    points = []
    for tariff in TARIFFS:
        loss = np.array([-float(s.squeeze(np.array(tariff))[0]) for s in surfaces])
        discount = band(100.0 * loss / worth)
        if discount.median > MOST:
            break
        points.append(
            BreakEvenPoint(
                tariff_points=100.0 * tariff,
                discount_pct=discount,
                usd_per_barrel=band(loss / worth * latest.price),
            )
        )
    return BreakEven(
        price=latest.price,
        year=latest.year,
        barrels=latest.barrels,
        today=latest.discount_screened,
        points=tuple(points),
    )

"""The discount that just pays for the third power's pressure."""

from __future__ import annotations

import numpy as np

from multialign.respond.model import BreakEven, BreakEvenPoint, band
from multialign.respond.surface import Surface
from multialign.world import panels

TARIFFS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5)
"""Extra tariffs (fractions) for which the break-even is given."""
MOST = 50.0
"""Largest discount given as a break-even, % of the price."""
PROBE = 0.1
"""Discount on crude at which its worth is measured."""


def break_even(surface: Surface) -> BreakEven | None:
    """The discount at which the focal state is indifferent, for pressures of 5 to 50 points of extra tariff.

    None unless it bought crude from the offerer in the panel's last year at a credible price, and the third power may
    answer with a tariff. Points whose discount would be above `MOST` are left out: the slope was measured at 10 %,
    and no seller gives so much.
    """
    q = surface.question
    crude = surface.crude.get(q.offerer)
    axis = surface.place.get(("discount", q.offerer, ""))
    tariff = surface.place.get(("tariff", q.third, ""))
    if crude is None or axis is None or tariff is None:
        return None
    sets = np.arange(len(surface.sets))
    # The engine's base year had another price of oil; a discount is worth as much less as oil is cheaper.
    brent = panels.brent_by_year()
    price = brent[crude.year] / brent[surface.year] if crude.year in brent and surface.year in brent else 1.0
    worth = price * surface.read(axis, sets, np.full(sets.size, PROBE), 0) / PROBE
    if (worth <= 0).any():
        return None
    points = []
    for rate in TARIFFS:
        loss = -surface.read(tariff, sets, np.full(sets.size, rate), 0)
        discount = band(100.0 * loss / worth)
        if discount.median > MOST:
            break
        points.append(
            BreakEvenPoint(
                tariff_points=100.0 * rate,
                discount_pct=discount,
                usd_per_barrel=band(loss / worth * crude.price),
            )
        )
    return BreakEven(price=crude.price, year=crude.year, barrels=crude.barrels, today=crude.today, points=tuple(points))

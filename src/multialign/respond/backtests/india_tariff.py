"""What India does under the extra tariff of August 2025, at the discount of that summer.

The United States announce 25 points for as long as India buys Russian oil: the demand is a depth of zero, the answer is
bound, not chosen. India keeps buying where that is worth more than the tariff costs, weights and elasticities drawn.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from multialign.respond.answer import prepare
from multialign.respond.backtests.model import Backtest, Row
from multialign.respond.calibrate import calibrate, effect_factors
from multialign.respond.choice import spread_of
from multialign.respond.inputs import columns, uniforms
from multialign.respond.oil import oil_prices
from multialign.respond.question import Offer, Pressure, Question
from multialign.respond.replies import best_replies
from multialign.respond.terms import tie_value
from multialign.ties.crude import crude_paid
from multialign.ties.elasticity import published
from multialign.ties.flows import DOMAINS
from multialign.world import load_world, panels

POINTS = 0.25
DISCOUNTS = (1.0, 2.0, 3.0, 4.0)
"""USD a barrel against other origins: the range quoted that summer."""
LIFTED = (0.5, 1.0)
"""Chance that the tariff would have been lifted, had India stopped: assumed."""
DRAWS = 2048


def run(progress: Callable[[str, float], None]) -> Backtest:
    """Share of the draws in which India keeps buying, and its purchases, by discount."""
    question = Question.full(
        "IND",
        (Offer(by="RUS", domains=("energy",)),),
        (Pressure(by="USA", replies=("tariff",), demand={"energy": 0.0}, announced={"tariff": POINTS},
                  counter_offer=False),),
    )  # fmt: skip
    surface = prepare(question, world=load_world(), progress=progress)
    from dataclasses import replace

    surface = replace(surface, oil=oil_prices(load_world(), "2025-08"))
    replies, cols = best_replies(surface), columns(1, 1)
    u = uniforms(DRAWS, cols.size + 2, 1)
    r = calibrate(u, cols, surface, replies)
    s = surface.standing["RUS"]["energy"]
    d = DOMAINS.index("energy")
    factor = effect_factors(r.data, r.oil)[:, d]
    # Keeping, against cutting: the trade, the tie's own value, less concentration where the tie is gone.
    cut = surface.place[("less", "RUS", "energy")]
    trade = -surface.read(cut, r.surface, np.ones(r.size), 0) * factor
    tie = r.omega[:, d] * tie_value(s.today)
    autonomy = r.autonomy * spread_of(s, "energy", np.zeros((r.size, 1)), r.reach[:, None])[:, 0] / len(DOMAINS)
    tariff = surface.place[("tariff", "USA", "")]
    threat = -surface.read(tariff, r.surface, np.full(r.size, POINTS), 0)
    lifted = LIFTED[0] + u[:, -1] * (LIFTED[1] - LIFTED[0])
    origin = crude_paid("IND").origin("RUS")
    price, then = float(origin.price or 0.0), float(origin.discount_screened or 0.0)
    axis = surface.place[("discount", "RUS", "")]
    sigmas = np.array([p.sigma for p in published()])
    sigma = sigmas[np.minimum((u[:, -2] * sigmas.size).astype(int), sigmas.size - 1)]
    share = float(origin.share_of_barrels or 0.0)
    rows, kept = [], {}
    for usd in DISCOUNTS:
        extra = np.full(r.size, (usd - then) / price)
        worth = trade + surface.read(axis, r.surface, extra, 0) * factor + tie + autonomy
        net = worth - lifted * threat
        keeps = net > 0
        odds = share / (1.0 - share) * np.exp(-sigma * np.log1p(-extra))
        bought = np.where(keeps, odds / (1.0 + odds), 0.0)
        kept[usd] = float(keeps.mean())
        low, middle, high = np.quantile(bought, [0.1, 0.5, 0.9])
        rows.append(
            Row(
                label=f"{usd:.0f} USD a barrel",
                values={"keeps": kept[usd], "share": middle, "low": low, "high": high,
                        "net_low": float(np.quantile(net, 0.1)), "net": float(np.median(net)),
                        "net_high": float(np.quantile(net, 0.9))},
            )
        )  # fmt: skip
    later = _tariffs()
    return Backtest(
        name="india-tariff",
        title="India under the extra 25 points of August 2025",
        calibrated_on="ties and prices of 2024, Brent up to August 2025",
        held_to="US effective tariffs on India since (in the panel); purchases after 2024 are not in the panel",
        columns=("keeps", "share", "low", "high", "net_low", "net", "net_high"),
        rows=tuple(rows),
        scores={"share of crude in 2024": round(share, 3), "discount in 2024, USD": round(then, 2),
                "cost of the tariff, % (median)": round(float(np.median(threat)), 3),
                "worth of the tie, % (median)": round(float(np.median(trade + tie + autonomy)), 3)},
        said=(
            f"India keeps buying in {100 * kept[1.0]:.0f} % of the draws at 1 USD a barrel and in "
            f"{100 * kept[4.0]:.0f} % at 4: stopping would cost it {np.median(trade + tie + autonomy):.2f} % of its "
            f"real income, the tariff costs {np.median(threat):.2f} %.",
            f"What came: {later}",
        ),
        caveats=(
            "Only buying on or stopping is modelled; a slow retreat is not, nor buying through others.",
            "The sanctions on Rosneft and Lukoil of October 2025 are outside the question.",
            "Whether the tariff would have been lifted is drawn from an assumed range.",
            "Purchases of 2025 are not in the panel, so the share of crude is not scored here; tariffs are.",
        ),
    )  # fmt: skip


def _tariffs() -> str:
    table = panels.us_effective_tariffs()
    own = table[table["country"] == "IND"].sort_values("month")
    points = [
        f"{float(v):.0f} % in {m}" for m, v in zip(own["month"], own.iloc[:, 2], strict=True) if str(m) >= "2025-06"
    ]
    return (
        "effective US tariffs on India were "
        + ", ".join(points)
        + ". They rose by more than the 25 points asked about, stayed for half a year and came down. The model has the "
        "tariff stand for as long as the tie does; a settlement is to it either India's stopping or a counter-offer."
    )

"""Who buys Russian crude in 2023: ties of 2021, the embargoes of 2022, the discounts that the panel records.

Each buyer that may still buy answers a question: Russia offers deeper energy ties at the discount, the United States
look on. In each draw it is willing or not, once with the United States answering as in 2025 and once with nobody
answering. Then the crude that Russia sold in 2023 is spread over the buyers: those under an embargo buy for the days
that the law leaves, the unwilling keep at most their share, the willing bid for the rest by their demand
(`ties.redistribution`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from multialign.respond.backtests.model import Backtest, Row
from multialign.respond.build import build_surface, set_up
from multialign.respond.calibrate import calibrate
from multialign.respond.inputs import columns, uniforms
from multialign.respond.oil import oil_prices
from multialign.respond.play import play
from multialign.respond.question import Offer, Pressure, Question
from multialign.respond.replies import best_replies
from multialign.ties import crude_data
from multialign.ties import redistribution as spread
from multialign.ties.elasticity import published
from multialign.ties.flows import DOMAINS
from multialign.world import load_world

BASE, YEAR = 2021, 2023
LEAST = 0.004
"""Part of the world's crude imports in the base year from which a buyer is asked."""
DRAWS = 256
SHOWN = 10


def run(progress: Callable[[str, float], None]) -> Backtest:
    """The forecast for 2023 and its errors."""
    names = list(crude_data.axis())
    bought = spread.imports(BASE)
    kept = spread.kept_open("RUS", YEAR)
    world = load_world()
    asked = [
        k for k, c in enumerate(names)
        if bought[k] >= LEAST * bought.sum() and kept[k] > 0.5 and c in world.countries
        and c not in ("RUS", "USA", "ROW")
    ]  # fmt: skip
    change = cheaper()
    willing = np.zeros((2, DRAWS, len(names)), dtype=bool)
    for n, k in enumerate(asked):
        progress(f"asking {names[k]}", n / len(asked))
        willing[:, :, k] = _answers_of(names[k], float(np.clip(1.0 - np.exp(change[k]), 0.0, 0.3)))
    before = spread.volumes("RUS", BASE)
    whole = spread.imports(BASE)
    share = np.divide(before, whole, out=np.zeros_like(whole), where=whole > 0)
    demand, sold = spread.imports(YEAR), float(spread.volumes("RUS", YEAR).sum())
    sigmas = np.array([p.sigma for p in published()])
    picks = np.random.default_rng(1).integers(0, sigmas.size, DRAWS)
    found = np.stack(
        [[_placed(share, demand, kept, sold, w[r], sigmas[picks[r]], change) for r in range(DRAWS)] for w in willing]
    )
    pressed, placed = found.mean(axis=1)
    actual = spread.volumes("RUS", YEAR)
    score = spread.score("nobody answers", "RUS", YEAR, placed)
    against = spread.score("the United States answer", "RUS", YEAR, pressed)
    naive = spread.score("fixed shares", "RUS", YEAR, spread.naive("RUS", YEAR, law=False))
    law = spread.score("fixed shares, embargoes", "RUS", YEAR, spread.naive("RUS", YEAR, law=True))
    only = spread.score("demand alone", "RUS", YEAR,
                        spread.forecast("RUS", YEAR, float(np.median(sigmas)), (BASE - 2, BASE - 1, BASE)))  # fmt: skip
    low, high = np.quantile(found[1] / sold, [0.1, 0.9], axis=0)
    order = np.argsort(-np.maximum(actual, placed))[:SHOWN]
    rows = tuple(
        Row(
            label=names[k],
            values={
                "2021": before[k] / before.sum(), "pressed": pressed[k] / sold, "free": placed[k] / sold,
                "low": low[k], "high": high[k], "2023": actual[k] / sold,
                "willing, pressed": float(willing[0, :, k].mean()) if k in asked else None,
                "willing, free": float(willing[1, :, k].mean()) if k in asked else None,
            },
        )
        for k in order
    )  # fmt: skip
    inside = np.mean([low[k] - 0.005 <= actual[k] / sold <= high[k] + 0.005 for k in order])
    scores = {
        "misplaced: nobody answers": score.misplaced,
        "misplaced: the United States answer": against.misplaced, "misplaced: fixed shares": naive.misplaced,
        "misplaced: fixed shares, embargoes": law.misplaced, "misplaced: demand alone": only.misplaced,
        "shown buyers inside the 80 % band": float(inside),
    }  # fmt: skip
    return Backtest(
        name="russian-crude",
        title="Who buys Russian crude in 2023",
        calibrated_on=f"ties of {BASE} and before; embargoes and discounts of 2022-23 given",
        held_to=f"tonnes by buyer in {YEAR} (CEPII BACI)",
        columns=("2021", "pressed", "free", "low", "high", "2023", "willing, pressed", "willing, free"),
        rows=rows,
        scores={k: round(float(v), 3) for k, v in scores.items()},
        said=_said(rows, scores),
        caveats=(
            "The economy around the oil is that of 2022, the only year of the tables; only energy's ties are of 2021.",
            "How much Russia sold in all, and at which discount, is taken from 2023: where it went is what is tested.",
            "The size of the reply on record (25 points) is of 2025; in 2021 there was none like it to learn from.",
            "Going without limits doubles a tie. India's grew twentyfold from next to nothing: the readiness that the "
            "game finds is about the first step, and how far it went comes from demand.",
            "One set of elasticities (the median) for the buyers' readiness; the published range for the demand.",
        ),
    )


def cheaper() -> np.ndarray:
    """Log change of the price of Russian crude over other origins', 2021 to 2023, by buyer; small flows drawn to the
    mean (`ties.redistribution.believed`). (N,)"""
    now, then = (spread.believed(*spread.relative_price("RUS", [year])) for year in (YEAR, BASE))
    return np.asarray(now - then)


def _answers_of(buyer: str, discount: float) -> np.ndarray:
    """Whether the buyer goes further in energy with Russia: if the United States answer as they did in 2025, and if
    nobody does (the price cap of December 2022 let others buy). (2, DRAWS)"""
    world = load_world()
    question = Question.full(
        buyer,
        (Offer(by="RUS", domains=("energy",), discount=discount),),
        (Pressure(by="USA", replies=("tariff",), counter_offer=False),),
        world=world,
    )
    setting = set_up(question, world, year=BASE)
    if not setting.standing["RUS"]["energy"].known:
        return np.zeros((2, DRAWS), dtype=bool)
    surface = replace(build_surface(setting, ("median",)), oil=oil_prices(world, f"{BASE}-12"))
    calm = question.model_copy(update={"pressures": (Pressure(by="USA", replies=(), counter_offer=False),)})
    today, d = surface.standing["RUS"]["energy"].today, DOMAINS.index("energy")
    out = []
    for q in (question, calm):
        # Weights are those that 2021 reveals in either case: only the answers to come differ.
        pressed, cols = best_replies(surface), columns(1, 1)
        sample = calibrate(uniforms(DRAWS, cols.size, 1), cols, surface, pressed)
        s = replace(surface, question=q)
        out.append(play(s, best_replies(s), sample).depths[:, 0, d] > today + 1e-3)
    return np.stack(out)


def _placed(
    share: np.ndarray,
    demand: np.ndarray,
    kept: np.ndarray,
    sold: float,
    willing: np.ndarray,
    sigma: float,
    change: np.ndarray,
) -> np.ndarray:
    """Tonnes by buyer: embargoed and unwilling buyers as far as law and their old share go, the rest by demand. (N,)"""
    fixed = np.where(willing, 0.0, share * demand * kept)
    # A willing buyer that bought none before begins from a foothold.
    floor = np.where(willing, np.maximum(share, 0.002), 0.0)
    left = max(sold - fixed.sum(), 0.0)
    return fixed + spread.spread_over(floor, change, demand, np.where(willing, kept, 0.0), left, sigma)


def _said(rows: tuple[Row, ...], scores: dict[str, float]) -> tuple[str, ...]:
    big = [r for r in rows if max(r.values["2023"] or 0, r.values["free"] or 0) >= 0.02]
    right = [r.label for r in big if abs((r.values["free"] or 0) - (r.values["2023"] or 0)) <= 0.05]
    wrong = [
        f"{r.label} ({100 * (r.values['free'] or 0):.0f} % said, {100 * (r.values['2023'] or 0):.0f} % came)"
        for r in big
        if r.label not in right
    ]
    names = ("nobody answers", "the United States answer", "fixed shares, embargoes", "demand alone")
    mine, pressed, law, only = (scores[f"misplaced: {n}"] for n in names)
    return (
        f"If nobody answers, as under the price cap, {100 * mine:.0f} % of the crude is given to the wrong buyers; "
        f"{100 * pressed:.0f} % if the United States answered as in 2025; {100 * law:.0f} % if what embargoes take is "
        f"spread over the old buyers in proportion; {100 * only:.0f} % by demand and prices without a game.",
        f"Within five points: {', '.join(right) or 'none'}.",
        f"Off by more: {', '.join(wrong) or 'none'}.",
    )

"""Six states under the same offer: Russia opens all domains, the United States look on. Ranked by readiness."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from multialign.respond.answer import answer_at, prepare
from multialign.respond.backtests.model import Backtest, Row, spearman
from multialign.respond.question import Offer, Pressure, Question
from multialign.ties.actors import actor
from multialign.ties.flows import domain_flows
from multialign.ties.votes import path
from multialign.world import load_world

STATES = ("TUR", "BRA", "ARE", "IDN", "VNM", "KAZ")
SETS = ("BSY", "FGO", "CP")
"""Elasticity sets of low, middle and high readiness in the question that the model was made for."""
SINCE = (2021, 2024)


def run(progress: Callable[[str, float], None]) -> Backtest:
    """Readiness, beside the distance of ideal points and the change of energy trade with Russia since 2021."""
    rows = []
    for n, code in enumerate(STATES):
        progress(f"asking {actor(code).name}", n / len(STATES))
        question = Question.full(code, (Offer(by="RUS"),), (Pressure(by="USA"),))
        answer = answer_at(prepare(question, world=load_world(), sets=SETS))
        free = [d.without_counter if d.without_counter is not None else d.further for d in answer.depth.values()]
        whole = next(p for p in answer.payoffs["all"].payoffs if p.role == "focal").total
        rows.append(
            Row(
                label=code,
                values={
                    "readiness": float(np.mean(free)), "all_low": whole.low, "all": whole.median,
                    "all_high": whole.high,
                    "distance": _distance(code), "energy_change": _energy_change(code),
                },
            )
        )  # fmt: skip
    rows.sort(key=lambda r: -(r.values["readiness"] or 0.0))

    def column(name: str) -> list[float]:
        return [float(r.values[name] or 0.0) for r in rows]

    ready = column("readiness")
    near = spearman(ready, [-x for x in column("distance")])
    since = spearman(ready, column("energy_change"))
    worth = spearman(column("all"), column("energy_change"))
    return Backtest(
        name="readiness",
        title="Six states under the same offer from Russia",
        calibrated_on="ties of 2024 and the world of 2022; the rank is held to other evidence, not to later events",
        held_to="UN ideal points of 2024 and the change of Russia's share in energy imports, 2021 to 2024",
        columns=("readiness", "all_low", "all", "all_high", "distance", "energy_change"),
        rows=tuple(rows),
        scores={"rank correlation with nearness in votes": round(near, 2),
                "rank correlation with energy trade since": round(since, 2),
                "rank correlation of the worth of going all the way with energy trade since": round(worth, 2)},
        said=(
            f"Most ready: {rows[0].label} ({100 * ready[0]:.0f} % of draws and domains), least: {rows[-1].label} "
            f"({100 * ready[-1]:.0f} %).",
            f"With six states a rank correlation below 0.83 in size cannot be told from none (5 %): {near:+.2f} with "
            f"nearness in votes, {since:+.2f} with energy trade since.",
        ),
        caveats=(
            "Six states: the order is illustration, not proof.",
            "Votes enter the model themselves, as diplomacy's depth, so nearness in votes is no independent evidence.",
            "Energy trade since 2021 is partly the calibration's own data (ties of 2024).",
        ),
    )  # fmt: skip


def _distance(code: str) -> float:
    """Distance of ideal points to Russia, latest year."""
    return float(abs(path(actor(code))[-1] - path(actor("RUS"))[-1]))


def _energy_change(code: str) -> float:
    """Change of Russia's share in a state's energy imports, 2021 to 2024."""
    flows = domain_flows("energy", load_world())
    me, them = list(actor(code).members), list(actor("RUS").members)
    out = []
    for year in SINCE:
        bought = flows.values[flows.periods.index(str(year))][me].sum(axis=0)
        out.append(float(bought[them].sum() / bought.sum()) if bought.sum() > 0 else 0.0)
    return out[1] - out[0]

"""An answer made of round numbers, for what is drawn and written of answers."""

from __future__ import annotations

import pytest

from multialign.respond import Answer, Question
from multialign.respond.model import Assumption, Band, BreakEven, BreakEvenPoint, Cause, Choice, Depth, Payoff, Term
from multialign.ties.flows import DOMAINS


def band(median: float, spread: float = 0.1) -> Band:
    return Band(median=median, low=median - spread, high=median + spread)


def payoff(party: str, name: str, role: str, size: float) -> Payoff:
    terms = [Term(name="income", label="real income from trade", pct=band(size), musd=band(1000 * size))]
    if role == "focal":
        terms.append(Term(name="reaction", label="reply", pct=band(-size / 2), musd=None))
    return Payoff(party=party, name=name, role=role, total=band(size / 2), terms=tuple(terms))  # type: ignore[arg-type]


@pytest.fixture
def answer() -> Answer:
    verdicts = ["further", "stay", "stay", "open", "back"]
    depth = {
        d: Depth(
            median=0.5, low=0.4, high=0.6, today=0.45, further=0.7, back=0.1, open=True, most=1.0, pick=0.5,
            verdict=v, known=True, by_set={}, note="",
        )
        for d, v in zip(DOMAINS, verdicts, strict=True)
    }  # fmt: skip
    choices = {
        key: Choice(
            key=key,  # type: ignore[arg-type]
            name=name,
            depths=dict.fromkeys(DOMAINS, 0.5),
            reply=band(20.0, 5.0) if key == "all" else band(0.0, 0.0),
            payoffs=(
                payoff("IND", "India", "focal", size),
                payoff("RUS", "Russia", "offerer", size / 2),
                payoff("USA", "United States", "third", size / 50),
            ),
            welfare_pct={"IND": size, "RUS": -size, "ROW": 0.01},
            error=0.001,
        )
        for key, name, size in (
            ("cut", "Cut all ties", -1),
            ("stay", "Stay", 0),
            ("answer", "Answer", 1),
            ("all", "All", 2),
        )
    }
    points = tuple(
        BreakEvenPoint(tariff_points=t, discount_pct=band(t / 2), usd_per_barrel=band(t / 3)) for t in (5.0, 10.0, 50.0)
    )
    cause = Cause(
        name="step",
        label="how touchy it is",
        variance_share=0.6,
        when_low=0.3,
        when_high=0.6,
        low_means="a",
        high_means="b",
    )
    return Answer(
        question=Question.of("IND", "RUS", "USA"),
        depth=depth,
        payoffs=choices,
        gain=band(0.2),
        break_even=BreakEven(price=80.0, year=2024, barrels=600.0, today=3.0, points=points),
        causes=(cause,),
        assumptions=(Assumption(id="base", text="The year is RUS's.", value="2022", source="somewhere"),),
        elasticity_sets=("BSY", "CP"),
        draws=100,
        seed=1,
        solves=10,
        year=2022,
    )

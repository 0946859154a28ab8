"""The answer, as data: frozen, labelled, every number with its interval or its place in the assumptions."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from multialign.respond.question import Question


class Model(BaseModel):
    """Frozen, with every key always present in the JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Band(Model):
    """A median and the interval that holds 80 % of the draws (10th to 90th percentile)."""

    median: float
    low: float
    high: float


def band(values: np.ndarray) -> Band:
    """Median and 10th to 90th percentile of draws. (R,)"""
    low, median, high = (float(x) for x in np.quantile(values, [0.1, 0.5, 0.9]))
    return Band(median=median, low=low, high=high)


class Depth(Band):
    """How far to go in one domain: 0 cut, 1 without limits, `today` where it stands.

    further, back: share of draws in which the best depth lies more than 0.02 above or below today's. open: whether the
    offer opens the domain. most: greatest depth that the offerer can serve. pick: the depth taken in the 'answer'
    among the payoffs. verdict: 'further', 'stay', 'back', or 'open' where the draws do not agree or nothing explains
    today's depth. by_set: `further` within each elasticity set.
    """

    today: float
    further: float
    back: float
    open: bool
    most: float
    pick: float
    verdict: Literal["further", "stay", "back", "open"]
    known: bool
    by_set: dict[str, float]
    note: str


class Term(Model):
    """One term of a party's payoff, % of its real income a year; for income also million USD a year."""

    name: Literal["income", "tie", "autonomy", "reaction"]
    label: str
    pct: Band
    musd: Band | None


class Payoff(Model):
    """What one answer is worth to one party: the sum, and its terms. % of real income against today."""

    party: str
    name: str
    role: Literal["focal", "offerer", "third", "other"]
    total: Band
    terms: tuple[Term, ...]


class Choice(Model):
    """One possible answer: its depths, the reply that it calls forth, and what it is worth to whom.

    reply: the third power's extra tariff, percentage points. welfare_pct: real income of every country, % against
    today, reply included, median over the elasticity sets. error: largest difference, in percentage points of any
    party's real income, with and without the reply, between the response surfaces and the exact solves.
    """

    key: Literal["cut", "stay", "answer", "all"]
    name: str
    depths: dict[str, float]
    reply: Band
    payoffs: tuple[Payoff, ...]
    welfare_pct: dict[str, float]
    error: float


class BreakEvenPoint(Model):
    """The discount that just pays for an extra tariff: % of the price and USD a barrel."""

    tariff_points: float
    discount_pct: Band
    usd_per_barrel: Band


class BreakEven(Model):
    """At which discount on the offerer's crude the focal state is indifferent to the third power's extra tariff.

    points: only those whose discount is at most half the price; none where no discount could pay.
    price: USD a barrel now paid to the offerer, in `year`; barrels: million a year; today: the discount against other
    origins, USD a barrel. Each discount point is worth what the engine says, to first order.
    """

    price: float
    year: int
    barrels: float
    today: float | None
    points: tuple[BreakEvenPoint, ...]


class Cause(Model):
    """How much one unknown moves the answer: share of the variance of the mean depth that it explains alone, and the
    mean depth where it is low and where it is high (lowest and highest third of the draws; for the elasticity sets the
    lowest and the highest set)."""

    name: str
    label: str
    variance_share: float
    when_low: float
    when_high: float
    low_means: str
    high_means: str


class Assumption(Model):
    """One named assumption: what is assumed, the value or range, and where it comes from."""

    id: str
    text: str
    value: str
    source: str


class Answer(Model):
    """How far to go, what it is worth to whom, what it calls forth, how sure that is, and on which assumptions."""

    version: Literal[1] = 1
    kind: Literal["answer"] = "answer"
    question: Question
    depth: dict[str, Depth]
    payoffs: dict[str, Choice] = Field(description="By key: cut, stay, answer, all.")
    gain: Band = Field(
        description="What the best depths are worth to the focal state, % of real income, over all draws."
    )
    break_even: BreakEven | None
    causes: tuple[Cause, ...]
    assumptions: tuple[Assumption, ...]
    elasticity_sets: tuple[str, ...]
    draws: int
    seed: int
    solves: int
    year: int = Field(description="Base year of the world.")

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready dict; see `answer_schema`."""
        return self.model_dump(mode="json")


def answer_schema() -> dict[str, Any]:
    """JSON schema (draft 2020-12) of an answer's JSON."""
    schema = Answer.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}

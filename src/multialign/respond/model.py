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
    offerer_wants: Band | None = Field(None, description="What is best for the offerer itself, from today's depth up.")
    without_counter: float | None = Field(None, description="`further` if nobody outbid the offer.")


class Term(Model):
    """One term of a party's payoff, % of its real income a year; for income also million USD a year."""

    name: Literal["income", "tie", "autonomy", "reaction", "counter"]
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


class Reply(Model):
    """What one third power does: share of the draws for each kind of reply, and its size where it is chosen.

    sizes: kind -> band, in % (extra tariff in points; trade costs added, ad-valorem; part of technology sales ended).
    equivalent: the extra tariff, points, that would cost the focal state as much; loss: that cost, % of its real
    income.
    """

    party: str
    name: str
    shares: dict[str, float]
    sizes: dict[str, Band]
    equivalent: Band
    loss: Band


class Choice(Model):
    """One possible answer: its depths, the reply that it calls forth, and what it is worth to whom.

    reply: how hard the third power (the question's `third`) replies, as the extra tariff in percentage points that
    would cost the focal state as much; it is that tariff only where `replies` has no other kind. replies: every third
    power's reply in full. others: payoffs of further offerers and third powers. welfare_pct: real income of every
    country, % against today, reply included, median over the elasticity sets. error: largest difference, in percentage
    points of any party's real income, with and without the reply, between the response surfaces and the exact solves.
    """

    key: Literal["cut", "stay", "answer", "all"]
    name: str
    depths: dict[str, float]
    reply: Band
    payoffs: tuple[Payoff, ...]
    welfare_pct: dict[str, float]
    error: float
    replies: tuple[Reply, ...] = ()
    others: tuple[Payoff, ...] = ()
    welfare_low: dict[str, float] = {}
    welfare_high: dict[str, float] = {}


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


class Indifference(Model):
    """The value of one parameter at which going all the way is worth as much as staying, all else as drawn.

    value: over the draws that have one within [least, most]; share: how many have. better: whether going all the way is
    better `above` or `below` it. always, never: share of draws in which it is better, or worse, on the whole range.
    """

    name: str
    label: str
    unit: str
    value: Band | None
    share: float
    better: Literal["above", "below"]
    always: float
    never: float
    least: float
    most: float
    today: Band


class Condition(Model):
    """What would have to be true of one parameter for an answer to be the best in most draws.

    outcome: all the way, stay, or turn away (step back). from_value, to_value: the part of [least, most] in which it
    is; None where nowhere. share_today: share of the draws in which it is best as things are.
    """

    outcome: Literal["all", "stay", "away"]
    name: str
    label: str
    unit: str
    from_value: float | None
    to_value: float | None
    least: float
    most: float
    best_share: float


class Held(Model):
    """Whether there are weights under which what is seen today makes sense, and how far it narrows them.

    kept: share of the draws for which some do. state: 'empty', 'huge' (today says next to nothing), or 'narrowed'. why:
    in words. left: weight -> part of its assumed range that is left. uniform_shift: how far the share of draws that
    go further moves, at most over domains, under the uniform measure on the set.
    """

    kept: float
    state: Literal["empty", "huge", "narrowed"]
    why: str
    left: dict[str, float]
    uniform_shift: float


class Precision(Model):
    """How far the printed shares of draws may be off for want of draws: half-width of their 95 % interval, worst
    domain; wanted: what was asked for. median: domain -> how wide the 95 % interval of its median depth is."""

    wanted: float
    reached: float
    median: dict[str, float]


class Game(Model):
    """A stage at which several powers move at once: how many equilibria, in which share of the draws, and which is
    taken."""

    stage: str
    none: float
    one: float
    several: float
    selection: str


class Outbid(Model):
    """A third power's counter-offer: share of the draws in which it makes one, its size (1 doubles trade with it),
    and what that is worth to the focal state, % of real income."""

    party: str
    name: str
    share: float
    size: Band | None
    worth: Band | None


class Surfaced(Model):
    """How good the precomputed responses are: errors at points not used to build them, percentage points of real
    income."""

    points: int
    largest: dict[str, float]
    rms: dict[str, float]
    effect: dict[str, float]


class PowerPair(Model):
    """What cutting all trade between two would cost each, % of real income: today, and after an answer. Bands over
    elasticity sets."""

    state: str
    partner: str
    before: Band
    after: Band
    partner_before: Band
    partner_after: Band


class Effects(Model):
    """What an answer does to dependence and power. key: the answer (see `Answer.payoffs`). pairs: every pair of
    `among`. words: the offerer's dependence on others and the third power's leverage, in sentences."""

    key: str
    among: tuple[str, ...]
    sets: tuple[str, ...]
    pairs: tuple[PowerPair, ...]
    words: tuple[str, ...]


class Cause(Model):
    """How much one unknown moves the answer, and the mean depth where it is low and where it is high (lowest and
    highest third of the draws; for the elasticity sets the lowest and the highest set).

    variance_share: Sobol' index of first order on the mean depth; total: of total order, interactions included; both
    with 80 % intervals from resampling."""

    name: str
    label: str
    variance_share: float
    when_low: float
    when_high: float
    low_means: str
    high_means: str
    variance_band: Band | None = None
    total: Band | None = None


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
    indifferences: tuple[Indifference, ...] = Field((), description="Break-evens in every main parameter.")
    conditions: tuple[Condition, ...] = Field((), description="What would have to be true.")
    held: Held | None = Field(None, description="The set of weights that today reveals.")
    precision: Precision | None = None
    games: tuple[Game, ...] = ()
    outbids: tuple[Outbid, ...] = ()
    surface: Surfaced | None = None
    effects: tuple[Effects, ...] = ()
    rivals: dict[str, dict[str, Depth]] = Field({}, description="Depths with further offerers, by offerer and domain.")
    bids: dict[str, Band] = Field({}, description="Where offerers compete: the part of its offer that each bids.")

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready dict; see `answer_schema`."""
        return self.model_dump(mode="json")


def answer_schema() -> dict[str, Any]:
    """JSON schema (draft 2020-12) of an answer's JSON."""
    schema = Answer.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}

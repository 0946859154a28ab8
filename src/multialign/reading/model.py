"""What a reading is made of: documents, statements, offers, and the scales they are measured on.

Every span is a pair of Python string offsets into ``Document.text``: ``document.text[start:end] == text``.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

Event = Literal[
    "AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "YIELD", "RETREAT", "REQUEST",
    "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
]  # fmt: skip
Relation = Literal[
    "tie", "dependence", "imbalance", "discount", "pressure", "diversification", "autonomy",
]  # fmt: skip
Mode = Literal["past", "ongoing", "future", "hypothetical", "conditional", "negated", "historical"]
Domain = Literal[
    "trade", "energy", "arms", "technology", "diplomacy",
    "finance", "security", "space", "nuclear", "migration", "culture",
]  # fmt: skip
ConditionKind = Literal["if", "unless", "provided", "extent", "contingent", "exchange", "until"]
Change = Literal["more", "less"]
Role = Literal["government", "military", "opposition", "business", "media", "assessor", "people"]
SignalKind = Literal["offer", "demand", "threat"]

EVENTS: tuple[str, ...] = get_args(Event)
RELATIONS: tuple[str, ...] = get_args(Relation)
MODES: tuple[str, ...] = get_args(Mode)
DOMAINS: tuple[str, ...] = get_args(Domain)

VALENCE: dict[str, float] = {
    "AID": 7.0, "COOPERATE": 6.0, "YIELD": 5.0, "RETREAT": 5.0, "AGREE": 4.5, "SUPPORT": 4.0,
    "CONSULT": 2.0, "REQUEST": -1.0, "ACCUSE": -3.0, "REJECT": -4.0, "THREATEN": -5.5, "PROTEST": -5.5,
    "SANCTION": -7.0, "MOBILIZE": -7.0, "COERCE": -8.0, "ASSAULT": -10.0,
    "tie": 2.0, "discount": 2.0, "autonomy": 0.0, "dependence": 0.0, "diversification": -1.0,
    "imbalance": -1.0, "pressure": -5.0,
}  # fmt: skip
"""Base valence of each event and relation, from -10 (armed attack) to +10, in the manner of Goldstein (1992).

The numbers are this project's own; only their order follows PLOVER's four quadrants (verbal and material
cooperation above zero, verbal and material conflict below). `weigh` turns them into a statement's valence.
"""

_MODE_WEIGHT: dict[str, float] = {
    "past": 1.0, "ongoing": 1.0, "future": 0.75, "conditional": 0.6, "hypothetical": 0.4,
    "historical": 0.25, "negated": -0.5,
}  # fmt: skip


def weigh(what: str, mode: str) -> float:
    """Valence in [-10, 10] of an event or relation said in a mode.

    The base of `VALENCE` times 1 for what is done or going on, 0.75 future, 0.6 conditional, 0.4 hypothetical,
    0.25 historical, and -0.5 where it is denied or ruled out.
    """
    return round(VALENCE[what] * _MODE_WEIGHT[mode], 2) + 0.0


class Model(BaseModel):
    """Frozen, with every key always present in the JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(Model):
    """A stretch of the document's text."""

    text: str
    start: int = Field(ge=0, description="Offset of the first character in document.text.")
    end: int = Field(ge=0, description="Offset after the last character in document.text.")


class Measure(Span):
    """How far, or how much: 'without limits', 'to a higher level', 'up to 20 percent', 'heavily'."""


class Condition(Span):
    """What a statement hangs on, with the kind of condition."""

    kind: ConditionKind


class Speaker(Model):
    """Who says it. `name` is None for a speaker known by role alone ('the ministry')."""

    name: str | None
    role: str | None
    state: str | None = Field(description="ISO3 code, or an organisation's code.")
    speaks_for: str | None = Field(description="Person or office on whose behalf, for a spokesperson.")


class Document(Model):
    """What was read."""

    name: str
    title: str | None
    date: str | None = Field(description="ISO date of the document, where known.")
    sha256: str = Field(description="Hash of document.text in UTF-8: the document's identity in the record.")
    language: str
    text: str
    n_sentences: int


class Statement(Span):
    """One thing that the text says one state does, offers, is or has towards another."""

    id: str
    source: str | None = Field(description="ISO3 or organisation code; None when the text names nobody.")
    target: str | None = Field(description="ISO3 or organisation code; None when there is no other party.")
    source_role: Role | None = Field(
        default=None, description="Who acts for the source, where the text says so; None for the state as such."
    )
    target_role: Role | None = Field(default=None, description="The same for the target.")
    event: Event | None = Field(description="PLOVER root; None for a state of affairs.")
    relation: Relation | None = Field(description="State of affairs; None for an event.")
    mode: Mode
    change: Change | None = Field(description="Of a state of affairs: growing ('more') or shrinking ('less').")
    domains: list[Domain] = Field(description="Empty when the text names none.")
    valence: float = Field(ge=-10, le=10)
    speaker: Speaker | None
    reporter: str | None = Field(description="Medium that reports what the speaker says.")
    assessor: str | None = Field(description="Whose view this is ('analysts'); None when told as fact.")
    condition: Condition | None
    measure: Measure | None
    quote: bool = Field(description="True for direct speech.")
    like: str | None = Field(description="Id of the statement that this one repeats for another target.")
    group: str | None = Field(description="Shared by statements that one wording makes about several dyads.")
    date: str | None
    sentence: int = Field(ge=0, description="Index of the sentence it stands in.")

    @model_validator(mode="after")
    def _says_something(self) -> Statement:
        if (self.event is None) == (self.relation is None):
            raise ValueError("a statement has either an event or a relation")
        return self


class Offer(Span):
    """A proposal of more of a tie; repeats of it in one document are merged.

    `statement` is the fullest of `statements` and gives the span; `measure` and `condition` come from it, or from
    the first other supporting statement that has one.
    """

    id: str
    kind: SignalKind = Field(default="offer", description="Demands and threats are gathered in the same way.")
    statement: str
    statements: list[str]
    source: str
    target: str
    domains: list[Domain]
    measure: Measure | None
    condition: Condition | None
    speaker: Speaker | None
    parallel: list[str] = Field(description="Ids of the like signals to other targets in the same document.")
    parallel_targets: list[str]
    date: str | None


class Reading(Model):
    """All that was read in one document.

    Sorted by place in the text. Views (with an `assessor`) and conditions stay marked as such.
    """

    version: Literal[1] = 1
    kind: Literal["reading"] = "reading"
    document: Document
    statements: list[Statement]
    offers: list[Offer]
    demands: list[Offer] = Field(default=[], description="Demands (REQUEST), gathered like the offers.")
    threats: list[Offer] = Field(default=[], description="Threats (THREATEN), gathered like the offers.")

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready dict; see `reading_schema`."""
        return self.model_dump(mode="json")

    def to_json(self, *, indent: int | None = 2) -> str:
        """The reading as JSON text."""
        return self.model_dump_json(indent=indent)

    def statement(self, id: str) -> Statement:
        """The statement with that id. Raises KeyError."""
        for s in self.statements:
            if s.id == id:
                return s
        raise KeyError(id)

    def between(self, source: str | None, target: str | None) -> list[Statement]:
        """Statements of one directed dyad."""
        return [s for s in self.statements if s.source == source and s.target == target]


def reading_schema() -> dict[str, Any]:
    """JSON schema (draft 2020-12) of a reading's JSON."""
    schema = Reading.model_json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}

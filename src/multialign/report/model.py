"""The brief, as data."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_serializer

from multialign.reading.model import Document, Offer, Statement
from multialign.respond.model import Answer
from multialign.respond.question import Question
from multialign.ties import BreakEven, Power, Ties


class Model(BaseModel):
    """Frozen, with every key always present in the JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Source(Model):
    """One source of data: what it gives, from whom, which edition, under which licence, and how to cite it."""

    what: str
    publisher: str
    edition: str
    licence: str
    cite: str


class Paths(Model):
    """The files of a brief. In JSON they are names relative to the brief's own folder."""

    html: Path
    json_: Path = Field(alias="json")
    markdown: Path

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, serialize_by_alias=True)

    @field_serializer("html", "json_", "markdown", when_used="json")
    def _name(self, path: Path) -> str:
        return path.name


class Brief(Model):
    """From an announcement to an answer: what was said, where the ties stand, how far to go, and on what that rests.

    headline: two sentences, the answer first. question, answer: None where the text holds no offer to `focal`.
    ties: `focal`'s ties to the offerer, the third power and the other great powers; without an offer, to the states
    that the text names. power: what `focal` and each of them lose if their trade stops; null where the world
    lacks one of them. net_gain: the focal state's gain over discount and tariff; null without an offer, or without
    crude between the two. made_by: the program and its version.
    """

    version: Literal[1] = 1
    kind: Literal["brief"] = "brief"
    made_by: str
    focal: str
    focal_name: str
    headline: tuple[str, ...]
    document: Document
    statements: tuple[Statement, ...]
    offers: tuple[Offer, ...]
    question: Question | None
    ties: Ties
    power: Power | None
    answer: Answer | None
    net_gain: BreakEven | None
    sources: tuple[Source, ...]
    paths: Paths

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready dict; see `brief_schema`."""
        return self.model_dump(mode="json", by_alias=True)


def brief_schema() -> dict[str, Any]:
    """JSON schema (draft 2020-12) of a brief's JSON."""
    schema = Brief.model_json_schema(mode="serialization", by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}

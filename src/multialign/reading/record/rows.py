"""A reading as rows of the record's tables: made where the text is read, so that the writer only writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from multialign.reading.documents import Source
from multialign.reading.model import Reading
from multialign.reading.record import near

DOCUMENT = (
    ("sha256", "VARCHAR"), ("name", "VARCHAR"), ("title", "VARCHAR"), ("date", "DATE"), ("medium", "VARCHAR"),
    ("origin", "VARCHAR"), ("language", "VARCHAR"), ("text", "VARCHAR"), ("n_sentences", "INTEGER"),
)  # fmt: skip
STATEMENT = (
    ("sha256", "VARCHAR"), ("id", "VARCHAR"), ("source", "VARCHAR"), ("target", "VARCHAR"), ("event", "VARCHAR"),
    ("relation", "VARCHAR"), ("mode", "VARCHAR"), ("valence", "DOUBLE"), ("is_view", "BOOLEAN"), ("date", "DATE"),
    ("body", "VARCHAR"),
)  # fmt: skip
OFFER = (
    ("sha256", "VARCHAR"), ("id", "VARCHAR"), ("kind", "VARCHAR"), ("source", "VARCHAR"), ("target", "VARCHAR"),
    ("date", "DATE"), ("body", "VARCHAR"),
)  # fmt: skip
"""Columns of the tables in their order, with the types that values are handed over in. Offers, demands and threats are
kept together, told apart by their kind."""


@dataclass(frozen=True)
class Rows:
    """One document's rows. `buckets` are those of its near-duplicate bands."""

    document: tuple[Any, ...]
    statements: list[tuple[Any, ...]]
    offers: list[tuple[Any, ...]]
    buckets: list[int]

    @property
    def sha256(self) -> str:
        """Hash of the document's text."""
        return str(self.document[0])


def rows(reading: Reading, source: Source | None = None) -> Rows:
    """A reading's rows; `source` adds where the document was found and who published it."""
    d = reading.document
    medium, origin = (source.medium, source.origin) if source is not None else (None, None)
    return Rows(
        (d.sha256, d.name, d.title, d.date, medium, origin, d.language, d.text, d.n_sentences),
        [
            (d.sha256, s.id, s.source, s.target, s.event, s.relation, s.mode, s.valence, s.assessor is not None,
             s.date, s.model_dump_json())
            for s in reading.statements
        ],
        [
            (d.sha256, o.id, o.kind, o.source, o.target, o.date, o.model_dump_json())
            for o in (*reading.offers, *reading.demands, *reading.threats)
        ],
        near.buckets(near.shingles(d.text)),
    )  # fmt: skip

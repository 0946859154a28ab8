"""What a user says about documents that are to be read, and what comes of those that cannot be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from multialign.errors import InputError, unknown
from multialign.reading.documents import MAX_BYTES, MAX_TEXT

FIELDS = ("text", "title", "date", "id", "source")
"""What a table says of a document; only `text` must be there."""


@dataclass(frozen=True)
class Options:
    """How inputs are taken.

    Parameters
    ----------
    columns: field (of `FIELDS`) -> name of the column that holds it; a field not named has a column of its own name.
    format: kind of every file, where its name and content do not say so.
    date, title: of the document; only where there is one.
    paragraphs: every paragraph is a document of its own, with its document's title and date.
    fetch: addresses may be fetched, and so may the pages that a feed only announces.
    """

    columns: dict[str, str] = field(default_factory=dict)
    format: str | None = None
    date: str | None = None
    title: str | None = None
    paragraphs: bool = False
    fetch: bool = False

    @property
    def most(self) -> int:
        """Most characters of a document: more where its paragraphs are read one by one."""
        return MAX_BYTES if self.paragraphs else MAX_TEXT


@dataclass(frozen=True)
class Refused:
    """A document that cannot be read, and why; the others go on."""

    error: InputError


def columns(given: Iterable[str]) -> dict[str, str]:
    """``['text=body', 'date=published']`` as a mapping from fields to columns. Raises InputError."""
    out: dict[str, str] = {}
    for item in given:
        key, sign, name = item.partition("=")
        if not sign or not name:
            raise InputError(f"'{item}' maps nothing", hint="write it as text=body", field="column")
        if key not in FIELDS:
            raise unknown("field", key, FIELDS, field="column")
        out[key] = name
    return out

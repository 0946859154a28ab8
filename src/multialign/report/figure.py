"""What a figure of the brief is: a finding, drawings for a page and for a phone, and the same numbers as a table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """Column heads and rows of text; `text` is how many leading columns hold words rather than numbers."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    text: int = 1


@dataclass(frozen=True)
class Panel:
    """One drawing. `narrow` is drawn for phones; None where `wide` is small enough for one."""

    heading: str
    wide: str
    narrow: str | None = None


@dataclass(frozen=True)
class Figure:
    """One figure: `title` says the finding; `note` how to read it; `source` where the numbers come from."""

    id: str
    title: str
    note: str
    source: str
    panels: tuple[Panel, ...]
    table: Table

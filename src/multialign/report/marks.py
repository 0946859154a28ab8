"""Marking statements in a text: spans that nest or overlap become runs that do neither."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from multialign.reading.model import Offer, Statement
from multialign.report.coding import tone

MOST_SHOWN = 40_000
"""Characters of a document shown in the brief; of a longer one, the paragraphs that hold statements come first."""

LONGEST = 4_000
"""Longest paragraph shown in one piece."""


@dataclass(frozen=True)
class Run:
    """A stretch of text under the same statements. `tone` is that of the innermost one, '' where there is none.

    offer: whether it belongs to an offer to the focal state. ends: ids of the statements that end here. over: ids of
    all that it belongs to, the innermost first.
    """

    text: str
    tone: str
    offer: bool
    ends: tuple[str, ...]
    over: tuple[str, ...] = ()


@dataclass(frozen=True)
class MarkedParagraph:
    """One paragraph's runs; `left_out` characters were left out before it."""

    runs: tuple[Run, ...]
    left_out: int


def marked(
    text: str, statements: Sequence[Statement], offers: Sequence[Offer], focal: str | None, most: int = MOST_SHOWN
) -> tuple[list[MarkedParagraph], int]:
    """The document as paragraphs of runs, and how many characters are left out at its end.

    Offers to `focal` are marked; with None, all.
    Every character of a paragraph that is shown stands in exactly one run, in order.
    """
    offered = {i for o in offers if focal in (None, o.target) for i in o.statements}
    paragraphs = _paragraphs(text)
    shown = _chosen(paragraphs, statements, most)
    out, left = [], 0
    for k, (start, end) in enumerate(paragraphs):
        if k not in shown:
            left += end - start
            continue
        inside = [s for s in statements if s.start < end and s.end > start]
        out.append(MarkedParagraph(_runs(text, start, end, inside, offered), left))
        left = 0
    return out, left


def _paragraphs(text: str) -> list[tuple[int, int]]:
    spans, at = [], 0
    for line in text.splitlines(keepends=True):
        body = line.strip()
        if body:
            start = at + line.index(body[0])
            spans += _pieces(text, start, start + len(body))
        at += len(line)
    return spans


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A paragraph, cut at blanks where it is longer than `LONGEST`."""
    out = []
    while end - start > LONGEST:
        cut = text.rfind(" ", start + 1, start + LONGEST)
        cut = cut if cut > start else start + LONGEST
        out.append((start, cut))
        start = cut
    return [*out, (start, end)]


def _chosen(paragraphs: list[tuple[int, int]], statements: Sequence[Statement], most: int) -> set[int]:
    """The paragraphs shown: all where they fit, else first those with statements, then the rest, in order."""
    starts = [s.start for s in statements]

    def holds(k: int) -> bool:
        return any(paragraphs[k][0] <= s < paragraphs[k][1] for s in starts)

    if sum(end - start for start, end in paragraphs) <= most:
        return set(range(len(paragraphs)))
    chosen: set[int] = set()
    size = 0
    for k in sorted(range(len(paragraphs)), key=lambda k: (not holds(k), k)):
        size += paragraphs[k][1] - paragraphs[k][0]
        if size > most:
            break
        chosen.add(k)
    return chosen


def _runs(text: str, start: int, end: int, statements: list[Statement], offered: set[str]) -> tuple[Run, ...]:
    cuts = {start, end}
    for s in statements:
        cuts |= {max(s.start, start), min(s.end, end)}
    places = sorted(cuts)
    runs = []
    for a, b in pairwise(places):
        over = sorted((s for s in statements if s.start <= a and s.end >= b), key=lambda s: s.end - s.start)
        inner = over[0] if over else None
        runs.append(
            Run(
                text=text[a:b],
                tone=tone(inner) if inner else "",
                offer=any(s.id in offered for s in over),
                ends=tuple(s.id for s in statements if min(s.end, end) == b and s.start < b and s.end <= end),
                over=tuple(s.id for s in over),
            )
        )
    return tuple(runs)

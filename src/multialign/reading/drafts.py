"""Drafts: statements while a document is read, and what turns them into the finished list."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from multialign.reading.model import Condition, Measure, Statement, weigh
from multialign.reading.speech import Attribution

MAX_STATEMENTS = 20_000
"""Most statements kept of one document: a bound against hostile input, far above any announcement."""


@dataclass
class Draft:
    """A statement before its id is known."""

    source: str | None
    target: str | None
    event: str | None
    relation: str | None
    mode: str
    start: int
    end: int
    top: Any
    said: Attribution
    condition: Condition | None = None
    measure: Measure | None = None
    change: str | None = None
    quote: bool = False
    group: str | None = None
    like: Draft | None = None
    domains: list[str] = field(default_factory=list)
    sentence: int = 0
    source_role: str | None = None
    target_role: str | None = None
    trail: frozenset[int] = frozenset()
    echo: bool = False


BREAK = re.compile(r"[;:](?=\s)")
_EDGE = " ,;:.—–-“”\"'"
_LEADING = re.compile(r"(?:that|and|but|or|to|while|although|though|when|because|since|whether)\s+", re.I)
_TRAILING = re.compile(r"\s+(?:and|but|or|that|while|as|to)$", re.I)


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Cut marks and stray conjunctions off both ends; a closing quotation mark stays when its opening one is in."""
    while True:
        before = (start, end)
        while start < end and text[start] in _EDGE and not (text[start] == "“" and "”" in text[start:end]):
            start += 1
        while end > start and text[end - 1] in _EDGE and not (text[end - 1] == "”" and "“" in text[start:end]):
            end -= 1
        lead = _LEADING.match(text, start, end)
        if lead:
            start = lead.end()
        tail = _TRAILING.search(text, start, end)
        if tail:
            end = tail.start()
        if (start, end) == before:
            return start, end


def finish(drafts: list[Draft], text: str, date: str | None) -> list[Statement]:
    """Statements with ids, in order of place; the same dyad and act on the same stretch is kept once."""
    ordered = sorted(drafts, key=lambda d: (d.start, d.end, d.event or "~", d.target or ""))
    kept: list[Draft] = []
    seen: dict[tuple[Any, ...], Draft] = {}
    alias: dict[int, Draft] = {}
    for d in ordered[:MAX_STATEMENTS]:
        key = (d.source, d.target, d.event, d.relation, d.start, d.end)
        if key in seen:
            alias[id(d)] = seen[key]
            continue
        seen[key] = d
        kept.append(d)
    ids = {id(d): f"s{i}" for i, d in enumerate(kept, start=1)}
    shared: dict[tuple[Any, ...], list[Draft]] = {}
    for d in kept:
        shared.setdefault((d.start, d.end, d.event, d.relation), []).append(d)
    groups = {k: f"g{i}" for i, k in enumerate((k for k, v in shared.items() if len(v) > 1), start=1)}
    out = []
    for d in kept:
        like = alias.get(id(d.like), d.like) if d.like is not None else None
        out.append(
            Statement(
                id=ids[id(d)], source=d.source, target=d.target, event=d.event, relation=d.relation, mode=d.mode,
                source_role=d.source_role, target_role=d.target_role, change=d.change,
                domains=d.domains, valence=weigh(str(d.event or d.relation), d.mode),
                speaker=d.said.speaker.speaker() if d.said.speaker else None, reporter=d.said.reporter,
                assessor=d.said.assessor,
                condition=_filled(d.condition, text), measure=_filled(d.measure, text), quote=d.quote,
                like=ids.get(id(like)) if like is not None else None,
                group=groups.get((d.start, d.end, d.event, d.relation)), date=date, sentence=d.sentence,
                start=d.start, end=d.end, text=text[d.start : d.end],
            )  # type: ignore[arg-type]
        )  # fmt: skip
    return out


def _filled(span: Any, text: str) -> Any:
    return span.model_copy(update={"text": text[span.start : span.end]}) if span is not None else None

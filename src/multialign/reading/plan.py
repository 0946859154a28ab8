"""What of a document is worth parsing: parsing costs a hundred times what finding the names does.

A paragraph can only yield a statement if two actors stand in it, or one and a word that may stand for another. A
document is either one text, whose paragraphs speak of the same things, or a digest: many short items, each by itself,
in which a pronoun never points across paragraphs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from multialign.reading import actors, documents
from multialign.reading.actors import Mention
from multialign.reading.documents import Paragraph, Source

SHORT = 30_000
"""Characters up to which a coherent text with two actors is parsed whole."""
_CREDIT = re.compile(r"(?:\s*\([A-Z][^()]{1,80}\)[.,;”\"]{0,2})+\s*$")
"""Who reported it, in brackets at the end of a paragraph: '(Reuters) (AFP via The Hindu)'."""
_ALONE = (
    "autonom", "neutral", "align", "diversif", "pressur", "interfer", "sanction", "coerc", "meddl", "equidistan",
    "independent foreign",
)  # fmt: skip
"""Pieces of words that may tell something of one actor alone."""
_POINTS = re.compile(
    r"\b(?:it|its|they|their|them|he|she|his|her|him|both|we|us|our|each other|two (?:\w+ )?(?:countries|sides|nations|"
    r"states|leaders|neighbou?rs|governments|powers)|the (?:country|nation|ministry|government|minister|president|"
    r"premier|kingdom|republic|former|latter|same))\b"
)
"""Words that may stand for an actor; to be looked for in small letters, which is quicker than either case."""
_END = re.compile(r"[.!?][\"”’)]*\s+(?=[\"“(]?[A-Z])")
_MOST, _FEW = 0.5, 0.3


@dataclass(frozen=True)
class Part:
    """A paragraph, the actors named in it, the index of its first sentence, and whether it is to be parsed."""

    paragraph: Paragraph
    mentions: list[Mention]
    first_sentence: int
    wanted: bool


@dataclass(frozen=True)
class Plan:
    """A document before it is parsed. `digest`: its paragraphs are items of their own."""

    source: Source
    parts: list[Part]
    digest: bool
    n_sentences: int


def plan(source: Source) -> Plan:
    """Find the actors of each paragraph and decide which paragraphs to parse, and from which sentence to which."""
    paragraphs = documents.paragraphs(source.text)
    ends = [_credit(p.text) for p in paragraphs]
    mentions = [
        [m for m in actors.find(p.text, source.date) if m.start < e] for p, e in zip(paragraphs, ends, strict=True)
    ]
    codes = [{m.code for m in found} for found in mentions]
    digest = is_digest([e < len(p.text) for p, e in zip(paragraphs, ends, strict=True)], codes)
    several = len(set().union(*codes)) > 1
    alone = _tells_alone(source.text)
    whole = not digest and (several or alone) and len(source.text) <= SHORT
    parts, count = [], 0
    for paragraph, end, found in zip(paragraphs, ends, mentions, strict=True):
        starts = [0, *(m.end() for m in _END.finditer(paragraph.text, 0, end))]
        if digest:
            parts.append(_item(paragraph, end, starts, found, count))
        else:
            wanted = whole or _promising(paragraph.text, {m.code for m in found}, several, alone)
            parts.append(Part(Paragraph(paragraph.text[:end], paragraph.start), found, count, wanted))
        count += len(starts)
    return Plan(source, parts, digest, count)


def refers(text: str) -> bool:
    """Whether a word of `text` may stand for an actor ('they', 'the two countries', 'the ministry')."""
    return _POINTS.search(text.lower()) is not None


def _tells_alone(text: str) -> bool:
    lower = text.lower()
    return any(piece in lower for piece in _ALONE)


def _credit(text: str) -> int:
    """Where the credit at the end of a paragraph begins; its length when it has none."""
    found = _CREDIT.search(text, max(len(text) - 400, 0)) if text.endswith((")", ").", ");", "),", " ")) else None
    if found is None or not text[: found.start()].rstrip().endswith((".", "!", "?", "”", '"', ",")):
        return len(text)
    return found.start()


def _promising(text: str, codes: set[str], several: bool, alone: bool) -> bool:
    if len(codes) > 1 or (codes and alone and _tells_alone(text)):
        return True
    return several and refers(text)


def _item(paragraph: Paragraph, end: int, starts: list[int], found: list[Mention], count: int) -> Part:
    """An item of a digest, cut down to the sentences that can say something between two actors.

    One sentence must name two, or one and a word that stands for another. What stands before the first such sentence
    goes, unless that sentence refers back; what follows stays as long as it names or means somebody. A line that is
    no sentence (a headline of items) says nothing by itself.
    """
    text = paragraph.text
    nothing = Part(paragraph, found, count, False)
    if len({m.code for m in found}) < 2:
        alone = bool(found) and _tells_alone(text[:end])
        return Part(Paragraph(text[:end], paragraph.start), found, count, True) if alone else nothing
    if end == len(text) and not text.rstrip('”"’) ').endswith((".", "!", "?")):
        return nothing
    bounds = list(zip(starts, [*starts[1:], end], strict=True))
    named = [{m.code for m in found if a <= m.start < b} for a, b in bounds]
    points = [refers(text[a:b]) for a, b in bounds]
    before: set[str] = set()
    good = []
    for here, pointing in zip(named, points, strict=True):
        before |= here
        good.append(len(here) > 1 or (len(before) > 1 and bool(here or pointing)) or (pointing and len(before) > 0))
    if True not in good:
        return nothing
    first = good.index(True)
    if len(named[first]) < 2 or points[first]:
        first = next(i for i, here in enumerate(named) if here)
    last = len(good) - 1 - good[::-1].index(True)
    a, b = starts[first], bounds[last][1]
    inside = [replace(m, start=m.start - a, end=m.end - a) for m in found if a <= m.start < b]
    return Part(Paragraph(text[a:b].rstrip(), paragraph.start + a), inside, count + first, True)


def is_digest(credited: list[bool], codes: list[set[str]]) -> bool:
    """Whether paragraphs are items of their own: most end with a credit, or neighbours speak of other states.

    Three paragraphs at least are needed to tell.
    """
    if len(credited) < 3:
        return False
    if sum(credited) >= max(2, _MOST * len(credited)):
        return True
    near = [(a, b) for a, b in pairwise(codes) if a and b]
    return len(near) >= 4 and sum(bool(a & b) for a, b in near) / len(near) < _FEW

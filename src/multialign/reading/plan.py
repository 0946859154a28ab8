"""What of a document is worth parsing: parsing costs a hundred times what finding the names does.

A paragraph can only yield a statement if two actors stand in it, or one and a word that may stand for another. A
document is either one text, whose paragraphs speak of the same things, or a digest: many short items, each by itself,
in which a pronoun never points across paragraphs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from multialign.reading import actors, documents
from multialign.reading.actors import Mention
from multialign.reading.documents import Paragraph, Source

SHORT = 30_000
"""Characters up to which a coherent text with two actors is parsed whole."""
_CREDIT = re.compile(r"\([A-Z][^()]{1,60}\)[.”\"]?$")
_ALONE = re.compile(
    r"autonom|neutral|align|diversif|pressur|interfer|sanction|coerc|meddl|equidistan|independent foreign", re.I
)
POINTS = re.compile(
    r"\b(?:it|its|they|their|them|he|she|his|her|him|both|we|us|our|each other|two (?:\w+ )?(?:countries|sides|nations|"
    r"states|leaders|neighbou?rs|governments|powers)|the (?:country|nation|ministry|government|minister|president|"
    r"premier|kingdom|republic|former|latter|same))\b",
    re.I,
)
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
    """Find the actors of each paragraph and decide which paragraphs to parse."""
    paragraphs = documents.paragraphs(source.text)
    mentions = [actors.find(p.text, source.date) for p in paragraphs]
    codes = [{m.code for m in found} for found in mentions]
    digest = is_digest([p.text for p in paragraphs], codes)
    several = len(set().union(*codes)) > 1
    alone = _ALONE.search(source.text) is not None
    whole = not digest and (several or alone) and len(source.text) <= SHORT
    parts, count = [], 0
    for paragraph, found, here in zip(paragraphs, mentions, codes, strict=True):
        wanted = whole or _promising(paragraph.text, here, several and not digest, alone)
        parts.append(Part(paragraph, found, count, wanted))
        count += len(_END.findall(paragraph.text)) + 1
    return Plan(source, parts, digest, count)


def _promising(text: str, codes: set[str], several: bool, alone: bool) -> bool:
    if len(codes) > 1 or (codes and alone and _ALONE.search(text)):
        return True
    return several and POINTS.search(text) is not None


def is_digest(texts: list[str], codes: list[set[str]]) -> bool:
    """Whether paragraphs are items of their own: most end with a credit, or neighbours speak of other states.

    Three paragraphs at least are needed to tell.
    """
    if len(texts) < 3:
        return False
    credited = sum(_CREDIT.search(t) is not None for t in texts)
    if credited >= max(2, _MOST * len(texts)):
        return True
    near = [(a, b) for a, b in pairwise(codes) if a and b]
    return len(near) >= 4 and sum(bool(a & b) for a, b in near) / len(near) < _FEW

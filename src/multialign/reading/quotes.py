"""Direct speech: where it stands and who says it."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from typing import Any

from multialign.reading import frames
from multialign.reading.nlp import Passage
from multialign.reading.tables import table

_OPEN, _CLOSE, _PLAIN = "“«„", "”»", '"'
_MARKS = re.compile(f"[{_OPEN}{_CLOSE}{_PLAIN}]")


@dataclass(frozen=True)
class Quote:
    """A quoted stretch, marks excluded; offsets in the paragraph. `speech` is False for a quoted phrase."""

    start: int
    end: int
    speech: bool


def spans(text: str, carried: bool = False) -> tuple[list[tuple[int, int]], bool]:
    """Quoted stretches of a paragraph, and whether the last one runs on into the next paragraph.

    A quotation left open runs on only if the next paragraph opens one too (newspaper style); `carried` says that
    the one before did. Quotations inside quotations belong to the outer one.
    """
    out: list[tuple[int, int]] = []
    depth, start = 0, 0
    for mark in _MARKS.finditer(text):
        i, char = mark.start(), mark.group()
        if char in _OPEN:
            if depth == 0:
                start = i + 1
            depth = min(depth + 1, 8)
        elif char in _CLOSE:
            if depth:
                depth -= 1
                if depth == 0:
                    out.append((start, i))
            elif carried and not out:
                out.append((0, i))
        elif char == _PLAIN:
            if depth:
                depth = 0
                out.append((start, i))
            else:
                depth, start = 1, i + 1
    if depth:
        out.append((start, len(text)))
    return [(a, b) for a, b in out if b > a], depth > 0


def find(passage: Passage, carried: bool = False) -> tuple[list[Quote], bool]:
    """Quotes of a parsed paragraph. One with a subject and verb, or that ends as a sentence, is speech."""
    found, runs_on = spans(passage.doc.text, carried)
    quotes = []
    offsets = [t.idx for t in passage.doc] if found else []
    for start, end in found:
        inside = passage.doc[bisect_left(offsets, start) : bisect_left(offsets, end)]
        verbs = [t for t in inside if t.pos_ in ("VERB", "AUX")]
        clause = any(frames.children(v, "nsubj", "nsubjpass", "expl") for v in verbs)
        quotes.append(Quote(start, end, bool(inside) and (clause and len(inside) > 2)))
    return quotes, runs_on


def covering(quotes: list[Quote], token: Any) -> Quote | None:
    """The quote that `token` stands in."""
    for quote in quotes:
        if quote.start <= token.idx < quote.end:
            return quote
    return None


@cache
def speech_verbs() -> dict[str, str]:
    """Reporting verb -> ``report`` or ``assess``."""
    return {r["verb"]: r["kind"] for r in table("reporting")}


def speaker_token(passage: Passage, quotes: list[Quote], quote: Quote) -> Any | None:
    """The token that heads the subject of the verb that a quote hangs on, or None.

    Looked for, in this order: in the sentences that the quote overlaps, outside every quote; in the sentence just
    after it ('...,” said X'); in a sentence just before that ends with a colon or a speech verb.
    """
    doc = passage.doc
    overlapping, before, after = [], None, None
    for sent in doc.sents:
        if sent.end_char <= quote.start:
            before = sent
        elif sent.start_char < quote.end:
            overlapping.append(sent)
        else:
            after = sent
            break
    candidates = list(reversed(overlapping))
    if after is not None and after.start_char - quote.end <= 3 and len(after) <= 30:
        candidates.append(after)
    if before is not None and before.text.rstrip().endswith((":", ",")):
        candidates.append(before)
    verbs = speech_verbs()
    for sent in candidates:
        best: tuple[int, Any] | None = None
        for token in sent:
            if token.lemma_.lower() not in verbs or token.pos_ not in ("VERB", "AUX"):
                continue
            if covering(quotes, token) is not None:
                continue
            subject = [s for s in frames.subjects(token) if covering(quotes, s) is None]
            if not subject:
                continue
            distance = min(abs(token.idx - quote.end), abs(quote.start - token.idx))
            if best is None or distance < best[0]:
                best = (distance, subject[0])
        if best is not None:
            return best[1]
    return None

"""Conditions and measures: what a statement hangs on, and how far it goes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from multialign.reading import frames
from multialign.reading.modes import means_if
from multialign.reading.tables import words


def _cue(kind: str, *alternatives: str) -> tuple[str, re.Pattern[str]]:
    return kind, re.compile("|".join(rf"\b{a}\b" for a in alternatives), re.I)


_ON_CONDITION = r"on (?:the )?condition (?:that|of(?! (?:strict )?(?:anonymity|confidentiality)))"
_PHRASES: tuple[tuple[str, re.Pattern[str]], ...] = (
    _cue("extent", "(?:as|so) (?:far|much|deep|fast) as", "to the (?:same )?extent (?:that|to which)"),
    _cue("provided", "provided(?: that)?", "providing that", _ON_CONDITION, "(?:as|so) long as"),
    _cue("exchange", "(?:in return|in exchange)(?: for)?"),
    _cue("contingent", "(?:contingent|conditional|conditioned|dependent|predicated) (?:on|upon)", "subject to",
         "depending (?:on|upon)"),
    _cue("unless", "unless"),
    _cue("until", "until", "once", "as soon as"),
    _cue("if", "(?:only |even )?if", "in case", "in the event (?:of|that)"),
)  # fmt: skip
_PIECES = (
    "far as", "much as", "deep as", "fast as", "extent", "provid", "condition", "long as", "return", "exchange",
    "contingent", "dependent", "predicated", "subject to", "depending", "unless", "until", "once", "soon as", "if",
    "in case", "in the event",
)  # fmt: skip
"""Each of `_PHRASES` has one of these in it: most sentences have none, which is seen without a pattern."""
_HANGS = frozenset({"depend", "hinge", "rest", "turn"})
_DECIDED = frozenset({"determine", "decide", "define", "shape", "dictate", "govern", "condition"})
ABOUT_OFFER = words("conditions.about_offer")
_LEVEL = re.compile(
    r"\b(?:beyond|without|with no|no) (?:any |all )?(?:limits?|restrictions?|bounds|ceiling)\b"
    r"|\bto (?:a|an|the) (?:\w+ ){0,3}(?:level|height|stage|plane|degree)\b"
    r"|\b(?:a|an) (?:\w+ ){0,2}(?:level|degree) of\b"
    r"|\b(?:as|that|this|so) far(?: as)?\b(?! from)|\bin full\b|\bat all levels\b|\bacross the board\b"
    r"|\bno[- ]limits\b|\bunlimited\b|\bunconditionally\b|\bas much as\b",
    re.I,
)
_NUMBER = r"(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|a dozen|half|a third|a quarter|two thirds)"
_AMOUNT = re.compile(
    rf"(?:\b(?:up to|at least|about|around|some|nearly|almost|more than|over|less than|under|by|roughly|as much as) )?"
    rf"(?:(?:US)?[$€£¥]\s?\d[\d,.]*(?:\s(?:thousand|million|billion|trillion))?"
    rf"|(?<![\w-])\b{_NUMBER}(?:[ -](?:thousand|million|billion|trillion))?[ -]?(?:per cent|percent|percentage points?|"
    rf"%|dollars?|euros?|yuan|roubles?|rupees?|barrels?|tonnes?|tons?|megawatts?|gigawatts?|cubic metres?|bcm|"
    rf"aircraft|tanks?|missiles?|jets?|troops|soldiers|reactors?|units|grant|shillings)(?!\w))",
    re.I,
)
_DEGREE = re.compile(
    r"\b(?:heavily|largely|mostly|mainly|strongly|deeply|overwhelmingly|entirely|almost entirely|far exceed(?:ing|s)?|"
    r"sharply|significantly|substantially|fully|slightly|partly|partially|increasingly)\b",
    re.I,
)


@dataclass(frozen=True)
class Found:
    """A phrase found; offsets in the paragraph. `head` is the token it hangs on, where known."""

    start: int
    end: int
    kind: str
    head: Any = None


def conditions(sent: Any) -> list[Found]:
    """Conditions in a sentence, each with the span of its clause and the token that it modifies."""
    out: list[Found] = []
    base = sent.start_char
    lower = sent.text.lower()
    for kind, pattern in _PHRASES if any(piece in lower for piece in _PIECES) else ():
        for match in pattern.finditer(sent.text):
            start = base + match.start()
            if any(f.start <= start < f.end for f in out):
                continue
            token = _token_at(sent, start)
            if token is None or (kind == "exchange" and _is_return_home(sent.text, match)):
                continue
            if token.lower_ in ("provided", "providing") and frames.children(token, "nsubj", "aux", "auxpass"):
                continue  # the verb
            if kind in ("if", "until", "unless") and not _introduces_clause(token):
                continue
            whole = _clause(sent, token, start, base + match.end(), kind)
            bare = kind == "exchange" and not match.group().endswith("for")
            out.append(replace(whole, end=base + match.end()) if bare else whole)
    for token in sent:
        if token.lower_ == "should" and means_if(token):
            last = max(t.idx + len(t) for t in token.head.subtree)
            head = token.head.head if token.head.head.pos_ in ("VERB", "AUX") else frames.clause_root(token.head.head)
            out.append(Found(token.idx, _trim(sent, token.idx, last), "if", head))
            continue
        decided = token.lemma_ in _DECIDED and token.pos_ == "VERB" and frames.is_passive(token)
        hangs = token.lemma_ in _HANGS and token.pos_ == "VERB"
        up_to = token.lemma_ == "be" and any(p == "to" and "up" in _words(token) for p, _ in frames.prepositions(token))
        if not (decided or hangs or up_to):
            continue
        if hangs and not any(p in ("on", "upon") for p, _ in frames.prepositions(token)):
            continue
        subject = frames.children(token, "nsubj", "nsubjpass", "csubj", "csubjpass")
        if not subject:
            continue
        clausal = subject[0].dep_.startswith("csubj") and {"how", "whether", "what"} & {
            t.lower_ for t in subject[0].subtree
        }
        if subject[0].lemma_.lower() not in ABOUT_OFFER and not clausal:
            continue
        if decided and not frames.children(token, "agent"):
            continue
        start, end = extent(token, sent)
        first = min(t.idx for t in subject[0].subtree)
        start = max(first, start)
        out.append(Found(start, _trim(sent, start, end), "contingent", token))
    return out


def _words(token: Any) -> str:
    return " ".join(t.lower_ for t in token.subtree)


def _introduces_clause(token: Any) -> bool:
    """'if', 'unless', 'once' as conjunctions: a mark or adverb of a clause, not 'if any' or 'once a year'."""
    marks = token.dep_ in ("mark", "advmod") and token.head.pos_ in ("VERB", "AUX", "ADJ")
    return marks or token.dep_ == "prep"


def _is_return_home(text: str, match: re.Match[str]) -> bool:
    return match.group().lower() == "in return" and text[match.end() :].lstrip()[:2].lower() == "to"


def _token_at(sent: Any, start: int) -> Any | None:
    for token in sent:
        if token.idx <= start < token.idx + len(token):
            return token
    return None


def _clause(sent: Any, token: Any, start: int, cue_end: int, kind: str) -> Found:
    """The stretch from the cue to the end of its clause: the subtree it heads or marks."""
    top = token
    for t in frames.climb(token):
        first = min(x.idx for x in t.subtree)
        top = t
        last = max(x.idx + len(x) for x in t.subtree)
        if first <= start and last > cue_end + 2 and t.dep_ in ("advcl", "prep", "acl", "amod", "appos", "acomp"):
            break
        if t.dep_ in ("ROOT", "ccomp", "conj", "relcl"):
            break
    tokens = [x for x in top.subtree if x.idx >= start]
    if top.dep_ in ("ROOT", "ccomp", "conj", "relcl") or not tokens:
        end = _comma_or_end(sent, cue_end)
    else:
        end = max(x.idx + len(x) for x in tokens)
        if top.head.i < token.i or min(x.idx for x in top.subtree) >= start - 4:
            end = min(end, max(end, cue_end))
    head = top.head if top.dep_ not in ("ROOT",) else top
    end = _trim(sent, start, end)
    return Found(start, end, kind, head)


def _comma_or_end(sent: Any, after: int) -> int:
    for token in sent:
        if token.idx > after + 8 and token.text in (",", ";", "—", "”", '"'):
            return int(token.idx)
    return int(sent.end_char)


def _trim(sent: Any, start: int, end: int) -> int:
    text = sent.doc.text
    while end > start and (text[end - 1] in ' .,;:”"“—-'):
        end -= 1
    return end


def extent(top: Any, sent: Any) -> tuple[int, int]:
    """Start and end of a predicate's clause, clauses coordinated with it left out."""
    skip: set[int] = set()
    for child in top.children:
        if child.dep_ in ("conj", "parataxis") and child.pos_ in ("VERB", "AUX") and frames.subjects(child):
            skip.update(t.i for t in child.subtree)
        if child.dep_ == "cc" and any(c.i > child.i and c.i in skip for c in top.children):
            skip.add(child.i)
    for child in children_of_contrast(top):
        skip.update(t.i for t in child.subtree)
    left = max((i for i in skip if i < top.i), default=-1)
    kept = [t for t in top.subtree if t.i not in skip and not t.is_space and t.i > left]
    # a conjunct to the right ends the stretch, so that it stays one piece
    right = min((i for i in skip if i > top.i), default=None)
    if right is not None:
        kept = [t for t in kept if t.i < right]
    start = min(t.idx for t in kept)
    end = max(t.idx + len(t) for t in kept)
    return start, end


def children_of_contrast(top: Any) -> list[Any]:
    """Adverbial clauses that set another scene ('while X values ...', 'after it rejected ...')."""
    return [
        c for c in frames.children(top, "advcl")
        if any(m.dep_ in ("mark", "advmod") and m.lower_ in _OTHER_SCENE for m in c.children)
    ]  # fmt: skip


_OTHER_SCENE = words("conditions.other_scene")


def measures(text: str, start: int, end: int, without: list[tuple[int, int]] | None = None) -> tuple[int, int] | None:
    """The measure said in ``text[start:end]``: a limit or level first, then an amount, then a degree.

    Stretches in `without` (conditions) are passed over.
    """
    for pattern in (_LEVEL, _AMOUNT, _DEGREE):
        for match in pattern.finditer(text, start, end):
            if match.end() == match.start() or match.group().lower() == "so far":
                continue
            if any(a <= match.start() < b for a, b in without or ()):
                continue
            return match.start(), match.end()
    return None

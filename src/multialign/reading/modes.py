"""Mode: whether what a statement speaks of was done, goes on, is to come, is only possible, or is denied."""

from __future__ import annotations

import re
from typing import Any

from multialign.reading import frames

_YEAR = re.compile(r"\b(1[5-9]\d\d|20\d\d)\b")
_LONG_AGO = re.compile(
    r"\b(decades? ago|centur(?:y|ies) ago|cold war(?! (?:mentality|mindset|thinking|logic|style|rhetoric))|"
    r"soviet era|soviet times|soviet-era|historically|"
    r"used to|world war|in the (?:19|18)\d0s|colonial)\b",
    re.I,
)
_COMING = re.compile(
    r"\b(imminent|upcoming|forthcoming|planned|scheduled|expected|approaching|coming|due|next (?:week|month|year|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday|spring|summer|autumn|winter))\b",
    re.I,
)
HISTORICAL_AFTER = 10
"""Years before the document's date from which a dated past counts as historical."""

_LOWER = frozenset({"advcl", "ccomp", "xcomp", "acl", "relcl", "parataxis", "dep"})
_POSSIBLE = frozenset({"could", "may", "might"})
_GOING = frozenset({
    "going", "set", "due", "expected", "scheduled", "planned", "poised", "plan", "plans", "planning", "intend",
    "intends",
})  # fmt: skip
_TO_COME = frozenset({"will", "shall", "'ll", "’ll", "wo"})


def modals(verb: Any) -> set[str]:
    """Modal auxiliaries of a verb, lower case; not the 'should' that means 'if' ('should X refuse, ...')."""
    return {c.lower_ for c in frames.children(verb, "aux") if c.tag_ == "MD" and not means_if(c)}


def means_if(auxiliary: Any) -> bool:
    """Whether it is a 'should' before its subject, in no question."""
    if auxiliary.lower_ != "should" or auxiliary.head.dep_ not in _LOWER:
        return False
    own = frames.children(auxiliary.head, "nsubj", "nsubjpass")
    return bool(own) and auxiliary.i < own[0].i and not any(c.tag_ in ("WRB", "WP") for c in auxiliary.head.children)


def is_coming(text: str) -> bool:
    """Whether a phrase says that something is still to come ('imminent', 'next week')."""
    return _COMING.search(text) is not None


def going_to(verb: Any) -> bool:
    """'is going to', 'is set to', 'is due to', 'plans to', 'is to'."""
    head = verb.head
    if verb.dep_ == "xcomp" and head.lower_ in _GOING:
        return True
    return verb.dep_ == "xcomp" and head.lemma_ == "be" and head.tag_ in ("VBZ", "VBP", "VBD")


def mode_of(predicate: Any, *, conditional: bool, negated: bool, date: str | None, words: str) -> str:
    """The mode of a statement that rests on `predicate`.

    Parameters
    ----------
    predicate: the token that carries it (verb, adjective or noun).
    conditional: whether a condition is attached to it.
    negated: whether it is denied.
    date: date of the document, to tell the past from history.
    words: text of the clause, for dates and 'imminent'.
    """
    if negated:
        return "negated"
    verb = frames.finite_head(predicate)
    chain = {v for t in frames.climb(predicate) for v in modals(t) if _same_clause(t, verb)}
    past = _is_past(verb)
    if past and _is_historical(words, date):
        return "historical"
    if conditional:
        return "conditional"
    if chain & _POSSIBLE:
        return "hypothetical"
    if "would" in chain:
        return "future" if _reported_in_past(verb) else "hypothetical"
    if chain & _TO_COME or going_to(predicate) or going_to(verb):
        return "future"
    if predicate.pos_ in ("NOUN", "PROPN") and is_coming(words):
        return "future"
    if past and predicate.pos_ not in ("NOUN", "PROPN"):
        return "past"
    if predicate.pos_ in ("NOUN", "PROPN") and past and verb is not predicate:
        return "past"
    return "ongoing"


def _same_clause(token: Any, verb: Any) -> bool:
    return token is verb or token.i == verb.i or frames.clause_root(token).i == frames.clause_root(verb).i


def _is_past(verb: Any) -> bool:
    if verb.tag_ == "VBD":
        return True
    helpers = [c for c in verb.children if c.dep_ in ("aux", "auxpass")]
    if verb.tag_ == "VBN":
        return any(c.lemma_ == "have" or c.tag_ == "VBD" for c in helpers) or not helpers
    return any(c.tag_ == "VBD" and c.lemma_ in ("do", "be", "have") for c in helpers)


def _is_historical(words: str, date: str | None) -> bool:
    if _LONG_AGO.search(words):
        return True
    years = [int(y) for y in _YEAR.findall(words)]
    return bool(years and date) and max(years) <= int(str(date)[:4]) - HISTORICAL_AFTER


def _reported_in_past(verb: Any) -> bool:
    """'said it would provide': the future of the past, not a supposition."""
    for t in frames.climb(verb):
        if t.dep_ == "ccomp":
            return True
        if t.dep_ in ("ROOT", "advcl", "relcl"):
            return any(c.dep_ in ("ccomp", "parataxis") for c in t.children if c.tag_ == "VBD")
    return False

"""Small questions about the place of a predicate among its clauses."""

from __future__ import annotations

from typing import Any

from multialign.reading import frames
from multialign.reading.events import coming_is_owed
from multialign.reading.speech import speech_verbs

_DISCUSSING = frozenset({"discuss", "debate", "review", "consider"})
_REFUSING = frozenset({"reject", "refuse", "decline", "dismiss", "spurn", "rebuff", "veto"})
_HELD = frozenset({
    "arrest", "detain", "jail", "imprison", "sentence", "charge", "indict", "fine", "deport", "try", "investigate",
})  # fmt: skip
_CHARGES = frozenset({"accuse", "suspect", "convict", "acquit", "guilty"})


def alleged(top: Any) -> bool:
    """Whether it is what somebody is accused of ('accused X of arming Y'): the charge is the act, this is no fact."""
    for t in frames.climb(top):
        if t.dep_ in ("ROOT", "ccomp", "relcl", "advcl"):
            return False
        prep = t.head
        if t.dep_ in ("pcomp", "pobj") and prep.dep_ == "prep" and prep.lower_ in ("of", "with"):
            verb = prep.head.head if prep.head.dep_ == "dobj" else prep.head
            if verb.lemma_.lower() in _CHARGES:
                return True
        if t.dep_ == "pcomp" and prep.lower_ == "for" and prep.head.lemma_.lower() in _HELD:
            return True  # 'was arrested for aiding Y'
    return False


def is_owed(top: Any) -> bool:
    """Whether it is only what somebody should do or be ('must be ready to mediate')."""
    return top.pos_ != "NOUN" and coming_is_owed(frames.finite_head(top))


def discussed(top: Any) -> bool:
    """Whether it is only what is talked about ('discussed efforts to end ...')."""
    below = top
    for t in frames.climb(top):
        if t is not top and t.lemma_.lower() in _DISCUSSING and below.dep_ in ("dobj", "nsubjpass", "prep"):
            return below.dep_ != "prep" or below.lower_ in ("about", "of", "on")
        if t.dep_ in ("ROOT", "ccomp", "relcl", "advcl"):
            return False
        below = t
    return False


def refused(top: Any, taken: set[int]) -> bool:
    """Whether it is the content of what was asked or offered and turned down ('rejected an offer to host ...')."""
    for t in frames.climb(top):
        if t.dep_ in ("acl", "relcl") and t.head.i in taken and t.head.pos_ == "NOUN":
            return any(c.i in taken and c.lemma_.lower() in _REFUSING for c in frames.climb(t.head))
        if t.dep_ in ("ROOT", "ccomp", "advcl"):
            return False
    return False


def aimed_at(top: Any) -> bool:
    """Whether it is only the aim of what somebody is told to do ('must retreat to enable ...')."""
    return top.dep_ == "advcl" and any(c.tag_ == "TO" for c in top.children) and coming_is_owed(top.head)


def no(noun: Any) -> bool:
    """Whether a noun is denied ('no ties')."""
    return any(c.lower_ == "no" for c in noun.children)


def depth(token: Any) -> int:
    """How far below the root of its sentence, or of its part of one ('...; ...'), a word stands."""
    out = 0
    for t in frames.climb(token):
        out += 1
        if t.dep_ == "parataxis":
            break
    return out


def clausal_below(token: Any, top: Any) -> bool:
    """Whether a clause of its own parts a word from `top` above it."""
    for t in frames.climb(token):
        if t is top or t.i == top.i:
            return False
        if t.dep_ in ("relcl", "advcl", "conj") and t.pos_ in ("VERB", "AUX"):
            return True
    return False


def span_top(token: Any) -> Any:
    """The head of the clause to show as evidence: the verb for 'ready' in 'is ready', the noun phrase for a noun."""
    top = token
    while top.dep_ in ("acomp", "xcomp", "attr", "oprd") and top.head.pos_ in ("VERB", "AUX") and top.head is not top:
        if top.head.lemma_.lower() in speech_verbs():
            break
        top = top.head
    if top.pos_ == "NOUN" and top.dep_ == "dobj" and speech_verbs().get(top.head.lemma_.lower()) == "report":
        top = top.head  # 'Moscow has indicated its readiness to ...'
    return top

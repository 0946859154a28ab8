"""Small questions about the place of a predicate among its clauses."""

from __future__ import annotations

from typing import Any

from multialign.reading import frames
from multialign.reading.events import coming_is_owed
from multialign.reading.lexicon import lemma_of
from multialign.reading.speech import speech_verbs

_DISCUSSING = frozenset({"discuss", "debate", "review", "consider"})
_REFUSING = frozenset({"reject", "refuse", "decline", "dismiss", "spurn", "rebuff", "veto", "block", "thwart", "stall"})
_BANS = frozenset({"ban", "prohibition", "moratorium", "restriction", "embargo", "veto"})
_KEEPING = frozenset({"prevent", "bar", "ban", "prohibit", "refrain", "abstain", "deter", "discourage", "dissuade"})
_DENYING = frozenset({"deny", "dispute", "disclaim"})
_HELD = frozenset({
    "arrest", "detain", "jail", "imprison", "sentence", "charge", "indict", "fine", "deport", "try", "investigate",
    "penalise", "penalize",
})  # fmt: skip
_CHARGES = frozenset({"accuse", "suspect", "convict", "acquit", "guilty"})


def alleged(top: Any) -> bool:
    """Whether it is what somebody is accused of ('accused X of arming Y'): the charge is the act, this is no fact."""
    for t in frames.climb(top):
        if t.dep_ in ("ROOT", "ccomp", "relcl", "advcl"):
            return False
        if t.dep_ == "acl" and t.head.lemma_.lower() in ("allegation", "accusation", "charge"):
            return True
        prep = t.head
        below = t.dep_ in ("pcomp", "pobj") and prep.dep_ == "prep"
        if below and prep.lower_ in ("of", "with") and lemma_of(_verb_of(prep)) in _CHARGES:
            return True
        if t.dep_ == "pcomp" and prep.lower_ == "for" and lemma_of(_verb_of(prep)) in _HELD:
            return True  # 'was arrested for aiding Y'
    return False


def _verb_of(prep: Any) -> Any:
    """The verb that a preposition belongs to, also where the parser hung it on the object."""
    return prep.head.head if prep.head.dep_ == "dobj" else prep.head


def is_owed(top: Any) -> bool:
    """Whether it is only what somebody should do or be ('must be ready to mediate')."""
    return top.pos_ != "NOUN" and coming_is_owed(frames.finite_head(top))


def forbidden(top: Any) -> bool:
    """Whether it is only what a ban is on or somebody is kept from ('its ban on sending arms to Y')."""
    for t in frames.climb(top):
        prep = t.head
        if t.dep_ in ("pcomp", "pobj") and prep.dep_ == "prep":
            if prep.lower_ in ("on", "against") and prep.i and prep.nbor(-1).lemma_.lower() in _BANS:
                return True
            if prep.lower_ == "from" and prep.head.lemma_.lower() in _KEEPING and t.dep_ == "pcomp":
                return True
        if t.dep_ in ("ROOT", "ccomp", "relcl", "advcl"):
            return False
    return False


def in_question(top: Any) -> bool:
    """Whether it stands under 'whether': asked, weighed or open, not told."""
    return any(c.lower_ == "whether" for t in frames.climb(top) for c in t.children if c.dep_ == "mark")


def denied(top: Any) -> bool:
    """Whether somebody denies that it is so ('denied that X depends on Y')."""
    return any(t.dep_ == "ccomp" and t.head.lemma_.lower() in _DENYING for t in frames.climb(top))


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
        noun = t.head
        if t.dep_ == "acl" and frames.infinitive(t) and noun.dep_ == "dobj" and noun.head.lemma_.lower() in _REFUSING:
            return True
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

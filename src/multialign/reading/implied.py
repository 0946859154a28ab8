"""Targets that the wording leaves out and the discourse supplies."""

from __future__ import annotations

from typing import Any

from multialign.reading import conditions, frames
from multialign.reading.coref import Resolver
from multialign.reading.drafts import Draft
from multialign.reading.events import Coded
from multialign.reading.lexicon import noun_class
from multialign.reading.nlp import Passage

_ANY = ("AGREE", "REQUEST", "THREATEN", "SANCTION", "COERCE", "ASSAULT", "MOBILIZE", "REJECT", "ACCUSE")
_ANAPHORIC: dict[str, tuple[str, ...]] = {
    "offer": ("AGREE", "COOPERATE", "SUPPORT", "THREATEN"), "deal": ("AGREE", "SUPPORT"),
    "demand": ("REQUEST", "THREATEN"),
    "charge": ("ACCUSE",), "attack": ("ASSAULT", "MOBILIZE"),
    "threat": ("THREATEN",), "sanction": ("SANCTION", "THREATEN"),
    "measure": _ANY, "policy": _ANY,
}  # fmt: skip
_ANSWERING = frozenset({"retaliate", "reciprocate", "respond"})
_INDEFINITE = frozenset({"a", "an", "any", "all", "some", "every", "no"})
_DECLINING = frozenset({"decline", "refuse"})
_BLAMES = ("ACCUSE", "PROTEST", "REJECT")
_HURTS = ("THREATEN", "SANCTION", "COERCE", "ASSAULT", "MOBILIZE", "ACCUSE")
_TOGETHER = ("CONSULT", "SUPPORT", "AGREE", "COOPERATE")
"""Which earlier acts 'the offer', 'the charge', 'the decision' can mean, by the noun's class."""


def implied(
    coded: Coded,
    who: set[str],
    found: list[conditions.Found],
    before: list[Draft],
    sent: Any,
    passage: Passage,
    resolver: Resolver,
) -> list[str]:
    """A target that the wording leaves out: both sides, the maker of 'the offer', the state in a condition."""
    words = {t.lower_ for top in coded.trail for t in [top, *top.children]}
    if coded.echo or coded.event in ("AGREE", "THREATEN", "YIELD"):
        for c in found:
            own = coded.indexes | {coded.top.i, frames.finite_head(coded.top).i}
            if c.head is None or not (coded.echo or c.head.i in own):
                continue
            inside = [
                m.code for i, m in sorted(passage.at.items())
                if c.start <= passage.doc[i].idx < c.end and m.code not in who
            ]  # fmt: skip
            if inside:
                return inside[:1]
    if words & {"bilateral", "mutual", "both", "two-way", "joint"} or coded.echo:
        if coded.echo:
            last = [d for d in before if d.source in who and d.event == "AGREE" and d.target]
            return [last[-1].target] if last and last[-1].target else []
        here = [
            m.code for i, m in sorted(passage.at.items())
            if sent.start <= i < sent.end and m.code not in who
        ]  # fmt: skip
        return list(dict.fromkeys(here))[:1] if len(set(here)) == 1 else []
    if coded.event == "AGREE" and any(c.lower_ in ("similar", "like", "same") for t in coded.trail for c in t.children):
        model = [d for d in before if d.event == "AGREE" and d.target and d.source not in who and d.target not in who]
        if model:
            return [str(model[-1].target)]
    if coded.top.pos_ == "NOUN" and coded.operator == "commit" and coded.event == "AGREE":
        # 'India must respond to Russia's offer': who answers an offer is the one it was made to
        governors = [t for t in frames.climb(coded.top) if t.pos_ == "VERB" and t is not coded.top][:2]
        for verb in governors:
            if who & {c for s in frames.subjects(verb) for c in resolver.codes(s)}:
                break  # 'X made an offer': who makes it does not answer it
            codes = [c for s in frames.subjects(verb) for c in resolver.codes(s) if c not in who]
            if codes:
                return codes[:1]
    if coded.event in ("PROTEST", "ACCUSE") and coded.top.pos_ in ("VERB", "AUX"):
        number = passage.sentence_index(sent[0])
        last = [d for d in before if d.sentence == number - 1 and d.event in _HURTS and d.target in who and d.source]
        if last:  # 'X restricted exports to Y. Y lodged a protest.'
            return [str(last[-1].source)]
    demanding = coded.event == "REQUEST" and not frames.children(coded.top, "dobj", "dative")
    if demanding and frames.clause_root(coded.top).dep_ == "conj":
        number = passage.sentence_index(sent[0])
        blamed = [d for d in before if d.sentence == number and d.event in _BLAMES and d.source in who and d.target]
        if blamed:  # 'X condemned Y's ban and demanded that it be lifted'
            return [str(blamed[-1].target)]
    if coded.event == "REJECT" and len(coded.trail) == 1 and coded.top.lemma_.lower() in _DECLINING:
        number = passage.sentence_index(sent[0])
        made = [d for d in before if d.sentence >= number - 1 and d.event in ("AGREE", "REQUEST") and d.target in who]
        if made and not frames.children(coded.top, "xcomp", "dobj", "ccomp"):  # 'X offered to mediate; Y declined'
            return [str(made[-1].source)]
    if found and (back := _in_return(coded, who, found, before)):
        return [back]
    if coded.top.lemma_.lower() in _ANSWERING:
        done = [d for d in before if d.event in _HURTS and d.target in who and d.source]
        if done:
            return [str(done[-1].source)]
    if coded.event in ("ACCUSE", "SUPPORT") and any(
        c.lower_ in ("the", "this") for t in coded.trail for c in t.children
    ):
        shared = {noun_class(t)[0] for t in (*coded.trail, *frames.objects(coded.top))} & {
            "visit",
            "deal",
            "talk",
            "drill",
        }
        both = [d for d in before if d.event in _TOGETHER and d.source and d.target and not {d.source, d.target} & who]
        if shared and both:
            return [str(both[-1].source), str(both[-1].target)]
    if coded.event in ("REJECT", "YIELD", "AGREE", "SUPPORT", "ACCUSE"):
        known = [t for t in coded.trail if not any(c.lower_ in _INDEFINITE for c in t.children)]
        classes = {noun_class(t)[0] for t in known} & set(_ANAPHORIC)
        if any(o.lower_ in ("it", "this", "that") for o in frames.objects(coded.top)):
            classes.add("policy")
        meant = {e for c in classes for e in _ANAPHORIC[c]}
        facts = [d for d in before if d.event in meant and d.source and d.target and not d.said.assessor]
        toward = [d for d in facts if d.target in who]
        if toward:
            return [str(toward[-1].source)]
        refused = [d for d in before if d.event == "REJECT" and d.target and d.source in who]
        if refused and coded.event == "REJECT" and classes & {"offer", "deal", "demand"}:
            return [str(refused[-1].target)]
    if frames.clause_root(coded.top).dep_ == "conj" and coded.event in (
        "AID",
        "AGREE",
        "COOPERATE",
        "SANCTION",
        "THREATEN",
        "YIELD",
    ):
        number = passage.sentence_index(sent[0])
        same = [d for d in before if d.sentence == number and d.source in who and d.target and d.event]
        if same and same[-1].target and same[-1].top in list(frames.climb(frames.clause_root(coded.top))):
            return [same[-1].target]
    shared = {"deal", "tie", "talk"} & {noun_class(t)[0] for t in coded.trail}
    definite = any(c.lower_ in ("the", "this", "our") for t in coded.trail for c in t.children)
    if shared and definite and coded.event in ("AGREE", "SUPPORT", "COOPERATE", "CONSULT"):
        # 'we want to conclude the agreement': the one between the two states last named
        named = resolver.memory_at(coded.top).recent[-2:]
        if len(named) == 2 and len(who & set(named)) == 1:
            return [c for c in named if c not in who]
    return []


def _in_return(coded: Coded, who: set[str], found: list[conditions.Found], before: list[Draft]) -> str | None:
    """'In return, X reopened its crossings': to whom X owed it, by the last act toward X or promise to it."""
    own = coded.indexes | {coded.top.i, frames.finite_head(coded.top).i}
    alone = [
        c for c in found
        if c.kind == "exchange" and c.end - c.start <= _ALONE and c.head is not None and c.head.i in own
    ]  # fmt: skip
    if not alone or coded.event in ("CONSULT", "REJECT", "REQUEST"):
        return None
    toward = [d for d in before if d.target in who and d.source and d.event and not d.said.assessor]
    return str(toward[-1].source) if toward else None


_ALONE = len("in exchange")
"""Characters of 'in return' with nothing after it."""

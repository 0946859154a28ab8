"""The parties of an event where its verb does not name them: nouns of acts, passives, what somebody ought to do."""

from __future__ import annotations

from typing import Any

from multialign.reading import frames
from multialign.reading.coref import Resolver
from multialign.reading.events import Coded
from multialign.reading.lexicon import noun_class
from multialign.reading.modes import modals
from multialign.reading.quotes import Quote
from multialign.reading.speech import Attribution, attribute

_OBLIGE = frozenset({"must", "should"})
_GOING_ON = frozenset({"continue", "proceed", "begin", "start", "resume", "progress", "hold", "go", "advance"})


def obligation(token: Any, resolver: Resolver, quotes: list[Quote]) -> Coded | None:
    """'China must drop its barriers', said by another state: a demand on China."""
    if token.pos_ not in ("VERB", "AUX") or not modals(token) & _OBLIGE:
        return None
    said = attribute(token, resolver, quotes)
    speaker = said.speaker.code if said.speaker else None
    subject = {c for s in frames.subjects(token) for c in resolver.codes(s)}
    if speaker is None or not subject or speaker in subject or said.assessor:
        return None
    return Coded("REQUEST", token, (token,), frames.negated(token), "oblige")


def faced(coded: Coded, others: list[str], resolver: Resolver) -> bool:
    """Whether the other party stands where a partner does: 'X and Y met Z', 'agreed with Z'."""
    near = [*frames.objects(coded.top), *(o for p, o in frames.prepositions(coded.top) if p in ("with", "to"))]
    return any(set(others) & set(resolver.codes(o, places=True)) for o in near)


def unnamed(coded: Coded) -> bool:
    """A passive without agent: done to a state by nobody named ('Iran was hit by sanctions')."""
    top = coded.top
    return (
        coded.event == "SANCTION"
        and not coded.negated
        and top.pos_ == "VERB"
        and frames.is_passive(top)
        and not frames.children(top, "agent")
    )


def both_sides(coded: Coded, resolver: Resolver) -> list[str]:
    """The two whose common matter a passive without agent is about: 'talks between X and Y were suspended'."""
    for noun in frames.objects(coded.top):
        if noun_class(noun)[0] in ("talk", "tie", "deal", "drill"):
            codes = [
                c for p, o in frames.prepositions(noun) if p in ("between", "among") for c in resolver.codes(o)
            ]  # fmt: skip
            for pobj in (o for p, o in frames.prepositions(noun) if p in ("on", "about", "over")):
                codes += [c for p, o in frames.prepositions(pobj) if p == "between" for c in resolver.codes(o)]
            if len(codes) > 1:
                return codes
    return []


def of_noun(coded: Coded, said: Attribution, resolver: Resolver) -> tuple[list[str], list[str]]:
    """'Talks between X and Y', 'an attack by X on Y'; 'talks with Y go on', said by X."""
    pairs = frames.prepositions(coded.top)
    by = [c for p, o in pairs if p in ("by", "from") for c in resolver.codes(o)]
    if by:
        return by, []
    between = [c for p, o in pairs if p in ("between", "among") for c in resolver.codes(o)]
    if len(between) > 1:
        return between, between
    going = coded.top.dep_ in ("nsubj", "nsubjpass") and coded.top.head.lemma_.lower() in _GOING_ON
    if coded.event == "CONSULT" and going and said.speaker is not None and said.speaker.code:
        partners = [c for p, o in pairs if p == "with" for c in resolver.codes(o)]
        return ([said.speaker.code], partners) if partners and said.speaker.code not in partners else ([], [])
    return [], []

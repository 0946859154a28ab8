"""A state of affairs between two parties, and what its finders share: whose a noun is, who the others are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from multialign.reading import frames
from multialign.reading.coref import Resolver
from multialign.reading.tables import words
from multialign.reading.targets import _owners, compound_pair

GROW = words("relations.grow")
SHRINK = words("relations.shrink")


@dataclass(frozen=True)
class State:
    """A state of affairs found: parties as codes, and the tokens whose span is its evidence."""

    relation: str
    source: str | None
    target: str | None
    top: Any
    evidence: tuple[Any, ...]
    change: str | None = None


Finder = Callable[[Any, Resolver], Iterator[State]]


def change_of(noun: Any) -> str | None:
    """Whether a noun phrase says that it grows ('more') or shrinks ('less')."""
    near = [c for c in noun.children if c.dep_ in ("amod", "advcl", "acl", "compound")]
    if noun.dep_ == "dobj" and noun.head.dep_ == "acl" and noun.head.lower_ in GROW | SHRINK:
        near.append(noun.head)  # 'deepening alignment' read as a verb and its object
    if noun.dep_ in ("nsubj", "nsubjpass") and noun.head.pos_ == "VERB":
        near.append(noun.head)
    if noun.dep_ == "pobj" and noun.head.lower_ in ("of", "in") and noun.head.head.pos_ == "NOUN":
        near.append(noun.head.head)
    words = {w for t in near for w in (t.lower_, t.lemma_.lower())}
    words |= {t.lower_ for c in near for t in c.children if t.dep_ == "advmod"}
    if words & SHRINK:
        return "less"
    return "more" if words & GROW else None


def holder(noun: Any, resolver: Resolver) -> list[str]:
    """Whose a noun is: possessor or demonym, else the subject of its clause, else the state in focus."""
    for poss in frames.children(noun, "poss"):
        found = resolver.codes(poss, things=True)
        if found:
            return found
    if noun.dep_ == "dobj" and noun.head.dep_ == "acl":  # 'Russia's deepening alignment' read as verb + object
        for sibling in noun.doc[max(noun.head.i - 2, 0) : noun.head.i]:
            if sibling.dep_ in ("poss", "pobj") and sibling.i in resolver.passage.at:
                return resolver.codes(sibling)
    owners = list(dict.fromkeys(_owners(noun, resolver)))
    if owners:
        return owners
    for t in frames.climb(noun):
        if t is noun or t.pos_ not in ("VERB", "AUX", "ADJ"):
            continue
        for subject in frames.subjects(t):
            if noun in list(subject.subtree):
                continue
            found = resolver.codes(subject, things=True)
            if found:
                return found
        if t.dep_ in ("ROOT", "ccomp", "relcl"):
            break
    focus = resolver.memory_at(noun).focus
    return [focus] if focus else []


def after(noun: Any, resolver: Resolver, *preps: str) -> list[str]:
    out: list[str] = []
    for prep, obj in frames.prepositions(noun):
        if prep in preps:
            out += resolver.codes(obj)
    return list(dict.fromkeys(out))


def parties_of(noun: Any, resolver: Resolver) -> list[tuple[str, str]]:
    """Directed dyads of a noun of relating: 'X's ties with Y', 'ties between X and Y', 'X-Y ties', 'their ties'."""
    pair = compound_pair(noun, resolver)
    if pair:
        return [(pair[0], pair[1])]
    between = after(noun, resolver, "between", "among")
    if len(between) >= 2:
        return [(between[0], other) for other in between[1:]]
    whole = noun
    others = after(noun, resolver, "with", "to", "toward", "towards")
    if not others and noun.dep_ == "conj" and noun.head.pos_ == "NOUN":
        whole = noun.head
        others = after(whole, resolver, "with", "to")
    if not others and frames.children(noun, "conj"):
        others = [c for x in frames.children(noun, "conj") for c in after(x, resolver, "with", "to")]
    holders = holder(whole, resolver)
    if others:
        return [(h, o) for h in holders for o in others if h != o]
    own = frames.children(noun, "poss")
    if own and len(holders) == 2:
        return [(holders[0], holders[1])]
    if any(c.lower_ in ("bilateral", "mutual", "two-way") for c in noun.children) and not own:
        pair_codes = [a.code for a in resolver.pair(noun) if a.code]
        if len(pair_codes) == 2:
            return [(pair_codes[0], pair_codes[1])]
    return []

"""Analogies: 'our approach with X is the same', 'mirroring its stance on X', 'as it does with X'.

What is said of one state is said of another by likeness, with no predicate of its own. The statement that it
repeats is the nearest one before it (or in the same sentence) by the same source.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from multialign.reading import frames
from multialign.reading.coref import Resolver
from multialign.reading.tables import words

_STANCE = words("analogies.stance")
_SAME = frozenset({"same", "identical", "similar", "alike", "equal", "different"})
_MIRROR = frozenset({"mirror", "echo", "match", "parallel", "repeat", "resemble", "replicate"})
_APPLY = frozenset({"apply", "go", "hold"})
_AGENT_PREPS = frozenset({"with", "to", "toward", "towards", "on", "for", "of"})


@dataclass(frozen=True)
class Analogy:
    """`sources` (empty: whoever said the model) behave to `targets` alike. `within`: the model is in its sentence."""

    sources: tuple[str, ...]
    targets: tuple[str, ...]
    top: Any
    within: bool


def find(sent: Any, resolver: Resolver) -> Iterator[Analogy]:
    """Analogies in a sentence."""
    for token in sent:
        lemma = token.lemma_.lower()
        if lemma == "be" or lemma in _APPLY:
            yield from _same(token, resolver)
        elif lemma in _MIRROR and token.pos_ == "VERB" and token.dep_ in ("advcl", "acl", "xcomp", "conj"):
            for obj in frames.children(token, "dobj"):
                if obj.lemma_.lower() in _STANCE:
                    yield from _of(obj, token, resolver, within=True)
        elif token.lower_ == "similar" and token.dep_ in ("advcl", "amod", "acl"):
            for prep, obj in frames.prepositions(token):
                if prep == "to" and obj.lemma_.lower() in _STANCE:
                    yield from _of(obj, token, resolver, within=True)


def _same(verb: Any, resolver: Resolver) -> Iterator[Analogy]:
    complements = frames.children(verb, "attr", "acomp", "dobj", "advmod")
    words = {w.lower_ for c in complements for w in c.subtree}
    subject = frames.children(verb, "nsubj")
    if not subject:
        return
    if verb.lemma_ == "be":
        if not words & _SAME or ("different" in words and not (words & {"no", "not"} or frames.negated(verb))):
            return
        if subject[0].lemma_.lower() in _STANCE:
            yield from _of(subject[0], verb, resolver, within=False)
    elif subject[0].lower_ == "same" or "same" in {t.lower_ for t in subject[0].subtree}:
        found = [c for p, o in frames.prepositions(verb) if p in ("to", "for") for c in resolver.codes(o)]
        if found:
            yield Analogy((), tuple(found), verb, False)


def _of(noun: Any, top: Any, resolver: Resolver, *, within: bool) -> Iterator[Analogy]:
    targets = [c for p, o in frames.prepositions(noun) if p in _AGENT_PREPS for c in resolver.codes(o)]
    sources = [c for p in frames.children(noun, "poss") for c in resolver.codes(p)]
    targets = [t for t in dict.fromkeys(targets) if t not in sources]
    if targets:
        yield Analogy(tuple(dict.fromkeys(sources)), tuple(targets), top, within)

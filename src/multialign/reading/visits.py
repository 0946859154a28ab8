"""Visits told by a noun: 'X's coming visit to Y', 'a trip by X'."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from multialign.reading import frames
from multialign.reading.coref import Resolver
from multialign.reading.modes import is_coming

_VISIT = frozenset({"visit", "trip", "tour"})


@dataclass(frozen=True)
class Visit:
    """`sources` visit `targets`; `tokens` are its evidence, `coming` says that it lies ahead."""

    noun: Any
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    tokens: tuple[Any, ...]
    coming: bool


def find(sent: Any, resolver: Resolver) -> Iterator[Visit]:
    """Visits in a sentence. A host that goes unsaid is the other state named in the sentence."""
    for noun in sent:
        if noun.lemma_.lower() not in _VISIT or noun.pos_ != "NOUN":
            continue
        who = [a.code for p in frames.children(noun, "poss") for a in resolver.actors(p) if a.code]
        places = frames.prepositions(noun)
        who += [a.code for p, o in places if p in ("by", "of") for a in resolver.actors(o) if a.code]
        if not who:
            who = [
                resolver.passage.at[m.i].code
                for m in frames.children(noun, "amod", "compound")
                if m.i in resolver.passage.at
            ][:1]
        to = [c for p, o in places if p in ("to", "in") for c in resolver.codes(o)]
        if not to and not any(p in ("to", "in") for p, _ in places):
            to = [c for c in _named(sent, resolver) if c not in who][:1]
        if not who or not to:
            continue
        head = noun.head
        tokens = list(noun.subtree)
        if noun.dep_ == "nsubj" and (head.pos_ == "ADJ" or head.dep_ == "pobj"):
            tokens = [t for t in head.subtree if t.dep_ != "punct"]  # 'with X's visit imminent'
        words = " ".join(t.text for t in tokens)
        verb = " ".join(t.lower_ for t in head.children) if head.pos_ in ("VERB", "AUX") else ""
        yield Visit(
            noun,
            tuple(dict.fromkeys(who)),
            tuple(dict.fromkeys(to)),
            tuple(tokens),
            is_coming(words) or is_coming(verb),
        )


def _named(sent: Any, resolver: Resolver) -> list[str]:
    """States named in a sentence by a noun, in order."""
    out = [resolver.passage.at[t.i] for t in sent if t.i in resolver.passage.at]
    return list(dict.fromkeys(m.code for m in out if m.kind != "adjective"))

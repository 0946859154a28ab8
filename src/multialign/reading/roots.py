"""The root of what one named party does to another: source and target are given, the event between them is sought.

This is the task of coders who mark the two parties first (and of the hand-coded sets that measure one). Every
predicate of the sentence that the lexicon codes is weighed by how it stands to the two spans in the parse.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from multialign.reading import frames
from multialign.reading.actors import role_nouns
from multialign.reading.events import Coded, Coder
from multialign.reading.lexicon import acts, noun_class
from multialign.reading.modes import modals
from multialign.reading.tree import Text

_SENDING = frozenset({"send", "dispatch", "call", "telephone", "phone", "summon", "meet", "visit", "write", "deploy",
    "arrive", "cross", "flee", "come",
})  # fmt: skip
_OWED = frozenset({"must", "should", "ought", "needs"})


@dataclass(frozen=True)
class Root:
    """The event found, its weight, and the token that carries it (None where only single words spoke)."""

    event: str
    weight: float
    top: Any = None


class PairCoder:
    """Codes what the tokens of `source` do to those of `target` in one parsed text."""

    def __init__(self, doc: Any, source: Iterable[int], target: Iterable[int], *, plover: bool = True) -> None:
        self.doc = doc if isinstance(doc, Text) else Text(doc)
        self.source, self.target = frozenset(source), frozenset(target)
        self.coder = Coder(self._is_actor, plover=plover)

    def _is_actor(self, token: Any) -> bool:
        return (
            token.i in self.target
            or token.i in self.source
            or token.pos_ in ("PROPN", "PRON")
            or token.lemma_.lower() in role_nouns()
            or token.ent_type_ != ""
        )

    def candidates(self) -> list[Root]:
        """Every event of the text with its weight, the weightiest first."""
        out = []
        inside = self.source | self.target
        taken: set[int] = set()
        for token in sorted(self.doc, key=lambda t: (sum(1 for _ in frames.climb(t)), t.i)):
            if token.i in taken or token.pos_ not in ("VERB", "AUX", "ADJ", "NOUN", "PROPN"):
                continue
            coded = self._coded(token)
            if coded is None:
                continue
            taken |= coded.indexes
            taken.add(self._purpose(coded).top.i)
            weight = self._weight(coded) - (3.0 if token.i in inside else 0.0)
            out.append(Root(self._purpose(coded).event, weight, token))
        out.sort(key=lambda r: (-r.weight, r.top.i))
        return out

    def best(self) -> Root | None:
        """The weightiest event, or None."""
        found = self.candidates()
        return found[0] if found else self._nouns()

    def _coded(self, token: Any) -> Coded | None:
        owed = modals(token) & _OWED if token.pos_ in ("VERB", "AUX") else set()
        if owed and any(s.i in self.target for s in frames.subjects(token)):
            return Coded("REQUEST", token, (token,))
        return self.coder.code(token)

    def _purpose(self, coded: Coded) -> Coded:
        """'Called X to congratulate him', 'sent a team to investigate': the purpose is the act."""
        top = coded.top
        lemma = top.lemma_.lower()
        if lemma not in _SENDING or (coded.operator is not None and lemma != "summon"):
            return coded
        for clause in frames.children(top, "xcomp", "advcl", "ccomp"):
            if clause.tag_ in ("VB", "VBG"):
                inner = self.coder.code(clause)
                if inner is not None and inner.event in ("ACCUSE", "SUPPORT", "REQUEST"):
                    return inner
        return coded

    def _weight(self, coded: Coded) -> float:
        top = coded.top
        weight = 0.0
        doers = {t.i for s in frames.subjects(top) for c in frames.conjuncts(s) for t in (c, *c.subtree)}
        heads = {c.i for s in frames.subjects(top) for c in frames.conjuncts(s)}
        if heads & self.source:
            weight += 4.0
        elif doers & self.source:
            weight += 2.5
        elif heads & self.target and not frames.is_passive(top):
            weight -= 1.0
        below = {t.i for part in coded.trail for t in part.subtree}
        if below & self.target:
            weight += 2.5
        if any(o.i in self.target for o in frames.objects(top)):
            weight += 1.0
        if not heads and below & self.source:
            weight += 1.5  # 'X was arrested in S', 'the arrest by S'
        depth = sum(1 for _ in frames.climb(top))
        weight -= 0.3 * depth
        if top.pos_ in ("NOUN", "PROPN", "ADJ"):
            weight -= 0.7
        if top.tag_ == "VB" and any(c.tag_ == "TO" for c in top.children):
            weight -= 1.5  # a purpose, less than the act that serves it
        return weight

    def _nouns(self) -> Root | None:
        """With no predicate coded: the noun of an act nearest to both parties ('X's aid to Y')."""
        best: Root | None = None
        ends = [*self.source, *self.target]
        for token in self.doc:
            event = acts().get(noun_class(token)[0]) if token.pos_ in ("NOUN", "PROPN", "ADJ") else None
            if event is None:
                continue
            far = sum(abs(token.i - i) for i in ends) / max(len(ends), 1)
            if best is None or -far / 100 - 9 > best.weight:
                best = Root(event[1], -far / 100 - 9, token)
        return best


def root_between(doc: Any, source: Iterable[int], target: Iterable[int], *, plover: bool = True) -> Root | None:
    """The event between the party at tokens `source` and the one at tokens `target` of a parsed text.

    `plover`: in the roots of PLOVER's conversion table of 2021 (see `Coder`).
    """
    return PairCoder(doc, source, target, plover=plover).best()

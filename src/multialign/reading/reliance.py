"""Who depends on whom: reliance, shares of trade, debts, and the search for other suppliers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from multialign.reading import frames
from multialign.reading.affairs import State, after, change_of, holder
from multialign.reading.coref import Resolver
from multialign.reading.tables import words
from multialign.reading.targets import _owners

_RELY = frozenset({"rely", "depend", "lean"})
_DEPENDENCE = frozenset({"dependence", "reliance", "dependency", "dependance", "overdependence", "overreliance"})
_DEPENDENT = frozenset({"dependent", "reliant"})
_LESSEN = words("relations.lessen")
_GET = frozenset({"buy", "import", "get", "source", "obtain", "purchase", "receive", "draw"})
_GIVE = frozenset({"supply", "provide", "deliver"})
_SHARE = frozenset({"most", "percent", "cent", "half", "bulk", "majority", "third", "quarter", "much", "share", "%"})
_ELSEWHERE = frozenset({"supplier", "market", "buyer", "partner", "lender", "provider", "outlet"})
_OTHER = frozenset({"other", "new", "alternative", "different", "additional"})
_SEEK = frozenset({"seek", "look", "search", "hunt", "cultivate", "find", "court"})
TRIGGERS = (
    _RELY | _DEPENDENCE | _DEPENDENT | _GET | _GIVE | _ELSEWHERE
    | {"owe", "account", "diversify", "diversification", "imports", "exports", "purchases"}
)  # fmt: skip
"""Words without which a sentence tells no reliance."""


def dependence(token: Any, resolver: Resolver) -> Iterator[State]:
    """'X relies on Y', 'X's dependence on Y', 'X is reliant on Y', 'Y accounts for a third of X's imports'."""
    lemma = token.lemma_.lower()
    if token.pos_ == "VERB" and lemma in _RELY:
        sources = [c for s in frames.subjects(token) for c in resolver.codes(s, things=True)]
        targets = _on(token, resolver)
        yield from (State("dependence", s, t, token, (token,)) for s in sources for t in targets if s != t)
    elif lemma in _DEPENDENCE:
        change = change_of(token)
        shed = token.dep_ == "dobj" and token.head.lemma_.lower() in _LESSEN
        for source in holder(token, resolver)[:1]:
            for target in _on(token, resolver):
                if source == target:
                    continue
                yield State("dependence", source, target, token, (token,), change or ("less" if shed else None))
                if shed:
                    yield State("diversification", source, target, token.head, (token.head,))
    elif token.lower_ in _DEPENDENT:
        sources = [c for s in frames.subjects(token) for c in resolver.codes(s, things=True)]
        yield from (
            State("dependence", s, t, token, (frames.finite_head(token),))
            for s in sources
            for t in _on(token, resolver)
            if s != t
        )
    elif lemma == "owe" and token.pos_ == "VERB":
        sources = [c for s in frames.subjects(token) for c in resolver.codes(s, things=True)]
        lenders = [c for o in frames.children(token, "dative", "dobj") for c in resolver.codes(o)]
        lenders += after(token, resolver, "to")
        yield from (State("dependence", s, t, token, (token,)) for s in sources for t in lenders if s != t)
    elif lemma == "account" and token.pos_ == "VERB":
        for prep, obj in frames.prepositions(token):
            if prep == "for":
                users = [c for p in frames.prepositions(obj) if p[0] == "of" for c in _owners(p[1], resolver)]
                users += _owners(obj, resolver)
                suppliers = [c for s in frames.subjects(token) for c in resolver.codes(s, things=True)]
                yield from (State("dependence", u, s, token, (token,)) for u in users for s in suppliers if s != u)


def shares(token: Any, resolver: Resolver) -> Iterator[State]:
    """Dependence by shares: 'X buys most of its oil from Y', 'Y supplies 40 percent of X's gas'."""
    lemma = token.lemma_.lower()
    if token.lower_ in ("imports", "purchases") and token.pos_ == "NOUN" and token.dep_ == "ROOT":
        yield from _misread_shares(token, resolver)
    if token.lower_ == "exports" and token.dep_ == "pobj" and token.head.head.lemma_.lower() in _SHARE:
        yield from _export_shares(token, resolver)
    if token.pos_ != "VERB" or lemma not in _GET | _GIVE:
        return
    for obj in frames.objects(token):
        if obj.lemma_.lower() not in _SHARE:
            continue
        whole = [h for p, o in frames.prepositions(obj) if p == "of" for h in frames.conjuncts(o)]
        doers = [c for s in frames.subjects(token) for c in resolver.codes(s, things=True)]
        if lemma in _GET:
            others = [c for t in (token, obj, *whole) for c in after(t, resolver, "from")]
            pairs = [(a, b) for a in doers for b in others]
            if not pairs:  # 'X buys most of Y's gas': Y depends on its buyer
                pairs = [(b, a) for a in doers for o in whole for b in _owners(o, resolver)]
        else:
            pairs = [(b, a) for a in doers for o in whole for b in _owners(o, resolver)]
        for a, b in dict.fromkeys(pairs):
            if a != b:
                yield State("dependence", a, b, token, (token,))


def _export_shares(exports: Any, resolver: Resolver) -> Iterator[State]:
    """'80 percent of X's exports go to Y', 'X sends half of its exports to Y': X depends on its market."""
    share = exports.head.head
    verb = share.head
    if (verb.lemma_ in ("go", "head") and share.dep_ == "nsubj") or verb.lemma_ in ("send", "ship", "sell"):
        buyers = list(dict.fromkeys(c for t in (verb, share, exports) for c in after(t, resolver, "to")))
        for s in _owners(exports, resolver)[:1]:
            yield from (State("dependence", s, t, verb, (verb,)) for t in buyers if s != t)


def _misread_shares(noun: Any, resolver: Resolver) -> Iterator[State]:
    """'X imports most of its gas from Y', the verb taken for a noun: X its compound, the share its apposition."""
    buyers = [resolver.passage.at[c.i].code for c in frames.children(noun, "compound") if c.i in resolver.passage.at]
    shares_ = [c for c in frames.children(noun, "appos") if c.lemma_.lower() in _SHARE]
    sellers = [c for t in (noun, *shares_) for c in after(t, resolver, "from")] if shares_ else []
    yield from (State("dependence", b, s, noun, (noun,)) for b in buyers for s in sellers if b != s)


def _on(token: Any, resolver: Resolver) -> list[str]:
    out: list[str] = []
    for prep, obj in frames.prepositions(token):
        if prep in ("on", "upon"):
            out += resolver.codes(obj, things=True)
            for inner_prep, inner in frames.prepositions(obj):
                if inner_prep == "from" and not out:
                    out += resolver.codes(inner)
    return list(dict.fromkeys(out))


def diversification(token: Any, resolver: Resolver) -> Iterator[State]:
    """'X seeks to diversify its suppliers', 'away from Y'; 'looks for other suppliers'."""
    lemma = token.lemma_.lower()
    if lemma in _ELSEWHERE and token.tag_ == "NNS" and any(c.lower_ in _OTHER for c in token.children):
        verb = token.head.head if token.dep_ == "pobj" and token.head.lower_ == "for" else token.head
        if verb.lemma_.lower() in _SEEK:
            holders = [c for s in frames.subjects(verb) for c in resolver.codes(s, things=True)]
            yield from (State("diversification", s, None, verb, (verb,)) for s in dict.fromkeys(holders))
        return
    if lemma != "diversify" and lemma != "diversification":
        return
    holders = [c for s in frames.subjects(token) for c in resolver.codes(s, things=True)]
    if not holders and token.pos_ == "NOUN":
        holders = holder(token, resolver)[:1]
    away: list[str | None] = [*after(token, resolver, "from")] or [None]
    for s in dict.fromkeys(holders):
        yield from (State("diversification", s, t, token, (token,)) for t in away if s != t)

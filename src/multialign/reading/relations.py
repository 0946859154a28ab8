"""States of affairs: ties, dependence, imbalance, discounts, pressure, diversification, autonomy.

Each finder is a small grammar of words and dependencies; `find` runs them all over a sentence. A party that the
wording leaves out is looked for where English leaves it out: in the possessor, the subject, or the state in focus.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from multialign.reading import frames, reliance
from multialign.reading.affairs import GROW, SHRINK, Finder, State, after, change_of, holder, parties_of
from multialign.reading.coref import Resolver
from multialign.reading.tables import words
from multialign.reading.targets import _owners

_UNEVEN = words("relations.uneven")
_EXCEED = frozenset({"exceed", "outstrip", "outweigh", "dwarf", "surpass", "outpace"})
_PRESSURE = frozenset({"pressure", "interference", "coercion", "meddling"})
_FACE = frozenset({"face", "come", "feel", "be", "confront", "resist", "withstand", "experience", "remain", "reject"})
RESIST = frozenset({"bow", "succumb", "cave", "yield", "bend", "surrender", "resist", "withstand", "reject"})
_KEEP = words("relations.keep")
_AUTONOMY = frozenset({"autonomy", "non-alignment", "nonalignment", "multi-alignment", "neutrality", "equidistance"})
_PARTNER = frozenset({"partner", "ally", "friend"})
_SUPPLIER = frozenset({"supplier", "provider", "creditor", "source", "investor", "lender"})
_BUYER = frozenset({"customer", "buyer", "market", "importer", "purchaser"})
_RELATING = words("relations.relating")
_GOODS = words("relations.goods")
_TRIGGERS = (
    reliance.TRIGGERS | _UNEVEN | _EXCEED | _PRESSURE | _AUTONOMY | _PARTNER | _SUPPLIER | _BUYER | _RELATING
    | {"deficit", "surplus", "imbalance", "skew", "tilt", "discount", "discounted", "cut-price", "policy", "alignment"}
)  # fmt: skip
"""Words without which a sentence tells no state of affairs."""


def find(sent: Any, resolver: Resolver) -> list[State]:
    """All states of affairs in a sentence, in order, none twice."""
    out: list[State] = []
    tokens = [t for t in sent if t.lower_ in _TRIGGERS or t.lemma_.lower() in _TRIGGERS]
    for finder in _FINDERS if tokens else ():
        for token in tokens:
            out.extend(finder(token, resolver))
    seen, kept = set(), []
    for s in out:
        key = (s.relation, s.source, s.target, s.top.i)
        if key not in seen:
            seen.add(key)
            kept.append(s)
    return kept


def ties(token: Any, resolver: Resolver) -> Iterator[State]:
    """A standing relation of two states; also 'X is Y's largest trading partner', 'supplier', 'market'."""
    lemma = token.lemma_.lower()
    if token.pos_ not in ("NOUN", "PROPN"):
        return
    if lemma in _RELATING:
        if token.dep_ in ("compound", "nmod", "amod") or _unaligned(token):
            return
        for source, target in parties_of(token, resolver):
            yield State("tie", source, target, token, (token,), change_of(token))
    elif lemma in _PARTNER | _SUPPLIER | _BUYER and token.dep_ in ("attr", "appos", "pobj", "oprd"):
        owners = [c for p in frames.children(token, "poss") for c in resolver.codes(p)]
        owners += after(token, resolver, "of", "for", "to")
        subject = frames.subjects(token.head) if token.dep_ != "appos" else [token.head]
        if token.dep_ == "pobj" and token.head.lower_ != "as":
            return
        for s in [c for t in subject for c in resolver.codes(t)]:
            for owner in owners:
                if s == owner:
                    continue
                relation = "tie" if lemma in _PARTNER else "dependence"
                flip = relation == "dependence"  # whose supplier or market it is depends on it
                evidence = token.head if token.dep_ == "attr" else token
                yield State(relation, owner if flip else s, s if flip else owner, token, (evidence,))


def imbalance(token: Any, resolver: Resolver) -> Iterator[State]:
    """'The trade relationship is lopsided', 'X's deficit with Y', 'imports from Y exceed exports'."""
    lemma, lower = token.lemma_.lower(), token.lower_
    if lower in _UNEVEN or (token.pos_ == "VERB" and lemma in ("imbalance", "skew", "tilt")):
        nouns = [token.head] if token.dep_ == "amod" else frames.subjects(token)
        nouns += [token] if token.pos_ == "NOUN" else []
        for noun in nouns:
            if not (_about_trade(noun) or noun is token):
                continue
            for s, t in parties_of(noun, resolver):
                yield State("imbalance", s, t, token, (token if noun is token else frames.clause_root(token),))
    elif lemma in ("deficit", "surplus") and token.pos_ == "NOUN":
        trade = [o for p, o in frames.prepositions(token) if p in ("in", "on") and _about_trade(o)]
        if not (trade or (_about_trade(token) and not any(c.lower_ == "budget" for c in token.children))):
            return
        for s, t in parties_of(token, resolver) or [p for o in trade for p in parties_of(o, resolver)]:
            yield State("imbalance", s, t, token, (token,), change_of(token))
    elif lemma in _EXCEED and token.pos_ == "VERB":
        nouns = [*frames.subjects(token), *frames.objects(token)]
        if {"import", "export"} <= {n.lemma_.lower() for n in nouns}:
            holders = holder(nouns[0], resolver)[:1]
            others = [c for n in nouns for c in after(n, resolver, "from", "to", "of")]
            for s in holders:
                yield from (State("imbalance", s, t, token, (token,)) for t in others if s != t)


def _about_trade(noun: Any) -> bool:
    words = {t.lemma_.lower() for t in [noun, *noun.children]}
    return bool(words & {"trade", "trading", "commerce", "exchange", "import", "export", "deficit", "surplus"})


def discount(token: Any, resolver: Resolver) -> Iterator[State]:
    """'Discounted oil', 'discounts on Russian oil': from the seller to the buyer."""
    lemma = token.lemma_.lower()
    cheap = token.lower_ in ("discounted", "cut-price") or lemma == "discount"
    if not cheap:
        return
    above = token.head.head
    near = [*token.children, *(token.head.children), token.head, *(o for _, o in frames.prepositions(token))]
    selling = token.dep_ == "pobj" and above.lemma_.lower() in ("sell", "offer", "supply", "export", "ship")
    near += frames.objects(above) if selling else []
    goods = [t for t in near if t.lemma_.lower() in _GOODS and abs(t.i - token.i) < 8]
    if not goods:
        return
    good = goods[0]
    sellers = _owners(good, resolver) or after(good, resolver, "from") or after(token, resolver, "from", "by")
    buyers = [c for g in (good, token) for c in after(g, resolver, "to", "for")]
    if selling:
        sellers = sellers or [c for s in frames.subjects(above) for c in resolver.codes(s, things=True)]
        buyers = buyers or after(above, resolver, "to")
    mentioned = list(dict.fromkeys(m.code for i, m in sorted(resolver.passage.at.items())
                                   if token.sent.start <= i < token.sent.end))  # fmt: skip
    focus = resolver.memory_at(token).focus
    if not sellers:
        sellers = [c for c in mentioned if c != focus][:1]
    if not buyers:
        buyers = [c for c in mentioned if c not in sellers][:1] or ([focus] if focus and focus not in sellers else [])
    change = change_of(token)
    evidence = token.head.head if token.dep_ == "pobj" and token.head.head.lower_ in SHRINK | GROW else token
    for s in dict.fromkeys(sellers):
        for b in dict.fromkeys(buyers):
            if s != b:
                clause = frames.clause_root(token)
                yield State("discount", s, b, good, (clause,) if change else (good, token, evidence), change)


def pressure(token: Any, resolver: Resolver) -> Iterator[State]:
    """'X faces pressure', 'pressure from Z on X', 'Z's pressure', 'under pressure'. Unnamed source: None."""
    if token.lemma_.lower() not in _PRESSURE or token.pos_ not in ("NOUN", "PROPN"):
        return
    targets = after(token, resolver, "on", "upon", "against", "in")
    sources = after(token, resolver, "from", "by") or [
        c for p in frames.children(token, "poss") for c in resolver.codes(p, things=True)
    ]
    for mod in frames.children(token, "amod", "compound", "nmod"):
        mention = resolver.passage.at.get(mod.i)
        if mention is not None:
            sources.append(mention.code)
    evidence: Any = token
    governor = token.head.head if token.dep_ == "pobj" else token.head
    under = token.dep_ == "pobj" and token.head.lower_ in ("under", "after", "amid", "despite", "following")
    if not targets and (under or governor.lemma_.lower() in _FACE | RESIST):
        found = [token.head.head] if under and governor.pos_ in ("NOUN", "PROPN") else frames.subjects(governor)
        targets = [c for s in found for c in resolver.codes(s, things=True)]
        evidence = frames.clause_root(token)
        if governor.pos_ == "VERB" and governor.dep_ != "conj":
            evidence = governor
    elif targets and not sources and governor.lemma_.lower() in ("put", "exert", "increase", "apply", "keep", "step"):
        sources = [c for s in frames.subjects(governor) for c in resolver.codes(s, things=True)]
        evidence = governor
    for target in dict.fromkeys(targets):
        for source in dict.fromkeys(s for s in sources if s != target) or [None]:
            yield State("pressure", source, target, token, (evidence,), change_of(token))


def _unaligned(token: Any) -> bool:
    """'Non-alignment' and 'multi-alignment', which the tokenizer takes apart."""
    before = token.doc[max(token.i - 2, 0) : token.i].text.lower()
    return token.lemma_.lower() == "alignment" and before in ("non-", "multi-")


def autonomy(token: Any, resolver: Resolver) -> Iterator[State]:
    """'Committed to strategic autonomy', 'neutrality', 'an independent foreign policy'."""
    lemma = token.lemma_.lower()
    independent = lemma == "policy" and any(
        c.lower_ in ("independent", "non-aligned", "multi-vector", "balanced") for c in token.children
    )
    if lemma not in _AUTONOMY and not independent and not _unaligned(token):
        return
    governor = token.head.head if token.dep_ == "pobj" else token.head
    owned = [c for p in frames.children(token, "poss") for c in resolver.codes(p, things=True)]
    if governor.lemma_.lower() in _KEEP or owned:
        holders = owned or [c for s in frames.subjects(governor) for c in resolver.codes(s, things=True)]
        top = governor if governor.pos_ == "VERB" else token
        for s in dict.fromkeys(holders):
            yield State("autonomy", s, None, top, (frames.clause_root(top) if not owned else top,))


_FINDERS: tuple[Finder, ...] = (
    reliance.shares, reliance.dependence, imbalance, discount, pressure, reliance.diversification, autonomy, ties,
)  # fmt: skip

"""States of affairs: ties, dependence, imbalance, discounts, pressure, diversification, autonomy.

Each finder is a small grammar of words and dependencies; `find` runs them all over a sentence. A party that the
wording leaves out is looked for where English leaves it out: in the possessor, the subject, or the state in focus.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from multialign.reading import frames
from multialign.reading.coref import Resolver
from multialign.reading.tables import words
from multialign.reading.targets import _owners, compound_pair

_RELY = frozenset({"rely", "depend", "lean"})
_DEPENDENCE = frozenset({"dependence", "reliance", "dependency", "dependance", "overdependence", "overreliance"})
_DEPENDENT = frozenset({"dependent", "reliant"})
_UNEVEN = words("relations.uneven")
_EXCEED = frozenset({"exceed", "outstrip", "outweigh", "dwarf", "surpass", "outpace"})
_PRESSURE = frozenset({"pressure", "interference", "coercion", "meddling"})
_FACE = frozenset({"face", "come", "feel", "be", "confront", "resist", "withstand", "experience", "remain", "reject"})
RESIST = frozenset({"bow", "succumb", "cave", "yield", "bend", "surrender", "resist", "withstand", "reject"})
_LESSEN = words("relations.lessen")
_KEEP = words("relations.keep")
_AUTONOMY = frozenset({"autonomy", "non-alignment", "nonalignment", "multi-alignment", "neutrality", "equidistance"})
_GROW = words("relations.grow")
_SHRINK = words("relations.shrink")
_GET = frozenset({"buy", "import", "get", "source", "obtain", "purchase", "receive", "draw"})
_GIVE = frozenset({"supply", "provide", "deliver"})
_SHARE = frozenset({"most", "percent", "cent", "half", "bulk", "majority", "third", "quarter", "much", "share", "%"})
_PARTNER = frozenset({"partner", "ally", "friend"})
_SUPPLIER = frozenset({"supplier", "provider", "creditor", "source", "investor", "lender"})
_BUYER = frozenset({"customer", "buyer", "market", "importer", "purchaser"})
_RELATING = words("relations.relating")
_GOODS = words("relations.goods")
_TRIGGERS = (
    _RELY | _DEPENDENCE | _DEPENDENT | _UNEVEN | _EXCEED | _PRESSURE | _AUTONOMY | _GET | _GIVE | _PARTNER | _SUPPLIER
    | _BUYER | _RELATING
    | {"owe", "account", "deficit", "surplus", "imbalance", "skew", "tilt", "discount", "discounted", "cut-price",
       "diversify", "diversification", "policy", "alignment", "imports", "purchases"}
)  # fmt: skip
"""Words without which a sentence tells no state of affairs."""


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


def change_of(noun: Any) -> str | None:
    """Whether a noun phrase says that it grows ('more') or shrinks ('less')."""
    near = [c for c in noun.children if c.dep_ in ("amod", "advcl", "acl", "compound")]
    if noun.dep_ == "dobj" and noun.head.dep_ == "acl" and noun.head.lower_ in _GROW | _SHRINK:
        near.append(noun.head)  # 'deepening alignment' read as a verb and its object
    if noun.dep_ in ("nsubj", "nsubjpass") and noun.head.pos_ == "VERB":
        near.append(noun.head)
    if noun.dep_ == "pobj" and noun.head.lower_ in ("of", "in") and noun.head.head.pos_ == "NOUN":
        near.append(noun.head.head)
    words = {w for t in near for w in (t.lower_, t.lemma_.lower())}
    words |= {t.lower_ for c in near for t in c.children if t.dep_ == "advmod"}
    if words & _SHRINK:
        return "less"
    return "more" if words & _GROW else None


def _holder(noun: Any, resolver: Resolver) -> list[str]:
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


def _others(noun: Any, resolver: Resolver, *preps: str) -> list[str]:
    out: list[str] = []
    for prep, obj in frames.prepositions(noun):
        if prep in preps:
            out += resolver.codes(obj)
    return list(dict.fromkeys(out))


def _parties(noun: Any, resolver: Resolver) -> list[tuple[str, str]]:
    """Directed dyads of a noun of relating: 'X's ties with Y', 'ties between X and Y', 'X-Y ties', 'their ties'."""
    pair = compound_pair(noun, resolver)
    if pair:
        return [(pair[0], pair[1])]
    between = _others(noun, resolver, "between", "among")
    if len(between) >= 2:
        return [(between[0], other) for other in between[1:]]
    whole = noun
    others = _others(noun, resolver, "with", "to", "toward", "towards")
    if not others and noun.dep_ == "conj" and noun.head.pos_ == "NOUN":
        whole = noun.head
        others = _others(whole, resolver, "with", "to")
    if not others and frames.children(noun, "conj"):
        others = [c for x in frames.children(noun, "conj") for c in _others(x, resolver, "with", "to")]
    holders = _holder(whole, resolver)
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


def ties(token: Any, resolver: Resolver) -> Iterator[State]:
    """A standing relation of two states; also 'X is Y's largest trading partner', 'supplier', 'market'."""
    lemma = token.lemma_.lower()
    if token.pos_ not in ("NOUN", "PROPN"):
        return
    if lemma in _RELATING:
        if token.dep_ in ("compound", "nmod", "amod") or _unaligned(token):
            return
        for source, target in _parties(token, resolver):
            yield State("tie", source, target, token, (token,), change_of(token))
    elif lemma in _PARTNER | _SUPPLIER | _BUYER and token.dep_ in ("attr", "appos", "pobj", "oprd"):
        owners = [c for p in frames.children(token, "poss") for c in resolver.codes(p)]
        owners += _others(token, resolver, "of", "for", "to")
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
        for source in _holder(token, resolver)[:1]:
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
        lenders += _others(token, resolver, "to")
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
    if token.pos_ != "VERB" or lemma not in _GET | _GIVE:
        return
    for obj in frames.objects(token):
        if obj.lemma_.lower() not in _SHARE:
            continue
        whole = [h for p, o in frames.prepositions(obj) if p == "of" for h in frames.conjuncts(o)]
        doers = [c for s in frames.subjects(token) for c in resolver.codes(s, things=True)]
        if lemma in _GET:
            others = [c for t in (token, obj, *whole) for c in _others(t, resolver, "from")]
            pairs = [(a, b) for a in doers for b in others]
            if not pairs:  # 'X buys most of Y's gas': Y depends on its buyer
                pairs = [(b, a) for a in doers for o in whole for b in _owners(o, resolver)]
        else:
            pairs = [(b, a) for a in doers for o in whole for b in _owners(o, resolver)]
        for a, b in dict.fromkeys(pairs):
            if a != b:
                yield State("dependence", a, b, token, (token,))


def _misread_shares(noun: Any, resolver: Resolver) -> Iterator[State]:
    """'X imports most of its gas from Y', the verb taken for a noun: X its compound, the share its apposition."""
    buyers = [resolver.passage.at[c.i].code for c in frames.children(noun, "compound") if c.i in resolver.passage.at]
    shares_ = [c for c in frames.children(noun, "appos") if c.lemma_.lower() in _SHARE]
    sellers = [c for t in (noun, *shares_) for c in _others(t, resolver, "from")] if shares_ else []
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


def imbalance(token: Any, resolver: Resolver) -> Iterator[State]:
    """'The trade relationship is lopsided', 'X's deficit with Y', 'imports from Y exceed exports'."""
    lemma, lower = token.lemma_.lower(), token.lower_
    if lower in _UNEVEN or (token.pos_ == "VERB" and lemma in ("imbalance", "skew", "tilt")):
        nouns = [token.head] if token.dep_ == "amod" else frames.subjects(token)
        nouns += [token] if token.pos_ == "NOUN" else []
        for noun in nouns:
            if not (_about_trade(noun) or noun is token):
                continue
            for s, t in _parties(noun, resolver):
                yield State("imbalance", s, t, token, (token if noun is token else frames.clause_root(token),))
    elif lemma in ("deficit", "surplus") and token.pos_ == "NOUN":
        trade = [o for p, o in frames.prepositions(token) if p in ("in", "on") and _about_trade(o)]
        if not (trade or (_about_trade(token) and not any(c.lower_ == "budget" for c in token.children))):
            return
        for s, t in _parties(token, resolver) or [p for o in trade for p in _parties(o, resolver)]:
            yield State("imbalance", s, t, token, (token,), change_of(token))
    elif lemma in _EXCEED and token.pos_ == "VERB":
        nouns = [*frames.subjects(token), *frames.objects(token)]
        if {"import", "export"} <= {n.lemma_.lower() for n in nouns}:
            holders = _holder(nouns[0], resolver)[:1]
            others = [c for n in nouns for c in _others(n, resolver, "from", "to", "of")]
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
    sellers = _owners(good, resolver) or _others(good, resolver, "from") or _others(token, resolver, "from", "by")
    buyers = [c for g in (good, token) for c in _others(g, resolver, "to", "for")]
    if selling:
        sellers = sellers or [c for s in frames.subjects(above) for c in resolver.codes(s, things=True)]
        buyers = buyers or _others(above, resolver, "to")
    mentioned = list(dict.fromkeys(m.code for i, m in sorted(resolver.passage.at.items())
                                   if token.sent.start <= i < token.sent.end))  # fmt: skip
    focus = resolver.memory_at(token).focus
    if not sellers:
        sellers = [c for c in mentioned if c != focus][:1]
    if not buyers:
        buyers = [c for c in mentioned if c not in sellers][:1] or ([focus] if focus and focus not in sellers else [])
    change = change_of(token)
    evidence = token.head.head if token.dep_ == "pobj" and token.head.head.lower_ in _SHRINK | _GROW else token
    for s in dict.fromkeys(sellers):
        for b in dict.fromkeys(buyers):
            if s != b:
                clause = frames.clause_root(token)
                yield State("discount", s, b, good, (clause,) if change else (good, token, evidence), change)


def pressure(token: Any, resolver: Resolver) -> Iterator[State]:
    """'X faces pressure', 'pressure from Z on X', 'Z's pressure', 'under pressure'. Unnamed source: None."""
    if token.lemma_.lower() not in _PRESSURE or token.pos_ not in ("NOUN", "PROPN"):
        return
    targets = _others(token, resolver, "on", "upon", "against", "in")
    sources = _others(token, resolver, "from", "by") or [
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


def diversification(token: Any, resolver: Resolver) -> Iterator[State]:
    """'X seeks to diversify its suppliers', 'away from Y'."""
    if token.lemma_.lower() != "diversify" and token.lemma_.lower() != "diversification":
        return
    holders = [c for s in frames.subjects(token) for c in resolver.codes(s, things=True)]
    if not holders and token.pos_ == "NOUN":
        holders = _holder(token, resolver)[:1]
    away: list[str | None] = [*_others(token, resolver, "from")] or [None]
    for s in dict.fromkeys(holders):
        yield from (State("diversification", s, t, token, (token,)) for t in away if s != t)


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
    shares, dependence, imbalance, discount, pressure, diversification, autonomy, ties,
)  # fmt: skip

"""Possessors and pairs: whose 'its' is, which two 'both sides' are, as far as the words before tell."""

from __future__ import annotations

from typing import Any

from multialign.reading import frames
from multialign.reading.tables import words


def other_party(token: Any, at: dict[int, Any], own: set[str]) -> str | None:
    """'X punishes Y over its war', 'X thanks Y for its help': the other party's. `own` are the subject's codes."""
    noun = token.head
    if token.dep_ != "poss" or noun.dep_ not in ("pobj", "pcomp") or noun.head.lower_ not in ("over", "for"):
        return None
    for i in range(noun.head.i - 1, token.sent.start - 1, -1):
        mention = at.get(i)
        if mention is not None and mention.code not in own and token.doc[i].dep_ in ("pobj", "dobj"):
            return str(mention.code)
        if token.doc[i].pos_ == "VERB":
            return None
    return None


def is_definite(token: Any) -> bool:
    """'The country', 'this government', 'the President': one that is known."""
    return token.tag_ in ("NN", "NNP") and any(c.lower_ in ("the", "this", "that") for c in token.children)


def is_attribute(token: Any) -> bool:
    """Whether a possessor stands in a predicate noun ('X is its largest market')."""
    return token.dep_ == "poss" and token.head.dep_ == "attr"


def near_possessors(head: Any, token: Any) -> list[Any]:
    """Possessors inside a noun phrase that ends before `token`, nearest last ('between Russia's ... and its')."""
    return [t for t in head.subtree if t.dep_ == "poss" and t.i < token.i] or [
        t for t in head.subtree if t.i + 1 < token.i and t.nbor(1).text in ("'s", "’s")
    ]


def joint_owners(noun: Any, at: dict[int, Any]) -> list[str]:
    """Every state of 'Russian and Indian officials', 'envoys from X, Y and Z'."""
    out = []
    for mod in frames.children(noun, "amod", "compound", "nmod"):
        for m in frames.conjuncts(mod):
            mention = at.get(m.i)
            if mention is not None and mention.kind != "person":
                out.append(mention.code)
    for prep, obj in frames.prepositions(noun) if not out else ():
        if prep in ("of", "from"):
            mentions = [at.get(m.i) for m in frames.conjuncts(obj)]
            out += [m.code for m in mentions if m is not None and m.kind not in ("person", "place")]
    return list(dict.fromkeys(out))


_POWERS = words("coref.powers")
_PAIR_WORDS = frozenset({"both", "two"})


def is_pair(noun: Any) -> bool:
    """'Both nations', 'the two sides'."""
    return noun.tag_ in ("NNS", "NN") and any(c.lower_ in _PAIR_WORDS for c in noun.children)


def last_two(noun: Any, known: list[str]) -> list[str]:
    """Which two of the parties named last, the nearest first: powers are great powers; neighbours are not guessed."""
    if noun.lemma_.lower() == "power":
        known = [c for c in known if c in _POWERS]
    return [] if len(known) > 2 and noun.lemma_.lower() in ("neighbour", "neighbor") else known[:2]


def named_before(token: Any, at: dict[int, Any]) -> list[str]:
    """Codes of the parties named in the sentence before `token`, in order; not of places."""
    out = []
    for i in range(token.sent.start, token.i):
        mention = at.get(i)
        if mention is not None and (i == token.sent.start or at.get(i - 1) is not mention):
            head = token.doc[i]
            if head.dep_ == "pobj" and head.head.lower_ in frames.LOCATIVE:
                continue  # 'economists in Singapore': a place, no party
            out.append(mention.code)
    return out

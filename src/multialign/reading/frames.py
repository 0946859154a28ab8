"""Dependency frames: who does a predicate, to whom, under which other predicate.

Functions on spaCy tokens (ClearNLP labels of the English models). They look at syntax only; `coref` says who the
tokens stand for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from multialign.reading.tables import words

Token = Any

OBJECT_CONTROL = words("frames.object_control")
LOCATIVE = words("frames.locative")
CLAUSAL = words("frames.clausal")
CHARGING = words("frames.charging")
JUDGING = words("frames.judging")
_MAX_CLIMB = 40


def children(token: Token, *deps: str) -> list[Token]:
    """Children of `token` with one of these labels, in order."""
    return [c for c in token.children if c.dep_ in deps]


def climb(token: Token) -> Iterator[Token]:
    """`token` and its heads up to the root (bounded)."""
    for _ in range(_MAX_CLIMB):
        yield token
        if token.head is token or token.head.i == token.i:
            return
        token = token.head


def is_passive(verb: Token) -> bool:
    """Whether the verb is passive, finite ('was accused') or reduced ('accused by')."""
    if verb.lower_ in ("opposed", "prepared", "committed", "determined", "engaged", "involved") and not children(
        verb, "agent"
    ):
        return False  # states of mind, not passives
    if children(verb, "auxpass", "nsubjpass") or _joined_passive(verb):
        return True
    return verb.tag_ == "VBN" and verb.dep_ == "acl" and bool(children(verb, "agent"))


def _dateline(found: list[Token]) -> bool:
    """Whether the first of several subjects is the place of a dateline ('DELHI, 9 May - The minister said')."""
    first = found[0]
    if len(found) < 2 or first.i != first.sent.start or not first.text.isupper():
        return False
    return any(t.text in ("-", "–", "—", "--") for t in first.doc[first.i : found[-1].i])


def _joined_passive(verb: Token) -> bool:
    """Whether a participle shares the passive before it ('was trained and equipped by X')."""
    if verb.dep_ != "conj" or verb.tag_ != "VBN" or children(verb, "nsubj", "aux", "dobj"):
        return False
    return verb.head.tag_ == "VBN" and bool(children(verb.head, "auxpass"))


def subjects(verb: Token, depth: int = 0) -> list[Token]:
    """Tokens that head the (deep) subject of a verb, adjective or noun; empty when it has none.

    Control is followed: infinitives take the subject of what governs them (or its object, for verbs such as
    'urge'), gerunds after a noun its possessor, participles the noun they modify.
    """
    if depth > 8:
        return []
    if is_passive(verb):
        own = [a for agent in children(verb, "agent") for a in children(agent, "pobj")]
        if not own and not _joined_passive(verb):  # 'was trained and equipped by X': X trained it too
            own = [a for c in children(verb, "conj") if _joined_passive(c)
                   for agent in children(c, "agent") for a in children(agent, "pobj")]  # fmt: skip
        if own or children(verb, "nsubjpass"):
            return own
    own = children(verb, "nsubj", "csubj") or children(verb, "nsubjpass")
    if own:
        return [_antecedent(own[-1] if _dateline(own) else own[0], verb)]
    outer = misplaced(verb)
    if outer is not None:
        return subjects(outer, depth + 1)
    owner = children(verb, "poss")
    if verb.pos_ in ("NOUN", "PROPN"):
        return owner or _noun_subject(verb, depth)
    head, dep = verb.head, verb.dep_
    if dep == "xcomp" and head.lemma_.lower() in OBJECT_CONTROL and children(head, "dobj"):
        return children(head, "dobj")[:1]
    if dep in ("xcomp", "acomp", "conj", "advcl", "oprd", "ccomp", "attr", "dep") and head is not verb:
        if head.pos_ in ("NOUN", "PROPN") and dep == "advcl":
            return children(head, "poss") or subjects(head.head, depth + 1)
        if dep in ("advcl", "xcomp") and _reduced(head) and any(c.tag_ == "TO" for c in verb.children):
            return _noun_subject(head.head, depth)  # 'X reached a deal mediated by Y to end ...': X ends it
        raised = children(head, "nsubjpass") if dep in ("xcomp", "oprd") else []
        if raised and not children(verb, "auxpass"):  # 'X is expected to visit': X visits
            return raised[:1]
        return subjects(head, depth + 1)
    if dep == "pcomp":
        noun = head.head
        if head.lower_ == "of" and noun.dep_ == "pobj" and noun.head.dep_ == "agent":
            noun = noun.head.head  # 'suspected by X of doing', the 'of' hung on X
        if noun.pos_ in ("NOUN", "PROPN"):
            return children(noun, "poss") or _noun_subject(noun, depth)
        if head.lower_ == "of" and noun.lemma_.lower() in CHARGING:  # 'accused X of doing', 'suspected of doing'
            if is_passive(noun) or noun.dep_ == "acl":
                return children(noun, "nsubjpass") or ([noun.head] if noun.dep_ == "acl" else [])
            return children(noun, "dobj")
        if head.lower_ == "for" and noun.lemma_.lower() in JUDGING and objects(noun):
            return objects(noun)  # 'thanked X for vetoing the draft': X vetoed it
        return subjects(noun, depth + 1)
    if dep in ("acl", "relcl"):
        if verb.tag_ == "VBN" and not children(verb, "aux"):
            return []
        if any(c.dep_ == "aux" and c.tag_ == "TO" for c in verb.children):
            return children(head, "poss") or _noun_subject(head, depth)
        return [head]
    return []


def _reduced(verb: Token) -> bool:
    """Whether a verb is a participle after a noun with its agent ('a deal mediated by X')."""
    return verb.dep_ == "acl" and verb.tag_ == "VBN" and bool(children(verb, "agent"))


def _noun_subject(noun: Token, depth: int) -> list[Token]:
    """Who has the plan or the readiness when nobody owns it in the noun phrase: the subject of its verb."""
    if depth > 8:
        return []
    by = [p for prep in children(noun, "prep") if prep.lower_ == "by" for p in children(prep, "pobj")]
    if by:
        return by
    head = noun.head
    if noun.dep_ in ("dobj", "attr", "oprd") and head.pos_ in ("VERB", "AUX"):
        return subjects(head, depth + 1)
    if noun.dep_ == "pobj" and head.head.pos_ in ("VERB", "AUX"):
        return subjects(head.head, depth + 1)
    if noun.dep_ == "pobj" and head.head.pos_ == "NOUN":
        return children(head.head, "poss") or _noun_subject(head.head, depth + 1)
    return []


def agents_of(noun: Token) -> list[Token]:
    """Who does what a noun names: 'by X', also where the parser hung it on the object ('the arrest of Y by X')."""
    near = [noun, *(obj for prep, obj in prepositions(noun) if prep == "of")]
    return [obj for n in near for prep, obj in prepositions(n) if prep == "by"]


def misplaced(verb: Token) -> Token | None:
    """The verb that a conjunct belongs to when the parser hung it one clause too low.

    'He acknowledged that India faces pressure and stressed ...': a past tense coordinated with the present tense
    of a reported clause goes with the past tense of the verb of saying.
    """
    head = verb.head
    if verb.dep_ != "conj" or verb.tag_ != "VBD" or head.dep_ != "ccomp" or head.tag_ not in ("VBZ", "VBP", "MD"):
        return None
    return head.head if head.head.tag_ == "VBD" else None


def _antecedent(subject: Token, verb: Token) -> Token:
    if verb.dep_ == "relcl" and subject.tag_ in ("WDT", "WP") and verb.head is not verb:
        return verb.head
    return subject


def objects(verb: Token) -> list[Token]:
    """Direct objects; the surface subject of a passive."""
    if is_passive(verb):
        found = children(verb, "nsubjpass")
        if not found and verb.dep_ == "acl":
            return [verb.head]
        return found or (children(verb.head, "nsubjpass") if verb.dep_ == "conj" else [])
    found = children(verb, "dobj")
    if verb.dep_ == "relcl" and (found[0].tag_ in ("WDT", "WP") if found else _left_out(verb)):
        return [verb.head, *found[1:]]  # 'the tariff (that) X imposed'
    return found


def _left_out(verb: Token) -> bool:
    """Whether the object of a relative clause is the noun before it, with no word for it ('the tariff X imposed')."""
    own = children(verb, "nsubj")
    if not own or own[0].tag_ in ("WDT", "WP") or children(verb, "ccomp", "xcomp", "prt", "acomp", "attr", "oprd"):
        return False
    return not any(c.tag_ in ("WRB", "WDT", "WP") for c in verb.subtree if c.i < own[0].i) and verb.head.pos_ == "NOUN"


def prepositions(token: Token) -> list[tuple[str, Token]]:
    """(preposition, object) pairs under a token, also through the particle-like 'out of', 'up to'."""
    out: list[tuple[str, Token]] = []
    for prep in children(token, "prep", "dative", "prt"):
        for obj in children(prep, "pobj", "pcomp"):
            out.append((prep.lower_, obj))
        for inner in children(prep, "prep"):
            out.extend((inner.lower_, obj) for obj in children(inner, "pobj", "pcomp"))
    return out


def conjuncts(token: Token) -> list[Token]:
    """`token` and what is coordinated with it to the right."""
    out: list[Token] = []
    todo = [token]
    while todo and len(out) < 24:
        t = todo.pop(0)
        out.append(t)
        todo.extend(children(t, "conj"))
    return out


def finite_head(token: Token) -> Token:
    """The verb that carries the tense of a predicate ('is' for 'is ready to expand')."""
    for t in climb(token):
        if t.pos_ in ("VERB", "AUX") and t.tag_ in ("VBD", "VBP", "VBZ", "MD"):
            return t
        if t.pos_ in ("VERB", "AUX") and any(c.dep_ in ("aux", "auxpass") and c.tag_ != "TO" for c in t.children):
            return t
        if t.dep_ in ("ROOT", "relcl"):
            return t
    return token


def clause_root(token: Token) -> Token:
    """The head of the clause that `token` stands in (conjoined verbs begin clauses of their own)."""
    for t in climb(token):
        if t.dep_ in ("ROOT", "ccomp", "advcl", "relcl", "parataxis", "csubj"):
            return t
        if t.dep_ == "conj" and t.pos_ in ("VERB", "AUX") and t.head.pos_ in ("VERB", "AUX"):
            return t
    return token


def negated(token: Token) -> bool:
    """Whether the predicate, or the verb it hangs on, is denied ('not', 'never', 'no', 'neither')."""
    seen = token
    for t in climb(token):
        if (
            t.dep_ == "xcomp"
            and t.head.lemma_ == "have"
            and any(c.lower_ == "yet" for c in [*t.children, *t.head.children])
        ):
            return True  # 'have yet to sign'
        if any(c.dep_ == "neg" or c.lower_ in ("neither", "nor", "never") for c in t.children):
            return True
        if any(c.lower_ == "neither" for s in children(t, "nsubj", "nsubjpass") for c in s.children):
            return True  # 'neither X nor Y would ...'
        for obj in children(t, "dobj", "attr", "nsubjpass") if t.pos_ in ("VERB", "AUX") else ():
            if any(c.lower_ in ("no", "neither") for c in obj.children):
                return True
        seen = t
        if seen.dep_ not in ("xcomp", "acomp", "attr", "oprd"):
            return False
    return False


def infinitive(verb: Token) -> bool:
    """Whether a verb stands with 'to'."""
    return any(c.tag_ == "TO" for c in verb.children)


def particle(verb: Token) -> str:
    """The verb's particle ('off' of 'break off'), or ''."""
    found = children(verb, "prt")
    return found[0].lower_ if found else ""

"""Events: the PLOVER root of a predicate, composed from what it says and what it governs.

'is ready to expand cooperation' is a commitment (operator) to cooperation (lexicon): AGREE. 'refused to lift
sanctions' is a refusal: REJECT. 'will impose tariffs' is hostile and to come: THREATEN. The tables in
``reading/data`` hold the words; this module holds how they combine.

Roots follow PLOVER 0.8 (Open Event Data Alliance, 2021) as used in POLECAT (Halterman et al. 2023). One choice
is ours: imposing sanctions, tariffs or an embargo is SANCTION, a cut in relations, as in CAMEO, not COERCE.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from multialign.reading import frames
from multialign.reading.modes import modals
from multialign.reading.tables import table, words

COOPERATIVE = words("events.cooperative")
HOSTILE = words("events.hostile")
VERBAL = words("events.verbal")

_NEED = words("events.need")
_ECHO = words("events.echo")
_WEAK_COMMIT = words("events.weak_commit")
_OBJECTIVE = words("events.objective")
_SELF_STANDING = words("events.self_standing")
_COMMIT_WITHOUT_INNER = words("events.commit_without_inner")


@dataclass(frozen=True)
class Coded:
    """An event found: its root, the tokens that carry it, and those whose complements may name the target."""

    event: str
    top: Any
    trail: tuple[Any, ...]
    negated: bool = False
    operator: str | None = None
    echo: bool = False
    """True when what is promised is said by reference ('we will go as far')."""

    @property
    def indexes(self) -> frozenset[int]:
        """Indexes in the passage of the tokens that carry it."""
        return frozenset(t.i for t in self.trail)


@cache
def _verbs() -> dict[str, list[tuple[frozenset[str], str, str]]]:
    out: dict[str, list[tuple[frozenset[str], str, str]]] = {}
    for r in table("verbs"):
        wanted = frozenset(r["object"].split("|")) if r["object"] else frozenset()
        out.setdefault(r["verb"], []).append((wanted, r["preposition"], r["event"]))
    for rules in out.values():  # the most constrained first
        rules.sort(key=lambda rule: (not (rule[0] and rule[0] != {"@"}), not rule[1], not rule[0]))
    return out


@cache
def noun_classes() -> dict[str, tuple[str, str]]:
    """Noun -> (class, event of the noun standing alone or '')."""
    return {r["noun"]: (r["class"], r["event"]) for r in table("nouns")}


@cache
def _operators() -> dict[tuple[str, str], str]:
    return {(r["word"], r["pos"]): r["operator"] for r in table("operators")}


def operator(token: Any) -> str | None:
    """What a word does to the event that it governs (`commit`, `refuse`, `ask` ...), or None."""
    lemma, table_ = token.lemma_.lower(), _operators()
    if token.pos_ in ("NOUN", "PROPN"):
        return table_.get((lemma, "noun"))
    if token.lower_ == "expected" and frames.children(token, "auxpass"):
        return "commit"
    if token.pos_ == "ADJ" or token.dep_ == "acomp":
        return table_.get((token.lower_, "adj")) or (table_.get((lemma, "verb")) if token.pos_ == "VERB" else None)
    if token.pos_ in ("VERB", "AUX"):
        if token.lower_ in ("set", "prepared", "committed", "opposed") and token.dep_ in ("acomp", "ROOT"):
            return table_.get((token.lower_, "adj"))
        return table_.get((lemma, "verb"))
    return None


def object_classes(verb: Any) -> set[str]:
    """Classes of a verb's objects, through 'a level of engagement', 'a round of talks', and coordination."""
    found: set[str] = set()
    for obj in frames.objects(verb):
        for head in frames.conjuncts(obj):
            found |= _classes_of(head)
    return found


def _classes_of(head: Any) -> set[str]:
    classes = noun_classes()
    found = set()
    lemma = head.lemma_.lower()
    if lemma in classes:
        found.add(classes[lemma][0])
    for prep, inner in frames.prepositions(head):
        if prep in ("of", "in") and (lemma not in classes or classes[lemma][0] in ("talk", "measure", "aid", "effort")):
            for h in frames.conjuncts(inner):
                if h.lemma_.lower() in classes:
                    found.add(classes[h.lemma_.lower()][0])
    for mod in frames.children(head, "compound", "amod"):
        if mod.lemma_.lower() in classes and not found:
            found.add(classes[mod.lemma_.lower()][0])
    return found


class Coder:
    """Codes the predicates of one passage. `is_actor` tells whether a noun phrase stands for an actor."""

    def __init__(self, is_actor: Any) -> None:
        self.is_actor = is_actor
        self._cache: dict[int, Coded | None] = {}

    def code(self, token: Any, depth: int = 0) -> Coded | None:
        """The event that `token` carries, its complements taken in; None if it carries none."""
        if depth > 6:
            return None
        if token.i not in self._cache:
            self._cache[token.i] = None
            self._cache[token.i] = self._code(token, depth)
        return self._cache[token.i]

    def _code(self, token: Any, depth: int) -> Coded | None:
        op = operator(token)
        if op is not None:
            composed = self._compose(token, op, depth)
            if composed is not None:
                return composed
        event = self.lexical(token)
        if event is None:
            return None
        if token.pos_ in ("VERB", "AUX"):
            trail = (token, *_event_objects(token))
            event, negated = _tensed(token, event)
            return Coded(event, token, trail, negated)
        return Coded(event, token, (token,), frames.negated(token))

    def lexical(self, token: Any) -> str | None:
        """The root that the lexicon gives a word by itself, with its object's class and preposition."""
        lemma = _lemma(token)
        if token.pos_ in ("NOUN", "PROPN"):
            if lemma not in noun_classes():
                return None
            return noun_classes()[lemma][1] or None
        if token.pos_ not in ("VERB", "AUX") or lemma not in _verbs():
            return None
        if token.tag_ == "VBG" and token.dep_ in ("acl", "amod") and token.i and token.nbor(-1).tag_ == "POS":
            return None  # 'Russia's deepening alignment': an adjective taken for a verb
        classes = object_classes(token)
        preps = {p for p, _ in frames.prepositions(token)} | {frames.particle(token)}
        for obj in frames.objects(token):  # 'buys 70 percent of its arms from X'
            preps |= {p for p, _ in frames.prepositions(obj)}
            preps |= {p for q, o in frames.prepositions(obj) if q == "of" for p, _ in frames.prepositions(o)}
        for wanted, prep, event in _verbs()[lemma]:
            if prep and prep not in preps:
                continue
            if wanted == {"@"}:
                if any(self.is_actor(o) for o in frames.objects(token)):
                    return event
                continue
            if wanted and not (wanted & classes):
                continue
            return event
        return None

    def _inner(self, token: Any, depth: int) -> tuple[Coded | None, Any | None]:
        """The event that an operator governs, and the complement token that carries it."""
        clauses = frames.children(token, "xcomp", "ccomp", "acl")
        nouns: list[Any] = []
        for prep, obj in frames.prepositions(token):
            if prep in _OBJECTIVE:
                (clauses if obj.pos_ in ("VERB", "AUX") else nouns).append(obj)
        if token.pos_ in ("VERB", "AUX"):
            nouns = [*frames.objects(token), *nouns]
        for clause in clauses:
            first: tuple[Coded, Any] | None = None
            for verb in frames.conjuncts(clause):
                found = self.code(verb, depth + 1)
                if found is None and verb.lemma_ == "be":
                    for adj in frames.children(verb, "acomp", "attr"):
                        found = found or self.code(adj, depth + 1)
                if found is None:
                    continue
                if first is None:
                    first = (found, verb)
                elif (found.event in COOPERATIVE) == (first[0].event in COOPERATIVE):
                    # 'ready to share tools and to lower tariffs': one act of the operator, read once
                    first = (replace(first[0], trail=(*first[0].trail, *found.trail)), first[1])
            if first is not None:
                return first
        for noun in nouns:
            found = self._noun_inner(noun, depth)
            if found is not None:
                return found, noun
        return None, (clauses or nouns or [None])[0]

    def _noun_inner(self, noun: Any, depth: int) -> Coded | None:
        for head in frames.conjuncts(noun):
            found = self.code(head, depth + 1)
            if found is not None:
                return found
            classes = _classes_of(head)
            event = next((_OF_CLASS[c] for c in sorted(classes) if c in _OF_CLASS), None)
            if event is not None:
                return Coded(event, head, (head, *(o for p, o in frames.prepositions(head) if p == "of")))
        return None

    def _compose(self, token: Any, op: str, depth: int) -> Coded | None:
        lemma = token.lower_ if token.pos_ == "ADJ" else token.lemma_.lower()
        inner, complement = self._inner(token, depth)
        inner_event = inner.event if inner is not None else None
        trail = (token, *(inner.trail if inner is not None else _event_objects(token)))
        if op == "commit":
            return self._commit(token, lemma, inner, complement, trail)
        event: str | None = None
        if op == "refuse":
            event = "REJECT"
            if token.pos_ == "NOUN" and inner is None:
                event = None
        elif op == "ask":
            forced = token.pos_ in ("VERB", "AUX") and lemma in ("demand", "urge", "press", "pressure", "request")
            if inner is not None or forced or (lemma in ("call", "appeal") and complement is not None):
                event = "REQUEST"
            if lemma in ("expect", "encourage", "require", "call") and inner is None:
                event = self.lexical(token)
            if lemma == "expect" or (token.pos_ == "NOUN" and inner is None):
                event = None
        elif op == "threaten":
            plain_warning = lemma == "warn" and not any(self.is_actor(o) for o in frames.objects(token))
            event = None if plain_warning and inner_event not in HOSTILE else "THREATEN"
        elif op == "stop":
            if inner_event in HOSTILE:
                event = "RETREAT" if inner_event in ("ASSAULT", "MOBILIZE", "COERCE") else "YIELD"
            elif inner_event in COOPERATIVE:
                event = "SANCTION"
        elif op == "go":
            event = inner_event
            if inner is not None and inner.event in ("THREATEN", "AGREE") and inner.operator is None:
                event = inner.event
        elif op == "let":
            event = "YIELD" if inner is not None or self.lexical(token) else None
        elif op == "deny":
            event = "REJECT"
        if event is None:
            return None
        negated = frames.negated(token)
        if token.pos_ in ("VERB", "AUX"):
            event, negated = _tensed(token, event)
        return Coded(event, token, trail, negated, op, bool(inner and inner.echo))

    def _commit(
        self, token: Any, lemma: str, inner: Coded | None, complement: Any, trail: tuple[Any, ...]
    ) -> Coded | None:
        negated = frames.negated(token)
        if inner is None:
            if token.pos_ == "ADJ" and complement is None and _agreeing(token):
                return Coded("REJECT" if negated else "AGREE", token, (token,), False, "commit", True)
            if complement is not None and complement.lemma_.lower() in _ECHO and _echoes(complement):
                return Coded("REJECT" if negated else "AGREE", token, (token, complement), False, "commit", True)
            if token.pos_ == "NOUN" and lemma in _SELF_STANDING and not frames.children(token, "compound"):
                return Coded("AGREE", token, trail, negated, "commit")
            if lemma in _COMMIT_WITHOUT_INNER and token.pos_ == "VERB":
                event = self.lexical(token)
                return Coded(event, token, trail, negated, "commit") if event else None
            return None
        if lemma in _NEED and inner.top.pos_ in ("NOUN", "PROPN") and inner.event in ("AID", "SUPPORT", "YIELD"):
            return Coded("REQUEST", token, trail, negated, "ask")
        if inner.negated and inner.event in HOSTILE:
            return Coded("AGREE", token, trail, False, "commit")
        if inner.event in COOPERATIVE:
            if negated or inner.negated:
                return Coded("REJECT", token, trail, False, "commit")
            if inner.top.pos_ in ("VERB", "AUX") and token.lower_ in ("due", "set", "expected", "poised"):
                event = "CONSULT" if inner.event == "CONSULT" else "AGREE"
                return Coded(event, inner.top, trail, False, "commit", inner.echo)
            return Coded("AGREE", token, trail, False, "commit", inner.echo)
        if inner.event in HOSTILE:
            return Coded("THREATEN", token, trail, negated, "commit")
        if lemma in _WEAK_COMMIT or inner.event in ("REJECT", "REQUEST", "ACCUSE"):
            return Coded(inner.event, token, trail, negated or inner.negated, "commit")
        return None


_OF_CLASS = {
    "tie": "COOPERATE", "drill": "COOPERATE", "deal": "SUPPORT", "talk": "CONSULT", "visit": "CONSULT",
    "aid": "AID", "support": "SUPPORT", "access": "YIELD", "sanction": "SANCTION", "blockade": "COERCE",
    "attack": "ASSAULT", "measure": "SANCTION", "peace": "RETREAT", "withdrawal": "RETREAT",
}  # fmt: skip
"""What a noun of each class stands for under an operator: 'threatened with sanctions', 'offered talks'."""


def _event_objects(verb: Any) -> tuple[Any, ...]:
    """Objects that belong to the event itself ('imposed sanctions'), so that they are not read again."""
    out = []
    for obj in frames.objects(verb):
        for head in frames.conjuncts(obj):
            if head.lemma_.lower() in noun_classes():
                out.append(head)
            out.extend(o for p, o in frames.prepositions(head) if p == "of" and o.lemma_.lower() in noun_classes())
    return tuple(out)


def _agreeing(adjective: Any) -> bool:
    """'we are ready too', 'so is it willing': readiness said by reference to what stands before."""
    near = {t.lower_ for t in [*adjective.children, *adjective.head.children]}
    return bool(near & {"too", "also", "likewise", "equally"})


def _echoes(verb: Any) -> bool:
    """'go that far', 'do so', 'do the same', 'respond in kind'."""
    words = {t.lower_ for t in verb.subtree}
    return bool(words & {"far", "so", "same", "kind", "likewise", "further"})


def _lemma(token: Any) -> str:
    """The lemma, with the commonest slip of the lemmatizer undone ('staged' is no form of 'stag')."""
    lemma = str(token.lemma_.lower())
    if lemma not in _verbs() and token.lower_.endswith("ed") and token.lower_[:-1] in _verbs():
        return str(token.lower_[:-1])
    return lemma


def coming_is_owed(verb: Any) -> bool:
    """'must', 'should': neither done nor promised."""
    return bool(modals(verb) & {"must", "should", "ought"})


def _tensed(verb: Any, event: str) -> tuple[str, bool]:
    """The event of a verb in its tense: what is to come is a promise or a threat; what will not be, a refusal."""
    negated = frames.negated(verb)
    if coming_is_owed(verb):
        return event, negated
    coming = bool(modals(verb) & {"will", "shall", "'ll", "’ll", "would", "wo"})
    head = verb.head
    if verb.dep_ == "conj" and not frames.children(verb, "aux", "nsubj"):
        coming = coming or bool(modals(head) & {"will", "shall", "would"})
    if verb.dep_ == "xcomp" and head.lower_ == "going":
        coming = True
        negated = negated or frames.negated(head)
    if negated and event in ("AGREE", "YIELD", "SUPPORT") and modals(verb) & {"can", "could", "ca"}:
        return "REJECT", False
    if coming and event in COOPERATIVE:
        if negated:
            return "REJECT", False
        return (event if event in ("CONSULT", "AGREE") else "AGREE"), False
    if coming and event in HOSTILE:
        return ("AGREE", False) if negated else ("THREATEN", False)
    return event, negated

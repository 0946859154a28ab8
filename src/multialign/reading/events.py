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

from multialign.reading import frames, lexicon
from multialign.reading.lexicon import classes_of, lemma_of, noun_class
from multialign.reading.modes import modals
from multialign.reading.operators import asks_a_question, operator, wished
from multialign.reading.tables import words

COOPERATIVE = words("events.cooperative")
HOSTILE = words("events.hostile")
VERBAL = words("events.verbal")

_NEED = words("events.need")
_FRIENDLY = frozenset({"offer", "agree", "pledge", "promise", "volunteer", "commit"})
_SENDING_OFF = frozenset({"order", "tell", "ask", "instruct", "direct"})
_NOMINAL = frozenset({"charge", "support", "threat", "repression"})
_GIVEN = frozenset({"AID", "COOPERATE", "YIELD", "RETREAT"})
_TRAVELLING = frozenset({"visit", "travel", "fly", "head", "go", "return", "tour", "meet", "attend"})
_PUNITIVE = ("SANCTION", "COERCE")
_EXCLUDING = frozenset({"rule", "exclude"})
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


_PARTS = frozenset({"VERB", "AUX", "ADJ", "NOUN", "PROPN"})


@cache
def _telling() -> frozenset[str]:
    return frozenset(
        {
            *lexicon.verb_rules(),
            *lexicon.noun_classes(),
            *(word for word, _ in lexicon.operators()),
            *lexicon.DESCRIBING,
            "be",
        }
    )


def may_tell(token: Any) -> bool:
    """A quick look: whether a token's word is in the lexicon at all, or a modal of duty stands with it."""
    if token.pos_ not in _PARTS:
        return False
    known = _telling()
    return lemma_of(token) in known or token.lower_ in known or coming_is_owed(token)


class Coder:
    """Codes the predicates of one passage. `is_actor` tells whether a noun phrase stands for an actor.

    With `plover`, roots are those of PLOVER's conversion table of 2021 where ours differ: sanctions imposed are
    COERCE, a meeting to come is AGREE.
    """

    def __init__(self, is_actor: Any, *, plover: bool = False) -> None:
        self.is_actor, self.plover = is_actor, plover
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
        if token.lemma_ == "be":
            return _ruled_out(token)
        if asks_a_question(token):
            return None
        if lemma_of(token) in _EXCLUDING and frames.negated(token):
            return self._left_open(token, depth)
        op = operator(token)
        if lemma_of(token) == "face" and depth == 0 and not self.plover and "charge" not in self._objects(token):
            return None  # who faces sanctions does not impose them
        event = self._specific(token) if op is not None else None
        if op == "commit" and event in _GIVEN and lemma_of(token) in _FRIENDLY:
            event = None  # 'offered loans': a promise of them
        if event is None and op is not None:
            composed = self._compose(token, op, depth)
            if composed is not None:
                return composed
        event = event or self.lexical(token)
        if event is None and lemma_of(token) in ("help", "assist") and self._helped(token):
            event = "AID"  # 'help Y to clear its mines'
        if event is None and token.pos_ in ("VERB", "AUX") and lexicon.is_light(token):
            return self._carried(token, depth)
        if not event:
            return None
        if token.pos_ in ("VERB", "AUX"):
            trail = (token, *_event_objects(token))
            event, negated = _tensed(token, event, plover=self.plover)
            return Coded(event, token, trail, negated)
        return Coded(event, token, (token,), frames.negated(token))

    def _left_open(self, token: Any, depth: int) -> Coded | None:
        """'Does not rule out supplying arms': what may yet be done."""
        inner, _ = self._inner(token, depth)
        if inner is None or (token.lemma_ == "rule" and frames.particle(token) != "out"):
            return None
        event = "AGREE" if inner.event in COOPERATIVE else "THREATEN" if inner.event in HOSTILE else None
        return Coded(event, token, (token, *inner.trail), False, "leave open") if event else None

    def _sent_off(self, token: Any) -> bool:
        clauses = frames.children(token, "ccomp", "xcomp")
        people = [*frames.objects(token), *(s for c in clauses for s in frames.children(c, "nsubj"))]
        staff = any(noun_class(p)[0] in ("envoy", "observer", "peacekeeper") for p in people)
        return staff and any(c.lemma_ in ("leave", "depart", "quit", "go") for c in clauses)

    def _objects(self, token: Any) -> set[str]:
        return {c for o in frames.objects(token) for c in classes_of(o)}

    def _helped(self, token: Any) -> bool:
        clauses = frames.children(token, "ccomp", "xcomp")
        return any(self.is_actor(s) for c in clauses for s in frames.children(c, "nsubj"))

    def _nobody(self, token: Any) -> bool:
        return any(o.lower_ in ("nobody", "none") for o in frames.objects(token))

    def _specific(self, token: Any) -> str | None:
        """The root of a verb with just this class of object ('cancel a visit'), before it works as an operator."""
        if token.pos_ not in ("VERB", "AUX") or frames.children(token, "xcomp", "ccomp"):
            return None
        return lexicon.match(token, self.is_actor, plover=self.plover, strong=True) or None

    def _carried(self, token: Any, depth: int) -> Coded | None:
        """The event of the noun that a light verb carries ('launched a drive to expand trade')."""
        for obj in frames.objects(token):
            found = self.code(obj, depth + 1)
            if found is not None:
                event, negated = _tensed(token, found.event, plover=self.plover)
                return Coded(event, token, (token, *found.trail), negated)
        return None

    def lexical(self, token: Any) -> str | None:
        """The root that the lexicon gives a word by itself, with its object's class and preposition."""
        if token.pos_ in ("NOUN", "PROPN"):
            if token.text.istitle() and token.pos_ == "PROPN":
                return None
            return noun_class(token)[1] or self._nominal(token)
        if token.pos_ not in ("VERB", "AUX"):
            return None
        if token.tag_ == "VBG" and token.dep_ in ("acl", "amod") and token.i and token.nbor(-1).tag_ == "POS":
            return None  # 'Russia's deepening alignment': an adjective taken for a verb
        return lexicon.match(token, self.is_actor, plover=self.plover) or None

    def _nominal(self, noun: Any) -> str | None:
        """'X's criticism of Y', 'the arrest of Y's traders by X': nouns that tell an act only with who does it."""
        kind = noun_class(noun)[0]
        if kind not in _NOMINAL or noun.dep_ == "compound":
            return None
        owned = any(self.is_actor(c) for c in frames.children(noun, "poss", "amod", "compound"))
        by = bool(frames.agents_of(noun))
        toward = {p for p, _ in frames.prepositions(noun)} & {"of", "for", "against", "to", "on", "over"}
        return lexicon.acts()[kind][self.plover] if (owned or by) and toward else None

    def _inner(self, token: Any, depth: int) -> tuple[Coded | None, Any | None]:
        """The event that an operator governs, and the complement token that carries it."""
        clauses = frames.children(token, "xcomp", "ccomp", "acl")
        if not clauses and token.pos_ in ("VERB", "AUX") and not frames.objects(token):
            clauses = [
                c for c in frames.children(token, "advcl") if frames.infinitive(c)
            ]  # 'offered on Friday to host talks'
        nouns: list[Any] = []
        for prep, obj in frames.prepositions(token):
            if prep in _OBJECTIVE:
                (clauses if obj.pos_ in ("VERB", "AUX") else nouns).append(obj)
        if token.pos_ in ("VERB", "AUX"):
            nouns = [*frames.objects(token), *nouns]
        elif token.dep_ == "dobj" and not clauses:  # 'reiterated its demand today that X ease ...'
            clauses = [c for c in frames.children(token.head, "ccomp") if c.i > token.i]
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
            event = lexicon.light(classes_of(head), plover=self.plover)
            if event is not None:
                return Coded(event, head, (head, *(o for p, o in frames.prepositions(head) if p == "of")))
        return None

    def _compose(self, token: Any, op: str, depth: int) -> Coded | None:
        lemma = token.lower_ if token.pos_ == "ADJ" else lemma_of(token)
        inner, complement = self._inner(token, depth)
        inner_event = inner.event if inner is not None else None
        trail = (token, *(inner.trail if inner is not None else _event_objects(token)))
        if op == "commit":
            return self._commit(token, lemma, inner, complement, trail)
        event: str | None = None
        if op == "refuse":
            if lemma == "hesitate" and frames.negated(token) and inner is not None:  # 'would not hesitate to strike'
                return Coded("THREATEN" if inner_event in HOSTILE else "AGREE", token, trail, False, op)
            event = "YIELD" if lemma == "fail" and inner_event in ("SANCTION", "COERCE") else "REJECT"
            if token.pos_ == "NOUN" and inner is None:
                event = None
        elif op == "ask":
            if lemma in _SENDING_OFF and self._sent_off(token):
                return Coded("SANCTION", token, trail, frames.negated(token), op)  # 'ordered the envoy to leave'
            forced = token.pos_ in ("VERB", "AUX") and lemma in ("demand", "urge", "press", "pressure", "request")
            forced = forced or (lemma == "insist" and wished(token))
            ending = inner is not None and inner.operator == "stop"  # 'demanded an end to supplies'
            if inner is not None and inner_event in _PUNITIVE and inner.top.pos_ == "NOUN" and not ending:
                event = (
                    "COERCE" if lemma == "order" else "ACCUSE"
                )  # 'called for sanctions against X': nobody but X is addressed
            elif lemma == "order" and inner_event in _PUNITIVE:
                event = "COERCE"  # 'ordered the newspaper to suspend publication'
            elif inner is not None or forced or (lemma in ("call", "appeal") and complement is not None):
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
            if inner_event in HOSTILE and (frames.negated(token) or self._nobody(token)):
                return Coded("SUPPORT", token, trail, False, op)  # 'will not allow anyone to threaten X'
        elif op == "deny":
            event = "REJECT"
        if event is None:
            return None
        negated = frames.negated(token)
        if token.pos_ in ("VERB", "AUX"):
            event, negated = _tensed(token, event, plover=self.plover)
        return Coded(event, token, trail, negated, op, bool(inner and inner.echo))

    def _commit(
        self, token: Any, lemma: str, inner: Coded | None, complement: Any, trail: tuple[Any, ...]
    ) -> Coded | None:
        negated = frames.negated(token)
        if lemma in ("want", "need", "like", "hope", "wish") and token.pos_ == "VERB" and self._helped(token):
            return Coded("REQUEST", token, trail, negated, "ask")  # 'X wants Y to send more'
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
            if inner.event == "CONSULT" and lemma in ("plan", "intend") and inner.top.lemma_ in _TRAVELLING:
                return Coded("AGREE" if self.plover else "CONSULT", inner.top, trail, False, "commit")
            if inner.top.pos_ in ("VERB", "AUX") and token.lower_ in ("due", "set", "expected", "poised"):
                event = "CONSULT" if inner.event == "CONSULT" and not self.plover else "AGREE"
                return Coded(event, inner.top, trail, False, "commit", inner.echo)
            return Coded("AGREE", token, trail, False, "commit", inner.echo)
        if inner.event == "MOBILIZE" and lemma in _FRIENDLY:
            return Coded("AGREE", token, trail, negated, "commit")  # 'offered to send troops'
        if inner.event in HOSTILE:
            return Coded("THREATEN", token, trail, negated, "commit")
        if lemma in _WEAK_COMMIT or inner.event in ("REJECT", "REQUEST", "ACCUSE"):
            return Coded(inner.event, token, trail, negated or inner.negated, "commit")
        return None


def _ruled_out(verb: Any) -> Coded | None:
    """'Lifting the sanctions is out of the question', 'not on the table': a refusal of what the subject names."""
    words = " ".join(t.lower_ for t in verb.doc[verb.i + 1 : verb.i + 8])
    refused = "out of the question" in words or "off the table" in words
    if not (refused or (frames.negated(verb) and "on the table" in words)):
        return None
    subject = frames.children(verb, "csubj", "nsubj")
    return Coded("REJECT", verb, (verb, *subject), operator="rule out") if subject else None


def _event_objects(verb: Any) -> tuple[Any, ...]:
    """Objects that belong to the event itself ('imposed sanctions'), so that they are not read again."""
    out = []
    for obj in frames.objects(verb):
        for head in frames.conjuncts(obj):
            if noun_class(head)[0]:
                out.append(head)
            out.extend(o for p, o in frames.prepositions(head) if p == "of" and noun_class(o)[0])
    return tuple(out)


def _agreeing(adjective: Any) -> bool:
    """'we are ready too', 'so is it willing': readiness said by reference to what stands before."""
    near = {t.lower_ for t in [*adjective.children, *adjective.head.children]}
    return bool(near & {"too", "also", "likewise", "equally"})


def _echoes(verb: Any) -> bool:
    """'go that far', 'do so', 'do the same', 'respond in kind'."""
    words = {t.lower_ for t in verb.subtree}
    return bool(words & {"far", "so", "same", "kind", "likewise", "further"})


def coming_is_owed(verb: Any) -> bool:
    """'must', 'should': neither done nor promised."""
    return verb.pos_ in ("VERB", "AUX") and bool(modals(verb) & {"must", "should", "ought"})


def _tensed(verb: Any, event: str, *, plover: bool = False) -> tuple[str, bool]:
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
        return ("CONSULT" if event == "CONSULT" and not plover else "AGREE"), False
    if coming and event in HOSTILE:
        return ("AGREE", False) if negated else ("THREATEN", False)
    return event, negated

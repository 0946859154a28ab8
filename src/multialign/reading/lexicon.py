"""The lexicon: the PLOVER root of a verb with its object and preposition, the class of a noun.

Patterns are rows of ``verbs.csv``: verbs with the same behaviour in one row, the classes (or lemmas) of the object
that they ask for, ``@`` for an actor, prepositions or particles, and the root. Where PLOVER's conversion table of
2021 differs from this project's choice, the row gives both: ``SANCTION|COERCE``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from multialign.reading import frames
from multialign.reading.gazetteer import follows, of_kind, split
from multialign.reading.tables import table, words

_LABOUR = words("lexicon.labour")
_HARSH = words("lexicon.harsh")
_BLOWS = words("lexicon.blows")
_OPAQUE = words("lexicon.opaque")
_VAGUE = words("lexicon.vague")
_LIGHT = words("lexicon.light")
_NAMES = words("lexicon.names")
_UNFOUNDED = words("lexicon.unfounded")
_TIMES = words("lexicon.times")
DESCRIBING = frozenset({"describe", "brand", "label", "characterise", "characterize", "portray", "depict", "regard"})
_NO_CLASS = ("", "")


@dataclass(frozen=True)
class Rule:
    """One pattern of a verb. `objects` are classes or lemmas; empty sets ask for nothing."""

    objects: frozenset[str]
    preps: frozenset[str]
    event: str
    plover: str

    @property
    def strong(self) -> bool:
        """Whether it asks for a class of object."""
        return bool(self.objects) and not self.objects & {"@", "*"}

    @property
    def rank(self) -> int:
        """The more it asks for, the earlier it is tried."""
        if self.strong:
            return 0 if self.preps else 1
        if self.preps:
            return 2 if self.objects else 3
        return 4 if self.objects else 5


@cache
def verb_rules() -> dict[str, tuple[Rule, ...]]:
    """Verb lemma -> its patterns, the most demanding first."""
    out: dict[str, list[Rule]] = {}
    for r in table("verbs"):
        event, _, plover = r["event"].partition("|")
        rule = Rule(_set(r["object"]), _set(r["preposition"]), event, plover or event)
        for verb in r["verbs"].split("|"):
            out.setdefault(verb, []).append(rule)
    return {verb: tuple(sorted(rules, key=lambda rule: rule.rank)) for verb, rules in out.items()}


def _set(cell: str) -> frozenset[str]:
    return frozenset(cell.split("|")) if cell else frozenset()


@cache
def noun_classes() -> dict[str, tuple[str, str]]:
    """Noun (or compound of two words) -> (class, event of the noun standing alone or '')."""
    out: dict[str, tuple[str, str]] = {}
    for r in table("nouns"):
        for noun in r["nouns"].split("|"):
            out.setdefault(noun, (r["class"], r["event"]))
    return out


@follows
@cache
def _bodies() -> frozenset[str]:
    """Names of organisations of one word ('Mercosur')."""
    return frozenset(n for r in of_kind("organisation") for n in (r["name"], *split(r["aliases"])) if " " not in n)


@cache
def _class_names() -> frozenset[str]:
    return frozenset(c for c, _ in noun_classes().values())


@cache
def acts() -> dict[str, tuple[str, str]]:
    """Class of noun -> the event that doing it is, ours and PLOVER's: 'hold talks', 'launched a campaign of'."""
    out = {}
    for r in table("classes"):
        event, _, plover = r["act"].partition("|")
        out[r["class"]] = (event, plover or event)
    return out


@cache
def operators() -> dict[tuple[str, str], str]:
    """(word, part of speech) -> what it does to the event that it governs."""
    return {(word, r["pos"]): r["operator"] for r in table("operators") for word in r["word"].split("|")}


@cache
def _known_verbs() -> frozenset[str]:
    return frozenset({*verb_rules(), *(word for word, pos in operators() if pos == "verb")})


def lemma_of(token: Any) -> str:
    """The lemma, with common slips of the lemmatizer undone ('staged' is no form of 'stag')."""
    return _lemma(token.lemma_, token.lower_, token.pos_ in ("VERB", "AUX"))


@lru_cache(100_000)
def _lemma(lemma: str, lower: str, verb: bool) -> str:
    lemma = lemma.lower()
    if verb and lemma not in _known_verbs():
        for cut, add in (("ed", ""), ("d", ""), ("ing", ""), ("ing", "e"), ("s", ""), ("es", "")):
            if lower.endswith(cut) and lower[: -len(cut)] + add in _known_verbs():
                return lower[: -len(cut)] + add
    return lemma


def noun_class(head: Any) -> tuple[str, str]:
    """(class, event standing alone) of a noun, its compound looked at first; ('', '') when it has none."""
    if head.i not in (cache_ := head.doc.user_data.setdefault("noun_class", {})):
        cache_[head.i] = _noun_class(head)
    return cache_[head.i]  # type: ignore[no-any-return]


def _noun_class(head: Any) -> tuple[str, str]:
    classes, lemma = noun_classes(), head.lemma_.lower()
    if lemma not in classes and head.lower_ in classes:
        lemma = head.lower_
    if head.i > head.sent.start:
        before = head.nbor(-1)
        if before.text == "-" and before.i > head.sent.start:
            joined = f"{before.nbor(-1).lower_}-{lemma}"  # 'cease-fire'
            if joined in classes:
                return classes[joined]
        for word in (before.lower_, before.lemma_.lower()):
            if f"{word} {lemma}" in classes:
                return classes[f"{word} {lemma}"]
    if lemma == "state":
        return _state_of(head)
    if lemma not in classes:
        return _NO_CLASS
    if lemma == "strike":
        return _strike(head)
    if lemma == "quota" and any(t.lower_ == "free" for t in head.subtree if t.i < head.i):
        return ("permission", "")  # 'duty-free quotas'
    found = classes[lemma]
    if found[0] in ("attack", "violence") and any(c.lower_ in _HARSH for c in head.children):
        return ("charge", "ACCUSE")
    return found


def _state_of(head: Any) -> tuple[str, str]:
    """'State of siege', 'state of alert'; any other state is no event."""
    after = [t.lower_ for t in head.doc[head.i + 1 : head.i + 4]]
    if after[:1] != ["of"]:
        return _NO_CLASS
    if {"siege", "emergency", "war", "exception"} & set(after):
        return ("curfew", "")
    return ("alert", "") if {"alert", "readiness"} & set(after) else _NO_CLASS


def _strike(head: Any) -> tuple[str, str]:
    """Work stopped, or blows dealt: 'on strike' and 'hunger strike' against 'strikes on' and 'drone strike'."""
    near = {c.lemma_.lower() for c in head.children}
    if near & _LABOUR or (head.dep_ == "pobj" and head.head.lower_ == "on"):
        return ("strike", "PROTEST")
    if near & {"on", "against"} or near & _BLOWS or head.tag_ == "NNS":
        return ("attack", "ASSAULT")
    return ("strike", "PROTEST")


def classes_of(head: Any, depth: int = 0) -> set[str]:
    """Classes of a noun phrase, through 'a level of engagement', 'a round of talks'; lemmas of its head too."""
    own = noun_class(head)[0]
    found = {head.lemma_.lower(), head.lower_} - _class_names()
    if own:
        found.add(own)
    if head.text in _bodies():
        found.add("body")
    if head.lemma_.lower() in _OPAQUE:
        return found
    vague = not own or own == "effort" or head.lemma_.lower() in _VAGUE
    if vague and depth < 3:
        for prep, inner in frames.prepositions(head):
            if prep in ("of", "in"):
                for h in frames.conjuncts(inner):
                    found |= classes_of(h, depth + 1)
        if not found & set(acts()):
            for mod in frames.children(head, "compound", "amod", "nmod"):
                inner_class = noun_class(mod)[0]
                if inner_class:
                    found.add(inner_class)
    return found


def object_classes(verb: Any) -> set[str]:
    """Classes and lemmas of a verb's objects, coordination included."""
    return {c for obj in frames.objects(verb) for head in frames.conjuncts(obj) for c in classes_of(head)}


def match(token: Any, is_actor: Callable[[Any], bool], *, plover: bool = False, strong: bool = False) -> str | None:
    """The root that the patterns give a verb, or None. ``""`` when a pattern says that it is no event.

    `strong`: only patterns that ask for a class of object count.
    """
    if lemma_of(token) in DESCRIBING:
        said = [t for c in frames.children(token, "prep") if c.lower_ == "as" for t in c.subtree]
        if {t.lemma_.lower() for t in said} & _NAMES:
            return "ACCUSE"
    rules = verb_rules().get(lemma_of(token))
    if rules is None or token.dep_ == "amod":
        return None
    if lemma_of(token) == "call" and (named := _called_names(token)) is not None:
        return named or None
    objects = object_classes(token)
    pairs = [(p, o) for p, o in frames.prepositions(token) if not is_temporal(o)]
    preps = {p for p, _ in pairs} | {frames.particle(token), "+" + frames.particle(token)}
    preps |= {c.lower_ for c in frames.children(token, "oprd", "acomp", "advmod", "ccomp", "xcomp", "advcl")}
    preps |= {c.lower_ for c in frames.children(token, "prep") if not frames.children(c, "pobj", "pcomp")}  # 'out of'
    preps |= {m.lower_ for c in frames.children(token, "advcl") for m in frames.children(c, "mark")}
    for obj in frames.objects(token):  # 'buys 70 percent of its arms from X'
        inner = frames.prepositions(obj)
        preps |= {p for p, _ in inner}
        preps |= {p for q, o in inner if q == "of" for p, _ in frames.prepositions(o)}
        preps |= {c.lower_ for c in frames.children(obj, "amod", "acomp")}
    for rule in rules:
        if rule.preps and not rule.preps & preps:
            continue
        if rule.objects == {"*"}:
            if not strong and objects:
                return rule.plover if plover else rule.event
            continue
        if rule.objects == {"@"}:
            if not strong and any(is_actor(o) for o in (*frames.objects(token), *frames.children(token, "dative"))):
                return rule.plover if plover else rule.event
            continue
        if rule.objects and not rule.objects & objects:
            wanted = [o for p, o in pairs if p in rule.preps]
            if not any(rule.objects & classes_of(h) for o in wanted for h in frames.conjuncts(o)):
                continue
        if strong and not rule.strong:
            return None
        event = rule.plover if plover else rule.event
        return "AID" if event in ("MOBILIZE", "CONSULT") and _keeps_peace(token) else event
    if strong or lemma_of(token) not in _LIGHT:
        return None
    carried = light(objects, plover=plover)
    return "AID" if carried == "MOBILIZE" and _keeps_peace(token) else carried


def _called_names(verb: Any) -> str | None:
    """'Called X a liar': ACCUSE; 'called the visit historic': no event (''). None: another sense of 'call'."""
    said = frames.children(verb, "oprd")
    if frames.children(verb, "dobj") and not said:
        said = [
            c for c in frames.children(verb, "ccomp", "npadvmod", "dep") if c.pos_ in ("NOUN", "ADJ") and c.i > verb.i
        ]
    if not said and (named := frames.children(verb, "dobj")):
        after = verb.doc[named[0].right_edge.i + 1 : named[0].right_edge.i + 8]
        said = list(after) if len(after) and after[0].text in ('"', "“") else []
    if not said:
        return None
    words_ = {t.lemma_.lower() for c in said for t in c.subtree}
    if words_ & _UNFOUNDED and any(noun_class(o)[0] == "charge" for o in frames.children(verb, "dobj", "nsubj")):
        return "REJECT"  # 'called the charge absurd'
    return "ACCUSE" if words_ & _NAMES else ""


def is_temporal(token: Any) -> bool:
    """Whether a noun phrase is a date ('on Tuesday', 'in May', 'on 3 June')."""
    return token.like_num or token.lemma_.lower().rstrip(".") in _TIMES


def _keeps_peace(verb: Any) -> bool:
    """Whether forces go as peacekeepers: help, no show of force."""
    return any(t.lower_.startswith("peacekeep") for t in verb.subtree)


def light(objects: set[str], *, plover: bool = False) -> str | None:
    """The event of a verb that only carries its noun: 'waged a campaign', 'held consultations'."""
    found = [acts()[c] for c in sorted(objects) if c in acts()]
    return found[0][plover] if found else None


def is_light(token: Any) -> bool:
    """Whether a verb by itself says nothing ('launch', 'hold', 'make')."""
    return lemma_of(token) in _LIGHT

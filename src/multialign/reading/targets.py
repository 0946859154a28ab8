"""Who does an event and to whom: actors of a coded predicate's frame, in order of how closely they belong to it."""

from __future__ import annotations

from typing import Any

from multialign.reading import frames
from multialign.reading.coref import Resolver
from multialign.reading.events import Coded
from multialign.reading.people import Actor
from multialign.reading.tables import words

_UNDER = frozenset({"under", "despite", "following", "without", "per", "unlike"})
_TOWARD = words("targets.toward")
_WITHIN = frozenset({"xcomp", "ccomp", "acl", "pcomp", "attr", "oprd", "acomp", "prt", "dep"})
_MATERIAL = words("targets.material")
_RECIPROCAL = frozenset({"both", "mutual", "bilateral", "joint", "jointly", "together", "two-way", "reciprocal"})
_SKIP = words("targets.skip")


def sources(coded: Coded, resolver: Resolver) -> list[Actor]:
    """Actors that do it; empty when the text names nobody."""
    out: list[Actor] = []
    top = coded.top
    if top.pos_ == "NOUN" and not resolver.owner_code(top) and not _presented(top):
        return []
    for subject in frames.subjects(coded.top):
        for actor in resolver.actors(subject, things=True):
            if actor.sector not in ("media", "assessor") or actor.code:
                out.append(actor)
            elif actor.sector == "assessor" and coded.top.dep_ in ("pcomp", "advcl"):
                # 'analysts see this as X's effort, by offering ...': who holds the view does not act in it
                code = resolver.state_before(coded.top)
                if code:
                    out.append(Actor(code))
    if not out and coded.top.pos_ in ("NOUN", "PROPN"):
        code = resolver.owner_code(coded.top)
        if code:
            out.append(Actor(code, "thing", text=coded.top.text))
    return out


def targets(coded: Coded, resolver: Resolver, exclude: set[str], outside: set[int]) -> list[str]:
    """Codes of the other parties, best tier first found.

    Parameters
    ----------
    exclude: codes of the sources.
    outside: tokens that are no part of the event (conditions).

    Tiers: a direct or indirect object that is an actor; an actor after 'with', 'to', 'against' ...; the owner of an
    object ('Turkey's efforts'); the subject of a demanded clause; for material acts, the place. A demand goes first
    to the subject of its clause, praise or refusal to the owner of what is praised or refused. Where nobody does it
    (no sources), only those it is done to outright count.
    """
    direct: list[str] = []
    towards: list[str] = []
    owned: list[str] = []
    about: list[str] = []
    place: list[str] = []
    demanded: list[str] = []
    seen: set[int] = set()
    todo: list[tuple[Any, int]] = [(t, 0) for t in coded.trail]
    while todo:
        token, depth = todo.pop(0)
        if token.i in seen or depth > 7:
            continue
        seen.add(token.i)
        if token.pos_ in ("NOUN", "PROPN") and token is not coded.top:
            governed = token.dep_ in ("dobj", "nsubjpass") and token.head.i in coded.indexes
            (about if governed else owned).extend(_owners(token, resolver))
        for child in token.children:
            if child.i in outside or child.i in seen:
                continue
            if child.dep_ in ("nsubj", "nsubjpass") and token is not coded.top and token.dep_ in ("ccomp", "advcl"):
                if not frames.is_passive(token) or child.dep_ == "nsubjpass":
                    demanded += resolver.codes(child, things=True)
                continue
            if child.dep_ in _SKIP and not (child.dep_ == "nsubjpass" and token is coded.top):
                continue
            if child.dep_ in ("prep", "dative") and child.pos_ in ("ADP", "SCONJ", "VERB", "PART"):
                if child.lower_ in _UNDER:
                    continue
                if child.lower_ in frames.LOCATIVE and not _goes_to(token):
                    if child.lower_ == "in" and token.pos_ in ("NOUN", "VERB"):
                        for obj in frames.children(child, "pobj"):
                            if resolver.passage.at.get(obj.i) is None:
                                owned += _owners(obj, resolver)
                            elif token.pos_ == "NOUN":
                                owned += resolver.codes(obj)
                            else:
                                place += resolver.codes(obj)
                    continue
                for obj in frames.children(child, "pobj"):
                    if child.lower_ in _TOWARD or _goes_to(token):
                        towards += resolver.codes(obj)
                    todo.append((obj, depth + 1))
                todo.extend((o, depth + 1) for o in frames.children(child, "pcomp", "prep"))
                continue
            if child.dep_ in ("dobj", "nsubjpass", "dative"):
                direct += resolver.codes(child)
                todo.append((child, depth + 1))
            elif child.dep_ in _WITHIN or (child.dep_ == "conj" and child.pos_ in ("NOUN", "PROPN")):
                todo.append((child, depth + 1))
    asked = demanded if coded.operator == "ask" else []
    praising = any(t.lemma_.lower() in ("support", "back", "endorse", "defend") for t in coded.trail)
    policy = about if praising or coded.event in ("REJECT", "SUPPORT", "ACCUSE", "YIELD") else []
    there = place if coded.event in _MATERIAL else []
    tiers = (asked, direct, policy, towards, about, owned, demanded, there)
    for tier in tiers if exclude else (direct, towards):
        found = [c for c in dict.fromkeys(tier) if c not in exclude]
        if found:
            return found
    return []


def _goes_to(token: Any) -> bool:
    return token.lemma_ in ("arrive", "land", "travel", "fly", "build", "construct", "invest", "open")


_PRESENTING = words("targets.presenting")


def _presented(noun: Any) -> bool:
    """Whether a nobody's offer or plan is what the subject of its verb puts forward ('announced plans to ...')."""
    return noun.dep_ == "dobj" and noun.head.lemma_.lower() in _PRESENTING


def _owners(noun: Any, resolver: Resolver) -> list[str]:
    """States named before a noun: its possessor, demonyms, and both halves of 'India-Russia'."""
    out: list[str] = []
    for mod in frames.children(noun, "poss", "amod", "compound", "nmod"):
        if mod.dep_ == "poss":
            out += resolver.codes(mod, things=True)
            continue
        for inner in [mod, *frames.children(mod, "compound", "amod", "nmod", "poss", "conj")]:
            mention = resolver.passage.at.get(inner.i)
            if mention is not None:
                out.append(mention.code)
    return out


def compound_pair(noun: Any, resolver: Resolver) -> list[str]:
    """The two states of 'India-Russia partnership' or 'US-China trade'; empty when there are not two."""
    codes = list(dict.fromkeys(_owners(noun, resolver)))
    return codes if len(codes) == 2 else []


def reciprocal(coded: Coded) -> bool:
    """Whether the parties do it to each other ('joint', 'bilateral', 'each other')."""
    words = {t.lower_ for top in coded.trail for t in [top, *top.children]}
    return bool(words & _RECIPROCAL)

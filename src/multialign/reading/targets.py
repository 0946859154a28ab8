"""Who does an event and to whom: actors of a coded predicate's frame, in order of how closely they belong to it."""

from __future__ import annotations

from typing import Any

from multialign.reading import frames
from multialign.reading.coref import Resolver
from multialign.reading.events import Coded
from multialign.reading.lexicon import is_temporal, noun_class
from multialign.reading.people import Actor
from multialign.reading.tables import words

_UNDER = frozenset({"under", "despite", "following", "without", "per", "unlike"})
_TOWARD = words("targets.toward")
_WITHIN = frozenset({"xcomp", "ccomp", "acl", "pcomp", "attr", "oprd", "acomp", "prt", "dep"})
_MATERIAL = words("targets.material")
_RECIPROCAL = frozenset({"both", "mutual", "bilateral", "joint", "jointly", "together", "two-way", "reciprocal"})
_TOGETHER = frozenset({"jointly", "together"})
_SKIP = words("targets.skip")
_NATURAL = words("targets.natural")


def sources(coded: Coded, resolver: Resolver) -> list[Actor]:
    """Actors that do it; empty when the text names nobody."""
    out: list[Actor] = []
    top = coded.top
    if top.pos_ in ("NOUN", "PROPN") and not _presented(top):
        return _doers_of_noun(top, resolver)
    for noun in frames.objects(top) if coded.event in ("SANCTION", "COERCE", "RETREAT", "YIELD") else ():
        if noun_class(noun)[0] == "sanction" and _named_before(noun, resolver):
            return _doers_of_noun(noun, resolver)  # 'reimposing U.S. sanctions on Iran'
    for subject in frames.subjects(coded.top):
        for actor in resolver.actors(subject, things=True):
            if actor.sector == "place" or (actor.sector == "thing" and subject.lemma_.lower() in _NATURAL):
                continue
            if actor.sector not in ("media", "assessor") or actor.code:
                out.append(actor)
            elif actor.sector == "assessor" and coded.top.dep_ in ("pcomp", "advcl"):
                # 'analysts see this as X's effort, by offering ...': who holds the view does not act in it
                code = resolver.state_before(coded.top)
                if code:
                    out.append(Actor(code))
    if not out and coded.event in ("COERCE", "ACCUSE") and frames.is_passive(top) and not frames.children(top, "agent"):
        # 'a Y national was arrested in X': by X's authorities
        near = [top, *(o for _, o in frames.prepositions(top))]
        where = [o for t in near for prep, o in frames.prepositions(t) if prep == "in" and not is_temporal(o)]
        out = [Actor(c, "government", text=o.text) for o in where for c in resolver.codes(o, places=True)]
    if not out and top.lemma_ in ("expel", "deport", "banish", "evict", "oust") and frames.is_passive(top):
        left = [o for prep, o in frames.prepositions(top) if prep == "from"]
        out = [Actor(c, "government", text=o.text) for o in left for c in resolver.codes(o, places=True)]
    if not out and coded.event in _MOVING and frames.is_passive(top) and not frames.children(top, "agent"):
        for moved in frames.objects(top):  # 'UN peacekeepers were withdrawn from X': the UN's doing
            if noun_class(moved)[0] in ("force", "peacekeeper", "observer"):
                out += [Actor(code, "thing", text=moved.text) for code in _owners(moved, resolver)]
    return out


def drawn(coded: Coded, resolver: Resolver) -> tuple[list[Actor], list[str]]:
    """Whose criticism or praise an act draws, and whose act it was ('X's tests drew condemnation from Y')."""
    top = coded.top
    objects = frames.objects(top)
    doers = [
        a for t in (top, *objects) for prep, obj in frames.prepositions(t) if prep in ("from", "in", "by", "among")
        for a in resolver.actors(obj)
    ]  # fmt: skip
    doers = doers or [Actor(c, "thing", text=o.text) for o in objects for c in _named_before(o, resolver)]
    codes = {a.code for a in doers}
    return doers, [
        c for s in frames.subjects(top) for c in resolver.codes(s, things=True) if c not in codes
    ]  # fmt: skip


def _doers_of_noun(noun: Any, resolver: Resolver) -> list[Actor]:
    """Who does what a noun names ('X's invasion', 'talks by X'), whatever verb it stands under."""
    out = [a for p in frames.children(noun, "poss") for a in resolver.actors(p, things=True)]
    if not out:
        out = [a for obj in frames.agents_of(noun) for a in resolver.actors(obj, things=True)]
    if not out:
        out = [Actor(code, "thing", text=noun.text) for code in dict.fromkeys(_named_before(noun, resolver))]
    return [a for a in out if a.code and a.sector != "place"]


def _named_before(noun: Any, resolver: Resolver) -> list[str]:
    out = []
    for mod in frames.children(noun, "amod", "compound", "nmod"):
        if mod.lemma_.lower() in _STRUCK:
            continue  # 'the X embassy bombing': done to X
        for inner in [mod, *frames.children(mod, "compound", "amod", "nmod", "npadvmod", "conj")]:
            mention = resolver.passage.at.get(inner.i)
            if mention is not None and mention.kind != "place":
                out.append(mention.code)
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
    nested: list[str] = []
    towards: list[str] = []
    topic: list[str] = []
    owned: list[str] = []
    about: list[str] = []
    place: list[str] = []
    demanded: list[str] = []
    material = coded.event in _MATERIAL
    blaming = coded.event in ("ACCUSE", "SUPPORT", "REJECT", "PROTEST", "REQUEST")
    seen: set[int] = set()
    todo: list[tuple[Any, int]] = [(t, 0) for t in coded.trail]
    reasons: set[int] = set()
    while todo:
        token, depth = todo.pop(0)
        if token.i in seen or depth > 7:
            continue
        seen.add(token.i)
        if (
            token.pos_ in ("NOUN", "PROPN")
            and token is not coded.top
            and (blaming or noun_class(token)[0] not in _OWN_DOING)
        ):
            governed = token.dep_ in ("dobj", "nsubjpass") and token.head.i in coded.indexes
            (about if governed else owned).extend(_owners(token, resolver))
        for child in token.children:
            if child.i in outside or child.i in seen:
                continue
            if child.dep_ in ("nsubj", "nsubjpass") and token is not coded.top and _clausal(token):
                if not frames.is_passive(token) or child.dep_ == "nsubjpass":
                    demanded += resolver.codes(child, things=True)
                continue
            if child.dep_ in _SKIP and not (child.dep_ == "nsubjpass" and token is coded.top):
                continue
            if child.dep_ in ("prep", "dative") and child.pos_ in ("ADP", "SCONJ", "VERB", "PART"):
                if _reason(child, coded):
                    continue
                if coded.event == "ACCUSE" and token.i in reasons and _beyond(child, token):
                    continue
                if child.lower_ in _UNDER or (child.lower_ == "to" and token.lemma_.lower() in _COMPLAINING):
                    continue
                if child.lower_ in ("through", "via") and not _by_body(child, resolver):
                    continue
                if child.lower_ == "in":
                    todo += [(o, depth + 1) for o in frames.children(child, "pobj") if noun_class(o)[0] == "aid"]
                if child.lower_ in frames.LOCATIVE and not _goes_to(token):
                    if child.lower_ == "in" and token.pos_ in ("NOUN", "VERB"):
                        for obj in frames.children(child, "pobj"):
                            if resolver.passage.at.get(obj.i) is None:
                                owned += _owners(obj, resolver)
                            elif token.pos_ == "NOUN":
                                owned += resolver.codes(obj, places=material)
                            else:
                                place += resolver.codes(obj, places=material)
                    continue
                for obj in frames.children(child, "pobj"):
                    if child.lower_ in _TOWARD or _goes_to(token):
                        reason = child.lower_ in _TOPIC or token.i in reasons
                        (topic if reason else towards).extend(resolver.codes(obj, places=material))
                    if is_temporal(obj):
                        continue  # 'on the eve of a visit by Y'
                    if child.lower_ in _TOPIC or token.i in reasons:
                        reasons.update(t.i for t in obj.subtree)
                    todo.append((obj, depth + 1))
                todo.extend((o, depth + 1) for o in frames.children(child, "pcomp", "prep"))
                for other in frames.children(child, "conj"):  # 'with X and with Y'
                    for obj in frames.children(other, "pobj") if other.lower_ in _TOWARD else ():
                        towards += resolver.codes(obj, places=material)
                continue
            if child.dep_ in ("dobj", "nsubjpass", "dative"):
                far = token is not coded.top and coded.event in _POLICY
                (nested if far else direct).extend(resolver.codes(child, places=material or token.lemma_ == "visit"))
                todo.append((child, depth + 1))
            elif child.dep_ in _WITHIN or (child.dep_ == "conj" and child.pos_ in ("NOUN", "PROPN")):
                todo.append((child, depth + 1))
    if coded.top.lemma_.lower() == "discuss":  # what is discussed is no party
        direct, about, owned = [], [], []
    if coded.event in ("YIELD", "RETREAT") and not direct:  # 'lifted the sanctions that it had imposed on Y'
        laid = [r for o in frames.objects(coded.top) for r in frames.children(o, "relcl")]
        nested += [c for r in laid for p, o in frames.prepositions(r) if p in ("on", "against") and not is_temporal(o)
                   for c in resolver.codes(o)]  # fmt: skip
    asked = demanded if coded.operator == "ask" else []
    if coded.event == "REQUEST" and coded.operator == "ask":  # 'called on Y to take it to Z'
        kept = any(frames.children(c, "neg") for c in frames.children(coded.top, "xcomp", "ccomp"))
        told = frames.children(coded.top, "dobj") if kept else []
        asked = asked or [c for o in told for c in resolver.codes(o)]  # 'urged Y not to follow Z'
        asked = asked or [c for p, o in frames.prepositions(coded.top) if p in ("on", "upon") and not is_temporal(o)
                          for c in resolver.codes(o)]  # fmt: skip
    praising = any(t.lemma_.lower() in ("support", "back", "endorse", "defend") for t in coded.trail)
    policy = about if praising or coded.event in _POLICY else []
    there = place if coded.event in _MATERIAL or coded.event == "REQUEST" else []
    struck = about if coded.event in _STRIKING else []
    near = _near(coded, resolver, outside) if coded.event not in ("CONSULT", "AGREE", "SUPPORT", "YIELD") else []
    located = _near(coded, resolver, outside, places=True) if material or coded.event == "REJECT" else []
    if coded.event in ("ACCUSE", "SUPPORT", "REJECT") and _strangers(coded, resolver):
        near, located = [], []
    tiers = (asked, direct, policy, nested, struck, towards, topic, about, owned, demanded, there, near, located)
    for tier in tiers if exclude else (direct, towards):
        found = [c for c in dict.fromkeys(tier) if c not in exclude]
        if found:
            return found
    return []


def _clausal(verb: Any) -> bool:
    """Whether a verb has a clause of its own ('demands that X ...', 'the allegation that X ...')."""
    return verb.dep_ in ("ccomp", "advcl") or (verb.dep_ == "acl" and bool(frames.children(verb, "mark")))


def _beyond(prep: Any, noun: Any) -> bool:
    """'Concern about a sale to Y', 'about strikes on Y': who receives what is complained of is not blamed."""
    return prep.lower_ == "to" or (prep.lower_ in ("on", "against") and noun_class(noun)[0] in _OWN_DOING)


def _by_body(prep: Any, resolver: Resolver) -> bool:
    """'Through ASEAN': an organisation has a part in it; a country or its pipeline is only on the way."""
    named = [t for o in frames.children(prep, "pobj") for t in (o, *frames.children(o, "compound", "nmod"))]
    mentions = [resolver.passage.at.get(t.i) for t in named]
    return any(m is not None and m.kind == "organisation" for m in mentions)


def _of_topic(prep: Any) -> bool:
    noun = prep.head
    return noun.dep_ == "pobj" and noun.head.lower_ in _TOPIC and _beyond(prep, noun)


def _strangers(coded: Coded, resolver: Resolver) -> bool:
    """Whether the object has an owner that is no party ('condemned the rebels' raids on X')."""
    return any(
        not resolver.codes(poss, things=True) and poss.pos_ != "PRON"
        for obj in frames.objects(coded.top)
        for poss in frames.children(obj, "poss")
    )


_PUNISHING = frozenset({"COERCE", "ACCUSE", "SANCTION"})
_STRUCK = frozenset({"embassy", "consulate", "mission", "hotel", "market", "airport", "airliner", "bus", "school"})
_POLICY = frozenset({"REJECT", "SUPPORT", "ACCUSE", "YIELD"})
_MOVING = frozenset({"MOBILIZE", "RETREAT", "SANCTION", "AID"})
_TOPIC = frozenset({"over", "about", "regarding", "concerning", "because", "amid"})
_CLAUSE = frozenset({"relcl", "ccomp", "advcl", "parataxis", "agent", "nsubj", "npadvmod", "conj"})
_BESIDE = frozenset({"near", "along", "outside", "off", "around", "beside", "after", "before", "since", "during"})
_OWN_DOING = frozenset({"sanction", "restriction", "blockade", "threat", "attack", "ban", "drill", "violence"})
"""Classes of nouns whose owner is who does it: 'lifted U.S. sanctions on X'."""
_COMPLAINING = frozenset({"complain", "protest", "appeal"})
_STRIKING = frozenset({"ASSAULT", "COERCE", "RETREAT", "SANCTION"})


def _reason(t: Any, coded: Coded) -> bool:
    """Whether a word begins the reason of a punishment ('arrested for killing a Y')."""
    return coded.event in _PUNISHING and t.dep_ == "prep" and t.lower_ == "for" and bool(frames.children(t, "pcomp"))


def _near(coded: Coded, resolver: Resolver, outside: set[int], *, places: bool = False) -> list[str]:
    """States named anywhere below the predicate; not in clauses with a subject of their own.

    With `places`, also where it happens ('rioted at a jail in northern Israel').
    """
    out: list[tuple[int, str]] = []
    for part in coded.trail:
        for token in part.subtree:
            mention = resolver.passage.at.get(token.i)
            if mention is None or token.i in outside or mention.kind == "person" or token.i < coded.top.i:
                continue
            blocked = mention.kind == "place" and not places
            for t in frames.climb(token):
                if t.i in coded.indexes:
                    break
                if _reason(t, coded) or (coded.event == "ACCUSE" and t.dep_ == "prep" and _of_topic(t)):
                    blocked = True
                    break
                if t.dep_ == "advcl" and coded.event == "PROTEST":
                    continue  # 'blocked a road to show their anger at X'
                if t.dep_ == "prep" and t.lower_ in ("through", "via") and not _by_body(t, resolver):
                    blocked = True
                    break
                if t.dep_ == "relcl" and frames.infinitive(t):
                    continue  # 'rejected a call for its forces to be deployed in Y'
                if t.dep_ in _CLAUSE and (t.dep_ != "conj" or t.pos_ in ("VERB", "AUX")):
                    blocked = True
                    break
                if t.dep_ == "prep" and t.lower_ in (_UNDER | _BESIDE if places else frames.LOCATIVE | _UNDER):
                    blocked = True
                    break
            if not blocked:
                out.append((token.i, mention.code))
    return list(dict.fromkeys(code for _, code in sorted(out)))[:1]


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
        for inner in [mod, *frames.children(mod, "compound", "amod", "nmod", "poss", "conj", "npadvmod")]:
            mention = resolver.passage.at.get(inner.i)
            if mention is not None:
                out.append(mention.code)
    for part in frames.children(noun, "acl"):  # 'a deal offered by X'
        for agent in frames.children(part, "agent"):
            out += [c for o in frames.children(agent, "pobj") for c in resolver.codes(o)]
    return out


def compound_pair(noun: Any, resolver: Resolver) -> list[str]:
    """The two states of 'India-Russia partnership' or 'US-China trade'; empty when there are not two."""
    codes = list(dict.fromkeys(_owners(noun, resolver)))
    return codes if len(codes) == 2 else []


def reciprocal(coded: Coded, *, elsewhere: bool = False) -> bool:
    """Whether the parties do it to each other ('joint', 'bilateral', 'each other').

    What they do 'jointly' they may do to a third; `elsewhere`: one is named.
    """
    words = {t.lower_ for top in coded.trail for t in [top, *top.children]}
    return bool(words & (_RECIPROCAL - _TOGETHER if elsewhere else _RECIPROCAL))

"""Who is meant: names, roles, pronouns and phrases such as 'both nations' resolved to actors.

Rules, not a model: each is stated at the method that applies it. They rest on a running memory of the document
(`Memory`): the persons met, the state in focus, the states last named, who speaks.
"""

from __future__ import annotations

from typing import Any

from multialign.reading import frames
from multialign.reading.actors import role_nouns
from multialign.reading.gazetteer import SINGLE, holder
from multialign.reading.memory import Memory
from multialign.reading.nlp import Passage
from multialign.reading.people import Actor, appositives, name_chain, on_behalf, role_in, short_phrase
from multialign.reading.possessors import (
    is_attribute,
    is_definite,
    is_pair,
    joint_owners,
    last_two,
    named_before,
    near_possessors,
    other_party,
)
from multialign.reading.quotes import Quote, covering
from multialign.reading.tables import words

_STATE_NOUNS = words("coref.state_nouns")
_PAIR_NOUNS = words("coref.pair_nouns")
_PART_OF, _MADE = words("coref.part_of"), words("coref.made")
_SECTOR = {"opposition": "opposition", "company": "business", "defence": "military"}
_MEDIA_NAMES = words("coref.media_names")


class Resolver:
    """Resolves the tokens of one passage. `quote_speakers` maps each quote of the passage to its speaker."""

    def __init__(self, passage: Passage, memory: Memory, quotes: list[Quote]) -> None:
        self.passage, self.document, self.quotes = passage, memory, quotes
        self.snapshots: dict[int, Memory] = {}
        self.quote_speakers: dict[Quote, Actor | None] = {}
        self._cache: dict[tuple[int, bool], list[Actor]] = {}
        self._busy: set[int] = set()

    def memory_at(self, token: Any) -> Memory:
        """The document's memory as it stood when the sentence of `token` began."""
        return self.snapshots.get(token.sent.start, self.document)

    def forget(self) -> None:
        """Resolve everything anew (once more is known)."""
        self._cache.clear()

    def actors(self, token: Any, *, things: bool = False) -> list[Actor]:
        """Actors that a noun phrase stands for, conjuncts included, without repeats.

        With `things`, what a state owns counts as that state ('Russian oil', 'Turkey's efforts').
        """
        out: list[Actor] = []
        for t in frames.conjuncts(token):
            for actor in self.one(t, things=things):
                if all(actor.code != o.code or actor.name != o.name for o in out) or actor.code is None:
                    out.append(actor)
        return out

    def codes(self, token: Any, *, things: bool = False, places: bool = False) -> list[str]:
        """Codes of `actors`, those without a code left out. `places`: cities and regions count as their state."""
        found = self.actors(token, things=things)
        return list(dict.fromkeys(a.code for a in found if a.code and (places or a.sector != "place")))

    def one(self, token: Any, *, things: bool = False) -> list[Actor]:
        """Actors that one head token stands for (usually one; two for 'both nations')."""
        key = (token.i, things)
        if key in self._cache:
            return self._cache[key]
        if token.i in self._busy:  # a possessive chain that leads back to itself
            return []
        self._busy.add(token.i)
        try:
            found = self._one(token, things)
        finally:
            self._busy.discard(token.i)
        self._cache[key] = found
        return found

    def _one(self, token: Any, things: bool) -> list[Actor]:
        if token.pos_ == "PRON" or token.tag_ in ("PRP", "PRP$"):
            return self.pronoun(token)
        mention = self.passage.at.get(token.i)
        if mention is not None:
            if mention.kind == "person":
                return [self.person(token, mention.name)]
            if mention.kind != "adjective" or token.pos_ in ("NOUN", "PROPN", "ADJ"):
                sector = "place" if mention.kind == "place" else _SECTOR.get(mention.role, "state")
                return [Actor(mention.code, sector, text=token.text)]
        if token.pos_ in ("NOUN", "PROPN", "ADJ", "VERB", "NUM"):
            return self.noun(token, things)
        if token.lower_ in ("both", "each", "neither"):
            return self.pair(token)
        return []

    def person(self, token: Any, name: str) -> Actor:
        """A known official, described further by the noun phrase ('Putin's spokesperson, Dmitry Peskov')."""
        actor = self.document.people.official(name, token.text)
        for other in appositives(token):
            role = role_in(other)
            if role and not actor.role:
                owner = self._owner(other)
                actor = self.document.people.add(
                    Actor(actor.code, "government", role, name, on_behalf(role, owner), token.text)
                )
        return actor

    def noun(self, token: Any, things: bool) -> list[Actor]:
        """A common or unknown proper noun: a role ('officials'), a new person, 'the nation', or a thing."""
        lemma = token.lemma_.lower()
        if lemma in _PAIR_NOUNS and is_pair(token):
            return self.pair(token)
        role = role_nouns().get(lemma) or role_nouns().get(token.lower_)
        if role is not None and (token.pos_ != "PROPN" or lemma != "bank"):
            return self._role(token, *role)
        chain = name_chain(token, self.passage.at)
        if chain is not None:
            if chain in _MEDIA_NAMES:
                return [Actor(None, "media", "news agency", chain, text=chain)]
            known = self.document.people.named(chain)
            if token.lower_ in _BODIES and known is None and (owner := self._owner(token)) is not None:
                return [Actor(owner.code, "government", text=chain)]  # "Russia's Foreign Intelligence Service"
            described = role_in(token)
            if known is not None and not described:
                return [known]
            new = self._introduce(token, chain, described)
            if new is not None:
                return [new]
        if lemma in _STATE_NOUNS and is_definite(token) and not self._owner(token):
            code = self._reporter_state(token) or self.memory_at(token).focus
            return [Actor(code, text=token.text)] if code else []
        if things:
            shared = joint_owners(token, self.passage.at)
            if len(shared) > 1:
                return [Actor(c, "thing", text=token.text) for c in shared]
            owner = self._owner(token)
            if owner is not None and owner.code:
                return [Actor(owner.code, "thing", text=token.text)]
        return []

    def _role(self, token: Any, role: str, sector: str) -> list[Actor]:
        after = self.passage.at.get(token.i + 1)
        if after is not None and after.kind in ("metonym", "organisation") and after.role == "opposition":
            return [Actor(after.code, "opposition", text=after.name)]  # 'the rebel Free X Army'
        full = role_in(token) or role
        for other in appositives(token):
            mention = self.passage.at.get(other.i)
            if mention is not None and mention.kind == "person":
                return [self._named(other, mention.name, full, token)]
            chain = name_chain(other, self.passage.at)
            if chain:
                owner = self._owner(token)
                code = owner.code if owner else None
                return [self.document.people.add(Actor(code, sector, full, chain, on_behalf(full, owner), chain))]
        name = self._name_after(token)
        if name is not None:
            return [self._named(token, name, full, token)]
        owner = self._owner(token)
        if owner is not None and owner.code:
            self.document.roles[role] = owner.code
        elif (
            sector == "government"
            and role in self.document.roles
            and any(c.lower_ in ("the", "one", "another", "a", "second") for c in token.children)
        ):  # 'Saudi officials ... one official'
            owner = Actor(self.document.roles[role])
        shared = joint_owners(token, self.passage.at)
        if len(shared) > 1:
            return [Actor(c, sector, full, text=short_phrase(token)) for c in shared]
        if owner is None and role == "ministry" and token.dep_ == "nsubj" and is_definite(token):
            owner = self._host(token)
        elif owner is None and sector == "government" and token.lemma_.lower() in _STATE_NOUNS and is_definite(token):
            focus = self.memory_at(token).focus
            return [Actor(focus, sector, full, text=token.text)] if focus else []
        if owner is None and full in SINGLE and is_definite(token):  # 'the president'
            last = self.memory_at(token).last_person
            if last is not None and last.role == full:
                return [last]
            focus = self.memory_at(token).focus
            owner = Actor(focus) if focus else None
        if owner is None and role in _SPEAKING and token.dep_ == "nsubj":
            owner = self._host(token)
        if owner is None and sector == "assessor":
            return [Actor(None, sector, full, text=short_phrase(token))]
        code = owner.code if owner else None
        if code and token.tag_ in ("NN", "NNP") and not any(c.lower_ in _ANY for c in token.children):
            name = holder(code, full, self.document.people.date)
            if name is not None:
                return [self.document.people.official(name, token.text)]
        return [Actor(code, sector, full, None, on_behalf(full, owner), short_phrase(token))]

    def _named(self, token: Any, name: str, role: str, role_token: Any) -> Actor:
        actor = self.document.people.official(name, token.text)
        owner = self._owner(role_token)
        speaks_for = on_behalf(role, owner) or actor.speaks_for
        if (not actor.role) or (speaks_for and speaks_for != actor.speaks_for):
            actor = self.document.people.add(
                Actor(actor.code, "government", actor.role or role, name, speaks_for, token.text)
            )
        return actor

    def _name_after(self, token: Any) -> str | None:
        """The official named right after a role ('spokesperson Mao Ning'), where the parser sees two subjects."""
        after = self.passage.at.get(token.i + 1)
        return after.name if after is not None and after.kind == "person" else None

    def _introduce(self, token: Any, chain: str, role: str | None) -> Actor | None:
        owner = self._owner(token)
        sector = "government"
        for other in appositives(token):
            described = role_in(other)
            if described:
                role = role or described
                owner = owner or self._owner(other)
        if role is None:
            return None
        bare = role.removeprefix("former ")
        sector = next((s for r, s in role_nouns().values() if r == bare), "government")
        if owner is None and sector == "government" and not role.startswith("former"):
            owner = self._host(token)
        code = owner.code if owner else None
        known = self.document.people.named(chain)
        if known is not None and known.name:
            chain = known.name
        return self.document.people.add(Actor(code, sector, role, chain, on_behalf(role, owner), chain))

    def _owner(self, noun: Any) -> Actor | None:
        """Whose a noun is: its possessor, then a demonym or name before it, then 'of'/'for'/'in'/'from' X."""
        for poss in frames.children(noun, "poss"):
            found = self.one(poss)
            if found:
                return found[0]
        for mod in reversed(frames.children(noun, "amod", "compound", "nmod", "det")):
            mention = self.passage.at.get(mod.i)
            if mention is not None:
                if mention.kind == "person":
                    return self.person(mod, mention.name)
                return Actor(mention.code, text=mention.name)
            for part in frames.children(mod, "npadvmod"):  # 'Vietnamese-led forces'
                if part.i in self.passage.at:
                    return Actor(self.passage.at[part.i].code, text=part.text)
            nested = self._owner(mod) if mod.pos_ in ("NOUN", "PROPN") else None
            if nested is not None:
                return nested
        for prep, obj in frames.prepositions(noun):
            if prep in ("of", "for", "in", "from", "at"):
                mention = self.passage.at.get(obj.i)
                things = prep == "from" or (prep in ("of", "in") and noun.lemma_.lower() in _PART_OF)
                found = self.one(obj, things=things) if things or prep in ("of", "for") or mention else []
                if found and found[0].code:
                    return found[0]
                if prep == "of" and noun.lemma_.lower() in _OF_AFFAIRS and (nested := self._owner(obj)):
                    return nested  # 'the Ministry of Foreign Affairs of X'
        for rel in frames.children(noun, "acl", "relcl"):
            for agent in frames.children(rel, "agent") if rel.lemma_ in _MADE else ():  # 'missiles fired by X'
                found = [a for obj in frames.children(agent, "pobj") for a in self.one(obj, things=True)]
                if found and found[0].code:
                    return found[0]
            for prep, obj in frames.prepositions(rel):
                if prep in ("in", "from") and self.passage.at.get(obj.i) is not None:
                    return self.one(obj)[0]
        return None

    def owner_code(self, noun: Any) -> str | None:
        """Code of the state that a noun belongs to, if any."""
        owner = self._owner(noun)
        return owner.code if owner else None

    def _reporter_state(self, token: Any) -> str | None:
        """Whose ministry or official says it: 'X's foreign ministry said the country would ...'."""
        for t in frames.climb(token):
            if t.dep_ == "ccomp" and t.head.pos_ == "VERB":
                for subject in frames.subjects(t.head):
                    if subject.i < token.i:
                        return next((a.code for a in self.actors(subject) if a.code), None)
        return None

    def _host(self, token: Any) -> Actor | None:
        """The state of an official named without one: the subject of what is said, else the state in focus."""
        for i in range(token.sent.start, token.i):
            mention = self.passage.at.get(i)
            if mention is not None and mention.kind not in ("person", "place") and token.doc[i].dep_ == "nsubj":
                return Actor(mention.code)
        focus = self.memory_at(token).focus
        return Actor(focus) if focus else None

    def pair(self, token: Any) -> list[Actor]:
        """'Both nations', 'the two sides': the two states last named before it."""
        subject = token.dep_ in ("nsubj", "nsubjpass")
        apart = set() if subject else {a.code for a in self._clause_subject(token) if a.name is None}
        named = [*reversed(named_before(token, self.passage.at)), *reversed(self.memory_at(token).recent)]
        codes = last_two(token, [c for c in dict.fromkeys(named) if c not in apart])
        return [Actor(c, text=token.text) for c in reversed(codes)] if len(codes) == 2 else []

    def pronoun(self, token: Any) -> list[Actor]:
        """First person: who speaks. He and she: the person last spoken of. It: the subject state. They: a pair."""
        word = token.lower_
        quote = covering(self.quotes, token)
        if word in ("we", "us", "our", "ours", "i", "my", "me", "ourselves"):
            speaker = self.quote_speakers.get(quote) if quote else None
            return [Actor(speaker.code, text=token.text)] if speaker and speaker.code else []
        if word in ("he", "she", "his", "her", "him"):
            person = self.memory_at(token).last_person
            earlier = self._person_before(token)
            person = earlier or person
            return [person] if person else []
        if word in ("it", "its", "itself"):
            code = self._state_for(token)
            return [Actor(code, text=token.text)] if code else []
        if word in ("they", "their", "them", "theirs"):
            governing = self._clause_subject(token)
            return governing
        return []

    def _person_before(self, token: Any) -> Actor | None:
        """The last person that was the subject of a verb; not of the verb whose object `token` is ('X assured him')."""
        verb = token.head.head if token.dep_ == "pobj" else token.head
        own = {s.i for s in frames.subjects(verb)} if token.dep_ in ("dobj", "dative", "pobj") else set()
        found = None
        for i in set(range(token.sent.start, token.i)) - own:
            mention = self.passage.at.get(i)
            if mention is not None and mention.kind == "person" and token.doc[i].dep_ in ("nsubj", "nsubjpass"):
                found = self.person(token.doc[i], mention.name)
        return found

    def _clause_subject(self, token: Any) -> list[Actor]:
        """Actors of the nearest governing subject that comes before `token`."""
        inner = True
        for t in frames.climb(token):
            if t.pos_ not in ("VERB", "AUX", "ADJ"):
                continue
            first_clause, inner = inner, False
            # 'it' as object, and 'its' in 'X is its largest market', is not the subject of its own clause
            if first_clause and token.pos_ == "PRON" and (token.dep_ in ("dobj", "dative") or is_attribute(token)):
                continue
            for subject in frames.subjects(t):
                if token.lower_ in ("it", "its", "itself"):
                    if subject.tag_ == "PRP" and subject.lower_ in ("we", "i"):
                        continue
                    if first_clause and subject.tag_ == "NNS":
                        continue  # 'X says soldiers of Y attacked its post': not theirs
                if subject.i < token.i:
                    found = [a for a in self.actors(subject) if a.code]
                    if found:
                        return found
        return []

    def _local_subject(self, token: Any) -> set[str]:
        for t in frames.climb(token):
            if t.pos_ in ("VERB", "AUX"):
                return {c for s in frames.subjects(t) if s.i < token.i for c in self.codes(s)}
        return set()

    def state_before(self, token: Any) -> str | None:
        """The state that an unsaid subject of `token` would be."""
        return self._state_for(token)

    def _state_for(self, token: Any) -> str | None:
        """The state that 'it' or 'its' stands for.

        A possessor earlier in the same phrase ('Russia's alignment with China and its ambitions'), then the subject
        of the governing clauses, then the first subject or possessor named before in the sentence, then the focus.
        """
        for t in frames.climb(token):
            if t.dep_ == "conj" and t.head.i < token.i:
                for poss in [*frames.children(t.head, "poss"), *near_possessors(t.head, token)]:
                    mention = self.passage.at.get(poss.i)
                    if mention is not None and poss.i < token.i:
                        return mention.code
            if t.dep_ in ("ROOT", "ccomp"):
                break
        blamed = other_party(token, self.passage.at, self._local_subject(token))
        if blamed:
            return blamed
        for actor in self._clause_subject(token):
            if actor.code and not actor.name and actor.sector in ("state", "government", "military", "thing"):
                return actor.code
        own = self._local_subject(token) if token.dep_ in ("dobj", "dative") or is_attribute(token) else set()
        ranked: list[tuple[int, int, str]] = []
        for i in range(token.sent.start, token.i):
            mention = self.passage.at.get(i)
            if mention is None or mention.kind == "person" or mention.code in own:
                continue
            dep = token.doc[i].dep_
            rank = 0 if dep in ("nsubj", "nsubjpass") else 1 if dep == "poss" else 2
            ranked.append((rank, i, mention.code))
        if ranked and min(ranked)[0] < 2:
            return min(ranked)[2]
        focus = self.memory_at(token).focus
        if focus and focus not in own and not (own and ranked):
            return focus
        return min(ranked)[2] if ranked else None


_BODIES = words("coref.bodies")
_SPEAKING = frozenset({"spokesperson", "minister", "official"})
_OF_AFFAIRS = frozenset({"ministry", "minister", "department"})
_ANY = frozenset({"a", "an", "any", "former", "another", "next", "new", "incoming", "acting", "late", "ex", "first"})

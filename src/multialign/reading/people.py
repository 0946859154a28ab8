"""Persons and bodies that speak: known officials, and those whom the text introduces."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from multialign.reading import frames, tables
from multialign.reading.actors import role_nouns
from multialign.reading.model import Speaker
from multialign.reading.tables import words

_HONORIFIC = words("people.honorific")
_FORMER = frozenset({"former", "ex", "late", "ousted", "erstwhile"})


@dataclass(frozen=True)
class Actor:
    """Whom a noun phrase stands for.

    `code` is None for a person or body of no known state; `sector` is one of `tables.SECTORS`, or ``state`` for a
    country named outright, ``thing`` for what a state owns.
    """

    code: str | None
    sector: str = "state"
    role: str | None = None
    name: str | None = None
    speaks_for: str | None = None
    text: str = ""

    @property
    def is_person(self) -> bool:
        """Whether this is one named person."""
        return self.name is not None

    def speaker(self) -> Speaker:
        """The actor as the one who says something."""
        return Speaker(name=self.name, role=self.role, state=self.code, speaks_for=self.speaks_for)


@dataclass
class People:
    """Persons met so far in one document, by full name and by surname."""

    date: str | None
    known: dict[str, Actor] = field(default_factory=dict)

    def official(self, name: str, text: str) -> Actor:
        """A person of the gazetteer, with the office held on the document's date."""
        if name not in self.known:
            term = tables.office(name, self.date)
            self.add(
                Actor(
                    code=term.code if term else None,
                    sector="government",
                    role=(term.role or None) if term else None,
                    name=name,
                    speaks_for=term.speaks_for if term else None,
                    text=text,
                )
            )
        return self.known[name]

    def add(self, person: Actor) -> Actor:
        """Remember a person by full name and by surname; a fuller description adds to what was known."""
        name = person.name
        if name is None:
            return person
        old = self.known.get(name)
        if old is not None:
            former_now = old.role and old.role.startswith("former") and person.role
            person = Actor(
                code=old.code or person.code,
                sector=old.sector,
                role=person.role if (former_now or not old.role) else old.role,
                name=name,
                speaks_for=person.speaks_for or old.speaks_for,
                text=person.text,
            )
        self.known[name] = person
        parts = name.split()
        for short in {parts[-1], parts[0]} if len(parts) > 1 else ():
            # surnames come first in East Asian names; a clash makes the short form useless
            held = self.known.get(short)
            if held is None or held.name == name:
                self.known[short] = person
        return person

    def named(self, chain: str) -> Actor | None:
        """The person of that full or short name, if the text has introduced one."""
        return self.known.get(chain)


def name_chain(head: Any, taken: dict[int, Any]) -> str | None:
    """The personal name that ends at `head` ('Tran Xuan Gia'), roles, states and honorifics left out."""
    if head.pos_ != "PROPN":
        return None
    roles = role_nouns()
    parts = [head]
    doc = head.doc
    i = head.i - 1
    if i - 1 >= head.sent.start and doc[i].text == "-" and doc[i - 1].pos_ == "PROPN":  # 'Chang Ho-jin'
        parts.insert(0, doc[i - 1])
        i -= 2
    while i >= head.sent.start and doc[i].pos_ == "PROPN" and parts[0].idx == doc[i].idx + len(doc[i]) + 1:
        word = doc[i].lower_.rstrip(".")
        mention = taken.get(i)
        if word in roles or word in _HONORIFIC or (mention is not None and mention.kind != "person"):
            break
        parts.insert(0, doc[i])
        i -= 1
    if head.lower_ in roles or (head.i in taken and taken[head.i].kind != "person"):
        return None
    hyphened = len(parts) > 1 and head.i - parts[-2].i == 2
    if not parts[0].text[0].isupper() or not (hyphened or head.text[0].isupper()):
        return None
    return doc[parts[0].i : parts[-1].i + 1].text


def role_in(head: Any) -> str | None:
    """The role that a noun phrase gives ('German Foreign Minister X', 'X's spokesperson'), normalised.

    The longest run of words ending at a role noun that the roles table knows ('deputy foreign minister').
    """
    roles = role_nouns()
    words = [
        t
        for t in head.subtree
        if t.i <= head.i + 1 and (t is head or t.dep_ in ("compound", "amod", "nmod", "appos", "punct"))
    ]
    best: str | None = None
    for t in words:
        lemma = t.lemma_.lower()
        noun = lemma if lemma in roles else t.lower_
        if noun not in roles:
            continue
        role = roles[noun][0]
        start = t.i
        for back in (1, 2, 3):
            if t.i - back < t.sent.start:
                break
            phrase = " ".join(w.lower_ for w in t.doc[t.i - back : t.i]) + " " + noun
            if phrase in roles:
                role, start = roles[phrase][0], t.i - back
        if start > 0 and t.doc[start - 1].lower_ in _FORMER:
            role = f"former {role}"
        best = role
    return best


def appositives(head: Any) -> list[Any]:
    """Tokens in apposition to a noun, in both directions ('the spokesperson, X,' and 'X, the spokesperson')."""
    out = frames.children(head, "appos")
    if head.dep_ == "appos":
        out.append(head.head)
    return out


def on_behalf(role: str | None, owner: Actor | None) -> str | None:
    """On whose behalf a spokesperson speaks."""
    if role is None or "spokesperson" not in role or owner is None:
        return None
    return owner.name or (owner.role if owner.sector != "state" else None) or owner.text or None


def short_phrase(token: Any) -> str:
    """A short wording of a noun phrase: its modifiers and head ('senior Israeli official')."""
    left = [
        t for t in token.subtree
        if t.i <= token.i and (t is token or t.dep_ in ("compound", "amod", "nmod", "poss", "case"))
    ]  # fmt: skip
    first = min(t.i for t in left)
    return token.doc[first : token.i + 1].text

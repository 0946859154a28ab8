"""Actors: who is named where. States, their capitals, houses and places, organisations and officials.

One Aho-Corasick automaton holds all spellings of the gazetteer, so that finding every actor takes one pass over the
text. A surname that several officials share is given to the one in office on the date of the document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date as Date
from functools import cache
from typing import Any, Literal

from multialign.reading.gazetteer import follows, of_kind, office, spellings, split, terms
from multialign.reading.tables import table, words

Kind = Literal["name", "adjective", "capital", "metonym", "organisation", "person", "place", "none"]


@dataclass(frozen=True)
class Mention:
    """An actor's name in a paragraph. `start`, `end` are offsets in that paragraph."""

    start: int
    end: int
    code: str
    kind: Kind
    name: str
    role: str = ""


@dataclass(frozen=True)
class Form:
    """What a spelling may stand for. `people`: (full name, whether the spelling is a common surname)."""

    code: str
    kind: Kind
    name: str
    role: str = ""
    people: tuple[tuple[str, bool], ...] = ()


@follows
@cache
def automaton() -> Any:
    """All spellings, each with its `Form` and length."""
    import ahocorasick

    found: dict[str, Form] = {}
    persons: dict[str, dict[str, bool]] = {}

    def put(form: str, code: str, kind: Kind, name: str, role: str = "") -> None:
        if form:
            found.setdefault(form, Form(code, kind, name, role))

    for row in of_kind("none"):
        put(row["name"], "", "none", row["name"])
    for row in of_kind("official"):
        for form in (row["name"], *split(row["aliases"])):
            persons.setdefault(form, {}).setdefault(row["name"], False)
        for form in split(row["short"]):
            persons.setdefault(form.rstrip("?"), {}).setdefault(row["name"], form.endswith("?"))
    for form, people in persons.items():
        found.setdefault(form, Form("", "person", form, "", tuple(people.items())))
    for row in of_kind("state"):
        capitals, adjectives = set(split(row["capitals"])), set(split(row["adjectives"]))
        proper = {row["name"], *split(row["aliases"])}
        for form in spellings(row):
            kind: Kind = "name" if form in proper else "capital" if form in capitals else "adjective"
            put(form, row["code"], kind, row["name"])
            if form in adjectives and " " in form:
                put(form.replace(" ", "-"), row["code"], "adjective", row["name"])
    for row in of_kind("organisation"):
        for form in [row["name"], *split(row["aliases"])]:
            put(form, row["code"], "organisation", row["name"])
    for row in of_kind("metonym"):
        put(row["name"], row["code"], "metonym", row["name"], row["role"])
    for row in of_kind("place"):
        put(row["name"], row["code"], "place", row["name"])

    machine = ahocorasick.Automaton()
    for form, what in found.items():
        machine.add_word(form, (what, len(form)))
        upper = form.upper()
        if what.kind in ("name", "capital") and len(form) > 4 and upper not in found:
            machine.add_word(upper, (what, len(form)))  # headlines and datelines
    machine.make_automaton()
    return machine


def _plain(text: str) -> str:
    """`text` with typographic apostrophes made plain; the length stays the same."""
    return text.replace("’", "'").replace("‘", "'").replace("\u00a0", " ")


def find(text: str, date: str | None = None) -> list[Mention]:
    """Actors named in `text`, in order, not overlapping: the longest spelling wins, then the first.

    `date` (ISO) of the document decides whose a surname is.
    """
    plain = _plain(text)
    hits: list[tuple[int, int, Form]] = []
    for last, (form, length) in automaton().iter(plain):
        start, end = last - length + 1, last + 1
        if start and joins(plain[start - 1]):
            continue
        if end < len(plain) and joins(plain[end]) and plain[end - 1] != ".":
            continue
        if plain[end : end + 1] == "$":
            continue  # 'US$10 billion'
        if plain[max(start - 5, 0) : start].lower().endswith(("anti-", "pro-", "non-")):
            continue  # 'anti-Syrian activist': about Syria, not of it
        hits.append((start, end, form))
    hits.sort(key=lambda h: (h[0], h[0] - h[1]))
    out: list[Mention] = []
    reach = 0
    for start, end, form in hits:
        if start < reach:
            continue
        reach = end
        mention = _mention(plain, start, end, form, date)
        if mention is not None and mention.kind != "none" and not _first_name(plain, mention):
            out.append(mention)
    return out


def _mention(text: str, start: int, end: int, form: Form, date: str | None) -> Mention | None:
    if form.kind != "person":
        return Mention(start, end, form.code, form.kind, form.name, form.role)
    if " " not in text[start:end] and _someone_else(text, start, end):
        return None
    name = _who(form.people, date, text[max(start - 40, 0) : start])
    if name is None:
        return None
    term = office(name, date)
    return Mention(start, end, term.code if term else "", "person", name)


_BEFORE = re.compile(r"(?:^|[\s(\"“'])([^\W\d_][\w.'-]*) $")
_AFTER = re.compile(r" (?:(?:al|el|bin|ibn|von|de|da)-?[ ]?[A-Z]|Jr|[A-Z][a-z]+)")


def _someone_else(text: str, start: int, end: int) -> bool:
    """Whether a surname has another first name before it or goes on ('Melania Trump', 'Abbas al-Dabs')."""
    before = _BEFORE.search(text[max(start - 25, 0) : start])
    if before is not None:
        word = before.group(1)
        low = word.lower().rstrip(".")
        known = low in role_nouns() or low in _TITLES or low in _OPENERS or low in _HONORIFIC
        if word[0].isupper() and not known and word not in _names_of_states():
            return True
    after = _AFTER.match(text, end)
    return after is not None and after.group().strip().lower() not in words("lexicon.times")


@follows
@cache
def _names_of_states() -> frozenset[str]:
    return frozenset(form for row in of_kind("state") for form in spellings(row))


_GRACE = 400  # days after a term in which a surname still means who served it


def _who(people: tuple[tuple[str, bool], ...], date: str | None, before: str) -> str | None:
    """The person that a name stands for on a date.

    Of several, who is in office then (or was till lately). A common surname ('Brown') counts only so, or after a
    title ('President Bush').
    """
    serving = [n for n, _ in people if date and any(t.holds(date) for t in terms()[n])]
    if not serving and date:
        serving = [n for n, _ in people if any(t.start <= date and _days(t.end, date) < _GRACE for t in terms()[n])]
    if serving:
        return serving[0]
    titled = (words_before := before.split()) and words_before[-1].lower().rstrip(".") in role_nouns()
    left = [n for n, common in people if not common or titled]
    codes = {t.code for n in left for t in terms()[n]}
    if len(left) > 1 and len(codes) > 1:
        return None
    past = [n for n in left if not date or any(t.start <= date for t in terms()[n])] or left
    return max(past, key=lambda n: terms()[n][-1].start) if past else None


def _days(end: str, date: str) -> int:
    if not end:
        return 0
    return (Date.fromisoformat(date[:10]) - Date.fromisoformat(end)).days


def joins(char: str) -> bool:
    """Whether a character next to a name makes it part of a longer word."""
    return char.isalnum() or char == "_"


_GIVEN = words("actors.given")


def _first_name(text: str, m: Mention) -> bool:
    """Whether a name that is also a given name or a US state begins another name here ('Jordan Valley')."""
    if m.kind == "person" or text[m.start : m.end] not in _GIVEN or text[m.end : m.end + 1] != " ":
        return False
    word = re.split(r"[^\w-]", text[m.end + 1 : m.end + 40], maxsplit=1)[0]
    low = word.lower()
    return word.istitle() and low not in role_nouns() and low not in _TITLES and low not in words("lexicon.times")


_TITLES = words("actors.titles")
_OPENERS = words("actors.openers")
_HONORIFIC = words("people.honorific")


@cache
def assessors() -> frozenset[str]:
    """Nouns for people whose view is a view ('analyst')."""
    return frozenset(r["noun"] for r in table("roles") if r["sector"] == "assessor")


@cache
def role_nouns() -> dict[str, tuple[str, str]]:
    """Noun -> (role, sector)."""
    return {r["noun"]: (r["role"], r["sector"]) for r in table("roles")}

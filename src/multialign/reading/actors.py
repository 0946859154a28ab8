"""Actors: who is named where. A gazetteer of states, their capitals and houses, organisations and officials.

One Aho-Corasick automaton holds all spellings, so that finding every actor takes one pass over the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from multialign.reading.tables import _split, spellings, table, words

Kind = Literal["name", "adjective", "capital", "metonym", "organisation", "person", "none"]


@dataclass(frozen=True)
class Mention:
    """An actor's name in a paragraph. `start`, `end` are offsets in that paragraph."""

    start: int
    end: int
    code: str
    kind: Kind
    name: str


@cache
def automaton() -> Any:
    """All spellings, each with (code, kind, full name, length)."""
    import ahocorasick

    found: dict[str, tuple[str, Kind, str]] = {}

    def put(form: str, code: str, kind: Kind, name: str) -> None:
        found.setdefault(form, (code, kind, name))

    for row in table("not_actors"):
        put(row["phrase"], "", "none", row["phrase"])
    for row in table("officials"):
        put(row["name"], row["code"], "person", row["name"])
        if row["short"]:
            put(row["short"], row["code"], "person", row["name"])
    for row in table("states"):
        capitals, adjectives = set(_split(row["capitals"])), set(_split(row["adjectives"]))
        proper = {row["name"], *_split(row["aliases"])}
        for form in spellings(row):
            kind: Kind = "name" if form in proper else "capital" if form in capitals else "adjective"
            put(form, row["iso3"], kind, row["name"])
            if form in adjectives and " " in form:
                put(form.replace(" ", "-"), row["iso3"], "adjective", row["name"])
    for row in table("organisations"):
        for form in [row["name"], *_split(row["aliases"])]:
            put(form, row["code"], "organisation", row["name"])
    for row in table("metonyms"):
        put(row["name"], row["code"], "metonym" if row["code"] else "none", row["name"])

    machine = ahocorasick.Automaton()
    for form, (code, kind, name) in found.items():
        machine.add_word(form, (code, kind, name, len(form)))
        upper = form.upper()
        if kind in ("name", "capital") and len(form) > 4 and upper not in found:
            machine.add_word(upper, (code, kind, name, len(form)))  # headlines and datelines
    machine.make_automaton()
    return machine


def _plain(text: str) -> str:
    """`text` with typographic apostrophes made plain; the length stays the same."""
    return text.replace("’", "'").replace("‘", "'").replace("\u00a0", " ")


def find(text: str) -> list[Mention]:
    """Actors named in `text`, in order, not overlapping: the longest spelling wins, then the first."""
    plain = _plain(text)
    hits = []
    for last, (code, kind, name, length) in automaton().iter(plain):
        start, end = last - length + 1, last + 1
        if start and _joins(plain[start - 1]):
            continue
        if end < len(plain) and _joins(plain[end]) and plain[end - 1] != ".":
            continue
        hits.append(Mention(start, end, code, kind, name))
    hits.sort(key=lambda m: (m.start, -(m.end - m.start)))
    out: list[Mention] = []
    reach = 0
    for m in hits:
        if m.start >= reach:
            reach = m.end
            out.append(m)
    return [m for m in out if m.kind != "none" and not _first_name(plain, m)]


def _joins(char: str) -> bool:
    return char.isalnum() or char == "_"


_GIVEN = words("actors.given")


def _first_name(text: str, m: Mention) -> bool:
    """Whether a name that is also a given name or a US state begins another name here ('Jordan Valley')."""
    if m.kind == "person" or text[m.start : m.end] not in _GIVEN or text[m.end : m.end + 1] != " ":
        return False
    word = re.split(r"[^\w-]", text[m.end + 1 : m.end + 40], maxsplit=1)[0]
    return word.istitle() and word.lower() not in role_nouns() and word.lower() not in _TITLES


_TITLES = words("actors.titles")


@cache
def assessors() -> frozenset[str]:
    """Nouns for people whose view is a view ('analyst')."""
    return frozenset(r["noun"] for r in table("roles") if r["sector"] == "assessor")


@cache
def role_nouns() -> dict[str, tuple[str, str]]:
    """Noun -> (role, sector)."""
    return {r["noun"]: (r["role"], r["sector"]) for r in table("roles")}

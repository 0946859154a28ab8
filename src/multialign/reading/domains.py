"""Domains: what a stretch of text is about, by the words of ``domains.csv``."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from multialign.reading.actors import joins
from multialign.reading.model import DOMAINS
from multialign.reading.tables import table


@cache
def _terms() -> tuple[Any, dict[str, list[str]]]:
    """An automaton that finds every term, and the domains of each."""
    import ahocorasick

    owner: dict[str, list[str]] = {}
    for row in table("domains"):
        for term in row["terms"].split("|"):
            owner.setdefault(term, []).append(row["domain"])
    machine = ahocorasick.Automaton()
    for term in owner:
        machine.add_word(term, term)
    machine.make_automaton()
    return machine, owner


_PLURAL = re.compile(r"(?:s|es)?\b")


def domains_in(text: str) -> list[str]:
    """Domains named in `text`, in the fixed order of the vocabulary; empty when it names none."""
    machine, owner = _terms()
    plain = text.lower()
    hits = []
    for last, term in machine.iter(plain):
        start = last - len(term) + 1
        if (start == 0 or not joins(plain[start - 1])) and (end := _PLURAL.match(plain, last + 1)):
            hits.append((start, -last, end.end(), term))
    found: set[str] = set()
    reach = 0
    for start, _, after, term in sorted(hits):  # the first, and of those the longest
        if start >= reach:
            reach = after
            found.update(owner[term])
    return [d for d in DOMAINS if d in found]

"""Domains: what a stretch of text is about, by the words of ``domains.csv``."""

from __future__ import annotations

import re
from functools import cache

from multialign.reading.model import DOMAINS
from multialign.reading.tables import table


@cache
def _pattern() -> tuple[re.Pattern[str], dict[str, list[str]]]:
    owner: dict[str, list[str]] = {}
    for row in table("domains"):
        for term in row["terms"].split("|"):
            owner.setdefault(term, []).append(row["domain"])
    terms = sorted(owner, key=len, reverse=True)
    return re.compile(r"\b(" + "|".join(map(re.escape, terms)) + r")(?:s|es)?\b", re.I), owner


def domains_in(text: str) -> list[str]:
    """Domains named in `text`, in the fixed order of the vocabulary; empty when it names none."""
    pattern, owner = _pattern()
    found = {d for m in pattern.finditer(text) for d in owner[m.group(1).lower()]}
    return [d for d in DOMAINS if d in found]

"""The reader's own knowledge, kept as CSV files in ``reading/data``, and the checks that hold them together."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

from multialign.errors import InputError
from multialign.reading.gazetteer import Term, check_actors, names, office, states, terms
from multialign.reading.model import DOMAINS, EVENTS

__all__ = ["Term", "check_tables", "names", "office", "states", "table", "terms", "words"]

_COLUMNS = {
    "roles": ["noun", "role", "sector"],
    "domains": ["domain", "terms"],
    "verbs": ["verbs", "object", "preposition", "event"],
    "nouns": ["nouns", "class", "event"],
    "classes": ["class", "act"],
    "operators": ["word", "pos", "operator"],
    "reporting": ["verb", "kind"],
    "words": ["set", "words"],
}
SECTORS = ("government", "military", "opposition", "business", "media", "assessor", "people")
OPERATORS = ("commit", "refuse", "ask", "threaten", "stop", "go", "let", "deny")


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Rows of one data file. Raises InputError when its columns are not those expected."""
    path = files("multialign.reading").joinpath("data", f"{name}.csv")
    reader = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    if reader.fieldnames != _COLUMNS[name]:
        raise InputError(
            f"columns {reader.fieldnames}", hint=f"they should be {_COLUMNS[name]}", file=f"{name}.csv", line=1
        )
    rows = []
    for row in reader:
        if None in row or None in row.values():
            raise InputError("a row with too many or too few fields", file=f"{name}.csv", line=reader.line_num)
        rows.append(row)
    return tuple(rows)


@cache
def words(name: str) -> frozenset[str]:
    """One of the word lists of ``words.csv``, named ``module.list``. Raises KeyError for another name."""
    return {r["set"]: frozenset(r["words"].split()) for r in table("words")}[name]


def check_tables() -> list[str]:
    """Everything wrong in the data files, one line each; empty when they are sound.

    The actors (see `check_actors`); event roots, domains, sectors and operators from their fixed lists; no repeated
    rows.
    """
    bad = check_actors()
    for name in _COLUMNS:
        seen = set()
        for row in table(name):
            key = tuple(row.values())
            if key in seen:
                bad.append(f"{name}: repeated row {key}")
            seen.add(key)
    fixed = [
        ("verbs", "event", ("", *EVENTS)),
        ("classes", "act", EVENTS),
        ("nouns", "event", ("", *EVENTS)),
        ("domains", "domain", DOMAINS),
        ("roles", "sector", SECTORS),
        ("operators", "operator", OPERATORS),
        ("operators", "pos", ("verb", "noun", "adj")),
        ("reporting", "kind", ("report", "assess")),
    ]
    for name, column, allowed in fixed:
        bad.extend(
            f"{name}: unknown {column} '{value}'"
            for r in table(name) for value in r[column].split("|") if value not in allowed
        )  # fmt: skip
    return bad

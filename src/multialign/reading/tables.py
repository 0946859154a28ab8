"""The reader's own knowledge, kept as CSV files in ``reading/data``, and the checks that hold them together."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date as Date
from functools import cache
from importlib.resources import files
from itertools import pairwise

from multialign.errors import InputError
from multialign.reading.model import DOMAINS, EVENTS

_COLUMNS = {
    "states": ["iso3", "name", "aliases", "adjectives", "capitals"],
    "organisations": ["code", "name", "aliases"],
    "metonyms": ["name", "code", "kind"],
    "officials": ["name", "short", "code", "role", "from", "to", "speaks_for"],
    "not_actors": ["phrase"],
    "roles": ["noun", "role", "sector"],
    "domains": ["domain", "terms"],
    "verbs": ["verb", "object", "preposition", "event"],
    "nouns": ["noun", "class", "event"],
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


@cache
def names() -> dict[str, str]:
    """Code -> English name, of every state and organisation that the reader knows."""
    out = {r["iso3"]: r["name"] for r in table("states")}
    out.update({r["code"]: r["name"] for r in table("organisations")})
    return out


@cache
def states() -> frozenset[str]:
    """ISO3 codes of all states known to the reader."""
    return frozenset(r["iso3"] for r in table("states"))


@dataclass(frozen=True)
class Term:
    """One term of office. `start` and `end` are ISO dates; `end` is empty while it lasts."""

    role: str
    code: str
    start: str
    end: str
    speaks_for: str | None

    def holds(self, date: str | None) -> bool:
        """Whether the office is held on `date`; without a date, whether it still lasts."""
        if date is None:
            return not self.end
        return self.start <= date and (not self.end or date < self.end)


@cache
def terms() -> dict[str, tuple[Term, ...]]:
    """Full name -> terms of office."""
    out: dict[str, list[Term]] = defaultdict(list)
    for r in table("officials"):
        out[r["name"]].append(Term(r["role"], r["code"], r["from"], r["to"], r["speaks_for"] or None))
    return {name: tuple(t) for name, t in out.items()}


def office(name: str, date: str | None) -> Term | None:
    """The term that `name` serves on `date`; with none, the latest one that began before it, called former."""
    known = terms().get(name, ())
    for term in known:
        if term.holds(date):
            return term
    past = [t for t in known if date is None or t.start <= date]
    if past:
        last = max(past, key=lambda t: t.start)
        return Term(f"former {last.role}", last.code, last.start, last.end, last.speaks_for)
    return Term("", known[0].code, "", "", None) if known else None


def check_tables() -> list[str]:
    """Everything wrong in the data files, one line each; empty when they are sound.

    Codes are known, ISO3 codes well formed, names of actors unambiguous, dates real and in order, terms of one
    person apart, event roots, domains, sectors and operators from their fixed lists, no repeated rows.
    """
    bad: list[str] = []
    for name in _COLUMNS:
        seen = set()
        for row in table(name):
            key = tuple(row.values())
            if key in seen:
                bad.append(f"{name}: repeated row {key}")
            seen.add(key)
    known = names()
    for code in states():
        if len(code) != 3 or not code.isalpha() or not code.isupper():
            bad.append(f"states: '{code}' is not an ISO3 code")
    owners: dict[str, str] = {}
    for r in table("states"):
        for form in spellings(r):
            if owners.setdefault(form, r["iso3"]) != r["iso3"]:
                bad.append(f"states: '{form}' stands for {owners[form]} and {r['iso3']}")
    for r in table("organisations"):
        for form in [r["name"], *_split(r["aliases"])]:
            if owners.setdefault(form, r["code"]) != r["code"]:
                bad.append(f"organisations: '{form}' stands for {owners[form]} and {r['code']}")
    for r in table("metonyms"):
        if r["code"] and r["code"] not in known:
            bad.append(f"metonyms: '{r['name']}' has the unknown code '{r['code']}'")
    for r in table("officials"):
        bad.extend(_check_official(r, known))
    for name, spans in terms().items():
        ordered = sorted(spans, key=lambda t: t.start)
        for one, two in pairwise(ordered):
            if one.code == two.code and (not one.end or one.end > two.start):
                bad.append(f"officials: two terms of {name} overlap ({one.start} and {two.start})")
    fixed = [
        ("verbs", "event", EVENTS),
        ("nouns", "event", ("", *EVENTS)),
        ("domains", "domain", DOMAINS),
        ("roles", "sector", SECTORS),
        ("operators", "operator", OPERATORS),
        ("operators", "pos", ("verb", "noun", "adj")),
        ("reporting", "kind", ("report", "assess")),
    ]
    for name, column, allowed in fixed:
        bad.extend(f"{name}: unknown {column} '{r[column]}'" for r in table(name) if r[column] not in allowed)
    return bad


def _check_official(r: dict[str, str], known: dict[str, str]) -> list[str]:
    bad = []
    if r["code"] not in known:
        bad.append(f"officials: {r['name']} has the unknown code '{r['code']}'")
    try:
        start = Date.fromisoformat(r["from"])
        if r["to"] and Date.fromisoformat(r["to"]) <= start:
            bad.append(f"officials: the term of {r['name']} ends before it starts")
    except ValueError as error:
        bad.append(f"officials: {r['name']}: {error}")
    return bad


def spellings(row: dict[str, str]) -> list[str]:
    """Every way that a row of ``states`` is written: name, aliases, demonyms (and plurals), capitals."""
    adjectives = _split(row["adjectives"])
    plurals = [a + "s" for a in adjectives if a.endswith("n")]
    return list(dict.fromkeys([row["name"], *_split(row["aliases"]), *adjectives, *plurals,
                               *_split(row["capitals"])]))  # fmt: skip


def _split(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]

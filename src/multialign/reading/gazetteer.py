"""Who there is: one table of actors, ``actors.csv``, to which a user may add a file of the same columns.

A row is a state, an organisation, a metonym (a house of government, ministry, agency, party, company or armed group
that stands for a state), a place inside a state, an official with a term of office, or ``none``: a phrase that looks
like an actor and is none ('South China Sea').
"""

from __future__ import annotations

import csv
import os
from collections import defaultdict
from dataclasses import dataclass
from datetime import date as Date
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any

from multialign.errors import InputError, unknown

COLUMNS = ("kind", "code", "name", "aliases", "short", "adjectives", "capitals", "role", "from", "to", "speaks_for")
KINDS = ("state", "organisation", "metonym", "place", "official", "none")
ENVIRONMENT = "MULTIALIGN_ACTORS"
"""Environment variable that names the user's own files of actors, parted as in PATH; child processes see it too."""
MAX_ROWS, MAX_FILE = 100_000, 20_000_000

_EXTRA: list[Path] = []
_FOLLOW: list[Any] = []


def follows(cached: Any) -> Any:
    """Mark a cached function of the table: it forgets when `use_actors` changes the table."""
    _FOLLOW.append(cached)
    return cached


def use_actors(*paths: str | Path) -> None:
    """Read these files beside the built-in table from now on, in this process. None: the built-in table alone.

    Each is a CSV file with a header of some of `COLUMNS`, at least ``kind`` and ``name``. A state or organisation
    with a code that is already known adds names to it. Raises InputError that names file, line and field; the
    table stays as it was then.
    """
    new = [Path(p) for p in paths]
    bad = check_actors(*new) if new else []
    if bad:
        raise InputError(bad[0], hint=f"{len(bad) - 1} more faults" if len(bad) > 1 else None)
    _EXTRA[:] = new
    for cached in _FOLLOW:
        cached.cache_clear()


def _load(text: str, name: str) -> list[dict[str, str]]:
    reader = csv.DictReader(text.splitlines())
    fields = reader.fieldnames or []
    for field in fields:
        if field not in COLUMNS:
            raise unknown("column", field, COLUMNS, file=name, line=1)
    for needed in ("kind", "name"):
        if needed not in fields:
            raise InputError(f"no column '{needed}'", hint=f"the header has {list(fields)}", file=name, line=1)
    out = []
    for row in reader:
        if None in row or None in row.values():
            raise InputError("a row with too many or too few fields", file=name, line=reader.line_num)
        if row["kind"] not in KINDS:
            raise unknown("kind", row["kind"], KINDS, file=name, line=reader.line_num, field="kind")
        out.append({c: str(row.get(c, "")).strip() for c in COLUMNS} | {"line": str(reader.line_num)})
        if len(out) > MAX_ROWS:
            raise InputError(f"more than {MAX_ROWS:,} rows", file=name)
    return out


def _file(path: Path) -> list[dict[str, str]]:
    try:
        if path.stat().st_size > MAX_FILE:
            raise InputError(f"larger than {MAX_FILE // 1_000_000} MB", file=path)
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", file=path) from None
    except UnicodeDecodeError:
        raise InputError("not UTF-8 text", hint="save it as UTF-8", file=path) from None
    return _load(text, str(path))


@cache
def _builtin() -> tuple[dict[str, str], ...]:
    path = files("multialign.reading").joinpath("data", "actors.csv")
    return tuple(_load(path.read_text(encoding="utf-8"), "actors.csv"))


@follows
@cache
def actors() -> tuple[dict[str, str], ...]:
    """All rows: the user's first, so that they win, then the built-in ones.

    The user's files are those of `use_actors`, else those that the environment variable MULTIALIGN_ACTORS names.
    Raises InputError when one of the latter is faulty.
    """
    paths = _EXTRA
    if not paths and (named := os.environ.get(ENVIRONMENT, "")):
        paths = [Path(p) for p in named.split(os.pathsep) if p]
        bad = check_actors(*paths)
        if bad:
            raise InputError(bad[0], hint=f"the file is named by {ENVIRONMENT}")
    return tuple(row for path in paths for row in _file(path)) + _builtin()


@follows
@cache
def of_kind(kind: str) -> tuple[dict[str, str], ...]:
    """The rows of one kind."""
    return tuple(row for row in actors() if row["kind"] == kind)


@follows
@cache
def names() -> dict[str, str]:
    """Code -> English name, of every state and organisation that the reader knows."""
    out: dict[str, str] = {}
    for row in (*_builtin(), *actors()):
        if row["kind"] in ("state", "organisation"):
            out.setdefault(row["code"], row["name"])
    return out


@follows
@cache
def states() -> frozenset[str]:
    """ISO3 codes of all states known to the reader."""
    return frozenset(r["code"] for r in of_kind("state"))


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


@follows
@cache
def terms() -> dict[str, tuple[Term, ...]]:
    """Full name -> terms of office. Other spellings of a name have the same terms."""
    out: dict[str, list[Term]] = defaultdict(list)
    for r in of_kind("official"):
        term = Term(r["role"], r["code"], r["from"], r["to"], r["speaks_for"] or None)
        if term not in out[r["name"]]:
            out[r["name"]].append(term)
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


@follows
@cache
def _holders() -> dict[tuple[str, str], tuple[tuple[Term, str], ...]]:
    out: dict[tuple[str, str], list[tuple[Term, str]]] = defaultdict(list)
    for name, served in terms().items():
        for term in served:
            out[term.code, term.role].append((term, name))
    return {key: tuple(found) for key, found in out.items()}


SINGLE = frozenset({
    "president", "prime minister", "chancellor", "foreign minister", "defence minister", "supreme leader",
    "vice president", "crown prince", "secretary-general", "trade minister", "finance minister",
    "energy minister", "president of the commission", "president of the council", "high representative",
})  # fmt: skip
"""Offices that one person at a time holds: 'the Indian prime minister' on a date is somebody."""


def holder(code: str, role: str, date: str | None) -> str | None:
    """Who holds an office of a state on a date; None when that is not known, or when there is no date."""
    if date is None or role not in SINGLE:
        return None
    found = {name for term, name in _holders().get((code, role), ()) if term.holds(date)}
    return found.pop() if len(found) == 1 else None


def split(cell: str) -> list[str]:
    """Parts of a cell with several values."""
    return [part for part in cell.split("|") if part]


def spellings(row: dict[str, str]) -> list[str]:
    """Every way that a state is written: name, aliases, demonyms (and plurals), capitals."""
    adjectives = split(row["adjectives"])
    plurals = [a + "s" for a in adjectives if a.endswith("n")]
    return list(dict.fromkeys([row["name"], *split(row["aliases"]), *adjectives, *plurals,
                               *split(row["capitals"])]))  # fmt: skip


def check_actors(*paths: str | Path) -> list[str]:
    """Everything wrong in the table of actors, or in the user's files given; empty when they are sound.

    Each fault names the file, the line of the row, its kind and name.

    Kinds and columns are known, codes well formed and, where a row refers to an actor, known; a name stands for one
    actor; dates are real and in order; the terms of one person in one state do not overlap; no row is repeated.
    """
    rows: list[tuple[str, dict[str, str]]] = []
    try:
        for path in paths:
            rows += [(str(path), r) for r in _file(Path(path))]
    except InputError as error:
        return [str(error)]
    if not paths:
        rows = [("actors.csv", r) for r in _builtin()]
    known = {r["code"] for r in _builtin() if r["kind"] in ("state", "organisation")}
    known |= {r["code"] for _, r in rows if r["kind"] in ("state", "organisation")}
    bad: list[str] = []
    owners: dict[str, str] = {}
    seen: set[tuple[str, ...]] = set()
    served: dict[tuple[str, str], list[Term]] = defaultdict(list)
    for file, r in rows:
        key = tuple(r[c] for c in COLUMNS)
        faults = ["repeated row"] if key in seen else []
        seen.add(key)
        faults += _faults(r, known, owners)
        if r["kind"] == "official" and not faults:
            served[r["name"], r["code"]].append(Term(r["role"], r["code"], r["from"], r["to"], None))
        bad += [f"{file}:{r['line']}: {r['kind']} '{r['name']}': {fault}" for fault in faults]
    for (name, code), spans in served.items():
        for one, two in pairwise(sorted(spans, key=lambda t: (t.role, t.start))):
            if one.role == two.role and (not one.end or one.end > two.start):
                bad.append(f"official '{name}' ({code}): two terms overlap ({one.start} and {two.start})")
    return bad


def _faults(r: dict[str, str], known: set[str], owners: dict[str, str]) -> list[str]:
    """What is wrong with one row. `owners` collects whom each name stands for."""
    out = [] if r["name"] else ["no name"]
    if r["kind"] == "state" and not (len(r["code"]) == 3 and r["code"].isalpha() and r["code"].isupper()):
        out.append(f"'{r['code']}' is not an ISO3 code")
    elif r["kind"] != "none" and r["code"] not in known:
        out.append(f"unknown code '{r['code']}'")
    if r["kind"] in ("state", "organisation", "metonym", "place"):
        for form in spellings(r):
            if owners.setdefault(form, r["code"]) != r["code"]:
                out.append(f"'{form}' stands for {owners[form]} and {r['code']}")
    elif r["kind"] == "official":
        fault = _dates(r)
        out += [fault] if fault else []
    return out


def _dates(r: dict[str, str]) -> str | None:
    try:
        start = Date.fromisoformat(r["from"])
        if r["to"] and Date.fromisoformat(r["to"]) <= start:
            return "the term ends before it starts"
    except ValueError as error:
        return f"{error} (dates are YYYY-MM-DD)"
    return None

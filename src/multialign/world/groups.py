"""Groups of states by date: who was a member of what, and when.

Memberships are in ``data/country_groups.csv`` (group, iso3, first day, last day), the groups' names and kinds in
``data/country_group_names.csv``. The first day is empty where a list has no beginning, the last where it has no end.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

from multialign.errors import InputError, unknown
from multialign.world import seal

EDITION = date(2026, 5, 1)
"""The day of the latest change that the table of memberships knows."""


@dataclass(frozen=True)
class Membership:
    """One state's time in a group: from its first to its last day, both included; None where it is open."""

    iso3: str
    start: date | None
    end: date | None

    def holds(self, on: date | None) -> bool:
        """Whether it holds on a day; without one, whether it has no end."""
        if on is None:
            return self.end is None
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)


@dataclass(frozen=True)
class Group:
    """A group of states. A customs union has one tariff towards others and none within."""

    code: str
    name: str
    aliases: tuple[str, ...]
    customs_union: bool
    note: str
    memberships: tuple[Membership, ...]


@cache
def groups() -> MappingProxyType[str, Group]:
    """All groups by code, checked. Raises InputError naming the row of the table that is wrong."""
    return check_groups(_rows("country_group_names.csv"), _rows("country_groups.csv"), _iso3())


def group_names() -> dict[str, str]:
    """Code -> full name of every group known."""
    return {g.code: g.name for g in groups().values()}


def is_group(name: str) -> bool:
    """Whether `name` is a group, by code, full name or alias, also with a date (``EU@2019-06-30``)."""
    return _folded(name.partition("@")[0]) in _by_name()


def group(name: str, *, field: str | None = None) -> Group:
    """The group of a code, full name or alias, in any case, with or without accents; a date after ``@`` is left aside.

    Raises InputError, with the nearest name, where there is none.
    """
    found = _by_name().get(_folded(name.partition("@")[0]))
    if found is None:
        raise unknown("group of states", name.partition("@")[0].strip(), group_names(), field=field)
    return groups()[found]


def members(name: str, on: date | None = None, *, field: str | None = None) -> tuple[str, ...]:
    """ISO3 codes of a group's members on a day, sorted.

    Without a day, the members of today: those whose membership has no end in the table (its edition is `EDITION`; the
    computer's clock plays no part). A day written after the name, as in ``EU@2019-06-30``, goes before `on`.

    Raises InputError for an unknown group, a date that is none, or a day on which the group had no member.
    """
    found = group(name, field=field)
    on = _date_in(name, field) or on
    now = tuple(sorted({m.iso3 for m in found.memberships if m.holds(on)}))
    if not now:
        first = min((m.start for m in found.memberships if m.start), default=None)
        raise InputError(
            f"{found.name} had no members on {on}", field=field, hint=f"its first day in the table is {first}"
        )
    return now


def check_groups(
    names: Sequence[dict[str, str]], rows: Sequence[dict[str, str]], iso3: frozenset[str]
) -> MappingProxyType[str, Group]:
    """Groups from the rows of the two tables, held against each other and against a list of ISO3 codes.

    Raises InputError naming table and line for an unknown code or group, a date that is none, a last day before the
    first, two times of one state in one group that overlap, a group without members, or a name that two groups share.
    """
    table, place = "country_groups.csv", "country_group_names.csv"
    codes = [r["group"] for r in names]
    times: dict[str, list[Membership]] = {code: [] for code in codes}
    for line, row in enumerate(rows, start=2):
        if row["group"] not in times:
            raise unknown("group of states", row["group"], codes, file=table, line=line, field="group")
        if row["iso3"] not in iso3:
            raise unknown("country", row["iso3"], sorted(iso3), file=table, line=line, field="iso3")
        start, end = (_iso_date(row[f], file=table, line=line, field=f) if row[f] else None for f in ("from", "to"))
        if start and end and end < start:
            raise InputError(f"{end} is before {start}", file=table, line=line, field="to")
        new = Membership(row["iso3"], start, end)
        for other in times[row["group"]]:
            if other.iso3 == new.iso3 and _overlap(other, new):
                raise InputError(
                    f"{new.iso3} is in {row['group']} twice at one time", file=table, line=line, field="from"
                )
        times[row["group"]].append(new)
    found: dict[str, Group] = {}
    spelled: dict[str, str] = {}
    for line, row in enumerate(names, start=2):
        code, aliases = row["group"], tuple(a for a in row["aliases"].split("|") if a)
        if not times[code]:
            raise InputError(f"{code} has no members", file=place, line=line, field="group")
        if row["customs_union"] not in ("0", "1"):
            raise InputError(
                f"is {row['customs_union']!r}", file=place, line=line, field="customs_union", hint="right are 0 and 1"
            )
        for key in {_folded(n) for n in (code, row["name"], *aliases)}:
            if spelled.setdefault(key, code) != code:
                raise InputError(f"{spelled[key]} and {code} share the name '{key}'", file=place, line=line)
        found[code] = Group(code, row["name"], aliases, row["customs_union"] == "1", row["note"], tuple(times[code]))
    return MappingProxyType(found)


def _overlap(a: Membership, b: Membership) -> bool:
    day = timedelta(days=1)
    first, last = max(a.start or date.min, b.start or date.min), min(a.end or date.max, b.end or date.max)
    # Two times that touch are one time written twice.
    return first <= last or (last < date.max and first == last + day)


def _date_in(name: str, field: str | None) -> date | None:
    head, at, day = name.partition("@")
    return _iso_date(day.strip(), field=field, of=head.strip()) if at else None


def _iso_date(text: str, *, of: str | None = None, **place: object) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as cause:
        found = f"'{text}'" + (f" after {of}@" if of else "")
        raise InputError(f"{found} is not a date", hint="write it as 2019-06-30", **place) from cause  # type: ignore[arg-type]


def _folded(name: str) -> str:
    """A name without case, accents, blanks and marks, so that ``G-7``, ``g7`` and ``Five_Eyes`` are found."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in plain if c.isalnum() or c == "+")


@cache
def _by_name() -> dict[str, str]:
    return {_folded(n): g.code for g in groups().values() for n in (g.code, g.name, *g.aliases)}


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(seal.text(name).splitlines()))


@cache
def _iso3() -> frozenset[str]:
    return frozenset(seal.text("iso3.txt").split())

"""Lists of countries and industries in a scenario, as positions in a world: codes, groups, and what is at home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from multialign.errors import InputError, unknown
from multialign.world import codes, groups

INDUSTRY_GROUPS = ("goods", "services", "technology", "energy")


def countries_of(given: Sequence[str], known: Sequence[str], field: str, on: date | None = None) -> list[int]:
    """Positions of countries named by code or group; all when nothing is given.

    `known` are the world's own labels, which go before groups of the same name. A group (see `groups.members`) has the
    members of the day `on`, or of the day written with it (``EU@2019-06-30``); those that the world does not have are
    left out. Raises InputError for a stranger, and for a group of which the world has nobody.
    """
    if not given:
        return list(range(len(known)))
    place = {c: i for i, c in enumerate(known)}
    out: list[int] = []
    for name in given:
        if name in place:
            out.append(place[name])
        elif groups.is_group(name):
            here = [place[c] for c in groups.members(name, on, field=field) if c in place]
            if not here:
                raise InputError(f"this world has no member of '{name}'", field=field)
            out += here
        else:
            names = groups.group_names() | {c: codes.countries().get(c, c) for c in known}
            raise unknown("country or group", name, names, field=field)
    return sorted(set(out))


def unions_named(importers: Sequence[str], exporters: Sequence[str], known: Sequence[str]) -> list[str]:
    """The customs unions among the names on either side, as written, each once."""
    named = [n for n in (*importers, *exporters) if n not in known and groups.is_group(n)]
    return list(dict.fromkeys(n for n in named if groups.group(n).customs_union))


def at_home(
    importers: Sequence[str], exporters: Sequence[str], known: Sequence[str], on: date | None = None
) -> np.ndarray:
    """Which flows of an instrument stay within one country, or within a customs union named as one. (N, N)
    [importer, exporter], bool.

    Where a customs union (the EU, say) stands on either side, trade between two of its members is at home, unless both
    are named by their own codes: a union has one trade policy, and none towards itself. Other groups are lists of
    states and no more: what stands between their members is touched like any other trade.
    """
    home = np.eye(len(known), dtype=bool)
    buys, sells = (np.array([c in side for c in known], dtype=bool) for side in (importers, exporters))
    for union in unions_named(importers, exporters, known):
        inside = groups.members(union, on)
        member = np.array([c in inside for c in known], dtype=bool)
        home |= np.outer(member, member) & ~np.outer(buys, sells)
    return home


def industries_of(given: Sequence[str], known: Sequence[str], field: str) -> list[int]:
    """Positions of industries named by code or group; all when nothing is given. Raises InputError for a stranger."""
    if not given:
        return list(range(len(known)))
    place = {s: i for i, s in enumerate(known)}
    out: list[int] = []
    for name in given:
        if name in place:
            out.append(place[name])
        elif name in INDUSTRY_GROUPS:
            members = [place[s] for s in codes.industry_group(name) if s in place]
            if not members:
                raise InputError(f"this world has no industry of the group '{name}'", field=field)
            out += members
        else:
            names = {s: codes.industries().get(s, s) for s in known} | {g: g for g in INDUSTRY_GROUPS}
            raise unknown("industry", name, names, field=field)
    return sorted(set(out))

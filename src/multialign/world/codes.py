"""Names of the embedded world's countries and industries, and the groups that people speak of."""

from __future__ import annotations

import csv
from functools import cache
from types import MappingProxyType

from multialign.errors import unknown
from multialign.world import seal

EU27 = (
    "AUT",
    "BEL",
    "BGR",
    "HRV",
    "CYP",
    "CZE",
    "DNK",
    "EST",
    "FIN",
    "FRA",
    "DEU",
    "GRC",
    "HUN",
    "IRL",
    "ITA",
    "LVA",
    "LTU",
    "LUX",
    "MLT",
    "NLD",
    "POL",
    "PRT",
    "ROU",
    "SVK",
    "SVN",
    "ESP",
    "SWE",
)
"""The European Union's members since 2020, which set one common tariff."""

GREAT_POWERS = ("USA", "CHN", "RUS", "EU27")
"""The powers among which a state's ties are compared; the EU counts as one."""


def _table(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(seal.text(name).splitlines()))


@cache
def countries() -> MappingProxyType[str, str]:
    """ISO3 code -> English name, in the embedded world's order; ``ROW`` is the rest of the world."""
    return MappingProxyType({row["iso3"]: row["name"] for row in _table("countries.csv")})


@cache
def industries() -> MappingProxyType[str, str]:
    """Industry code (OECD ICIO 2025 edition) -> name, in the embedded world's order."""
    return MappingProxyType({row["code"]: row["name"] for row in _table("industries.csv")})


@cache
def industry_group(kind: str) -> tuple[str, ...]:
    """Industries of one kind: ``goods``, ``services``, ``technology`` or ``energy``.

    Raises InputError for any other kind.
    """
    rows = _table("industries.csv")
    if kind in ("goods", "services"):
        return tuple(r["code"] for r in rows if r["kind"] == kind)
    if kind in ("technology", "energy"):
        return tuple(r["code"] for r in rows if r[kind] == "1")
    raise unknown("industry group", kind, ["goods", "services", "technology", "energy"])


def country(code: str, **place: object) -> str:
    """`code` as a known ISO3 code (any case, or the country's English name), else an InputError."""
    known = countries()
    if code.upper() in known:
        return code.upper()
    by_name = {name.casefold(): iso3 for iso3, name in known.items()}
    if code.casefold() in by_name:
        return by_name[code.casefold()]
    raise unknown("country", code, known, **place)

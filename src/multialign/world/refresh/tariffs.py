"""A long table of tariffs: importer, exporter, year, rate, and where there is one the industry."""

from __future__ import annotations

from pathlib import Path

from multialign.errors import InputError, unknown
from multialign.world import codes, groups
from multialign.world.parquet import write_parquet
from multialign.world.refresh.store import Entry, put, sha256
from multialign.world.refresh.tables import numbers, read_table

WHAT = "a long table with importer, exporter (ISO3), year, rate_pct (per cent of value), and sector where it has one"
MOST_PERCENT = 3000.0


def add_tariffs(path: Path, *, source: str | None = None) -> Entry:
    """Take a long table of tariffs into the user's data.

    Columns importer, exporter, year, rate_pct and, if rates differ by industry, sector (ICIO codes); without it a rate
    holds for all goods. A group of states (``EU27``, ``G7``, ``EU@2019-06-30``) stands for its members, and a line that
    names a state goes before one that names its group. Raises InputError naming line, field and value.
    """
    import pandas as pd

    needed: tuple[tuple[str, ...], ...] = (
        ("importer", "reporter"),
        ("exporter", "partner"),
        ("year",),
        ("rate_pct", "tariff_pct"),
    )
    sectors = ("sector", "industry")
    try:
        table, first = read_table(path, (*needed, sectors), what=WHAT)
    except InputError as error:
        if "'sector'" not in error.problem:
            raise
        table, first = read_table(path, needed, what=WHAT)
        table["sector"] = "goods"
    year = numbers(table, "year", path, first)
    rate = numbers(table, "rate_pct", path, first)
    known = set(codes.countries())
    goods = codes.industry_group("goods")
    sides: dict[str, list[tuple[str, ...]]] = {}
    for column in ("importer", "exporter"):
        sides[column] = [_parties(v, known, path, first + k, column) for k, v in enumerate(table[column])]
    sector = table["sector"].str.strip()
    for place, value in enumerate(sector):
        if value not in (*goods, "goods"):
            allowed = ["goods", *goods]
            raise unknown("industry of goods", value, allowed, file=path, line=first + place, field="sector")
    for place, (y, r) in enumerate(zip(year, rate, strict=True)):
        if not 1900 <= y <= 2200 or y != int(y):
            raise InputError(f"found {y:g}", file=path, line=first + place, field="year", hint="right is a year")
        if not 0 <= r <= MOST_PERCENT:
            hint = f"right is per cent of value, 0 to {MOST_PERCENT:g}"
            raise InputError(f"found {r:g}", file=path, line=first + place, field="rate_pct", hint=hint)
    found: dict[tuple[str, str, str, int], tuple[int, float]] = {}
    for place in range(len(table)):
        importers, exporters = sides["importer"][place], sides["exporter"][place]
        # How closely the line names the pair: both states, one of them, or two groups.
        close = (len(importers) == 1) + (len(exporters) == 1)
        for n in importers:
            for i in exporters:
                key = (n, i, str(sector.iloc[place]), int(year.iloc[place]))
                if n == i and len(importers) == len(exporters) == 1:
                    raise InputError(f"{n} has a tariff on itself", file=path, line=first + place)
                if n == i or (key in found and found[key][0] > close):
                    continue
                if key in found and found[key][0] == close and found[key][1] != float(rate.iloc[place]):
                    raise InputError(f"{', '.join(map(str, key))} stands twice", file=path, line=first + place)
                found[key] = (close, float(rate.iloc[place]))
    keys = ["importer", "exporter", "sector", "year"]
    out = pd.DataFrame([(*k, v[1]) for k, v in sorted(found.items())], columns=[*keys, "rate_pct"])
    entry = Entry(
        kind="tariffs",
        file="tariffs.parquet",
        years=(int(out["year"].min()), int(out["year"].max())),
        rows=len(out),
        source=source or f"the table {path.name}",
        edition=path.stem,
        licence="the user's own",
        citation=source or path.name,
        source_file=path.name,
        source_sha256=sha256(path),
        checks=(f"{out['importer'].nunique()} importers, {out['exporter'].nunique()} exporters",),
    )
    return put(entry, lambda p: write_parquet(out, p, order=("year", "importer", "exporter", "sector")))


def _parties(text: str, known: set[str], path: Path, line: int, field: str) -> tuple[str, ...]:
    """The states that a cell names. Raises InputError."""
    value = text.strip().upper()
    if value in known:
        return (value,)
    if groups.is_group(text.strip()):
        members = tuple(m for m in groups.members(text.strip(), field=field) if m in known)
        if members:
            return members
    names = {**codes.countries(), **groups.group_names()}
    raise unknown("country or group", text.strip(), names, file=path, line=line, field=field)

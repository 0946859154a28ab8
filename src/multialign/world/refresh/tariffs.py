"""A long table of tariffs: importer, exporter, year, rate, and where there is one the industry."""

from __future__ import annotations

from pathlib import Path

from multialign.errors import InputError, unknown
from multialign.world import codes
from multialign.world.parquet import write_parquet
from multialign.world.refresh.store import Entry, put, sha256
from multialign.world.refresh.tables import numbers, read_table

WHAT = "a long table with importer, exporter (ISO3), year, rate_pct (per cent of value), and sector where it has one"
MOST_PERCENT = 3000.0


def add_tariffs(path: Path, *, source: str | None = None) -> Entry:
    """Take a long table of tariffs into the user's data.

    Columns importer, exporter, year, rate_pct and, if rates differ by industry, sector (ICIO codes); without it a rate
    holds for all goods. `EU27` stands for all members. Raises InputError naming line, field and value.
    """
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
    known = {*codes.countries(), "EU27"}
    goods = codes.industry_group("goods")
    for column, allowed in (("importer", known), ("exporter", known), ("sector", {*goods, "goods"})):
        text = table[column].str.strip() if column == "sector" else table[column].str.strip().str.upper()
        for place, value in enumerate(text):
            if value not in allowed:
                names = codes.countries() if column != "sector" else sorted(allowed)
                kind = "industry of goods" if column == "sector" else "country"
                raise unknown(kind, value, names, file=path, line=first + place, field=column)
        table[column] = text
    for place, (y, r) in enumerate(zip(year, rate, strict=True)):
        if not 1900 <= y <= 2200 or y != int(y):
            raise InputError(f"found {y:g}", file=path, line=first + place, field="year", hint="right is a year")
        if not 0 <= r <= MOST_PERCENT:
            hint = f"right is per cent of value, 0 to {MOST_PERCENT:g}"
            raise InputError(f"found {r:g}", file=path, line=first + place, field="rate_pct", hint=hint)
    out = table.assign(year=year.astype(int), rate_pct=rate)[["importer", "exporter", "sector", "year", "rate_pct"]]
    keys = ["importer", "exporter", "sector", "year"]
    twice = out.duplicated(keys)
    if twice.any():
        place = int(twice.to_numpy().argmax())
        row = out.iloc[place]
        raise InputError(
            f"{row.importer}, {row.exporter}, {row.sector}, {row.year} stands twice", file=path, line=first + place
        )
    out = out.sort_values(keys, ignore_index=True)
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

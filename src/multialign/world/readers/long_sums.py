"""Sums of a long table by DuckDB, which reads the file several times and holds no more than the sums."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from multialign.errors import InputError, nearest, unknown
from multialign.world.readers.table import Step, require_size

COLUMNS = ("importer", "exporter", "sector", "use", "value")
FINAL, INTERMEDIATE = "final", "intermediate"


@dataclass(frozen=True)
class Sums:
    """What a long table adds up to, in its own unit; N countries, S industries, sorted by name.

    intermediate, final: (N, N, S) [importer, exporter, industry]. unsaid: (N, S) the part of `intermediate` whose user
    is not said. inputs: (N, S, S) the rest [country, input, user]. Rows of intermediate use below zero are in none of
    these: `dropped` is how many, `below` what they come to. rows: how many were read.
    """

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    intermediate: np.ndarray
    final: np.ndarray
    unsaid: np.ndarray
    inputs: np.ndarray
    dropped: int
    below: float
    year: int | None
    rows: int


def sums_of(path: Path, columns: Mapping[str, str] | None, year: int | None, progress: Step) -> Sums:
    """Check a long table's columns and cells, and add it up. Arguments and errors as in `long.read_long`."""
    import duckdb

    names = _names(columns)
    parquet = path.suffix.lower() in (".parquet", ".pq")
    progress("reading the table", 0.0)
    try:
        with duckdb.connect() as db:
            db.execute("SET enable_progress_bar = false")
            # DuckDB would take *, ? and [ in a name for a pattern.
            source = "".join(f"[{ch}]" if ch in "*?[" else ch for ch in str(path))
            literal = "'" + source.replace("'", "''") + "'"
            # Views take no parameters: the path is quoted here, the columns' names are held against the file's own.
            table = f"read_parquet({literal})" if parquet else f"read_csv({literal}, header=true, all_varchar=true)"
            head = [d[0] for d in db.execute(f"SELECT * FROM {table} LIMIT 0").description or []]  # noqa: S608
            own = _found(path, names, head)
            picked = ", ".join(f'{_quoted(col)} AS "{name}"' for name, col in own.items())
            db.execute(f"CREATE TEMP VIEW given AS SELECT {picked} FROM {table}")  # noqa: S608
            _require_cells(db, path, own, parquet)
            progress("reading the table", 0.3)
            wanted = _year(db, path, year) if "year" in own else None
            texts = ", ".join(f"trim({name}::VARCHAR) AS {name}" for name in COLUMNS[:4])
            where = f"WHERE TRY_CAST(year AS DOUBLE) = {int(wanted)}" if wanted is not None else ""
            db.execute(f"CREATE TEMP VIEW flows AS SELECT {texts}, value::DOUBLE AS v FROM given {where}")  # noqa: S608
            return _added(db, path, own, wanted, progress)
    except duckdb.Error as cause:
        raise InputError(
            f"cannot be read: {str(cause).splitlines()[0][:160]}", file=path, hint="right are CSV in UTF-8, or Parquet"
        ) from cause


def _added(db: Any, path: Path, own: Mapping[str, str], year: int | None, progress: Step) -> Sums:
    rows, *labels = db.execute(
        "SELECT count(*), list(DISTINCT importer), list(DISTINCT exporter), list(DISTINCT sector), list(DISTINCT use) "
        "FROM flows"
    ).fetchone()
    if not rows:
        raise InputError(f"has no rows{f' of the year {year}' if year is not None else ''}", file=path)
    buyers, sellers, goods, uses = labels
    countries, sectors = tuple(sorted({*buyers, *sellers})), tuple(sorted(goods))
    require_size(countries, sectors, path)
    for use in sorted(uses):
        if use not in goods and use not in (FINAL, INTERMEDIATE):
            raise _stranger(path, own["use"], use, sectors)
    progress("reading the table", 0.6)
    c, s = ({name: i for i, name in enumerate(known)} for known in (countries, sectors))
    N, S = len(countries), len(sectors)
    out = {name: np.zeros((N, N, S)) for name in ("final", "bought", "unsaid", "below")}
    found = db.execute(
        "SELECT importer, exporter, sector, "
        "coalesce(sum(v) FILTER (use = 'final'), 0) AS final, "
        "coalesce(sum(v) FILTER (use <> 'final' AND v > 0), 0) AS bought, "
        "coalesce(sum(v) FILTER (use = 'intermediate' AND v > 0), 0) AS unsaid, "
        "coalesce(sum(-v) FILTER (use <> 'final' AND v < 0), 0) AS below, "
        "count(*) FILTER (use <> 'final' AND v < 0) AS dropped FROM flows GROUP BY ALL"
    ).fetchnumpy()
    at = (_ranks(found["importer"], c), _ranks(found["exporter"], c), _ranks(found["sector"], s))
    for name, array in out.items():
        array[at] = found[name]
    progress("reading the table", 0.8)
    used = db.execute(
        "SELECT importer, sector, use, sum(v) AS v FROM flows "
        "WHERE use <> 'final' AND use <> 'intermediate' AND v > 0 GROUP BY ALL"
    ).fetchnumpy()
    inputs = np.zeros((N, S, S))
    inputs[_ranks(used["importer"], c), _ranks(used["sector"], s), _ranks(used["use"], s)] = used["v"]
    return Sums(
        countries=countries,
        sectors=sectors,
        intermediate=out["bought"],
        final=out["final"],
        unsaid=out["unsaid"].sum(axis=1),
        inputs=inputs,
        dropped=int(found["dropped"].sum()),
        below=float(out["below"].sum()),
        year=year,
        rows=int(rows),
    )


def _ranks(labels: np.ndarray, known: Mapping[str, int]) -> np.ndarray:
    return np.fromiter((known[label] for label in labels), int, len(labels))


def _names(columns: Mapping[str, str] | None) -> dict[str, str]:
    names = {name: name for name in (*COLUMNS, "year")}
    for name, own in (columns or {}).items():
        if name not in names:
            raise unknown("column of a long table", name, names, field="columns")
        names[name] = own
    return names


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _found(path: Path, names: Mapping[str, str], head: list[str]) -> dict[str, str]:
    """Our name -> the file's own, in any case. A column of years need not be."""
    by_fold = {h.strip().casefold(): h for h in head}
    out = {}
    for name, own in names.items():
        hit = by_fold.get(own.strip().casefold())
        if hit is None:
            if name == "year" and own == "year":
                continue
            close = nearest(own, head)
            hint = f"the nearest is {close}" if close else f"it has: {', '.join(head[:8])}"
            raise InputError(f"has no column '{own}'", file=path, line=1, hint=f"{hint}; or name it with columns")
        out[name] = hit
    return out


def _require_cells(db: Any, path: Path, own: Mapping[str, str], parquet: bool) -> None:
    """Raise InputError at the first empty cell, or value that is no number."""
    wrong = {name: f"({name} IS NULL OR trim({name}::VARCHAR) = '')" for name in COLUMNS}
    wrong["value"] = "(NOT coalesce(isfinite(TRY_CAST(value AS DOUBLE)), false))"
    counts = ", ".join(f"count(*) FILTER (WHERE {test})" for test in wrong.values())
    found = db.execute(f"SELECT {counts} FROM given").fetchone()  # noqa: S608
    for (name, test), count in zip(wrong.items(), found, strict=True):
        if not count:
            continue
        # Only now are the lines counted: it takes a pass of its own.
        row, cell = db.execute(
            f"SELECT row, cell FROM (SELECT row_number() OVER () AS row, {name} AS cell, {test} AS bad FROM given) "  # noqa: S608
            "WHERE bad ORDER BY row LIMIT 1"
        ).fetchone()
        number = name == "value" and cell is not None
        raise InputError(
            (f"'{str(cell)[:40]}' is not a number" if number else "is empty") + (f" in row {row}" if parquet else ""),
            file=path,
            line=None if parquet else int(row) + 1,
            field=f"column {own[name]}",
            hint="numbers are written like 1234.5" if number else "every row has all columns",
        )


def _year(db: Any, path: Path, year: int | None) -> int | None:
    years = sorted(str(r[0]) for r in db.execute("SELECT DISTINCT year FROM given").fetchall())
    if year is None and len(years) > 1:
        raise InputError(f"has years {years[0]} to {years[-1]}", file=path, hint="say which with --year")
    try:
        return year if year is not None else int(float(years[0]))
    except ValueError as cause:
        raise InputError(f"'{years[0]}' is not a year", file=path, field="column year") from cause


def _stranger(path: Path, column: str, use: str, sectors: tuple[str, ...]) -> InputError:
    close = nearest(use, [*sectors, FINAL, INTERMEDIATE])
    hint = f"the nearest is {close}" if close else f"right are an industry, '{FINAL}' and '{INTERMEDIATE}'"
    return InputError(
        f"'{use[:40]}' is neither an industry that sells nor '{FINAL}' nor '{INTERMEDIATE}'",
        file=path,
        field=f"column {column}",
        hint=hint,
    )

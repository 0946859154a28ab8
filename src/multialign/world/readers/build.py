"""From a table as read to a World: tariffs and elasticities added, countries merged, every repair reported."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from multialign.errors import InputError, unknown
from multialign.world import groups
from multialign.world.model import World
from multialign.world.readers.balance import with_tariffs, with_value_added, without_negatives
from multialign.world.readers.cells import numbers, require_file, small_table
from multialign.world.readers.icio import read_icio
from multialign.world.readers.isic import published_elasticities
from multialign.world.readers.long import read_long
from multialign.world.readers.mapping import REST, places, read_mapping, sum_arrays
from multialign.world.readers.table import BuildReport, Finding, RawTable, Step, differences, silent, some
from multialign.world.readers.wiod import read_wiod

LAYOUTS = ("icio", "wiod", "long")
"""Names of the layouts that `build_file` reads."""
MAX_RATE = 10.0
"""A tariff above 1,000 % is taken for a percentage that was meant as a rate."""
TOLERANCE = 1e-9
"""Largest miss of the accounts allowed in a world that is built, relative to a country's sales."""


def build_file(
    layout: str,
    file: str | Path,
    *,
    year: int | None = None,
    elasticity: float | str | Path = "median",
    tariffs: str | Path | None = None,
    mapping: str | Path | None = None,
    value_added: str | Path | None = None,
    columns: str | None = None,
    scale: float = 1.0,
    sheet: str | None = None,
    progress: Step = silent,
) -> tuple[World, BuildReport]:
    """A World from a file: the reader of its layout (one of `LAYOUTS`), then `build_world`.

    mapping: a file (see `mapping.read_mapping`). columns: ``importer=reporter,value=usd``. The rest as in the readers
    and in `build_world`. Small files are read first, so that a mistake in one shows before the long reading. Raises
    InputError, also for an option that the layout does not have.
    """
    if layout not in LAYOUTS:
        raise unknown("layout", layout, LAYOUTS)
    foreign = {
        "value-added": value_added is not None and layout != "long",
        "columns": columns is not None and layout != "long",
        "scale": scale != 1.0 and layout != "long",
        "sheet": sheet is not None and layout != "wiod",
    }
    for option, wrong in foreign.items():
        if wrong:
            right = "wiod" if option == "sheet" else "long"
            raise InputError(f"is not for the layout {layout}", field=f"--{option}", hint=f"it is for {right}")
    for small in (tariffs, value_added):
        if small is not None:
            require_file(Path(small))
    kinds = read_mapping(mapping) if mapping is not None else None
    if layout == "icio":
        raw = read_icio(file, year=year, progress=progress)
    elif layout == "wiod":
        raw = read_wiod(file, year=year, sheet=sheet, progress=progress)
    else:
        raw = read_long(
            file, year=year, columns=_pairs(columns), value_added=value_added, scale=scale, progress=progress
        )
    progress("balancing the accounts", 1.0)
    return build_world(raw, elasticity=elasticity, tariffs=tariffs, mapping=kinds)


def _pairs(text: str | None) -> dict[str, str]:
    out = {}
    for part in (text or "").split(","):
        name, sign, own = part.partition("=")
        if part.strip() and not (sign and name.strip() and own.strip()):
            raise InputError(f"'{part}' is not a pair", field="--columns", hint="write importer=reporter,value=usd")
        if part.strip():
            out[name.strip()] = own.strip()
    return out


def build_world(
    raw: RawTable,
    *,
    elasticity: float | str | Path = "median",
    tariffs: str | Path | None = None,
    mapping: Mapping[str, Mapping[str, str] | None] | None = None,
    name: str | None = None,
) -> tuple[World, BuildReport]:
    """A World from a table that a reader has read, and the report of what was mended.

    Parameters
    ----------
    elasticity: one number for all industries; the name of a published set or ``median`` where the industries' codes are
        ISIC's (see `isic.published_elasticities`); or a CSV file with columns sector and elasticity, for the table's
        industries or, with a mapping, for the merged ones.
    tariffs: a CSV file with columns importer, exporter, sector, rate (0.25 is 25 %). Each of the three is a label,
        ``*`` for all, or (countries) a group of states; later lines go over earlier ones; what no line names is free.
    mapping: as `mapping.read_mapping` returns it; merged before the accounts are balanced.

    Value added is what sales leave over after inputs with their tariffs. Raises InputError.
    """
    C, S = raw.countries, raw.sectors
    findings = list(raw.findings)
    final, found = without_negatives(raw.final, C, S)
    findings += found
    t = read_tariffs(Path(tariffs), C, S) if tariffs is not None else None
    if raw.inputs is None:
        raise InputError("says nothing of the use of inputs", file=raw.file)
    inputs, found = with_tariffs(raw.inputs, raw.intermediate, t)
    findings += found
    maps = mapping or {}
    c_new, c_of = places(C, maps.get("country"), "country")
    s_new, s_of = places(S, maps.get("industry"), "industry")
    theta, label = read_elasticity(elasticity, S, s_new, s_of, numeric=raw.numeric_isic)
    zero = np.zeros_like(final)
    arrays: dict[str, Any] = {
        "intermediate_trade": raw.intermediate,
        "final_trade": final,
        "input_use": inputs,
        "tariff": zero if t is None else t,
        "export_tax": zero,
        "elasticity": theta,
    }
    if maps:
        summed, moved = sum_arrays(arrays, c_of, len(c_new), s_of, len(s_new))
        arrays, findings = dict(summed), findings + list(moved)
    sales = (arrays["intermediate_trade"] + arrays["final_trade"]).sum(axis=0)
    arrays["input_use"], found = with_value_added(arrays["input_use"], sales, c_new, s_new)
    findings += found + _against_given(raw, sales - arrays["input_use"].sum(axis=1), c_new, c_of, s_new, s_of)
    # Last digits that balancing leaves below zero in industries without sales.
    made = np.maximum(sales - arrays["input_use"].sum(axis=1), 0.0)
    digest = _sha256(raw.file)
    year = str(raw.year) if raw.year is not None else "year not given"
    try:
        world = World.from_arrays(
            c_new,
            s_new,
            **arrays,
            value_added=made,
            tolerance=TOLERANCE,
            name=name or f"{raw.source}, {year}",
            attrs={
                "source": raw.source,
                "source_file": raw.file.name,
                "source_sha256": digest,
                "elasticity_set": label,
                "findings": json.dumps([f.to_dict() for f in findings]),
                **({"year": raw.year} if raw.year is not None else {}),
            },
        )
    except InputError as error:
        raise error.at(file=raw.file) from error
    report = BuildReport(
        source=raw.source,
        file=str(raw.file),
        sha256=digest,
        year=raw.year,
        countries=len(c_new),
        industries=len(s_new),
        numbers=raw.numbers,
        elasticity=label,
        findings=tuple(findings),
        miss=world.accounts().worst.relative,
    )
    return world, report


def _against_given(
    raw: RawTable, made: np.ndarray, C: Sequence[str], c_of: np.ndarray, S: Sequence[str], s_of: np.ndarray
) -> list[Finding]:
    """How far value added, (N, S), is from what the table gives, if it does."""
    if raw.value_added is None:
        return []
    given = np.zeros_like(made)
    np.add.at(given, (c_of[:, None], s_of[None, :]), raw.value_added)
    text = "value added (what sales leave over) differs from the table's, mostly by taxes less subsidies on inputs"
    return some(differences("value_added", text, given, made, "value added", C, S))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_elasticity(
    given: float | str | Path, sectors: Sequence[str], merged: Sequence[str], s_of: np.ndarray, *, numeric: bool
) -> tuple[np.ndarray, str]:
    """Trade elasticities for the table's industries, (sector,), and their source. Errors as in `build_world`."""
    number = _as_number(given)
    if number is not None:
        if not 0 < number < np.inf:
            raise InputError(f"is {number:g}", field="elasticity", hint="a trade elasticity is greater than zero")
        return np.full(len(sectors), number), f"{number:g} for every industry"
    if isinstance(given, str) and not given.lower().endswith((".csv", ".txt", ".tsv")) and not Path(given).is_file():
        values = published_elasticities(given, sectors, numeric=numeric)
        return values, f"{given} of the published sets"
    path = Path(given)  # type: ignore[arg-type]
    require_file(path)
    rows = list(small_table(path, ("sector", "elasticity"), limit=100_000))
    names = {row["sector"] for _, row in rows}
    known = merged if names <= set(merged) and not names <= set(sectors) else sectors
    found: dict[str, float] = {}
    for line, row in rows:
        sector = row["sector"]
        if sector not in known:
            raise unknown("industry", sector, list(known), file=path, line=line)
        if sector in found:
            raise InputError(f"{sector} stands twice", file=path, line=line)
        found[sector] = float(numbers([row["elasticity"]], ["elasticity"], file=path, line=line)[0])
        if not found[sector] > 0:
            raise InputError(
                f"elasticity of {sector} is {found[sector]:g}",
                file=path,
                line=line,
                hint="a trade elasticity is greater than zero (usual values: 1 to 20)",
            )
    missing = [s for s in known if s not in found]
    if missing:
        raise InputError(f"has no elasticity of {missing[0]}", file=path, hint=f"{len(missing)} industries are missing")
    values = np.array([found[s] for s in known])
    return (values[s_of] if known is merged else values), path.name


def _as_number(given: float | str | Path) -> float | None:
    try:
        return float(given)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None


def read_tariffs(path: Path, countries: Sequence[str], sectors: Sequence[str]) -> np.ndarray:
    """Tariffs from a long table, (N, N, S) [importer, exporter, industry]; none at home. Errors as in `build_world`."""
    require_file(path)
    out = np.zeros((len(countries), len(countries), len(sectors)))
    c, s = ({name: i for i, name in enumerate(labels)} for labels in (countries, sectors))

    def who(name: str, line: int, field: str) -> list[int]:
        if name == REST:
            return list(range(len(countries)))
        if name in c:
            return [c[name]]
        if groups.is_group(name):
            return [c[m] for m in groups.members(name, field=field) if m in c]
        raise unknown("country", name, list(c), file=path, line=line, field=field)

    for line, row in small_table(path, ("importer", "exporter", "sector", "rate")):
        n, i = (who(row[side], line, side) for side in ("importer", "exporter"))
        if row["sector"] not in s and row["sector"] != REST:
            raise unknown("industry", row["sector"], list(s), file=path, line=line, field="sector")
        k = list(range(len(sectors))) if row["sector"] == REST else [s[row["sector"]]]
        rate = float(numbers([row["rate"]], ["rate"], file=path, line=line)[0])
        if not -0.999 < rate <= MAX_RATE:
            raise InputError(
                f"rate is {rate:g}", file=path, line=line, field="rate", hint="0.25 is 25 %; at most 10, above -0.999"
            )
        if n == i and len(n) == 1 and rate:
            raise InputError(
                f"{row['importer']} has a tariff on itself", file=path, line=line, hint="trade at home is free"
            )
        out[np.ix_(n, i, k)] = rate
    home = np.arange(len(countries))
    out[home, home] = 0.0
    return out

"""Scenario, without a browser: from the form's rows to a scenario, its outcome, and the files taken away."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import yaml
from pydantic import TypeAdapter, ValidationError

from multialign.errors import InputError
from multialign.trade import Scenario, solve
from multialign.trade.instruments import Instrument
from multialign.world import codes
from multialign.world.load import elasticity_sets

MAX_ROWS = 8
FIELDS = ("kind", "importers", "exporters", "industries", "size", "mode")
MODES = ("add", "replace", "scale")
DEFICITS = ("kept", "share", "own", "removed")
SIDES = {"subsidy": ("exporters", "industries")}
"""Kinds that have fewer sides than importers, exporters and industries: those that they have."""
LEAST_OUTPUT = 0.0005
"""Part of a country's production below which an industry is left out."""
Row = dict[str, Any]
_one_at_a_time = threading.Lock()


def rows_of(columns: Sequence[Sequence[Any]]) -> list[Row]:
    """Rows from the columns of the form, one list for each of `FIELDS`."""
    return [dict(zip(FIELDS, row, strict=True)) for row in zip(*columns, strict=True)]


def scenario_of(
    name: Any, elasticities: Any, deficits: Any, rows: Sequence[Mapping[str, Any]], horizon: Any = "long"
) -> Scenario:
    """The scenario that the form describes. Raises InputError naming the instrument and what would be right."""
    if not rows:
        raise InputError("there is no instrument", hint="add one")
    if len(rows) > MAX_ROWS:
        raise InputError(f"there are {len(rows)} instruments", hint=f"at most {MAX_ROWS} here")
    if elasticities != "median" and elasticities not in elasticity_sets():
        raise InputError(f"'{elasticities}' is no set of elasticities", hint="choose one from the list")
    if deficits not in DEFICITS:
        raise InputError(f"deficits are '{deficits}'", hint="kept, share, own or removed")
    if horizon not in ("long", "short"):
        raise InputError(f"the horizon is '{horizon}'", hint="long or short")
    instruments = tuple(instrument_of(row, i) for i, row in enumerate(rows, start=1))
    title = str(name or "").strip()[:200] or "scenario"
    return Scenario(name=title, elasticities=elasticities, deficits=deficits, horizon=horizon, instruments=instruments)


def instrument_of(row: Mapping[str, Any], number: int) -> Instrument:
    """One instrument of the form; sizes are percentages there and fractions in a scenario."""
    kind, size = row.get("kind"), row.get("size")
    sides = SIDES.get(str(kind), ("importers", "exporters", "industries"))
    data: Row = {"kind": kind, **{f: row.get(f) or [] for f in sides}}
    if kind == "subsidy":
        data["producers"] = data.pop("exporters")
    if kind in ("tariff", "export_tax") and row.get("mode"):
        data["mode"] = row["mode"]
    if kind != "embargo":
        if isinstance(size, bool) or not isinstance(size, int | float):
            raise InputError("no size is given", field=f"instrument {number}", hint="a number of per cent, such as 25")
        data["change" if kind == "friction" else "rate"] = round(size / 100.0, 12)
    try:
        return TypeAdapter(Instrument).validate_python(data)
    except ValidationError as cause:
        error = cause.errors()[0]
        if error["loc"] and error["loc"][-1] in ("rate", "change"):
            part = kind in ("discount", "subsidy")
            low, high = ("above 0", "below 100") if part else ("above -100", "at most 10000")
            raise InputError(
                f"a {str(kind).replace('_', ' ')} of {size:g} %",
                field=f"instrument {number}",
                hint=f"{low} and {high} per cent",
            ) from None
        raise InputError(error["msg"], field=f"instrument {number}") from None


def row_text(row: Mapping[str, Any]) -> str:
    """A row of the form as one field of an address: ``tariff:USA:IND:goods:25:add``; lists with commas."""
    lists = (",".join(row.get(f) or []) for f in ("importers", "exporters", "industries"))
    size = "" if row.get("size") is None else f"{row['size']:g}"
    return ":".join([str(row.get("kind")), *lists, size, str(row.get("mode") or "")]).rstrip(":")


def row_of_text(text: str, number: int) -> Row:
    """The row that a field of an address describes. Raises InputError for one that is none."""
    parts = [*text.split(":"), "", "", "", "", ""][:6]
    size: float | None = None
    if parts[4]:
        try:
            size = float(parts[4])
        except ValueError:
            size = float("nan")
        if not -1e4 < size < 1e6:
            raise InputError(
                f"'{parts[4][:20]}' in the address", field=f"instrument {number}", hint="a size in per cent"
            )
        size = int(size) if size == int(size) else size
    lists = [[c for c in p.split(",") if c][:100] for p in parts[1:4]]
    row: Row = dict(zip(FIELDS, [parts[0], *lists, size, parts[5] or "add"], strict=True))
    if row["mode"] not in MODES:
        raise InputError(f"'{parts[5][:20]}' in the address", field=f"instrument {number}", hint=", ".join(MODES))
    instrument_of({**row, "size": size}, number)
    return row


@dataclass(frozen=True)
class Outcome:
    """What is kept of a solution.

    table: one row a country (index ISO3): name, welfare_pct (%), welfare_musd, terms_of_trade_pct,
    volume_of_trade_pct, wage_pct, price_index_pct. output: one row a country, one column an industry: change of the
    volume produced, %, NaN where next to nothing is. residual: largest relative miss of any equation.
    """

    scenario: Scenario
    table: pd.DataFrame
    output: pd.DataFrame
    residual: float
    steps: int


@lru_cache(maxsize=16)
def _solved(text: str) -> Outcome:
    scenario = Scenario.model_validate_json(text)
    solution = solve(scenario)
    d = solution.data
    columns = {
        "name": pd.Series(codes.countries()),
        "welfare_pct": solution.welfare_pct,
        "welfare_musd": solution.welfare_usd,
        "terms_of_trade_pct": d["terms_of_trade"].to_series(),
        "volume_of_trade_pct": d["volume_of_trade"].to_series(),
        "wage_pct": d["wage"].to_series() * 100 - 100,
        "price_index_pct": d["price_index"].to_series() * 100 - 100,
    }
    frame = pd.DataFrame(columns).loc[list(solution.welfare_pct.index)].rename_axis("iso3")
    before = pd.DataFrame(np.asarray(solution.economy.Y), index=solution.countries, columns=solution.sectors)
    after = d["output"].to_pandas() / d["cost"].to_pandas()
    there = before.gt(LEAST_OUTPUT * before.sum(axis=1), axis=0)
    output = (100.0 * after / before.where(there) - 100.0).rename_axis(index="iso3", columns=None)
    return Outcome(scenario, frame, output, max(solution.residuals.values()), solution.steps)


def solved(scenario: Scenario) -> Outcome:
    """The outcome of a scenario, kept for the last sixteen. Raises InputError and ConvergenceError as `solve`."""
    with _one_at_a_time:
        return _solved(scenario.model_dump_json())


class _Plain(yaml.SafeDumper):
    """YAML without aliases, which scenario files may not have."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def to_yaml(scenario: Scenario) -> str:
    """The scenario as a file that `load_scenario` reads back to the same scenario."""
    return yaml.dump(scenario.model_dump(mode="json"), Dumper=_Plain, sort_keys=False, allow_unicode=True)


def to_csv(outcome: Outcome) -> str:
    """The outcome's table as CSV, countries in the world's order."""
    return str(outcome.table.to_csv(float_format="%.8g", lineterminator="\n"))


def to_xlsx(outcome: Outcome) -> bytes:
    """The outcome as a workbook: countries, the scenario's instruments, and what the columns mean.

    Raises InputError when openpyxl is not installed.
    """
    try:
        import openpyxl  # noqa: F401
    except ImportError:
        raise InputError("XLSX needs openpyxl, which is not installed", hint="pip install openpyxl") from None
    from io import BytesIO

    from multialign import __version__

    s = outcome.scenario
    instruments = pd.DataFrame(
        [
            {k: " ".join(v) if isinstance(v, tuple | list) else v for k, v in i.model_dump(mode="json").items()}
            for i in s.instruments
        ]
    )
    about = pd.DataFrame(
        [
            ("scenario", _plain_text(s.name)),
            ("elasticities", str(s.elasticities)),
            ("deficits", s.deficits),
            ("horizon", s.horizon),
            ("largest miss of any equation", outcome.residual),
            ("made by", f"multialign {__version__}"),
            ("welfare_pct", "real income, % against 2022 (equivalent variation)"),
            ("welfare_musd", "the same, million USD a year"),
            ("terms_of_trade_pct", "first-order split: terms of trade, %"),
            ("volume_of_trade_pct", "first-order split: volume, %"),
            ("wage_pct", "wage against the world's labour income, %"),
            ("price_index_pct", "price index against it, %"),
            ("sheet output", "volume produced by country and industry, % against 2022"),
        ],
        columns=["what", "value"],
    )
    out = BytesIO()
    with pd.ExcelWriter(out, engine="openpyxl") as book:
        outcome.table.to_excel(book, sheet_name="countries")
        outcome.output.to_excel(book, sheet_name="output")
        instruments.to_excel(book, sheet_name="instruments", index=False)
        about.to_excel(book, sheet_name="about", index=False)
    return out.getvalue()


def _plain_text(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def slug(name: str) -> str:
    """A file name of a scenario's name: letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "scenario"

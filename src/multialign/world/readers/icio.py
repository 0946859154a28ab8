"""The OECD's Inter-Country Input-Output tables as the OECD publishes them: one CSV file a year, editions 2016 to 2025.

The first column names the row, the first line the columns. A flow's row is ``AUS_A01_02`` (country, industry), its
columns are the same names and, for final use, ``AUS_HFCE`` and so on. Below stand taxes less subsidies (``TLS``, in
older editions ``TAXSUB`` or one row ``AUS_TAXSUB`` for each country), value added (``VA``, ``VALU``) and output
(``OUT``, ``OUTPUT``), right of the flows their total (``OUT``, ``TOTAL``) and in the 2016 edition a discrepancy
(``DISC``). Older editions split Mexico and China by kind of firm (``MX1``, ``CN1``, ...), which is undone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from multialign.errors import InputError, nearest
from multialign.world.readers.cells import csv_rows, numbers, repeated, require_file, year_of
from multialign.world.readers.table import Collector, Finding, RawTable, Step, differences, require_size, silent, some

FINAL_USES = {
    "HFCE": "households",
    "HC": "households",
    "NPISH": "non-profit institutions",
    "NPS": "non-profit institutions",
    "GGFC": "government",
    "GFCF": "fixed capital formation",
    "INVNT": "changes in inventories",
    "INV": "changes in inventories",
    "DPABR": "purchases abroad by residents",
    "DIRP": "purchases abroad by residents",
    "P33": "purchases abroad by residents",
    "CONS_ABR": "purchases abroad by residents",
    "NONRES": "purchases by non-residents",
    "CONS_NONRES": "purchases by non-residents",
}
"""Codes of final use in the editions, and what they mean."""

TAXES, VALUE_ADDED = ("TLS", "TAXSUB"), ("VA", "VALU", "VA+TAXSUB", "VA.TAXSUB", "VA_TAXSUB")
OUTPUT, DISCREPANCY = ("OUT", "OUTPUT", "TOTAL"), ("DISC",)
RIGHT = "columns are like AUS_A01_02 (country, industry), AUS_HFCE (country, final use), OUT"


@dataclass(frozen=True)
class _Columns:
    """What the first line says. nodes: name of an industry's column -> its rank among them; node_at: where these stand;
    node_country, node_sector: whose they are. final_at, final_country: the same of final use. output, discrepancy:
    where they stand, if at all. Positions count from the second column.
    """

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    nodes: dict[str, int]
    node_at: np.ndarray
    node_country: np.ndarray
    node_sector: np.ndarray
    final_at: np.ndarray
    final_country: np.ndarray
    output: int | None
    discrepancy: int | None


def read_icio(path: str | Path, *, year: int | None = None, progress: Step = silent) -> RawTable:
    """Read one year's ICIO table, row by row; million USD.

    Raises InputError naming file, line and column for a column or row that belongs to no edition, a row that stands
    twice or is missing, a row of the wrong length, or a cell that is not a number.
    """
    path = Path(path)
    require_file(path)
    rows = csv_rows(path)
    line, head = next(rows, (1, []))
    head = [c.strip() for c in head]
    columns = _columns(head, path, line)
    require_size(columns.countries, columns.sectors, path)
    C, S = columns.countries, columns.sectors
    flows = Collector(C, S, columns.node_country, columns.node_sector, columns.final_country)
    node, final = columns.node_at, columns.final_at
    seen: dict[str, int] = {}
    below = {kind: np.zeros(len(head) - 1) for kind in ("taxes", "value added", "output")}
    found: set[str] = set()
    total, discrepancy = np.zeros((len(C), len(S))), 0.0
    for line, cells in rows:
        label = cells[0].strip()
        if len(cells) != len(head):
            raise InputError(f"row {label} has {len(cells)} cells", file=path, line=line, hint=f"right are {len(head)}")
        if label in seen:
            raise InputError(f"row {label} stands twice", file=path, line=line, hint=f"first on line {seen[label]}")
        seen[label] = line
        x = numbers(cells[1:], head[1:], file=path, line=line)
        kind = _kind_of_row(label)
        if kind is not None:
            below[kind] += x
            found.add(kind)
        elif label in columns.nodes:
            k = columns.nodes[label]
            i, s = int(columns.node_country[k]), int(columns.node_sector[k])
            flows.add(i, s, x[node], x[final])
            if columns.output is not None:
                total[i, s] += x[columns.output]
            if columns.discrepancy is not None:
                discrepancy += abs(float(x[columns.discrepancy]))
            progress("reading the table", len(seen) / (len(node) + 3))
        else:
            close = nearest(label, list(columns.nodes))
            hint = f"the nearest is {close}" if close else "rows are named as columns are, then TLS, VA and OUT"
            raise InputError(f"row '{label[:40]}' is no column", file=path, line=line, hint=hint)
    missing = [name for name in columns.nodes if name not in seen]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        uses = ", ".join(FINAL_USES)
        raise InputError(
            f"has a column but no row {missing[0]}{more}",
            file=path,
            line=line,
            hint=f"the table must be whole; the final uses known are {uses}",
        )

    def by_industry(x: np.ndarray) -> np.ndarray:
        """A row below the flows as (N, S)."""
        at = columns.node_country * len(S) + columns.node_sector
        return np.bincount(at, x[node], len(C) * len(S)).reshape(len(C), len(S))

    findings = flows.findings()
    if columns.output is not None:
        sales = flows.intermediate.sum(axis=0) + flows.final.sum(axis=0)
        findings += some(
            differences("sales", "the table's own totals of sales differ from its flows", total, sales, "output", C, S)
        )
    if {"output", "value added"} <= found:
        costs = flows.inputs.sum(axis=1) + by_industry(below["taxes"] + below["value added"])
        given = by_industry(below["output"])
        findings += some(
            differences("costs", "the table's own output differs from its costs", given, costs, "output", C, S)
        )
    if discrepancy:
        whole = float(flows.final.sum())
        text = "the table's column of discrepancies, left out"
        findings.append(Finding("discrepancy", text, 1, discrepancy, discrepancy / whole, "final use"))
    findings += _taxes(below["taxes"], columns, flows)
    return RawTable(
        countries=C,
        sectors=S,
        intermediate=flows.intermediate,
        final=flows.final,
        inputs=flows.inputs,
        value_added=by_industry(below["value added"]) if "value added" in found else None,
        source="OECD ICIO",
        file=path,
        year=year_of(path, year),
        numbers=(len(node) + len(found)) * (len(head) - 1),
        findings=tuple(findings),
        numeric_isic=True,
    )


def _columns(head: Sequence[str], path: Path, line: int) -> _Columns:
    names = list(head[1:])
    twice = repeated([n for n in names if n])
    if twice:
        raise InputError(f"column {twice} stands twice", file=path, line=line)
    countries: dict[str, int] = {}
    sectors: dict[str, int] = {}
    nodes: list[tuple[str, int, int, int]] = []
    uses: list[tuple[int, str]] = []
    output = discrepancy = None
    for k, name in enumerate(names):
        country, _, rest = name.partition("_")
        use, _, last = name.rpartition("_")
        if name in OUTPUT:
            output = k
        elif name in DISCREPANCY:
            discrepancy = k
        elif rest in FINAL_USES:
            uses.append((k, _country(country)))
        elif use in FINAL_USES:  # the 2016 edition has HC_AUS
            uses.append((k, _country(last)))
        elif rest and _country(country):
            c = countries.setdefault(_country(country), len(countries))
            nodes.append((name, k, c, sectors.setdefault(rest, len(sectors))))
        else:
            raise InputError(
                f"'{name[:40]}' is neither an industry of a country nor a final use",
                file=path,
                line=line,
                field=f"column {k + 2}",
                hint=RIGHT,
            )
    if not nodes:
        raise InputError("has no columns of industries", file=path, line=line, hint=RIGHT)
    for k, code in uses:
        if code not in countries:
            raise InputError(
                f"'{names[k]}' is of a country without industries", file=path, line=line, field=f"column {k + 2}"
            )
    spend = {code for _, code in uses}
    for code in countries:
        if code not in spend:
            raise InputError(f"has no final use of {code}", file=path, line=line, hint=f"such as {code}_HFCE")
    return _Columns(
        tuple(countries),
        tuple(sectors),
        {name: rank for rank, (name, *_) in enumerate(nodes)},
        np.array([k for _, k, _, _ in nodes]),
        np.array([c for _, _, c, _ in nodes]),
        np.array([s for *_, s in nodes]),
        np.array([k for k, _ in uses]),
        np.array([countries[code] for _, code in uses]),
        output,
        discrepancy,
    )


def _country(code: str) -> str:
    """The country of a code in the table: itself, or the whole of which it is a part; empty where it is none."""
    if re.fullmatch(r"(CN|MX)\d", code):
        return "CHN" if code.startswith("CN") else "MEX"
    return code if re.fullmatch(r"[A-Z]{3}", code) else ""


def _kind_of_row(label: str) -> str | None:
    """What a row below the flows holds, or None where it is none of them."""
    if label not in VALUE_ADDED and label.rpartition("_")[2] in TAXES:
        return "taxes"
    return "value added" if label in VALUE_ADDED else "output" if label in OUTPUT else None


def _taxes(row: np.ndarray, columns: _Columns, flows: Collector) -> list[Finding]:
    on_inputs, on_final = float(row[columns.node_at].sum()), float(row[columns.final_at].sum())
    out = []
    if on_inputs:
        made = float((flows.intermediate + flows.final).sum() - flows.inputs.sum())
        text = "taxes less subsidies on inputs stay in value added"
        out.append(Finding("taxes_on_inputs", text, 1, on_inputs, on_inputs / made, "value added"))
    if on_final:
        text = "taxes less subsidies on final use left out: final use is at basic prices, plus the tariffs given"
        whole = float(flows.final.sum())
        out.append(Finding("taxes_on_final_use", text, 1, on_final, on_final / whole, "final use"))
    return out

"""The World Input-Output Database, release 2016: 43 countries and the rest of the world, 56 industries, 2000-2014.

Two layouts are read. *Long rows* (the R files written out as CSV): columns IndustryCode, IndustryDescription, Country,
RNr, Year, then AUS1 ... AUS56, AUS57 ... AUS61 for each country, then TOT. *Sheet* (the Excel files, as .xlsx or CSV):
a few lines of heading, among them one with the country of each column and one with its number (c1 ... c61); rows begin
with code, description, country and number. Numbers 57 to 61 are final use: households, non-profit institutions,
government, fixed capital, inventories. Below stand totals whose country is TOT.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from multialign.errors import InputError
from multialign.world.readers.cells import Row, csv_rows, excel_rows, header_columns, numbers, year_of
from multialign.world.readers.table import (
    Collector,
    Finding,
    RawTable,
    Step,
    differences,
    require_size,
    silent,
    some,
)

INDUSTRIES, USES = 56, 61
LONG = ("IndustryCode", "Country", "RNr", "Year")
VALUE_ADDED, OUTPUT = "VA", "GO"
BELOW = {"TXSP", "EXP_ADJ", "PURR", "PURNR", "INTTTM"}
"""Rows below the flows that are neither inputs, value added nor output: taxes, margins, purchases abroad."""
RIGHT = (
    "right are columns IndustryCode, IndustryDescription, Country, RNr, Year, AUS1 ... ROW61, TOT, or a sheet with "
    "lines of countries and of numbers c1 ... c61"
)


@dataclass(frozen=True)
class _Layout:
    """Where a row says what it is, and the columns of flows: position, country, number. total: the total's position."""

    code: int
    country: int
    number: int
    year: int | None
    flows: list[tuple[int, str, int]]
    total: int | None
    width: int
    line: int


def read_wiod(
    path: str | Path, *, year: int | None = None, sheet: str | None = None, progress: Step = silent
) -> RawTable:
    """Read one year's WIOD table (release 2016), row by row; million USD.

    year: which, where the file has several. sheet: which sheet of an Excel file, by default the first.

    Raises InputError naming file, line and column for another layout, a row that stands twice or is missing, or what is
    no number.
    """
    path = Path(path)
    title = ""
    if path.suffix.lower() in (".xlsx", ".xlsm", ".xlsb", ".xls"):
        title, rows = excel_rows(path, sheet)
    else:
        rows = csv_rows(path)
    layout = _layout(rows, path)
    rows, found_year = _of_year(rows, layout, year, path)
    at = _places(layout, path)
    C = at.countries
    flows = Collector(C, [str(n) for n in at.ranks], at.node_country, at.node_sector, at.final_country)
    names = [str(k + 1) for k in at.used]
    codes: dict[int, str] = {}
    seen: dict[tuple[str, int], int] = {}
    below: dict[str, np.ndarray] = {}
    total = np.zeros((len(C), len(at.ranks)))
    for line, cells in rows:
        code, country = cells[layout.code].strip(), cells[layout.country].strip()
        number = _number(cells[layout.number], path, line)
        x = numbers([cells[k] for k in at.used], names, file=path, line=line)
        if country == "TOT":
            below[code.upper()] = below.get(code.upper(), 0.0) + at.by_industry(x)
            continue
        if country not in C or number not in at.ranks:
            raise InputError(
                f"row {country} {number} has no column", file=path, line=line, hint="rows and columns are the same"
            )
        if (country, number) in seen:
            raise InputError(
                f"row {country} {number} stands twice",
                file=path,
                line=line,
                hint=f"first on line {seen[country, number]}",
            )
        if codes.setdefault(number, code) != code:
            raise InputError(f"industry {number} is {code} here, {codes[number]} above", file=path, line=line)
        seen[country, number] = line
        i, s = C.index(country), at.ranks.index(number)
        flows.add(i, s, x[at.node], x[at.final])
        if layout.total is not None:
            total[i, s] = x[-1]
        progress("reading the table", len(seen) / len(at.node))
    S = _industries(C, at.ranks, seen, codes, path)
    return RawTable(
        countries=C,
        sectors=S,
        intermediate=flows.intermediate,
        final=flows.final,
        inputs=flows.inputs,
        value_added=below.get(VALUE_ADDED),
        source="WIOD 2016",
        file=path,
        year=found_year if found_year is not None else _sheet_year(title) or year_of(path, year),
        numbers=len(seen) * len(at.used),
        findings=tuple(_findings(flows, below, total if layout.total is not None else None, S)),
    )


def _industries(
    C: Sequence[str], ranks: Sequence[int], seen: Container[tuple[str, int]], codes: Mapping[int, str], path: Path
) -> tuple[str, ...]:
    """The industries' codes; raises InputError where a row is missing or two have one code."""
    for c in C:
        for n in ranks:
            if (c, n) not in seen:
                raise InputError(f"has a column but no row {c} {n}", file=path, hint="the table must be whole")
    S = tuple(codes[n] for n in ranks)
    if len(set(S)) < len(S):
        raise InputError("two industries have one code", file=path, hint=f"codes are: {', '.join(S[:8])} ...")
    return S


def _findings(
    flows: Collector, below: Mapping[str, np.ndarray], total: np.ndarray | None, S: Sequence[str]
) -> list[Finding]:
    """What the table's own totals say of its flows, and what stays in value added."""
    C, findings = flows.countries, flows.findings()
    if total is not None:
        sales = flows.intermediate.sum(axis=0) + flows.final.sum(axis=0)
        text = "the table's own totals of sales differ from its flows"
        findings += some(differences("sales", text, total, sales, "output", C, S))
    if OUTPUT in below and VALUE_ADDED in below:
        others = sum((below[name] for name in BELOW & set(below)), np.zeros((len(C), len(S))))
        costs = flows.inputs.sum(axis=1) + below[VALUE_ADDED] + others
        text = "the table's own output differs from its costs"
        findings += some(differences("costs", text, below[OUTPUT], costs, "output", C, S))
        if others.any():
            share = float(others.sum() / (below[VALUE_ADDED] + others).sum())
            text = "taxes less subsidies, transport margins and purchases abroad on inputs stay in value added"
            findings.append(Finding("taxes_on_inputs", text, 1, float(others.sum()), share, "value added"))
    return findings


@dataclass(frozen=True)
class _Places:
    """The columns that are read. used: where they stand in a row; node, final: where industries and final uses stand
    among these, the total being last; node_country, node_sector, final_country: whose they are. ranks: the industries'
    numbers.
    """

    countries: tuple[str, ...]
    ranks: list[int]
    used: list[int]
    node: np.ndarray
    final: np.ndarray
    node_country: np.ndarray
    node_sector: np.ndarray
    final_country: np.ndarray

    def by_industry(self, x: np.ndarray) -> np.ndarray:
        """What a row below the flows says of each industry. Shape (N, S)."""
        N, S = len(self.countries), len(self.ranks)
        return np.bincount(self.node_country * S + self.node_sector, x[self.node], N * S).reshape(N, S)


def _places(layout: _Layout, path: Path) -> _Places:
    """Where what stands; raises InputError where a column of flows stands twice or is missing."""
    C = tuple(dict.fromkeys(c for _, c, _ in layout.flows))
    ranks = sorted({n for _, _, n in layout.flows if n <= INDUSTRIES})
    nodes = [(k, C.index(c), ranks.index(n)) for k, c, n in layout.flows if n <= INDUSTRIES]
    final = [(k, C.index(c)) for k, c, n in layout.flows if n > INDUSTRIES]
    pairs = Counter((c, n) for _, c, n in layout.flows)
    spend = {c for _, c in final}
    for i, name in enumerate(C):
        for n in ranks:
            if pairs[name, n] != 1:
                times = "no" if not pairs[name, n] else "more than one"
                raise InputError(f"has {times} column {name}{n}", file=path, line=layout.line, hint=RIGHT)
        if i not in spend:
            raise InputError(f"has no final use of {name}", file=path, line=layout.line, hint=f"{name}57 to {name}61")
    for (c, n), times_given in pairs.items():
        if times_given > 1:
            raise InputError(f"has more than one column {c}{n}", file=path, line=layout.line)
    require_size(C, [str(n) for n in ranks], path)
    return _Places(
        C,
        ranks,
        [k for k, *_ in nodes] + [k for k, _ in final] + ([layout.total] if layout.total is not None else []),
        np.arange(len(nodes)),
        len(nodes) + np.arange(len(final)),
        np.array([c for _, c, _ in nodes], dtype=int),
        np.array([s for *_, s in nodes], dtype=int),
        np.array([c for _, c in final]),
    )


def _layout(rows: Iterator[Row], path: Path) -> _Layout:
    """Read up to the line that numbers the columns."""
    above: list[list[str]] = []
    for line, raw in rows:
        cells = [c.strip() for c in raw]
        numbered = [(k, int(c[1:])) for k, c in enumerate(cells) if re.fullmatch(r"c\d{1,2}", c)]
        flows = [
            (k, found[1], int(found[2]))
            for k, c in enumerate(cells)
            if (found := re.fullmatch(r"([A-Z]{3})(\d{1,2})", c))
        ]
        if "IndustryCode" in cells or (flows and not above):
            at = header_columns(cells, LONG, file=path, line=line)
            total = cells.index("TOT") if "TOT" in cells else None
            known = {*at.values(), total, *(k for k, _, _ in flows)}
            for k, name in enumerate(cells):
                # R writes row names into a first column without a name.
                if k not in known and name not in ("", "IndustryDescription"):
                    raise InputError(f"column {k + 1} is '{name[:30]}'", file=path, line=line, hint=RIGHT)
            return _checked(
                _Layout(at["IndustryCode"], at["Country"], at["RNr"], at["Year"], flows, total, len(cells), line), path
            )
        if len(numbered) > 1:
            return _checked(_sheet(above, cells, numbered, path, line), path)
        above.append(cells)
        if len(above) > 20:
            break
    raise InputError("is not a WIOD table of the 2016 release", file=path, hint=RIGHT)


def _sheet(
    above: Sequence[Sequence[str]], cells: list[str], numbered: list[tuple[int, int]], path: Path, line: int
) -> _Layout:
    first = numbered[0][0]
    countries = next(
        (r for r in reversed(above) if all(k < len(r) and re.fullmatch(r"[A-Z]{3}", r[k]) for k, _ in numbered)), None
    )
    if countries is None or first != 4:
        raise InputError("the columns' countries are not given above their numbers", file=path, line=line, hint=RIGHT)
    flows = [(k, countries[k], n) for k, n in numbered if countries[k] != "TOT"]
    last = numbered[-1][0] + 1
    has_total = any(len(r) > last and r[last].strip() in ("TOT", "GO") for r in above)
    return _Layout(0, 2, 3, None, flows, last if has_total else None, last + has_total, line)


def _checked(layout: _Layout, path: Path) -> _Layout:
    for k, country, n in layout.flows:
        if not 1 <= n <= USES:
            raise InputError(
                f"column {country}{n} has a number that the 2016 release does not",
                file=path,
                line=layout.line,
                field=f"column {k + 1}",
                hint=f"industries are 1 to {INDUSTRIES}, final uses {INDUSTRIES + 1} to {USES}",
            )
    if not layout.flows:
        raise InputError("has no columns of flows", file=path, line=layout.line, hint=RIGHT)
    return layout


def _of_year(rows: Iterator[Row], layout: _Layout, year: int | None, path: Path) -> tuple[Iterator[Row], int | None]:
    """The rows of one year, each checked for its length; the year, where the rows have one."""
    first = next(rows, None)
    if first is None:
        raise InputError("ends after its heading", file=path)
    own = layout.year
    wanted = None if own is None else year if year is not None else _number(first[1][own], path, first[0])

    def chosen() -> Iterator[Row]:
        some_row = False
        for line, cells in _chain(first, rows):
            if len(cells) < layout.width:
                raise InputError(f"has {len(cells)} cells", file=path, line=line, hint=f"right are {layout.width}")
            if own is not None:
                here = _number(cells[own], path, line)
                if here != wanted and year is None:
                    raise InputError(
                        f"has years {wanted} and {here}", file=path, line=line, hint="say which with --year"
                    )
                if here != wanted:
                    continue
            elif not cells[layout.code].strip() and not cells[layout.country].strip():
                continue  # a note below the table
            some_row = True
            yield line, cells
        if not some_row:
            raise InputError(f"has no rows of the year {wanted}", file=path)

    return chosen(), wanted


def _chain(first: Row, rest: Iterator[Row]) -> Iterator[Row]:
    yield first
    yield from rest


def _number(cell: str, path: Path, line: int) -> int:
    text = re.sub(r"^[cr](?=\d)", "", cell.strip())
    try:
        return int(float(text))
    except (ValueError, OverflowError) as cause:
        raise InputError(f"'{cell[:20]}' is not a number of a row", file=path, line=line, hint=RIGHT) from cause


def _sheet_year(title: str) -> int | None:
    return int(title) if re.fullmatch(r"(19|20)\d\d", title) else None

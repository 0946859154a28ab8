"""A plain long table of flows: one row for each importer, exporter, industry and use, as CSV or Parquet.

`use` says who buys: an industry's code, ``final``, or ``intermediate`` where the table does not say which industry.
What is only ``intermediate`` is shared out among the importer's industries in one proportion for all goods: that of
their inputs where a table of value added is given (sales less value added), of their sales otherwise. This is the
biproportional fit (RAS) to the purchases of each good and the inputs of each industry when nothing else is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from multialign.errors import InputError, unknown
from multialign.world.readers.cells import numbers, repeated, require_file, small_table, year_of
from multialign.world.readers.long_sums import sums_of
from multialign.world.readers.table import Finding, RawTable, Step, silent


def read_long(
    path: str | Path,
    *,
    year: int | None = None,
    columns: Mapping[str, str] | None = None,
    value_added: str | Path | None = None,
    scale: float = 1.0,
    progress: Step = silent,
) -> RawTable:
    """Read a long table; DuckDB sums it, so that memory holds the sums alone.

    Parameters
    ----------
    columns: for any of the five above and ``year``, its name in the file where that differs.
    year: which, where the file has a column of years with several.
    value_added: CSV with columns country, sector, value; used to share out what is only ``intermediate``.
    scale: what one unit of `value` is in million USD (0.001 for thousands), also in `value_added`.

    Raises InputError naming file, line and column for a column that is missing, an empty cell, a value that is no
    number, or a use that is neither an industry nor ``final`` nor ``intermediate``.
    """
    path = Path(path)
    require_file(path)
    if not 0 < scale < np.inf:
        raise InputError(f"is {scale:g}", field="scale", hint="one unit in million USD, such as 0.001 for thousands")
    sums = sums_of(path, columns, year, progress)
    countries, sectors = sums.countries, sums.sectors
    final, intermediate, inputs = (scale * x for x in (sums.final, sums.intermediate, sums.inputs))
    unsaid = scale * sums.unsaid
    findings = []
    if sums.dropped:
        below = scale * sums.below
        share = below / max(float(intermediate.sum()), below)
        text = "negative intermediate flows set to zero"
        findings.append(Finding("negative_intermediate", text, sums.dropped, below, share, "intermediate trade"))
    c, s = ({name: i for i, name in enumerate(labels)} for labels in (countries, sectors))
    given = _value_added(Path(value_added), c, s, scale) if value_added is not None else None
    if unsaid.any():
        sales = (intermediate + np.maximum(final, 0.0)).sum(axis=0)
        inputs, shared = share_out(unsaid, inputs, sales, given)
        findings.append(shared)
    return RawTable(
        countries=countries,
        sectors=sectors,
        intermediate=intermediate,
        final=final,
        inputs=inputs,
        value_added=given,
        source="long table",
        file=path,
        year=sums.year if sums.year is not None else year_of(path, year),
        numbers=sums.rows,
        findings=tuple(findings),
    )


def share_out(
    unsaid: np.ndarray, inputs: np.ndarray, sales: np.ndarray, value_added: np.ndarray | None
) -> tuple[np.ndarray, Finding]:
    """Give every purchase of unknown use to the importer's industries, in one proportion for all goods.

    unsaid: (N, S) purchases of good s by unknown industries. inputs: (N, S, S) the known ones [n, s, user]. sales,
    value_added: (N, S). The proportion is that of the inputs still wanting, sales less value added less known inputs,
    or of sales where no value added is given, or nothing is wanting. Returns inputs with all uses.
    """
    want = sales.copy()
    if value_added is not None:
        left = np.maximum(sales - value_added - inputs.sum(axis=1), 0.0)
        want = np.where(left.sum(axis=1, keepdims=True) > 0, left, sales)
    weight = want.sum(axis=1, keepdims=True)
    want = np.divide(want, weight, out=np.full_like(want, 1.0 / want.shape[1]), where=weight > 0)
    out = inputs + unsaid[:, :, None] * want[:, None, :]
    how = "their inputs" if value_added is not None else "their sales"
    text = f"intermediate purchases of unknown use shared out among industries in proportion to {how}"
    total = float(out.sum())
    return out, Finding(
        "shared_out", text, int((unsaid > 0).sum()), float(unsaid.sum()), float(unsaid.sum()) / total, "input use"
    )


def _value_added(path: Path, c: Mapping[str, int], s: Mapping[str, int], scale: float) -> np.ndarray:
    out = np.zeros((len(c), len(s)))
    keys = []
    for line, row in small_table(path, ("country", "sector", "value")):
        for kind, known in (("country", c), ("sector", s)):
            if row[kind] not in known:
                raise unknown(kind, row[kind], list(known), file=path, line=line)
        keys.append(f"{row['country']}, {row['sector']}")
        value = numbers([row["value"]], ["value"], file=path, line=line)
        out[c[row["country"]], s[row["sector"]]] = float(value[0]) * scale
    twice = repeated(keys)
    if twice:
        raise InputError(f"{twice} stands twice", file=path)
    return out

"""Reading a sweep's results back."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from multialign.errors import InputError, unknown
from multialign.sweep.run import MANIFEST
from multialign.sweep.store import store

if TYPE_CHECKING:
    import pandas as pd


def load_sweep(out: str | Path, table: str = "countries") -> pd.DataFrame:
    """A table of a finished sweep, in order of its cases, with what varies beside every row.

    Parameters
    ----------
    out: where the sweep was written to.
    table: ``cases``, ``countries``, ``output`` or ``trade``, as far as the plan kept it.

    Raises InputError where there is no finished sweep, or no such table.
    """
    import duckdb
    import pandas as pd

    place = store(out)
    body = place.read(MANIFEST)
    if body is None:
        raise InputError("holds no finished sweep", file=str(out), hint="multialign sweep PLAN.yaml --out FOLDER")
    files = json.loads(body)["files"]
    tables = sorted({f.partition("/")[0] for f in files})
    if table not in tables:
        raise unknown("table", table, tables, field="table")

    def read(name: str) -> pd.DataFrame:
        frames = []
        with tempfile.TemporaryDirectory(prefix="multialign-") as folder, duckdb.connect() as connection:
            for file in sorted(f for f in files if f.startswith(f"{name}/")):
                content = place.read(file)
                if content is None:
                    raise InputError(f"lacks {file}", file=str(out), hint="run the sweep again")
                path = Path(folder) / "part.parquet"
                path.write_bytes(content)
                frames.append(connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).df())
        return pd.concat(frames, ignore_index=True)

    cases = read("cases")
    if table == "cases":
        return cases
    varied = cases.drop(columns=["residual", "steps", "converged", "problem"])
    return varied.merge(read(table), on="case", how="right")

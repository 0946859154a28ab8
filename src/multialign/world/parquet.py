"""Tables in Parquet files: read as they are, written whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from multialign.errors import InputError

if TYPE_CHECKING:
    import pandas as pd


def read_parquet(path: Path) -> pd.DataFrame:
    """All rows of a Parquet file; numbers come as int64 and float64. Raises InputError for one that cannot be read."""
    import duckdb

    try:
        with duckdb.connect() as connection:
            table = connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).df()
    except duckdb.Error as cause:
        raise InputError("is not a Parquet file that can be read", file=path, hint="add the data again") from cause
    for column in table.columns:
        if table[column].dtype.kind in "iu":
            table[column] = table[column].astype("int64")
        elif table[column].dtype.kind == "f":
            table[column] = table[column].astype("float64")
    return table


def write_parquet(table: pd.DataFrame, path: Path, *, order: tuple[str, ...], limit: int | None = None) -> None:
    """Write a table, rows in the order of some columns, years as small integers. `limit`: most bytes allowed.

    The same table gives the same bytes. Raises InputError where the file would be larger than `limit`.
    """
    import duckdb

    part = path.with_name(path.name + ".part")
    target = str(part).replace("'", "''")
    columns = ", ".join(f"{c}::SMALLINT AS {c}" if c == "year" else c for c in table.columns)
    try:
        with duckdb.connect() as connection:
            connection.execute("SET threads = 1")
            connection.register("given", table)
            # COPY takes no parameters; column names are the program's own and the path is quoted above.
            connection.execute(
                f"COPY (SELECT {columns} FROM given ORDER BY {', '.join(order)}) "  # noqa: S608
                f"TO '{target}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19)"
            )
        size = part.stat().st_size
        if limit is not None and size > limit:
            raise InputError(f"would be {size} bytes", file=path, hint=f"at most {limit}")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)

"""Reading the publishers' CSV tables with errors that name file, line and column."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

from multialign.errors import InputError, nearest
from multialign.world.refresh.store import require_file

if TYPE_CHECKING:
    import pandas as pd

MOST_BYTES = 256 << 20


def read_table(
    path: Path, needed: tuple[tuple[str, ...], ...], *, preamble: int = 0, most: int = MOST_BYTES, what: str
) -> tuple[pd.DataFrame, int]:
    """A CSV table as text, its columns renamed to the first name of each group in `needed`; and its first data line.

    needed: for each column the names that it may have. preamble: how many lines may stand before the header. Raises
    InputError where no header with all of them is found; `what` says what the file should have been.
    """
    import pandas as pd

    require_file(path, most)
    raw = path.read_bytes()
    if b"\x00" in raw[:4096]:
        raise InputError("is not text", file=path, hint=f"right is {what}")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("cp1252", "replace")  # SIPRI and older releases of the votes are in this code
    lines = text.splitlines()
    best: tuple[int, list[str]] = (0, [])
    for number, line in enumerate(lines[: preamble + 1]):
        for delimiter in (",", ";", "\t"):
            cells = [c.strip().strip('"').rstrip(";") for c in next(csv.reader([line], delimiter=delimiter), [])]
            found = [next((name for name in group if name in cells), None) for group in needed]
            if all(found):
                table = pd.read_csv(
                    io.StringIO("\n".join(lines[number:])),
                    sep=delimiter,
                    dtype=str,
                    keep_default_na=False,
                    skipinitialspace=True,
                    on_bad_lines="error",
                )
                table.columns = [str(c).strip().strip('"').rstrip(";") for c in table.columns]
                names = {name: group[0] for name, group in zip(found, needed, strict=True) if name}
                return table.rename(columns=names)[[g[0] for g in needed]], number + 2
            if sum(f is not None for f in found) > len(best[1]):
                best = (number, [f for f in found if f])
    header = [c.strip() for c in (lines[best[0]] if lines else "").split(",")]
    missing = next((g for g in needed if not set(g) & set(best[1])), needed[0])
    close = nearest(missing[0], header) if header else None
    raise InputError(
        f"has no column '{missing[0]}'" + (f" (the nearest found is {close})" if close else ""),
        file=path,
        line=best[0] + 1,
        hint=f"right is {what}",
    )


def numbers(table: pd.DataFrame, column: str, path: Path, first_line: int, *, blank: bool = False) -> pd.Series:
    """A column as numbers; `blank` lets empty and NA cells through as NaN. Raises InputError naming the line."""
    import pandas as pd

    text = table[column].str.strip()
    out = pd.to_numeric(text, errors="coerce")
    empty = text.isin(["", "NA", "nan", "NaN"])
    bad = out.isna() & ~(empty if blank else False)
    if bad.any():
        place = int(bad.to_numpy().argmax())
        raise InputError(
            f"found '{text.iloc[place]}'", file=path, line=first_line + place, field=column, hint="right is a number"
        )
    return out

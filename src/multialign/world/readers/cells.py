"""Rows of cells from CSV and Excel files, one at a time, and numbers from cells; every error with its place."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import IO, Any

import numpy as np

from multialign.errors import InputError

MAX_BYTES = 4 << 30
MAX_LINE = 16 << 20
MAX_EXCEL = 512 << 20

Row = tuple[int, list[str]]
"""Line (from 1) and cells."""


def require_file(path: Path, limit: int = MAX_BYTES) -> None:
    """Raise InputError where there is no file, or one that is empty or too large."""
    if not path.is_file():
        raise InputError("there is no such file", file=path)
    size = path.stat().st_size
    if size == 0:
        raise InputError("is empty", file=path)
    if size > limit:
        raise InputError(f"is {size >> 20} MiB", file=path, hint=f"at most {limit >> 20} MiB are read")


def year_of(path: Path, year: int | None) -> int | None:
    """The year given, or the last one in the file's name (``ICIO2021_2018.csv``), or none."""
    found = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", path.stem)
    return year if year is not None else int(found[-1]) if found else None


def csv_rows(path: Path) -> Iterator[Row]:
    """Rows of a CSV file in UTF-8; the separator (``,``, ``;`` or tab) is the first line's most frequent.

    Raises InputError for a file that is not text, or with a line longer than 16 MiB.
    """
    require_file(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            first = file.readline(MAX_LINE)
            separator = max(",;\t", key=first.count)
            file.seek(0)
            reader = csv.reader(_lines(file, path), delimiter=separator)
            for cells in reader:
                if any(cells):
                    yield reader.line_num, cells
        except UnicodeDecodeError as cause:
            raise InputError("is not text in UTF-8", file=path, hint="a CSV file is wanted") from cause
        except csv.Error as cause:
            raise InputError(f"is not CSV: {cause}", file=path) from cause


def _lines(file: IO[str], path: Path) -> Iterator[str]:
    number = 0
    while line := file.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            raise InputError(f"is longer than {MAX_LINE >> 20} MiB", file=path, line=number)
        yield line


def excel_rows(path: Path, sheet: str | None = None) -> tuple[str, Iterator[Row]]:
    """Name and rows of a sheet of an .xlsx file, by default the first. Raises InputError.

    Needs the package openpyxl; .xlsb and .xls files are refused with what to do.
    """
    require_file(path, MAX_EXCEL)
    if path.suffix.lower() in (".xlsb", ".xls"):
        raise InputError(
            f"is an Excel file of the kind {path.suffix.lower()}",
            file=path,
            hint="save it as .xlsx or as CSV, and give that",
        )
    try:
        import openpyxl
    except ImportError as cause:
        raise InputError(
            "is an Excel file, and the package openpyxl is not installed",
            file=path,
            hint="run 'pip install openpyxl', or save the file as CSV",
        ) from cause
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as cause:  # openpyxl raises whatever its parsers raise
        raise InputError("is not an Excel file that can be read", file=path) from cause
    if sheet is not None and sheet not in book.sheetnames:
        raise InputError(f"has no sheet '{sheet}'", file=path, hint=f"it has: {', '.join(book.sheetnames)}")
    page = book[sheet] if sheet is not None else book[book.sheetnames[0]]

    def rows() -> Iterator[Row]:
        for number, cells in enumerate(page.iter_rows(values_only=True), start=1):
            texts = [_text(c) for c in cells]
            if any(texts):
                yield number, texts

    return str(page.title), rows()


def _text(cell: Any) -> str:
    return "" if cell is None else cell.strip() if isinstance(cell, str) else repr(cell)


def numbers(cells: Sequence[str], names: Sequence[str], *, file: Path, line: int) -> np.ndarray:
    """Cells as finite numbers; an empty cell is zero. `names`: the columns' names, for errors. Raises InputError."""
    try:
        out = np.fromiter(map(float, cells), float, len(cells))
    except ValueError:
        out = np.zeros(len(cells))
        for k, cell in enumerate(cells):
            text = cell.strip()
            try:
                out[k] = float(text) if text else 0.0
            except ValueError as cause:
                raise InputError(
                    f"'{text[:40]}' is not a number",
                    file=file,
                    line=line,
                    field=f"column {names[k]}",
                    hint="numbers are written like 1234.5, without marks for thousands",
                ) from cause
    if not np.isfinite(out).all():
        k = int(np.argmin(np.isfinite(out)))
        raise InputError(
            f"is {out[k]}", file=file, line=line, field=f"column {names[k]}", hint="every number must be finite"
        )
    return out


def header_columns(cells: Sequence[str], wanted: Sequence[str], *, file: Path, line: int) -> dict[str, int]:
    """Position of each wanted column, names compared without case and blanks. Raises InputError for a missing one."""
    place = {re.sub(r"[\s_]", "", c).casefold(): k for k, c in reversed(list(enumerate(cells)))}
    for name in wanted:
        if name.replace("_", "").casefold() not in place:
            shown = ", ".join(c.strip()[:30] for c in cells[:8]) + (" ..." if len(cells) > 8 else "")
            raise InputError(f"has no column '{name}'", file=file, line=line, hint=f"it has: {shown}")
    return {name: place[name.replace("_", "").casefold()] for name in wanted}


def small_table(path: Path, columns: Sequence[str], *, limit: int = 5_000_000) -> Iterator[tuple[int, dict[str, str]]]:
    """Lines of a small CSV table with a header, as column -> text; other columns are left aside. Raises InputError."""
    place: dict[str, int] = {}
    for count, (line, cells) in enumerate(csv_rows(path)):
        if not place:
            place = header_columns(cells, columns, file=path, line=line)
            continue
        if count > limit:
            raise InputError(f"has more than {limit} lines", file=path)
        if len(cells) <= max(place.values()):
            raise InputError(
                f"has {len(cells)} cells",
                file=path,
                line=line,
                hint=f"the header has {max(place.values()) + 1} or more",
            )
        yield line, {name: cells[k].strip() for name, k in place.items()}


def repeated(labels: Sequence[str]) -> str | None:
    """The first label that stands twice, or None."""
    return next((a for a, b in pairwise(sorted(labels)) if a == b), None)

"""Readings as files: JSON Lines, and flat tables in Parquet or CSV, each whole or not at all.

A flat table has one row for each statement. Its columns are those of `columns`: first the document's, then the
statement's own fields in their order, with the parts of a speaker, a condition or a measure each in a column of
its own (``speaker_name``, ``condition_kind`` ...).
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from multialign.errors import InputError
from multialign.reading.model import Reading, Statement

DOCUMENT_COLUMNS = (
    ("sha256", "VARCHAR"),
    ("document", "VARCHAR"),
    ("document_title", "VARCHAR"),
)
_CHUNK = 5_000
_SIMPLE = {str: "VARCHAR", int: "INTEGER", float: "DOUBLE", bool: "BOOLEAN"}


@cache
def columns(model: type[BaseModel] = Statement) -> tuple[tuple[str, str], ...]:
    """Columns of the flat table of statements (or offers), with their DuckDB types."""
    return (*DOCUMENT_COLUMNS, *((name, kind) for name, kind, _ in _fields(model, ())))


def _fields(model: type[BaseModel], above: tuple[str, ...]) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Name, type and path of every leaf of a model."""
    for key, field in model.model_fields.items():
        kinds = [k for k in (get_args(field.annotation) or (field.annotation,)) if k is not NoneType]
        path = (*above, key)
        name = "_".join(path)
        if get_origin(field.annotation) is list:
            yield name, "VARCHAR[]", path
        elif get_origin(field.annotation) is Literal or get_origin(kinds[0]) is Literal:
            yield name, "VARCHAR", path
        elif isinstance(kinds[0], type) and issubclass(kinds[0], BaseModel):
            yield from _fields(kinds[0], path)
        elif key == "date":
            yield name, "DATE", path
        else:
            yield name, _SIMPLE[kinds[0]], path


@cache
def _paths(model: type[BaseModel]) -> tuple[tuple[str, ...], ...]:
    return tuple(path for _, _, path in _fields(model, ()))


def flat(document: Mapping[str, Any], item: Mapping[str, Any], model: type[BaseModel] = Statement) -> tuple[Any, ...]:
    """One statement (or offer) as a row. `document` and `item` are JSON-ready dicts."""
    out: list[Any] = [document["sha256"], document["name"], document["title"]]
    for path in _paths(model):
        value: Any = item
        for key in path:
            value = None if value is None else value[key]
        out.append(value)
    return tuple(out)


def write_lines(readings: Iterable[Mapping[str, Any]], out: Path) -> int:
    """JSON Lines: one reading a line. Returns how many. Raises InputError where the disk refuses."""
    count = 0
    with _whole(out) as part, part.open("w", encoding="utf-8", newline="\n") as handle:
        for reading in readings:
            json.dump(reading, handle, ensure_ascii=False, allow_nan=False)
            handle.write("\n")
            count += 1
    return count


def write_parts(parts: Iterable[str], out: Path) -> None:
    """A text file, from its parts. Raises InputError where the disk refuses."""
    with _whole(out) as part, part.open("w", encoding="utf-8", newline="\n") as handle:
        handle.writelines(parts)


def write_table(rows: Iterable[Sequence[Any]], heads: Sequence[tuple[str, str]], out: Path, kind: str) -> int:
    """Rows as a Parquet (``kind="parquet"``) or CSV (``"csv"``) file, in constant memory. Returns how many.

    In CSV, lists are joined by ``|``. Raises InputError where the disk refuses.
    """
    import duckdb

    names = ", ".join(f'"{name}" {kind_}' for name, kind_ in heads)
    values = ", ".join(f"unnest(?::{kind_}[])" for _, kind_ in heads)
    shown = ", ".join(
        f'array_to_string("{name}", \'|\') AS "{name}"' if kind == "csv" and kind_.endswith("[]") else f'"{name}"'
        for name, kind_ in heads
    )
    form = "FORMAT parquet, COMPRESSION zstd" if kind == "parquet" else "FORMAT csv, HEADER"
    count = 0
    with tempfile.TemporaryDirectory() as folder, _whole(out) as part:
        db = duckdb.connect(str(Path(folder) / "rows.duckdb"), config={"memory_limit": "512MB", "threads": 1})
        try:
            db.execute(f"CREATE TABLE t ({names})")
            for chunk in _chunks(rows):
                count += len(chunk)
                db.execute(f"INSERT INTO t SELECT {values}", [list(c) for c in zip(*chunk, strict=True)])
            target = str(part.absolute()).replace("'", "''")
            db.execute(f"COPY (SELECT {shown} FROM t) TO '{target}' ({form})")  # noqa: S608 - our own names
        except duckdb.IOException as error:
            raise InputError(f"cannot be written ({str(error).splitlines()[0]})", file=out) from None
        finally:
            db.close()
    return count


def _chunks(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    chunk: list[Sequence[Any]] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


@contextlib.contextmanager
def _whole(out: Path) -> Iterator[Path]:
    """A path beside `out` to write to; put in its place when all went well, taken away when not."""
    if out.is_dir():
        raise InputError("is a folder", hint="give a file", file=out)
    part = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.", suffix=".part")
        os.close(handle)
        part = Path(name)
        yield part
        part.chmod(0o644)
        part.replace(out)
    except OSError as error:
        raise InputError(
            f"cannot be written ({error.strerror or error})", hint="give another place", file=out
        ) from None
    finally:
        if part is not None:
            part.unlink(missing_ok=True)


def statement_rows(readings: Iterable[Reading]) -> Iterator[tuple[Any, ...]]:
    """Rows of the flat table of the statements of readings."""
    for reading in readings:
        document = {"sha256": reading.document.sha256, "name": reading.document.name, "title": reading.document.title}
        for statement in reading.statements:
            yield flat(document, statement.model_dump(mode="json"))

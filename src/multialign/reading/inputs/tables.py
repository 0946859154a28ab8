"""Tables of documents: JSON Lines and Parquet, row by row, so that a table may be larger than memory."""

from __future__ import annotations

import gzip
import json
import re
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import date as Date
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from multialign.errors import InputError, nearest
from multialign.reading.documents import MAX_BYTES, Source, find_date, from_text
from multialign.reading.inputs.options import FIELDS, Options, Refused

MAX_TABLE = 8 * 1024**3
"""Most bytes of a table that are read, after unpacking: 8 GB."""

_ROWS = 50


def jsonl(handle: IO[bytes], name: str, options: Options) -> Iterator[Source | Refused]:
    """Documents of a JSON Lines file: one object a line. A line that cannot be read is refused by its number."""
    number, total = 0, 0
    while True:
        try:
            line = handle.readline(MAX_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            yield Refused(InputError(f"the rest cannot be read ({error})", file=name, line=number + 1))
            return
        if not line:
            return
        number += 1
        total += len(line)
        if len(line) > MAX_BYTES:
            while line and not line.endswith(b"\n"):
                line = handle.readline(MAX_BYTES)
                total += len(line)
                if total > MAX_TABLE:
                    break
            problem = f"the line has more than {MAX_BYTES / 1e6:.1f} MB"
            yield Refused(InputError(problem, hint="split the document", file=name, line=number))
        elif line.strip():
            yield _line(line, name, number, options)
        if total > MAX_TABLE:
            yield Refused(InputError(f"more than {MAX_TABLE / 1e9:.0f} GB; the rest is left", file=name, line=number))
            return


def _line(line: bytes, name: str, number: int, options: Options) -> Source | Refused:
    try:
        row = json.loads(line.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        problem = f"not UTF-8 (byte 0x{line[error.start]:02x} at column {error.start + 1})"
        return Refused(InputError(problem, hint="JSON Lines are UTF-8", file=name, line=number))
    except json.JSONDecodeError as error:
        problem = f"not JSON ({error.msg} at column {error.colno})"
        return Refused(InputError(problem, hint="one object a line", file=name, line=number))
    except (RecursionError, ValueError):
        return Refused(InputError("not JSON that can be read (nested too deep?)", file=name, line=number))
    if not isinstance(row, dict):
        problem = f"not an object but {_what(row)}"
        return Refused(InputError(problem, hint='one object a line: {"text": ...}', file=name, line=number))
    return document(row, name, number, options)


def document(row: Mapping[str, Any], name: str, number: int, options: Options) -> Source | Refused:
    """One row of a table as a document. Raises nothing: what is wrong is in the `Refused`."""
    columns = {f: options.columns.get(f, f) for f in FIELDS}
    try:
        text = row.get(columns["text"])
        if not isinstance(text, str):
            if columns["text"] not in row:
                close = nearest(columns["text"], [str(k) for k in list(row)[:50]])
                names = ", ".join(str(k)[:40] for k in list(row)[:8]) or "none"
                hint = f"the row has {names}; name the column with --column text=NAME"
                raise InputError("is not there", hint=f"did you mean {close}? {hint}" if close else hint)
            raise InputError(f"is {_what(text)}, not a text")
        fields: dict[str, str | None] = {}
        for key in ("title", "id", "source"):
            value = row.get(columns[key])
            if isinstance(value, int | float) and not isinstance(value, bool):
                value = str(value)
            if value is not None and not isinstance(value, str):
                raise InputError(f"is {_what(value)}, not a text", field=columns[key])
            fields[key] = value.strip()[:1000] or None if value else None
        return from_text(
            text,
            date=options.date or day(row.get(columns["date"]), columns["date"]),
            title=fields["title"],
            name=fields["id"] or f"{Path(name).name}:{number}",
            origin=f"{name}:{number}",
            medium=fields["source"],
            most=options.most,
        )
    except InputError as error:
        return Refused(error.at(file=name, line=number, field=columns["text"]))


def day(value: object, field: str = "date") -> str | None:
    """A date as ISO: from a date, a timestamp, or text that begins with an ISO date or holds a full one.

    None stays None. Raises InputError for anything else.
    """
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, Date):
        return value.isoformat()
    if isinstance(value, str):
        try:
            return Date.fromisoformat(value.strip()[:10]).isoformat()
        except ValueError:
            found = find_date(value[:100])
            if found:
                return found
    raise InputError(f"'{str(value)[:40]}' is not a date", hint="write it as 2026-03-31", field=field)


def _what(value: object) -> str:
    names = {bool: "a truth value", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return "null" if value is None else names.get(type(value), "a text" if isinstance(value, str) else "no text")


def parquet(path: Path, name: str, options: Options) -> Iterator[Source | Refused]:
    """Documents of a Parquet file, one a row. Raises InputError when the file is damaged or has no text column."""
    import duckdb

    text = options.columns.get("text", "text")
    place = re.sub(r"([*?\[])", r"[\1]", str(path.absolute()))  # DuckDB takes these for wildcards
    db = duckdb.connect(":memory:", config={"memory_limit": "1GB", "threads": 1})
    try:
        try:
            rows = db.execute("SELECT * FROM read_parquet(?)", [place])
            names = [column[0] for column in rows.description or []]
        except duckdb.Error as error:
            raise InputError(
                f"a damaged Parquet file ({str(error).splitlines()[0][:120]})", hint="write it anew", file=name
            ) from None
        if text not in names:
            close = nearest(text, names)
            raise InputError(
                f"no column '{text}'; the table has {', '.join(names[:8])}",
                hint=(f"did you mean {close}? " if close else "") + "name the column with --column text=NAME",
                file=name,
            )
        mapped = {options.columns.get(f, f) for f in FIELDS}
        wanted = [n for n in names if n in mapped]
        quoted = ", ".join('"' + n.replace('"', '""') + '"' for n in wanted)
        number = 0
        try:
            rows = db.execute(f"SELECT {quoted} FROM read_parquet(?)", [place])  # noqa: S608 - quoted above
            while batch := rows.fetchmany(_ROWS):
                for row in batch:
                    number += 1
                    yield document(dict(zip(wanted, row, strict=True)), name, number, options)
        except duckdb.Error as error:
            problem = f"the rest cannot be read ({str(error).splitlines()[0][:120]})"
            yield Refused(InputError(problem, file=name, line=number + 1))
    finally:
        db.close()


def packed_parquet(path: Path, name: str, options: Options) -> Iterator[Source | Refused]:
    """Documents of a gzipped Parquet file, unpacked beside other temporary files."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "table.parquet"
        size = 0
        try:
            with gzip.open(path, "rb") as packed, plain.open("wb") as out:
                while block := packed.read(1 << 20):
                    size += len(block)
                    if size > MAX_TABLE // 4:
                        raise InputError(f"unpacks to more than {MAX_TABLE / 4e9:.0f} GB", file=name)
                    out.write(block)
        except (OSError, EOFError, zlib.error) as error:
            raise InputError(f"damaged gzip data ({error})", hint="pack the file again", file=name) from None
        yield from parquet(plain, name, options)

"""The record as files: statements, offers or documents as a flat table, or everything as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from multialign.errors import InputError, unknown
from multialign.reading import outputs
from multialign.reading.model import Offer, Statement
from multialign.reading.record.store import Record

TABLES = ("statements", "offers", "documents")
_BODIES: dict[str, type[BaseModel]] = {"statements": Statement, "offers": Offer}
DOCUMENTS = (
    ("sha256", "VARCHAR"), ("name", "VARCHAR"), ("title", "VARCHAR"), ("date", "DATE"), ("medium", "VARCHAR"),
    ("origin", "VARCHAR"), ("language", "VARCHAR"), ("n_sentences", "INTEGER"), ("first_print", "VARCHAR"),
    ("text", "VARCHAR"),
)  # fmt: skip
"""Columns of the documents' table. `first_print`: hash of the document that stands for its story (its own, where it
is the oldest or only one)."""

_FIRSTS = """
SELECT sha256, arg_min(sha256, (coalesce(date, DATE '9999-12-31'), sha256)) OVER (PARTITION BY story) AS first_print
FROM documents JOIN stories USING (doc)
"""


def columns(table: str) -> tuple[tuple[str, str], ...]:
    """Names and types of the columns of an exported table."""
    return DOCUMENTS if table == "documents" else (*outputs.columns(_BODIES[table]), ("counted", "BOOLEAN"))


def export(record: Record, out: Path, table: str = "statements") -> int:
    """Write the record to a file: ``.parquet`` and ``.csv`` hold one table, ``.json`` everything. Returns how many
    rows (of JSON, documents).

    Rows are in order of date, document and place, so that equal records give equal files. `counted` is false in all
    but the first print of a story. Raises InputError for another suffix or table.
    """
    if table not in TABLES:
        raise unknown("table", table, TABLES, field="table")
    kind = out.suffix.lower().lstrip(".")
    if kind == "json":
        return _json(record, out)
    if kind not in ("parquet", "csv"):
        raise InputError(f"'{out.suffix}' is no format", hint="write to a .parquet, .csv or .json file", file=out)
    rows = _documents(record) if table == "documents" else _rows(record, table)
    return outputs.write_table(rows, columns(table), out, kind)


def _rows(record: Record, table: str) -> Iterator[tuple[Any, ...]]:
    sql = (
        f"SELECT d.sha256, d.name, d.title, d.sha256 = f.first_print, t.body FROM {table} t "  # noqa: S608 - of TABLES
        f"JOIN documents d USING (sha256) JOIN ({_FIRSTS}) f USING (sha256) "
        "ORDER BY d.date NULLS LAST, d.sha256, length(t.id), t.id"
    )
    for sha, name, title, counted, body in record.select(sql):
        document = {"sha256": sha, "name": name, "title": title}
        yield (*outputs.flat(document, json.loads(body), _BODIES[table]), counted)


def _documents(record: Record) -> Iterator[tuple[Any, ...]]:
    names = ", ".join(name for name, _ in DOCUMENTS)
    yield from record.select(
        f"SELECT {names} FROM documents JOIN ({_FIRSTS}) USING (sha256) ORDER BY date NULLS LAST, sha256"  # noqa: S608
    )


def _json(record: Record, out: Path) -> int:
    def parts() -> Iterator[str]:
        yield '{"version": 1, "kind": "record", "readings": ['
        for k, reading in enumerate(record.readings()):
            yield (",\n" if k else "\n") + json.dumps(reading, ensure_ascii=False, allow_nan=False)
        yield "\n]}\n"

    outputs.write_parts(parts(), out)
    return len(record)

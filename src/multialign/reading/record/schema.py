"""The record's file: its tables, and opening it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from multialign.errors import InputError

SCHEMA_VERSION = 2

TABLES = """
CREATE TABLE IF NOT EXISTS meta (version INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS documents (
    doc INTEGER NOT NULL, sha256 VARCHAR PRIMARY KEY, name VARCHAR NOT NULL, title VARCHAR, date DATE, medium VARCHAR,
    origin VARCHAR, language VARCHAR NOT NULL, text VARCHAR NOT NULL, n_sentences INTEGER NOT NULL,
    added TIMESTAMP NOT NULL DEFAULT current_timestamp
);
CREATE TABLE IF NOT EXISTS statements (
    sha256 VARCHAR NOT NULL, id VARCHAR NOT NULL, source VARCHAR, target VARCHAR, event VARCHAR, relation VARCHAR,
    mode VARCHAR NOT NULL, valence DOUBLE NOT NULL, is_view BOOLEAN NOT NULL, date DATE, body VARCHAR NOT NULL,
    PRIMARY KEY (sha256, id)
);
CREATE TABLE IF NOT EXISTS offers (
    sha256 VARCHAR NOT NULL, id VARCHAR NOT NULL, kind VARCHAR NOT NULL, source VARCHAR NOT NULL,
    target VARCHAR NOT NULL, date DATE, body VARCHAR NOT NULL, PRIMARY KEY (sha256, id)
);
CREATE TABLE IF NOT EXISTS buckets (bucket BIGINT NOT NULL, doc INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS links (one INTEGER NOT NULL, two INTEGER NOT NULL, likeness DOUBLE NOT NULL);
CREATE TABLE IF NOT EXISTS stories (doc INTEGER NOT NULL, story INTEGER NOT NULL);
CREATE OR REPLACE VIEW firsts AS
    SELECT arg_min(sha256, (coalesce(date, DATE '9999-12-31'), sha256)) AS sha256,
           min(date) AS date, count(*) AS prints
    FROM documents JOIN stories USING (doc) GROUP BY story;
"""
"""`stories` numbers the groups of near-duplicates; `firsts` has one document of each: the oldest, by hash among equals.
Only `firsts` are counted."""


def connect(path: str, *, read_only: bool = False) -> Any:
    """An open database with the record's tables in it; with `read_only`, one that is there and that other readers may
    have open as well.

    Raises InputError: in use by another process (named where the system tells), no record, made by another version.
    """
    import duckdb

    if path != ":memory:" and not read_only:
        _make_room(Path(path))
    try:
        db = duckdb.connect(path, read_only=read_only, config={"memory_limit": "512MB", "threads": 2})
    except duckdb.Error as error:
        raise _refusal(path, str(error)) from None
    try:
        known = {row[0] for row in db.execute("SELECT table_name FROM information_schema.tables").fetchall()}
        if (known or read_only) and "meta" not in known:
            raise InputError("a database, but no record", hint="give another path", file=path)
        if known:
            found = db.execute("SELECT version FROM meta").fetchall()
            if found and found[0][0] != SCHEMA_VERSION:
                raise InputError(
                    f"a record of version {found[0][0]}",
                    hint=f"this program reads version {SCHEMA_VERSION}; add the documents to a new record",
                    file=path,
                )
        if not read_only:
            db.execute("BEGIN")
            db.execute(TABLES)
            if not db.execute("SELECT 1 FROM meta").fetchone():
                db.execute("INSERT INTO meta VALUES (?)", [SCHEMA_VERSION])
            db.execute("COMMIT")
    except duckdb.Error as error:
        db.close()
        raise _refusal(path, str(error)) from None
    except InputError:
        db.close()
        raise
    return db


def _make_room(path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot be made ({error.strerror or error})", hint="give another path", file=path) from None
    if path.is_dir():
        raise InputError("this is a directory", hint="give a file, such as record.duckdb", file=path)


def _refusal(path: str, said: str) -> InputError:
    if "lock" in said.lower():
        holder = re.search(r"PID (\d+)", said)
        who = f" (process {holder[1]})" if holder else ""
        return InputError(
            f"the record is in use by another process{who}", hint="wait until it is done, or give another record",
            file=path,
        )  # fmt: skip
    return InputError(
        f"cannot be opened as a record ({said.splitlines()[0][:160]})",
        hint="give a record made by this program, or a new path",
        file=path,
    )

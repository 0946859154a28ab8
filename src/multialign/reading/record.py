"""The record: readings kept in one DuckDB file, append-only.

A document's identity is the hash of its text. Adding it again changes nothing, whoever read it, and a document goes
in whole or not at all. Spans, speakers and conditions are kept as read, so any row can be traced to its words.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date as Date
from pathlib import Path
from types import TracebackType
from typing import Any

from multialign.errors import InputError
from multialign.reading.model import Offer, Reading, Statement

SCHEMA_VERSION = 1

_TABLES = """
CREATE TABLE IF NOT EXISTS meta (version INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS documents (
    sha256 VARCHAR PRIMARY KEY, name VARCHAR NOT NULL, title VARCHAR, date DATE, language VARCHAR NOT NULL,
    text VARCHAR NOT NULL, n_sentences INTEGER NOT NULL, added TIMESTAMP NOT NULL DEFAULT current_timestamp
);
CREATE TABLE IF NOT EXISTS statements (
    sha256 VARCHAR NOT NULL, id VARCHAR NOT NULL, source VARCHAR, target VARCHAR, event VARCHAR, relation VARCHAR,
    mode VARCHAR NOT NULL, valence DOUBLE NOT NULL, date DATE, body JSON NOT NULL, PRIMARY KEY (sha256, id)
);
CREATE TABLE IF NOT EXISTS offers (
    sha256 VARCHAR NOT NULL, id VARCHAR NOT NULL, source VARCHAR NOT NULL, target VARCHAR NOT NULL, date DATE,
    body JSON NOT NULL, PRIMARY KEY (sha256, id)
);
"""


class Record:
    """An open record. Use as a context manager, or `close` it.

    >>> with Record("record.duckdb") as record:        # doctest: +SKIP
    ...     record.add(read("announcement.txt"))
    ...     record.statements(source="RUS", target="IND", since="2025-01-01")
    """

    def __init__(self, path: str | Path = ":memory:") -> None:
        import duckdb

        self.path = str(path)
        try:
            self._db = duckdb.connect(self.path)
            self._db.execute(_TABLES)
            found = self._db.execute("SELECT version FROM meta").fetchall()
        except duckdb.Error as error:
            raise InputError(
                f"cannot be opened as a record ({str(error).splitlines()[0]})",
                hint="give a record made by this program, not in use elsewhere, or a new path",
                file=self.path,
            ) from None
        if not found:
            self._db.execute("INSERT INTO meta VALUES (?)", [SCHEMA_VERSION])
        elif found[0][0] != SCHEMA_VERSION:
            self.close()
            raise InputError(
                f"a record of version {found[0][0]}",
                hint=f"this program reads version {SCHEMA_VERSION}",
                file=self.path,
            )

    def add(self, reading: Reading) -> bool:
        """Add a reading. True when it was new, False when its document was there already (nothing changes)."""
        return self.add_all([reading]) == 1

    def add_all(self, readings: Iterable[Reading]) -> int:
        """Add readings, each in a transaction of its own; the number of new documents."""
        return sum(self._add(reading) for reading in readings)

    def _add(self, reading: Reading) -> bool:
        doc = reading.document
        with self._transaction():
            if self._db.execute("SELECT 1 FROM documents WHERE sha256 = ?", [doc.sha256]).fetchone():
                return False
            self._db.execute(
                "INSERT INTO documents (sha256, name, title, date, language, text, n_sentences) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                [doc.sha256, doc.name, doc.title, doc.date, doc.language, doc.text, doc.n_sentences],
            )
            rows = [
                [doc.sha256, s.id, s.source, s.target, s.event, s.relation, s.mode, s.valence, s.date,
                 s.model_dump_json()]
                for s in reading.statements
            ]  # fmt: skip
            if rows:
                self._db.executemany("INSERT INTO statements VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
            rows = [[doc.sha256, o.id, o.source, o.target, o.date, o.model_dump_json()] for o in reading.offers]
            if rows:
                self._db.executemany("INSERT INTO offers VALUES (?, ?, ?, ?, ?, ?)", rows)
        return True

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def __contains__(self, sha256: str) -> bool:
        return bool(self._db.execute("SELECT 1 FROM documents WHERE sha256 = ?", [sha256]).fetchone())

    def __len__(self) -> int:
        row = self._db.execute("SELECT count(*) FROM documents").fetchone()
        return int(row[0]) if row else 0

    def statements(
        self,
        *,
        source: str | None = None,
        target: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> list[tuple[str, Statement]]:
        """(document hash, statement) pairs of a dyad between two dates (both included), oldest first.

        Filters left out do not filter; with a date filter, undated statements are left out.
        """
        rows = self._select("statements", source, target, since, until)
        return [(sha, Statement.model_validate_json(body)) for sha, body in rows]

    def offers(
        self,
        *,
        source: str | None = None,
        target: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> list[tuple[str, Offer]]:
        """(document hash, offer) pairs, filtered and ordered as `statements`."""
        rows = self._select("offers", source, target, since, until)
        return [(sha, Offer.model_validate_json(body)) for sha, body in rows]

    def parallel(self, *, source: str, days: int = 90) -> list[tuple[tuple[str, Offer], tuple[str, Offer]]]:
        """Pairs of offers of `source` to different targets at most `days` apart, over all documents."""
        dated = [(sha, o) for sha, o in self.offers(source=source) if o.date is not None]
        pairs = []
        for i, one in enumerate(dated):
            for two in dated[i + 1 :]:
                gap = abs((Date.fromisoformat(str(two[1].date)) - Date.fromisoformat(str(one[1].date))).days)
                if gap > days:
                    break
                if one[1].target != two[1].target:
                    pairs.append((one, two))
        return pairs

    def balance(self, *, since: str | None = None, until: str | None = None) -> list[dict[str, Any]]:
        """Per dyad: number of statements and mean valence, views and unnamed parties left out."""
        where, values = _where(None, None, since, until)
        rows = self._db.execute(
            "SELECT source, target, count(*), avg(valence) FROM statements "  # noqa: S608
            f"WHERE {where} AND source IS NOT NULL AND target IS NOT NULL "
            "AND json_extract_string(body, '$.assessor') IS NULL GROUP BY 1, 2 ORDER BY 1, 2",
            values,
        ).fetchall()
        return [{"source": s, "target": t, "statements": int(n), "valence": float(v)} for s, t, n, v in rows]

    def document(self, sha256: str) -> dict[str, Any]:
        """The stored document. Raises InputError when it is not in the record."""
        row = self._db.execute(
            "SELECT sha256, name, title, date, language, text, n_sentences FROM documents WHERE sha256 = ?",
            [sha256],
        ).fetchone()
        if row is None:
            raise InputError(f"no document {sha256[:12]} in the record", file=self.path)
        keys = ("sha256", "name", "title", "date", "language", "text", "n_sentences")
        out = dict(zip(keys, row, strict=True))
        out["date"] = out["date"].isoformat() if out["date"] else None
        return out

    def to_json(self) -> str:
        """Everything in the record as JSON text, documents in order of their hash."""
        hashes = [r[0] for r in self._db.execute("SELECT sha256 FROM documents ORDER BY sha256").fetchall()]
        out = []
        for sha in hashes:
            statements, offers = (
                [json.loads(r[0]) for r in self._db.execute(
                    f"SELECT body FROM {table} WHERE sha256 = ? ORDER BY length(id), id", [sha]).fetchall()]  # noqa: S608
                for table in ("statements", "offers")
            )  # fmt: skip
            out.append({"document": self.document(sha), "statements": statements, "offers": offers})
        return json.dumps({"version": 1, "kind": "record", "readings": out}, ensure_ascii=False)

    def _select(
        self, table: str, source: str | None, target: str | None, since: str | None, until: str | None
    ) -> list[tuple[str, str]]:
        where, values = _where(source, target, since, until)
        return self._db.execute(
            f"SELECT sha256, body FROM {table} WHERE {where} "  # noqa: S608
            "ORDER BY date NULLS LAST, sha256, length(id), id",
            values,
        ).fetchall()

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Record:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _where(source: str | None, target: str | None, since: str | None, until: str | None) -> tuple[str, list[Any]]:
    parts: list[str] = ["TRUE"]
    values: list[Any] = []
    for column, wanted in (("source", source), ("target", target)):
        if wanted is not None:
            parts.append(f"{column} = ?")
            values.append(wanted.upper())
    for sign, day, field in ((">=", since, "since"), ("<=", until, "until")):
        if day is not None:
            try:
                values.append(Date.fromisoformat(day))
            except ValueError:
                raise InputError(f"'{day}' is not a date", hint="write it as 2026-03-31", field=field) from None
            parts.append(f"date {sign} ?")
    return " AND ".join(parts), values

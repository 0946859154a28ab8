"""The record itself: adding readings, and asking for statements, offers and documents."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date as Date
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from types import TracebackType
from typing import Any, get_args

from multialign.errors import InputError, MultialignError
from multialign.reading.model import Offer, Reading, SignalKind, Statement
from multialign.reading.record import series, stories
from multialign.reading.record.rows import DOCUMENT, OFFER, STATEMENT, Rows, rows
from multialign.reading.record.schema import SCHEMA_VERSION, connect

__all__ = ["SCHEMA_VERSION", "Record"]

_FROM_OUTSIDE = ("IOException", "FatalException", "OutOfMemoryException", "TransactionException")
"""DuckDB's errors when the disk is full or the memory gone; the last where that shows at the commit."""


class Record:
    """An open record. Use as a context manager, or `close` it.

    One process may have it open to add to it, or any number with `read_only`.

    >>> with Record("record.duckdb") as record:        # doctest: +SKIP
    ...     record.add(read("announcement.txt"))
    ...     record.statements(source="RUS", target="IND", since="2025-01-01")
    """

    def __init__(self, path: str | Path = ":memory:", *, read_only: bool = False) -> None:
        self.path = str(path)
        self._db = connect(self.path, read_only=read_only)
        row = self._db.execute("SELECT coalesce(max(doc), 0) FROM documents").fetchone()
        self._last = int(row[0])

    def add(self, reading: Reading) -> bool:
        """Add a reading. True when it was new, False when its document was there already (nothing changes)."""
        return self.add_all([reading]) == 1

    def add_all(self, readings: Iterable[Reading]) -> int:
        """Add readings, each in a transaction of its own; the number of new documents."""
        return sum(self.add_rows([rows(reading)]) for reading in readings)

    def add_rows(self, batch: Sequence[Rows]) -> int:
        """Add documents in one transaction, all or none; the number of those that were new.

        Near-duplicates of what is there, and of each other, are linked in the same transaction.
        """
        new = self.fresh(batch)
        if not new:
            return 0
        with self._transaction():
            numbers = range(self._last + 1, self._last + 1 + len(new))
            documents = [(number, *r.document) for number, r in zip(numbers, new, strict=True)]
            self._insert("documents", (("doc", "INTEGER"), *DOCUMENT), documents)
            self._insert("statements", STATEMENT, [row for r in new for row in r.statements])
            self._insert("offers", OFFER, [row for r in new for row in r.offers])
            stories.link(self._db, [(number, r.buckets) for number, r in zip(numbers, new, strict=True)])
        self._last += len(new)
        return len(new)

    def fresh(self, batch: Sequence[Rows]) -> list[Rows]:
        """Those of the documents that are not in the record, each once."""
        first = {r.sha256: r for r in reversed(batch)}
        known = self.known(first)
        return [r for r in batch if r.sha256 not in known and first[r.sha256] is r]

    def known(self, hashes: Iterable[str]) -> set[str]:
        """Those of the hashes whose documents are in the record."""
        found = self._db.execute(
            "SELECT sha256 FROM documents WHERE sha256 IN (SELECT unnest(?::VARCHAR[]))", [list(hashes)]
        ).fetchall()
        return {row[0] for row in found}

    def _insert(self, table: str, columns: Sequence[tuple[str, str]], values: list[tuple[Any, ...]]) -> None:
        if values:
            names = ", ".join(name for name, _ in columns)
            lists = ", ".join(f"unnest(?::{kind}[])" for _, kind in columns)
            self._db.execute(  # names and types are this package's own
                f"INSERT INTO {table} ({names}) SELECT {lists}",
                [list(column) for column in zip(*values, strict=True)],
            )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN")
        try:
            yield
            self._db.execute("COMMIT")
        except BaseException as error:
            with suppress(Exception):  # where the commit itself failed there is nothing to take back
                self._db.execute("ROLLBACK")
            if type(error).__name__ in _FROM_OUTSIDE:
                raise MultialignError(
                    f"{self.path}: cannot be written ({str(error).splitlines()[0]}); what was added before is kept, "
                    "and the same call goes on from there"
                ) from error
            raise

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

        Filters left out do not filter; with a date filter, undated statements are left out. Near-duplicates are all
        there; only counts leave them out.
        """
        found = self._select("statements", source, target, since, until)
        return [(sha, Statement.model_validate_json(body)) for sha, body in found]

    def offers(
        self,
        *,
        source: str | None = None,
        target: str | None = None,
        since: str | None = None,
        until: str | None = None,
        kind: SignalKind = "offer",
    ) -> list[tuple[str, Offer]]:
        """(document hash, offer) pairs, filtered and ordered as `statements`; of another `kind`, demands or threats."""
        found = self._select("offers", source, target, since, until, kind)
        return [(sha, Offer.model_validate_json(body)) for sha, body in found]

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
        """Per dyad: number of statements and mean valence; views, unnamed parties and near-duplicates left out."""
        where, values = _where(None, None, since, until)
        found = self._db.execute(
            "SELECT source, target, count(*), avg(valence) FROM statements SEMI JOIN firsts USING (sha256) "  # noqa: S608
            f"WHERE {where} AND source IS NOT NULL AND target IS NOT NULL AND NOT is_view GROUP BY 1, 2 ORDER BY 1, 2",
            values,
        ).fetchall()
        return [{"source": s, "target": t, "statements": int(n), "valence": float(v)} for s, t, n, v in found]

    def dyad(
        self,
        one: str,
        two: str,
        *,
        since: str | None = None,
        until: str | None = None,
        bandwidth: float = series.BANDWIDTH,
    ) -> series.Dyad:
        """Cooperation and conflict between two states, month by month. See `record.series`."""
        return series.dyad(self._db, one.upper(), two.upper(), _day(since, "since"), _day(until, "until"), bandwidth)

    def strongest(
        self, one: str, two: str, *, since: str | None = None, until: str | None = None, most: int = 10
    ) -> list[dict[str, Any]]:
        """The statements of a dyad with the largest |valence|: what, when, in which document, at which place."""
        days = _day(since, "since"), _day(until, "until")
        return series.strongest(self._db, one.upper(), two.upper(), *days, most)

    def peaks(self, one: str | None = None, two: str | None = None, *, most: int = 50) -> list[dict[str, Any]]:
        """The months of a dyad, or of all, in which most was said or done. See `record.series.peaks`."""
        return series.peaks(self._db, one and one.upper(), two and two.upper(), most)

    def info(self) -> dict[str, Any]:
        """What the record holds: counts, dates, the dyads most spoken of."""
        files = (Path(self.path), Path(f"{self.path}.wal"))
        size = sum(path.stat().st_size for path in files if path.is_file())
        return {"version": 1, "kind": "record-info", "file": self.path, **series.info(self._db), "bytes": size}

    def links(self) -> list[tuple[str, str, float]]:
        """Near-duplicates: pairs of hashes, the smaller first, with their likeness; sorted.

        Of the prints of one story, only links enough to hold it together are kept.
        """
        found = self._db.execute(
            "SELECT least(a.sha256, b.sha256), greatest(a.sha256, b.sha256), likeness FROM links "
            "JOIN documents a ON a.doc = one JOIN documents b ON b.doc = two ORDER BY ALL"
        ).fetchall()
        return [(str(a), str(b), float(s)) for a, b, s in found]

    def stories(self) -> list[tuple[str, ...]]:
        """Groups of near-duplicates of more than one document, as sorted tuples of hashes; sorted."""
        found = self._db.execute(
            "SELECT list_sort(list(sha256)) FROM documents JOIN stories USING (doc) "
            "GROUP BY story HAVING count(*) > 1 ORDER BY 1"
        ).fetchall()
        return [tuple(row[0]) for row in found]

    def document(self, sha256: str) -> dict[str, Any]:
        """The stored document. Raises InputError when it is not in the record."""
        keys = [name for name, _ in DOCUMENT]
        row = self._db.execute(
            f"SELECT {', '.join(keys)} FROM documents WHERE sha256 = ?",  # noqa: S608 - the package's own names
            [sha256],
        ).fetchone()
        if row is None:
            raise InputError(f"no document {sha256[:12]} in the record", file=self.path)
        out = dict(zip(keys, row, strict=True))
        out["date"] = out["date"].isoformat() if out["date"] else None
        return out

    def readings(self) -> Iterator[dict[str, Any]]:
        """Every document with its statements, offers, demands and threats, JSON-ready, in order of their hash."""
        keys = [name for name, _ in DOCUMENT]
        documents = self.select(f"SELECT {', '.join(keys)} FROM documents ORDER BY sha256")  # noqa: S608 - own names
        bodies = {
            table: groupby(
                self.select(f"SELECT sha256, body FROM {table} ORDER BY sha256, length(id), id"),  # noqa: S608
                key=itemgetter(0),
            )
            for table in ("statements", "offers")
        }
        heads = {table: next(groups, None) for table, groups in bodies.items()}
        for row in documents:
            document = dict(zip(keys, row, strict=True))
            document["date"] = document["date"].isoformat() if document["date"] else None
            found: dict[str, list[Any]] = {}
            for table, groups in bodies.items():
                head = heads[table]
                here = head is not None and head[0] == document["sha256"]
                found[table] = [json.loads(body) for _, body in head[1]] if here and head else []
                if here:
                    heads[table] = next(groups, None)
            signals = {f"{kind}s": [o for o in found["offers"] if o["kind"] == kind] for kind in get_args(SignalKind)}
            parts = {"document": document, "statements": found["statements"], **signals}
            yield parts

    def to_json(self) -> str:
        """Everything in the record as JSON text."""
        return json.dumps({"version": 1, "kind": "record", "readings": list(self.readings())}, ensure_ascii=False)

    def select(self, sql: str, values: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """Rows of a query of the caller's own over the tables (see `schema.TABLES`)."""
        cursor = self._db.cursor()
        cursor.execute(sql, list(values))
        while batch := cursor.fetchmany(1_000):
            yield from batch

    def _select(
        self,
        table: str,
        source: str | None,
        target: str | None,
        since: str | None,
        until: str | None,
        kind: SignalKind | None = None,
    ) -> list[tuple[str, str]]:
        where, values = _where(source, target, since, until)
        if kind is not None:
            where, values = f"{where} AND kind = ?", [*values, kind]
        found: list[tuple[str, str]] = self._db.execute(
            f"SELECT sha256, body FROM {table} WHERE {where} "  # noqa: S608
            "ORDER BY date NULLS LAST, sha256, length(id), id",
            values,
        ).fetchall()
        return found

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def __enter__(self) -> Record:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _day(text: str | None, field: str) -> Date | None:
    """A day: of 'YYYY' and 'YYYY-MM' the first for `since`, the last for `until`."""
    if text is None:
        return None
    try:
        parts = [int(p) for p in text.split("-")] if len(text) < 10 else []
        if len(parts) in (1, 2) and len(text) in (4, 7):
            year, month = parts[0], parts[1] if len(parts) == 2 else (1 if field == "since" else 12)
            first = Date(year, month, 1)
            if field == "since":
                return first
            return Date.fromordinal(Date(year + month // 12, month % 12 + 1, 1).toordinal() - 1)
        return Date.fromisoformat(text)
    except ValueError:
        raise InputError(f"'{text}' is not a date", hint="write it as 2026-03-31", field=field) from None


def _where(source: str | None, target: str | None, since: str | None, until: str | None) -> tuple[str, list[Any]]:
    parts: list[str] = ["TRUE"]
    values: list[Any] = []
    for column, wanted in (("source", source), ("target", target)):
        if wanted is not None:
            parts.append(f"{column} = ?")
            values.append(wanted.upper())
    for sign, day, field in ((">=", since, "since"), ("<=", until, "until")):
        if day is not None:
            values.append(_day(day, field))
            parts.append(f"date {sign} ?")
    return " AND ".join(parts), values

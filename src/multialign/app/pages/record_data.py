"""Record, without a browser: what the file of readings holds of two states, down to the sentence."""

from __future__ import annotations

import threading
from calendar import monthrange
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from multialign.errors import InputError, unknown
from multialign.reading.model import Statement
from multialign.reading.record import Record, place
from multialign.reading.record.series import Dyad
from multialign.reading.tables import names

MOST_STATEMENTS = 60
"""Statements listed at once."""
_lock = threading.Lock()


@contextmanager
def opened() -> Iterator[Record]:
    """The record of this server, opened for one look, so that others can add to it in between.

    Raises InputError where there is none, or another process is writing to it.
    """
    path = place()
    if not path.is_file():
        raise InputError("there is no record yet", hint="make one with 'multialign record add PATHS'", file=path.name)
    with _lock:
        try:
            record = Record(path)
        except InputError as error:
            # Where the file lies is nobody's business but the server's.
            raise InputError(error.problem.replace(str(path), path.name), hint=error.hint, file=path.name) from None
        try:
            yield record
        finally:
            record.close()


def actor_names() -> dict[str, str]:
    """Code -> name of all that a record can speak of."""
    return dict(sorted(names().items(), key=lambda kv: kv[1]))


def actor(code: str | None, field: str) -> str:
    """`code`, known. Raises InputError."""
    if not code:
        raise InputError("no state is chosen", field=field, hint="choose it from the list")
    if code not in names():
        raise unknown("state or organisation", code[:40], names(), field=field)
    return code


def info() -> dict[str, Any]:
    """What the record holds (see `Record.info`)."""
    with opened() as record:
        return record.info()


def series(one: str, two: str, bandwidth: float) -> Dyad:
    """Cooperation and conflict between two, month by month."""
    with opened() as record:
        return record.dyad(one, two, bandwidth=bandwidth)


def statements(one: str, two: str, month: str | None) -> list[dict[str, Any]]:
    """The statements of two states in a month, or the strongest of all: sha256, id, document, date, source, target,
    what, mode, valence, text. Raises InputError for a month that is none."""
    since, until = _days(month) if month else (None, None)
    with opened() as record:
        return record.strongest(one, two, since=since, until=until, most=MOST_STATEMENTS)


def _days(month: str) -> tuple[str, str]:
    try:
        year, number = (int(p) for p in month.split("-"))
        last = monthrange(year, number)[1]
    except ValueError:
        raise InputError(f"'{month[:20]}' is no month", field="month", hint="such as 2026-03") from None
    return f"{year:04d}-{number:02d}-01", f"{year:04d}-{number:02d}-{last:02d}"


def document(sha256: str) -> tuple[dict[str, Any], list[Statement]]:
    """A document of the record and its statements. Raises InputError where it is not there."""
    with opened() as record:
        found = record.document(sha256)
        rows = record.select("SELECT body FROM statements WHERE sha256 = ? ORDER BY length(id), id", [sha256])
        return found, [Statement.model_validate_json(body) for (body,) in rows]


def file_name() -> str:
    """What the record's file is called."""
    return Path(place()).name

"""Reading many documents: in batches, by several processes, in a fixed order.

The parent finds and hands out documents and takes the results in the order of the input; the work is done where the
language model is loaded, once for each process. A batch holds the same documents however many processes there are, so
the results do not depend on their number.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing import get_context, parent_process
from typing import Generic, TypeVar

from multialign._machine import processors
from multialign.errors import InputError, MultialignError
from multialign.reading import actors, language
from multialign.reading.documents import Source
from multialign.reading.inputs.options import Refused
from multialign.reading.model import Document, Reading
from multialign.reading.reader import read_many
from multialign.reading.record import Record, Rows, rows
from multialign.reading.tables import states

BATCH_CHARACTERS, BATCH_DOCUMENTS = 60_000, 200
"""A batch is full at so many characters or documents."""

POOL_DOCUMENTS, POOL_SECONDS = 2_000, 5.0
"""Batches go into the record together, after so many documents or so much time: each time the record is searched for
what is there and what is alike."""

_REMEMBERED = 100_000
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""One thread for each process: with as many as there are processors, they would wait for each other (a third more
CPU time)."""

T = TypeVar("T")


@dataclass(frozen=True)
class Batch(Generic[T]):
    """What came of one batch: results in the order of the input, refusals, and how many documents were skipped."""

    results: list[T]
    refused: list[Refused]
    skipped: int


def readings(items: Iterable[Source | Refused], workers: int | None = None) -> Iterator[Reading | Refused]:
    """A `Reading` or a `Refused` for each document, in order."""
    for batch in _run(items, read_batch, workers, None):
        yield from (*batch.refused, *batch.results)


def record_rows(
    items: Iterable[Source | Refused],
    workers: int | None = None,
    known: Callable[[list[str]], set[str]] | None = None,
) -> Iterator[Batch[Rows | Refused]]:
    """Batches of the record's rows. `known` says which hashes need not be read.

    A document that names no state is kept, without statements: it counts among the documents of its month.
    """
    yield from _run(items, rows_batch, workers, known)


@dataclass(frozen=True)
class Kept:
    """How far adding to a record has come.

    Counts of documents met, of those added, known before and refused; of statements added. `not_read` are the first
    refusals, a line each.
    """

    documents: int = 0
    added: int = 0
    known: int = 0
    refused: int = 0
    statements: int = 0
    not_read: tuple[str, ...] = ()


def keep(record: Record, batches: Iterable[Batch[Rows | Refused]], lines: int = 10) -> Generator[Kept, None, None]:
    """Add what is read to a record, some batches at a time; after each, how far it has come.

    What was read is kept when the caller stops early or something fails. `lines`: most refusals that are told.
    """
    done = Kept()
    waiting: list[Rows] = []
    last = time.monotonic()

    def write() -> Kept:
        fresh = record.fresh(waiting)
        record.add_rows(fresh)
        known = done.known + len(waiting) - len(fresh)
        statements = done.statements + sum(len(r.statements) for r in fresh)
        waiting.clear()
        return replace(done, added=done.added + len(fresh), known=known, statements=statements)

    try:
        for batch in batches:
            refused = [*batch.refused, *(r for r in batch.results if isinstance(r, Refused))]
            waiting += [r for r in batch.results if not isinstance(r, Refused)]
            done = replace(
                done,
                documents=done.documents + len(batch.results) + len(batch.refused) + batch.skipped,
                known=done.known + batch.skipped,
                refused=done.refused + len(refused),
                not_read=(*done.not_read, *(str(r.error) for r in refused[: lines - len(done.not_read)])),
            )
            if len(waiting) >= POOL_DOCUMENTS or time.monotonic() - last >= POOL_SECONDS:
                done = write()
                last = time.monotonic()
            yield done
    finally:
        done = write()
    yield done


def read_batch(sources: list[Source]) -> list[Reading | Refused]:
    """Readings of a batch; a document that cannot be read is refused, and the others go on."""
    found = zip(sources, read_many(sources), strict=True)
    return [_refused(source, r) if isinstance(r, InputError) else r for source, r in found]


def rows_batch(sources: list[Source]) -> list[Rows | Refused]:
    """Rows of a batch, for the record."""
    out: list[Rows | Refused] = []
    for source, found in zip(sources, read_many(sources), strict=True):
        try:
            if isinstance(found, InputError):
                if any(m.code in states() for m in actors.find(source.text, source.date)):
                    raise found
                found = _empty(source)
            out.append(rows(found, source))
        except InputError as error:
            out.append(_refused(source, error))
    return out


def _refused(source: Source, error: InputError) -> Refused:
    return Refused(error.at(file=source.origin or source.name))


def _empty(source: Source) -> Reading:
    code = language.require_english(source.text)
    document = Document(
        name=source.name, title=source.title, date=source.date, sha256=source.sha256, language=code, text=source.text,
        n_sentences=0,
    )  # fmt: skip
    return Reading(document=document, statements=[], offers=[])


def _batches(
    items: Iterable[Source | Refused], known: Callable[[list[str]], set[str]] | None
) -> Iterator[tuple[list[Source], list[Refused], int]]:
    """Batches of documents that are to be read, with the refusals met on the way and the number of those known."""
    sources: list[Source] = []
    refused: list[Refused] = []
    seen: set[str] = set()
    size = 0

    def full() -> tuple[list[Source], list[Refused], int]:
        there = known([s.sha256 for s in sources]) if known and sources else set()
        new = []
        for s in sources:
            if s.sha256 not in there and not (known and s.sha256 in seen):
                new.append(s)
                seen.add(s.sha256)
        if len(seen) > _REMEMBERED:  # the record knows them by now
            seen.clear()
        return new, refused, len(sources) - len(new)

    for item in items:
        if isinstance(item, Refused):
            refused.append(item)
        else:
            sources.append(item)
            size += len(item.text)
        if size >= BATCH_CHARACTERS or len(sources) >= BATCH_DOCUMENTS or len(refused) >= BATCH_DOCUMENTS:
            yield full()
            sources, refused, size = [], [], 0
    if sources or refused:
        yield full()


def _run(
    items: Iterable[Source | Refused],
    work: Callable[[list[Source]], list[T]],
    workers: int | None,
    known: Callable[[list[str]], set[str]] | None,
) -> Iterator[Batch[T]]:
    if workers is not None and workers < 1:
        raise InputError(f"{workers} processes", hint="give 1 or more", field="workers")
    workers = workers or processors()
    batches = _batches(items, known)
    first = [batch for _, batch in zip(range(2), batches, strict=False)]
    if workers == 1 or len(first) < 2:  # what is small is read before another process has started
        for sources, refused, skipped in (*first, *batches):
            yield Batch(work(sources), refused, skipped)
        return
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_begin)
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))  # processes start as they are needed, and inherit this
    waiting: deque[tuple[Future[list[T]], list[Refused], int]] = deque()
    try:
        for sources, refused, skipped in (batch for part in (first, batches) for batch in part):
            waiting.append((pool.submit(work, sources), refused, skipped))
            if len(waiting) > 2 * workers:
                future, refused, skipped = waiting.popleft()
                yield Batch(future.result(), refused, skipped)
        while waiting:
            future, refused, skipped = waiting.popleft()
            yield Batch(future.result(), refused, skipped)
    except BrokenProcessPool:
        raise MultialignError(
            "a reading process was ended from outside (out of memory?); what was read before is kept, and the same "
            "command goes on from there"
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _begin() -> None:
    """In a new process: leave Ctrl-C to the parent, and end when the parent does, however it ends."""
    with suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:

        def follow() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=follow, daemon=True).start()

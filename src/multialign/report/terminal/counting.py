"""How many documents have been read, on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Count = Callable[[int, str], None]
_EVERY = 10.0


@contextmanager
def counting(text: str, total: int | None, quiet: bool = False) -> Iterator[Count]:
    """A callable ``(documents, note)``: a bar on a terminal, a line every ten seconds elsewhere.

    total: how many there will be, as far as that is known.
    """
    if quiet:
        yield lambda documents, note: None
    elif sys.stderr.isatty():
        yield from _bar(text, total)
    else:
        yield _lines(text)


def _bar(text: str, total: int | None) -> Iterator[Count]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn(text), BarColumn(), TextColumn("{task.completed:,} documents"), TimeRemainingColumn(),
        TextColumn("{task.description}", markup=False),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("", total=total)
        yield lambda documents, note: shown.update(task, completed=documents, description=note)


def _lines(text: str) -> Count:
    last = time.monotonic()

    def step(documents: int, note: str) -> None:
        nonlocal last
        if time.monotonic() - last >= _EVERY:
            last = time.monotonic()
            print(f"{text}: {documents:,} documents, {note}", file=sys.stderr, flush=True)

    return step

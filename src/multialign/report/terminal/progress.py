"""How far a long piece of work has come, on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Step = Callable[[str, float], None]


@contextmanager
def progress(quiet: bool = False) -> Iterator[Step]:
    """A callable ``(text, fraction)`` that shows how far the work is.

    A bar that goes away at the end on a terminal; one line for each new text elsewhere; nothing when `quiet`.
    """
    if quiet:
        yield lambda text, fraction: None
    elif sys.stderr.isatty():
        yield from _bar()
    else:
        yield _lines()


def _bar() -> Iterator[Step]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("starting", total=1.0)

        def step(text: str, fraction: float) -> None:
            shown.update(task, description=text, completed=min(max(fraction, 0.0), 1.0))

        yield step


def _lines() -> Step:
    said: list[str] = []

    def step(text: str, fraction: float) -> None:
        if not said or said[-1] != text:
            said.append(text)
            print(f"{fraction:4.0%} {text}", file=sys.stderr, flush=True)

    return step

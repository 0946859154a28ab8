"""Exact solves of the world economy: from one base side by side, with several elasticity sets on several processors."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor
from typing import TypeVar

import numpy as np

from multialign._machine import threads
from multialign.trade import Scenario, solve_many
from multialign.trade.economy import Economy
from multialign.trade.instruments import Instrument
from multialign.world import World

BATCH = 8

Item = TypeVar("Item")
Result = TypeVar("Result")


def on_threads(
    work: Callable[[Item, Callable[[], None]], Result], items: Sequence[Item], step: Callable[[], None]
) -> list[Result]:
    """``work(item, step)`` for every item, in order, on as many threads as there are processors (the engine's compiled
    code runs beside other threads). The first goes alone, so that nothing is compiled twice.

    Where one fails, or the caller is interrupted, the others end after the solve that they are at. Raises what `work`
    or `step` raises.
    """
    lock, ended = threading.Lock(), threading.Event()

    def counted() -> None:
        if ended.is_set():
            raise CancelledError
        with lock:
            step()

    first = work(items[0], counted)
    if threads() == 1 or len(items) < 3:
        return [first, *(work(item, counted) for item in items[1:])]
    with ThreadPoolExecutor(threads()) as pool:
        futures = [pool.submit(work, item, counted) for item in items[1:]]
        try:
            return [first, *(future.result() for future in futures)]
        except BaseException:
            ended.set()
            for future in futures:
                future.cancel()
            raise


def real_incomes(
    moves: Sequence[tuple[Instrument, ...]],
    world: World,
    base: Economy,
    step: Callable[[], None] = lambda: None,
) -> np.ndarray:
    """Equivalent variation of every country under each set of instruments, million USD. (M, N)

    base: the World's Economy, or one with some flows brought to later years. `step` is called after each solve. Raises
    InputError where an instrument leaves a country without a supplier, and ConvergenceError.
    """
    out = np.zeros((len(moves), len(world.countries)))
    moved = [m for m, instruments in enumerate(moves) if instruments]
    for _ in range(len(moves) - len(moved)):
        step()
    if moved:
        scenarios = [Scenario(name=str(m), instruments=moves[m]) for m in moved]
        keep = ("equivalent_variation",)
        found = solve_many(scenarios, world, base=base, keep=keep, batch=BATCH, progress=lambda done, n: step())
        out[moved] = found["equivalent_variation"].values
    return out

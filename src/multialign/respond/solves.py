"""Exact solves of the world economy from one base, side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from multialign.trade import Scenario, solve_many
from multialign.trade.economy import Economy
from multialign.trade.instruments import Instrument
from multialign.world import World

BATCH = 8


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

"""Exact solves of the world economy from one base, side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from multialign.errors import ConvergenceError
from multialign.trade import Scenario
from multialign.trade.economy import Economy
from multialign.trade.instruments import Instrument
from multialign.trade.many import _solve_group
from multialign.trade.shock import compile_shock, require_feasible
from multialign.trade.solve import closure_of
from multialign.world import World

BATCH = 8


def real_incomes(
    moves: Sequence[tuple[Instrument, ...]],
    world: World,
    base: Economy,
    step: Callable[[], None] = lambda: None,
) -> np.ndarray:
    """Equivalent variation of every country under each set of instruments, million USD. (M, N)

    `step` is called after each solve. Raises InputError where an instrument leaves a country without a supplier, and
    ConvergenceError.
    """
    C, S = world.countries, world.sectors
    closure = closure_of(Scenario(), C)
    out = np.zeros((len(moves), len(C)))
    shocks = []
    for m, instruments in enumerate(moves):
        if not instruments:
            step()
            continue
        shock = compile_shock(instruments, base, C, S)
        require_feasible(shock, base, True, C, S)
        shocks.append((m, shock))
    if not shocks:
        return out
    # The engine's own driver of `solve_many`, which takes no base: ours is the World's with some flows brought to
    # later years.
    for m, found in _solve_group(base, closure, shocks, C, S, ("equivalent_variation",), BATCH, 1e-9):
        if isinstance(found, ConvergenceError):
            raise found
        out[m] = found[0]["equivalent_variation"]
        step()
    return out

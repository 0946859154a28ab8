"""A certificate of optimality: that no player gains by a deviation, random or along its gradient."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from multialign.trade.board import Board, gradients, objectives, play_alone, settle

SIZES = (0.5, 0.1, 0.01)
"""Random deviations have these sizes, in units of the rate."""


@dataclass(frozen=True)
class Certificate:
    """What was tried against a set of tariffs.

    tried: number of deviations. best_gain: the largest change of a player's objective (log) that any brought; zero or
    less means that none paid. best_player: position of that player among the players. gain_along_gradient: the same,
    over the deviations along the players' gradients alone.
    """

    tried: int
    best_gain: float
    best_player: int
    gain_along_gradient: float

    def holds(self, tolerance: float = 1e-9) -> bool:
        """Whether no deviation gained more than `tolerance`."""
        return self.best_gain <= tolerance


def certify(table: Board, tau: np.ndarray, bounds: tuple[float, float], tries: int, seed: int = 1) -> Certificate:
    """Try `tries` random deviations of each player (single rates, a partner or an industry at a time, all at once), and
    six steps along its gradient."""
    rng = np.random.default_rng(seed)
    low, high = bounds
    settled = settle(table, tau, tolerance=1e-11)
    stand = objectives(settled)
    slope, bend, settled = gradients(settled, tolerance=1e-8)
    best, who, along, count = -np.inf, 0, -np.inf, 0

    def gain(player: int, change: np.ndarray) -> float:
        nonlocal best, who, count
        change = np.clip(tau + change, low, high) - tau
        value = float(objectives(play_alone(settled, tau, player, change))[player] - stand[player])
        count += 1
        if value > best:
            best, who = value, player
        return value

    first = np.unique(table.group, return_index=True)[1]
    labels = (table.cells[1][first], table.cells[2][first])
    for player in range(len(table.who)):
        mine = np.flatnonzero(table.owner == player)
        for trial in range(tries):
            change = np.zeros_like(tau)
            size = SIZES[trial % len(SIZES)]
            kind = trial % 4
            if kind == 0:
                chosen = rng.choice(mine, 1)
            elif kind == 3:
                chosen = mine
            else:
                label = labels[kind - 1]
                chosen = mine[label[mine] == rng.choice(label[mine])]
            change[chosen] = size * rng.uniform(-1, 1, chosen.size if kind == 3 else 1)
            gain(player, change)
        steepest = np.where(table.owner == player, slope, 0.0)
        newton = np.divide(steepest, bend, out=np.zeros_like(steepest), where=bend > 1e-15)
        for direction in (steepest, newton):
            top = np.abs(direction).max()
            for size in (1e-1, 1e-3, 1e-5):
                along = max(along, gain(player, size * direction / top if top > 0 else direction))
    return Certificate(count, best, who, along)

"""Pure Nash equilibria of small games, all of them, in many draws at once; and which one is taken."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

TOLERANCE = 1e-9


@dataclass(frozen=True)
class Equilibria:
    """R games of P players. found: (R, n_1, ..., n_P) where an equilibrium is. count: (R,). chosen: (R, P) the
    profile that is
    taken. regret: (R,) what the player with most to gain could gain by leaving it (0 in an equilibrium)."""

    found: np.ndarray
    count: np.ndarray
    chosen: np.ndarray
    regret: np.ndarray


SELECTION = (
    "Of several equilibria the one is taken in which the players' payoffs, each in % of its own income, sum to most; "
    "where there is none in pure strategies, the profile that any of them could leave with the least gain."
)


def equilibria(payoffs: np.ndarray) -> Equilibria:
    """All pure equilibria. payoffs: (R, P, n_1, ..., n_P), the p-th player's payoff when each plays its place."""
    R, P = payoffs.shape[:2]
    shape = payoffs.shape[2:]
    regret = np.zeros((R, *shape))
    for p in range(P):
        own = payoffs[:, p]
        regret = np.maximum(regret, own.max(axis=p + 1, keepdims=True) - own)
    found = regret <= TOLERANCE
    count = found.reshape(R, -1).sum(axis=1)
    total = payoffs.sum(axis=1)
    score = np.where(found, total, -np.inf).reshape(R, -1)
    fallback = (-regret).reshape(R, -1)
    flat = np.where(count > 0, score.argmax(axis=1), fallback.argmax(axis=1))
    chosen = np.stack(np.unravel_index(flat, shape), axis=1)
    return Equilibria(found, count, chosen, regret.reshape(R, -1)[np.arange(R), flat])

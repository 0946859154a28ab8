"""Biproportional fitting: the matrix nearest a pattern (in relative entropy) that has given row and column sums."""

from __future__ import annotations

import numpy as np

from multialign.errors import ConvergenceError


def ras(
    seed: np.ndarray, rows: np.ndarray, columns: np.ndarray, *, tolerance: float = 1e-9, sweeps: int = 5000
) -> np.ndarray:
    """Scale the rows and columns of `seed` until they sum to `rows` and `columns` (Deming & Stephan 1940; Stone 1961).

    Shapes (R, C), (R,), (C,) -> (R, C). The column sums are first scaled to the total of the row sums, so that small
    rounding differences between the two do not matter. Raises ConvergenceError when the largest relative miss is
    still above `tolerance` after `sweeps` (the seed's zeros then forbid those sums).
    """
    total = float(rows.sum())
    if total <= 0:
        return np.zeros_like(seed)
    columns = columns * (total / columns.sum())
    x = seed.astype(float).copy()
    miss = np.inf
    for _ in range(sweeps):
        got = x.sum(axis=1)
        x *= np.divide(rows, got, out=np.zeros_like(rows), where=got > 0)[:, None]
        got = x.sum(axis=0)
        x *= np.divide(columns, got, out=np.zeros_like(columns), where=got > 0)[None, :]
        miss = float(np.abs(x.sum(axis=1) - rows).max() / total)
        if miss < tolerance:
            return x
    raise ConvergenceError(f"biproportional fitting stopped {miss:.2g} of the total away from its row sums")

"""Sobol' indices: how much of the answer's spread each assumption explains, alone and with others.

Saltelli's design: two independent samples A and B, and for each input A with that input's columns from B. First order
by Saltelli et al. (2010, Computer Physics Communications 181, eq. b of their table 2), total order by Jansen (1999):

    S_i = mean[f(B) (f(AB_i) - f(A))] / V,     T_i = mean[(f(A) - f(AB_i))^2] / (2 V).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from multialign.respond.inputs import uniforms


@dataclass(frozen=True)
class Index:
    """first, total: (low, estimate, high), 80 % interval from bootstrap over rows."""

    first: tuple[float, float, float]
    total: tuple[float, float, float]


def sobol(
    f: Callable[[np.ndarray], np.ndarray],
    groups: Mapping[str, Sequence[int]],
    rows: int,
    seed: int,
    resamples: int = 200,
) -> tuple[dict[str, Index], float]:
    """Indices of every group of columns, and the variance of f. f: uniforms (R, Q) -> (R,). It is called once, on
    rows x (groups + 2) rows. Where f does not vary all indices are zero."""
    size = sum(len(c) for c in groups.values())
    both = uniforms(rows, 2 * size, seed)
    a, b = both[:, :size], both[:, size:]
    design = [a, b]
    for columns in groups.values():
        mixed = a.copy()
        mixed[:, list(columns)] = b[:, list(columns)]
        design.append(mixed)
    values = f(np.concatenate(design)).reshape(len(design), rows)
    values = values - values[:2].mean()
    rng = np.random.default_rng(seed)
    picks = np.concatenate([np.arange(rows)[None], rng.integers(0, rows, (resamples, rows))])
    variance = values[:2][:, picks].transpose(1, 0, 2).reshape(picks.shape[0], -1).var(axis=1)
    out: dict[str, Index] = {}
    if variance[0] <= 1e-14:
        return {name: Index((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)) for name in groups}, 0.0
    safe = np.maximum(variance, 1e-14)
    for n, name in enumerate(groups):
        ab = values[2 + n]
        first = (values[1] * (ab - values[0]))[picks].mean(axis=1) / safe
        total = ((values[0] - ab) ** 2)[picks].mean(axis=1) / 2.0 / safe
        out[name] = Index(_interval(first), _interval(total))
    return out, float(variance[0])


def _interval(x: np.ndarray) -> tuple[float, float, float]:
    """Estimate (the first) with the resamples' 80 % interval; estimates a little below zero are noise and shown as
    zero."""
    low, high = np.quantile(x[1:], [0.1, 0.9])
    return tuple(float(min(max(v, 0.0), 1.0)) for v in (low, x[0], high))  # type: ignore[return-value]

"""What would change the answer: Sobol' indices of every unknown on the mean depth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from multialign.respond.calibrate import Draws
from multialign.respond.inputs import Columns
from multialign.respond.model import Band, Cause
from multialign.respond.ranges import UNKNOWNS
from multialign.respond.sobol import sobol
from multialign.respond.surface import Surface
from multialign.ties.actors import actor

ROWS = 1024
"""Rows of Saltelli's design."""


def causes(
    outcome: Callable[[np.ndarray], np.ndarray],
    columns: Columns,
    surface: Surface,
    draws: Draws,
    mean_depth: np.ndarray,
    seed: int,
    rows: int = ROWS,
) -> tuple[Cause, ...]:
    """Largest first. outcome: uniforms (R, Q) -> mean depth (R,). mean_depth: (R,) of `draws`."""
    third = actor(surface.question.third).name
    indices, _ = sobol(outcome, columns.groups, rows, seed)
    out = []
    for name, index in indices.items():
        first, total = (Band(low=x[0], median=x[1], high=x[2]) for x in (index.first, index.total))
        if name == "elasticities":
            means = [float(mean_depth[draws.surface == s].mean()) if (draws.surface == s).any() else np.nan
                     for s in range(len(surface.sets))]  # fmt: skip
            low, high = float(np.nanmin(means)), float(np.nanmax(means))
            ends = surface.sets[int(np.nanargmin(means))], surface.sets[int(np.nanargmax(means))]
            label = "how readily buyers change suppliers (elasticity set)"
        else:
            u = UNKNOWNS[name]
            label = u.label.replace("{third}", third)
            low, high = _ends(values_of(draws, name), mean_depth)
            ends = u.low_means, u.high_means
        out.append(
            Cause(
                name=name, label=label, variance_share=first.median, when_low=low, when_high=high, low_means=ends[0],
                high_means=ends[1], variance_band=first, total=total,
            )
        )  # fmt: skip
    return tuple(sorted(out, key=lambda c: -(c.total.median if c.total else 0.0)))


def values_of(draws: Draws, name: str) -> np.ndarray:
    """One number for an unknown in each draw: its value, or the mean of its values. (R,)"""
    if name == "tie":
        return np.asarray(draws.omega.sum(axis=1))
    x = np.asarray(getattr(draws, {"limited": "limited"}.get(name, name)), dtype=float)
    return x if x.ndim == 1 else np.asarray(x.mean(axis=1))


def _ends(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Mean of y in the lowest and the highest third of x; where x has few values, at its least and greatest."""
    values = np.unique(x)
    if values.size == 1:
        return float(y.mean()), float(y.mean())
    if values.size <= 5:
        return float(y[x == values[0]].mean()), float(y[x == values[-1]].mean())
    low, high = np.quantile(x, [1 / 3, 2 / 3])
    return float(y[x <= low].mean()), float(y[x >= high].mean())

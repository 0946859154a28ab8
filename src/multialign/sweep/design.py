"""The points of a design, by their number: any part of them can be made by itself, wherever it is needed.

Point i of a plan is the same however the sweep is divided: grids count through their values, random draws come in
blocks that are seeded by their own number, and a Sobol sequence is entered where it is wanted.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from multialign.sweep.plan import Plan, Vary, changed
from multialign.trade.scenario import Scenario

BLOCK = 1024
"""Random points that are drawn together."""

OUTERMOST = ("elasticities", "horizon", "deficits", "deficit_scale", "numeraire")
"""Fields that need a base economy of their own: a grid changes them last, so that neighbours share one."""


def unit_points(plan: Plan, first: int, last: int) -> np.ndarray:
    """Points `first` to `last` (excluded) of a random or Sobol design in the unit cube. (last - first, len(vary))

    Random: PCG64, seeded by the plan's seed and the number of the block. Sobol: Joe & Kuo (2008) direction numbers with
    Owen's scrambling, by SciPy.
    """
    d, seed = len(plan.vary), plan.design.seed
    if plan.design.kind == "sobol":
        from scipy.stats import qmc

        engine = qmc.Sobol(d, scramble=True, rng=np.random.default_rng(seed))
        if first:
            engine.fast_forward(first)
        return np.asarray(engine.random(last - first))
    blocks = []
    for b in range(first // BLOCK, (last - 1) // BLOCK + 1):
        drawn = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(b,))).random((BLOCK, d))
        blocks.append(drawn[max(first - b * BLOCK, 0) : last - b * BLOCK])
    return np.concatenate(blocks)


def values_at(plan: Plan, first: int, last: int) -> list[dict[str, Any]]:
    """What varies, by field, at points `first` to `last` (excluded)."""
    if not plan.vary:
        return [{}] * (last - first)
    if plan.design.kind == "grid":
        order = sorted(range(len(plan.vary)), key=lambda k: plan.vary[k].field.split(".")[0] not in OUTERMOST)
        ladders = {k: ladder(plan.vary[k]) for k in order}
        places = np.unravel_index(np.arange(first, last), [len(ladders[k]) for k in order])
        at = dict(zip(order, places, strict=True))
        return [{v.field: ladders[k][at[k][j]] for k, v in enumerate(plan.vary)} for j in range(last - first)]
    points = unit_points(plan, first, last)
    return [{v.field: quantile(v, float(u)) for v, u in zip(plan.vary, row, strict=True)} for row in points]


def ladder(v: Vary) -> list[Any]:
    """The values of a grid."""
    if v.values is not None:
        return list(v.values)
    assert v.low is not None and v.high is not None and v.steps is not None  # noqa: S101 - the plan was checked
    space = np.geomspace if v.log else np.linspace
    return [float(x) for x in space(v.low, v.high, v.steps)]


def quantile(v: Vary, u: float) -> Any:
    """The value at a chance u in [0, 1)."""
    if v.values is not None:
        return v.values[min(int(u * len(v.values)), len(v.values) - 1)]
    assert v.low is not None and v.high is not None  # noqa: S101 - the plan was checked
    return v.low * (v.high / v.low) ** u if v.log else v.low + (v.high - v.low) * u


def cases_of(plan: Plan, part: int) -> list[tuple[int, Scenario, dict[str, Any]]]:
    """The cases of a part: number, scenario, and what varies. Raises InputError naming the case."""
    first, last = part * plan.part, min((part + 1) * plan.part, plan.cases)
    out: list[tuple[int, Scenario, dict[str, Any]]] = []
    for k in range(first // plan.points, (last - 1) // plan.points + 1):
        begin, end = max(first - k * plan.points, 0), min(last - k * plan.points, plan.points)
        for j, values in enumerate(values_at(plan, begin, end)):
            out.append((k * plan.points + begin + j, changed(plan.scenarios[k], values), values))
    return out

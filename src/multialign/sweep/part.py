"""One part of a sweep: its cases solved, as tables."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from multialign.errors import InputError
from multialign.sweep.design import cases_of
from multialign.sweep.plan import Plan
from multialign.trade.many import NAMES, solve_many
from multialign.trade.scenario import Scenario
from multialign.trade.solve import named_world
from multialign.world import World

BATCH = 8
"""Cases solved side by side; always the same, so that who solves a part does not show in its numbers."""

TABLES = {("country",): "countries", ("country", "sector"): "output", ("importer", "exporter"): "trade"}
"""Axes of a result -> the table that it stands in."""

_WHICH = re.compile(r"scenarios\[(\d+)\]")


@cache
def world_of(name: str) -> World:
    """The plan's world, opened once in each process."""
    return named_world(name if name == "embedded" else str(Path(name)))


def solve_part(plan: Plan, part: int) -> dict[str, pd.DataFrame]:
    """The tables of a part.

    ``cases``: one row for each case, with `case` (its number), `scenario`, what varies, ``residual``, ``steps``,
    ``converged`` and ``problem``: why there are no numbers, where there are none. ``countries``, ``output``,
    ``trade``: the results that the plan keeps, in long form, for the cases that converged.

    Raises InputError naming the case where the plan asks for a scenario that cannot be.
    """
    cases = cases_of(plan, part)
    solved, problems = _solve([s for _, s, _ in cases], plan)
    numbers = np.array([number for number, _, _ in cases])
    names = [s.name for s in plan.scenarios]
    head: dict[str, Any] = {"case": numbers, "scenario": [names[n // plan.points] for n in numbers]}
    for v in plan.vary:
        found = [values[v.field] for _, _, values in cases]
        head[v.column] = [str(x) if isinstance(x, dict) else x for x in found]
    head |= {name: solved[name].values for name in ("residual", "steps", "converged")}
    head["problem"] = pd.array([problems.get(j, "") for j in range(len(cases))], dtype="str")
    out = {"cases": pd.DataFrame(head)}
    there = np.flatnonzero(solved["converged"].values)
    for axes, table in TABLES.items():
        kept = [name for name in plan.keep if NAMES[name] == axes]
        if kept:
            out[table] = _long(solved[kept].isel(scenario=there), numbers[there], axes)
    return out


def _long(data: xr.Dataset, numbers: np.ndarray, axes: tuple[str, ...]) -> pd.DataFrame:
    """Results with a row for each case and label. Axes of the data: scenario, then `axes`."""
    sizes = [len(numbers), *(data.sizes[a] for a in axes)]
    places = np.indices(sizes).reshape(len(sizes), -1)
    columns: dict[str, Any] = {"case": numbers[places[0]]}
    for k, axis in enumerate(axes, start=1):
        columns[axis] = data[axis].values.astype(object)[places[k]]
    for name in data.data_vars:
        columns[str(name)] = data[name].values.reshape(-1)
    return pd.DataFrame(columns)


def _solve(scenarios: list[Scenario], plan: Plan) -> tuple[xr.Dataset, dict[int, str]]:
    """`solve_many`, with the cases in which no equilibrium can be set aside: results, and problems by place."""
    world = world_of(plan.world)
    rest = list(range(len(scenarios)))
    problems: dict[int, str] = {}
    while True:
        try:
            found = solve_many(
                [scenarios[j] for j in rest], world,
                keep=plan.keep, batch=BATCH, tolerance=plan.tolerance, on_failure="mark",
            )  # fmt: skip
        except InputError as error:
            which = _WHICH.match(error.field or "")
            if which is None or not rest:
                raise
            problems[rest.pop(int(which[1]))] = str(InputError(error.problem, hint=error.hint))
            continue
        for k in np.flatnonzero(~found["converged"].values):
            problems[rest[k]] = str(found["problem"].values[k])
        return _with_gaps(found.drop_vars("problem"), rest, len(scenarios)), problems


def _with_gaps(found: xr.Dataset, rest: list[int], n: int) -> xr.Dataset:
    """The results in their places among n cases: NaN where there are none."""
    found = found.assign_coords(scenario=np.array(rest, dtype=int)).reindex(scenario=np.arange(n))
    found["converged"] = found["converged"].fillna(False).astype(bool)
    found["steps"] = found["steps"].fillna(0).astype(int)
    return found

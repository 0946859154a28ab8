"""`solve_many`: a table of scenarios, side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Literal

import jax
import jax.numpy as jnp
import numpy as np
import xarray as xr

from multialign._machine import threads
from multialign.errors import ConvergenceError, InfeasibleError, InputError, unknown
from multialign.trade.economy import Economy
from multialign.trade.equations import Array, Closure, Coefficients, Kernels, Patch, log_numeraire, residuals
from multialign.trade.feasible import require_feasible
from multialign.trade.kernels import MOST_PAIRS, kernels, patch, prepare
from multialign.trade.scenario import Scenario
from multialign.trade.shock import Shock, compile_shock
from multialign.trade.solve import base_economy, closure_of, find_equilibrium
from multialign.trade.solver import stream, unpack
from multialign.world import World, load_world

Progress = Callable[[int, int], None]

NAMES = {
    "real_income": ("country",),
    "equivalent_variation": ("country",),
    "wage": ("country",),
    "price_index": ("country",),
    "income": ("country",),
    "tariff_revenue": ("country",),
    "export_tax_revenue": ("country",),
    "output": ("country", "sector"),
    "trade": ("importer", "exporter"),
}
"""What `solve_many` can keep of each scenario, and its axes after ``scenario``."""


def solve_many(
    scenarios: Sequence[Scenario],
    world: World | None = None,
    *,
    base: Economy | None = None,
    keep: Sequence[str] = ("real_income", "equivalent_variation", "wage", "price_index", "income", "tariff_revenue"),
    batch: int | None = None,
    tolerance: float = 1e-9,
    on_failure: Literal["raise", "mark"] = "raise",
    progress: Progress | None = None,
) -> xr.Dataset:
    """Solve scenarios side by side. The order and the size of a batch change no result by more than 1e-9.

    Parameters
    ----------
    scenarios: on one world; their elasticities and closures may differ.
    world: by default the embedded world.
    base: an Economy to start every scenario from instead of the world's own (see `rebase`); its elasticities are its
        own, whatever the scenarios say of theirs.
    keep: names from `NAMES`; ``trade`` is million USD at producer prices by pair, both uses, all industries.
    batch: how many side by side; by default 8 on a processor and 256 on an accelerator.
    on_failure: ``raise``, or ``mark``: numbers that did not converge are never given; such a scenario has NaN
        throughout and False in ``converged``, and so has one that can have no equilibrium.
    progress: called with the number of scenarios done and that of all.

    Returns a Dataset with axis ``scenario`` (names; positions where they are not unique), the variables of `keep` with
    units and meaning as in `Solution.data`, ``residual`` (largest miss of any equation), ``steps``, ``converged`` and
    ``problem`` (why it has no numbers; else empty).
    Raises InputError naming the scenario, and ConvergenceError likewise.
    """
    world = world if world is not None else load_world()
    for name in keep:
        if name not in NAMES:
            raise unknown("result", name, list(NAMES), field="keep")
    C, S = world.countries, world.sectors
    batch = batch or (8 if jax.default_backend() == "cpu" else 256)
    sizes = {"country": len(C), "importer": len(C), "exporter": len(C), "sector": len(S)}
    n = len(scenarios)
    out = {name: np.full((n, *(sizes[a] for a in NAMES[name])), np.nan) for name in keep}
    residual, steps, problem = np.full(n, np.nan), np.zeros(n, dtype=int), [""] * n
    done = 0
    for eco, closure, members, impossible in _groups(scenarios, world, base, tolerance):
        if impossible and on_failure == "raise":
            raise next(iter(impossible.values()))
        for j, error in impossible.items():
            problem[j] = str(type(error)(error.problem, hint=error.hint))
        done += len(impossible)
        for j, found in _solve_group(eco, closure, members, C, S, tuple(keep), batch, tolerance):
            if isinstance(found, ConvergenceError):
                if on_failure == "raise":
                    raise ConvergenceError(f"scenario {j} ('{scenarios[j].name}'): {found}") from found
                problem[j] = str(found)
            else:
                values, residual[j], steps[j] = found
                for name in keep:
                    out[name][j] = values[name]
            done += 1
            if progress is not None:
                progress(done, n)
    names = [s.name for s in scenarios]
    labels: list[Any] = names if len(set(names)) == n else list(range(n))
    data: dict[str, Any] = {name: (("scenario", *NAMES[name]), out[name]) for name in keep}
    data |= {"residual": ("scenario", residual), "steps": ("scenario", steps)}
    data |= {"converged": ("scenario", np.isfinite(residual)), "problem": ("scenario", np.array(problem, dtype=str))}
    used = {a for name in keep for a in NAMES[name]}
    coords = {a: (S if a == "sector" else C) for a in ("country", "importer", "exporter", "sector") if a in used}
    return xr.Dataset(data, coords={"scenario": labels, **coords})


def _groups(
    scenarios: Sequence[Scenario], world: World, base: Economy | None, tolerance: float
) -> Iterator[tuple[Economy, Closure, list[tuple[int, Shock]], dict[int, InfeasibleError]]]:
    """Scenarios by base economy and closure, each with its place and shock; apart, those without an equilibrium."""
    C, S = world.countries, world.sectors
    groups: dict[tuple[str, Closure], list[int]] = {}
    what = {"elasticities", "horizon", "deficits", "deficit_scale", "numeraire"}
    for j, scenario in enumerate(scenarios):
        key = ("" if base is not None else scenario.model_dump_json(include=what), closure_of(scenario, C))
        groups.setdefault(key, []).append(j)
    for (_, closure), members in groups.items():
        eco = base if base is not None else base_economy(world, scenarios[members[0]], tolerance=tolerance)
        shocks, impossible = [], {}
        for j in members:
            try:
                shock = compile_shock(scenarios[j].instruments, eco, C, S, on=scenarios[j].date)
                require_feasible(shock, eco, closure, C, S)
            except InputError as error:
                where = f"scenarios[{j}]" + (f".{error.field}" if error.field else "")
                placed = type(error)(error.problem, hint=error.hint, field=where)
                if not isinstance(placed, InfeasibleError):
                    raise placed from error
                impossible[j] = placed
            else:
                shocks.append((j, shock))
        yield eco, closure, shocks, impossible


Found = tuple[dict[str, np.ndarray], float, int]


def _solve_group(
    eco: Economy,
    closure: Closure,
    members: list[tuple[int, Shock]],
    C: list[str],
    S: list[str],
    keep: tuple[str, ...],
    batch: int,
    tolerance: float,
) -> Iterator[tuple[int, Found | ConvergenceError]]:
    """Scenarios on one base: those that touch few pairs share the base year's kernels, the others have their own."""
    ready = prepare(eco)
    taxed = any(shock.e.any() or eco.e[shock.n, shock.i].any() for _, shock in members)
    apart: list[tuple[int, Shock]] = []
    unpatched: set[int] = set()
    by_size: dict[int, list[tuple[int, Shock]]] = {}
    for j, shock in members:
        size = next((p for p in (4, 32, MOST_PAIRS) if shock.n.size <= p), None)
        (apart if size is None or len(members) == 1 else by_size.setdefault(size, [])).append((j, shock))
    by_place = dict(members)

    def patches(size: int, of: list[tuple[int, Shock]]) -> Iterator[tuple[int, Patch]]:
        for j, shock in of:
            made = patch(shock, eco, size, taxed)
            if made is None:
                apart.append((j, shock))
                unpatched.add(j)
            else:
                yield j, made

    report = partial(_report, keep=keep)
    for size, some in by_size.items():
        for j, (values, worst), steps in stream(
            ready.kernels, ready.coefficients, closure, patches(size, some),
            batch=min(batch, len(some)), tolerance=tolerance, result=report,
        ):  # fmt: skip
            if float(worst) <= tolerance:
                yield j, (_scaled(values, eco, ready.unit), float(worst), steps)
            else:
                apart.append((j, by_place[j]))
    tried = {j for some in by_size.values() for j, _ in some} - unpatched

    def alone(item: tuple[int, Shock]) -> tuple[int, Found | ConvergenceError]:
        j, shock = item
        k = kernels(shock, eco)
        try:
            solved = find_equilibrium(k, ready, closure, countries=C, sectors=S, tolerance=tolerance, again=j in tried)
        except ConvergenceError as error:
            return j, error
        values = _outcome(solved.state, solved.flows, k, None, ready.coefficients, closure, keep=keep)
        return j, (_scaled(values, eco, ready.unit), max(solved.worst.values()), solved.steps)

    yield from map(alone, apart[:1])  # what there is to compile is compiled once
    pool = ThreadPoolExecutor(threads())
    try:
        yield from pool.map(alone, apart[1:])
    finally:
        pool.shutdown(cancel_futures=True)


@partial(jax.jit, static_argnames=("closure", "keep"))
def _report(
    z: Array, k: Kernels, patch: Patch, c: Coefficients, closure: Closure, keep: tuple[str, ...]
) -> tuple[dict[str, Array], Array]:
    """What is kept of one scenario at its last point, and the largest miss of any equation."""
    x = unpack(z, c.v.shape[1], c.v.shape[0])
    misses, flows = residuals(x, k, c, closure, patch)
    worst = jnp.stack([jnp.abs(r).max() for r in misses.values()]).max()
    return _values(x, flows, k, patch, c, closure, keep), worst


@partial(jax.jit, static_argnames=("closure", "keep"))
def _outcome(
    x: Any, f: Any, k: Kernels, patch: Patch | None, c: Coefficients, closure: Closure, keep: tuple[str, ...]
) -> dict[str, Array]:
    return _values(x, f, k, patch, c, closure, keep)


def _values(
    x: Any, f: Any, k: Kernels, patch: Patch | None, c: Coefficients, closure: Closure, keep: tuple[str, ...]
) -> dict[str, Array]:
    """The results of `NAMES` for one scenario, money in the solver's unit and the scenario's numeraire."""
    scale = jnp.exp(-log_numeraire(x, c, closure))
    log_P = (c.alpha[:, :, None] * f.log_P_f).sum(axis=0)
    real = f.I / c.X[:, None] / jnp.exp(log_P)
    values = {
        "real_income": real,
        "equivalent_variation": c.X[:, None] * (real - 1.0),
        "wage": jnp.exp(x.log_w) * scale,
        "price_index": jnp.exp(log_P) * scale,
        "income": f.I * scale,
        "tariff_revenue": f.tariff_revenue * scale,
        "export_tax_revenue": f.export_tax_revenue * scale,
    }
    values = {name: values[name][..., 0] for name in keep if name in values}
    if "output" in keep:
        values["output"] = (f.Y * scale)[..., 0].T
    if "trade" in keep:
        N = c.wL.shape[0]
        a, M = f.a[..., 0] * scale, f.M[..., 0]
        pairs = jnp.einsum("sri,sr,si->ri", k.Q, a, M)
        if patch is not None:
            row, col = patch.row[:, 0], patch.col[:, 0]
            pairs = pairs.at[row, col].add((patch.Q[..., 0] * a[:, row] * M[:, col]).sum(axis=0))
        values["trade"] = pairs.reshape(-1, N, N).sum(axis=0)
    return values


def _scaled(values: dict[str, Array], eco: Economy, unit: float) -> dict[str, np.ndarray]:
    """Results with money in million USD."""
    ratios = ("real_income", "wage", "price_index")
    return {name: np.asarray(v) if name in ratios else np.asarray(v) * unit for name, v in values.items()}

"""`solve`: a scenario on a World, from instruments to a labelled result."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import jax.numpy as jnp
import numpy as np

from multialign._yaml import line_of_field
from multialign.errors import ConvergenceError, InputError, unknown
from multialign.trade.economy import Economy, economy
from multialign.trade.equations import Array, Closure, Kernels
from multialign.trade.feasible import require_balance, require_feasible
from multialign.trade.kernels import Prepared, kernels, prepare
from multialign.trade.scenario import Scenario, load_scenario
from multialign.trade.shock import Shock, compile_shock
from multialign.trade.solution import Solution, trade_flows
from multialign.trade.solver import DAMPINGS, Solved, finish, iterate
from multialign.world import World, load_world, open_world
from multialign.world.load import elasticity

SHORT_RUN = 0.38
"""Short- over long-run trade elasticity: 0.76 in the first year, about 2.0 after seven to ten years, in Boehm,
Levchenko & Pandalai-Nayar (2023), "The long and short (run) of trade elasticities", American Economic Review 113(4).
Gallaway, McDaniel & Rivera (2003) find long-run Armington elasticities of US industries twice the short-run ones on
average."""


def solve(
    scenario: Scenario,
    world: World | None = None,
    *,
    base: Economy | None = None,
    shock: Shock | None = None,
    tolerance: float = 1e-9,
) -> Solution:
    """The world economy under a scenario.

    Parameters
    ----------
    scenario: instruments, elasticities and closure.
    world: the base year; by default the one that the scenario names.
    base: an Economy to start from instead of the world's own (see `rebase`); its elasticities are its own.
    shock: what changes, as arrays (see `shock.shock_of_arrays`), instead of the scenario's instruments.
    tolerance: largest relative miss allowed in any equation.

    Raises InputError for names that the world does not have, and ConvergenceError when no equilibrium was found.
    """
    world = world if world is not None else named_world(scenario.world)
    C, S = world.countries, world.sectors
    eco = base if base is not None else base_economy(world, scenario, tolerance=tolerance)
    if shock is None:
        shock = compile_shock(scenario.instruments, eco, C, S, on=scenario.date)
    closure = closure_of(scenario, C)
    k, solved = solve_shock(eco, shock, closure, C, S, tolerance)
    return Solution(scenario, eco, shock, closure, k, solved, C, S)


def after(scenario: Scenario, world: World, base: Economy | None = None, *, tolerance: float = 1e-9) -> Economy:
    """The Economy after a scenario, to measure further changes from. Arguments and errors as in `solve`."""
    return rebase(solve(scenario, world, base=base, tolerance=tolerance))


def closure_of(scenario: Scenario, countries: list[str]) -> Closure:
    """The closure that a scenario names. Raises InputError for a numeraire that the world does not have."""
    rule = "kept" if scenario.deficits == "removed" else scenario.deficits
    if scenario.numeraire in ("labour", "income"):
        return Closure(rule, scenario.numeraire)
    if scenario.numeraire not in countries:
        raise unknown("numeraire", scenario.numeraire, ["labour", "income", *countries], field="numeraire")
    return Closure(rule, countries.index(scenario.numeraire))


def solve_shock(
    eco: Economy, shock: Shock, closure: Closure, C: list[str], S: list[str], tolerance: float
) -> tuple[Kernels, Solved]:
    """The kernels under a shock, and the equilibrium. Raises InputError where there can be none, ConvergenceError where
    none was found."""
    require_feasible(shock, eco, closure, C, S)
    k = kernels(shock, eco)
    return k, find_equilibrium(k, prepare(eco), closure, countries=C, sectors=S, tolerance=tolerance)


_NEAR, _FINER = 1e-6, 0.02
"""A point that misses by less is gone on from, with steps that must become this much smaller than the tolerance."""


def find_equilibrium(
    k: Kernels,
    ready: Prepared,
    closure: Closure,
    *,
    countries: list[str],
    sectors: list[str],
    tolerance: float = 1e-9,
    max_steps: int = 600,
    again: bool = False,
) -> Solved:
    """Solve the equations for one scenario. Where that does not succeed from the base year, the shock is gone through
    by parts. `again`: the quickest way, that of `stream`, has been tried. Raises ConvergenceError, with the worst
    equation, country and industry by name, when a residual is still above `tolerance`; it never returns numbers that
    have not converged.
    """
    c = ready.coefficients

    def attempt(damping: float, by_trade: bool, most: int) -> Solved:
        z, steps = iterate(
            k, c, closure, ready.start, tolerance=tolerance, damping=damping, max_steps=most, by_trade=by_trade
        )
        found = finished(z, k, c, closure, steps)
        if tolerance < _worst(found) < _NEAR:
            # Steps became small before the equations held: a damped wage moves by less than what it misses.
            z, more = iterate(
                k, c, closure, z[0], tolerance=_FINER * tolerance, damping=damping, max_steps=most, by_trade=by_trade
            )
            found = finished(z, k, c, closure, steps + more)
        return found

    quick, slow = DAMPINGS
    ways: list[Callable[[], Solved | None]] = [
        lambda: attempt(quick, False, max_steps // 4),
        lambda: attempt(slow, True, max_steps // 2),
        lambda: _by_parts(k, ready, closure, tolerance),
        lambda: attempt(slow, True, max_steps),
    ]
    tried: list[Solved] = []
    for way in ways[1:] if again else ways:
        found = way()
        if found is not None:
            if converged(found, tolerance):
                return found
            tried.append(found)
    raise ConvergenceError(_complaint(min(tried, key=_worst), countries, sectors, tolerance))


def _by_parts(k: Kernels, ready: Prepared, closure: Closure, tolerance: float) -> Solved | None:
    """Continuation: from the base year's kernels to the scenario's in steps that halve where one fails and grow where
    one succeeds. None where the steps became too small.

    On the way the cells that stay open move along a straight line in logs, those that close along one in levels.
    """
    c, base = ready.coefficients, ready.kernels
    if base.V is None and k.V is not None:
        base = base._replace(V=0.0 * k.V)
    z, done, stride = ready.start, 0.0, 0.25
    while stride > 0.05:
        target = min(1.0, done + stride)
        between = k if target == 1.0 else Kernels(*(_between(b, a, target) for a, b in zip(k, base, strict=True)))
        tight = tolerance if target == 1.0 else 1e-6
        there, steps = iterate(between, c, closure, z, tolerance=tight, damping=0.1, max_steps=300, by_trade=True)
        found = finished(there, between, c, closure, steps)
        if not converged(found, tolerance if target == 1.0 else 1e-4):
            stride /= 2
            continue
        if target == 1.0:
            return found
        z, done, stride = there[0], target, min(2 * stride, 0.5)
    return None


def _between(base: Array | None, new: Array | None, part: float) -> Array | None:
    if base is None or new is None:
        return None
    both = (base > 0) & (new > 0)
    geometric = jnp.exp((1 - part) * jnp.log(jnp.where(both, base, 1.0)) + part * jnp.log(jnp.where(both, new, 1.0)))
    return jnp.where(both, geometric, (1 - part) * base + part * new)


def finished(z: object, k: Kernels, c: object, closure: Closure, steps: int) -> Solved:
    """What holds at the last point of an iteration."""
    state, flows, misses, worst = finish(z, k, None, c, closure)
    return Solved(state, flows, {n: float(v) for n, v in worst.items()}, steps, misses)


def converged(found: Solved, tolerance: float) -> bool:
    """Whether every equation holds."""
    return all(v <= tolerance for v in found.worst.values())


def _worst(found: Solved) -> float:
    return max(np.nan_to_num(v, nan=np.inf) for v in found.worst.values())


def _complaint(found: Solved, countries: list[str], sectors: list[str], tolerance: float) -> str:
    sizes = {n: float(np.nan_to_num(np.abs(np.asarray(r)), nan=np.inf).max()) for n, r in found.residuals.items()}
    name = max(sizes, key=lambda n: sizes[n])
    misses = np.nan_to_num(np.abs(np.asarray(found.residuals[name])), nan=np.inf)[..., 0]
    place = np.unravel_index(int(np.argmax(misses)), misses.shape)
    where = countries[place[-1]] + (f", {sectors[place[0]]}" if len(place) > 1 else "")
    return (
        f"no equilibrium found after {found.steps} steps: the {name} equation of {where} misses by {sizes[name]:.2g} "
        f"(allowed {tolerance:g}); try a smaller shock, or elasticities between 1 and 20"
    )


def named_world(name: str) -> World:
    """``embedded``, or a World file."""
    return load_world() if name == "embedded" else open_world(Path(name))


_BASES: list[tuple[World, str, Economy]] = []
_MOST_BASES = 8


def base_economy(world: World, scenario: Scenario, *, tolerance: float = 1e-9) -> Economy:
    """The Economy that a scenario is measured from: its elasticities, and its closure of deficits. The last few are
    kept, so that scenarios on one base year share the work."""
    what = {"elasticities", "horizon", "deficits", "deficit_scale", "numeraire"}
    key = f"{scenario.model_dump_json(include=what)} {tolerance}"
    for known, known_key, eco in _BASES:
        if known is world and known_key == key:
            return eco
    eco = _base_economy(world, scenario, tolerance)
    _BASES.insert(0, (world, key, eco))
    del _BASES[_MOST_BASES:]
    return eco


def _base_economy(world: World, scenario: Scenario, tolerance: float) -> Economy:
    eco = economy(world)._replace(theta=_theta(scenario, world))
    scale = 0.0 if scenario.deficits == "removed" else scenario.deficit_scale
    if scale != 1.0:
        eco = eco._replace(D=scale * eco.D)
    elif world.balanced:
        return eco
    # With other deficits, or from coefficients alone, the base is itself an equilibrium to be found first.
    C, S = world.countries, world.sectors
    shock, closure = compile_shock((), eco, C, S), closure_of(scenario, C)
    require_balance(eco, closure, C, np.zeros(eco.t.shape, dtype=bool))
    k, solved = solve_shock(eco, shock, closure, C, S, tolerance)
    return rebase(Solution(scenario, eco, shock, closure, k, solved, C, S))


def _theta(scenario: Scenario, world: World) -> np.ndarray:
    ratio = SHORT_RUN if scenario.horizon == "short" else 1.0
    given = scenario.elasticities
    if isinstance(given, str):
        return ratio * (world.array("elasticity") if given == "world" else elasticity(given, world))
    base = world.array("elasticity").copy()
    for code, value in given.items():
        if code not in world.sectors:
            raise unknown("industry", code, world.sectors, field="elasticities")
        base[world.sectors.index(code)] = value
        if not 0 < value < np.inf:
            raise InputError(
                f"elasticity of {code} is {value:g}",
                field=f"elasticities.{code}",
                hint="a trade elasticity is greater than zero (usual values: 1 to 20)",
            )
    return ratio * base


def rebase(solution: Solution) -> Economy:
    """The Economy that a solved scenario leads to, as the base of the next one. Levels in the solution's numeraire."""
    eco, shock, levels = solution.economy, solution.shock, solution.levels
    pi_m, pi_f = trade_flows(solution, shares=True)
    return eco._replace(
        pi_m=pi_m,
        pi_f=pi_f,
        wL=levels["wage"] * eco.wL,
        D=levels["transfer"],
        t=shock.everywhere("t", eco.t),
        e=shock.everywhere("e", eco.e),
        E_m=levels["E_m"],
        E_f=levels["E_f"],
        Y=levels["Y"],
        I=levels["I"],
    )


def solve_file(path: str | Path) -> Solution:
    """Solve the scenario in a YAML file; errors name the file and line."""
    scenario = load_scenario(path)
    try:
        return solve(scenario)
    except InputError as error:
        line = line_of_field(path, error.field) if error.field and error.file is None else None
        raise error.at(file=path, line=line) from error

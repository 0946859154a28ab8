"""`solve`: a scenario on a World, from instruments to a labelled result."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import jax
import numpy as np
import xarray as xr

from multialign.errors import InputError, unknown
from multialign.trade.economy import Economy, economy
from multialign.trade.equations import Flows, Kernels, State, evaluate
from multialign.trade.instruments import Instrument
from multialign.trade.scenario import Scenario, line_of_field, load_scenario
from multialign.trade.shock import Shock, compile_shock, kernels, require_feasible
from multialign.trade.solution import Solution
from multialign.trade.solver import Solved, find_equilibrium
from multialign.trade.welfare import exact, first_order
from multialign.world import World, load_world, open_world
from multialign.world.load import elasticity


def solve(
    scenario: Scenario,
    world: World | None = None,
    *,
    base: Economy | None = None,
    tolerance: float = 1e-9,
) -> Solution:
    """The world economy under a scenario.

    Parameters
    ----------
    scenario: instruments, elasticities and closure.
    world: the base year; by default the one that the scenario names.
    base: an Economy to start from instead of the world's own (see `rebase`); elasticities and closure are then its own.
    tolerance: largest relative miss allowed in any equation.

    Raises InputError for names that the world does not have, and ConvergenceError when no equilibrium was found.
    """
    world = world if world is not None else named_world(scenario.world)
    C, S = world.countries, world.sectors
    eco = base if base is not None else base_economy(world, scenario, tolerance=tolerance)
    shock, k, solved = _solved(scenario.instruments, eco, C, S, tolerance)
    return label(scenario, eco, shock, k, solved, C, S)


def after(scenario: Scenario, world: World, base: Economy | None = None, *, tolerance: float = 1e-9) -> Economy:
    """The Economy after a scenario, to measure further changes from. Arguments and errors as in `solve`."""
    eco = base if base is not None else base_economy(world, scenario, tolerance=tolerance)
    return rebase(eco, *_solved(scenario.instruments, eco, world.countries, world.sectors, tolerance))


def _solved(
    instruments: Sequence[Instrument], eco: Economy, C: list[str], S: list[str], tolerance: float
) -> tuple[Shock, Kernels, Solved]:
    shock = compile_shock(instruments, eco, C, S)
    k = kernels(shock, eco)
    require_feasible(k, eco, C, S)
    return shock, k, find_equilibrium(eco, k, countries=C, sectors=S, tolerance=tolerance)


def named_world(name: str) -> World:
    """``embedded``, or a World file."""
    return load_world() if name == "embedded" else open_world(Path(name))


def base_economy(world: World, scenario: Scenario, *, tolerance: float = 1e-9) -> Economy:
    """The Economy that a scenario is measured from: its elasticities, and its closure of deficits."""
    eco = economy(world)._replace(theta=_theta(scenario, world))
    if scenario.deficits == "removed":
        eco = eco._replace(D=np.zeros_like(eco.D))
    elif world.balanced:
        return eco
    # Without deficits, or from coefficients alone, the base is itself an equilibrium to be found first.
    return rebase(eco, *_solved((), eco, world.countries, world.sectors, tolerance))


def _theta(scenario: Scenario, world: World) -> np.ndarray:
    given = scenario.elasticities
    if isinstance(given, str):
        return world.array("elasticity") if given == "world" else elasticity(given, world)
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
    return base


@jax.jit
def _evaluate(state: State, k: Kernels, eco: Economy) -> Flows:
    return evaluate(state, k, eco)


def _flows(eco: Economy, k: Kernels, solved: Solved) -> Flows:
    """The flows at a solution, in million USD."""
    unit = float(eco.wL.sum())
    f = _evaluate(solved.state, k, eco._replace(wL=eco.wL / unit, D=eco.D / unit))
    levels = {
        n: np.asarray(getattr(f, n)) * unit for n in ("E_m", "E_f", "Y", "I", "tariff_revenue", "export_tax_revenue")
    }
    rest = {n: np.asarray(getattr(f, n)) for n in Flows._fields if n not in levels}
    return Flows(**{**rest, **levels})


def new_shares(k: Kernels, f: Flows) -> tuple[np.ndarray, np.ndarray]:
    """(7) Trade shares after [CP 6]: pi'^u_nis = K^u_nis c_is^-theta / sum_i. (N, N, S) by use."""
    out = []
    for K, Phi in ((k.K_m, f.Phi_m), (k.K_f, f.Phi_f)):
        share = np.asarray(K) * f.M[:, None, :] / Phi[:, :, None]
        out.append(share.transpose(1, 2, 0))
    return out[0], out[1]


def rebase(eco: Economy, shock: Shock, k: Kernels, solved: Solved) -> Economy:
    """The Economy that a solved scenario leads to, as the base of the next one."""
    f = _flows(eco, k, solved)
    pi_m, pi_f = new_shares(k, f)
    return eco._replace(
        pi_m=pi_m,
        pi_f=pi_f,
        wL=np.exp(np.asarray(solved.state.log_w)) * eco.wL,
        t=shock.t,
        e=shock.e,
        E_m=f.E_m,
        E_f=f.E_f,
        Y=f.Y,
        I=f.I,
    )


def label(
    scenario: Scenario,
    eco: Economy,
    shock: Shock,
    k: Kernels,
    solved: Solved,
    C: Sequence[str],
    S: Sequence[str],
) -> Solution:
    """Flows and welfare at a solved state, labelled. Shapes as in `Solution`."""
    f = _flows(eco, k, solved)
    pi_m, pi_f = new_shares(k, f)
    net = 1.0 / ((1.0 + shock.t) * (1.0 + shock.e))
    trade_m, trade_f = pi_m * f.E_m[:, None, :] * net, pi_f * f.E_f[:, None, :] * net
    base_net = 1.0 / ((1.0 + eco.t) * (1.0 + eco.e))
    base_trade = (eco.pi_m * eco.E_m[:, None, :] + eco.pi_f * eco.E_f[:, None, :]) * base_net
    c_hat = np.exp(f.log_c)
    real, ev = exact(f.I / eco.I, f.log_P_f, eco.alpha, eco.I)
    tot, vot = first_order(
        base_trade, trade_m + trade_f, c_hat, eco.t, eco.I, export_tax=eco.e, export_tax_new=shock.e, friction=shock.d
    )
    cs, c, nis = ("country", "sector"), ("country",), ("importer", "exporter", "sector")
    data = xr.Dataset(
        {
            "real_income": (c, real),
            "equivalent_variation": (c, ev),
            "terms_of_trade": (c, 100.0 * tot),
            "volume_of_trade": (c, 100.0 * vot),
            "wage": (c, np.exp(np.asarray(solved.state.log_w))),
            "price_index": (c, np.exp((eco.alpha * f.log_P_f).sum(axis=1))),
            "cost": (cs, c_hat),
            "price_intermediate": (cs, np.exp(f.log_P_m)),
            "price_final": (cs, np.exp(f.log_P_f)),
            "output": (cs, f.Y),
            "income": (c, f.I),
            "base_income": (c, eco.I),
            "tariff_revenue": (c, f.tariff_revenue),
            "export_tax_revenue": (c, f.export_tax_revenue),
            "intermediate_trade": (nis, trade_m),
            "final_trade": (nis, trade_f),
            "base_trade": (nis, base_trade),
        },
        coords={"country": list(C), "importer": list(C), "exporter": list(C), "sector": list(S)},
        attrs={"numeraire": "world labour income of the base year"},
    )
    worst = {name: float(value) for name, value in solved.worst.items()}
    return Solution(data, worst, int(solved.steps), scenario, eco)


def solve_file(path: str | Path) -> Solution:
    """Solve the scenario in a YAML file; errors name the file and line."""
    scenario = load_scenario(path)
    try:
        return solve(scenario)
    except InputError as error:
        line = line_of_field(path, error.field) if error.field and error.file is None else None
        raise error.at(file=path, line=line) from error

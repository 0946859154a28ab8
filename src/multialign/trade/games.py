"""Tariff games: what is best for one, what all end at when each does so, and what they could agree on.

A government maximises its real income, or that with political weights on the value added of its industries (in the
spirit of Grossman & Helpman 1995; Ossa 2014). Best tariffs satisfy d(objective)/d(tariff) = 0; gradients come from the
implicit function theorem (`derivatives`), and all players' conditions are solved together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import jax.numpy as jnp
import numpy as np
import xarray as xr

from multialign.errors import ConvergenceError, InputError, unknown
from multialign.trade.board import Board, Tie, best_step, board
from multialign.trade.certificate import Certificate, certify
from multialign.trade.economy import Economy
from multialign.trade.scenario import Scenario
from multialign.trade.sets import countries_of, industries_of
from multialign.trade.shock import shock_of_arrays
from multialign.trade.solution import Solution
from multialign.trade.solve import base_economy, solve
from multialign.trade.solver import MEMORY, accelerate, empty_memory
from multialign.world import World, load_world

Progress = Callable[[int, float], None]


@dataclass(frozen=True, eq=False)
class TariffGame:
    """Where a game ends.

    tariff: (importer, exporter, sector) rates; those of nobody who plays are the base year's. solution: the world under
    them. players: codes. miss: how far, at most, any rate is from the one that its condition asks for. steps:
    iterations. certificate: what was tried in vain against it; None where it was not asked for, or for an agreement.
    """

    kind: Literal["optimal", "nash", "cooperative"]
    players: tuple[str, ...]
    tariff: xr.DataArray
    solution: Solution
    miss: float
    steps: int
    certificate: Certificate | None

    @property
    def mean_tariff(self) -> xr.DataArray:
        """Mean tariff of each player on each partner over the industries that it sets, weighted by base trade; rate."""
        weight = self.solution.data["base_trade"].sel(importer=list(self.players))
        return self.tariff.sel(importer=list(self.players)).weighted(weight.fillna(0)).mean("sector")


def optimal_tariffs(player: str, world: World | None = None, **options: Any) -> TariffGame:
    """The tariffs that are best for one country while all others keep theirs. Options and errors as in
    `nash_tariffs`."""
    return _play("optimal", [player], world, **options)


def nash_tariffs(players: Sequence[str], world: World | None = None, **options: Any) -> TariffGame:
    """The tariffs at which each player's are best for it, given the others'.

    Parameters
    ----------
    players: codes of countries; each sets its own tariffs.
    world: by default the embedded world.
    scenario: elasticities, closure, and instruments that stand while the game is played.
    base: an Economy to start from, instead of the world's.
    industries: those whose tariffs are set; codes or groups, by default all goods (all industries in a world that has
        no such group).
    tie: ``free`` (by partner and industry), ``mfn`` (one rate per industry for all partners), ``partner`` (one rate per
        partner for all industries), or ``flat`` (one rate).
    weights: political weights: code -> industry -> weight; one where not given.
    bounds: least and greatest rate.
    tolerance: largest distance of any rate from the one that its condition asks for.
    certificate: how many random deviations of each player to try (0: none).
    progress: called with the number of iterations and the distance that is left.

    Raises InputError for names that are not known, ConvergenceError.
    """
    return _play("nash", list(players), world, **options)


def cooperative_tariffs(
    players: Sequence[str],
    world: World | None = None,
    *,
    shares: Mapping[str, float] | None = None,
    **options: Any,
) -> TariffGame:
    """The tariffs of all players that maximise the weighted sum of their objectives (logs).

    shares: weight of each player's log real income; by default its base income, so that to first order the players'
    real income in money is maximised. Other options and errors as in `nash_tariffs`.
    """
    return _play("cooperative", list(players), world, shares=shares, **options)


def _play(
    kind: Literal["optimal", "nash", "cooperative"],
    players: list[str],
    world: World | None,
    *,
    scenario: Scenario | None = None,
    base: Economy | None = None,
    industries: Sequence[str] | None = None,
    tie: Tie = "free",
    weights: Mapping[str, Mapping[str, float]] | None = None,
    shares: Mapping[str, float] | None = None,
    bounds: tuple[float, float] = (-0.5, 10.0),
    tolerance: float = 1e-6,
    max_steps: int = 300,
    certificate: int = 0,
    seed: int = 1,
    progress: Progress | None = None,
) -> TariffGame:
    world = world if world is not None else load_world()
    scenario = scenario or Scenario()
    C, S = world.countries, world.sectors
    eco = base if base is not None else base_economy(world, scenario)
    if len(set(players)) < len(players) or not players:
        raise InputError(f"players are {players}", field="players", hint="name one or more, each once")
    who = [countries_of([p], C, "players")[0] if p in C else _stranger(p, C) for p in players]
    what = _industries(industries, S)
    low, high = bounds
    if not -1 < low < high:
        raise InputError(f"bounds are {bounds}", field="bounds", hint="least above -1, and below the greatest")
    table = board(
        scenario, world, eco, who, what, tie, _political(weights, C, S),
        shares=_shares(shares, players, eco, who) if kind == "cooperative" else None,
    )  # fmt: skip
    tau, miss, steps = _solve_conditions(table, bounds, tolerance, max_steps, progress)
    t = table.tariffs(tau)
    shock = table.shock._replace(t=t[table.shock.n, table.shock.i])
    solution = solve(scenario, world, base=eco, shock=_merged(eco, shock, t))
    labelled = xr.DataArray(t, coords=[("importer", C), ("exporter", C), ("sector", S)], name="tariff")
    proof = None
    if certificate and kind != "cooperative":
        proof = certify(table, tau, bounds, certificate, seed)
    return TariffGame(kind, tuple(players), labelled, solution, miss, steps, proof)


def _merged(eco: Economy, shock: Any, t: np.ndarray) -> Any:
    """The scenario's other instruments together with the game's tariffs."""
    e, d = shock.everywhere("e", eco.e), shock.everywhere("d", np.ones_like(eco.t))
    both = shock_of_arrays(eco, t=t, e=e, d=d)
    if shock.open.all():
        return both
    is_open = shock.everywhere("open", np.ones_like(eco.t)).astype(bool)
    n, i = np.nonzero(((t != eco.t) | (e != eco.e) | (d != 1.0) | ~is_open).any(axis=2))
    return type(both)(n, i, t[n, i], e[n, i], d[n, i], is_open[n, i])


def _stranger(name: str, countries: list[str]) -> int:
    raise unknown("player", name, countries, field="players")


def _industries(given: Sequence[str] | None, sectors: list[str]) -> list[int]:
    if given is not None:
        return industries_of(given, sectors, "industries")
    try:
        return industries_of(["goods"], sectors, "industries")
    except InputError:
        return list(range(len(sectors)))


def _political(
    weights: Mapping[str, Mapping[str, float]] | None, countries: list[str], sectors: list[str]
) -> np.ndarray:
    """Political weights, (S, N)."""
    out = np.ones((len(sectors), len(countries)))
    for country, by_industry in (weights or {}).items():
        if country not in countries:
            raise unknown("country", country, countries, field="weights")
        for industry, value in by_industry.items():
            for s in industries_of([industry], sectors, f"weights.{country}"):
                if not 0 <= value < np.inf:
                    raise InputError(f"weight is {value}", field=f"weights.{country}.{industry}", hint="zero or more")
                out[s, countries.index(country)] = value
    return out


def _shares(shares: Mapping[str, float] | None, players: list[str], eco: Economy, who: list[int]) -> np.ndarray:
    if shares is None:
        return np.asarray(eco.I[who] / eco.I[who].sum())
    for p in shares:
        if p not in players:
            raise unknown("player", p, players, field="shares")
    out = np.array([float(shares.get(p, 0.0)) for p in players])
    if not (out >= 0).all() or out.sum() <= 0:
        raise InputError(f"shares are {dict(shares)}", field="shares", hint="zero or more, not all zero")
    return out / out.sum()


def _solve_conditions(
    table: Board, bounds: tuple[float, float], tolerance: float, max_steps: int, progress: Progress | None
) -> tuple[np.ndarray, float, int]:
    """Rates at which every condition holds: the step of `best_step` is a fixed-point map; accelerated."""
    low, high = bounds
    tau = np.clip(table.start(), low, high)
    m = empty_memory(jnp.asarray(tau)[None])
    miss, stride = np.inf, 0.5
    depth = min(MEMORY, max(1, tau.size - 1))  # more steps than unknowns say nothing new
    for step in range(1, max_steps + 1):
        here = np.clip(np.asarray(m.z[0]), low, high)
        wanted, table = best_step(table, here, accuracy=min(1e-3, 0.05 * miss))
        image = np.clip(wanted, low, high)
        last, miss = miss, float(np.abs(image - here).max())
        if progress is not None:
            progress(step, miss)
        if miss <= tolerance:
            return here, miss, step
        if miss > 2 * last:
            stride = max(0.25, stride / 2)
        m = m._replace(z=jnp.asarray(here)[None])
        m = accelerate(
            m, jnp.asarray(here + np.clip(stride * (image - here), -0.3, 0.3))[None], (step - 1) % depth, trust=0.5
        )
    raise ConvergenceError(
        f"no tariffs found at which every condition holds: {miss:.2g} off after {max_steps} steps (allowed "
        f"{tolerance:g}); try narrower bounds, fewer players, or a tie"
    )

"""The board of a tariff game: who sets which rates, how the objectives stand, and where their gradients point."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

import jax
import jax.numpy as jnp
import numpy as np

from multialign.errors import ConvergenceError
from multialign.trade.derivatives import Parameters, Point, adjoints, at_offset, point_of, pull_back, results
from multialign.trade.economy import Economy
from multialign.trade.equations import Array, Closure, evaluate
from multialign.trade.scenario import Scenario
from multialign.trade.shock import Shock
from multialign.trade.solve import solve
from multialign.trade.solver import DAMPINGS, iterate, sweep, unpack
from multialign.world import World

Tie = Literal["free", "mfn", "partner", "flat"]


@dataclass(frozen=True, eq=False)
class Board:
    """A game between P players over G rates.

    base: the economy. shock: the instruments that stand beside the game. who: positions of the players. cells:
    (importer, exporter, industry) of each flow that is taxed. group: the rate that each cell has; owner: the player of
    each rate. point, zero: where the solver stands at the base tariffs.
    shares: weights of the players where they agree on tariffs. z, adjoint: where the last iteration left off.
    """

    base: Economy
    shock: Shock
    closure: Closure
    who: tuple[int, ...]
    cells: tuple[np.ndarray, np.ndarray, np.ndarray]
    group: np.ndarray
    owner: np.ndarray
    point: Point
    zero: Parameters
    taxed: bool
    shares: np.ndarray | None
    z: Array
    adjoint: Array | None = None

    def start(self) -> np.ndarray:
        """The base rates, averaged over the cells of each. (G,)"""
        n, i, s = self.cells
        total = np.bincount(self.group, self.base.t[n, i, s], minlength=self.owner.size)
        return total / np.bincount(self.group, minlength=self.owner.size)

    def tariffs(self, tau: np.ndarray) -> np.ndarray:
        """The base tariffs with the rates of the game in their places. (N, N, S)"""
        t = self.shock.everywhere("t", self.base.t)
        t[self.cells] = tau[self.group]
        return t


def board(
    scenario: Scenario,
    world: World,
    eco: Economy,
    who: list[int],
    what: list[int],
    tie: Tie,
    weight: np.ndarray,
    shares: np.ndarray | None,
) -> Board:
    """The board at the base tariffs, the scenario's instruments standing."""
    standing = solve(scenario, world, base=eco)
    point, zero = point_of(standing)
    point = point._replace(weight=jnp.asarray(weight))
    traded = (eco.pi_m + eco.pi_f) > 0
    mask = np.zeros_like(traded)
    mask[np.ix_(who, range(len(world.countries)), what)] = True
    own = np.arange(len(world.countries))
    mask[own, own] = False
    n, i, s = np.nonzero(mask & traded)
    keys = {"free": (n, i, s), "mfn": (n, s), "partner": (n, i), "flat": (n,)}[tie]
    _, first, group = np.unique(np.stack(keys), axis=1, return_index=True, return_inverse=True)
    owner = np.array([who.index(int(c)) for c in n[first]])
    return Board(
        base=eco,
        shock=standing.shock,
        closure=standing.closure,
        who=tuple(who),
        cells=(n, i, s),
        group=group.ravel(),
        owner=owner,
        point=point,
        zero=zero,
        taxed=standing.kernels.V is not None,
        shares=shares,
        z=point.z[0],
    )


@partial(jax.jit, static_argnames=("taxed",))
def _moved(point: Point, zero: Parameters, t: Array, taxed: bool) -> Point:
    """The point with other tariffs, (S, N, N); its state is still the old one."""
    k, _ = at_offset(point, zero._replace(t=t - point.t), taxed)
    change = point.log_change + jnp.log1p(t) - jnp.log1p(point.t)
    return point._replace(k=k, t=t, log_change=change)


@partial(jax.jit, static_argnames=("closure", "taxed"))
def _all_gradients(
    adjoint: Array, weights: Array, point: Point, zero: Parameters, closure: Closure, taxed: bool
) -> tuple[Array, Array]:
    """d(objective)/d(tariff) of every weighted sum of objectives, (B, S, N, N), and imports at the border (S, N, N)."""
    pull = jax.vmap(lambda lam, w: pull_back(lam, w, point, zero, closure, taxed, "objective", ("t",))["t"])
    return pull(adjoint, weights), _border(point, closure)


@partial(jax.jit, static_argnames=("closure",))
def _border(point: Point, closure: Closure) -> Array:
    c = point.c
    S, N = c.v.shape
    f = evaluate(unpack(point.z, N, S), point.k, c, closure)
    a, M = f.a[..., 0], f.M[..., 0]
    flow = (point.k.K * a[:, :, None] * M[:, None, :]).reshape(S, -1, N, N).sum(axis=1)
    return flow / (1.0 + point.t)


def settle(table: Board, tau: np.ndarray, tolerance: float) -> Board:
    """The board with the world solved at rates `tau`, from where it stood. Raises ConvergenceError."""
    t = jnp.asarray(np.ascontiguousarray(table.tariffs(tau).transpose(2, 0, 1)))
    point = _moved(table.point, table.zero, t, table.taxed)
    for damping in DAMPINGS:
        z, _ = iterate(point.k, point.c, table.closure, table.z, tolerance=tolerance, damping=damping, max_steps=400)
        done = float(jnp.abs(sweep(z, point.k, None, point.c, table.closure, damping) - z).max())
        if done <= 10 * tolerance:
            return replace(table, point=point._replace(z=z), z=z[0])
    raise ConvergenceError("no equilibrium found at the tariffs that were tried; try narrower bounds")


def objectives(table: Board) -> np.ndarray:
    """The players' objectives (logs) at a settled board. (P,)"""
    value = results(table.point.z, table.zero, table.point, table.closure, table.taxed, "objective")
    return np.asarray(value)[list(table.who)]


def gradients(table: Board, tolerance: float) -> tuple[np.ndarray, np.ndarray, Board]:
    """For every rate, the derivative of its owner's objective (of the weighted sum, where players agree), and the size
    of the second derivative when prices stand still; (G,) each."""
    N = len(table.base.wL)
    rows = np.eye(N)[list(table.who)]
    if table.shares is not None:
        rows = table.shares[None] @ rows
    weights = jnp.asarray(rows)
    lam = adjoints(
        table.point, table.zero, weights, table.closure, table.taxed, "objective",
        tolerance=tolerance, start=table.adjoint,
    )  # fmt: skip
    by_player, border = _all_gradients(lam, weights, table.point, table.zero, table.closure, table.taxed)
    n, i, s = table.cells
    player = table.owner[table.group]
    slope = np.asarray(by_player)[0 if table.shares is not None else player, s, n, i]
    theta = np.asarray(table.point.c.theta)[s]
    income = np.asarray(unpack(table.point.z, N, theta_count(table)).X)[n, 0]
    t = np.asarray(table.point.t)[s, n, i]
    bend = np.asarray(border)[s, n, i] / income * theta / (1.0 + t) * _elsewhere(table, np.asarray(border))
    if table.shares is not None:
        bend = bend * table.shares[player]
    G = table.owner.size
    return (
        np.bincount(table.group, slope, minlength=G),
        np.bincount(table.group, bend, minlength=G),
        replace(table, adjoint=lam),
    )


def _elsewhere(table: Board, border: np.ndarray) -> np.ndarray:
    """For every cell, the part of the importer's spending on the good that its rate does not touch: with nowhere to
    turn to, a buyer does not answer to the rate. At least a thousandth."""
    n, i, s = table.cells
    paid = border * (1.0 + np.asarray(table.point.t))
    share = paid[s, n, i] / paid.sum(axis=2)[s, n]
    market = (table.group * border.shape[0] + s) * border.shape[1] + n
    _, place = np.unique(market, return_inverse=True)
    return np.maximum(1.0 - np.bincount(place.ravel(), share)[place.ravel()], 1e-3)


def theta_count(table: Board) -> int:
    """Number of industries."""
    return int(table.point.c.theta.shape[0])


def best_step(table: Board, tau: np.ndarray, accuracy: float) -> tuple[np.ndarray, Board]:
    """The rates that the conditions ask for if second derivatives were those of standing prices: a fixed point of this
    is where every condition holds."""
    settled = settle(table, tau, tolerance=min(1e-6, 1e-3 * accuracy))
    slope, bend, settled = gradients(settled, tolerance=min(1e-4, 1e-2 * accuracy))
    step = np.divide(slope, bend, out=np.zeros_like(slope), where=bend > 1e-15)
    return tau + step, settled


def play_alone(table: Board, tau: np.ndarray, player: int, change: np.ndarray) -> Any:
    """The board when one player changes its rates by `change`, settled tightly."""
    return settle(table, np.where(table.owner == player, tau + change, tau), tolerance=1e-11)

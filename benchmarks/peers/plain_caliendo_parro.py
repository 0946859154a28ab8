"""The counterfactual of Caliendo & Parro (2015), as their paper lays it out, in plain JAX.

A yardstick: a nested loop without acceleration. For a guess of wages, prices come from an inner fixed point, spending
from a linear system of (N S) unknowns, and wages move with each country's excess of exports over imports, damped. One
set of trade shares serves inputs and final use. The linear system is either solved as one dense matrix, as the authors'
programs do, or by repeated substitution, which is faster on two cores: the yardstick for time is the faster.

Source: Caliendo & Parro, Review of Economic Studies 82(1), 2015, section 4.3, eqs. (7) to (15).
Index letters: n importer, i exporter, s industry of the good, k using industry.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

jax.config.update("jax_enable_x64", True)

Array = Any

DAMPING = 0.2
TOLERANCE = 1e-7
"""The authors' own: of wages (sum of absolute changes), of prices, and of spending where it is iterated."""


class Base(NamedTuple):
    """A base year. pi (N, N, S) [n, i, s] shares in spending; t (N, N, S) tariffs; gamma (N, S, S) [n, s, k] input
    shares in cost; v, alpha (N, S) shares of value added and of final spending; theta (S,); wL, D (N,) labour income
    and deficit; X (N, S) spending; I (N,) income."""

    pi: Array
    t: Array
    gamma: Array
    v: Array
    alpha: Array
    theta: Array
    wL: Array
    D: Array
    X: Array
    I: Array


class Counterfactual(NamedTuple):
    """w_hat (N,), c_hat, P_hat (N, S), pi (N, N, S), X (N, S), I (N,), and how many times wages were moved."""

    w_hat: Array
    c_hat: Array
    P_hat: Array
    pi: Array
    X: Array
    I: Array
    steps: Array


def base_from_accounts(
    trade: np.ndarray,
    tariff: np.ndarray,
    input_use: np.ndarray,
    final_use: np.ndarray,
    value_added: np.ndarray,
    theta: np.ndarray,
) -> Base:
    """Shares of a table of accounts. trade (N, N, S) [importer, exporter, industry], tariffs excluded; input_use (N, S,
    S); final_use, value_added (N, S)."""
    spending = trade * (1.0 + tariff)
    X = spending.sum(axis=1)
    home = np.eye(len(trade))[:, :, None]
    pi = np.where(X[:, None, :] > 0, spending / np.where(X > 0, X, 1.0)[:, None, :], home)
    cost = input_use.sum(axis=1) + value_added
    D = trade.sum(axis=(1, 2)) - trade.sum(axis=(0, 2))
    I = final_use.sum(axis=1)
    return Base(
        pi, tariff, input_use / cost[:, None, :], value_added / cost, final_use / I[:, None], theta,
        value_added.sum(axis=1), D, X, I,
    )  # fmt: skip


@partial(jax.jit, static_argnames=("dense",))
def counterfactual(base: Base, t_new: Array, D_new: Array, dense: bool = False) -> Counterfactual:
    """Wages, prices, shares and spending under other tariffs t_new (N, N, S) and deficits D_new (N,)."""
    t_hat = (1.0 + t_new) / (1.0 + base.t)

    def wage_step(c):  # type: ignore[no-untyped-def]
        w_hat, _, step = c
        *_, excess = _given_wages(base, w_hat, t_hat, t_new, D_new, dense)
        w_next = w_hat * (1.0 + DAMPING * excess / w_hat)
        return w_next, jnp.abs(w_next - w_hat).sum(), step + 1

    def unsettled(c):  # type: ignore[no-untyped-def]
        return (c[1] > TOLERANCE) & (c[2] < 2000)

    start = (jnp.ones_like(jnp.asarray(base.wL)), jnp.array(1.0), jnp.array(0))
    w_hat, _, steps = jax.lax.while_loop(unsettled, wage_step, start)
    c_hat, P_hat, pi, X, I, _ = _given_wages(base, w_hat, t_hat, t_new, D_new, dense)
    return Counterfactual(w_hat, c_hat, P_hat, pi, X, I, steps)


def _given_wages(base: Base, w_hat: Array, t_hat: Array, t_new: Array, D_new: Array, dense: bool) -> tuple[Array, ...]:
    """Everything that follows from wages, ending with each country's excess of exports and deficit over imports."""
    c_hat, P_hat = _prices(base, w_hat, t_hat)
    pi = base.pi * (c_hat[None, :, :] * t_hat / P_hat[:, None, :]) ** -base.theta
    X, I = _spending(base, w_hat, pi, t_new, D_new, dense)
    flows = pi * X[:, None, :] / (1.0 + t_new)
    excess = (flows.sum(axis=(0, 2)) + D_new - flows.sum(axis=(1, 2))) / base.wL
    return c_hat, P_hat, pi, X, I, excess


def _prices(base: Base, w_hat: Array, t_hat: Array) -> tuple[Array, Array]:
    """Unit costs and price indices, eqs. (10) and (11), by repeated substitution from P^ = 1."""

    def costs(P_hat: Array) -> Array:
        return jnp.exp(base.v * jnp.log(w_hat)[:, None] + jnp.einsum("nks,nk->ns", base.gamma, jnp.log(P_hat)))

    def step(c):  # type: ignore[no-untyped-def]
        P_hat, _ = c
        terms = base.pi * (costs(P_hat)[None, :, :] * t_hat) ** -base.theta
        P_next = terms.sum(axis=1) ** (-1.0 / base.theta)
        return P_next, jnp.abs(P_next - P_hat).max()

    P_hat, _ = jax.lax.while_loop(lambda c: c[1] > TOLERANCE, step, (jnp.ones_like(base.v), jnp.array(1.0)))
    return costs(P_hat), P_hat


def _spending(base: Base, w_hat: Array, pi: Array, t: Array, D: Array, dense: bool) -> tuple[Array, Array]:
    """Spending by good, eqs. (13) and (14): linear once shares are known. Also income."""
    N, S = base.v.shape
    net = pi / (1.0 + t)
    revenue = (t * net).sum(axis=1)  # (N, S) tariff revenue per unit of spending
    earned = w_hat * base.wL + D
    if dense:
        system = jnp.einsum("nsk,ink->nsik", base.gamma, net)
        system = system + jnp.einsum("ni,ns,nk->nsik", jnp.eye(N), base.alpha, revenue)
        final = base.alpha * earned[:, None]
        X = jnp.linalg.solve(jnp.eye(N * S) - system.reshape(N * S, N * S), final.ravel()).reshape(N, S)
    else:

        def step(c):  # type: ignore[no-untyped-def]
            X, _ = c
            inputs = jnp.einsum("nsk,nk->ns", base.gamma, jnp.einsum("ink,ik->nk", net, X))
            X_next = inputs + base.alpha * (earned + (revenue * X).sum(axis=1))[:, None]
            return X_next, jnp.abs(X_next - X).max() / base.X.max()

        X, _ = jax.lax.while_loop(lambda c: c[1] > TOLERANCE, step, (base.X, jnp.array(1.0)))
    return X, earned + (revenue * X).sum(axis=1)


def rebase(base: Base, t_new: Array, D_new: Array, new: Counterfactual) -> Base:
    """The base year that a counterfactual leads to."""
    return base._replace(pi=new.pi, t=t_new, wL=new.w_hat * base.wL, D=D_new, X=new.X, I=new.I)


@jax.jit
def effects(base: Base, t_new: Array, new: Counterfactual) -> tuple[Array, Array, Array]:
    """Terms of trade, volume of trade and real wage (N,), in %; the first two to first order, eq. (15)."""
    before = base.pi * base.X[:, None, :] / (1.0 + base.t)
    after = new.pi * new.X[:, None, :] / (1.0 + t_new)
    rise = (new.c_hat - 1.0)[None, :, :]
    terms = (before * rise).sum(axis=(0, 2)) - (before * rise).sum(axis=(1, 2))
    volume = (base.t * (after - before * (1.0 + rise))).sum(axis=(1, 2))
    real_wage = new.w_hat / jnp.exp((base.alpha * jnp.log(new.P_hat)).sum(axis=1))
    return 100.0 * terms / base.I, 100.0 * volume / base.I, 100.0 * real_wage - 100.0


def nafta_base(path: Path) -> tuple[list[str], Base, np.ndarray]:
    """Countries, base year of 1993 and NAFTA's tariffs from the file of the published case."""
    z = np.load(path)
    base = base_from_accounts(
        z["trade"], z["tariff_baseline"], z["intermediate"], z["final"], z["value_added"], z["theta"]
    )
    # Solved in units of the world's labour income, so that the tolerance has one meaning in every world.
    unit = base.wL.sum()
    scaled = base._replace(wL=base.wL / unit, D=base.D / unit, X=base.X / unit, I=base.I / unit)
    return [str(r) for r in z["regions"]], Base(*(jnp.asarray(a) for a in scaled)), z["tariff_nafta"]


@partial(jax.jit, static_argnames=("balanced", "dense"))
def nafta(base: Base, t_new: Array, balanced: bool = True, dense: bool = False) -> tuple[Base, Counterfactual]:
    """The published exercise: first the base year with trade balanced (or with its deficits kept, the base year that
    its coefficients imply), then NAFTA's tariffs from there."""
    D = jnp.zeros_like(base.D) if balanced else base.D
    start = rebase(base, base.t, D, counterfactual(base, base.t, D, dense))
    return start, counterfactual(start, t_new, D, dense)

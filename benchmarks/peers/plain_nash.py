"""Nash tariffs in a world without inputs and deficits, in plain JAX and SciPy.

A yardstick: each player in turn maximises its real income over all of its tariffs by L-BFGS, the world's wages solved
within every evaluation; rounds go on until nobody moves. It comes in two forms. The plain one is what one would write
first: damped iteration on wages, the gradient by differentiating through every step of it, tariffs as they are. The
strict one solves wages by Newton's method, takes the gradient by the implicit function theorem, and scales each tariff
by its flow: it is far faster, and exact for small flows too, where the plain one stops early.

Model: one factor, Armington or Eaton-Kortum trade, Cobb-Douglas final demand, in changes from the base year; the
exercise is that of Ossa (2014, American Economic Review 104(12)) under perfect competition.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from scipy.optimize import minimize

from peers.worlds import OneFactorWorld

jax.config.update("jax_enable_x64", True)

Array = Any

STEPS = 50
DAMPING = 0.9
"""Steps on wages in the plain form. In the world of seven regions, which buy a tenth abroad, they bring demand for
labour within about 1e-9 of its supply; more open worlds would need smaller and more steps."""
LOWEST, HIGHEST = -0.9, 20.0
"""Bounds of a tariff."""


class Coefficients(NamedTuple):
    """pi (N, N, S) [n, i, s] shares in spending at base tariffs t (N, N, S); alpha (N, S); theta (S,); wL (N,) in units
    of the world's labour income."""

    pi: Array
    t: Array
    alpha: Array
    theta: Array
    wL: Array


class Nash(NamedTuple):
    """tariff (N, N, S) at the equilibrium; real_income (N,), change against the base year in %; rounds and evaluations
    that it took; last_move, by how much the last round moved any tariff."""

    tariff: np.ndarray
    real_income: np.ndarray
    rounds: int
    evaluations: int
    last_move: float


def coefficients(world: OneFactorWorld) -> Coefficients:
    """Shares of a world's accounts."""
    spending = world.trade * (1.0 + world.tariff)
    by_good = spending.sum(axis=1)
    wL = world.trade.sum(axis=(0, 2))
    pi = spending / by_good[:, None, :]
    alpha = by_good / by_good.sum(axis=1, keepdims=True)
    return Coefficients(*(jnp.asarray(a) for a in (pi, world.tariff, alpha, world.theta, wL / wL.sum())))


def _outcome(log_w: Array, t: Array, base: Coefficients) -> tuple[Array, Array, Array]:
    """Demand for labour over its supply less one (N,), log real income in changes less its base level (N,), and flows
    at producer prices (N, N, S)."""
    change = (1.0 + t) / (1.0 + base.t)
    terms = base.pi * (jnp.exp(log_w)[None, :, None] * change) ** -base.theta
    total = terms.sum(axis=1)
    spent = base.alpha[:, None, :] * terms / total[:, None, :] / (1.0 + t)  # per unit of income
    wL = jnp.exp(log_w) * base.wL
    income = wL / spent.sum(axis=(1, 2))
    flows = spent * income[:, None, None]
    log_P = (base.alpha * jnp.log(total) / -base.theta).sum(axis=1)
    return flows.sum(axis=(0, 2)) / wL - 1.0, jnp.log(income) - log_P, flows


def _numeraire(free: Array) -> Array:
    """Log wages (N,) from those of all but the first country, whose wage is the numeraire."""
    return jnp.concatenate([jnp.zeros(1), free])


def _wages(t: Array, base: Coefficients, log_w: Array) -> Array:
    """Log wages (N,) that clear labour markets, by Newton's method from log_w."""

    def excess(free: Array) -> Array:
        return _outcome(_numeraire(free), t, base)[0][1:]

    def step(c):  # type: ignore[no-untyped-def]
        free, _, k = c
        move = jnp.linalg.solve(jax.jacfwd(excess)(free), -excess(free))
        move = move * jnp.minimum(1.0, 0.5 / jnp.abs(move).max())
        return free + move, jnp.abs(move).max(), k + 1

    start = (log_w[1:] - log_w[0], jnp.array(1.0), jnp.array(0))
    free, *_ = jax.lax.while_loop(lambda c: (c[1] > 1e-11) & (c[2] < 50), step, start)
    return _numeraire(free)


@jax.jit
def outcome(t: Array, base: Coefficients) -> tuple[Array, Array]:
    """Real income (N,) against the base year in %, and flows (N, N, S) at producer prices in units of the world's
    labour income, under tariffs t (N, N, S)."""
    zero = jnp.zeros_like(base.wL)
    at_base = _outcome(_wages(base.t, base, zero), base.t, base)[1]
    _, log_real, flows = _outcome(_wages(t, base, zero), t, base)
    return 100.0 * jnp.expm1(log_real - at_base), flows / flows.sum()


@jax.jit
def _payoff(t: Array, base: Coefficients, log_w: Array, player: int) -> tuple[Array, Array, Array]:
    """A player's log real income, its gradient in the player's own tariffs (N, S), and the wages to start from next."""
    log_w = _wages(t, base, log_w)

    def with_own(free: Array, own: Array) -> tuple[Array, Array]:
        excess, log_real, _ = _outcome(_numeraire(free), t.at[player].set(own), base)
        return excess[1:], log_real[player]

    (excess, value), pull = jax.vjp(with_own, log_w[1:], t[player])
    by_wage, direct = pull((jnp.zeros_like(excess), jnp.ones(())))
    adjoint = jnp.linalg.solve(jax.jacfwd(lambda free: with_own(free, t[player])[0])(log_w[1:]).T, by_wage)
    _, indirect = pull((adjoint, jnp.zeros(())))
    return value, direct - indirect, log_w


@jax.jit
def _plain_payoff(t: Array, base: Coefficients, log_w: Array, player: int) -> tuple[Array, Array, Array]:
    """As `_payoff`, always from the base year's wages and differentiated step by step."""

    def log_real(own: Array) -> Array:
        tariffs = t.at[player].set(own)

        def step(log_w: Array, _: None) -> tuple[Array, None]:
            return log_w + DAMPING * jnp.log1p(_outcome(log_w, tariffs, base)[0]), None

        settled, _ = jax.lax.scan(step, jnp.zeros_like(base.wL), None, length=STEPS)
        return _outcome(settled, tariffs, base)[1][player]

    value, slope = jax.value_and_grad(log_real)(t[player])
    return value, slope, log_w


def best_reply(
    t: np.ndarray, base: Coefficients, player: int, log_w: Array, *, plain: bool = False
) -> tuple[np.ndarray, Array, int]:
    """The tariffs (N, S) that maximise a player's real income against the others' in t (N, N, S), the wages there, and
    the evaluations taken. Tariffs on itself and on flows that are zero stay as they are."""
    weight = np.asarray(base.alpha[player] * base.pi[player])
    free = weight > 0
    free[player] = False
    # The payoff's curvature in a tariff goes with the flow's share in spending.
    scale = np.ones(free.sum()) if plain else np.sqrt(weight[free])
    payoff = _plain_payoff if plain else _payoff
    trial = t.copy()

    def objective(x: np.ndarray) -> tuple[float, np.ndarray]:
        nonlocal log_w
        trial[player][free] = x / scale
        value, slope, log_w = payoff(trial, base, log_w, player)
        return -100.0 * float(value), -100.0 * np.asarray(slope)[free] / scale

    found = minimize(
        objective,
        t[player][free] * scale,
        jac=True,
        method="L-BFGS-B",
        bounds=[(LOWEST * u, HIGHEST * u) for u in scale],
        options={"maxiter": 2000, "maxfun": 5000, "ftol": 1e-14, "gtol": 1e-8}
        if plain
        else {"maxiter": 2000, "maxfun": 5000, "ftol": 0.0, "gtol": 1e-7, "maxcor": 20},
    )
    trial[player][free] = found.x / scale
    return trial[player], log_w, int(found.nfev)


def nash_tariffs(
    world: OneFactorWorld,
    *,
    start: np.ndarray | None = None,
    plain: bool = False,
    tolerance: float | None = None,
    max_rounds: int = 60,
) -> Nash:
    """Tariffs t (N, N, S) from which no region gains by moving its own alone.

    Rounds of best replies, one region after the other, from `start` (by default today's tariffs) until none moves any
    tariff by more than `tolerance` (by default 1e-6, or 1e-3 in the plain form). Raises RuntimeError when that has not
    happened after `max_rounds`.
    """
    tolerance = tolerance if tolerance is not None else 1e-3 if plain else 1e-6
    base = coefficients(world)
    t = np.array(world.tariff if start is None else start, dtype=float)
    log_w, evaluations, moved = jnp.zeros(len(t)), 0, np.inf
    for rounds in range(1, max_rounds + 1):
        before = t.copy()
        for player in range(len(t)):
            t[player], log_w, count = best_reply(t, base, player, log_w, plain=plain)
            evaluations += count
        moved = float(np.abs(t - before).max())
        if moved < tolerance:
            return Nash(t, np.asarray(outcome(jnp.asarray(t), base)[0]), rounds, evaluations, moved)
    raise RuntimeError(f"tariffs still move by {moved:.2g} after {max_rounds} rounds")


def summary(world: OneFactorWorld, nash: Nash) -> dict[str, dict[str, float]]:
    """By region: its mean tariff, weighted by base flows, and the change of its real income, both in %."""
    out = {}
    for n, region in enumerate(world.regions):
        abroad = [i for i in range(len(world.regions)) if i != n]
        flows = world.trade[n, abroad]
        mean = float((nash.tariff[n, abroad] * flows).sum() / flows.sum())
        out[region] = {"tariff_pct": 100.0 * mean, "real_income_pct": float(nash.real_income[n])}
    return out


if __name__ == "__main__":
    from peers.worlds import seven_by_thirty_three

    world = seven_by_thirty_three()
    print(json.dumps(summary(world, nash_tariffs(world)), indent=1))

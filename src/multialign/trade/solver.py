"""Finding the equilibrium: a fixed point of the equations, accelerated (Anderson 1965; Walker & Ni 2011)."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from multialign.errors import ConvergenceError
from multialign.trade.economy import Economy
from multialign.trade.equations import Kernels, State, evaluate, labour_demand, residuals

jax.config.update("jax_enable_x64", True)

MEMORY = 10
"""How many earlier steps the acceleration looks back on."""


class Solved(NamedTuple):
    """A state, the largest residual of each equation, and how many evaluations it took."""

    state: State
    worst: dict[str, jax.Array]
    steps: jax.Array


def _pack(x: State) -> jax.Array:
    return jnp.concatenate([x.log_w, x.log_P.ravel(), jnp.log(x.Y + _TINY).ravel(), jnp.log(x.X)])


def _unpack(z: jax.Array, N: int, S: int) -> State:
    log_w, log_P, log_Y, log_X = jnp.split(z, [N, N + N * S, N + 2 * N * S])
    return State(log_w, log_P.reshape(N, S), jnp.exp(log_Y).reshape(N, S) - _TINY, jnp.exp(log_X))


# Sales of an industry may be exactly zero; the shift lets them be carried in logs with the rest.
_TINY = 1e-12


def _sweep(z: jax.Array, k: Kernels, eco: Economy, damping: float) -> jax.Array:
    """One pass: prices, sales and income as the equations say; wages move towards where labour is in demand."""
    N, S = eco.v.shape
    x = _unpack(z, N, S)
    f = evaluate(x, k, eco)
    wL = jnp.exp(x.log_w) * eco.wL
    log_w = x.log_w + damping * jnp.log(labour_demand(f.Y, eco) / wL)
    # Only relative wages are determined: the world's labour income is the numeraire.
    log_w = log_w - jnp.log((jnp.exp(log_w) * eco.wL).sum() / eco.wL.sum())
    income = jnp.maximum(f.I, 1e-3 * x.X)
    return _pack(State(log_w, f.log_P_m, f.Y, income))


class _Memory(NamedTuple):
    """What the acceleration remembers. dR, dG: (MEMORY, n) last differences of residual and image, in a ring; gram:
    (MEMORY, MEMORY) products of the rows of dR; used: (MEMORY,) which rows count."""

    dR: jax.Array
    dG: jax.Array
    gram: jax.Array
    used: jax.Array


@partial(jax.jit, static_argnames=("max_steps",))
def _anderson(z0: jax.Array, k: Kernels, eco: Economy, tolerance: float, damping: float, max_steps: int):  # type: ignore[no-untyped-def]
    """Anderson-accelerated iteration of `_sweep`; forgets what it remembers whenever the residual grows."""

    def cond(c):  # type: ignore[no-untyped-def]
        *_, norm, step = c
        return (norm > tolerance) & (step < max_steps) & jnp.isfinite(norm)

    def body(c):  # type: ignore[no-untyped-def]
        z, r_old, g_old, memory, norm, step = c
        g = _sweep(z, k, eco, damping)
        r = g - z
        new_norm = jnp.abs(r).max()
        memory = _remember(memory, r - r_old, g - g_old, step, forget=new_norm > 2.0 * norm)
        # The combination of remembered steps whose residual is least; the shift keeps the small system regular.
        shift = jnp.where(memory.used, 1e-14 * jnp.maximum(jnp.trace(memory.gram), 1e-300), 1.0)
        weight = jnp.linalg.solve(memory.gram + jnp.diag(shift), jnp.where(memory.used, memory.dR @ r, 0.0))
        accelerated = g - weight @ memory.dG
        # A leap of more than a factor e is not trusted.
        z_next = jnp.where(jnp.abs(accelerated - z).max() < 1.0, accelerated, g)
        return z_next, r, g, memory, new_norm, step + 1

    zeros = jnp.zeros((MEMORY, z0.size))
    empty = _Memory(zeros, zeros, jnp.zeros((MEMORY, MEMORY)), jnp.zeros(MEMORY, dtype=bool))
    init = (z0, jnp.zeros_like(z0), z0, empty, jnp.array(1e300), jnp.array(0))
    z, *_, step = jax.lax.while_loop(cond, body, init)
    x = _unpack(z, *eco.v.shape)
    worst = {name: jnp.abs(r) for name, r in residuals(x, k, eco).items()}
    return x, worst, step


def _remember(m: _Memory, dr: jax.Array, dg: jax.Array, step: jax.Array, forget: jax.Array) -> _Memory:
    """The memory with one more step in place of the oldest. The first step has nothing to differ from."""
    slot = jnp.mod(step, MEMORY)
    used = jnp.where(forget, False, m.used).at[slot].set((step > 0) & ~forget)
    dR, dG = m.dR.at[slot].set(dr), m.dG.at[slot].set(dg)
    row = dR @ dr
    gram = m.gram.at[slot].set(row).at[:, slot].set(row)
    return _Memory(dR, dG, jnp.where(used[:, None] & used[None, :], gram, 0.0), used)


def find_equilibrium(
    eco: Economy,
    kernels: Kernels,
    *,
    countries: list[str],
    sectors: list[str],
    tolerance: float = 1e-9,
    max_steps: int = 3000,
) -> Solved:
    """Solve the equations for one scenario. Raises ConvergenceError, with the worst equation, country and industry by
    name, when a residual is still above `tolerance`; it never returns numbers that have not converged.
    """
    unit = float(np.sum(eco.wL))
    scaled = eco._replace(wL=eco.wL / unit, D=eco.D / unit)
    start = _pack(
        State(
            jnp.zeros_like(jnp.asarray(eco.wL)),
            jnp.zeros_like(jnp.asarray(eco.v)),
            jnp.asarray(eco.Y) / unit,
            jnp.asarray(eco.I) / unit,
        )
    )
    complaint = ""
    for damping in (0.3, 0.1, 0.03):
        x, worst, steps = _anderson(start, kernels, scaled, tolerance * 0.1, damping, max_steps)
        if all(float(r.max()) <= tolerance for r in worst.values()):
            return Solved(x, {name: r.max() for name, r in worst.items()}, steps)
        complaint = _complaint(worst, countries, sectors, tolerance, int(steps))
    raise ConvergenceError(complaint)


def _complaint(
    worst: dict[str, jax.Array], countries: list[str], sectors: list[str], tolerance: float, steps: int
) -> str:
    sizes = {name: float(jnp.nan_to_num(r, nan=jnp.inf).max()) for name, r in worst.items()}
    name = max(sizes, key=lambda k: sizes[k])
    residual = np.nan_to_num(np.asarray(worst[name]), nan=np.inf)
    place = np.unravel_index(int(np.argmax(residual)), residual.shape)
    where = countries[place[0]] + (f", {sectors[place[1]]}" if len(place) > 1 else "")
    return (
        f"no equilibrium found after {steps} steps: the {name} equation of {where} misses by {sizes[name]:.2g} "
        f"(allowed {tolerance:g}); try a smaller shock, or elasticities between 1 and 20"
    )

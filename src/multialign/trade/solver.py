"""Finding the equilibrium: a fixed point of the equations, accelerated (Anderson 1965; Walker & Ni 2011).

A sweep evaluates the equations once. What prices and sales do to themselves within a country (most of what they do at
all: a country buys mainly from itself) is undone exactly, by a matrix per country that is inverted once for each base
year; only the coupling between countries is left to iterate on. Scenarios run side by side; one that is done makes room
for the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from multialign._cache import user_cache
from multialign.trade.equations import (
    Array,
    Closure,
    Coefficients,
    Flows,
    Kernels,
    Patch,
    State,
    evaluate,
    labour_demand,
    residuals,
    to_buyers,
    to_sellers,
)

jax.config.update("jax_enable_x64", True)


def _keep_compiled() -> None:
    """Let later processes find what this one compiles, unless the user has said where, or that they must not."""
    folder = user_cache()
    if jax.config.values["jax_compilation_cache_dir"] is None and folder is not None:
        jax.config.update("jax_compilation_cache_dir", str(folder / "compiled"))
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.05)


_keep_compiled()

MEMORY = 8
"""How many earlier steps the acceleration looks back on."""

# Sales of an industry may be exactly zero; the shift lets them be carried in logs with the rest.
_TINY = 1e-12


def pack(x: State) -> Array:
    """A state as one row per scenario. (B, n)"""
    B = x.X.shape[-1]
    parts = (x.log_P.reshape(-1, B), jnp.log(x.Y + _TINY).reshape(-1, B), x.log_w, jnp.log(x.X))
    return jnp.concatenate(parts).T


def unpack(z: Array, N: int, S: int) -> State:
    """The state in rows of `pack`."""
    z = z.T
    log_P, log_Y, log_w, log_X = jnp.split(z, [S * N, 2 * S * N, 2 * S * N + N])
    return State(log_w, log_P.reshape(S, N, -1), jnp.exp(log_Y).reshape(S, N, -1) - _TINY, jnp.exp(log_X))


@jax.jit
def base_state(c: Coefficients) -> Array:
    """The base year as a row of `pack`. (n,)"""
    S, N = c.v.shape
    zero = jnp.zeros((S, N, 1))
    return pack(State(zero[0], zero, jnp.asarray(c.Y)[:, :, None], jnp.asarray(c.X)[:, None]))[0]


def sweep(
    z: Array,
    k: Kernels,
    patch: Patch | None,
    c: Coefficients,
    closure: Closure,
    damping: Array | float,
    by_trade: bool = False,
) -> Array:
    """One pass: prices, sales and income as the equations say; wages move towards where labour is in demand or,
    `by_trade` (without patches only), towards where trade balances. (B, n)

    Both come to the same point. In a country that is all but closed, what it sells abroad is a small part of what it
    makes: its demand for labour hardly says what its wage should be, its exports over its imports still do.
    """
    S, N = c.v.shape
    x = unpack(z, N, S)
    f = evaluate(x, k, c, closure, patch)
    log_P = x.log_P + jnp.einsum("nsk,knb->snb", c.inside_P, f.log_P_m - x.log_P)
    Y = x.Y + jnp.einsum("nsk,knb->snb", c.inside_Y, f.Y - x.Y)
    Y = jnp.maximum(Y, 0.1 * x.Y)
    if by_trade:
        log_w = x.log_w + jnp.clip(damping * _surplus(f, k), -0.5, 0.5)
    else:
        log_w = x.log_w + damping * jnp.log(labour_demand(Y, c) / (jnp.exp(x.log_w) * c.wL[:, None]))
    # Only relative wages are determined: the world's labour income is the numeraire.
    log_w = log_w - jnp.log((jnp.exp(log_w) * c.wL[:, None]).sum(axis=0))
    return pack(State(log_w, log_P, Y, jnp.maximum(f.I, 1e-3 * x.X)))


def _surplus(f: Flows, k: Kernels) -> Array:
    """What a country earns abroad beyond what it spends there, over the sum of the two: zero in equilibrium. (N, B)"""
    N, B = f.I.shape
    rows = jnp.arange(k.Q.shape[1])
    # Without what stays at home from the start: taken off a sum, it would leave nothing but rounding.
    abroad = (k.Q if k.V is None else k.Q + k.V).at[:, rows, rows % N].set(0.0)
    exports = (f.M * to_sellers(abroad, f.a, None, None, N)).sum(axis=0)
    imports = (f.a * to_buyers(abroad, f.M, None, None, len(rows))).sum(axis=0).reshape(-1, N, B).sum(axis=0)
    return (exports - imports + f.transfer) / (exports + imports + 1e-300)


class Memory(NamedTuple):
    """Where B iterations stand. z, r, g: (B, n) point, last residual and last image; dR, dG: (B, MEMORY, n) last
    differences of the two, in a ring; gram: (B, MEMORY, MEMORY) products of the rows of dR; used: (B, MEMORY) which
    rows count; norm: (B,) largest entry of the residual, infinite before the first step."""

    z: Array
    r: Array
    g: Array
    dR: Array
    dG: Array
    gram: Array
    used: Array
    norm: Array


def empty_memory(z: Array) -> Memory:
    """Iterations that start at z (B, n)."""
    B, n = z.shape
    rows = jnp.zeros((B, MEMORY, n))
    gram, used = jnp.zeros((B, MEMORY, MEMORY)), jnp.zeros((B, MEMORY), dtype=bool)
    return Memory(z, jnp.zeros_like(z), jnp.zeros_like(z), rows, jnp.zeros_like(rows), gram, used, jnp.full(B, jnp.inf))


def accelerate(m: Memory, g: Array, slot: Array, trust: float = 1.0) -> Memory:
    """One step of Anderson's method for each of B iterations, given the image g of m.z; forgets what it remembers
    whenever the residual grows. A leap of more than `trust` in any entry (in logs: a factor e) is not taken."""
    r = g - m.z
    norm = jnp.abs(r).max(axis=1)
    keep = norm <= 2.0 * m.norm
    used = jnp.where(keep[:, None], m.used, False).at[:, slot].set(keep & jnp.isfinite(m.norm))
    dr = r - m.r
    dR = jax.lax.dynamic_update_slice(m.dR, dr[:, None], (0, slot, 0))
    dG = jax.lax.dynamic_update_slice(m.dG, (g - m.g)[:, None], (0, slot, 0))
    products = jnp.einsum("bmn,bkn->bmk", dR, jnp.stack([dr, r], axis=1))
    gram = m.gram.at[:, slot].set(products[:, :, 0]).at[:, :, slot].set(products[:, :, 0])
    # The combination of remembered steps whose residual is least; the shift keeps the small system regular.
    both = used[:, :, None] & used[:, None, :]
    system = jnp.where(both, gram, 0.0)
    shift = 1e-14 * jnp.maximum(jnp.trace(system, axis1=1, axis2=2), 1e-300)[:, None]
    system = system + jnp.eye(MEMORY) * jnp.where(used, shift, 1.0)[:, None, :]
    weight = jnp.linalg.solve(system, jnp.where(used, products[:, :, 1], 0.0)[:, :, None])[:, :, 0]
    ahead = g - jnp.einsum("bm,bmn->bn", weight, dG)
    trusted = jnp.abs(ahead - m.z).max(axis=1) < trust
    return Memory(jnp.where(trusted[:, None], ahead, g), r, g, dR, dG, gram, used, norm)


@partial(jax.jit, static_argnames=("closure",), donate_argnums=(0,))
def _step(
    m: Memory, slot: Array, k: Kernels, patch: Patch | None, c: Coefficients, closure: Closure, damping: Array | float
) -> Memory:
    return accelerate(m, sweep(m.z, k, patch, c, closure, damping), slot)


@partial(jax.jit, donate_argnums=(0, 1))
def _load(m: Memory, patch: Patch, b: Array, z: Array, one: Patch) -> tuple[Memory, Patch]:
    """Put a new scenario in place b."""
    m = m._replace(
        z=m.z.at[b].set(z), r=m.r.at[b].set(0.0), g=m.g.at[b].set(0.0),
        dR=m.dR.at[b].set(0.0), dG=m.dG.at[b].set(0.0), gram=m.gram.at[b].set(0.0),
        used=m.used.at[b].set(False), norm=m.norm.at[b].set(jnp.inf),
    )  # fmt: skip
    put = jax.tree.map(lambda all_, new: all_.at[..., b].set(new), patch, one)
    return m, put


DAMPINGS = (0.5, 0.2)
"""How far wages move towards balance in one sweep; the next is tried where one does not converge."""


class Solved(NamedTuple):
    """A solved scenario. state: as in `equations`, with one scenario; flows: at it; worst: largest residual of each
    equation; steps: sweeps taken; residuals: of each equation, everywhere."""

    state: State
    flows: Flows
    worst: dict[str, float]
    steps: int
    residuals: dict[str, np.ndarray]


@partial(jax.jit, static_argnames=("closure",))
def finish(z: Array, k: Kernels, patch: Patch | None, c: Coefficients, closure: Closure) -> Any:
    x = unpack(z, c.v.shape[1], c.v.shape[0])
    misses, flows = residuals(x, k, c, closure, patch)
    return x, flows, misses, {name: jnp.abs(r).max() for name, r in misses.items()}


def iterate(
    k: Kernels,
    c: Coefficients,
    closure: Closure,
    start: Array,
    *,
    tolerance: float,
    damping: float,
    max_steps: int,
    by_trade: bool = False,
) -> tuple[Array, int]:
    """Iterate one scenario from `start` (n,) until its residual is below `tolerance` or no hope is left: the last point
    (1, n) and the steps taken."""
    z, steps = _run(start, k, c, closure, tolerance, damping, max_steps, by_trade)
    return z, int(steps)


@partial(jax.jit, static_argnames=("closure", "by_trade"))
def _run(
    start: Array,
    k: Kernels,
    c: Coefficients,
    closure: Closure,
    tolerance: float,
    damping: float,
    max_steps: int,
    by_trade: bool,
) -> tuple[Array, Array]:
    def goes_on(at: tuple[Memory, Array]) -> Array:
        m, step = at
        hopeless = (step > 0) & ~jnp.isfinite(m.norm[0])
        return (step < max_steps) & (m.norm[0] > tolerance) & ~hopeless

    def one(at: tuple[Memory, Array]) -> tuple[Memory, Array]:
        m, step = at
        return accelerate(m, sweep(m.z, k, None, c, closure, damping, by_trade), step % MEMORY), step + 1

    m, steps = jax.lax.while_loop(goes_on, one, (empty_memory(start[None]), jnp.array(0)))
    return m.z, steps


def stream(
    k: Kernels,
    c: Coefficients,
    closure: Closure,
    patches: Iterable[tuple[Any, Patch]],
    *,
    batch: int,
    tolerance: float,
    damping: float = DAMPINGS[0],
    max_steps: int = 120,
    result: Callable[[Array, Kernels, Patch, Coefficients, Closure], Any],
) -> Iterator[tuple[Any, Any, int]]:
    """Solve scenarios that differ from shared kernels by a patch each, `batch` side by side, in the order in which they
    come to an end: their name, what `result` makes of the last point (1, n), and the steps taken (`max_steps` where
    there was no convergence).

    All patches have one shape, (S, P) cells and (P,) places.
    """
    queue = iter(patches)
    first = [item for _, item in zip(range(batch), queue, strict=False)]
    if not first:
        return
    names: list[Any] = [name for name, _ in first]
    ones = [one for _, one in first] + [first[0][1]] * (batch - len(first))
    names += [None] * (batch - len(first))
    patch = jax.tree.map(lambda *parts: jnp.stack([jnp.asarray(p) for p in parts], axis=-1), *ones)
    start = base_state(c)
    m = empty_memory(jnp.tile(start, (batch, 1)))
    taken = np.zeros(batch, dtype=int)
    slot = 0
    while any(name is not None for name in names):
        m = _step(m, slot, k, patch, c, closure, damping)
        slot = (slot + 1) % MEMORY
        taken += 1
        norm = np.asarray(m.norm)
        for b in np.flatnonzero((norm <= tolerance) | ~np.isfinite(norm) | (taken >= max_steps)):
            if names[b] is None:
                continue
            own = jax.tree.map(lambda all_, b=b: all_[..., b : b + 1], patch)
            done = norm[b] <= tolerance
            yield names[b], result(m.z[b : b + 1], k, own, c, closure), int(taken[b]) if done else max_steps
            taken[b] = 0
            names[b], one = next(queue, (None, None))
            if one is not None:
                m, patch = _load(m, patch, int(b), start, one)

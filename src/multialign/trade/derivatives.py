"""Derivatives of results by the implicit function theorem: one linear system for each result, whatever the number of
instruments and parameters.

At a solution z = g(z, p), a result o(z, p) has the gradient  do/dp = o_p + lambda' g_p,  lambda = o_z + g_z' lambda.
The second equation is solved by the same accelerated iteration as the equilibrium; nothing is unrolled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import xarray as xr

from multialign.errors import ConvergenceError, InputError, unknown
from multialign.trade.equations import Array, Closure, Coefficients, Flows, Kernels, evaluate, log_numeraire
from multialign.trade.kernels import prepare
from multialign.trade.solution import Solution
from multialign.trade.solver import MEMORY, Memory, accelerate, empty_memory, pack, sweep, unpack

RESULTS = ("real_income", "wage", "price_index", "income", "tariff_revenue")
"""What can be differentiated, by country: all as logs, but ``tariff_revenue`` as a fraction of base income."""

AXES = {
    "tariff": ("importer", "exporter", "sector"),
    "export_tax": ("importer", "exporter", "sector"),
    "friction": ("importer", "exporter", "sector"),
    "productivity": ("country", "sector"),
    "labour": ("country",),
    "elasticity": ("sector",),
    "deficit": ("country",),
}
"""What results can be differentiated by. tariff, export_tax: per unit of the rate; friction, productivity, labour: per
unit of the log; elasticity: per unit; deficit: per unit of the world's labour income, given by all countries in
proportion to theirs."""


class Parameters(NamedTuple):
    """Instruments and parameters, as offsets from a scenario's: t, e, log_d: (S, N, N) [s, n, i]; log_A: (S, N); log_L,
    D: (N,); theta: (S,)."""

    t: Array
    e: Array
    log_d: Array
    log_A: Array
    log_L: Array
    theta: Array
    D: Array


_FIELDS = dict(zip(AXES, ("t", "e", "log_d", "log_A", "log_L", "theta", "D"), strict=True))


class Point(NamedTuple):
    """Where derivatives are taken: the kernels of the scenario, its rates t, e (S, N, N), the log change of trade costs
    against the base (S, N, N), coefficients, the state (1, n), and political weights of industries (S, N)."""

    k: Kernels
    t: Array
    e: Array
    log_change: Array
    c: Coefficients
    z: Array
    weight: Array


def at_offset(point: Point, p: Parameters, taxed: bool) -> tuple[Kernels, Coefficients]:
    """Kernels and coefficients with the offsets laid on. (8) in the neighbourhood of a scenario."""
    c, k = point.c, point.k
    theta = c.theta + p.theta
    change = p.log_d - p.log_A[:, None, :] + jnp.log1p(p.t / (1.0 + point.t)) + jnp.log1p(p.e / (1.0 + point.e))
    U = k.K.shape[1] // c.wL.shape[0]

    def by_use(a: Array) -> Array:
        return jnp.concatenate([a] * U, axis=1)

    factor = jnp.exp(-theta[:, None, None] * change - p.theta[:, None, None] * point.log_change)
    K = k.K * by_use(factor)
    t, e = point.t + p.t, point.e + p.e
    to_seller = 1.0 / ((1.0 + t) * (1.0 + e))
    V = K * by_use(to_seller * e) if taxed else None
    wL = c.wL * jnp.exp(p.log_L)
    D = c.D + p.D - c.wL / c.wL.sum() * p.D.sum()
    return Kernels(K, K * by_use(to_seller), V), c._replace(theta=theta, wL=wL, D=D)


def _image(z: Array, p: Parameters, point: Point, closure: Closure, taxed: bool) -> Array:
    k, c = at_offset(point, p, taxed)
    return sweep(z, k, None, c, closure, 0.5)


def results(z: Array, p: Parameters, point: Point, closure: Closure, taxed: bool, of: str) -> Array:
    """One of `RESULTS`, for all countries. (N,)"""
    k, c = at_offset(point, p, taxed)
    x = unpack(z, c.v.shape[1], c.v.shape[0])
    f = evaluate(x, k, c, closure)
    log_P = (c.alpha[:, :, None] * f.log_P_f).sum(axis=0)[:, 0]
    unit = log_numeraire(x, c, closure)[0]
    log_X = jnp.log(x.X[:, 0])
    return {
        "real_income": lambda: log_X - log_P,
        "wage": lambda: x.log_w[:, 0] - unit,
        "price_index": lambda: log_P - unit,
        "income": lambda: log_X - unit,
        "tariff_revenue": lambda: f.tariff_revenue[:, 0] * jnp.exp(-unit) / point.c.X,
        "objective": lambda: jnp.log(_political_income(f, point, c)) - log_P,
    }[of]()


def _political_income(f: Flows, point: Point, c: Coefficients) -> Array:
    """What a government counts as income: value added by industry, each with its weight, revenue and transfers. (N,)"""
    value_added = (point.weight * c.v * f.Y[:, :, 0]).sum(axis=0)
    return value_added + (f.tariff_revenue + f.export_tax_revenue + f.transfer)[:, 0]


@partial(jax.jit, static_argnames=("closure", "taxed", "of"))
def _prepare(point: Point, p: Parameters, weights: Array, closure: Closure, taxed: bool, of: str) -> Any:
    """The linear map of the adjoint equation, and its right-hand sides o_z (B, n)."""
    pull = jax.vjp(lambda z: _image(z, p, point, closure, taxed), point.z)[1]
    pull_result = jax.vjp(lambda z: results(z, p, point, closure, taxed, of), point.z)[1]
    return pull, jax.vmap(lambda w: pull_result(w)[0][0])(weights)


@partial(jax.jit, donate_argnums=(0,))
def _adjoint_step(m: Memory, slot: Array, pull: Any, right: Array) -> Memory:
    image = right + jax.vmap(lambda row: pull(row[None])[0][0])(m.z)
    return accelerate(m, image, slot, trust=jnp.inf)


@partial(jax.jit, static_argnames=("closure", "taxed", "of", "wanted"))
def pull_back(
    adjoint: Array,
    weights: Array,
    point: Point,
    p: Parameters,
    closure: Closure,
    taxed: bool,
    of: str,
    wanted: tuple[str, ...],
) -> dict[str, Array]:
    """o_p + lambda' g_p for one result, for the parameters wanted."""

    def both(some: dict[str, Array]) -> tuple[Array, Array]:
        q = p._replace(**some)
        return _image(point.z, q, point, closure, taxed), results(point.z, q, point, closure, taxed, of)

    pull = jax.vjp(both, {f: getattr(p, f) for f in wanted})[1]
    return pull((adjoint[None], weights))[0]


def point_of(s: Solution) -> tuple[Point, Parameters]:
    eco, ready = s.economy, prepare(s.economy)
    S, N = eco.v.shape[1], eco.v.shape[0]

    def industry_first(a: np.ndarray) -> Array:
        return jnp.asarray(np.ascontiguousarray(a.transpose(2, 0, 1)))

    t, e = s.shock.everywhere("t", eco.t), s.shock.everywhere("e", eco.e)
    d = s.shock.everywhere("d", np.ones_like(eco.t))
    change = np.log(d) + np.log1p(t) - np.log1p(eco.t) + np.log1p(e) - np.log1p(eco.e)
    state = jax.tree.map(jnp.asarray, s.solved.state)
    rates = (industry_first(t), industry_first(e), industry_first(change))
    point = Point(s.kernels, *rates, ready.coefficients, pack(state), jnp.ones((S, N)))
    flat, cell = jnp.zeros((S, N)), jnp.zeros((S, N, N))
    return point, Parameters(cell, cell, cell, flat, jnp.zeros(N), jnp.zeros(S), jnp.zeros(N))


def adjoints(
    point: Point,
    p: Parameters,
    weights: Array,
    closure: Closure,
    taxed: bool,
    of: str,
    *,
    tolerance: float = 1e-9,
    max_steps: int = 400,
    start: Array | None = None,
) -> Array:
    """The multipliers lambda of results (B, N) @ `of`, (B, n), from `start` if given. Raises ConvergenceError."""
    pull, right = _prepare(point, p, weights, closure, taxed, of)
    size = jnp.maximum(jnp.abs(right).max(axis=1, keepdims=True), 1e-300)
    right = right / size
    m = empty_memory(jnp.zeros_like(right) if start is None else start / size)
    for step in range(max_steps):
        m = _adjoint_step(m, step % MEMORY, pull, right)
        if float(m.norm.max()) <= tolerance:
            return m.z * size
    raise ConvergenceError(
        f"the derivatives did not converge: {float(m.norm.max()):.2g} after {max_steps} steps (allowed {tolerance:g})"
    )


def gradient(
    solution: Solution,
    of: str = "real_income",
    country: str | Mapping[str, float] = "USA",
    to: Sequence[str] = ("tariff", "export_tax", "friction", "productivity", "labour", "elasticity", "deficit"),
    *,
    tolerance: float = 1e-9,
) -> xr.Dataset:
    """The gradient of a result at a solution.

    Parameters
    ----------
    of: one of `RESULTS`. country: whose, or a weighted sum (code -> weight).
    to: names from `AXES`; see there for units.
    tolerance: relative, of the linear system.

    Returns one variable for each of `to`, with the axes of `AXES`. The industry-and-partner cells that trade nothing
    have zero; entries for a country's trade with itself are derivatives too (friction: of moving goods at home).
    Raises InputError for names that are not known, ConvergenceError.
    """
    C, S = solution.countries, solution.sectors
    if of not in RESULTS:
        raise unknown("result", of, list(RESULTS), field="of")
    for name in to:
        if name not in AXES:
            raise unknown("parameter", name, list(AXES), field="to")
    weights = np.zeros(len(C))
    for code, weight in ({country: 1.0} if isinstance(country, str) else country).items():
        if code not in C:
            raise unknown("country", code, C, field="country")
        weights[C.index(code)] += weight
    if not np.isfinite(weights).all() or not weights.any():
        raise InputError("weights must be finite and not all zero", field="country")
    taxed = "export_tax" in to or solution.kernels.V is not None
    point, p = point_of(solution)
    w = jnp.asarray(weights)
    wanted = tuple(_FIELDS[name] for name in to)
    adjoint = adjoints(point, p, w[None], solution.closure, taxed, of, tolerance=tolerance)[0]
    found = pull_back(adjoint, w, point, p, solution.closure, taxed, of, wanted)
    values = {name: (AXES[name], _in_order(np.asarray(found[_FIELDS[name]]))) for name in to}
    used = {a for name in to for a in AXES[name]}
    coords = {a: (S if a == "sector" else C) for a in ("importer", "exporter", "country", "sector") if a in used}
    return xr.Dataset(values, coords=coords, attrs={"of": of, "country": str(country)})


def _in_order(a: np.ndarray) -> np.ndarray:
    """(S, N, N) -> (N, N, S), (S, N) -> (N, S)."""
    return a.transpose(1, 2, 0) if a.ndim == 3 else a.T


def friends_and_enemies(
    solution: Solution, *, chunk: int = 9, tolerance: float = 1e-9, progress: Any = None
) -> xr.Dataset:
    """Who gains from whose growth and tariffs, to first order: the matrices of Kleinman, Liu & Redding (2024), in the
    full model.

    growth (country, partner): change of the country's real income, in %, per 1 % more productivity in all industries of
    the partner. tariff (country, importer, exporter): in %, per point of a tariff of the importer on all goods and
    services of the exporter. friction (country, importer, exporter): in %, per 1 % of iceberg cost. income (country,
    partner): change of nominal income, in %, per 1 % more productivity of the partner.
    Raises ConvergenceError.
    """
    C = solution.countries
    N = len(C)
    point, p = point_of(solution)
    closure, taxed = solution.closure, solution.kernels.V is not None
    wanted = ("t", "log_d", "log_A")
    growth, income = np.empty((N, N)), np.empty((N, N))
    tariff, friction = np.empty((N, N, N)), np.empty((N, N, N))
    for first in range(0, N, chunk):
        rows = np.eye(N)[first : first + chunk]
        for of, target in (("real_income", growth), ("income", income)):
            lam = adjoints(point, p, jnp.asarray(rows), closure, taxed, of, tolerance=tolerance)
            for b in range(len(rows)):
                w = jnp.asarray(rows[b])
                found = pull_back(lam[b], w, point, p, closure, taxed, of, wanted)
                target[first + b] = np.asarray(found["log_A"]).sum(axis=0)
                if of == "real_income":
                    tariff[first + b] = np.asarray(found["t"]).sum(axis=0)
                    friction[first + b] = np.asarray(found["log_d"]).sum(axis=0)
        if progress is not None:
            progress(min(first + chunk, N), N)
    three = ("country", "importer", "exporter")
    return xr.Dataset(
        {
            "growth": (("country", "partner"), growth),
            "income": (("country", "partner"), income),
            "tariff": (three, tariff),
            "friction": (three, friction),
        },
        coords={"country": C, "partner": C, "importer": C, "exporter": C},
    )

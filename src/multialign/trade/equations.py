"""The equilibrium in changes, equation by equation (JAX).

Exact hat algebra after Dekle, Eaton & Kortum (2008) and Caliendo & Parro (2015), with separate trade shares for
intermediate and final use. A hat is the ratio of the new value to the base year's. Equation numbers are those of
docs/explanation/model.md; in brackets those of Caliendo & Parro (2015) that they generalise.

Arrays here put the industry first and end in an axis of scenarios, so that the sums over partners are one matrix
product per industry whatever the number of scenarios. Index letters as in the papers: n importer, i exporter, s
industry of the good, k using industry, u use; b scenario; r = (u, n) rows of a kernel.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp

Array = Any  # JAX arrays; NumPy ones once a solve is done


class Coefficients(NamedTuple):
    """What no scenario changes, in units of the world's labour income.

    v, alpha: (S, N) shares of value added in cost and of goods in final spending. gamma: (N, S, S) [n, s, k] share of
    input s in the cost of industry k. theta: (S,). wL: (N,) labour income, summing to one. D: (N,) deficits. Y: (S, N)
    sales and X: (N,) income of the base year. inside_P, inside_Y: (N, S, S) inverses of what prices and sales do to
    themselves within each country (see `solver`).
    """

    v: Array
    alpha: Array
    gamma: Array
    theta: Array
    wL: Array
    D: Array
    Y: Array
    X: Array
    inside_P: Array
    inside_Y: Array


class Kernels(NamedTuple):
    """What a scenario does to trade, before prices answer. (S, U N, N) [s, (u, n), i]; U is 2, or 1 where both uses
    have the same shares.

    K: base shares times the change in trade costs to the power -theta (zero where an embargo stands).
    Q: the same times 1 / ((1 + e')(1 + t')), the part of the buyer's price that reaches the seller.
    V: the same times e' / ((1 + e')(1 + t')), the part that the exporter's treasury gets; None where no export tax is.
    """

    K: Array
    Q: Array
    V: Array | None


class Patch(NamedTuple):
    """What sets scenarios apart from kernels that they share, cell by cell.

    row, col: (P, B) places (u, n) and i in the kernels. K, Q, V: (S, P, B) what is added there; V is None where no
    scenario has an export tax. A cell that is not needed adds zero at place 0, 0.
    """

    row: Array
    col: Array
    K: Array
    Q: Array
    V: Array | None


class Closure(NamedTuple):
    """How deficits move (hashable: it selects code).

    deficits: ``kept`` nominal in the numeraire, ``share`` of world income, or ``own``: of the country's labour income,
    the sum of all being spread over all in proportion to it. numeraire: ``labour`` or ``income`` of the world, or the
    position of a country, whose wage it is.
    """

    deficits: str = "kept"
    numeraire: str | int = "labour"


class State(NamedTuple):
    """What is solved for. log_w: (N, B); log_P: (S, N, B) price index of inputs; Y: (S, N, B) sales; X: (N, B) income.
    Hats in logs, levels in units of the world's labour income."""

    log_w: Array
    log_P: Array
    Y: Array
    X: Array


class Flows(NamedTuple):
    """Everything that one evaluation of the equations yields.

    log_c, log_P_m, log_P_f: (S, N, B); E_m, E_f: (S, N, B) spending; Y: (S, N, B) sales; I: (N, B) income;
    tariff_revenue, export_tax_revenue, transfer: (N, B); M: (S, N, B) competitiveness c^-theta, scaled per industry;
    a: (S, U N, B) the buyers' spending over Phi, so that trade is kernel x M x a.
    """

    log_c: Array
    log_P_m: Array
    log_P_f: Array
    E_m: Array
    E_f: Array
    Y: Array
    I: Array
    tariff_revenue: Array
    export_tax_revenue: Array
    transfer: Array
    M: Array
    a: Array


def evaluate(x: State, k: Kernels, c: Coefficients, closure: Closure, patch: Patch | None = None) -> Flows:
    """One pass through the equations, from a state to everything that follows from it."""
    N = c.wL.shape[0]
    theta = c.theta[:, None, None]

    # (1) unit cost [CP 2]: log c_is = v_is log w_i + sum_k gamma_iks log P_ik
    log_c = c.v[:, :, None] * x.log_w[None] + jnp.einsum("nks,knb->snb", c.gamma, x.log_P)

    # (2) price indices [CP 4]: P^u_ns = (sum_i K^u_nis c_is^-theta)^(-1/theta). Scaling M per industry keeps large
    # elasticities from over- or underflowing.
    log_M = -theta * log_c
    top = log_M.max(axis=1, keepdims=True)
    M = jnp.exp(log_M - top)
    rows = k.K.shape[1]
    dK, dQ, dV = (None, None, None) if patch is None else (patch.K, patch.Q, patch.V)
    Phi = to_buyers(k.K, M, patch, dK, rows)
    log_P = -(jnp.log(Phi) + top) / theta
    log_P_m, log_P_f = log_P[:, :N], log_P[:, -N:]

    # (3) spending by use [CP 7]: E^m_ns = sum_k gamma_nsk Y_nk, E^f_ns = alpha_ns I_n
    E_m = jnp.einsum("nsk,knb->snb", c.gamma, x.Y)
    E_f = c.alpha[:, :, None] * x.X[None]
    a = (jnp.concatenate([E_m, E_f], axis=1) if Phi.shape[1] > N else E_m + E_f) / Phi

    # (4) sales [CP 7] at producer prices
    Y = M * to_sellers(k.Q, a, patch, dQ, N)

    # (5) revenue: the tariff goes to the importer; the export tax, or if negative the discount's cost, to the exporter
    paid_out = a * to_buyers(k.Q, M, patch, dQ, rows)
    export_tax_revenue = jnp.zeros_like(x.log_w)
    if k.V is not None or dV is not None:
        paid_out = paid_out + a * to_buyers(k.V, M, patch, dV, rows)
        export_tax_revenue = (M * to_sellers(k.V, a, patch, dV, N)).sum(axis=0)
    at_border = paid_out.sum(axis=0).reshape(-1, N, x.X.shape[-1]).sum(axis=0)
    tariff_revenue = (E_m + E_f).sum(axis=0) - at_border

    # (6) income [CP 8]: I_n = w_n L_n + R_n + D_n
    transfer = deficits(x, c, closure)
    income = jnp.exp(x.log_w) * c.wL[:, None] + tariff_revenue + export_tax_revenue + transfer
    return Flows(log_c, log_P_m, log_P_f, E_m, E_f, Y, income, tariff_revenue, export_tax_revenue, transfer, M, a)


def deficits(x: State, c: Coefficients, closure: Closure) -> Array:
    """(6') what each country spends beyond its income, under the closure. (N, B), summing to zero."""
    D = c.D[:, None]
    if closure.deficits == "own":
        wL = jnp.exp(x.log_w) * c.wL[:, None]
        own = (D / c.wL[:, None]) * wL
        return own - wL / wL.sum(axis=0) * own.sum(axis=0)
    if closure.deficits == "share" or closure.numeraire == "income":
        return D * (x.X.sum(axis=0) / c.X.sum())
    return D * jnp.exp(log_numeraire(x, c, closure))


def log_numeraire(x: State, c: Coefficients, closure: Closure) -> Array:
    """Change, in logs, of what nominal values are counted in, against the world's labour income. (B,)"""
    if closure.numeraire == "labour":
        return jnp.zeros_like(x.X[0])
    if closure.numeraire == "income":
        return jnp.log(x.X.sum(axis=0) / c.X.sum())
    return x.log_w[closure.numeraire]


def to_buyers(kernel: Array | None, x: Array, patch: Patch | None, cells: Array | None, rows: int) -> Array:
    """Sum over exporters, for every importer and use. (S, R, N), (S, N, B) [s, i, b] -> (S, R, B), R rows."""
    S, _, B = x.shape
    total = jnp.zeros((S, rows, B)) if kernel is None else jnp.einsum("sri,sib->srb", kernel, x)
    if patch is None or cells is None:
        return total
    b = jnp.arange(B)
    return total.at[:, patch.row, b].add(cells * x[:, patch.col, b])


def to_sellers(kernel: Array | None, a: Array, patch: Patch | None, cells: Array | None, N: int) -> Array:
    """Sum over importers and uses, for every exporter. (S, R, N), (S, R, B) [s, r, b] -> (S, N, B)"""
    S, _, B = a.shape
    total = jnp.zeros((S, N, B)) if kernel is None else jnp.einsum("sri,srb->sib", kernel, a)
    if patch is None or cells is None:
        return total
    b = jnp.arange(B)
    return total.at[:, patch.col, b].add(cells * a[:, patch.row, b])


def labour_demand(Y: Array, c: Coefficients) -> Array:
    """Value added that sales call for: sum_k v_nk Y_nk. (N, B)"""
    return (c.v[:, :, None] * Y).sum(axis=0)


def residuals(
    x: State, k: Kernels, c: Coefficients, closure: Closure, patch: Patch | None = None
) -> tuple[dict[str, Array], Flows]:
    """How far a state is from satisfying each equation, relative to the country's labour income (prices: in logs), and
    the flows there.

    ``prices`` (S, N, B), ``sales`` (S, N, B), ``income`` (N, B), ``labour`` (N, B): demand for labour against its
    supply.
    """
    f = evaluate(x, k, c, closure, patch)
    wL = jnp.exp(x.log_w) * c.wL[:, None]
    return {
        "prices": f.log_P_m - x.log_P,
        "sales": (f.Y - x.Y) / wL[None],
        "income": (f.I - x.X) / wL,
        "labour": (labour_demand(f.Y, c) - wL) / wL,
    }, f

"""The equilibrium in changes, equation by equation (JAX).

Exact hat algebra after Dekle, Eaton & Kortum (2008) and Caliendo & Parro (2015), with separate trade shares for
intermediate and final use. A hat is the ratio of the new value to the base year's. Equation numbers are those of
docs/explanation/model.md; in brackets those of Caliendo & Parro (2015) that they generalise.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import jax.numpy as jnp

from multialign.trade.economy import Economy

Array = Any  # JAX arrays; NumPy ones once a solve is done


class Kernels(NamedTuple):
    """What a scenario does to trade, before prices answer. All (S, N, N) [s, n, i], so that sums over i are matrix
    products per industry.

    K_m, K_f: base shares times the change in trade costs to the power -theta (zero where an embargo stands).
    B_m, B_f: the same times 1 / (1 + t'), the part of the buyer's price that reaches the border.
    S_m, S_f: the same times 1 / ((1 + e')(1 + t')), the part that reaches the seller.
    """

    K_m: Array
    K_f: Array
    B_m: Array
    B_f: Array
    S_m: Array
    S_f: Array


class State(NamedTuple):
    """What is solved for. log_w: (N,), log_P: (N, S) price index of inputs, Y: (N, S) sales, X: (N,) income. Hats
    in logs, levels in units of the world's labour income."""

    log_w: Array
    log_P: Array
    Y: Array
    X: Array


class Flows(NamedTuple):
    """Everything that one evaluation of the equations yields.

    log_c (N, S); log_P_m, log_P_f (N, S); E_m, E_f (N, S) spending; Y (N, S) sales; I (N,) income; tariff_revenue,
    export_tax_revenue (N,); M (S, N) [s, i] competitiveness c^-theta, scaled per industry; Phi_m, Phi_f (S, N).
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
    M: Array
    Phi_m: Array
    Phi_f: Array


def evaluate(x: State, k: Kernels, eco: Economy) -> Flows:
    """One pass through the equations, from a state to everything that follows from it."""
    # (1) unit cost [CP 2]: log c_is = v_is log w_i + sum_k gamma_iks log P_ik
    log_c = eco.v * x.log_w[:, None] + jnp.einsum("nks,nk->ns", eco.gamma, x.log_P)

    # (2) price indices [CP 4]: P^u_ns = (sum_i K^u_nis c_is^-theta)^(-1/theta). Scaling M per industry keeps large
    # elasticities from over- or underflowing.
    log_M = -eco.theta[:, None] * log_c.T
    top = log_M.max(axis=1, keepdims=True)
    M = jnp.exp(log_M - top)
    Phi_m, Phi_f = _to_buyers(k.K_m, M), _to_buyers(k.K_f, M)
    log_P_m = (-(jnp.log(Phi_m) + top) / eco.theta[:, None]).T
    log_P_f = (-(jnp.log(Phi_f) + top) / eco.theta[:, None]).T

    # (3) spending by use [CP 7]: E^m_ns = sum_k gamma_nsk Y_nk, E^f_ns = alpha_ns I_n
    E_m = jnp.einsum("nsk,nk->ns", eco.gamma, x.Y)
    E_f = eco.alpha * x.X[:, None]

    # (4) sales [CP 7] at producer prices, and at the border, per unit of the buyers' spending
    a_m, a_f = (E_m.T / Phi_m), (E_f.T / Phi_f)  # (S, N) [s, n]
    Y = (M * (_to_sellers(k.S_m, a_m) + _to_sellers(k.S_f, a_f))).T
    at_border = a_m * _to_buyers(k.B_m, M) + a_f * _to_buyers(k.B_f, M)  # (S, N) [s, n]
    exports_at_border = M * (_to_sellers(k.B_m, a_m) + _to_sellers(k.B_f, a_f))

    # (5) revenue: the tariff goes to the importer; the export tax, or if negative the discount's cost, to the exporter
    tariff_revenue = (E_m + E_f).sum(axis=1) - at_border.sum(axis=0)
    export_tax_revenue = exports_at_border.sum(axis=0) - Y.sum(axis=1)

    # (6) income [CP 8]: I_n = w_n L_n + R_n + D_n
    income = jnp.exp(x.log_w) * eco.wL + tariff_revenue + export_tax_revenue + eco.D
    return Flows(log_c, log_P_m, log_P_f, E_m, E_f, Y, income, tariff_revenue, export_tax_revenue, M, Phi_m, Phi_f)


def _to_buyers(kernel: Array, x: Array) -> Array:
    """Sum over exporters, for every importer. (S, N, N), (S, N) [s, i] -> (S, N) [s, n]"""
    return jnp.einsum("sni,si->sn", kernel, x)


def _to_sellers(kernel: Array, x: Array) -> Array:
    """Sum over importers, for every exporter. (S, N, N), (S, N) [s, n] -> (S, N) [s, i]"""
    return jnp.einsum("sni,sn->si", kernel, x)


def labour_demand(Y: Array, eco: Economy) -> Array:
    """Value added that sales call for: sum_k v_nk Y_nk. (N,)"""
    return (eco.v * Y).sum(axis=1)


def residuals(x: State, k: Kernels, eco: Economy) -> dict[str, Array]:
    """How far a state is from satisfying each equation, relative to the country's labour income (prices: in logs).

    ``prices`` (N, S), ``sales`` (N, S), ``income`` (N,), ``labour`` (N,): demand for labour against its supply.
    """
    f = evaluate(x, k, eco)
    wL = jnp.exp(x.log_w) * eco.wL
    return {
        "prices": f.log_P_m - x.log_P,
        "sales": (f.Y - x.Y) / wL[:, None],
        "income": (f.I - x.X) / wL,
        "labour": (labour_demand(f.Y, eco) - wL) / wL,
    }

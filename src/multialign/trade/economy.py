"""The coefficients on which the equilibrium works: shares, levels and elasticities of a World's base year."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from multialign.world import World

# NumPy arrays outside the solver, JAX arrays within it.
Array = Any


class Economy(NamedTuple):
    """Coefficients of technology and taste, and the base year's levels. N countries, S industries.

    Index letters as in the papers: n importer, i exporter, s industry (of the good), k using industry.

    pi_m, pi_f: (N, N, S) share of exporter i in importer n's spending on s, by use; tariff-inclusive, sums to 1 over i.
    gamma: (N, S, S) [n, s, k] share of input s in the cost of industry k. v: (N, S) share of value added.
    alpha: (N, S) share of s in final spending. wL: (N,) labour income. D: (N,) deficit. t, e: (N, N, S) tariff and
    export tax. theta: (S,) trade elasticity. E_m, E_f: (N, S) spending by use. Y: (N, S) sales at producer prices.
    I: (N,) income.
    Levels in million USD.
    """

    pi_m: Array
    pi_f: Array
    gamma: Array
    v: Array
    alpha: Array
    wL: Array
    D: Array
    t: Array
    e: Array
    theta: Array
    E_m: Array
    E_f: Array
    Y: Array
    I: Array


def economy(world: World) -> Economy:
    """The Economy of a World.

    An industry without sales gets v = 1 (its price then follows the wage, and nobody buys it); a good that nobody buys
    is supplied from home, so that its price is defined.
    """
    t, e = world.array("tariff"), world.array("export_tax")
    wedge = (1.0 + e) * (1.0 + t)
    spend_m, spend_f = world.array("intermediate_trade") * wedge, world.array("final_trade") * wedge
    use, va = world.array("input_use"), world.array("value_added")
    final = world.array("final_use")
    cost = use.sum(axis=1) + va
    made = cost > 0
    gamma = np.divide(use, cost[:, None, :], out=np.zeros_like(use), where=made[:, None, :])
    v = np.where(made, np.divide(va, cost, out=np.ones_like(va), where=made), 1.0)
    income = final.sum(axis=1)
    return Economy(
        pi_m=_shares(spend_m, spend_f),
        pi_f=_shares(spend_f, spend_m),
        gamma=gamma,
        v=v,
        alpha=final / income[:, None],
        wL=va.sum(axis=1),
        D=world.array("deficit"),
        t=t,
        e=e,
        theta=world.array("elasticity"),
        E_m=use.sum(axis=2),
        E_f=final,
        Y=cost,
        I=income,
    )


def _shares(spending: Array, other: Array) -> Array:
    """Shares over exporters; where a use buys nothing, those of the other use, and failing that all from home."""
    N = spending.shape[0]
    home = np.broadcast_to(np.eye(N)[:, :, None], spending.shape)
    for source in (spending, other):
        total = source.sum(axis=1, keepdims=True)
        if source is spending:
            shares = np.divide(spending, total, out=np.full_like(spending, np.nan), where=total > 0)
        else:
            fallback = np.divide(source, total, out=home.copy(), where=total > 0)
            shares = np.where(np.isnan(shares), fallback, shares)
    return shares

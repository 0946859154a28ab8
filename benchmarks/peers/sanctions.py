"""sanction-simulator (Bhattathiripad & Veetil 2026): embargoes between pairs of countries, on its own model.

Its model is another one than ours: the OECD tables of 2022 without a rest of the world, 80 countries and 50 industries;
flows are rerouted by biproportional fitting and output is rationed by a CES bundle of inputs. It has no prices, so no
terms of trade. Only the work compares: one embargo in all industries, both ways, on tables of the same size.
"""

from __future__ import annotations

import itertools
from typing import Any

REROUTING, LEAKAGE, CURVATURE = 0.30, 0.10, -1.0
"""The package's own baseline parameters (tau, delta, rho)."""


def network() -> Any:
    """The package's benchmark network, from the file that comes with it."""
    import sanction_simulator
    from sanction_simulator import power_trade_estimation as model

    return model.Benchmark(sanction_simulator.data_dir(), cache=sanction_simulator.bench_cache())


def largest_pairs(net: Any, count: int) -> list[tuple[str, str]]:
    """The pairs of countries that trade most in inputs, as ISO3 codes."""
    flows = net.flows().reshape(net.S, net.C, net.S, net.C).sum(axis=(0, 2))
    pairs = sorted(itertools.combinations(range(net.C), 2), key=lambda p: -(flows[p] + flows[p[::-1]]))
    return [(net.countries[a], net.countries[b]) for a, b in pairs[:count]]


def embargoes(net: Any, pairs: list[tuple[str, str]], batch: int = 25) -> list[dict[str, float]]:
    """Loss of gross output, as a share, by country, for an embargo within each pair, `batch` of them side by side."""
    from sanction_simulator import power_trade_estimation as model

    out = []
    for start in range(0, len(pairs), batch):
        legs = [model.bilateral_legs(net.cidx[a], net.cidx[b]) for a, b in pairs[start : start + batch]]
        scenarios = model.ScenarioBatch(net, legs, REROUTING, LEAKAGE)
        scenarios.balance()
        found = scenarios.solve(CURVATURE)
        lost = (net.s[None] - found["s_omega"]).reshape(-1, net.S, net.C).sum(axis=1) / net.s_country
        out += [dict(zip(net.countries, row.tolist(), strict=True)) for row in lost]
    return out

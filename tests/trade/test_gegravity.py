"""A one-industry world against gegravity (Herman 2021): two programs, one economy.

gegravity's own experiment leaves output and spending at their base values within the resistances (see
docs/explanation/benchmarks.md), so it is not the equilibrium that we solve. Both are brought together in two ways:
our equilibrium is handed to gegravity as a baseline, and gegravity's experiment is repeated on its own results.
"""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("gegravity", reason="gegravity is an optional install")
gravity = pytest.importorskip("peers.gravity", reason="the yardsticks of benchmarks/ are not on the path")

from multialign import Friction, Scenario, solve  # noqa: E402


def solved(case, base, deficits="kept"):
    """Our solution of a case's agreement, from gegravity's baseline."""
    change = float(gravity.iceberg(case).min()) - 1.0
    pact = Friction(importers=case.partners, exporters=case.partners, change=change)
    scenario = Scenario(elasticities="world", deficits=deficits, instruments=(pact,))
    return solve(scenario, gravity.world(case, base.trade))


def baseline(case):
    return gravity.modelled(gravity.model(case), case, case.pairs)


@pytest.mark.parametrize(("size", "deficits"), [(0.0, "kept"), (0.2, "kept"), (0.2, "share"), (0.2, "own")])
def test_our_equilibrium_is_a_baseline_of_gegravity(size, deficits):
    case = gravity.made_up_case(N=8, deficits=size)
    base = baseline(case)
    ours = solved(case, base, deficits)
    wage, price = ours.data["wage"].values, ours.data["price_index"].values
    theirs = gravity.modelled(*_swapped(case, ours, base))
    assert ours.welfare_pct[case.partners[0]] > 0.1
    np.testing.assert_allclose(ours.trade.values[:, :, 0], theirs.trade, rtol=1e-7)
    reference = price[1]  # gegravity counts in the price index of its reference importer
    np.testing.assert_allclose(price / reference, theirs.P / base.P, rtol=1e-7)
    np.testing.assert_allclose(wage / reference, gravity.factory_gate(base, theirs), rtol=1e-7)


def _swapped(case, ours, base):
    model, pairs = gravity.at(case, base.output * ours.data["wage"].values, ours.data["income"].values)
    return model, case, pairs


def test_gegravity_repeated_on_its_own_results_comes_to_ours():
    case = gravity.made_up_case(N=8)
    base = baseline(case)
    ours = solved(case, base)
    output = base.output
    for _ in range(12):
        model, pairs = gravity.at(case, output, output)
        after = gravity.modelled(model, case, pairs)
        prices = gravity.factory_gate(base, after)
        output = base.output * prices
    real_gdp = 100.0 * prices / (after.P / base.P) - 100.0
    np.testing.assert_allclose(ours.welfare_pct.values, real_gdp, atol=1e-6)
    once = gravity.agreement(case).country_results.loc[list(case.countries), "GDP change (percent)"].to_numpy(float)
    assert np.abs(ours.welfare_pct.values - once).max() > 1e-3, "gegravity's single round has become the equilibrium"
    np.testing.assert_allclose(ours.welfare_pct.values, once, atol=0.05 * real_gdp.max())

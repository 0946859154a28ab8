"""Gradients against finite differences of whole solves."""

from __future__ import annotations

import numpy as np
import pytest

from multialign import Discount, Friction, InputError, Scenario, Tariff, gradient, solve
from multialign.trade import friends_and_enemies
from multialign.trade.derivatives import RESULTS
from multialign.trade.shock import shock_of_arrays

STEP = 1e-4
SCENARIO = Scenario(
    instruments=(
        Tariff(importers=("A",), exporters=("B",), rate=0.3),
        Discount(importers=("B",), exporters=("C",), rate=0.1),
        Friction(importers=("D",), change=0.2),
    ),
    elasticities="world",
)


@pytest.fixture(scope="module")
def solved(small_world):
    return solve(SCENARIO, small_world, tolerance=1e-12)


def value(data, of, economy):
    if of == "tariff_revenue":
        return data[of].values / economy.I
    return np.log(data[of].values)


def moved(world, solved, of, **arrays):
    eco = solved.economy
    rates = {
        "t": solved.shock.everywhere("t", eco.t),
        "e": solved.shock.everywhere("e", eco.e),
        "d": solved.shock.everywhere("d", np.ones_like(eco.t)),
    }
    base = arrays.pop("base", eco)
    result = solve(SCENARIO, world, base=base, shock=shock_of_arrays(eco, **rates | arrays), tolerance=1e-13)
    return value(result.data, of, eco)


@pytest.mark.parametrize("of", RESULTS)
def test_instruments(small_world, solved, of):
    eco = solved.economy
    found = gradient(solved, of, "B", to=("tariff", "export_tax", "friction"), tolerance=1e-12)
    arrays = {
        "tariff": ("t", solved.shock.everywhere("t", eco.t)),
        "export_tax": ("e", solved.shock.everywhere("e", eco.e)),
        "friction": ("d", solved.shock.everywhere("d", np.ones_like(eco.t))),
    }
    for name, (key, array) in arrays.items():
        for cell in ((0, 1, 2), (1, 2, 0)):
            up, down = array.copy(), array.copy()
            if name == "friction":
                up[cell], down[cell] = up[cell] * np.exp(STEP), down[cell] * np.exp(-STEP)
            else:
                up[cell], down[cell] = up[cell] + STEP, down[cell] - STEP
            high, low = (moved(small_world, solved, of, **{key: a})[1] for a in (up, down))
            assert float(found[name].values[cell]) == pytest.approx((high - low) / (2 * STEP), abs=2e-7)


@pytest.mark.parametrize(("numeraire", "of"), [("income", "wage"), ("B", "tariff_revenue")])
def test_nominal_results_are_counted_in_the_numeraire(small_world, numeraire, of):
    scenario = SCENARIO.model_copy(update={"numeraire": numeraire, "deficits": "share"})
    found = solve(scenario, small_world, tolerance=1e-12)
    t = found.shock.everywhere("t", found.economy.t)
    rates = {"e": found.shock.everywhere("e", found.economy.e), "d": found.shock.everywhere("d", np.ones_like(t))}
    ends = []
    for step in (STEP, -STEP):
        moved_t = t.copy()
        moved_t[0, 1, 2] += step
        shock = shock_of_arrays(found.economy, t=moved_t, **rates)
        ends.append(value(solve(scenario, small_world, shock=shock, tolerance=1e-13).data, of, found.economy)[0])
    slope = float(gradient(found, of, "A", to=("tariff",), tolerance=1e-12).tariff.values[0, 1, 2])
    assert slope == pytest.approx((ends[0] - ends[1]) / (2 * STEP), abs=2e-7)


def test_a_first_export_tax_where_none_stands(small_world):
    base = solve(Scenario(elasticities="world"), small_world, tolerance=1e-12)
    ends = []
    for step in (STEP, -STEP):
        e = base.economy.e.copy()
        e[0, 1, 2] = step
        shock = shock_of_arrays(base.economy, e=e)
        ends.append(np.log(solve(base.scenario, small_world, shock=shock, tolerance=1e-13).data.real_income.values[1]))
    slope = float(gradient(base, country="B", to=("export_tax",), tolerance=1e-12).export_tax.values[0, 1, 2])
    assert slope == pytest.approx((ends[0] - ends[1]) / (2 * STEP), abs=2e-7) and abs(slope) > 1e-5


@pytest.mark.parametrize("name", ["elasticity", "deficit", "labour", "productivity"])
def test_parameters(small_world, solved, name):
    eco = solved.economy
    found = float(gradient(solved, "real_income", "C", to=(name,), tolerance=1e-12)[name].values.ravel()[0])
    ends = []
    for step in (STEP, -STEP):
        if name == "productivity":  # of country A in its first industry: cheaper for everybody, itself included
            d = solved.shock.everywhere("d", np.ones_like(eco.t))
            d[:, 0, 0] *= np.exp(-step)
            ends.append(moved(small_world, solved, "real_income", d=d)[2])
            continue
        change = np.zeros(3 if name == "elasticity" else 4)
        change[0] = step
        if name == "elasticity":
            base = eco._replace(theta=eco.theta + change)
        elif name == "deficit":
            base = eco._replace(D=eco.D + change * eco.wL.sum() - eco.wL * change.sum())
        else:
            # the numeraire, the world's labour income, stays what it was
            wL = eco.wL * np.exp(change)
            base = eco._replace(wL=wL, D=eco.D / eco.wL.sum() * wL.sum())
        ends.append(moved(small_world, solved, "real_income", base=base)[2])
    assert found == pytest.approx((ends[0] - ends[1]) / (2 * STEP), abs=5e-6)


def test_weights_add_up(solved):
    one, two = (gradient(solved, country=c, to=("tariff",)) for c in "AB")
    both = gradient(solved, country={"A": 2.0, "B": -1.0}, to=("tariff",))
    np.testing.assert_allclose(both.tariff, 2 * one.tariff - two.tariff, atol=1e-9)


def test_friends_and_enemies(small_world):
    base = solve(Scenario(elasticities="world"), small_world)
    told = []
    found = friends_and_enemies(base, chunk=3, progress=lambda done, of: told.append((done, of)))
    assert told == [(3, 4), (4, 4)]
    own = np.diag(found.growth.values)
    assert (own > 0.5).all() and found.growth.shape == (4, 4)
    for country in "AD":
        alone = gradient(base, country=country, to=("tariff", "productivity", "friction"))
        np.testing.assert_allclose(found.tariff.sel(country=country), alone.tariff.sum("sector"), atol=1e-8)
        np.testing.assert_allclose(found.growth.sel(country=country), alone.productivity.sum("sector"), atol=1e-8)
    # A world that is 1 % larger everywhere earns 1 % more everywhere.
    free = solve(Scenario(elasticities="world", deficits="removed"), small_world)
    assert float(gradient(free, country="A", to=("labour",)).labour.sum()) == pytest.approx(1.0, abs=1e-7)


def test_refused(solved):
    with pytest.raises(InputError, match="nearest"):
        gradient(solved, "real_incom")
    with pytest.raises(InputError, match="to"):
        gradient(solved, to=("tarif",))
    with pytest.raises(InputError, match="country"):
        gradient(solved, country="Z")
    for weights in ({"A": 1.0, "B": np.nan}, {"A": 0.0}):
        with pytest.raises(InputError, match="finite and not all zero"):
            gradient(solved, country=weights)

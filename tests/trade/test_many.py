"""Scenarios side by side give what one at a time gives."""

from __future__ import annotations

import numpy as np
import pytest

from multialign import (
    ConvergenceError,
    Discount,
    Embargo,
    Friction,
    InputError,
    Scenario,
    Subsidy,
    Tariff,
    World,
    load_world,
    solve,
    solve_many,
)
from multialign.errors import InfeasibleError
from tests.conftest import random_world_arrays

KEEP = ("real_income", "equivalent_variation", "wage", "price_index", "income", "tariff_revenue", "output", "trade")


def scenarios(**fields):
    made = [
        (Tariff(importers=("A",), exporters=("B",), rate=0.25),),
        (Embargo(importers=("A",), exporters=("B",)), Embargo(importers=("B",), exporters=("A",))),
        (Discount(importers=("B",), exporters=("C",), rate=0.2),),
        (Friction(change=0.1),),
        (Subsidy(producers=("D",), industries=("steel",), rate=0.1),),
        (),
    ]
    return [Scenario(name=f"case {j}", instruments=i, elasticities="world", **fields) for j, i in enumerate(made)]


@pytest.mark.parametrize(
    "fields", [{}, {"deficits": "removed"}, {"deficits": "own"}, {"numeraire": "B"}, {"numeraire": "income"}], ids=str
)
def test_the_same_as_one_at_a_time(small_world, fields):
    found = solve_many(scenarios(**fields), small_world, keep=KEEP, tolerance=1e-11)
    assert found.converged.all() and float(found.residual.max()) < 1e-11
    for scenario in scenarios(**fields):
        alone, row = solve(scenario, small_world, tolerance=1e-11), found.sel(scenario=scenario.name)
        for name in ("real_income", "wage", "price_index", "income", "output"):
            np.testing.assert_allclose(row[name], alone.data[name], rtol=1e-9)
        np.testing.assert_allclose(row["trade"], alone.trade.sum("sector"), rtol=1e-8, atol=1e-8)
        np.testing.assert_allclose(row["tariff_revenue"], alone.data["tariff_revenue"], atol=1e-7)
        np.testing.assert_allclose(row["equivalent_variation"], alone.welfare_usd, atol=1e-7)


def test_order_and_batch_size_change_nothing(small_world):
    table = scenarios() * 3
    table = [s.model_copy(update={"name": f"{j}"}) for j, s in enumerate(table)]
    first = solve_many(table, small_world)
    turn = np.random.default_rng(5).permutation(len(table))
    for batch in (1, 2, 5, 32):
        other = solve_many([table[j] for j in turn], small_world, batch=batch)
        assert float(np.abs(other.real_income.values - first.real_income.values[turn]).max()) < 1e-9


def test_on_the_embedded_world():
    world = load_world()
    pairs = [("IND", "RUS"), ("USA", "CHN"), ("DEU", "POL"), ("SGP", "ROW")]
    table = [Scenario(name="-".join(p), instruments=(Embargo(importers=p[:1], exporters=p[1:]),)) for p in pairs] + [
        Scenario(name="flat", instruments=(Tariff(importers=("USA",), rate=0.1),))
    ]
    found = solve_many(table, world, keep=("real_income", "trade"))
    for scenario in (table[1], table[4]):
        alone = solve(scenario, world)
        np.testing.assert_allclose(
            found.real_income.sel(scenario=scenario.name), alone.data.real_income, rtol=0, atol=1e-9
        )
    assert float(found.trade.sel(scenario="USA-CHN", importer="USA", exporter="CHN")) == pytest.approx(0.0, abs=1e-6)


def test_a_buyer_who_loses_nearly_all_suppliers_is_solved_exactly():
    """What is left is a billionth: a difference of sums would lose it, kernels of its own do not."""
    arrays = random_world_arrays(2)
    arrays["intermediate_trade"][0, [0, 2, 3], 1] *= 1e-9
    arrays["final_trade"][0, [0, 2, 3], 1] *= 1e-9
    bought = (arrays["intermediate_trade"] * (1 + arrays["tariff"])).sum(axis=1)
    sales = (arrays["intermediate_trade"] + arrays["final_trade"]).sum(axis=0)
    arrays["input_use"] = bought[:, :, None] * (sales / sales.sum(axis=1, keepdims=True))[:, None, :]
    world = World.from_arrays(list("ABCD"), ["food", "steel", "code"], **arrays)
    cut = Scenario(
        instruments=(Embargo(importers=("A",), exporters=("B",), industries=("steel",)),), elasticities="world"
    )
    many = solve_many([cut, cut.model_copy(update={"name": "again"})], world)
    np.testing.assert_allclose(many.real_income[0], solve(cut, world).data.real_income, rtol=1e-8)


def test_what_touches_most_pairs_is_solved_beside_what_touches_few():
    """306 pairs are more than one solve shares with others (see `kernels.MOST_PAIRS`); 17 and 1 are not."""
    rng = np.random.default_rng(4)
    N, codes = 18, [f"C{n}" for n in range(18)]
    trade = rng.uniform(1, 10, (N, N, 1)) + 200 * np.eye(N)[:, :, None]
    world = World.from_arrays(codes, ["x"], trade=trade, input_use=np.zeros((N, 1, 1)), elasticity=4.0)
    made = {"all": {}, "one": {"importers": ("C3",)}, "pair": {"importers": ("C3",), "exporters": ("C5",)}}
    table = [
        Scenario(name=name, instruments=(Friction(change=0.2, **sides),), elasticities="world")
        for name, sides in made.items()
    ]
    found = solve_many(table, world, keep=("real_income", "trade"))
    for s in table:
        alone = solve(s, world)
        np.testing.assert_allclose(found.real_income.sel(scenario=s.name), alone.data.real_income, rtol=1e-8)
        np.testing.assert_allclose(found.trade.sel(scenario=s.name), alone.trade.sum("sector"), rtol=1e-7)


def test_failures_raise_or_are_marked(small_world):
    seller = small_world.countries[int(np.argmin(small_world.array("deficit")))]
    bad = Scenario(name="no way", instruments=(Friction(exporters=(seller,), change=99),) * 3, elasticities="world")
    table = [*scenarios()[:2], bad]
    with pytest.raises(ConvergenceError, match=r"scenario 2 \('no way'\)"):
        solve_many(table, small_world)
    found = solve_many(table, small_world, on_failure="mark")
    assert found.converged.values.tolist() == [True, True, False]
    assert np.isnan(found.real_income.values[2]).all() and np.isfinite(found.real_income.values[:2]).all()
    closed = Scenario(name="closed", instruments=(Embargo(exporters=(seller,)),), elasticities="world")
    with pytest.raises(InfeasibleError, match=r"scenarios\[1\]"):
        solve_many([table[0], closed], small_world)
    found = solve_many([table[0], closed], small_world, on_failure="mark")
    assert found.converged.values.tolist() == [True, False] and np.isnan(found.real_income.values[1]).all()
    assert found.problem.values[0] == "" and "can sell nothing abroad" in str(found.problem.values[1])
    with pytest.raises(InputError, match=r"scenarios\[1\]"):
        stranger = Scenario(instruments=(Tariff(importers=("X",), rate=0.1),), elasticities="world")
        solve_many([table[0], stranger], small_world)
    with pytest.raises(InputError, match="keep"):
        solve_many(table, small_world, keep=("welfare",))


def test_progress_counts_up(small_world):
    seen = []
    solve_many(scenarios(), small_world, progress=lambda done, of: seen.append((done, of)))
    assert seen == [(k, 6) for k in range(1, 7)]

"""What a result says in tables and in JSON, against the arrays that it is made of."""

from __future__ import annotations

import json

import numpy as np
import pytest

from multialign import Embargo, ExportTax, Scenario, Tariff, World, solve

SCENARIO = Scenario(
    instruments=(
        Tariff(importers=("A",), exporters=("B",), rate=0.3),
        ExportTax(exporters=("D",), rate=0.1),
        Embargo(importers=("C",), exporters=("A",)),
    ),
    elasticities="world",
    numeraire="B",
)


@pytest.fixture(scope="module")
def found(small_world):
    return solve(SCENARIO, small_world)


def test_pairs_are_the_flows_between_different_countries(found):
    table = found.pairs()
    assert len(table) == 12 and (table.importer != table.exporter).all()
    for row in table.itertuples():
        base = float(found.data.base_trade.sel(importer=row.importer, exporter=row.exporter).sum())
        new = float(found.trade.sel(importer=row.importer, exporter=row.exporter).sum())
        assert (row.base_musd, row.new_musd) == pytest.approx((base, new))
        assert row.change_pct == pytest.approx(100 * (new - base) / base)
    ended = table[(table.importer == "C") & (table.exporter == "A")]
    assert ended.change_pct.item() == -100.0


def test_a_pair_that_never_traded_has_no_change_in_per_cent():
    trade = np.array([[[80.0], [12.0], [0.0]], [[10.0], [70.0], [9.0]], [[2.0], [7.0], [63.0]]])
    world = World.from_arrays(list("ABC"), ["x"], trade=trade, input_use=np.zeros((3, 1, 1)), elasticity=4.0)
    result = solve(Scenario(instruments=(Tariff(importers=("B",), rate=0.2),), elasticities="world"), world)
    table = result.pairs().set_index(["importer", "exporter"])
    assert np.isnan(table.change_pct["A", "C"]) and np.isfinite(table.change_pct.drop(("A", "C"))).all()
    said = {(r["importer"], r["exporter"]): r["change_pct"] for r in result.to_dict()["trade"]}
    assert said["A", "C"] is None and said["B", "A"] == pytest.approx(table.change_pct["B", "A"])


def test_the_json_form_gives_the_numbers_of_the_arrays(found):
    said, d = found.to_dict(), found.data
    assert json.loads(json.dumps(said)) == said and (said["version"], said["kind"]) == (1, "solution")
    assert said["numeraire"] == "wage of B" and said["steps"] == found.steps > 0
    assert said["residuals"] == found.residuals and said["scenario"] == found.scenario.model_dump(mode="json")
    expected = {
        "welfare_pct": 100 * d.real_income - 100,
        "welfare_musd": d.equivalent_variation,
        "gain_final_pct": d.gain_final,
        "gain_inputs_pct": d.gain_inputs,
        "gain_revenue_pct": d.gain_revenue,
        "gain_transfers_pct": d.gain_transfers,
        "terms_of_trade_pct": d.terms_of_trade,
        "volume_of_trade_pct": d.volume_of_trade,
        "wage_pct": 100 * d.wage - 100,
        "price_index_pct": 100 * d.price_index - 100,
        "tariff_revenue_musd": d.tariff_revenue,
    }
    for name, values in expected.items():
        assert list(said[name]) == list("ABCD")
        np.testing.assert_allclose(list(said[name].values()), values, atol=1e-9, err_msg=name)


def test_the_json_form_names_the_largest_changes_first(found):
    every, few = found.to_dict()["trade"], found.to_dict(pairs=3)["trade"]
    moved = [abs(r["new_musd"] - r["base_musd"]) for r in every]
    assert len(every) == 12 and moved == sorted(moved, reverse=True) and few == every[:3]


def test_prices_are_ratios_in_the_numeraire(found, small_world):
    """Homogeneity: in another numeraire all prices differ by one factor, and that is the wage of B."""
    other = solve(SCENARIO.model_copy(update={"numeraire": "labour", "deficits": "share"}), small_world)
    same = solve(SCENARIO.model_copy(update={"deficits": "share"}), small_world)
    factor = float(other.data.wage.sel(country="B"))
    for name in ("wage", "price_index", "cost", "price_intermediate", "price_final", "income", "output"):
        np.testing.assert_allclose(other.data[name] / factor, same.data[name], rtol=1e-7, err_msg=name)
    index = np.exp((found.economy.alpha * np.log(found.data.price_final.values)).sum(axis=1))
    np.testing.assert_allclose(found.data.price_index, index, rtol=1e-12)


def test_each_use_pays_for_what_it_buys_where_both_have_the_same_shares():
    """One array of trade for both uses: what industries buy is their input, the rest is bought by final users."""
    trade = np.array([[[80.0], [16.0]], [[16.0], [64.0]]])
    use = 0.25 * trade.sum(axis=0)[:, None, :]
    world = World.from_arrays(list("AB"), ["x"], trade=trade, input_use=use, elasticity=5.0)
    result = solve(Scenario(instruments=(Tariff(importers=("A",), rate=0.2),), elasticities="world"), world)
    np.testing.assert_array_equal(result.economy.pi_m, result.economy.pi_f)
    d, t = result.data, result.shock.everywhere("t", result.economy.t)
    inputs = np.einsum("nsk,nk->ns", result.economy.gamma, d.output.values)
    np.testing.assert_allclose((d.intermediate_trade.values * (1 + t)).sum(axis=1), inputs, rtol=1e-8)
    np.testing.assert_allclose((d.final_trade.values * (1 + t)).sum(axis=(1, 2)), d.income, rtol=1e-8)

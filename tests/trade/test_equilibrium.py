"""What any equilibrium must satisfy, on small worlds and on the embedded one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multialign import (
    ConvergenceError,
    Discount,
    Embargo,
    ExportTax,
    Friction,
    InputError,
    Scenario,
    Tariff,
    World,
    load_world,
    solve,
)
from multialign.trade import after
from tests.conftest import random_world_arrays


def run(world, *instruments, **fields):
    return solve(Scenario(instruments=instruments, elasticities="world", **fields), world)


def world_of(seed):
    return World.from_arrays(list("ABCD"), ["food", "steel", "code"], **random_world_arrays(seed))


def test_no_change_in_none_out(small_world):
    result = run(small_world)
    assert np.abs(result.welfare_pct).max() < 1e-9
    np.testing.assert_allclose(result.trade, small_world.trade, rtol=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(-0.2, 1.0), st.floats(-0.3, 1.0))
def test_markets_clear_and_income_is_spent(seed, tariff, friction):
    world = world_of(seed)
    result = run(
        world,
        Tariff(importers=("A",), exporters=("B",), rate=tariff, mode="replace" if tariff >= 0 else "add"),
        Friction(importers=("C",), change=friction),
    )
    d = result.data
    assert max(result.residuals.values()) < 1e-9
    # Walras: what the world earns it spends, with tariffs; and each country's sales cover its costs.
    eco = result.economy
    spent = float(d.income.sum())
    earned = float((d.wage * eco.wL).sum() + d.tariff_revenue.sum() + d.export_tax_revenue.sum())
    assert spent == pytest.approx(earned, rel=1e-9)
    sales = result.trade.sum(("importer", "sector")).values
    np.testing.assert_allclose(sales, d.output.sum("sector").values, rtol=1e-8)
    value_added = (eco.v * d.output.values).sum(axis=1)
    np.testing.assert_allclose(value_added, (d.wage * eco.wL).values, rtol=1e-8)


def test_units_do_not_matter(small_world):
    arrays = random_world_arrays(1)
    scaled = {k: v * 7.5 if k in ("intermediate_trade", "final_trade", "input_use") else v for k, v in arrays.items()}
    other = World.from_arrays(list("ABCD"), ["food", "steel", "code"], **scaled)
    shock = Tariff(importers=("A",), exporters=("C",), rate=0.4)
    a, b = run(small_world, shock), run(other, shock)
    np.testing.assert_allclose(a.welfare_pct, b.welfare_pct, atol=1e-8)
    np.testing.assert_allclose(a.welfare_usd * 7.5, b.welfare_usd, rtol=1e-6)


def test_order_of_countries_does_not_matter(small_world):
    arrays, turn = random_world_arrays(1), [2, 0, 3, 1]
    turned = {
        k: v if k == "elasticity" else (v[turn] if k == "input_use" else v[np.ix_(turn, turn)])
        for k, v in arrays.items()
    }
    other = World.from_arrays([list("ABCD")[i] for i in turn], ["food", "steel", "code"], **turned)
    shock = Tariff(importers=("A",), exporters=("C",), rate=0.4)
    a, b = run(small_world, shock).welfare_pct, run(other, shock).welfare_pct
    for country in "ABCD":
        assert a[country] == pytest.approx(b[country], abs=1e-8)


def test_embargo_is_the_limit_of_rising_frictions(small_world):
    embargo = run(small_world, Embargo(importers=("A",), exporters=("B",)))
    assert float(embargo.trade.sel(importer="A", exporter="B").sum()) == 0.0
    nearly = run(small_world, *[Friction(importers=("A",), exporters=("B",), change=99.0)] * 3)
    np.testing.assert_allclose(embargo.welfare_pct, nearly.welfare_pct, atol=1e-6)


def test_discount_is_paid_by_the_seller(small_world):
    result = run(small_world, Discount(importers=("A",), exporters=("B",), industries=("steel",), rate=0.1))
    assert result.welfare_pct["A"] > 0 > result.welfare_pct["B"]
    assert float(result.data.export_tax_revenue.sel(country="B")) < 0
    same = run(small_world, ExportTax(importers=("A",), exporters=("B",), industries=("steel",), rate=-0.1))
    np.testing.assert_allclose(result.welfare_pct, same.welfare_pct, atol=1e-9)


def test_two_steps_lead_where_one_does(small_world):
    first = Tariff(importers=("A",), exporters=("B",), rate=0.2)
    second = Friction(importers=("C",), change=0.1)
    once = run(small_world, first, second)
    middle = after(Scenario(instruments=(first,), elasticities="world"), small_world)
    half = run(small_world, first)
    twice = solve(Scenario(instruments=(second,)), small_world, base=middle)
    total = half.data.real_income * twice.data.real_income
    np.testing.assert_allclose(total, once.data.real_income, rtol=1e-8)


def world_with_export_taxes(seed=1):
    arrays = random_world_arrays(seed)
    rng = np.random.default_rng(seed)
    e = rng.uniform(-0.2, 0.3, arrays["tariff"].shape) * (1 - np.eye(4))[:, :, None]
    bought = (arrays["intermediate_trade"] * (1 + arrays["tariff"]) * (1 + e)).sum(axis=1)
    sales = (arrays["intermediate_trade"] + arrays["final_trade"]).sum(axis=0)
    arrays["input_use"] = bought[:, :, None] * (sales / sales.sum(axis=1, keepdims=True))[:, None, :]
    return World.from_arrays(list("ABCD"), ["food", "steel", "code"], export_tax=e, **arrays)


SMALL = {
    "tariff": lambda h: Tariff(importers=("A",), exporters=("B",), rate=h),
    "tariff scaled": lambda h: Tariff(importers=("A",), rate=1 + h, mode="scale"),
    "export tax": lambda h: ExportTax(importers=("A",), exporters=("B",), rate=h),
    "discount": lambda h: Discount(importers=("A",), exporters=("B",), industries=("steel",), rate=h),
    "friction": lambda h: Friction(importers=("C",), exporters=("B",), change=h),
    "easing": lambda h: Friction(importers=("C",), change=-h),
}


@pytest.mark.parametrize("taxed", [False, True], ids=["no export taxes", "export taxes in the base"])
@pytest.mark.parametrize("name", [*SMALL, "all at once"])
def test_first_order_split_approaches_the_exact_change(small_world, name, taxed):
    """The gap closes with the square of the shock, without and with export taxes in the base year."""
    world = world_with_export_taxes() if taxed else small_world
    gaps = []
    for h in (1e-3, 1e-4):
        shocks = [make(h) for make in SMALL.values()] if name == "all at once" else [SMALL[name](h)]
        result = solve(Scenario(instruments=shocks, elasticities="world"), world, tolerance=1e-12)
        split = result.data.terms_of_trade + result.data.volume_of_trade
        gaps.append(float(np.abs(split - result.welfare_pct).max()))
        assert gaps[-1] < 0.02 * float(result.welfare_pct.abs().max())
    assert gaps[1] < 0.015 * gaps[0]


def test_first_order_split_of_tariffs_is_the_published_one(small_world):
    """Caliendo & Parro (2015), eq. 15, written out, with large tariffs."""
    d = (result := run(small_world, Tariff(importers=("A",), rate=0.3))).data
    eco, base, new, c = result.economy, d.base_trade.values, result.trade.values, d.cost.values
    terms = (base.sum(axis=0) * (c - 1)).sum(axis=1) - np.einsum("nis,is->n", base, c - 1)
    volume = (eco.t * (new - base * c[None])).sum(axis=(1, 2))
    np.testing.assert_allclose(d.terms_of_trade, 100 * terms / eco.I, atol=1e-12)
    np.testing.assert_allclose(d.volume_of_trade, 100 * volume / eco.I, atol=1e-12)


def test_one_array_for_both_uses_is_the_same_as_equal_shares():
    arrays = random_world_arrays(3)
    both = arrays["intermediate_trade"] + arrays["final_trade"]
    rest = {k: arrays[k] for k in ("tariff", "elasticity")}
    wedge = 1 + arrays["tariff"]
    total = (both * wedge).sum(axis=1)
    sales = both.sum(axis=0)
    use = 0.4 * total[:, :, None] * (sales / sales.sum(axis=1, keepdims=True))[:, None, :]
    one = World.from_arrays(list("ABCD"), ["x", "y", "z"], trade=both, input_use=use, **rest)
    two = World.from_arrays(
        list("ABCD"),
        ["x", "y", "z"],
        intermediate_trade=0.4 * both,
        final_trade=0.6 * both,
        input_use=use,
        **rest,
    )
    shock = Tariff(importers=("B",), rate=0.3)
    np.testing.assert_allclose(run(one, shock).welfare_pct, run(two, shock).welfare_pct, atol=1e-9)


def test_where_a_use_buys_nothing_prices_are_still_defined():
    """Final users of A buy no steel, which its industries do: their price of it is that of the industries' mix. Code is
    bought by nobody in B: its price there is that of B's own."""
    arrays = random_world_arrays(1)
    arrays["final_trade"][0, :, 1] = 0.0
    arrays["intermediate_trade"][1, :, 2] = arrays["final_trade"][1, :, 2] = 0.0
    bought = (arrays["intermediate_trade"] * (1 + arrays["tariff"])).sum(axis=1)
    sales = (arrays["intermediate_trade"] + arrays["final_trade"]).sum(axis=0)
    arrays["input_use"] = bought[:, :, None] * (sales / sales.sum(axis=1, keepdims=True))[:, None, :]
    result = run(
        World.from_arrays(list("ABCD"), ["food", "steel", "code"], **arrays), Tariff(importers=("A", "B"), rate=0.3)
    )
    d = result.data
    for use in (result.economy.pi_m, result.economy.pi_f):
        np.testing.assert_allclose(use.sum(axis=1), 1.0, atol=1e-12)
    assert float(d.price_final[0, 1]) == pytest.approx(float(d.price_intermediate[0, 1]), rel=1e-9)
    assert float(d.price_final[1, 2]) == pytest.approx(float(d.cost[1, 2]), rel=1e-9)
    assert np.isfinite(d.price_final).all() and float(d.final_trade[0, :, 1].sum()) == 0.0


def test_deficits_removed_leaves_balanced_trade(small_world):
    result = run(small_world, Tariff(importers=("A",), rate=0.1), deficits="removed")
    trade = result.trade.sum("sector").values
    np.testing.assert_allclose(trade.sum(axis=0), trade.sum(axis=1), rtol=1e-8)


def test_unconverged_raises(small_world):
    """Whoever sells more than it buys, and keeps to that, cannot lose nearly all its customers."""
    seller = small_world.countries[int(np.argmin(small_world.array("deficit")))]
    with pytest.raises(ConvergenceError, match=r"the \w+ equation of [A-D].*try a smaller shock"):
        run(small_world, *[Friction(exporters=(seller,), change=99)] * 3)


def test_cut_off_from_a_good_or_from_finance_is_refused(small_world):
    with pytest.raises(InputError, match="removed"):
        run(small_world, Embargo(importers=("A",)), Embargo(exporters=("A",)))
    arrays = random_world_arrays(1)
    arrays["intermediate_trade"][0, 0, 1] = arrays["final_trade"][0, 0, 1] = 0.0
    bought = (arrays["intermediate_trade"] * (1 + arrays["tariff"])).sum(axis=1)
    sales = (arrays["intermediate_trade"] + arrays["final_trade"]).sum(axis=0)
    arrays["input_use"] = bought[:, :, None] * (sales / sales.sum(axis=1, keepdims=True))[:, None, :]
    world = World.from_arrays(list("ABCD"), ["food", "steel", "code"], **arrays)
    with pytest.raises(InputError, match="A is left without any supplier of steel"):
        run(world, Embargo(importers=("A",), industries=("steel",)))


def test_embedded_world_autarky_of_the_united_states():
    result = solve(
        Scenario(instruments=(Embargo(importers=("USA",)), Embargo(exporters=("USA",))), deficits="removed"),
        load_world(),
    )
    assert -10 < result.welfare_pct["USA"] < -1
    assert result.welfare_pct["CAN"] < result.welfare_pct["USA"]


def test_accounts_hold_when_added_up_by_hand(small_world):
    """Everything recomputed from the labelled result alone, with every instrument at once."""
    result = run(
        small_world,
        Tariff(importers=("A",), exporters=("B",), rate=0.3),
        ExportTax(importers=("A",), exporters=("C",), rate=0.1),
        Discount(importers=("B",), exporters=("D",), rate=0.2),
        Friction(importers=("D",), change=0.15),
        Embargo(importers=("C",), exporters=("A",), industries=("steel",)),
    )
    d, eco = result.data, result.economy
    t = eco.t.copy()
    t[0, 1] += 0.3
    e = np.zeros_like(t)
    e[0, 2], e[1, 3] = 0.1, -0.2
    trade = result.trade.values
    tariff_revenue = (t * (1 + e) * trade).sum(axis=(1, 2))
    export_revenue = (e * trade).sum(axis=(0, 2))
    np.testing.assert_allclose(d.tariff_revenue, tariff_revenue, rtol=1e-7)
    np.testing.assert_allclose(d.export_tax_revenue, export_revenue, rtol=1e-7, atol=1e-7)
    # what industries buy is what they use, and what final users buy is what they earn
    paid = result.data.intermediate_trade.values * (1 + e) * (1 + t)
    np.testing.assert_allclose(paid.sum(axis=1), np.einsum("nsk,nk->ns", eco.gamma, d.output.values), rtol=1e-7)
    spent = (result.data.final_trade.values * (1 + e) * (1 + t)).sum(axis=(1, 2))
    np.testing.assert_allclose(spent, d.income, rtol=1e-7)
    income = d.wage.values * eco.wL + tariff_revenue + export_revenue + eco.D
    np.testing.assert_allclose(d.income, income, rtol=1e-7)
    # the deficits that were to be kept are the ones that trade shows
    border = (trade * (1 + e)).sum(axis=2)
    np.testing.assert_allclose(border.sum(axis=1) - border.sum(axis=0), eco.D, atol=1e-5)
    # prices are the wage and input prices through the cost shares
    log_c = eco.v * np.log(d.wage.values)[:, None] + np.einsum(
        "nks,nk->ns", eco.gamma, np.log(d.price_intermediate.values)
    )
    np.testing.assert_allclose(np.log(d.cost), log_c, atol=1e-9)


def test_gains_from_trade_equal_the_closed_form():
    """Without input-output links autarky costs lambda^(1/theta) (Arkolakis, Costinot & Rodriguez-Clare 2012)."""
    trade = np.array([[[80.0], [12.0], [8.0]], [[10.0], [70.0], [9.0]], [[10.0], [7.0], [63.0]]])
    theta = 5.0
    world = World.from_arrays(list("ABC"), ["x"], trade=trade, input_use=np.zeros((3, 1, 1)), elasticity=theta)
    result = run(world, Embargo(importers=("A",)), Embargo(exporters=("A",)), deficits="removed")
    share_at_home = float(result.economy.pi_f[0, 0, 0])
    assert float(result.data.real_income.sel(country="A")) == pytest.approx(share_at_home ** (1 / theta), abs=1e-8)


def test_gains_from_trade_with_input_output_links():
    """With inputs at a cost share 1 - v, the loss is lambda^(1/(theta v)) (same source, one industry)."""
    trade = np.array([[[80.0], [12.0]], [[20.0], [70.0]]])
    use = 0.4 * trade.sum(axis=0)[:, None, :]
    world = World.from_arrays(list("AB"), ["x"], trade=trade, input_use=use, elasticity=5.0)
    result = run(world, Embargo(importers=("A",)), Embargo(exporters=("A",)), deficits="removed")
    share_at_home, v = float(result.economy.pi_f[0, 0, 0]), float(result.economy.v[0, 0])
    expected = share_at_home ** (1 / (5.0 * v))
    assert float(result.data.real_income.sel(country="A")) == pytest.approx(expected, abs=1e-8)

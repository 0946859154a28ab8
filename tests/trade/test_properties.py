"""What must not matter does not; what is a limit is reached."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multialign import ConvergenceError, Embargo, ExportTax, Friction, Scenario, Tariff, World, load_world, solve
from multialign.trade.kernels import prepare
from multialign.trade.solve import _by_parts, base_economy, closure_of, find_equilibrium
from tests.conftest import random_world_arrays

PER_FLOW = ("intermediate_trade", "final_trade", "tariff")


def run(world, *instruments, **fields):
    return solve(Scenario(instruments=instruments, elasticities="world", **fields), world, tolerance=1e-11)


def split(arrays):
    """The world with its last country in two identical halves, which trade with each other as each does with itself."""
    N = arrays["tariff"].shape[0]
    half = np.ones(N + 1)
    half[-2:] = 0.5
    old = np.array([*range(N), N - 1])
    out = dict(arrays)
    for name in PER_FLOW:
        out[name] = arrays[name][np.ix_(old, old)]
    weight = half[:, None] * half[None, :]
    for name in ("intermediate_trade", "final_trade"):
        out[name] = out[name] * weight[:, :, None]
    out["input_use"] = arrays["input_use"][old] * half[:, None, None]
    return out


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.floats(0.0, 1.0))
def test_splitting_a_country_in_two_halves_changes_nothing(seed, rate):
    arrays = random_world_arrays(seed)
    whole = World.from_arrays(list("ABCD"), ["food", "steel", "code"], **arrays)
    parts = World.from_arrays(list("ABCDE"), ["food", "steel", "code"], **split(arrays))
    one = run(whole, Tariff(importers=("A",), rate=rate), Tariff(importers=("B",), exporters=("D",), rate=rate))
    two = run(parts, Tariff(importers=("A",), rate=rate), Tariff(importers=("B",), exporters=("D", "E"), rate=rate))
    for country in "ABCD":
        assert two.welfare_pct[country] == pytest.approx(one.welfare_pct[country], abs=1e-8)
    assert two.welfare_pct["E"] == pytest.approx(two.welfare_pct["D"], abs=1e-8)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.permutations(range(3)))
def test_the_order_of_industries_does_not_matter(seed, turn):
    arrays = random_world_arrays(seed)
    names = ["food", "steel", "code"]
    turned = {k: v[..., turn] for k, v in arrays.items()} | {"input_use": arrays["input_use"][:, turn][:, :, turn]}
    one = World.from_arrays(list("ABCD"), names, **arrays)
    two = World.from_arrays(list("ABCD"), [names[j] for j in turn], **turned)
    shock = Tariff(importers=("A",), industries=("steel",), rate=0.5)
    np.testing.assert_allclose(run(one, shock).welfare_pct, run(two, shock).welfare_pct, atol=1e-8)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 1000))
def test_frictions_lead_to_the_embargo(seed):
    world = World.from_arrays(list("ABCD"), ["food", "steel", "code"], **random_world_arrays(seed))
    side = {"importers": ("A",), "exporters": ("B",)}
    embargo = run(world, Embargo(**side)).welfare_pct
    gaps = [
        float(np.abs(run(world, *[Friction(change=c, **side)] * times).welfare_pct - embargo).max())
        for c, times in ((10.0, 1), (99.0, 2), (99.0, 4))
    ]
    assert gaps[0] >= gaps[1] >= gaps[2] and gaps[2] < 1e-5


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.floats(0.01, 0.2), st.floats(20, 60))
def test_extreme_elasticities_converge_or_raise(seed, low, high):
    """Never numbers that do not satisfy the equations."""
    world = World.from_arrays(list("ABCD"), ["food", "steel", "code"], **random_world_arrays(seed))
    theta = {"food": low, "steel": high, "code": 4.0}
    try:
        found = solve(Scenario(instruments=(Tariff(importers=("A",), rate=2.0),), elasticities=theta), world)
    except ConvergenceError as error:
        assert "equation of" in str(error)
    else:
        assert max(found.residuals.values()) <= 1e-9
        flows = found.trade.values
        assert np.isfinite(flows).all() and (flows >= 0).all()


def test_continuation_leads_where_the_straight_way_does(small_world):
    scenario = Scenario(
        instruments=(Embargo(importers=("A",), exporters=("B", "C")), Friction(exporters=("A",), change=20.0)),
        elasticities="world",
        deficits="removed",
    )
    straight = solve(scenario, small_world, tolerance=1e-11)
    eco = base_economy(small_world, scenario, tolerance=1e-11)
    parts = _by_parts(straight.kernels, prepare(eco), closure_of(scenario, list("ABCD")), 1e-11)
    np.testing.assert_allclose(parts.state.log_w, straight.solved.state.log_w, atol=1e-9)


def test_where_the_straight_way_fails_the_shock_is_gone_through_by_parts(small_world):
    """Given too few steps to get there at once, with and without export taxes that the base year does not have."""
    for tax in (0.0, 0.3):
        scenario = Scenario(
            instruments=(Embargo(importers=("A",), exporters=("B",)), ExportTax(exporters=("C",), rate=tax)),
            elasticities="world",
        )
        straight, eco = solve(scenario, small_world), base_economy(small_world, scenario)
        found = find_equilibrium(
            straight.kernels,
            prepare(eco),
            straight.closure,
            countries=list("ABCD"),
            sectors=["a", "b", "c"],
            max_steps=4,
        )
        assert max(found.worst.values()) <= 1e-9
        np.testing.assert_allclose(found.state.log_w, straight.solved.state.log_w, atol=1e-8)


def test_autarky_of_the_ten_largest_economies_at_once():
    """Trade with them costs a hundred times as much, and ten thousand times between them: the limit of autarky that
    leaves what some of them cannot make. Nothing else is bought abroad, and what is must be paid for by exports."""
    world = load_world()
    income = base_economy(world, Scenario(deficits="removed")).I
    largest = [world.countries[n] for n in np.argsort(income)[::-1] if world.countries[n] != "ROW"][:10]
    sides = [{"importers": (c,)} for c in largest] + [{"exporters": (c,)} for c in largest]
    found = solve(Scenario(instruments=[Friction(**side, change=99.0) for side in sides], deficits="removed"), world)
    assert max(found.residuals.values()) < 1e-9
    assert (found.welfare_pct[largest] < -1).all()
    trade = found.trade.sum("sector").to_pandas()
    for c in largest:
        abroad = trade.loc[c].drop(c).sum()
        assert abroad < 0.01 * trade.loc[c, c]
        assert trade[c].drop(c).sum() == pytest.approx(abroad, rel=1e-3)


def test_true_autarky_of_the_ten_but_for_what_some_cannot_make():
    """No German or British mine of metal ores, no Chinese or Japanese servant stands in the tables."""
    world = load_world()
    income = base_economy(world, Scenario(deficits="removed")).I
    largest = [world.countries[n] for n in np.argsort(income)[::-1] if world.countries[n] != "ROW"][:10]
    closed = tuple(s for s in world.sectors if s not in ("B07", "T"))
    sides = [{"importers": (c,)} for c in largest] + [{"exporters": (c,)} for c in largest]
    found = solve(Scenario(instruments=[Embargo(**x, industries=closed) for x in sides], deficits="removed"), world)
    assert max(found.residuals.values()) < 1e-9
    trade = found.trade.sel(importer=largest, sector=list(closed)).sum("sector").to_pandas()
    assert all(trade.loc[c].drop(c).sum() == 0.0 for c in largest)
    assert (found.welfare_pct[largest] < -3).all()


def test_a_large_country_alone_in_the_world():
    """True autarky, exactly: nothing crosses its border."""
    world = load_world()
    cut = (Embargo(importers=("USA",)), Embargo(exporters=("USA",)))
    found = solve(Scenario(instruments=cut, deficits="removed"), world)
    flows = found.trade.sum("sector")
    assert float(flows.sel(importer="USA").sum()) == float(flows.sel(importer="USA", exporter="USA"))
    assert max(found.residuals.values()) < 1e-9

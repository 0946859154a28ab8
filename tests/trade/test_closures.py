"""Deficits, numeraires, horizons, subsidies; what is exact about the decomposition; results on disk."""

from __future__ import annotations

import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multialign import ExportTax, InputError, Scenario, Subsidy, Tariff, World, solve
from multialign.trade import base_economy, load_solution
from multialign.trade.solve import SHORT_RUN
from tests.conftest import random_world_arrays

TARIFF = Tariff(importers=("A",), exporters=("B",), rate=0.4)


def run(world, *instruments, **fields):
    return solve(Scenario(instruments=instruments, elasticities="world", **fields), world, tolerance=1e-11)


def trade_deficit(result):
    flows = result.trade.sum("sector").values
    return flows.sum(axis=1) - flows.sum(axis=0)


def test_deficits_are_what_the_closure_says(small_world):
    eco = base_economy(small_world, Scenario(elasticities="world"))
    kept = run(small_world, TARIFF)
    np.testing.assert_allclose(trade_deficit(kept), eco.D, atol=1e-6)
    share = run(small_world, TARIFF, deficits="share")
    np.testing.assert_allclose(trade_deficit(share) / float(share.data.income.sum()), eco.D / eco.I.sum(), atol=1e-9)
    own = run(small_world, TARIFF, deficits="own")
    wL = own.data.wage.values * eco.wL
    assert trade_deficit(own).sum() == pytest.approx(0.0, abs=1e-6)
    spread = eco.D / eco.wL * wL - trade_deficit(own)
    np.testing.assert_allclose(spread / wL, (spread / wL)[0], atol=1e-9)
    half = run(small_world, TARIFF, deficit_scale=0.5)
    np.testing.assert_allclose(trade_deficit(half), 0.5 * eco.D, atol=1e-6)
    none = run(small_world, TARIFF, deficits="removed")
    np.testing.assert_allclose(trade_deficit(none), 0.0, atol=1e-6)
    np.testing.assert_allclose(run(small_world, TARIFF, deficit_scale=0.0).welfare_pct, none.welfare_pct, atol=1e-9)


@pytest.mark.parametrize("numeraire", ["income", "B"])
def test_the_numeraire_is_one_and_matters_only_with_deficits_kept(small_world, numeraire):
    found = run(small_world, TARIFF, numeraire=numeraire)
    if numeraire == "B":
        assert float(found.data.wage.sel(country="B")) == pytest.approx(1.0, abs=1e-10)
    else:
        assert float(found.data.income.sum()) == pytest.approx(float(found.data.base_income.sum()), rel=1e-10)
    eco = base_economy(small_world, Scenario(elasticities="world"))
    np.testing.assert_allclose(trade_deficit(found), eco.D, atol=1e-6)  # nominal in that numeraire
    plain, other = (run(small_world, TARIFF, deficits="share", numeraire=n).welfare_pct for n in ("labour", numeraire))
    np.testing.assert_allclose(plain, other, atol=1e-9)
    with pytest.raises(InputError, match="numeraire"):
        run(small_world, TARIFF, numeraire="Z")


def test_scenarios_on_one_base_year_share_the_work_of_finding_it(small_world):
    """The same base is the same object; another closure is another base."""
    plain = Scenario(elasticities="world", deficits="removed")
    base = base_economy(small_world, plain)
    assert base_economy(small_world, plain.model_copy(update={"instruments": (TARIFF,), "name": "other"})) is base
    assert base_economy(small_world, plain.model_copy(update={"horizon": "short"})) is not base


def test_in_the_short_run_trade_answers_less(small_world):
    long, short = (run(small_world, TARIFF, horizon=h) for h in ("long", "short"))
    flow = {"importer": "A", "exporter": "B"}
    falls = [float(np.log(r.trade.sel(flow).sum() / r.data.base_trade.sel(flow).sum())) for r in (long, short)]
    assert falls[0] < falls[1] < 0
    np.testing.assert_allclose(short.economy.theta, SHORT_RUN * long.economy.theta)


def test_a_subsidy_reaches_every_buyer_and_the_treasury_pays(small_world):
    found = run(small_world, Subsidy(producers=("B",), industries=("steel",), rate=0.1))
    trade = found.trade.sel(exporter="B", sector="steel").values
    assert float(found.data.export_tax_revenue.sel(country="B")) == pytest.approx(-0.1 * trade.sum(), rel=1e-8)
    assert float(found.data.output.sel(country="B", sector="steel")) > float(found.economy.Y[1, 1])
    # A subsidy on what goes abroad alone is an export tax below zero; at home the rest of it.
    abroad = run(small_world, ExportTax(exporters=("B",), industries=("steel",), rate=-0.1))
    assert found.welfare_pct["A"] > 0 or abroad.welfare_pct["A"] > 0
    assert float(np.abs(found.welfare_pct - abroad.welfare_pct).max()) > 1e-3


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.floats(-0.3, 2.0), st.sampled_from(["kept", "share", "own"]))
def test_the_decomposition_is_exact(seed, rate, deficits):
    world = World.from_arrays(list("ABCD"), ["food", "steel", "code"], **random_world_arrays(seed))
    d = run(world, Tariff(importers=("A",), rate=rate, mode="add" if rate < 0 else "replace"), deficits=deficits).data
    parts = d.gain_final + d.gain_inputs + d.gain_revenue + d.gain_transfers
    np.testing.assert_allclose(parts, 100 * np.log(d.real_income), atol=1e-8)


def test_without_inputs_the_first_part_is_the_known_formula():
    """-(1/theta) log of the change of the own share (Arkolakis, Costinot & Rodriguez-Clare 2012)."""
    trade = np.array([[[80.0], [12.0], [8.0]], [[10.0], [70.0], [9.0]], [[10.0], [7.0], [63.0]]])
    world = World.from_arrays(list("ABC"), ["x"], trade=trade, input_use=np.zeros((3, 1, 1)), elasticity=4.0)
    found = run(world, Tariff(importers=("A",), rate=0.3))
    t = found.shock.everywhere("t", found.economy.t)
    paid = found.trade.values * (1 + t)
    own = paid[0, 0, 0] / paid[0].sum()
    expected = -np.log(own / found.economy.pi_f[0, 0, 0]) / 4.0
    assert float(found.data.gain_final.sel(country="A")) == pytest.approx(100 * expected, abs=1e-8)
    assert float(np.abs(found.data.gain_inputs).max()) < 1e-9


def test_residuals_are_in_the_result(small_world):
    found = run(small_world, TARIFF)
    for name, worst in found.residuals.items():
        assert float(np.abs(found.data[f"miss_{name}"]).max()) == pytest.approx(worst)


def test_saved_and_loaded_without_loss(small_world, tmp_path):
    found = run(small_world, TARIFF, Subsidy(producers=("C",), rate=0.05), numeraire="B")
    back = load_solution(found.save(tmp_path / "result.nc"))
    assert back.scenario == found.scenario and back.residuals == found.residuals
    for name in found.data:
        np.testing.assert_array_equal(back.data[name], found.data[name])
    assert back.data.attrs == found.data.attrs and list(tmp_path.iterdir()) == [tmp_path / "result.nc"]
    import xarray as xr

    plain = xr.load_dataset(tmp_path / "result.nc", engine="h5netcdf")
    np.testing.assert_array_equal(plain.real_income, found.data.real_income)


def test_other_files_are_refused(tmp_path, small_world):
    with pytest.raises(InputError, match="no such file"):
        load_solution(tmp_path / "none.nc")
    (tmp_path / "text.nc").write_text("hello")
    with pytest.raises(InputError, match="not a saved result"):
        load_solution(tmp_path / "text.nc")
    later = run(small_world).save(tmp_path / "later.nc")
    with h5py.File(later, "a") as file:
        file["made_from"].attrs["format"] = "multialign solution 2"
    with pytest.raises(InputError, match="of the format 'multialign solution 2'; right is 'multialign solution 1'"):
        load_solution(later)
    with pytest.raises(InputError, match="cannot be written"):
        run(small_world).save(tmp_path / "no folder" / "result.nc")

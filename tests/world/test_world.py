"""The World: what is embedded, what a user may bring, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from multialign import InputError, Scenario, World, load_world, solve
from multialign.errors import ConvergenceError
from multialign.world import open_world, save_world
from multialign.world.codes import EU27, countries, industries, industry_group
from multialign.world.load import elasticity, elasticity_sets, manifest
from multialign.world.ras import ras
from tests.conftest import random_world_arrays


def make(seed=1, **changes):
    arrays = random_world_arrays(seed) | changes
    return World.from_arrays(list("ABCD"), ["food", "steel", "code"], **arrays)


def test_embedded_world_is_whole():
    world = load_world()
    assert world.countries == list(countries()) and world.sectors == list(industries())
    assert world.accounts().balanced(1e-12)
    assert manifest()["bytes"] < 8 << 20
    assert manifest()["report"]["input_use_moved_share"] < 1e-6
    assert {s["publisher"] for s in manifest()["sources"]} >= {"OECD", "WTO"}


def test_embedded_world_has_the_size_of_the_real_one():
    # World Bank, GDP of 2022 at current USD: United States 26.0, China 18.3, India 3.35, Russia 2.27 trillion.
    # Value added here is at basic prices, so a little less.
    world = load_world()
    va = dict(zip(world.countries, world.array("value_added").sum(axis=1) / 1e6, strict=True))
    for country, gdp in {"USA": 26.0, "CHN": 18.3, "IND": 3.35, "RUS": 2.27}.items():
        assert 0.85 * gdp < va[country] < 1.03 * gdp


def test_the_union_has_one_tariff_and_none_within():
    tariff = load_world().data["tariff"]
    within = tariff.sel(importer=list(EU27), exporter=list(EU27))
    assert float(np.abs(within).max()) == 0.0
    outside = tariff.sel(importer=list(EU27), exporter="USA")
    assert float((outside - outside.isel(importer=0)).max()) == 0.0
    assert float(outside.sel(sector="C29").max()) > 0.02


def test_repairs_of_the_tariff_table():
    """What docs/explanation/world.md says of each repair, read off the embedded world."""
    tariff = load_world().data["tariff"]
    goods, services = list(industry_group("goods")), list(industry_group("services"))
    food = ["A01", "A03", "C10T12"]
    industrial = [s for s in goods if s not in food]
    abroad = [c for c in countries() if c != "ROW"]
    # the rest of the world levies a tariff on every good, the same on everybody
    levied = tariff.sel(importer="ROW", exporter=abroad)
    assert (levied.sel(sector=goods) > 0).all() and (levied.sel(sector=services) == 0).all()
    assert float((levied - levied.isel(exporter=0)).max()) == 0.0
    assert float(levied.sel(sector="C29").isel(exporter=0)) == pytest.approx(0.082, abs=0.002)
    # no preference raises a tariff: nobody pays Korea, Canada or Chile more than a partner without agreement
    for importer in ("KOR", "CAN", "CHL"):
        assert (tariff.sel(importer=importer, sector=goods) <= tariff.sel(importer=importer, exporter="ROW")).all()
    for importer in ("DEU", "GBR"):
        full = tariff.sel(importer=importer, exporter="ROW")
        for partner in ("USA", "CHN", "RUS"):
            np.testing.assert_array_equal(tariff.sel(importer=importer, exporter=partner), full)
        for partner in ("NOR", "ISL", "CHE", "TUR"):
            row = tariff.sel(importer=importer, exporter=partner)
            assert (row.sel(sector=industrial) == 0).all()
            np.testing.assert_allclose(row.sel(sector=food), 0.55 / 0.85 * full.sel(sector=food), rtol=1e-6)
        assert float(tariff.sel(importer=importer, exporter="IND", sector="C13T15")) == pytest.approx(
            0.71 / 0.85 * float(full.sel(sector="C13T15"))
        )
    for partner in ("IND", "RUS"):
        np.testing.assert_array_equal(
            tariff.sel(importer="USA", exporter=partner), tariff.sel(importer="USA", exporter="ROW")
        )
    assert float(tariff.sel(importer="USA", exporter="MEX").max()) == 0.0


def test_arrays_are_read_only():
    with pytest.raises(ValueError, match="read-only"):
        load_world().data["tariff"].values[0, 0, 0] = 1.0


def test_elasticity_sets():
    world = load_world()
    assert set(elasticity_sets()) == {"BSY", "CP", "FGO", "GYY", "IS", "LL", "Shap", "U4"}
    assert elasticity("CP", world)[world.sectors.index("C19")] == 64.85
    with pytest.raises(InputError, match="'CX' is not an elasticity set"):
        elasticity("CX", world)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"elasticity": np.array([4.0, -1.0, 2.0])}, "elasticity of steel is -1"),
        ({"tariff": np.zeros((4, 4))}, r"tariff: has shape \(4, 4\); right is \(4, 4, 3\)"),
        ({"final_trade": np.full((4, 4, 3), np.nan)}, "final_trade: is nan at"),
        ({"intermediate_trade": -np.ones((4, 4, 3))}, "must be zero or more"),
        ({"input_use": np.zeros((4, 3, 3))}, "do not balance"),
        ({"value_added": np.ones((4, 3))}, "sales and costs of .* do not balance"),
        ({"accounts": "maybe"}, "right are 'check' and 'coefficients'"),
        ({"input_use": "text"}, "not an array of numbers"),
        ({"elasticity": np.nan}, "elasticity: is nan"),
        ({"elasticity": np.array([4.0, np.nan, 2.0])}, "elasticity: is nan at"),
        ({"trade": np.ones((4, 4, 3))}, "both as one array and by use"),
    ],
)
def test_refused(change, said):
    with pytest.raises(InputError, match=said):
        make(**change)


def one_array(**changes):
    trade = np.array([[[80.0, 30.0], [12.0, 6.0]], [[20.0, 10.0], [70.0, 40.0]]])
    use = 0.5 * trade.sum(axis=1)[:, :, None] * np.array([0.6, 0.4])
    arrays = {"trade": trade, "input_use": use, "elasticity": 4.0, "accounts": "coefficients"} | changes
    return World.from_arrays(["A", "B"], ["x", "y"], **arrays)


def test_coefficients_from_one_array_of_trade():
    assert not one_array().balanced
    large = one_array().array("input_use") * 3
    with pytest.raises(InputError, match=r"input_use: industries of . use .* more than the .* give final_use"):
        one_array(input_use=large, value_added=np.full((2, 2), 20.0))
    with pytest.raises(InputError, match="more than the"):
        one_array(input_use=large, value_added=np.full((2, 2), 20.0), accounts="check")
    # with final use, trade divides in the proportion of the uses, and is negative for neither
    world = one_array(input_use=large, value_added=np.full((2, 2), 20.0), final_use=np.full((2, 2), 50.0))
    assert (world.array("intermediate_trade") >= 0).all() and (world.array("final_trade") >= 0).all()
    assert max(solve(Scenario(elasticities="world"), world).residuals.values()) < 1e-9
    negative = one_array().array("input_use").copy()
    negative[0, 0] = -1.0
    world = one_array(input_use=negative, value_added=np.full((2, 2), 20.0), final_use=np.full((2, 2), 50.0))
    assert (world.array("intermediate_trade") >= 0).all() and (world.array("final_trade") >= 0).all()


def test_a_country_that_earns_or_spends_nothing_is_refused_by_name():
    va, final = np.array([[20.0, 20.0], [0.0, 0.0]]), np.array([[0.0, 0.0], [50.0, 50.0]])
    with pytest.raises(InputError, match="value_added: B has no value added"):
        one_array(value_added=va)
    with pytest.raises(InputError, match="final_use: A has no final use"):
        one_array(final_use=final)
    with pytest.raises(InputError, match="B has no value added"):
        World.from_arrays(
            ["A", "B"], ["x"], trade=np.diag([1.0, 0.0])[:, :, None], input_use=np.zeros((2, 1, 1)), elasticity=4.0
        )


def test_a_world_of_one_country():
    world = World.from_arrays(
        ["A"], ["x", "y"], trade=np.array([[[9.0, 4.0]]]), input_use=np.ones((1, 2, 2)), elasticity=4.0
    )
    result = solve(Scenario(elasticities="world"), world)
    assert result.welfare_pct["A"] == pytest.approx(0.0, abs=1e-9)


def test_a_label_twice_is_refused():
    with pytest.raises(InputError, match="'A' stands twice"):
        World.from_arrays(list("AACD"), ["food", "steel", "code"], **random_world_arrays(1))


def test_saved_and_opened_again(tmp_path):
    world = make()
    save_world(world, tmp_path / "w.nc")
    again = open_world(tmp_path / "w.nc")
    for name in ("intermediate_trade", "input_use", "value_added", "tariff", "deficit"):
        np.testing.assert_array_equal(world.array(name), again.array(name))
    assert list(tmp_path.iterdir()) == [tmp_path / "w.nc"]


def test_file_that_does_not_balance_is_refused_by_name(tmp_path):
    world = make()
    broken = world.data.assign(input_use=world.data["input_use"] * 1.01)
    broken.to_netcdf(tmp_path / "w.nc", engine="h5netcdf")
    with pytest.raises(InputError, match=r"w.nc: accounts: .* do not balance"):
        open_world(tmp_path / "w.nc")


def test_files_that_are_no_world(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        open_world(tmp_path / "none.nc")
    (tmp_path / "x.nc").write_text("hello")
    with pytest.raises(InputError, match="not a NetCDF-4 file"):
        open_world(tmp_path / "x.nc")
    make().data.drop_vars("tariff").to_netcdf(tmp_path / "y.nc", engine="h5netcdf")
    with pytest.raises(InputError, match="has no array 'tariff'"):
        open_world(tmp_path / "y.nc")


def test_ras_fits_margins_and_keeps_zeros():
    seed = np.array([[1.0, 2.0, 0.0], [3.0, 1.0, 1.0]])
    fitted = ras(seed, np.array([10.0, 20.0]), np.array([12.0, 13.0, 5.0]))
    np.testing.assert_allclose(fitted.sum(axis=1), [10, 20])
    np.testing.assert_allclose(fitted.sum(axis=0), [12, 13, 5])
    assert fitted[0, 2] == 0.0
    with pytest.raises(ConvergenceError):
        ras(np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([1.0, 1.0]), np.array([1.0, 1.0]))

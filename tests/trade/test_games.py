"""Tariff games against theory, and against deviations."""

from __future__ import annotations

import numpy as np
import pytest

from multialign import ConvergenceError, Embargo, ExportTax, Friction, InputError, Scenario, Tariff, World, solve
from multialign.trade import cooperative_tariffs, nash_tariffs, optimal_tariffs
from multialign.trade.derivatives import point_of, results

PLAIN = Scenario(elasticities="world", deficits="removed")


def one_good(home=0.001, theta=4.0):
    """A country of the given size in the world, one good, no inputs; the rest trades with it as with itself."""
    size = np.array([home, 1 - home])
    trade = np.outer(size, size)[:, :, None] * 1000
    return World.from_arrays(["H", "F"], ["good"], trade=trade, input_use=np.zeros((2, 1, 1)), elasticity=theta)


@pytest.mark.parametrize("theta", [2.0, 5.0])
def test_a_small_country_sets_one_over_the_elasticity_of_its_exports(theta):
    """Armington: even a country too small to move world prices sells its own variety, and the optimal tariff tends to
    1 / theta (Gros 1987, with theta = sigma - 1)."""
    found = optimal_tariffs("H", one_good(1e-3, theta), scenario=PLAIN)
    assert float(found.tariff.sel(importer="H", exporter="F")[0]) == pytest.approx(1 / theta, rel=2e-3)


@pytest.mark.parametrize("home", [0.2, 0.5, 0.8])
def test_a_large_country_sets_the_closed_form(home):
    """Two countries, one good: t = 1 / (theta x F's share of its spending on its own good), at the new equilibrium
    (Gros 1987; Costinot & Rodriguez-Clare 2014, section 4.2)."""
    found = optimal_tariffs("H", one_good(home), scenario=PLAIN, tolerance=1e-8)
    trade = found.solution.trade.sel(sector="good").values
    own = trade[1, 1] / trade[1].sum()
    assert float(found.tariff.sel(importer="H", exporter="F")[0]) == pytest.approx(1 / (4.0 * own), rel=1e-7)


@pytest.mark.parametrize("tie", ["free", "mfn", "partner", "flat"])
def test_nobody_gains_by_a_deviation(small_world, tie):
    found = nash_tariffs(["A", "C"], small_world, scenario=PLAIN, tie=tie, certificate=12)
    assert found.certificate is not None and found.certificate.tried == 2 * (12 + 6)
    assert found.certificate.holds(1e-9) and found.miss <= 1e-6
    own = found.tariff.sel(importer="A", exporter=["B", "C", "D"]).values
    if tie == "mfn":
        np.testing.assert_allclose(own, own[:1] * np.ones((3, 1)), atol=1e-12)
    if tie == "partner":
        np.testing.assert_allclose(own, own[:, :1] * np.ones((1, 3)), atol=1e-12)
    if tie == "flat":
        np.testing.assert_allclose(own, own[0, 0], atol=1e-12)
    base = found.solution.economy.t
    np.testing.assert_array_equal(found.tariff.sel(importer="B"), base[1])


def test_the_certificate_notices_what_is_not_optimal(small_world):
    from multialign.trade.board import board
    from multialign.trade.certificate import certify
    from multialign.trade.solve import base_economy

    eco = base_economy(small_world, PLAIN)
    table = board(PLAIN, small_world, eco, [0], [0, 1, 2], "free", np.ones((3, 4)), None)
    assert not certify(table, table.start(), (-0.5, 10.0), 4).holds(1e-6)


def test_war_costs_and_agreement_pays(small_world):
    players = ["A", "B", "C", "D"]
    war = nash_tariffs(players, small_world, scenario=PLAIN)
    peace = cooperative_tariffs(players, small_world, scenario=PLAIN)
    weight = np.asarray(war.solution.economy.I)
    assert (peace.solution.welfare_pct.values * weight).sum() > (war.solution.welfare_pct.values * weight).sum()
    # With weights by income, what is agreed on is close to free trade.
    assert abs(float(peace.tariff.mean())) < 0.1 * float(war.tariff.mean())


def test_political_weights_protect_the_favoured(small_world):
    plain = optimal_tariffs("A", small_world, scenario=PLAIN)
    steel = optimal_tariffs("A", small_world, scenario=PLAIN, weights={"A": {"steel": 1.3}})
    without = optimal_tariffs("A", small_world, scenario=PLAIN, weights={"A": {"food": 0.5}})
    rate = {"importer": "A", "exporter": ["B", "C", "D"], "sector": "food"}
    assert (without.tariff.sel(rate) < plain.tariff.sel(rate)).all()
    rise = (steel.tariff - plain.tariff).sel(importer="A", exporter=["B", "C", "D"]).mean("exporter")
    assert float(rise.sel(sector="steel")) > float(rise.sel(sector="food"))
    output = steel.solution.data.output - plain.solution.data.output
    assert float(output.sel(country="A", sector="steel")) > 0


def test_input_output_links_matter(small_world):
    """Both are optima of their worlds, and they are not the same."""
    with_links = optimal_tariffs("A", small_world, scenario=PLAIN, certificate=4)
    trade = np.asarray(small_world.trade)
    alone = World.from_arrays(
        small_world.countries, small_world.sectors, trade=trade, input_use=np.zeros((4, 3, 3)),
        tariff=small_world.array("tariff"), elasticity=small_world.array("elasticity"),
    )  # fmt: skip
    without = optimal_tariffs("A", alone, scenario=PLAIN, certificate=4)
    assert with_links.certificate.holds() and without.certificate.holds()
    mean = [float(g.tariff.sel(importer="A", exporter=["B", "C", "D"]).mean()) for g in (with_links, without)]
    assert abs(mean[0] - mean[1]) > 1e-3


def test_bounds_bind(small_world):
    found = optimal_tariffs("A", small_world, scenario=PLAIN, bounds=(0.0, 0.1))
    own = found.tariff.sel(importer="A", exporter=["B", "C", "D"]).values
    np.testing.assert_allclose(own, 0.1, atol=1e-9)


@pytest.fixture(scope="module")
def under_sanctions(small_world):
    """What is best for A while it may not buy from B, D's exports are dearer for C, and B taxes its own."""
    scenario = PLAIN.model_copy(
        update={
            "instruments": (
                Embargo(importers=("A",), exporters=("B",)),
                Friction(importers=("C",), exporters=("D",), change=0.3),
                ExportTax(exporters=("B",), industries=("food",), rate=0.1),
            )
        }
    )
    return scenario, optimal_tariffs("A", small_world, scenario=scenario, industries=["steel", "food"], certificate=8)


def test_other_instruments_stand_while_the_game_is_played(small_world, under_sanctions):
    """The world where a game ends is that of its tariffs and the scenario's instruments together."""
    scenario, found = under_sanctions
    assert found.certificate.holds()
    assert float(found.solution.trade.sel(importer="A", exporter="B").sum()) == 0.0
    rates = [
        Tariff(importers=("A",), exporters=(i,), industries=(s,), mode="replace", rate=float(rate))
        for i in "CD"
        for s in ("food", "steel")
        if (rate := found.tariff.sel(importer="A", exporter=i, sector=s))
    ]
    whole = scenario.model_copy(update={"instruments": (*scenario.instruments, *rates)})
    np.testing.assert_allclose(found.solution.welfare_pct, solve(whole, small_world).welfare_pct, atol=1e-7)


def test_only_the_industries_named_are_played_for(under_sanctions):
    _, found = under_sanctions
    base = found.solution.economy.t
    np.testing.assert_array_equal(found.tariff.sel(sector="code"), base[:, :, 2])
    changed = (found.tariff.values != base).any(axis=(1, 2))
    assert changed.tolist() == [True, False, False, False]


def test_the_mean_tariff_weighs_industries_by_their_trade(under_sanctions):
    _, found = under_sanctions
    weight = found.solution.data.base_trade.sel(importer="A", exporter="C").values
    rates = found.tariff.sel(importer="A", exporter="C").values
    assert found.mean_tariff.importer.values.tolist() == ["A"]
    assert float(found.mean_tariff.sel(importer="A", exporter="C")) == pytest.approx(
        (weight * rates).sum() / weight.sum()
    )


def test_whose_share_is_larger_gains_more_by_an_agreement(small_world):
    """On the frontier what one gains the other loses; without any share the other's income counts for nothing."""
    ends = [
        cooperative_tariffs(["A", "B"], small_world, scenario=PLAIN, tie="flat", shares=shares).solution.welfare_pct
        for shares in ({"A": 3.0, "B": 1.0}, {"A": 1.0, "B": 3.0}, {"A": 30.0, "B": 10.0})
    ]
    assert ends[0]["A"] > ends[1]["A"] and ends[0]["B"] < ends[1]["B"]
    np.testing.assert_allclose(ends[0], ends[2], atol=1e-6)  # only their ratio counts


def test_progress_comes_down_to_the_tolerance(small_world):
    told = []
    found = optimal_tariffs(
        "A", small_world, scenario=PLAIN, tie="flat", tolerance=1e-5, progress=lambda k, miss: told.append((k, miss))
    )
    assert [k for k, _ in told] == list(range(1, found.steps + 1))
    assert told[-1][1] == found.miss <= 1e-5 < told[-2][1]


def test_refused(small_world):
    with pytest.raises(InputError, match=r"weights\.A\.steel.*zero or more"):
        optimal_tariffs("A", small_world, scenario=PLAIN, weights={"A": {"steel": -1.0}})
    with pytest.raises(InputError, match="'C' is not a player"):
        cooperative_tariffs(["A", "B"], small_world, scenario=PLAIN, shares={"C": 1.0})
    with pytest.raises(InputError, match="least above -1"):
        optimal_tariffs("A", small_world, scenario=PLAIN, bounds=(-1.0, 0.1))
    with pytest.raises(InputError, match="each once"):
        nash_tariffs(["A", "A"], small_world, scenario=PLAIN)
    with pytest.raises(InputError, match="players"):
        nash_tariffs(["A", "Z"], small_world, scenario=PLAIN)
    with pytest.raises(InputError, match="bounds"):
        optimal_tariffs("A", small_world, scenario=PLAIN, bounds=(0.5, 0.1))
    with pytest.raises(InputError, match="weights"):
        optimal_tariffs("A", small_world, scenario=PLAIN, weights={"Z": {"steel": 2.0}})
    with pytest.raises(InputError, match="shares"):
        cooperative_tariffs(["A", "B"], small_world, scenario=PLAIN, shares={"A": 0.0})
    with pytest.raises(ConvergenceError, match="every condition"):
        nash_tariffs(["A", "B"], small_world, scenario=PLAIN, max_steps=2)


def test_a_government_without_favourites_wants_real_income(small_world):
    """With all political weights one, what a tariff game maximises is real income, export taxes and all."""
    scenario = Scenario(
        instruments=(Tariff(importers=("A",), rate=0.3), ExportTax(exporters=("B",), rate=0.2)), elasticities="world"
    )
    found = solve(scenario, small_world, tolerance=1e-12)
    assert float(found.data["export_tax_revenue"].sel(country="B")) > 0
    point, offsets = point_of(found)
    both = [results(point.z, offsets, point, found.closure, True, of) for of in ("objective", "real_income")]
    np.testing.assert_allclose(*both, atol=1e-10)

"""The response surface: exact where it was solved, near where it was not, and the same after a round trip to disk."""

from __future__ import annotations

import numpy as np
import pytest

from multialign import InputError, load_world
from multialign.respond.build import base_of, energy_as_observed, set_up
from multialign.respond.levers import Levers
from multialign.respond.question import Question
from multialign.respond.solves import real_incomes
from multialign.respond.standing import crude_between, further_discount, oil_and_gas_share
from multialign.respond.stored import load_surface, save_surface
from multialign.trade import Scenario, base_economy, solve


def test_discount_and_shares_are_the_observed_ones():
    path = crude_between("IND", "RUS", load_world())
    # 2023's discount against other origins was near a tenth of the price, 2024's near 3 %.
    assert 0.05 < further_discount(path) < 0.12
    assert 0.30 < oil_and_gas_share("IND", "RUS") < 0.40
    assert oil_and_gas_share("IND", "RUS", 2021) < 0.05
    assert crude_between("DEU", "VNM", load_world()) is None
    assert further_discount(None) == 0.0


def test_base_is_brought_to_the_observed_share_of_oil():
    world = load_world()
    base = base_economy(world, Scenario())
    base = energy_as_observed(base, Levers(("IND",), ("RUS",), 0.0), 0.34, world)
    n, i, s = world.countries.index("IND"), world.countries.index("RUS"), world.sectors.index("B06")
    bought = base.pi_m[n, :, s] * base.E_m[n, s] + base.pi_f[n, :, s] * base.E_f[n, s]
    bought[n] = 0.0
    assert bought[i] / bought.sum() == pytest.approx(0.34, abs=0.01)


def test_depth_zero_is_an_embargo_and_todays_depth_no_change(setting):
    world, base = load_world(), base_of(setting, "median")
    levers = Levers(("IND",), ("RUS",), 0.1)
    cut = solve(Scenario(instruments=levers.at("energy", 0.0, 0.3, base, world)), world, base=base)
    assert float(cut.trade.sel(importer="IND", exporter="RUS", sector=["B05", "B06", "C19", "D"]).sum()) == 0.0
    assert levers.at("trade", 0.3, 0.3, base, world) == ()
    assert levers.at("arms", 0.9, 0.3, base, world) == ()


def test_throttled_trade_falls_and_eased_trade_about_doubles(setting):
    world, base = load_world(), base_of(setting, "median")
    levers = Levers(("IND",), ("RUS",), 0.0)

    def flow(depth):
        result = solve(Scenario(instruments=levers.at("technology", depth, 0.2, base, world)), world, base=base)
        codes = ["C26", "C27", "C28"]
        new = float(result.trade.sel(importer="IND", exporter="RUS", sector=codes).sum())
        return new / float(result.data.base_trade.sel(importer="IND", exporter="RUS", sector=codes).sum())

    assert flow(0.1) == pytest.approx(0.5, abs=0.05)
    # spending doubles with prices given; at producer prices a little more, by the tariff that is gone
    assert 1.9 < flow(1.0) < 2.3


def test_exact_at_nodes_and_corners_and_near_elsewhere(setting, surface):
    A = len(surface.axes)
    points = np.zeros((4, A))
    points[0, surface.place[("more", "RUS", "trade")]] = 1.0
    points[1, surface.place[("tariff", "USA", "")]] = 0.25
    points[2, [surface.place[("more", "RUS", "energy")], surface.place[("discount", "RUS", "")]]] = 0.5, 0.1
    points[3, [surface.place[("more", "RUS", "energy")], surface.place[("tariff", "USA", "")]]] = 0.7, 0.37
    base = base_of(setting, "median")
    exact = surface.party_pct(
        real_incomes([setting.moves(x, base) for x in points], load_world(), base)[None].repeat(2, 0)
    )
    said = surface.total(np.zeros(4, dtype=int), points)
    # Nodes and corners are read from a table of small steps.
    np.testing.assert_allclose(said[:3], exact[0, :3], atol=2e-4)
    np.testing.assert_allclose(said[3], exact[0, 3], atol=6e-3)


def test_held_out_errors_are_small_and_said(surface):
    h = surface.held_out
    assert h.points == 12
    assert h.largest["IND"] < 0.05 and h.rms["IND"] < 0.02
    assert h.effect["IND"] > 10 * h.rms["IND"]


def test_everywhere_agrees_with_the_parties(surface):
    x = np.zeros(len(surface.axes))
    x[surface.place[("less", "RUS", "energy")]] = 0.8
    x[surface.place[("more", "RUS", "trade")]] = 0.5
    every = surface.everywhere_at(0, x)
    assert every[surface.countries.index("IND")] == pytest.approx(
        surface.total(np.zeros(1, int), x[None])[0, 0], abs=1e-4
    )


def test_round_trip(surface, tmp_path):
    save_surface(surface, tmp_path / "s.npz")
    again = load_surface(tmp_path / "s.npz")
    assert again.question == surface.question and again.axes == surface.axes and again.pairs == surface.pairs
    assert again.standing == surface.standing and again.held_out == surface.held_out
    np.testing.assert_array_equal(again.joint, surface.joint)


def test_bad_surface_files_are_refused(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        load_surface(tmp_path / "none.npz")
    (tmp_path / "bad.npz").write_bytes(b"not a zip")
    with pytest.raises(InputError, match="not a surface file"):
        load_surface(tmp_path / "bad.npz")
    np.savez(tmp_path / "evil.npz", header=np.array([{"a": 1}], dtype=object))
    with pytest.raises(InputError, match="not a surface file"):
        load_surface(tmp_path / "evil.npz")


def test_domains_that_no_offer_opens_are_not_solved_upwards():
    s = set_up(Question.of("IND", "RUS", "USA", domains=("energy",)), load_world())
    assert {(a.kind, a.domain) for a in s.axes if a.kind == "more"} == {("more", "energy")}

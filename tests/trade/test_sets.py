"""Groups of states in instruments: who is named, and what stays untouched between whom."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from multialign import Embargo, InputError, Tariff, World, load_world
from multialign.trade.economy import economy
from multialign.trade.scenario import parse_scenario
from multialign.trade.sets import at_home, countries_of
from multialign.trade.shock import compile_shock
from multialign.world.groups import members
from tests.conftest import random_world_arrays

KNOWN = ["DEU", "FRA", "GBR", "USA", "CHN", "IND", "RUS", "KAZ"]


def named(*names, on=None):
    return {KNOWN[i] for i in countries_of(names, KNOWN, "importers", on)}


def test_groups_are_their_members_that_the_world_has():
    assert named("EU") == {"DEU", "FRA"} and named("EU", on=date(2019, 1, 1)) == {"DEU", "FRA", "GBR"}
    assert named("EU@2019-06-30", "G7", on=date(2024, 1, 1)) == {"DEU", "FRA", "GBR", "USA"}
    assert named("eurasian economic union", "IND") == {"RUS", "KAZ", "IND"}
    with pytest.raises(InputError, match=r"exporters: this world has no member of 'GCC'"):
        countries_of(["GCC"], KNOWN, "exporters")
    with pytest.raises(InputError, match=r"'BRIX' is not a country or group known here; the nearest known is 'BRICS'"):
        countries_of(["BRIX"], KNOWN, "exporters")
    # a world's own label goes before a group of that name
    assert countries_of(["EU"], ["USA", "EU"], "importers") == [1]


def test_only_customs_unions_are_at_home_within():
    def home(importers, exporters, on=None):
        h = at_home(importers, exporters, KNOWN, on)
        return {(KNOWN[n], KNOWN[i]) for n, i in np.argwhere(h & ~np.eye(len(KNOWN), dtype=bool))}

    within = {("DEU", "FRA"), ("FRA", "DEU")}
    assert home(["EU"], []) == home([], ["EU27"]) == within
    assert home(["EU"], [], date(2019, 1, 1)) > within and ("GBR", "FRA") in home(["EU@2019-06-30"], ["USA"])
    assert home(["EAEU"], []) == {("RUS", "KAZ"), ("KAZ", "RUS")}
    assert home(["G7"], []) == home(["BRICS"], ["BRICS"]) == set()
    assert home(["DEU", "EU"], ["FRA"]) == {("FRA", "DEU")}


def test_a_tariff_of_the_brics_also_hits_the_other_brics():
    world = load_world()
    eco, at = economy(world), world.countries.index
    shock = compile_shock([Tariff(importers=("BRICS",), rate=0.1)], eco, world.countries, world.sectors)
    t = shock.everywhere("t", eco.t)
    raised = np.argwhere((t > eco.t).any(axis=2))
    buyers = {world.countries[n] for n, _ in raised}
    assert buyers == set(members("BRICS")) & set(world.countries)
    assert (t[at("IND"), at("CHN")] == eco.t[at("IND"), at("CHN")] + 0.1).all()
    assert (t[at("IND"), at("IND")] == eco.t[at("IND"), at("IND")]).all()


def test_the_day_of_a_scenario_says_who_is_a_member():
    world = World.from_arrays(["DEU", "FRA", "GBR", "USA"], ["food", "steel", "code"], **random_world_arrays(1))
    eco = economy(world)
    cut = [Embargo(importers=("USA",), exporters=("EU",))]
    for on, expected in ((None, True), (date(2019, 1, 1), False)):
        shock = compile_shock(cut, eco, world.countries, world.sectors, on=on)
        is_open = shock.everywhere("open", np.ones_like(eco.t)).astype(bool)
        assert is_open[3, 2].all() == expected and not is_open[3, :2].any() and is_open[0, 1].all()
    with pytest.raises(InputError, match=r"touches no flow.*nor with EU trade in it"):
        compile_shock([Embargo(importers=("EU",), exporters=("DEU",))], eco, world.countries, world.sectors)


def test_the_date_field_is_read_from_yaml():
    text = "name: x\ndate: {}\ninstruments: []\n"
    assert parse_scenario(text.format("2019-06-30")).date == date(2019, 6, 30)
    assert parse_scenario("name: x").date is None
    assert parse_scenario(text.format("2019-06-30")).model_dump(mode="json")["date"] == "2019-06-30"
    with pytest.raises(InputError, match=r"s.yaml:2: date: found 'soon'"):
        parse_scenario(text.format("soon"), "s.yaml")

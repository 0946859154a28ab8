"""Where pairs stand: shares are shares, and arms reach as far as the offerer's exports."""

from __future__ import annotations

import numpy as np
import pytest

from multialign import World, load_world
from multialign.respond.standing import standings
from multialign.ties.actors import actor
from multialign.ties.flows import domain_flows
from multialign.world.codes import industry_group
from tests.conftest import random_world_arrays

PAIRS = [("IND", "RUS"), ("IND", "FRA"), ("BLR", "RUS"), ("HKG", "EU27"), ("TWN", "CHN"), ("EU27", "USA")]


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
def test_depths_and_shares_lie_between_nothing_and_all(pair):
    for d, s in standings(*pair, load_world()).items():
        assert 0.0 <= s.today <= s.most <= 1.0, d
        for share in (s.share, s.full, s.others, s.sales_share, s.sales_full, s.sales_others):
            assert 0.0 <= share <= 1.0, d
        assert s.share <= s.full + 1e-12 and s.sales_share <= s.sales_full + 1e-12, d
        if not s.known:
            assert s.today == 0.0


@pytest.mark.parametrize("pair", PAIRS[:3], ids="-".join)
def test_arms_deepen_as_far_as_all_that_the_offerer_sells_abroad(pair):
    world = load_world()
    me, them = (list(actor(p).members) for p in pair)
    flows = domain_flows("arms", world).latest.copy()
    for group in (me, them):
        flows[np.ix_(group, group)] = 0.0
    s = standings(*pair, world)["arms"]
    reach = flows[:, them].sum() / flows[me].sum()
    assert s.most == pytest.approx(max(min(1.0, reach / s.full), s.today))


def test_a_world_of_other_countries_says_nothing_of_energy_that_the_panel_lacks():
    """The embedded tables fill in for Belarus' energy; a world with other states cannot."""
    energy = list(industry_group("energy"))[:2]
    for codes in (["BLR", "RUS", "USA"], ["USA", "CHN", "DEU", "BLR"]):
        world = World.from_arrays(codes, energy, **random_world_arrays(1, len(codes), 2))
        s = standings("BLR", "RUS", world)["energy"]
        assert s.today == 0.0 and s.note == ""
    assert standings("BLR", "RUS", load_world())["energy"].today > 0.5

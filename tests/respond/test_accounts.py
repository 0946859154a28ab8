"""What an answer says of itself: its draws, its solves, its progress, and shares that can be counted again."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from multialign import InputError, load_world
from multialign.respond import Offer, Pressure, Question, answer_at, answer_with_surface
from multialign.respond.build import HELD_OUT, held_out_points, set_up
from multialign.respond.calibrate import _more_is_no_better, uniform_measure
from multialign.respond.changes import changed
from multialign.respond.parts import NOTICEABLE, depth_of, held_of
from multialign.respond.play import board_of, offerer_wants, play
from multialign.respond.ranges import check_weights
from multialign.respond.replies import best_replies
from multialign.respond.terms import concentration, partner_share, tie_value
from multialign.ties.flows import DOMAINS

QUESTION = Question.full(
    "IND", (Offer(by="RUS", domains=("energy", "trade")),), (Pressure(by="USA", replies=("tariff",)),)
)
SETS = ("one", "two")


@pytest.fixture(scope="module")
def told():
    said: list[tuple[str, float]] = []
    answer, surface = answer_with_surface(
        QUESTION, world=load_world(), sets=("median",), draws=48, progress=lambda text, done: said.append((text, done))
    )
    return answer, surface, said


@pytest.fixture(scope="module")
def outcome(told):
    """Played on a surface with the one set of elasticities twice, under two names."""
    one = told[1]
    surface = dataclasses.replace(
        one, sets=SETS, main=tuple(np.concatenate([m, m]) for m in one.main), joint=np.concatenate([one.joint] * 2),
        income=np.concatenate([one.income] * 2), _tables={},
    )  # fmt: skip
    board = board_of(surface, 192)
    return play(surface, board.replies, board.draws)


def test_draws_and_solves_are_those_that_were_made(told):
    answer, surface, said = told
    assert answer.draws == 48  # as many as asked, whatever the precision that they give
    assert answer.elasticity_sets == ("median",)
    assert surface.solves < answer.solves <= surface.solves + 6
    assert said[0][0].startswith("looking up") and said[0][1] == 0.0
    done = [d for _, d in said]
    assert done == sorted(done) and 0.1 < done[-1] < 1.0


def test_every_set_of_elasticities_has_its_share_of_the_draws(outcome):
    counts = np.bincount(outcome.board.draws.surface, minlength=len(SETS))
    assert counts.tolist() == [96, 96]


def test_shares_of_draws_are_counted_as_they_are_said(outcome):
    """Against depths made up so that 30 % go further, 20 % step back, and the rest move too little to notice."""
    board = outcome.board
    k = DOMAINS.index("energy")
    today = board.today[0, k]
    n = board.draws.size
    move = np.where(np.arange(n) % 10 < 3, 0.1, np.where(np.arange(n) % 10 < 5, -0.1, 0.9 * NOTICEABLE))
    depths = outcome.depths.copy()
    depths[:, 0, k] = today + move
    made = dataclasses.replace(outcome, depths=depths, alone=depths, counter=np.zeros_like(outcome.counter))
    d = depth_of(made, 0, k)
    assert d.further == pytest.approx((move > 0.05).mean()) and d.back == pytest.approx((move < -0.05).mean())
    assert d.verdict == "open"  # half stay: less than two thirds
    assert f"the {100 * d.further:.0f} % of the draws that go further end near {today + 0.1:.2f}" in d.note
    assert f"the {100 * d.back:.0f} % of the draws that step back end near {today - 0.1:.2f}" in d.note
    assert "without counter-offers" not in d.note and d.without_counter is None
    for name, share in d.by_set.items():
        mine = board.draws.surface == SETS.index(name)
        assert share == pytest.approx((move[mine] > 0.05).mean())
    # All would go much further but for counter-offers.
    alone = depths.copy()
    alone[:, 0, k] = today + 0.2
    bought = dataclasses.replace(made, alone=alone, counter=np.ones_like(outcome.counter))
    d = depth_of(bought, 0, k)
    assert d.without_counter == 1.0 and "without counter-offers 100 % of the draws would go further" in d.note
    stays = dataclasses.replace(made, depths=np.tile(board.today, (n, 1, 1)))
    assert depth_of(stays, 0, k).verdict == "stay"


def test_what_today_leaves_of_a_range_is_said_of_every_weight_that_has_one(outcome):
    draws = outcome.board.draws
    assert set(draws.narrowed) == {"autonomy", "tie.arms", "tie.diplomacy"}
    assert all(0.0 <= part <= 1.0 for part in draws.narrowed.values())
    surface = outcome.board.surface
    given = dataclasses.replace(surface, question=changed(surface.question, autonomy=0.1))
    assert set(board_of(given, 64).draws.narrowed) == {"tie.arms", "tie.diplomacy"}


def test_no_depth_beyond_what_the_offerer_can_serve_is_weighed(told):
    """(A9) Where nobody answers: the weight of the tie at which the best depth up to the most is worth what it costs in
    autonomy, up to the step of the depths compared."""
    calm = Question.full("IND", QUESTION.all_offers, ())
    standing = dataclasses.replace(told[1].standing["RUS"]["diplomacy"], today=0.6, most=0.63, share=0.3, full=0.5)
    table = {"RUS": {**told[1].standing["RUS"], "diplomacy": standing}}
    surface = dataclasses.replace(told[1], question=calm, standing=table, _tables={})
    kappa, one = np.array([0.5, 2.0]), np.ones((2, 1))
    found = _more_is_no_better(
        surface, best_replies(surface), "RUS", "diplomacy", np.zeros(2, dtype=int), kappa, one, one
    )
    a = np.linspace(0.6, 0.63, 1001)[1:]
    share = partner_share(a, 0.6, 0.3, 0.5)
    dearer = concentration(share, standing.others) - concentration(0.3, standing.others)
    worth = tie_value(a) - tie_value(0.6)
    np.testing.assert_allclose(found, np.maximum(kappa * (dearer / len(DOMAINS) / worth).min(), 0.0), rtol=0.1)


def test_how_much_rests_on_the_measure_is_the_largest_difference_of_a_share(outcome):
    """Against draws that all stay: the share of those that go further under the other measure."""
    board = outcome.board
    stay = np.tile(board.today, (board.draws.size, 1, 1))
    other = play(board.surface, board.replies, uniform_measure(board.draws, 3), bids=False)
    further = (other.alone > board.today + NOTICEABLE).mean(axis=0)
    calm = dataclasses.replace(outcome, alone=stay)
    held = held_of(board.surface, board.replies, board.draws, calm, 3)
    assert held.uniform_shift == pytest.approx(further.max()) and 0 < further.max() < 1


def test_an_offerer_that_minds_nothing_goes_as_far_as_its_income_rises(outcome):
    board = outcome.board
    k = DOMAINS.index("trade")
    party = board.surface.parties.index("RUS")
    careless = dataclasses.replace(board, draws=dataclasses.replace(
        board.draws, offerer_autonomy=np.zeros_like(board.draws.offerer_autonomy)
    ))  # fmt: skip
    wants = offerer_wants(careless, 0, k)
    low, high = board.today[0, k], np.broadcast_to(board.caps, outcome.depths.shape)[:, 0, k]
    grid = low + np.linspace(0, 1, 21)[None, :] * (high - low)[:, None]
    income = careless.income(0, k, grid, party)
    assert (np.diff(income, axis=1) > 0).all()  # more trade is worth more to it, all the way
    np.testing.assert_allclose(wants, high, atol=1e-12)


def test_an_offerer_that_minds_dependence_stays_where_its_sales_are_uneven_enough(outcome):
    """Above the share that would make its sales most even, more with the focal state only makes them less so."""
    board = outcome.board
    table = board.surface.standing["RUS"]
    uneven = dataclasses.replace(table["energy"], sales_others=0.05)
    assert uneven.sales_share > 0.05 / 1.05
    surface = dataclasses.replace(
        board.surface, standing={"RUS": {**table, "energy": uneven}}, _tables=board.surface._tables
    )
    draws = dataclasses.replace(board.draws, offerer_autonomy=np.full_like(board.draws.offerer_autonomy, 1e6))
    wants = offerer_wants(dataclasses.replace(board, surface=surface, draws=draws), 0, DOMAINS.index("energy"))
    np.testing.assert_allclose(wants, uneven.today, atol=1e-12)


def test_the_surface_is_checked_inside_the_region_that_it_covers():
    setting = set_up(QUESTION, load_world())
    points = np.concatenate([held_out_points(setting.axes, np.random.default_rng(seed)) for seed in range(20)])
    assert points.shape == (20 * HELD_OUT, len(setting.axes))
    for k, axis in enumerate(setting.axes):
        low, high = min(0.0, *axis.nodes), max(axis.nodes)
        assert ((points[:, k] >= low) & (points[:, k] <= high)).all(), axis.name
        assert points[:, k].any() or axis.kind == "counter", axis.name


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"tie.arm": 1.0}, r"'arm' is not a domain.*nearest known is 'arms'"),
        ({"tie.trade": 1.0}, "trade has no free weight"),
        ({"autonomy": (2.0, 1.0)}, "contradict each other"),
        ({"reach": 2.0}, "from 0 to 1.5"),
        ({"step.trade": 0.1}, "'step.trade' is not a weight"),
    ],
)
def test_weights_are_refused_with_their_reason(given, said):
    with pytest.raises(InputError, match=said):
        check_weights(given)


def test_a_refusal_names_the_weights_that_contradict_today(told):
    with pytest.raises(InputError, match=r"weights \(autonomy, tie.arms\): under these weights nothing explains"):
        answer_at(told[1], draws=64, autonomy=50.0, tie_arms=0.0, reach=1.0)


def test_a_discount_that_the_offer_names_is_certain(told):
    offer = Offer(by="RUS", domains=("energy", "trade"), discount=0.1)
    setting = set_up(Question.full("IND", (offer,), QUESTION.all_pressures), load_world())
    fixed = dataclasses.replace(told[1], question=setting.question, discount=setting.discount, _tables={})
    np.testing.assert_allclose(board_of(fixed, 32).draws.discount, 0.1, atol=1e-12)
    assert np.ptp(board_of(told[1], 32).draws.discount) > 0

"""The answer: what it must satisfy whatever the numbers, and what it must refuse."""

from __future__ import annotations

import dataclasses

import jsonschema
import numpy as np
import pytest

from multialign import InputError, load_world
from multialign.respond import Offer, Pressure, Question, answer_at, answer_schema, respond
from multialign.respond.calibrate import calibrate, tie_bounds, uniform_measure
from multialign.respond.choice import NEGLIGIBLE, Board
from multialign.respond.inputs import columns, uniforms
from multialign.respond.play import offerer_wants, play, word_caps
from multialign.respond.replies import best_replies
from multialign.respond.standing import MOST_DISCOUNT, countries_of, crude_between, further_discount, standings
from multialign.respond.worth import terms_at
from multialign.ties.flows import DOMAINS

COLUMNS = columns(1, 1)


def board_of(surface, rows=192, seed=7, **weights):
    s = dataclasses.replace(surface, question=surface.question.model_copy(update={"weights": weights}))
    replies = best_replies(s)
    draws = calibrate(uniforms(rows, COLUMNS.size, seed), COLUMNS, s, replies)
    return Board(s, replies, draws, word_caps(s))


@pytest.fixture(scope="module")
def board(surface):
    return board_of(surface)


@pytest.fixture(scope="module")
def answer():
    return respond(Question.of("IND", "RUS", "USA"), sets=["median", "CP"], draws=64, seed=3)


def test_reply_is_none_without_minding_and_the_recorded_one_at_its_step(board):
    r, one = board.draws, np.ones(board.draws.size)
    assert (board.replies.loss(0, r.surface, 0 * one, r.sanctions[:, 0]) == 0).all()
    menu = board.replies.menus[0]
    at = board.replies.chosen(0, r.surface, 0.97 * one, np.maximum(r.sanctions[:, 0], 2.0))
    assert {menu.kinds[a] for a in at} == {"tariff"}
    np.testing.assert_allclose(menu.sizes[at], 0.25, atol=0.026)


def test_replies_are_best_among_all_in_the_menu(board):
    """(A6), draw by draw, at the level of `sanctions` that the table has."""
    menu, table = board.replies.menus[0], board.replies
    for s in range(2):
        for n, c in enumerate(table.sanctions[0]):
            for place in (20, 80, 160):
                worth = menu.own[s] - c * menu.shade[s] + menu.unit[s] * table.x[place] * menu.loss[s]
                assert worth[table.best[0][s, n, place]] == pytest.approx(worth.max())


def test_costs_rise_with_the_rise(board):
    m = np.tile(np.linspace(0, 1, 30), (board.draws.size, 1))
    assert (np.diff(board.cost(0, m), axis=1) >= -1e-12).all()


def test_weights_explain_todays_depths(board):
    """At the drawn weights no smaller depth is better in any domain (revealed preference, globally)."""
    r = board.draws
    assert not r.unexplained and r.kept == 1.0
    home = board.value(np.tile(board.today, (r.size, 1, 1)))
    for d in range(len(DOMAINS)):
        for part in (0.0, 0.3, 0.6, 0.95):
            less = np.tile(board.today, (r.size, 1, 1))
            less[:, 0, d] *= part
            assert (board.value(less) - home).max() < 1e-3, DOMAINS[d]
    bounds = tie_bounds(board.surface, r.surface, r.data * 0 + 1.0, {})
    assert (r.low <= r.omega + 1e-12).all() and (r.omega <= r.high + 1e-12).all()
    assert (bounds[:, DOMAINS.index("arms"), 1] > 0).all()


def test_where_the_focal_state_chose_more_is_no_better_either(board):
    r, d = board.draws, DOMAINS.index("diplomacy")
    home = board.value(np.tile(board.today, (r.size, 1, 1)))
    for part in (0.3, 0.7, 1.0):
        more = np.tile(board.today, (r.size, 1, 1))
        more[:, 0, d] += part * (1.0 - more[:, 0, d])
        gain = board.value(more) - home
        assert (gain[~r.limited[:, d]] <= 1e-3).all()


def test_the_uniform_measure_stays_in_the_set(board):
    other = uniform_measure(board.draws, 1)
    assert other.size == board.draws.size
    assert (other.omega >= other.low - 1e-12).all() and (other.omega <= other.high + 1e-12).all()


def test_no_random_deviation_beats_the_best_depths(board):
    best = board.best()
    top = board.value(best)
    assert (top >= -1e-9).all()  # staying as today is always possible
    rng = np.random.default_rng(0)
    for k in range(200):
        low = 0.0 if k % 2 else board.today
        other = low + rng.uniform(0, 1, best.shape) * (board.caps - low)
        assert (board.value(other) <= top + NEGLIGIBLE + 1e-3).all()
    for d in range(len(DOMAINS)):
        for step in (-0.05, 0.05):
            near = best.copy()
            near[:, 0, d] = np.clip(near[:, 0, d] + step, 0, board.caps[0, d])
            assert (board.value(near) <= top + NEGLIGIBLE + 4e-3).all()


def test_infinite_autonomy_gives_even_ties(board):
    """Where today's share is above the one that makes ties most even, no weight on autonomy lets it rise; without limit
    the share comes down to the even one."""
    draws = dataclasses.replace(board.draws, autonomy=np.full(board.draws.size, 1e7))
    best = dataclasses.replace(board, draws=draws).best()
    for d, name in enumerate(DOMAINS):
        s = board.surface.standing["RUS"][name]
        even = s.others / (1 + s.others)  # the share that makes the Herfindahl index least
        if s.share > even:
            assert (best[:, 0, d] <= s.today + 1e-9).all()
            share = s.share * best[:, 0, d] / s.today
            np.testing.assert_allclose(share, even, atol=s.share / 19)


def test_without_a_third_power_nobody_replies(surface):
    q = Question.full("IND", (Offer(by="RUS"),), ())
    s = dataclasses.replace(surface, question=q)
    calm, pressed = play(s, best_replies(s), board_of(s).draws), board_of(surface)
    everything = np.broadcast_to(calm.board.caps, calm.depths.shape)
    assert (terms_at(calm.board, everything).reaction == 0).all()
    assert not calm.counter.any()
    assert calm.depths.mean() >= pressed.best().mean() - 1e-9


def test_with_today_as_the_most_nobody_moves(board):
    still = dataclasses.replace(board, caps=board.today)
    np.testing.assert_allclose(still.best(), np.tile(board.today, (board.draws.size, 1, 1)), atol=1e-12)


def test_consent_binds_where_the_offerer_wants_less(surface):
    word = surface.question
    q = Question.full("IND", (Offer(by="RUS", consent="interest"),), (Pressure(by="USA", replies=("tariff",)),))
    s = dataclasses.replace(surface, question=q.model_copy(update={"weights": {"offerer_autonomy": 100.0}}))
    out = play(s, best_replies(s), calibrate(uniforms(96, COLUMNS.size, 2), COLUMNS, s, best_replies(s)))
    assert (out.depths <= out.board.caps + 1e-9).all()
    for d, name in enumerate(DOMAINS):
        wants = offerer_wants(dataclasses.replace(out.board, caps=word_caps(s)), 0, d)
        np.testing.assert_allclose(
            np.maximum(wants, s.standing["RUS"][name].today), out.board.caps[:, 0, d], atol=1e-12
        )
    assert (out.board.caps[:, 0].sum(axis=1) < word_caps(surface)[0].sum() - 0.1).any()
    assert word.all_offers[0].consent == "word"


def test_counter_offers_are_least_and_only_where_the_tie_would_deepen(surface):
    b = board_of(surface, outbid=0.05)
    out = play(b.surface, b.replies, b.draws)
    made = out.counter[:, 0] > 0
    rises = (out.alone > b.today + 1e-9).any(axis=(1, 2))
    assert made.any() and not (made & ~rises).any()
    assert (out.depths[made] <= b.today + 1e-9).all()
    gap = b.value(out.alone) - b.value(dataclasses.replace(b, caps=b.today).best())
    assert (out.terms.counter[made] >= gap[made] - 1e-6).all()
    dear = board_of(surface, outbid=100.0)
    assert play(dear.surface, dear.replies, dear.draws).counter.mean() < out.counter.mean()


def test_answer_follows_its_schema_and_says_its_assumptions(answer):
    data = answer.to_dict()
    jsonschema.validate(data, answer_schema())
    assert set(data["depth"]) == set(DOMAINS)
    for d in data["depth"].values():
        assert 0 <= d["low"] <= d["median"] <= d["high"] <= 1
    assert {a.id for a in answer.assumptions} >= {
        "depth", "base", "elasticities", "autonomy", "reply", "today", "sanctions", "counter-offer", "oil", "data",
    }  # fmt: skip
    assert set(answer.payoffs) == {"cut", "stay", "answer", "all"}
    assert abs(answer.payoffs["stay"].payoffs[0].total.median) < 1e-9
    assert answer.held.state in ("empty", "huge", "narrowed") and 0 <= answer.held.uniform_shift <= 1
    assert {x.name for x in answer.indifferences} == {"discount", "oil", "step", "autonomy", "tie", "reach"}
    assert {c.outcome for c in answer.conditions} == {"all", "stay", "away"}
    for c in answer.causes:
        assert c.total.low <= c.total.median <= c.total.high


def test_cutting_ties_costs_both_and_pressure_follows_depth(answer):
    cut, everything = answer.payoffs["cut"], answer.payoffs["all"]
    for party in cut.payoffs[:2]:
        assert party.terms[0].pct.median < 0
    assert cut.reply.high == 0.0 and cut.replies[0].shares["none"] == 1.0
    assert everything.reply.median > 10
    assert everything.error < 0.05 and cut.error < 0.05
    assert everything.welfare_pct["IND"] > cut.welfare_pct["IND"]
    assert everything.welfare_low["IND"] <= everything.welfare_pct["IND"] <= everything.welfare_high["IND"]


def test_terms_add_up_in_the_medians_of_one_draw(board):
    terms = terms_at(board, np.broadcast_to(board.caps, (board.draws.size, *board.caps.shape)))
    total = terms.income + terms.value + terms.autonomy + terms.reaction
    np.testing.assert_allclose(terms.focal, total)
    assert (terms.reaction <= 1e-9).all() and (terms.value >= 0).all() and (terms.third_minds <= 0).all()


def test_power_before_and_after(answer):
    e = answer.effects[-1]
    pair = next(p for p in e.pairs if {p.state, p.partner} == {"IND", "RUS"})
    # All the way, each depends more on the other than today.
    assert pair.after.median > pair.before.median > 0 and pair.partner_after.median > pair.partner_before.median
    assert len(e.words) >= 3


def test_break_even_rises_with_the_tariff(answer):
    discounts = [p.usd_per_barrel.median for p in answer.break_even.points]
    assert discounts == sorted(discounts) and discounts[0] > 0
    assert answer.break_even.price == pytest.approx(78.2, abs=0.1)


def test_same_seed_same_answer_and_precision_is_met(surface):
    one, two = (answer_at(surface, draws=512, seed=4) for _ in range(2))
    assert one.to_dict() == two.to_dict()
    large = answer_at(surface, draws=2048, seed=4)
    double = answer_at(surface, draws=4096, seed=4)
    for d in DOMAINS:
        allowed = max(large.precision.median[d], 0.01)
        assert abs(large.depth[d].median - double.depth[d].median) <= allowed
        assert abs(large.depth[d].further - double.depth[d].further) <= large.precision.reached + 0.01


def test_sliders(surface):
    base = answer_at(surface, draws=512)
    calm = answer_at(surface, draws=512, step=1.0, counter_offer=False)
    assert calm.depth["energy"].further >= base.depth["energy"].further
    cheap = answer_at(surface, draws=512, discount=0.3, counter_offer=False)
    assert cheap.depth["energy"].further > base.depth["energy"].further
    bound = answer_at(surface, draws=512, tariff=50)
    assert bound.payoffs["all"].reply.median == pytest.approx(50, abs=1.5)
    with pytest.raises(InputError, match=r"'autonomi' is not a weight.*autonomy"):
        answer_at(surface, autonomi=1.0)
    with pytest.raises(InputError, match="not a domain"):
        answer_at(surface, domains=("energie",))


def test_closed_domains_do_not_deepen(surface):
    a = answer_at(surface, draws=256, domains=("energy",), counter_offer=False)
    for name, d in a.depth.items():
        if name != "energy":
            assert not d.open and d.high <= d.today + 1e-12


@pytest.mark.parametrize(
    ("who", "said"),
    [
        (("IND", "IND"), "IND is both focal and offerer"),
        (("IND", "RUSS"), "'RUSS' is not a country"),
        (("IND", "RUS", "IND"), "both"),
        (("FRA", "EU27"), "overlap"),
        (("ROW", "RUS"), "ROW"),
    ],
)
def test_bad_questions(who, said):
    with pytest.raises(InputError, match=said):
        Question.of(*who)


def test_unknown_domain_is_refused():
    with pytest.raises(InputError, match=r"'energie' is not a domain.*nearest known is 'energy'"):
        Question.of("IND", "RUS", "USA", domains=("energie",))


def test_a_domain_without_data_is_refused():
    with pytest.raises(InputError, match="no data on HKG and USA in diplomacy"):
        respond(Question.of("HKG", "USA", "CHN", domains=("diplomacy",)), sets=["median"], draws=10)


def test_weights_that_leave_nothing_are_refused(surface):
    with pytest.raises(InputError, match=r"nothing explains today's depth in (arms|diplomacy)"):
        answer_at(surface, draws=128, autonomy=50.0, tie=0.0)
    with pytest.raises(InputError, match="contradict each other"):
        Question.full("IND", (Offer(by="RUS"),), weights={"autonomy": (3.0, 1.0)})


def test_an_empty_set_is_said_not_hidden(surface):
    """Arms so concentrated that even the least weight of autonomy would cut them."""
    s = surface.standing["RUS"]["arms"]
    tight = dataclasses.replace(s, share=0.99, full=0.99, others=0.01)
    table = {"RUS": {**surface.standing["RUS"], "arms": tight}}
    b = board_of(dataclasses.replace(surface, standing=table, _tables={}), autonomy=(4.0, 5.0))
    assert ("RUS", "arms") in b.draws.unexplained and b.draws.kept < 0.5


def test_third_power_by_default_is_the_largest_market():
    assert Question.of("IND", "RUS").third == "USA"
    assert Question.of("KAZ", "CHN").third in ("EU27", "RUS")
    assert countries_of("EU27")[0] == "AUT" and len(countries_of("EU27")) == 27


@pytest.mark.parametrize("pair", [("VNM", "AGO"), ("ISR", "NGA"), ("DEU", "NOR"), ("COL", "USA"), ("IND", "USA")])
def test_further_discounts_are_credible(pair):
    assert 0.0 <= further_discount(crude_between(*pair, load_world())) <= MOST_DISCOUNT


def test_energy_that_the_panel_does_not_see_is_taken_from_the_world():
    s = standings("BLR", "RUS", load_world())["energy"]
    assert s.today > 0.5 and "2022" in s.note
    assert standings("IND", "RUS", load_world())["energy"].note == ""


def test_unions_and_states_without_votes_or_arms():
    a = respond(Question.of("HKG", "EU27", "USA"), sets=["median"], draws=64)
    assert not a.depth["diplomacy"].known and a.depth["diplomacy"].high == a.depth["diplomacy"].today
    assert a.depth["trade"].known


def test_a_world_that_cannot_answer_is_refused(small_world):
    with pytest.raises(InputError, match="'IND' is not a country of this world"):
        respond(Question.of("IND", "RUS", "USA"), world=small_world, sets=["median"], draws=10)


@pytest.fixture(scope="module")
def between():
    """Two great powers that compete and mind each other, one of them going only as far as pays for itself."""
    q = Question.full(
        "VNM",
        (Offer(by="USA", domains=("trade", "technology"), consent="interest"), Offer(by="CHN", domains=("trade",))),
        (Pressure(by="USA", replies=("tariff",)), Pressure(by="CHN", replies=("tariff", "finance"))),
    )
    return respond(q, sets=["median"], draws=128)


def test_two_powers_compete(between):
    a = between
    assert a.question.third == "CHN" and set(a.rivals) == {"CHN"}
    assert {g.stage for g in a.games} == {"bids", "replies to going all the way"}
    for g in a.games:
        assert g.none + g.one + g.several == pytest.approx(1.0) and "sum to most" in g.selection
    assert set(a.bids) == {"USA", "CHN"} and all(0 <= b.low <= b.high <= 1 for b in a.bids.values())
    roles = {(p.party, p.role) for p in (*a.payoffs["all"].payoffs, *a.payoffs["all"].others)}
    assert roles == {("VNM", "focal"), ("USA", "offerer"), ("CHN", "offerer"), ("USA", "third"), ("CHN", "third")}
    assert not a.depth["energy"].open and a.depth["trade"].offerer_wants is not None


def test_no_power_answers_its_own_offer(between):
    """All the way with the United States, today with China: only China has anything to answer."""
    usa, chn = between.payoffs["all"].replies
    assert usa.party == "USA" and usa.shares["none"] == 1.0
    assert chn.shares["none"] < 1.0

"""Break-evens and conditions: at the value named the two are worth the same, and the answer changes there."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from multialign import load_world
from multialign.respond import Offer, Pressure, Question, board_of, prepare
from multialign.respond.answer import FEWEST_DRAWS, _enough
from multialign.respond.parts import precision_of
from multialign.respond.play import play, word_caps
from multialign.respond.worth import terms_at
from multialign.respond.would import PLACES, conditions, crossing, indifferences, parameters, shares_of

QUESTION = Question.full(
    "IND", (Offer(by="RUS", domains=("energy", "trade")),), (Pressure(by="USA", replies=("tariff",)),)
)


@pytest.fixture(scope="module")
def outcome():
    surface = prepare(QUESTION, world=load_world(), sets=("median",))
    board = board_of(surface, 48)
    return play(surface, board.replies, board.draws)


def test_a_crossing_is_where_the_line_comes_up_through_zero():
    x = np.array([0.0, 1.0, 3.0, 4.0])
    rows = np.array(
        [
            [-1.0, 1.0, 2.0, 3.0],
            [1.0, -1.0, -3.0, 1.0],
            [-2.0, -1.0, -1.0, -0.5],
            [3.0, 2.0, 1.0, -1.0],
            [-1, -4, 4, -1],
        ]
    )
    np.testing.assert_allclose(crossing(x, rows), [0.5, 3.75, np.nan, np.nan, 2.0])


def one_draw(outcome, k):
    rows = np.array([k])
    board = replace(outcome.board, draws=outcome.board.draws.rows(rows))
    return replace(outcome, board=board, depths=outcome.depths[rows])


def test_at_its_break_even_all_the_way_is_worth_as_much_as_staying(outcome):
    """Draw by draw, up to the interpolation between the values tried; above and below it is better and worse."""
    full, found = word_caps(outcome.board.surface), set()
    for k in range(0, 48, 6):
        single = one_draw(outcome, k)
        if k % 12:  # a third power that hardly minds
            draws = single.board.draws
            single = replace(single, board=replace(single.board, draws=replace(draws, step=100 * draws.step)))
        params = parameters(single.board.draws, "USA")
        for p, said in zip([p for p in params if p.name != "outbid"], indifferences(single, full, params), strict=True):
            assert said.name == p.name and said.share in (0.0, 1.0)

            def gain(v, p=p, single=single):
                board = replace(single.board, draws=p.shift(single.board.draws, v))
                depths = [np.broadcast_to(a, (1, *full.shape)) for a in (full, board.today)]
                return float(np.subtract(*(terms_at(board, a).focal for a in depths))[0])

            ends = [gain(v) for v in (p.values[0], p.values[-1])]
            assert said.better == ("above" if ends[1] >= ends[0] else "below")
            every = np.array([gain(v) for v in p.values])
            assert (said.always, said.never) == (float((every > 0).all()), float((every <= 0).all()))
            scale = 100.0 if p.name == "discount" else 1.0
            assert (said.least, said.most) == pytest.approx((scale * p.values[0], scale * p.values[-1]))
            assert said.today.median == pytest.approx(scale * p.now[0])
            assert said.value is not None or ends[0] * ends[1] >= 0
            if said.value is not None:
                at = said.value.median / scale
                step = int(np.searchsorted(p.values, at))
                low, high = gain(p.values[max(step - 1, 0)]), gain(p.values[min(step, PLACES - 1)])
                assert min(low, high) <= 1e-12 and max(low, high) >= -1e-12
                found.add(said.better)
    assert found == {"above", "below"}


def test_conditions_end_where_half_the_draws_change_their_mind(outcome):
    """A player who goes all the way below a weight of autonomy of one, and stays above."""
    board, caps = outcome.board, word_caps(outcome.board.surface)
    params = parameters(board.draws, "USA")
    autonomy, discount = (next(p for p in params if p.name == n) for n in ("autonomy", "discount"))

    def played(draws):
        far = (draws.autonomy < 1.0)[:, None, None]
        return np.where(far, caps, board.today)

    said = {c.outcome: c for c in conditions(outcome, played, (autonomy,))}
    x = autonomy.values
    last = int(np.flatnonzero(x < 1.0)[-1])
    turn = (x[last] + x[last + 1]) / 2
    assert (said["all"].from_value, said["all"].to_value) == pytest.approx((x[0], turn))
    assert (said["stay"].from_value, said["stay"].to_value) == pytest.approx((turn, x[-1]))
    assert said["away"].from_value is said["away"].to_value is None and said["away"].best_share == 0.0
    always = {c.outcome: c for c in conditions(outcome, lambda d: np.tile(board.today, (d.size, 1, 1)), (discount,))}
    assert (always["stay"].from_value, always["stay"].to_value) == pytest.approx((0.0, 30.0))  # in % of the price
    assert always["all"].from_value is None and always["stay"].best_share == 1.0


def test_what_counts_as_going_all_the_way_staying_and_turning_away():
    today, caps = np.array([[0.2, 0.5, 0.0]]), np.array([[1.0, 0.5, 0.4]])
    depths = np.array(
        [
            [[1.0, 0.5, 0.4]],  # all
            [[0.9, 0.5, 0.3]],  # five sixths of the way: all
            [[0.7, 0.5, 0.0]],  # some of the way: none of the three
            [[0.21, 0.49, 0.01]],  # stays
            [[0.2, 0.4, 0.0]],  # steps back in one
            [[1.0, 0.1, 0.0]],  # much more of one, less of another
        ]
    )
    assert shares_of(depths, SimpleNamespace(today=today, caps=caps)) == pytest.approx((2 / 6, 1 / 6, 1 / 6))
    # where nothing is on offer nobody goes all the way
    assert shares_of(np.tile(today, (4, 1, 1)), SimpleNamespace(today=today, caps=today)) == (0.0, 1.0, 0.0)


@pytest.mark.parametrize("precision", [0.03, 0.02, 0.012])
def test_as_many_draws_as_the_precision_needs_and_no_more(outcome, precision):
    today = outcome.board.today
    half = np.arange(2048) % 2 == 0  # a share of one half is the hardest to know
    depths = np.where(half[:, None, None], today + 0.5, today)
    rows = _enough(SimpleNamespace(depths=depths, board=outcome.board), precision)

    def reached(n):
        part = np.tile(depths, (n // 2048 + 1, 1, 1))[:n]
        return precision_of(replace(outcome, depths=part), precision).reached

    assert reached(rows) <= precision < reached(rows // 2) and rows > FEWEST_DRAWS
    same = SimpleNamespace(depths=np.tile(today, (64, 1, 1)), board=outcome.board)
    assert _enough(same, precision) == FEWEST_DRAWS

"""Displaced barrels: shares are the best under the answer's payoff, the market clears, ties start from nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multialign.respond.backtests.russian_crude import bills, largest, others_of
from multialign.respond.displaced import cleared, wanted
from multialign.respond.terms import concentration
from multialign.ties.crude_data import axis
from multialign.ties.flows import DOMAINS

SHARE = np.array([0.15, 0.0, 0.3, 0.05])
OTHERS = np.array([0.1, 0.2, 0.15, 1.0])
BILL = np.array([1.4, 3.4, 2.0, 5.0])
TASTE = np.array([0.5, 0.4, 1.0, 2.0])
DEMAND = np.array([500.0, 240.0, 100.0, 10.0])
OPEN = np.ones(4)


@given(st.floats(0.001, 0.9), st.floats(0.02, 1.0), st.floats(0.1, 6.0), st.floats(0.05, 5.0), st.floats(-0.02, 0.05))
def test_the_share_wanted_is_the_best_one(share, others, bill, taste, markdown):
    """(A13) against a search over all shares of what is gained, less (A4), with today's as the best share today."""
    grid = np.linspace(0, 1, 20_001)
    cost = taste / len(DOMAINS)
    today = cost * (2 * share - 2 * (1 - share) * others)  # what made the share before the best one
    worth = markdown * bill * grid - cost * concentration(grid, others) + today * grid
    found = float(wanted(*(np.array([x]) for x in (share, others, bill, taste)), markdown)[0])
    assert found == pytest.approx(grid[worth.argmax()], abs=1e-3)


def test_the_market_clears_and_who_is_not_free_keeps_its_share():
    free = np.array([True, True, False, False])
    tonnes, markdown = cleared(SHARE, OTHERS, BILL, TASTE, DEMAND, OPEN, free, 250.0)
    assert tonnes.sum() == pytest.approx(250.0) and markdown > 0
    np.testing.assert_allclose(tonnes[2:], SHARE[2:] * DEMAND[2:])
    rise = tonnes[:2] / DEMAND[:2] - SHARE[:2]
    slope = BILL[:2] / TASTE[:2] / (1 + OTHERS[:2])
    np.testing.assert_allclose(rise / slope, rise[0] / slope[0])  # one mark-down moves both
    assert tonnes[1] > 0  # a tie that starts from nothing


def test_less_sold_takes_from_all_and_too_much_is_not_placed():
    free = np.ones(4, dtype=bool)
    tonnes, markdown = cleared(SHARE, OTHERS, BILL, TASTE, DEMAND, OPEN, free, 50.0)
    assert tonnes.sum() == pytest.approx(50.0) and markdown < 0 and (tonnes >= 0).all()
    tonnes, _ = cleared(SHARE, OTHERS, BILL, TASTE, DEMAND, OPEN, free, 1e6)
    np.testing.assert_allclose(tonnes, DEMAND)
    half = cleared(SHARE, OTHERS, BILL, TASTE, DEMAND, 0.5 * OPEN, free, 100.0)[0]
    assert half.sum() == pytest.approx(100.0) and (half <= 0.5 * DEMAND).all()


def test_a_ceiling_holds_but_takes_nothing_away():
    most = np.array([0.2, 0.25, 0.1, 0.0])
    tonnes, _ = cleared(SHARE, OTHERS, BILL, TASTE, DEMAND, OPEN, np.ones(4, dtype=bool), 1e6, most)
    np.testing.assert_allclose(tonnes / DEMAND, np.maximum(most, SHARE))


def test_more_minded_buyers_take_less():
    free = np.ones(4, dtype=bool)
    before = cleared(SHARE, OTHERS, BILL, TASTE, DEMAND, OPEN, free, 250.0)[0]
    after = cleared(SHARE, OTHERS, BILL, TASTE * np.array([1, 5, 1, 1]), DEMAND, OPEN, free, 250.0)[0]
    assert after[1] < before[1] and after[0] > before[0]


def test_what_the_backtest_knows_of_2021():
    place = axis()
    bill, others, top = bills(list(place)), others_of(), largest()
    assert 2.5 < bill[place["IND"]] < 4.5 and 1.0 < bill[place["CHN"]] < 2.0  # % of income
    assert 0.05 < others[place["CHN"]] < others[place["KOR"]] < 0.3
    assert 0.15 < top[place["CHN"]] < 0.25 and (top <= 1.0).all()

"""The backtests' pieces; the whole runs are in test_backtests_whole.py."""

from __future__ import annotations

import numpy as np
import pytest

from multialign import InputError
from multialign.respond.backtests import NAMES, run
from multialign.respond.backtests.model import ranks, spearman
from multialign.respond.backtests.russian_crude import _placed, cheaper
from multialign.ties.crude_data import axis


def test_unknown_backtest_is_refused():
    with pytest.raises(InputError, match=r"'india-tarif' is not a backtest.*india-tariff"):
        run("india-tarif")
    assert len(NAMES) == 3


def test_ranks_and_their_correlation():
    assert ranks([3.0, 1.0, 2.0, 2.0]) == [4.0, 1.0, 2.5, 2.5]
    assert spearman([1, 2, 3, 4], [10, 20, 30, 40]) == pytest.approx(1.0)
    assert spearman([1, 2, 3, 4], [4, 3, 2, 1]) == pytest.approx(-1.0)
    assert spearman([1, 1, 1], [1, 2, 3]) == 0.0


def test_what_is_sold_is_placed_and_law_and_will_are_kept():
    share, demand = np.array([0.5, 0.1, 0.2]), np.array([100.0, 100.0, 100.0])
    kept, willing = np.array([0.0, 1.0, 1.0]), np.array([True, True, False])
    placed = _placed(share, demand, kept, 60.0, willing, 8.0, np.full(3, -0.1))
    assert placed[0] == 0.0  # under an embargo all year
    assert placed[2] == pytest.approx(20.0)  # unwilling: its old share and no more
    assert placed.sum() == pytest.approx(60.0)


def test_russian_crude_became_cheaper_for_those_who_bought_it():
    change = cheaper()
    assert change.shape == (len(list(axis())),) and np.isfinite(change).all()
    assert -0.3 < change[list(axis()).index("IND")] < 0.02

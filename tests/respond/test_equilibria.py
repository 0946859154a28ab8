"""Games whose equilibria are known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multialign.respond.equilibria import equilibria


def game(one, two):
    return np.stack([np.array(one, dtype=float), np.array(two, dtype=float)])[None]


def test_prisoners_dilemma_has_the_one():
    g = equilibria(game([[3, 0], [5, 1]], [[3, 5], [0, 1]]))
    assert g.count[0] == 1 and tuple(g.chosen[0]) == (1, 1) and g.regret[0] == 0


def test_battle_of_the_sexes_has_two_and_takes_the_larger_sum():
    g = equilibria(game([[2, 0], [0, 1]], [[1, 0], [0, 3]]))
    assert g.count[0] == 2 and tuple(g.chosen[0]) == (1, 1)


def test_matching_pennies_has_none_and_says_what_leaving_would_bring():
    g = equilibria(game([[1, -1], [-1, 1]], [[-1, 1], [1, -1]]))
    assert g.count[0] == 0 and g.regret[0] == pytest.approx(2.0)


def test_volunteers_dilemma_of_three():
    """Any one paying 1 saves each 2; three equilibria, one payer in each."""
    payoffs = np.zeros((1, 3, 2, 2, 2))
    for profile in np.ndindex(2, 2, 2):
        for p in range(3):
            payoffs[(0, p, *profile)] = (2 if any(profile) else 0) - profile[p]
    g = equilibria(payoffs)
    assert g.count[0] == 3 and g.chosen[0].sum() == 1


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_no_player_gains_by_leaving_an_equilibrium(seed):
    payoffs = np.random.default_rng(seed).normal(size=(5, 2, 3, 4))
    g = equilibria(payoffs)
    for r in range(5):
        i, j = g.chosen[r]
        gain = max(payoffs[r, 0, :, j].max() - payoffs[r, 0, i, j], payoffs[r, 1, i].max() - payoffs[r, 1, i, j])
        assert gain == pytest.approx(g.regret[r])
        assert (gain <= 1e-9) == bool(g.found[r, i, j])

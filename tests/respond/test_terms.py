"""The terms of the payoff, each against what it must be at known points."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multialign.respond.terms import (
    concentration,
    multiplied_share,
    partner_share,
    through_nodes,
    tie_value,
    tie_value_slope,
)

unit = st.floats(0.0, 1.0)


def test_tie_value_rises_ever_less():
    a = np.linspace(0, 1, 50)
    v = tie_value(a)
    assert v[0] == 0 and v[-1] == 1
    assert (np.diff(v) > 0).all() and (np.diff(v, 2) < 0).all()
    np.testing.assert_allclose(np.gradient(v, a)[1:-1], tie_value_slope(a)[1:-1], atol=1e-9)


@given(unit, unit, unit)
def test_partner_share_meets_its_three_points(today, share, full):
    if not 0.01 < today < 0.99:
        return
    at = partner_share(np.array([0.0, today, 1.0]), today, share, full)
    np.testing.assert_allclose(at, [0.0, share, full], atol=1e-9)


@given(st.floats(0.0, 0.99), st.floats(0.1, 10.0))
def test_multiplied_share_multiplies_the_odds(share, factor):
    new = multiplied_share(share, factor)
    assert new / (1 - new) == pytest.approx(factor * share / (1 - share), abs=1e-9)


def test_concentration_between_even_and_single():
    assert concentration(1.0, 0.3) == 1.0
    assert concentration(0.0, 0.3) == pytest.approx(0.3)
    # four equal partners, one of them the offerer: 0.25 among four, the rest 1/3 among themselves
    assert concentration(0.25, 1 / 3) == pytest.approx(0.25)


@given(st.floats(-2, 2), st.floats(-2, 2), st.floats(-2, 2), unit)
def test_through_nodes_is_exact_for_quadratics(a, b, c, x):
    nodes = np.array([0.0, 0.4, 1.0])
    values = a + b * nodes + c * nodes**2
    assert float(through_nodes(nodes, values, np.array(x))) == pytest.approx(a + b * x + c * x * x, abs=1e-9)

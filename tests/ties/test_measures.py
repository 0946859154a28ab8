import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multialign.ties import measures

FLOWS = np.array(
    [
        [0.0, 6.0, 3.0, 1.0],
        [2.0, 0.0, 2.0, 4.0],
        [0.0, 0.0, 0.0, 0.0],
        [9.0, 1.0, 0.0, 0.0],
    ]
)
weights = st.lists(st.floats(0, 1e9), min_size=2, max_size=8).map(np.array)


def test_sums_between_groups():
    assert measures.among(FLOWS, [0, 1], [2, 3]) == 10.0
    assert measures.among(np.stack([FLOWS, 2 * FLOWS]), [0], [1]).tolist() == [6.0, 12.0]
    assert measures.outside([1, 3], 4) == [0, 2]


def test_shares_and_largest_supplier():
    shares = measures.import_shares(FLOWS)
    assert shares[0].tolist() == [0.0, 0.6, 0.3, 0.1]
    assert shares[2].sum() == 0
    # The rest of the world sells the second state most, but is nobody's single supplier; the third buys nothing.
    assert measures.largest_shares(FLOWS).tolist() == [0.6, 0.25]
    assert measures.frontier(FLOWS) == pytest.approx(np.percentile([0.6, 0.25], 95))


def test_depth_is_capped_and_needs_a_frontier():
    assert measures.depth(0.2, 0.4) == 0.5
    assert measures.depth(0.9, 0.4) == 1.0
    assert measures.depth(None, 0.4) is None
    assert measures.depth(0.2, float("nan")) is None


def test_herfindahl_bounds():
    lower, upper = measures.herfindahl(np.array([0.5, 0.3, 0.2]))
    assert (lower, upper) == (pytest.approx(0.34), pytest.approx(0.38))


def test_evenness_of_known_cases():
    assert measures.evenness(np.ones(4)) == pytest.approx(1.0)
    assert measures.evenness(np.array([5.0, 0, 0, 0])) == 0.0
    assert measures.evenness(np.array([1.0, 1.0, 0.0, 0.0])) == pytest.approx(0.5)
    assert measures.evenness(np.zeros(4)) is None
    assert measures.evenness(np.array([1.0])) is None


@given(weights, st.floats(1e-3, 1e3))
def test_evenness_is_bounded_and_free_of_scale(w, scale):
    value = measures.evenness(w)
    if value is not None and w.sum() > 1e-3:
        assert 0.0 <= value <= 1.0 + 1e-12
        assert measures.evenness(w * scale) == pytest.approx(value, abs=1e-9)


def test_rank_and_slope():
    assert measures.rank_among(5.0, np.array([7.0, 3.0, 5.0])) == 2
    assert measures.rank_among(0.0, np.array([7.0])) is None
    x, y = np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0])
    assert measures.weighted_slope(x, y, np.array([1.0, 9.0, 2.0])) == pytest.approx(2.0)
    assert measures.weighted_slope(x, np.array([9.0, 3.0, 5.0]), np.array([0.0, 1.0, 1.0])) == pytest.approx(2.0)
    assert measures.weighted_slope(x[:1], y[:1], np.ones(1)) is None
    assert measures.weighted_slope(x, y, np.zeros(3)) is None

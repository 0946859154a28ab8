"""Sobol' indices of functions for which they are known."""

from __future__ import annotations

import numpy as np
import pytest

from multialign.respond.sobol import sobol


def test_ishigami():
    """Ishigami & Homma (1990), a = 7, b = 0.1: S = 0.3139, 0.4424, 0; T = 0.5576, 0.4424, 0.2437."""

    def f(u):
        x = np.pi * (2 * u - 1)
        return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])

    found, variance = sobol(f, {"a": (0,), "b": (1,), "c": (2,)}, 4096, 1)
    assert variance == pytest.approx(13.84, rel=0.05)
    for name, first, total in (("a", 0.3139, 0.5576), ("b", 0.4424, 0.4424), ("c", 0.0, 0.2437)):
        assert found[name].first[1] == pytest.approx(first, abs=0.03)
        assert found[name].total[1] == pytest.approx(total, abs=0.03)
        low, middle, high = found[name].total
        assert low <= middle <= high


def test_columns_of_a_group_count_together_and_constants_are_zero():
    found, _ = sobol(lambda u: u[:, 0] + u[:, 1] + 2 * u[:, 2], {"both": (0, 1), "one": (2,), "idle": (3,)}, 2048, 3)
    assert found["both"].first[1] == pytest.approx(1 / 3, abs=0.03)
    assert found["one"].first[1] == pytest.approx(2 / 3, abs=0.03)
    assert found["idle"].total[1] < 1e-9
    still, variance = sobol(lambda u: np.ones(u.shape[0]), {"a": (0,)}, 64, 1)
    assert variance == 0.0 and still["a"].first == (0.0, 0.0, 0.0)


def test_same_seed_same_indices():
    def f(u):
        return u[:, 0] * u[:, 1]

    groups = {"a": (0,), "b": (1,)}
    assert sobol(f, groups, 128, 5)[0] == sobol(f, groups, 128, 5)[0]

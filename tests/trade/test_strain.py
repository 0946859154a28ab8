"""The engine under strain: random worlds of all shapes either converge, and then every number holds, or raise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from multialign import solve
from strain import EXTREME, MODERATE, WRONG, judge, random_case, recheck

SIZES = [(2, 1), (3, 2), (5, 7)]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(st.integers(0, 10**9), st.sampled_from(SIZES), st.sampled_from([MODERATE, EXTREME]))
def test_it_converges_or_raises_and_never_lies(seed, size, kind):
    found = judge(seed, *size, kind)
    assume(found.came != "no world")
    assert not found.wrong, found
    if found.came == "not converged":
        assert "equation of" in found.said


@pytest.mark.parametrize("seed", range(20))
def test_moderate_worlds_converge(seed):
    found = judge(seed, 5, 7, MODERATE)
    assert found.came in ("solved", "refused", "no world"), found
    assert found.worst <= WRONG


def test_the_recheck_can_fail():
    """Each number of a result is looked at: shaken, it is found out."""
    case = next(c for c in (random_case(s, 3, 2, MODERATE) for s in range(50)) if c.scenario.deficits == "kept")
    data = solve(case.scenario, case.world).data
    assert max(recheck(case, data).values()) < WRONG
    looked_at = (
        "wage", "cost", "price_intermediate", "price_final", "output", "income", "deficit", "intermediate_trade",
        "final_trade",
    )  # fmt: skip
    for name in looked_at:
        shaken = data.copy()
        values = np.array(shaken[name].values)
        place = np.unravel_index(np.argmax(np.abs(values)), values.shape)
        values[place] *= 1.001
        shaken[name] = (shaken[name].dims, values)
        assert max(recheck(case, shaken).values()) > 100 * WRONG, name

"""The engine under strain: random worlds of all shapes either converge, and then every number holds, or raise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from multialign import solve
from multialign.trade.kernels import kernels, prepare
from multialign.trade.shock import compile_shock
from multialign.trade.solve import _by_parts, base_economy, closure_of, converged, finished
from multialign.trade.solver import iterate
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


@pytest.mark.parametrize("seed", [216, 824, 1501])
def test_parts_lead_where_one_leap_does_not(seed):
    """Extreme worlds whose shock, taken at once with the same care, finds no equilibrium."""
    case = random_case(seed, 3, 2, EXTREME)
    C, S = case.world.countries, case.world.sectors
    eco, closure = base_economy(case.world, case.scenario), closure_of(case.scenario, C)
    k, ready = kernels(compile_shock(case.scenario.instruments, eco, C, S), eco), prepare(eco)
    leap, steps = iterate(
        k, ready.coefficients, closure, ready.start, tolerance=1e-6, damping=0.1, max_steps=300, by_trade=True
    )
    assert not converged(finished(leap, k, ready.coefficients, closure, steps), 1e-4)
    found = _by_parts(k, ready, closure, 1e-9)
    assert found is not None and max(found.worst.values()) <= 1e-9


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

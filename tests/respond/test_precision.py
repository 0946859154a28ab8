"""Twice the draws move what is printed by less than the precision that is stated with it."""

from __future__ import annotations

import pytest

from multialign import load_world
from multialign.respond import Answer, Offer, Question, answer_at, prepare

CASES = {
    "as asked": ("india", {}),
    "nobody outbids": ("india", {"counter_offer": False}),
    "nobody answers": ("turkey", {}),
    "nobody answers, much autonomy": ("turkey", {"autonomy": (1.0, 5.0)}),
}
HALF, WHOLE = 1024, 2048


@pytest.fixture(scope="module")
def turkey():
    question = Question.full("TUR", (Offer(by="RUS", domains=("energy", "arms")),), ())
    return prepare(question, world=load_world(), sets=("median",))


@pytest.fixture(scope="module", params=CASES)
def pair(request, surface, turkey) -> tuple[Answer, Answer]:
    who, changes = CASES[request.param]
    one = {"india": surface, "turkey": turkey}[who]
    return answer_at(one, draws=HALF, **changes), answer_at(one, draws=WHOLE, **changes)


def test_shares_and_medians_of_depth_stay_within_what_is_stated(pair):
    half, whole = pair
    assert (half.draws, whole.draws) == (HALF, WHOLE)
    assert half.precision.reached <= 0.031 and whole.precision.reached < half.precision.reached
    for domain, x in half.depth.items():
        y = whole.depth[domain]
        assert abs(x.median - y.median) <= half.precision.median[domain] + 1e-9, domain
        for one, other in ((x.further, y.further), (x.back, y.back)):
            assert abs(one - other) <= half.precision.reached + 1e-9, domain


def test_medians_of_payoffs_hardly_move(pair):
    half, whole = pair
    for key, choice in half.payoffs.items():
        for p, q in zip(choice.payoffs, whole.payoffs[key].payoffs, strict=True):
            moved, width = abs(p.total.median - q.total.median), p.total.high - p.total.low
            assert moved <= 0.1 * width + 1e-9, (key, p.party)
    assert abs(half.gain.median - whole.gain.median) <= 0.1 * (half.gain.high - half.gain.low) + 1e-9


def test_some_median_depth_is_not_simply_todays(turkey):
    """The cases are worth testing: here a median lies inside its range, where it could move."""
    found = answer_at(turkey, draws=HALF)
    arms = found.depth["arms"]
    assert arms.today + 0.1 < arms.median < arms.most and found.precision.median["arms"] > 0

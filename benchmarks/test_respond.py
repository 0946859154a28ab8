"""How long an answer takes: the whole of the article's question, and a slider.

Run alone on an idle machine: ``pytest benchmarks/test_respond.py -s``.
"""

from __future__ import annotations

import time

import pytest

from multialign import load_world
from multialign.respond import Question, answer_at, respond
from multialign.respond.build import build_surface, set_up

QUESTION = Question.of("IND", "RUS", "USA")
WHOLE, SLIDER = 90.0, 0.3
"""Seconds that the two may take on two cores."""


@pytest.fixture(scope="module")
def surface():
    return build_surface(set_up(QUESTION, load_world()), ("median",))


def test_whole_answer() -> None:
    """Eight elasticity sets, five domains, at least 1,024 draws, everything printed with it."""
    start = time.perf_counter()
    answer = respond(QUESTION, world=load_world())
    took = time.perf_counter() - start
    print(f"{took:.1f} s, {answer.solves} solves, {answer.draws} draws")
    assert answer.draws >= 1000 and took < WHOLE


def test_slider(surface, benchmark) -> None:  # type: ignore[no-untyped-def]
    """A changed discount: weights held to today again, the game played again in 1,024 draws."""
    answer_at(surface)
    steps = iter(range(10_000))
    benchmark(lambda: answer_at(surface, discount=0.05 + 0.0001 * next(steps)))
    assert benchmark.stats is None or benchmark.stats["median"] < SLIDER

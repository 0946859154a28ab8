"""One question solved once for all tests of the room: India, Russia, the United States, two elasticity sets."""

from __future__ import annotations

import pytest

from multialign import load_world
from multialign.respond import Question
from multialign.respond.build import build_surface, set_up

SETS = ("median", "CP")


@pytest.fixture(scope="session")
def setting():
    return set_up(Question.of("IND", "RUS", "USA"), load_world())


@pytest.fixture(scope="session")
def surface(setting):
    return build_surface(setting, SETS, seed=11)

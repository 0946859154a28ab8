"""The fault drill on real processes, with a few repetitions: nothing is lost, nothing doubled."""

from __future__ import annotations

import os

import pytest

from multialign.errors import InputError
from multialign.sweep.cluster import has_dask
from multialign.sweep.drill import SCENES, drill, scenes

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork processes"),
]


@pytest.fixture(scope="module")
def found():
    """One drill for all tests here: the undisturbed work is done once."""
    return {s.name: s for s in drill(7, seed=3, cases=64).scenes}


@pytest.mark.parametrize("name", SCENES)
def test_everything_survives(found, name):
    if SCENES[name][2] and not has_dask():
        pytest.skip("Dask is not installed")
    assert found[name].whole, found[name].survived


def test_it_really_kills(found):
    assert int(found["sweep-killed"].did.split()[0]) >= 1
    assert int(found["record-writer-killed"].did.split()[0]) >= 1


def test_a_loss_is_told():
    """What differs is found out, and scenes are named."""
    with pytest.raises(AssertionError, match="the files differ"):
        scenes.same({"a": b"1"}, {"a": b"2"}, "the files")
    with pytest.raises(InputError, match="the nearest known is 'full-disk'"):
        drill(1, only=["full-dsk"])

"""How long the engine takes. Run: pytest benchmarks --benchmark-only

Warm figures; the first solve of a process compiles for about two seconds. Comparisons are made within one run.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from multialign import Embargo, Scenario, Tariff, load_world, solve
from multialign.trade import base_economy


@pytest.fixture(scope="module")
def base():
    world = load_world()
    return world, base_economy(world, Scenario())


@pytest.mark.parametrize(
    "instruments",
    [
        (Tariff(importers=("USA",), exporters=("IND",), rate=0.25),),
        (Embargo(importers=("USA",), exporters=("CHN",)), Embargo(importers=("CHN",), exporters=("USA",))),
    ],
    ids=["tariff", "embargo"],
)
def test_one_scenario_on_the_embedded_world(benchmark, base, instruments):
    world, eco = base
    scenario = Scenario(instruments=instruments)
    solve(scenario, world, base=eco)
    result = benchmark(solve, scenario, world, base=eco)
    assert max(result.residuals.values()) < 1e-9


def test_help(benchmark):
    command = [sys.executable, "-m", "multialign.cli", "--help"]
    done = benchmark.pedantic(subprocess.run, (command,), {"capture_output": True}, rounds=5)
    assert done.returncode == 0

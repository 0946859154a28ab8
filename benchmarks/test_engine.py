"""How long the engine takes. Run: pytest benchmarks/test_engine.py

Warm figures, but for the first solve of a process. Comparisons are made within one run.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time

import pytest

from multialign import Embargo, Scenario, Tariff, gradient, load_world, power, solve
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


def test_gradient_against_a_solve(benchmark, base):
    """One country's real income to all 81 x 81 x 50 tariffs; the ratio to a solve is in extra_info."""
    world, eco = base
    found = solve(Scenario(instruments=(Tariff(importers=("USA",), rate=0.1),)), world, base=eco)
    gradient(found, country="IND", to=("tariff",))
    starts = []
    for _ in range(5):
        start = time.perf_counter()
        solve(found.scenario, world, base=eco).welfare_pct  # noqa: B018
        starts.append(time.perf_counter() - start)
    result = benchmark(gradient, found, country="IND", to=("tariff",))
    assert result["tariff"].shape == (81, 81, 50)
    benchmark.extra_info["times a solve"] = benchmark.stats.stats.median / sorted(starts)[2]


def test_power_of_every_pair(benchmark, base):
    world, _ = base
    result = benchmark.pedantic(power, kwargs={"world": world}, rounds=1)
    assert len(result.pairs) == 3240
    benchmark.extra_info["peak of memory, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


FIRST = """
import time; start = time.perf_counter()
from multialign import Scenario, Tariff, solve
found = solve(Scenario(instruments=(Tariff(importers=("USA",), rate=0.1),)))
print(found.welfare_pct["USA"], time.perf_counter() - start)
"""


@pytest.mark.parametrize("kept", ["cold", "compiled before"])
def test_first_solve_of_a_process(benchmark, tmp_path, kept):
    """From the first import to the number; the second of them finds what an earlier process compiled."""
    env = os.environ | {"MULTIALIGN_CACHE": str(tmp_path / "cache") if kept != "cold" else "off"}

    def run():
        done = subprocess.run([sys.executable, "-c", FIRST], env=env, capture_output=True, text=True, check=True)
        return [float(x) for x in done.stdout.split()]

    if kept != "cold":
        run()
    welfare, seconds = benchmark.pedantic(run, rounds=3)
    assert abs(welfare) < 1
    benchmark.extra_info["seconds inside the process"] = seconds

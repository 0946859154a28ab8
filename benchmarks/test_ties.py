"""How long ties, crude and break-evens take. Run: pytest benchmarks/test_ties.py --benchmark-only

Warm figures: what is read from files and summed once for a process is done before. The limits are those that the
documentation promises.
"""

from __future__ import annotations

import pytest

from multialign.ties import (
    alignment_table,
    break_even,
    crude_path,
    dependence,
    if_discount,
    if_sanction,
    power,
    ties,
    ties_table,
)

LOOK_UP, TABLE = 0.2, 5.0
"""Seconds: one look-up, and the ties of all states."""


@pytest.mark.parametrize(
    "call",
    [
        lambda: ties("VNM"),
        lambda: ties("BRICS", with_=["USA", "G7", "EU27"]),
        lambda: crude_path("CHN", "RUS"),
        lambda: if_discount("IND", "RUS", 2.0),
        lambda: if_sanction("RUS", ("CHN",), "IND"),
        lambda: break_even("IND", "RUS", "USA", equilibrium=False),
    ],
    ids=["ties", "ties of a group", "crude path", "discount", "sanction", "break-even by accounting"],
)
def test_look_ups(benchmark, call):
    call()
    benchmark(call)
    assert benchmark.stats.stats.median < LOOK_UP


@pytest.mark.parametrize("everything", [False, True], ids=["latest", "parts and history"])
def test_all_states(benchmark, everything):
    ties_table()
    found = benchmark.pedantic(ties_table, kwargs={"parts": everything, "history": everything}, rounds=3)
    assert len(found) >= 5 * 80 * 79
    assert benchmark.stats.stats.median < TABLE


def test_all_states_ranked(benchmark):
    alignment_table()
    benchmark(alignment_table)
    assert benchmark.stats.stats.median < LOOK_UP


def test_one_cut(benchmark):
    dependence("IND", "RUS")
    benchmark.pedantic(dependence, args=("IND", "RUS"), rounds=3)


def test_the_power_matrix_is_found_again(benchmark, tmp_path):
    states = ["IND", "RUS", "CHN", "USA"]
    first = power(states, cache=tmp_path)
    found = benchmark.pedantic(power, args=(states,), kwargs={"cache": tmp_path}, rounds=5)
    assert found == first and benchmark.stats.stats.median < LOOK_UP


def test_break_even_in_equilibrium(benchmark):
    break_even("IND", "RUS", "USA", elasticities=("median",))
    benchmark.pedantic(break_even, args=("IND", "RUS", "USA"), kwargs={"elasticities": ("median",)}, rounds=2)

"""Our engine against the peers, in one run. Run: pytest benchmarks/test_against_peers.py

Each benchmark times our side and stores the peer's time and the ratio in ``extra_info``. Peers are optional installs
(the extra ``peers``); works whose peer or data is not at hand are skipped.
"""

from __future__ import annotations

import json
import statistics
from pathlib import Path

import jax
import numpy as np
import pytest

pytest.importorskip("scipy")

from peers import plain_caliendo_parro, plain_nash, worlds
from works import NAFTA, WORKS, machine, warm_times


@pytest.mark.parametrize("work", WORKS, ids=lambda w: w.key)
def test_against(benchmark, work):
    try:
        ours, theirs = work.ours(), work.theirs()
    except (ModuleNotFoundError, FileNotFoundError) as missing:
        pytest.skip(str(missing))
    result = benchmark.pedantic(ours, rounds=3, warmup_rounds=1)
    other, times = warm_times(theirs)
    if work.same is not None:
        work.same(result, other)
    n, m = work.scenarios
    peer = statistics.median(times) / m
    mine = benchmark.stats.stats.median / n
    benchmark.extra_info |= {
        "peer": work.peer,
        "peer_seconds": peer,
        "our_seconds": mine,
        "ratio": peer / mine,
        "machine": machine(),
    }


# -- the yardsticks themselves ---------------------------------------------------------------------------------------

PUBLISHED = {
    "Mexico": (-0.4118, 1.7239, 1.7153),
    "Canada": (-0.1081, 0.0443, 0.3228),
    "USA": (0.0435, 0.0412, 0.1124),
}
"""Caliendo & Parro (2015), Table 2, to more digits: terms of trade, volume of trade, real wage; %."""


@pytest.mark.parametrize("dense", [False, True], ids=["substitution", "matrix"])
def test_plain_caliendo_parro_gives_the_published_table(benchmark, dense):
    if not NAFTA.is_file():
        pytest.skip("the published case is not here")
    countries, base, tariff = plain_caliendo_parro.nafta_base(NAFTA)

    def run():
        return jax.block_until_ready(plain_caliendo_parro.nafta(base, tariff, dense=dense))

    start, new = benchmark.pedantic(run, rounds=1, warmup_rounds=1)
    found = np.stack(plain_caliendo_parro.effects(start, tariff, new))
    for country, expected in PUBLISHED.items():
        assert found[:, countries.index(country)] == pytest.approx(expected, abs=5e-5)


def one_industry(size: float, theta: float) -> worlds.OneFactorWorld:
    """Two countries without tariffs, one `size` times as large as the other, that buy 30 % of the smaller abroad."""
    cross = 0.3 * min(size, 1.0)
    trade = np.array([[size - cross, cross], [cross, 1.0 - cross]])[:, :, None]
    return worlds.OneFactorWorld(("home", "abroad"), ("goods",), trade, np.zeros_like(trade), np.array([theta]))


@pytest.mark.parametrize("size", [1.0, 0.1, 1e-4])
def test_strict_nash_keeps_the_closed_form_of_optimal_tariffs(size):
    # Optimal tariff of a country in a world of two: 1 / (theta x), x the share of the other's output sold at home, at
    # the equilibrium (Gros 1987). As the country becomes small, x goes to one.
    theta = 4.0
    world = one_industry(size, theta)
    nash = plain_nash.nash_tariffs(world)
    flows = np.asarray(plain_nash.outcome(nash.tariff, plain_nash.coefficients(world))[1])[:, :, 0]
    at_home = np.diag(flows) / flows.sum(axis=0)
    assert nash.tariff[0, 1, 0] == pytest.approx(1.0 / (theta * at_home[1]), rel=1e-5)
    assert nash.tariff[1, 0, 0] == pytest.approx(1.0 / (theta * at_home[0]), rel=1e-5)
    if size < 0.01:
        assert nash.tariff[0, 1, 0] == pytest.approx(1.0 / theta, rel=1e-3)


@pytest.fixture(scope="module")
def seven():
    return worlds.seven_by_thirty_three()


@pytest.fixture(scope="module")
def strict(seven):
    return plain_nash.nash_tariffs(seven)


def test_the_world_of_seven_is_balanced_and_keeps_its_flows(seven):
    exports, imports = seven.trade.sum(axis=(0, 2)), seven.trade.sum(axis=(1, 2))
    assert imports == pytest.approx(exports, rel=1e-11)
    assert seven.trade.shape == (7, 7, 33) and (seven.trade > 0).all()
    assert not seven.tariff[np.arange(7), np.arange(7)].any()


def test_strict_nash_tariffs_are_those_on_record(seven, strict):
    path = Path(worlds.__file__).with_name("nash_7x33.json")
    record = json.loads(path.read_text(encoding="utf-8"))
    found = plain_nash.summary(seven, strict)
    for region, values in record.items():
        assert found[region] == pytest.approx(values, abs=1e-3), f"python -m peers.plain_nash > {path.name}, if meant"


def test_nobody_gains_by_moving_from_the_nash_tariffs(seven, strict):
    base = plain_nash.coefficients(seven)
    best = plain_nash.outcome(strict.tariff, base)[0]
    rng = np.random.default_rng(0)
    for player in range(7):
        for _ in range(3):
            t = strict.tariff.copy()
            own = np.arange(7) != player
            t[player, own] += rng.normal(0.0, 0.02, t[player, own].shape)
            assert plain_nash.outcome(t, base)[0][player] < best[player]

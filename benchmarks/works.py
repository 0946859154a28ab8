"""What is timed: each piece of work, done by our engine and by a peer.

To add a row, write two functions that prepare (load, compile nothing, return the function to time) and put a `Work` in
`WORKS`. A side that is not installed raises ModuleNotFoundError from its preparation, data that is not at hand
FileNotFoundError; the row is then left out.
"""

from __future__ import annotations

import gc
import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import jax
import numpy as np

from multialign import Embargo, Friction, Scenario, World, load_world, solve
from multialign.trade import base_economy, nash_tariffs, solve_many
from multialign.trade.shock import shock_of_arrays
from peers import gravity, plain_caliendo_parro, plain_nash, sanctions, worlds

Run = Callable[[], Any]
NAFTA = Path(__file__).resolve().parents[2] / "shared" / "validation" / "cp2015" / "cp2015_nafta.npz"
MANY = 200
PEER_MANY = 25


@dataclass(frozen=True)
class Work:
    """One row of the table.

    ours, theirs: prepare, and return the function to time. scenarios: how many one call solves, ours and the peer's;
    times are given for one. same: raises AssertionError where the two results, ours first, do not agree; None where the
    models differ.
    """

    key: str
    what: str
    peer: str
    ours: Callable[[], Run]
    theirs: Callable[[], Run]
    scenarios: tuple[int, int] = (1, 1)
    same: Callable[[Any, Any], None] | None = None


@dataclass(frozen=True)
class Timed:
    """Median time of one scenario in seconds, ours and the peer's, warm."""

    ours: float
    theirs: float

    @property
    def ratio(self) -> float:
        return self.theirs / self.ours


def warm_times(run: Run, *, budget: float = 5.0, least: int = 3, most: int = 50) -> tuple[Any, list[float]]:
    """The result of a first call, which compiles, and the seconds of later ones: at least `least`, until `budget`
    seconds are spent. A call that takes more than twice the budget is timed once more only."""
    start = time.perf_counter()
    result = jax.block_until_ready(run())
    first = time.perf_counter() - start
    times: list[float] = []
    while len(times) < (1 if first > 2 * budget else least) or (sum(times) < budget and len(times) < most):
        gc.collect()
        start = time.perf_counter()
        jax.block_until_ready(run())
        times.append(time.perf_counter() - start)
    return result, times


def compare(work: Work) -> Timed:
    """Both sides of a work in this process, one after the other. Raises AssertionError where they disagree."""
    (ours, our_times), (theirs, their_times) = warm_times(work.ours()), warm_times(work.theirs())
    if work.same is not None:
        work.same(ours, theirs)
    n, m = work.scenarios
    return Timed(statistics.median(our_times) / n, statistics.median(their_times) / m)


def machine() -> str:
    """Processor, cores that this process may use, and JAX's backend."""
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        names = [
            line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if line.startswith("model name")
        ]
        name = names[0] if names else name
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{name}, {cores} cores, {jax.default_backend()}"


# -- NAFTA -----------------------------------------------------------------------------------------------------------


def nafta_ours() -> Run:
    z = np.load(NAFTA)
    world = World.from_arrays(
        [str(r) for r in z["regions"]],
        [str(s) for s in z["sectors"]],
        trade=z["trade"] / 1e6,
        input_use=z["intermediate"] / 1e6,
        final_use=z["final"] / 1e6,
        value_added=z["value_added"] / 1e6,
        tariff=z["tariff_baseline"],
        elasticity=z["theta"],
        accounts="coefficients",
    )
    scenario = Scenario(name="NAFTA", deficits="removed", elasticities="world")
    base = base_economy(world, scenario)
    tariff = z["tariff_nafta"]

    def run() -> np.ndarray:
        data = solve(scenario, world, base=base, shock=shock_of_arrays(base, t=tariff)).data
        return np.stack([data["terms_of_trade"].values, data["volume_of_trade"].values])

    return run


def nafta_plain(dense: bool = False) -> Run:
    _, base, tariff = plain_caliendo_parro.nafta_base(NAFTA)
    start, _ = plain_caliendo_parro.nafta(base, tariff)

    def run() -> np.ndarray:
        new = plain_caliendo_parro.counterfactual(start, tariff, start.D, dense=dense)
        return np.stack(plain_caliendo_parro.effects(start, tariff, new)[:2])

    return run


def nafta_same(ours: np.ndarray, theirs: np.ndarray) -> None:
    np.testing.assert_allclose(ours, theirs, atol=5e-5)


# -- one agreement in a world of one industry ------------------------------------------------------------------------


def agreement_ours() -> Run:
    case = gravity.made_up_case()
    trade = gravity.modelled(gravity.model(case), case, case.pairs).trade
    change = float(gravity.iceberg(case).min()) - 1.0
    pact = Friction(importers=case.partners, exporters=case.partners, change=change)
    scenario = Scenario(elasticities="world", instruments=(pact,))
    return lambda: solve(scenario, gravity.world(case, trade)).data


def agreement_gegravity() -> Run:
    case = gravity.made_up_case()
    return lambda: gravity.agreement(case)


# -- embargoes on tables of about 80 countries and 50 industries -----------------------------------------------------


def _embargo(a: str, b: str) -> Scenario:
    legs = (Embargo(importers=(a,), exporters=(b,)), Embargo(importers=(b,), exporters=(a,)))
    return Scenario(name=f"{a}-{b}", instruments=legs)


def embargo_ours() -> Run:
    world, scenario = load_world(), _embargo("USA", "CHN")
    base = base_economy(world, scenario)
    return lambda: solve(scenario, world, base=base).welfare_pct


def embargo_sanctions() -> Run:
    net = sanctions.network()
    return lambda: sanctions.embargoes(net, [("USA", "CHN")])


def embargoes_ours() -> Run:
    world = load_world()
    scenarios = [_embargo(a, b) for a, b in sanctions.largest_pairs(sanctions.network(), MANY)]
    return lambda: solve_many(scenarios, world)


def embargoes_sanctions() -> Run:
    """Every eighth of the pairs: its time is in proportion to their number."""
    net = sanctions.network()
    pairs = sanctions.largest_pairs(net, MANY)[:: MANY // PEER_MANY]
    return lambda: sanctions.embargoes(net, pairs)


# -- Nash tariffs ------------------------------------------------------------------------------------------------------


def nash_ours() -> Run:
    seven = worlds.seven_by_thirty_three()
    N, S = len(seven.regions), len(seven.industries)
    world = World.from_arrays(
        seven.regions,
        seven.industries,
        trade=seven.trade,
        tariff=seven.tariff,
        input_use=np.zeros((N, S, S)),
        elasticity=seven.theta,
    )
    scenario = Scenario(elasticities="world")
    return lambda: nash_tariffs(seven.regions, world, scenario=scenario, industries=seven.industries).tariff.values


def nash_strict() -> Run:
    seven = worlds.seven_by_thirty_three()
    return lambda: plain_nash.nash_tariffs(seven).tariff


def nash_plain() -> Run:
    seven = worlds.seven_by_thirty_three()
    return lambda: plain_nash.nash_tariffs(seven, plain=True).tariff


def nash_same(ours: np.ndarray, theirs: np.ndarray) -> None:
    """To 1e-5 on every flow above a million USD: one of the others is a rounding error, which ours takes for none."""
    seven = worlds.seven_by_thirty_three()
    flows = (seven.trade > 1.0) & ~np.eye(len(seven.regions), dtype=bool)[:, :, None]
    np.testing.assert_allclose(ours[flows], theirs[flows], atol=1e-5)


def nash_near(ours: np.ndarray, theirs: np.ndarray) -> None:
    """To 1e-5 in the mean over trade: the plain form stops short on small flows."""
    seven = worlds.seven_by_thirty_three()
    abroad = ~np.eye(len(seven.regions), dtype=bool)
    weight = seven.trade[abroad]
    assert (np.abs(ours - theirs)[abroad] * weight).sum() / weight.sum() < 1e-5


WORKS = (
    Work(
        "nafta",
        "NAFTA's tariffs, 31 countries, 40 industries, trade balanced: one counterfactual and its effects",
        "plain Caliendo-Parro, as published",
        nafta_ours,
        partial(nafta_plain, dense=True),
        same=nafta_same,
    ),
    Work(
        "nafta-substitution",
        "the same",
        "plain Caliendo-Parro, spending by substitution",
        nafta_ours,
        nafta_plain,
        same=nafta_same,
    ),
    Work(
        "agreement",
        "one agreement, 30 countries, one industry: from data to effects",
        "gegravity 0.3",
        agreement_ours,
        agreement_gegravity,
    ),
    Work(
        "embargo",
        "one embargo of all goods and services, 81 (80) countries, 50 industries",
        "sanction-simulator 0.1.4",
        embargo_ours,
        embargo_sanctions,
    ),
    Work(
        "embargoes",
        f"{MANY} embargoes side by side, each",
        f"sanction-simulator 0.1.4, {PEER_MANY} side by side",
        embargoes_ours,
        embargoes_sanctions,
        scenarios=(MANY, PEER_MANY),
    ),
    Work(
        "nash",
        "Nash tariffs, 7 regions, 33 industries, no inputs",
        "JAX and L-BFGS, strict",
        nash_ours,
        nash_strict,
        same=nash_same,
    ),
    Work(
        "nash-plain",
        "the same",
        "JAX and L-BFGS, plain",
        nash_ours,
        nash_plain,
        same=nash_near,
    ),
)
"""The rows, in the table's order."""

"""How the cost of a solve grows with countries, industries and scenarios: a Markdown table on made-up worlds.

    python benchmarks/scaling.py [--largest 200x500]

Each world has two uses, full input-output tables and every flow above zero; a solve is a tariff of ten points of one
country on all others. Each size runs in a process of its own, so that its peak of memory is its own.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time

import numpy as np

SIZES = ("20x20", "40x20", "80x20", "160x20", "20x50", "80x50", "20x200", "80x200", "200x50", "200x200", "200x500")
HEAD = (
    "countries x industries",
    "one solve, ms",
    "sweeps",
    "32 side by side, ms each",
    "first, s",
    "Gflop/s",
    "GB/s",
    "peak, GB",
)
MANY = 32


def made_up(N: int, S: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Arrays for World.from_arrays: countries that buy mainly from themselves, with log-normal sizes and flows."""
    rng = np.random.default_rng(seed)
    size = rng.lognormal(0, 1, N)
    flow = size[:, None, None] * size[None, :, None] * rng.lognormal(0, 1, (N, N, S))
    home = np.arange(N)
    flow[home, home] += 3.0 * flow.sum(axis=1)
    bought, sales = 0.5 * flow.sum(axis=1), flow.sum(axis=0)
    mix = rng.dirichlet(np.ones(S) * 5, (N, S))
    weight = mix * sales[:, None, :]
    use = weight * (bought / weight.sum(axis=2))[:, :, None]
    over = np.maximum(use.sum(axis=1) / (0.9 * sales), 1.0).max(axis=1)
    use /= over[:, None, None]
    part = (bought / over[:, None])[:, None, :] / flow.sum(axis=1)[:, None, :]
    return {
        "intermediate_trade": flow * part,
        "final_trade": flow * (1 - part),
        "input_use": use,
        "elasticity": rng.uniform(2, 8, S),
    }


def measure(N: int, S: int) -> str:
    """The row of one size."""
    from multialign import Friction, Scenario, Tariff, World, solve, solve_many
    from multialign.trade import base_economy

    names = [f"c{n}" for n in range(N)]
    world = World.from_arrays(names, [f"s{s}" for s in range(S)], **made_up(N, S))
    scenario = Scenario(elasticities="world", instruments=(Tariff(importers=("c0",), rate=0.1),))
    base = base_economy(world, scenario)
    start = time.perf_counter()
    found = solve(scenario, world, base=base)
    first = time.perf_counter() - start
    times = []
    while len(times) < 3 or (sum(times) < 2 and len(times) < 20):
        start = time.perf_counter()
        solve(scenario, world, base=base)
        times.append(time.perf_counter() - start)
    one = float(np.median(times))
    each = ""
    if N * N * S <= 80 * 80 * 200:
        pairs = [(names[j % N], names[(j * 7 + 1) % N]) for j in range(MANY)]
        frictions = [(Friction(importers=(a,), exporters=(b,), change=0.2),) for a, b in pairs if a != b]
        cases = [Scenario(elasticities="world", instruments=f) for f in frictions]
        solve_many(cases[:9], world)
        start = time.perf_counter()
        solve_many(cases, world)
        each = f"{1e3 * (time.perf_counter() - start) / len(cases):.3g}"
    # One sweep: three products with kernels of 2 N x N per industry, four with S x S per country.
    work = (12 * N * N * S + 8 * N * S * S) * found.steps / one / 1e9
    moved = (48 * N * N * S + 32 * N * S * S) * found.steps / one / 1e9
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    cells = (
        f"{N} x {S}",
        f"{1e3 * one:.3g}",
        str(found.steps),
        each,
        f"{first:.2g}",
        f"{work:.2g}",
        f"{moved:.2g}",
        f"{memory:.2g}",
    )
    return "| " + " | ".join(cells) + " |"


def cells_of(size: str) -> int:
    """Flows of a world whose size is written NxS."""
    N, S = map(int, size.split("x"))
    return N * N * S


def main() -> int:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--largest", default="200x500", help="leave out larger worlds, e.g. 80x50")
    ask.add_argument("--row", help=argparse.SUPPRESS)
    given = ask.parse_args()
    if given.row:
        print(measure(*map(int, given.row.split("x"))))
        return 0
    most = cells_of(given.largest)
    print("| " + " | ".join(HEAD) + " |\n" + "|---" * len(HEAD) + "|", flush=True)
    for size in SIZES:
        if cells_of(size) <= most:
            subprocess.run([sys.executable, __file__, "--row", size], check=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

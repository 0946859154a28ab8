"""What the drill works on: a small world with a plan, and an archive of made-up notes."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np

PLAN = """\
version: 1
name: drill
world: {world}
scenarios:
  - name: two tariffs
    elasticities: world
    instruments:
      - {{kind: tariff, importers: [A], exporters: [B], rate: 0.1}}
      - {{kind: friction, importers: [B], exporters: [C], change: 0.2}}
vary:
  - {{field: "instruments[0].rate", name: tariff, low: 0.0, high: 1.0}}
  - {{field: "instruments[1].change", name: friction, low: 0.0, high: 1.0}}
design: {{kind: sobol, n: {n}, seed: 7}}
keep: [real_income, wage, trade]
part: {part}
"""

_STATES = ("Norway", "Poland", "Finland", "Chile", "Peru", "India", "Japan", "Kenya")
_DEEDS = ("signed a trade agreement with", "condemned", "threatened to impose sanctions on", "sent aid to", "praised")


def write_plan(folder: Path, cases: int = 256, part: int = 8) -> Path:
    """A world of four countries and three industries, and a plan on it."""
    from multialign.world import World, save_world

    rng = np.random.default_rng(5)
    N, S = 4, 3
    inputs = rng.uniform(1, 10, (N, N, S)) + 40 * np.eye(N)[:, :, None]
    final = rng.uniform(1, 10, (N, N, S)) + 60 * np.eye(N)[:, :, None]
    sales = (inputs + final).sum(axis=0)
    use = inputs.sum(axis=1)[:, :, None] * (sales / sales.sum(axis=1, keepdims=True))[:, None, :]
    world = World.from_arrays(
        list("ABCD"), ["food", "steel", "code"],
        intermediate_trade=inputs, final_trade=final, input_use=use, elasticity=rng.uniform(2, 8, S),
    )  # fmt: skip
    save_world(world, folder / "world.nc")
    path = folder / "plan.yaml"
    path.write_text(PLAN.format(world=folder / "world.nc", n=cases, part=part), encoding="utf-8")
    return path


def write_notes(path: Path, n: int) -> Path:
    """A table of short notes about states, every ninth a reprint of the one before."""
    chance = random.Random(11)  # noqa: S311 - no secrets here
    lines, last = [], ""
    for k in range(n):
        one, two, three = chance.sample(_STATES, 3)
        text = (
            f"{one} {chance.choice(_DEEDS)} {two} on day {k}, the ministry said in note {chance.random():.5f}. "
            f"{two} {chance.choice(_DEEDS)} {three} as well, in the same week and for reasons of its own number {k}."
        )
        if k % 9 == 8:
            text = last.replace("the ministry said", "the government said")
        last = text
        lines.append(json.dumps({"id": str(k), "text": text, "date": f"2024-{1 + k * 12 // n:02d}-{1 + k % 28:02d}"}))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path

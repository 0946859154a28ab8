"""A small world on disk and plans on it: a sweep of a few seconds that still has parts, tables and cases that fail."""

from __future__ import annotations

from pathlib import Path

import pytest

PLAN = """\
version: 1
name: small
world: {world}
scenarios:
  - name: rise
    elasticities: world
    instruments:
      - {{kind: tariff, importers: [A], exporters: [B], rate: 0.1}}
  - name: both
    elasticities: world
    deficits: removed
    instruments:
      - {{kind: tariff, importers: [A], exporters: [B], rate: 0.1}}
      - {{kind: friction, importers: [B], change: 0.2}}
vary:
  - {{field: "instruments[0].rate", name: rate, low: 0.0, high: 0.4, steps: 5}}
  - {{field: "elasticities.food", name: theta, values: [3, 6]}}
keep: [real_income, wage, output, trade]
part: {part}
"""


@pytest.fixture(scope="session")
def world_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from multialign import World
    from multialign.world import save_world
    from tests.conftest import random_world_arrays

    path = tmp_path_factory.mktemp("world") / "small.nc"
    save_world(World.from_arrays(list("ABCD"), ["food", "steel", "code"], **random_world_arrays(1)), path)
    return path


@pytest.fixture(scope="session")
def plan_text(world_file: Path) -> str:
    return PLAN.format(world=world_file, part=6)


@pytest.fixture(scope="session")
def plan_file(plan_text: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("plan") / "small.yaml"
    path.write_text(plan_text, encoding="utf-8")
    return path

"""What can have no equilibrium is said before it is solved, with the reason."""

from __future__ import annotations

import numpy as np
import pytest

from multialign import InputError, Scenario, World, solve, solve_many
from multialign.trade.instruments import Embargo, Friction

NAMES = ("A", "B", "C")


@pytest.fixture
def world() -> World:
    """Three countries, two industries; A has a trade surplus, B and C the deficit."""
    rng = np.random.default_rng(3)
    final = rng.uniform(1, 4, (3, 3, 2)) + 20 * np.eye(3)[:, :, None]
    final[1:, 0] += 3.0
    zero = np.zeros((3, 3, 2))
    return World.from_arrays(
        NAMES,
        ("S", "T"),
        intermediate_trade=zero,
        final_trade=final,
        input_use=np.zeros((3, 2, 2)),
        tariff=zero,
        export_tax=zero,
        elasticity=np.array([4.0, 5.0]),
    )


def closing(*, exporters: str = "", importers: str = "", deficits: str = "kept") -> Scenario:
    """An embargo on all exports of one country, all imports of one, or both."""
    items = []
    if exporters:
        items.append(Embargo(exporters=(exporters,), importers=tuple(c for c in NAMES if c != exporters)))
    if importers:
        items.append(Embargo(importers=(importers,), exporters=tuple(c for c in NAMES if c != importers)))
    return Scenario(name="closing", instruments=tuple(items), deficits=deficits)


@pytest.mark.parametrize("deficits", ["kept", "share", "removed"])
def test_who_cannot_sell_cannot_go_on_buying(world: World, deficits: str) -> None:
    with pytest.raises(InputError, match=r"A can sell nothing abroad and would go on buying") as caught:
        solve(closing(exporters="A", deficits=deficits), world)
    assert caught.value.field == "instruments" and "friction" in (caught.value.hint or "")


def test_a_surplus_can_be_sold_without_buying_but_balanced_trade_cannot(world: World) -> None:
    found = solve(closing(importers="A"), world)
    assert float(found.data["deficit"].sel(country="A")) < 0
    imports = found.data["final_trade"].sel(importer="A").drop_sel(exporter="A")
    assert float(imports.sum()) == 0.0
    with pytest.raises(InputError, match="A can buy nothing abroad"):
        solve(closing(importers="A", deficits="removed"), world)


def test_shut_off_with_a_deficit_kept_in_whatever_way(world: World) -> None:
    for deficits in ("kept", "share", "own"):
        with pytest.raises(InputError, match="A is shut off from all trade"):
            solve(closing(exporters="A", importers="A", deficits=deficits), world)
    alone = solve(closing(exporters="A", importers="A", deficits="removed"), world)
    assert float(alone.data["final_trade"].sel(importer="A").drop_sel(exporter="A").sum()) == 0.0


def test_it_is_said_of_a_group_that_trades_within_itself(world: World) -> None:
    both = Embargo(exporters=("A", "B"), importers=("C",))
    with pytest.raises(InputError, match=r"C can buy nothing abroad|A with B can sell nothing"):
        solve(Scenario(name="group", instruments=(both,), deficits="removed"), world)


def test_side_by_side_it_is_said_with_the_scenarios_place(world: World) -> None:
    good = Scenario(name="good", instruments=(Friction(importers=("A",), exporters=("B",), change=0.1),))
    with pytest.raises(InputError, match="A can sell nothing abroad") as caught:
        solve_many([good, closing(exporters="A")], world)
    assert "1" in (caught.value.field or "")


def test_a_point_that_misses_by_little_is_gone_on_from() -> None:
    """Steps in damped wages become small before labour's market clears: worlds that were once given up on."""
    import strain

    for seed, size in ((116848, (40, 3)), (107374, (5, 1))):
        outcome = strain.judge(seed, *size)
        assert outcome.came == "solved" and not outcome.wrong, (seed, outcome.said, outcome.worst)

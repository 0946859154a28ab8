"""The room's public doors: answer and surface at once, draws, changes, exact solves, and whose data they rest on."""

from __future__ import annotations

import numpy as np
import pytest

import multialign
from multialign import InputError, Tariff, load_world, solve
from multialign.respond import (
    Offer,
    Pressure,
    Question,
    answer_at,
    answer_with_surface,
    board_of,
    changed,
    prepare,
    respond,
    solve_at,
)
from multialign.trade import Scenario, after, solve_many
from multialign.world.refresh import add

QUESTION = Question.full(
    "IND", (Offer(by="RUS", domains=("energy",)),), (Pressure(by="USA", replies=("tariff",), counter_offer=False),)
)


@pytest.fixture(scope="module")
def both():
    return answer_with_surface(QUESTION, sets=("median",), draws=64)


def test_answer_and_surface_are_those_of_the_two_doors(both):
    answer, surface = both
    assert answer.to_dict() == respond(QUESTION, sets=("median",), draws=64).to_dict()
    np.testing.assert_array_equal(surface.joint, prepare(QUESTION, sets=("median",)).joint)
    read = answer_at(surface, draws=64)
    assert read.depth["energy"].median == pytest.approx(answer.depth["energy"].median, abs=0.03)


def test_draws_are_of_the_question_and_its_seed(both):
    surface = both[1]
    board, again, other = board_of(surface, 32), board_of(surface, 32), board_of(surface, 32, seed=2)
    assert board.draws.size == 32 and board.caps.shape == (1, 5)
    np.testing.assert_array_equal(board.draws.autonomy, again.draws.autonomy)
    assert not np.array_equal(board.draws.autonomy, other.draws.autonomy)


def test_changes_are_made_to_a_copy():
    q = changed(QUESTION, autonomy=0.5, tie_arms=(0.0, 0.1), tariff=25, counter_offer=True)
    assert q.weights == {"autonomy": 0.5, "tie.arms": (0.0, 0.1)} and QUESTION.weights == {}
    assert q.all_pressures[0].announced == {"tariff": 0.25} and q.all_pressures[0].counter_offer
    assert changed(q, tariff=None).all_pressures[0].announced == {}
    fixed = Question.full("IND", (Offer(by="RUS", discount=0.2),), (Pressure(by="USA"),))
    assert changed(fixed, discount=(0.0, 0.1)).all_offers[0].discount is None
    assert changed(fixed, domains=("trade", "arms")).domains == ("trade", "arms")
    with pytest.raises(InputError, match="does not cover an offer in arms"):
        changed(QUESTION, domains=("arms",))
    with pytest.raises(InputError, match="'autonmy' is not a weight"):
        changed(QUESTION, autonmy=1.0)


def test_exact_solves_are_near_the_surface_and_of_its_world(both, small_world):
    surface = both[1]
    x = np.zeros(len(surface.axes))
    x[surface.place["more", "RUS", "energy"]], x[surface.place["tariff", "USA", ""]] = 0.6, 0.2
    told = []
    exact = solve_at(surface, x, progress=lambda text, done: told.append(text))
    assert exact.shape == (1, 3) and told == ["solving with the elasticities median"]
    np.testing.assert_allclose(exact, surface.total(np.zeros(1, int), x[None]), atol=0.02)
    assert np.abs(exact).max() > 0.05
    assert np.abs(solve_at(surface, 0 * x)).max() == 0.0
    with pytest.raises(InputError, match=r"surface is not of this world.*made of one of 2022 with 81 countries"):
        solve_at(surface, x, world=small_world)


def test_many_scenarios_from_a_base_of_ones_own(small_world):
    base = after(
        Scenario(elasticities="world", instruments=(Tariff(importers=("A",), exporters=("B",), rate=0.4),)), small_world
    )
    moves = [Scenario(name=n, instruments=(Tariff(importers=(n,), rate=0.1),)) for n in "AB"]
    found = solve_many(moves, small_world, base=base)
    for s in moves:
        alone = solve(s, small_world, base=base)
        np.testing.assert_allclose(found.real_income.sel(scenario=s.name), alone.data["real_income"], rtol=1e-8)
    # The base's own elasticities hold, whatever a scenario says of its.
    named = [s.model_copy(update={"elasticities": "world"}) for s in moves]
    np.testing.assert_array_equal(solve_many(named, small_world, base=base).real_income, found.real_income)
    plain = solve_many(named, small_world)
    assert np.abs(plain.real_income - found.real_income).max() > 1e-4


def test_the_users_own_tariffs_are_in_the_answer(monkeypatch, tmp_path, both):
    monkeypatch.setenv("MULTIALIGN_DATA", str(tmp_path / "own"))
    table = tmp_path / "t.csv"
    table.write_text("importer,exporter,year,rate_pct\nUSA,IND,2026,50\n")
    add("tariffs", table, source="my desk")
    own, embedded = prepare(QUESTION, sets=("median",)), prepare(QUESTION, world=load_world(), sets=("median",))
    np.testing.assert_array_equal(embedded.main[0], both[1].main[0])
    k = own.place["tariff", "USA", ""]
    assert np.abs(own.main[k] - embedded.main[k]).max() > 1.0


def test_the_leverage_holder_is_looked_up_in_the_users_own_world(monkeypatch):
    from multialign.world import refresh

    asked = []
    monkeypatch.setattr(refresh, "own_world", lambda: asked.append(1) or load_world())
    assert Question.of("IND", "RUS").third == "USA" and asked
    asked.clear()
    assert Question.of("IND", "RUS", world=load_world()).third == "USA" and not asked
    assert callable(multialign.respond)

"""The sliders: what they show is the surface's, agrees with exact solves, and moves as it should."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

pytest.importorskip("dash")

from multialign.app.live import Live, Position, glanced
from multialign.app.pages import answer_view, live_page, live_values, live_view
from multialign.errors import InputError
from multialign.respond import Offer, Pressure, Question
from tests.app.test_ask import words


@pytest.fixture(scope="module")
def found() -> Any:
    question = Question.of("IND", "RUS", "USA", ("trade", "energy", "arms"))
    return glanced(question, ("FGO",), 256, 1, lambda text, done: None)


@pytest.fixture(scope="module")
def live(found: Any) -> Live:
    return found[1]


def at(live: Live, **changes: Any) -> Position:
    return Position(tuple(live.today.items()), **changes)


def own(live: Live, position: Position) -> float:
    return live.at(position).worth[0].total.median


def test_today_is_worth_nothing(live: Live) -> None:
    seen = live.at(at(live, tariff=0.0))
    assert all(abs(w.total.median) < 1e-9 for w in seen.worth)
    assert max(abs(v) for v in seen.welfare_pct.values()) < 1e-9
    assert [w.party for w in seen.worth] == ["IND", "RUS", "USA"]


def test_a_tariff_costs_and_a_discount_pays(live: Live) -> None:
    tariffs = [own(live, at(live, tariff=t)) for t in (0.0, 0.1, 0.3, 0.6)]
    assert tariffs == sorted(tariffs, reverse=True) and tariffs[-1] < -0.05
    discounts = [own(live, at(live, tariff=0.0, discount=d)) for d in (-0.1, 0.0, 0.1, 0.3)]
    assert discounts == sorted(discounts) and discounts[-1] > 0.05
    seller = live.at(at(live, tariff=0.0, discount=0.2)).worth[1]
    assert seller.party == "RUS" and seller.total.median < 0


def test_a_cut_tie_hurts_both(live: Live) -> None:
    seen = live.at(Position(tuple((d, 0.0) for d in live.today), tariff=0.0))
    assert seen.worth[0].total.median < 0 and seen.worth[1].total.median < 0


def test_the_third_power_s_own_reply_comes_with_depth(live: Live) -> None:
    calm = live.at(at(live))
    pressed = live.at(Position((*((d, a) for d, a in live.today.items() if d != "energy"), ("energy", 1.0))))
    assert calm.tariff.median == 0 and sum(pressed.replies.values()) == pytest.approx(1.0)
    assert pressed.tariff.high > 0


def test_weights_count_and_bad_ones_are_refused(live: Live) -> None:
    deep = tuple((d, 1.0 if d == "trade" else a) for d, a in live.today.items())
    little = own(live, Position(deep, tariff=0.0, weights=(("autonomy", 0.05),)))
    much = own(live, Position(deep, tariff=0.0, weights=(("autonomy", 5.0),)))
    assert little != much
    with pytest.raises(InputError):
        live.at(at(live, weights=(("autonomy", 1e9),)))


def test_the_surface_agrees_with_exact_solves(live: Live) -> None:
    position = Position((("energy", 0.6), ("trade", 0.3)), discount=0.1, tariff=0.25)
    told: list[float] = []
    exact = live.exact(position, lambda text, done: told.append(done))
    assert exact.exact.shape == (1, 3) and told
    assert np.abs(exact.exact - exact.surface).max() < 0.05
    assert np.abs(exact.exact).max() > 0.1
    assert "Solved exactly" in words(live_view.exact_table(exact))


def test_a_move_is_quick(live: Live) -> None:
    live.at(at(live, tariff=0.2))
    began = time.perf_counter()
    for k in range(10):
        seen = live.at(at(live, tariff=0.05 * k, discount=0.02 * k))
        live_view.bars(seen, live.surface.question)
        live_view.map_of(seen, live.surface.question)
    assert (time.perf_counter() - began) / 10 < 0.3


def test_what_is_shown(live: Live) -> None:
    seen = live.at(at(live, discount=0.1, tariff=0.25))
    q = live.surface.question
    assert "India's real income" in words(live_view.sentence(seen, q)) and "25 points" in words(
        live_view.sentence(seen, q)
    )
    svg = live_view.bars(seen, q)
    assert svg.count('class="whisker"') == 9 and "India (must answer)" in svg
    assert "percentage points at points" in words(live_view.numbers(seen, q))


def test_sliders_and_addresses_agree(found: Any, live: Live) -> None:
    answer, _ = found
    start = live_page.starting(live, {d: x.pick for d, x in answer.depth.items()})
    assert live_page.position_of(start, live).weights == ()
    moved = [*start]
    moved[live_values.FIELDS.index("tariff")] = 30
    moved[live_values.FIELDS.index("w.step")] = 20
    moved[-1] = ["energy"]
    position = live_page.position_of(moved, live)
    assert position.tariff == 0.3 and dict(position.depths)["energy"] == 0.0
    assert dict(position.weights)["step"] == pytest.approx(0.5)
    search = "?" + "&".join(f"{k}={v}" for k, v in live_page.pairs_of(moved))
    assert live_page.values_in(search, start) == moved
    assert len(live_page.told(moved, live)) == len(live_page.SLIDERS)
    with pytest.raises(InputError):
        live_page.position_of([None, *start[1:]], live)


def test_nothing_moved_is_said_to_be_nothing(live: Live) -> None:
    q, seen = live.surface.question, live.at(at(live))
    said = words(live_view.sentence(seen, q))
    assert "nothing is gained or lost by India" in said and "The United States is not expected to reply." in said
    assert "0.0000" not in live_view.bars(seen, q)


@pytest.fixture(scope="module")
def found_several() -> Any:
    offers = (Offer(by="RUS", domains=("energy", "arms")), Offer(by="CHN", domains=("trade",)))
    question = Question.full("IND", offers, (Pressure(by="USA"), Pressure(by="EU27")))
    return glanced(question, ("FGO",), 128, 1, lambda text, done: None)


@pytest.fixture(scope="module")
def several(found_several: Any) -> Live:
    return found_several[1]


def test_an_answer_to_several_offers_is_shown_whole(found_several: Any) -> None:
    said = words(list(answer_view.view(found_several[0])))
    assert "The same with China, which competes" in said
    for party in ("China (offers)", "European Union (may reply)", "India (must answer)"):
        assert party in said


def test_every_offer_and_every_third_power_has_its_sliders(several: Live) -> None:
    start = live_page.starting(several, {}, {"CHN": {"trade": 0.5}})
    shown = live_page.parties(several)
    assert "How deep with China" in shown and "Extra tariff of the European Union, points" in shown
    assert shown[-len(live_page.HIDDEN) :] == [False, True, False, True]
    place = live_values.FIELDS.index
    assert start[place("d1.trade")] == 50
    moved = list(start)
    moved[place("d1.trade")], moved[place("tariff1")], moved[place("tariff")] = 90, 30, 10
    position = live_page.position_of(moved, several)
    assert dict(dict(position.rivals)["CHN"])["trade"] == 0.9 and position.tariffs == (("EU27", 0.3),)
    search = "?" + "&".join(f"{k}={v}" for k, v in live_page.pairs_of(moved, several))
    assert live_page.values_in(search, start) == moved and "d2." not in search
    seen, before = several.at(position), several.at(live_page.position_of(start, several))
    assert [w.party for w in seen.worth] == ["IND", "RUS", "CHN", "USA", "EU27"]
    assert [t.tariff.median for t in seen.told] == pytest.approx([10.0, 30.0])
    assert seen.worth[2].total.median != before.worth[2].total.median
    said = words(live_view.sentence(seen, several.surface.question))
    assert "The United States adds 10 points" in said and "The European Union adds 30 points" in said
    found = several.exact(position, lambda text, done: None)
    assert np.abs(found.exact - found.surface).max() < 0.05


def test_a_tariff_by_hand_leaves_the_other_power_its_reply(several: Live) -> None:
    deep = (("energy", 1.0), ("arms", 1.0))
    alone, both = several.at(Position(deep)), several.at(Position(deep, tariff=0.0))
    assert alone.told[0].replies and not both.told[0].replies and both.told[1].replies == alone.told[1].replies
    assert both.worth[0].total.median >= alone.worth[0].total.median

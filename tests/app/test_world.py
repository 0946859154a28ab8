"""The figures of every pair, and what is drawn of them."""

from __future__ import annotations

import math

import pytest

pytest.importorskip("dash")

from multialign.app.pages import world, world_view
from multialign.app.pages import world_data as data
from multialign.errors import InputError
from multialign.report import draw_map
from multialign.ties import dependence, ties
from tests.app.test_ask import parts, words


def test_figures_are_those_of_the_ties() -> None:
    tie = ties("IND", with_=["RUS"]).tie("RUS", "energy")
    measure, view, item, period = data.checked("energy", "imports", None, None)
    grid = data.grid(measure, view, item, period)
    assert grid.values.at["IND", "RUS"] == pytest.approx(tie.imports)
    assert grid.row("IND")["RUS"] == pytest.approx(tie.imports)
    assert math.isnan(grid.values.at["IND", "IND"])
    shares = data.grid(measure, "share_of_imports", item, period)
    assert shares.values.at["IND", "RUS"] == pytest.approx(100 * (tie.share_of_imports or 0))


@pytest.mark.parametrize("measure", [m for m in data.MEASURES if m != "power"])
def test_every_measure_has_a_map_a_ranking_and_a_matrix(measure: str) -> None:
    for view in data.VIEWS[measure]:
        grid = data.grid(*data.checked(measure, view, None, None))
        assert grid.row("IND")
        svg, _ = world_view.the_map(grid, "IND", "RUS", measure)
        assert svg.count("data-code=") == 80
        assert words(world_view.headline(grid, measure, "IND", "all"))
        assert any(p["type"] == "Graph" for p in parts(world_view.ranking(grid, "IND", measure)))
        assert any(
            p["type"] == "Graph" for p in parts(world_view.heat(grid, ["IND", "RUS", "USA"], measure, "IND", "RUS"))
        )
    assert "India and Russia" in words(world_view.pair(measure, view, "all", "IND", "RUS"))


def test_time_where_there_is_time() -> None:
    assert data.periods("energy", "crude")[-1] == "2024" and len(data.periods("energy", "crude")) >= 10
    line = dict(data.history("energy", "share_of_imports", "crude", "IND", "RUS"))
    assert line["2023"] > 10 * line["2015"]
    assert data.periods("trade", "all") == ["2022"] and data.history("tariffs", "levied", "all", "IND", "RUS") == []


def test_power_is_empty_until_it_is_reckoned(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(data, "_power", {})
    monkeypatch.setattr(data, "states", lambda: ["IND", "RUS", "USA"])
    monkeypatch.setenv("MULTIALIGN_CACHE", "off")
    assert data.power_grid("own").row("IND") == {} and data.power_grid("own").partial
    told = []
    assert data.find_power("IND", lambda text, done: told.append(done)) == 2
    assert data.has_power("IND") and not data.has_power("USA") and told[-1] == 1.0
    one = dependence("IND", "USA")
    grid = data.power_grid("own")
    assert grid.values.at["IND", "USA"] == pytest.approx(one.loss_pct, abs=1e-6)
    assert grid.values.at["USA", "IND"] == pytest.approx(one.partner_loss_pct, abs=1e-6)
    assert data.power_grid("theirs").values.at["IND", "USA"] == pytest.approx(one.partner_loss_pct, abs=1e-6)


def test_addresses() -> None:
    values = world.choices_in("?measure=energy&state=KAZ&view=exports&item=crude&period=2020&group=G7&partner=CHN")
    assert values == ["energy", "KAZ", "exports", "crude", "2020", "G7", "CHN"]
    assert world.choices_in("")[:2] == ["trade", "IND"]


@pytest.mark.parametrize(
    "choice",
    [
        ("wealth", None, None, None),
        ("trade", "levied", None, None),
        ("arms", None, "crude", None),
        ("energy", None, None, "1066"),
    ],
)
def test_choices_that_there_are_not(choice: tuple[str | None, ...]) -> None:
    with pytest.raises(InputError):
        data.checked(*choice)


def test_groups() -> None:
    assert len(data.group_members("ALL")) == 80
    assert set(data.group_members("BRICS")) >= {"BRA", "IND", "CHN", "RUS", "ZAF"}
    with pytest.raises(InputError):
        data.group_members("AVENGERS")


def test_shades_step_at_round_numbers() -> None:
    shades = draw_map.two_sided([-5.0, -0.2, 0.01, 0.02, 0.3, 1.1, 4.0], 0.005)
    assert len(shades.breaks) == 6 and list(shades.breaks) == sorted(shades.breaks)
    assert shades(-9) == "l3" and shades(9) == "m3" and shades(0) == "mid" and shades(float("nan")) == "none"
    assert all(f"{b:.1g}" == f"{b:g}" for b in shades.breaks)
    sizes = draw_map.one_sided([0.001, 0.1, 1, 10, 30, 100])
    assert sizes(1000) == "s5" and sizes(None) == "none" and list(sizes.breaks) == sorted(set(sizes.breaks))
    assert draw_map.one_sided([])(1.0) and draw_map.two_sided([])(0.0) == "mid"


def test_the_map_knows_every_state() -> None:
    assert set(draw_map.atlas()["places"]) == set(data.states())
    assert set(draw_map.atlas()["shapes"]) | set(draw_map.atlas()["dots"]) == set(data.states())

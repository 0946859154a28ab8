"""The question from the pickers, and what is written and drawn of an answer."""

from __future__ import annotations

import json
from typing import Any

import pytest

pytest.importorskip("dash")

from multialign.app import address, figures
from multialign.app.jobs import Snapshot
from multialign.app.layout import key
from multialign.app.pages import answer as page
from multialign.app.pages import answer_view, asked
from multialign.errors import InputError
from multialign.report.words import headline
from multialign.respond import Answer, Offer, Pressure, Question
from multialign.respond.model import Band
from tests.app.test_ask import parts, words


def titles(figure: Any) -> tuple[str, str]:
    return (figure.layout.xaxis.title.text or "").replace("<br>", " "), (figure.layout.yaxis.title.text or "")


def numeric(values: Any) -> bool:
    return all(isinstance(v, int | float) for v in values)


def test_axes_have_titles_with_units(answer: Answer) -> None:
    curve = figures.break_even_figure(answer, "the United States")
    assert curve is not None
    drawn = [
        (figures.depth_figure(answer), "0 cut, 1 without limits"),
        (figures.payoff_figure(answer, "IND"), "% of real income a year"),
        (curve, "percentage points"),
        (figures.cause_figure(answer), "%"),
        (figures.country_figure({"IND": 1.0, "RUS": -2.0}, {}, unit="real income, %"), "%"),
    ]
    for figure, unit in drawn:
        x, y = titles(figure)
        assert unit in x
        if numeric(figure.data[0].y):
            assert "USD a barrel" in y
        json.loads(figure.to_json())


def test_depth_figure_shows_today_and_band(answer: Answer) -> None:
    figure = figures.depth_figure(answer)
    by_name = {t.name: t for t in figure.data if t.name}
    assert list(by_name["today"].x) == [0.45] * 5
    assert list(by_name["best (median)"].x) == [0.5] * 5
    assert [tuple(t.x) for t in figure.data if t.mode == "lines"] == [(0.4, 0.6)] * 5


def test_payoff_figure_stacks_terms_and_marks_the_sum(answer: Answer) -> None:
    figure = figures.payoff_figure(answer, "IND")
    assert figure.layout.barmode == "relative"
    assert [t.name for t in figure.data] == ["real income from trade", "reply", "sum, with 80 % band"]
    assert list(figure.data[0].x) == [-1, 0, 1, 2]
    assert list(figure.data[2].x) == [-0.5, 0, 0.5, 1]
    assert len(parts(key(figure))) == 1 + 3 * 2
    colours = {t.marker.color for t in figure.data[:2]}
    assert len(colours) == 2


def test_countries_are_those_that_change_most() -> None:
    values = {"AAA": 0.1, "BBB": -5.0, "CCC": 2.0, "DDD": 0.0}
    figure = figures.country_figure(values, {"BBB": "Beta"}, unit="%", top=2)
    assert list(figure.data[0].y) == ["CCC", "Beta"]


def test_no_crude_no_curve(answer: Answer) -> None:
    assert figures.break_even_figure(answer.model_copy(update={"break_even": None}), "x") is None


def test_words(answer: Answer) -> None:
    whole = list(answer_view.view(answer))
    said = words(whole)
    for sentence in headline(answer):
        assert sentence in said
    assert "How far should India go with Russia?" in said and "Russia's" in said
    assert {p["type"] for p in parts(whole)} >= {"Graph", "Table", "Figcaption", "Details"}


def test_a_discount_beyond_the_price_is_not_drawn(answer: Answer) -> None:
    b = answer.break_even
    assert b is not None
    beyond = [p.model_copy(update={"discount_pct": Band(median=150.0, low=140.0, high=160.0)}) for p in b.points]
    some = b.model_copy(update={"points": (*b.points[:2], *beyond[2:]), "today": -1.0})
    figure = figures.break_even_figure(answer.model_copy(update={"break_even": some}), "x")
    assert figure is not None
    assert list(figure.data[1].x) == [5.0, 10.0] and len(figure.data) == 2
    none = answer.model_copy(update={"break_even": b.model_copy(update={"points": tuple(beyond)})})
    assert figures.break_even_figure(none, "x") is None
    assert "o discount on crude could pay" in words(list(answer_view.view(none)))


def test_questions() -> None:
    question, level = page.question_of("IND", "RUS", None, ["arms", "trade"], "quick")
    assert (question.third, question.domains, level) == ("USA", ("trade", "arms"), "quick")
    picked = ["IND", "RUS", ["USA"], ["arms", "trade"], "quick", []]
    again, same = page.question_of(*page.from_search(address.search(page.search_pairs(picked))))
    assert again.domains == question.domains and again.third == "USA" and same == "quick"
    assert page.key_of(question, "quick") != page.key_of(question, "standard")


def test_a_question_with_several_powers_goes_through_the_address() -> None:
    minds = (Pressure(by="RUS", minds={"energy": 1.0, "trade": 0.5}, replies=("tariff",)), Pressure(by="EU27"))
    offers = (Offer(by="CHN", domains=("energy",), most={"energy": 0.5}), Offer(by="USA", domains=("trade",)))
    question = Question.full("KAZ", offers, minds)
    search = asked.question_url(question).partition("?")[2]
    again, level = page.question_of(*page.from_search(search))
    assert (again.offers, again.pressures, level) == (question.offers, question.pressures, "standard")
    # What a text says of a party goes when the party is taken out by hand.
    fewer, _ = page.question_of("KAZ", "CHN", ["EU27"], ["energy"], "quick", [], asked.details_of(question))
    assert fewer.pressures == (Pressure(by="EU27"),) and fewer.offers[0].most == {"energy": 0.5}
    pairs = dict(asked.search_pairs(["KAZ", "CHN", ["EU27"], ["energy"], "quick", []], asked.details_of(question)))
    assert "pressure.RUS" not in pairs and "offer.CHN" in pairs


@pytest.mark.parametrize("text", ["[1]", "{", '{"minds":{"energy":NaN}}', '{"by":1,"x":2}', "9" * 500, "[" * 400])
def test_details_of_an_address_are_not_trusted(text: str) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        page.question_of("KAZ", "CHN", ["RUS"], ["energy"], "quick", None, {"pressure.RUS": text})


@pytest.mark.parametrize(
    ("picked", "part"),
    [
        ((None, "RUS"), "no state that must answer"),
        (("IND", ""), "no power that offers"),
        (("IND", "RUS", None, []), "no domain"),
        (("IND", "RUS", None, ["trade"], "endless"), "level"),
        (("IND", "IND", None, ["trade"]), "IND"),
        (("IND", "RUS", None, ["trades"]), "'trade'"),
        ((["IND"], "RUS", None, ["trade"]), "not a country code"),
    ],
)
def test_questions_that_cannot_be_put(picked: tuple[Any, ...], part: str) -> None:
    with pytest.raises(InputError, match=part):
        page.question_of(*picked)


def test_status_and_download(answer: Answer) -> None:
    assert "25%" in words(page.status(Snapshot("running", "solving", 0.25)))
    assert "it broke" in words(page.status(Snapshot("failed", error="it broke")))
    assert page.status(Snapshot("done")) is None
    file = page.file_of(answer)
    assert file["filename"] == "answer-IND-RUS.json"
    assert Answer.model_validate(json.loads(file["content"])) == answer

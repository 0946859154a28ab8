"""Questions as files: what is written is read back; every mistake gets one error with its line."""

from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
import yaml
from typer.testing import CliRunner

from multialign import InputError
from multialign.respond import Offer, Pressure, Question
from multialign.respond.question_file import (
    parse_question,
    question_from_file,
    question_schema,
    question_text,
    save_question,
)

GOOD = """\
version: 1
focal: India
offers:
  - by: RUS
    domains: [energy, arms]
    most: {energy: 0.6}
    discount: 0.05
  - by: USA
    domains: [technology]
pressure:
  - by: USA
    minds: {arms: 2}
    replies: [tariff, finance]
    menu: {tariff: [0.1, 0.25, 0.5]}
    demand: {energy: 0.1}
  - by: CHN
    counter_offer: false
weights:
  autonomy: [0.1, 1]
  tie.arms: 0.02
"""
EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "questions").glob("*.yaml"))


def test_a_full_question():
    q = parse_question(GOOD)
    assert (q.focal, q.offerer, q.third) == ("IND", "RUS", "USA")
    assert q.all_offers[0].most == {"energy": 0.6} and q.all_pressures[1].by == "CHN"
    assert q.weights == {"autonomy": (0.1, 1.0), "tie.arms": 0.02}
    assert q.parties == ("IND", "RUS", "USA", "CHN")


def test_round_trip(tmp_path):
    for q in (parse_question(GOOD), Question.of("TUR", "RUS", "USA"), Question.full("KAZ", (Offer(by="CHN"),), ())):
        save_question(q, tmp_path / "q.yaml")
        again = question_from_file(tmp_path / "q.yaml")
        assert again.all_offers == q.all_offers and again.all_pressures == q.all_pressures
        assert again.weights == q.weights and again.third == q.third
        assert "Where its parts come from" in question_text(q)


def test_schema_takes_what_is_written():
    data = yaml.safe_load(question_text(parse_question(GOOD)))
    jsonschema.validate(data, question_schema())


def test_nobody_answers():
    q = parse_question("focal: IND\noffers: [{by: RUS}]\npressure: []\n")
    assert q.third == "USA" and q.all_pressures[0].replies == () and "nobody" in q.provenance["third"]


def change(old, new):
    assert old in GOOD
    return GOOD.replace(old, new)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (change("by: RUS", "by: IND"), 4, "both"),
        (change("[energy, arms]", "[energie]"), 5, "'energie' is not a domain.*energy"),
        (change("most: {energy: 0.6}", "most: {energy: 1.6}"), 6, "between 0 and 1"),
        (change("most: {energy: 0.6}", "most: {trade: 0.6}"), 6, "does not open trade"),
        (change("discount: 0.05", "discount: 5"), 7, "found 5"),
        (change("discount: 0.05", "discont: 0.05"), 7, "'discont' is not a field.*discount"),
        (change("by: USA\n    minds", "by: USAA\n    minds"), 11, "'USAA'"),
        (change("replies: [tariff, finance]", "replies: [war]"), 13, "found 'war'"),
        (change("[0.1, 0.25, 0.5]", "[25]"), 14, "above 0, at most 1"),
        (change("autonomy: [0.1, 1]", "autonomy: [1, 0.1]"), 19, "contradict each other"),
        (change("autonomy: [0.1, 1]", "autonmy: 1"), 19, "'autonmy' is not a weight.*autonomy"),
        (change("tie.arms: 0.02", "tie.trade: 0.02"), 20, "trade has no free weight"),
        (change("focal: India", "focal: Indja"), 2, "Indja"),
        (change("- by: CHN", "- by: USA"), 10, "USA twice"),
        ("- a list", None, "holds no question"),
        ("focal: [", 1, "not valid YAML"),
        ("focal: IND\n", None, "offers: is missing"),
        ("a: &x 1\nfocal: *x\n", None, "aliases"),
    ],
)
def test_bad_questions_get_one_error_with_its_line(text, line, said):
    with pytest.raises(InputError, match=rf"(?s){said}") as caught:
        parse_question(text, "q.yaml")
    if line is not None:
        assert str(caught.value).startswith(f"q.yaml:{line}:"), str(caught.value)


def test_offers_below_today_are_refused():
    from multialign import load_world
    from multialign.respond.build import set_up

    q = Question.full("IND", (Offer(by="RUS", most={"arms": 0.1}),), (Pressure(by="USA"),))
    with pytest.raises(InputError, match="below today's depth"):
        set_up(q, load_world())


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda f: f.stem)
def test_examples_are_questions(file):
    q = question_from_file(file)
    assert q.all_offers and q.all_pressures


def test_command_saves_a_question_and_refuses_two_ways_of_asking(tmp_path):
    from multialign.cli import app

    file = tmp_path / "q.yaml"
    made = CliRunner().invoke(
        app,
        ["respond", "--for", "India", "--offer", "RUS", "--pressure", "USA", "--fix", "autonomy=0.1:1",
         "--save-question", str(file)],
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    assert question_from_file(file).weights == {"autonomy": (0.1, 1.0)}
    both = CliRunner().invoke(app, ["respond", "--question", str(file), "--for", "IND"])
    assert isinstance(both.exception, InputError) and "edit the file" in str(both.exception)
    bad = CliRunner().invoke(app, ["respond", "--for", "IND", "--offer", "RUS", "--fix", "autonomy"])
    assert isinstance(bad.exception, InputError) and "autonomy=0.5" in str(bad.exception)

"""`ties`, `crude`, `breakeven` and `world add` as a user meets them: tables, JSON, CSV, figures, one-line errors."""

import csv
import json
import re
import sys
import xml.etree.ElementTree as ET

import pytest

from multialign.cli import main


@pytest.fixture
def run(capsys, monkeypatch):
    def go(*arguments):
        monkeypatch.setattr(sys, "argv", ["multialign", *map(str, arguments)])
        monkeypatch.setenv("COLUMNS", "150")
        try:
            main()
            code = 0
        except SystemExit as left:
            code = left.code or 0
        said = capsys.readouterr()
        return code, said.out, said.err

    return go


def rows(path):
    with path.open(newline="") as handle:
        return list(csv.DictReader(handle))


def test_crude_by_origin(run, tmp_path):
    out = tmp_path / "c.csv"
    code, text, _ = run("crude", "IND", "--years", "2023", "--csv", out)
    assert code == 0 and "Russia" in text and "74.6" in text and "Iraq" in text
    assert rows(out)[0]["origin"] == "RUS" and float(rows(out)[0]["discount_low"]) > 0
    data = json.loads(run("crude", "India", "--json")[1])
    assert (data["version"], data["kind"], data["year"]) == (1, "crude", 2024)


def test_crude_of_one_origin_with_answers(run):
    code, text, _ = run("crude", "IND", "--from", "RUS", "--years", "2021:2024", "--discount", "2")
    assert code == 0 and "2021" in text and "2020" not in text.split("Source")[0].replace("2015-2021", "")
    assert "2 USD a barrel more off" in text
    arguments = ("--from", "RUS", "--threat", "0.25", "--pressure", "USA", "--refused-by", "CHN", "--json")
    data = json.loads(run("crude", "IND", *arguments)[1])
    assert data["kind"] == "crude_path" and data["trend"] == "narrowing"
    assert [a["kind"] for a in data["answers"]] == ["crude_response", "crude_response"]


def test_crude_elasticity(run):
    data = json.loads(run("crude", "--elasticity", "--json")[1])
    assert data["kind"] == "crude_elasticity" and len(data["estimates"]) == 4


def test_breakeven(run, tmp_path):
    out = tmp_path / "b.csv"
    parties = ("--buyer", "IND", "--seller", "RUS", "--pressure", "USA")
    code, text, _ = run("breakeven", *parties, "--tariff", "0.25", "--accounting", "--csv", out)
    assert code == 0 and "32.6" in text and float(rows(out)[0]["accounting_usd"]) == pytest.approx(32.58, abs=0.01)
    data = json.loads(run("breakeven", *parties, "--tariffs", "0:0.5", "--accounting", "--json")[1])
    assert [round(p["tariff"], 2) for p in data["points"]] == [0.05 * k for k in range(1, 11)] or len(
        data["points"]
    ) == 10


def test_schemas_hold_what_is_written(run):
    import jsonschema

    for arguments in (("ties", "IND", "--with", "RUS"), ("crude", "IND"), ("crude", "IND", "--from", "RUS")):
        schema = json.loads(run(arguments[0], "--schema")[1])
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.validate(json.loads(run(*arguments, "--json")[1]), schema)
    parties = ("--buyer", "IND", "--seller", "RUS", "--pressure", "USA", "--accounting")
    schema = json.loads(run("breakeven", "--schema")[1])
    jsonschema.validate(json.loads(run("breakeven", *parties, "--json")[1]), schema)
    jsonschema.validate(json.loads(run("crude", "--elasticity", "--json")[1]), json.loads(run("crude", "--schema")[1]))


def test_who_leans_and_who_is_even(run):
    code, text, _ = run("ties", "CHN", "--leaners")
    assert (
        code == 0
        and "Who leans on CHN" in text
        and "RUS" in json.dumps(json.loads(run("ties", "CHN", "--leaners", "--json")[1]))
    )
    code, text, _ = run("ties", "all")
    assert code == 0 and "Multi-alignment" in text and "India" in text
    states = json.loads(run("ties", "all", "--json")[1])["states"]
    assert len(states) == 80 and states[0]["rank"] == 1


def test_the_engine_on_request(run):
    code, text, _ = run("ties", "RUS", "--with", "CHN", "--dependence", "--deeper", "IND", "--history")
    assert code == 0 and "If all trade with the partner stopped" in text and "Losing all trade with China" in text
    assert "2000-2004" in text  # arms, window by window


def test_ties_all_and_one(run, tmp_path):
    out = tmp_path / "t.csv"
    assert run("ties", "all", "--csv", out)[0] == 0
    assert len(rows(out)) == 31_600
    assert run("ties", "IND", "--with", "RUS", "--parts", "--csv", out)[0] == 0
    assert {r["item"] for r in rows(out)} >= {"all", "crude", "intermediate"}


@pytest.mark.parametrize("ending", ["svg", "html"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("crude", "IND", "--years", "2023"),
        ("crude", "IND", "--from", "RUS"),
        ("breakeven", "--buyer", "IND", "--seller", "RUS", "--pressure", "USA", "--accounting"),
        ("ties", "IND", "--with", "RUS,USA"),
    ],
)
def test_figures_stand_alone(run, tmp_path, arguments, ending):
    out = tmp_path / f"figure.{ending}"
    assert run(*arguments, "--plot", out)[0] == 0
    text = out.read_text(encoding="utf-8")
    assert "prefers-color-scheme: dark" in text and not re.search(r"https?://(?!www\.w3\.org)", text)
    assert "<script" not in text and "Source" in text and "nan" not in re.sub(r"[a-z-]*nan[a-z]+", "", text)
    if ending == "svg":
        ET.fromstring(text)  # noqa: S314 - the program's own
    else:
        assert text.count("<table") == 1
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("crude",), "no buyer given"),
        (("crude", "INDI"), "nearest known is 'IND'"),
        (("crude", "IND", "--years", "2023:2020"), "2018:2024"),
        (("crude", "IND", "--years", "soon"), "right is a year"),
        (("crude", "IND", "--years", "1999"), "2010 to 2024"),
        (("crude", "IND", "--years", "2020:2022"), "with --from"),
        (("crude", "IND", "--discount", "3"), "needs an origin"),
        (("crude", "IND", "--from", "RUS", "--threat", "0.2"), "who threatens"),
        (("crude", "IND", "--plot", "x.png"), "right are .svg and .html"),
        (("crude", "IND", "--csv", "/nowhere/at/all/x.csv"), "no such folder"),
        (("breakeven", "--buyer", "IND", "--seller", "RUS", "--pressure", "USA", "--tariffs", "0.5"), "0:0.5"),
        (("breakeven", "--buyer", "IND", "--seller", "RUS", "--pressure", "USA", "--tariff", "25"), "0.25 for 25"),
        (("ties", "BRIKS"), "nearest known is 'BRICS'"),
        (("ties", "BRICS", "--leaners"), "is a group of states"),
        (("ties", "IND", "--with", "RUS", "--world", "absent.nc"), "no such file"),
        (("ties", "RUS", "--with", "CHN", "--deeper", "CHN"), "overlap"),
        (("breakeven", "--buyer", "IND"), "no seller given"),
        (("world", "own", "--out", "w.nc"), "nothing was added"),
        (("ties", "IND", "--record", "absent.duckdb"), "no such file"),
        (("world", "add", "bacci", "x.csv"), "nearest known is 'baci'"),
        (("world", "add", "votes", "absent.csv"), "no such file"),
        (("world", "remove", "votes.csv"), "not in the data folder"),
    ],
)
def test_one_line_errors(run, arguments, message):
    code, _, said = run(*arguments)
    assert code == 2 and message in said and len(said.strip().splitlines()) == 1


def test_world_add_and_what_was_added(run, tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("importer,exporter,year,rate_pct\nUSA,IND,2026,50\n")
    code, text, _ = run("world", "add", "tariffs", path, "--source", "my desk")
    assert code == 0 and "my desk" in text
    assert "tariffs.parquet" in run("world", "added")[1]
    assert json.loads(run("world", "added", "--json")[1])["entries"][0]["source_file"] == "t.csv"
    assert run("world", "remove", "tariffs.parquet")[0] == 0
    assert "Nothing has been added" in run("world", "added")[1]


def test_a_record_is_counted(run, tmp_path):
    from multialign.reading import read
    from multialign.reading.record import Record

    article = tmp_path / "a.txt"
    article.write_text(
        "New Delhi, 3 March 2025\n\nRussia offered India deeper cooperation in energy on Monday. "
        "India thanked Russia for its support.\n"
    )
    with Record(tmp_path / "r.duckdb") as record:
        record.add(read(article))
    code, text, _ = run("ties", "IND", "--with", "RUS", "--record", tmp_path / "r.duckdb")
    assert code == 0 and "In the record of statements" in text

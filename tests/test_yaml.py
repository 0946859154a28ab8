"""The reader of YAML that scenarios, plans and questions share: one error, with place, value and what is right."""

from __future__ import annotations

import time

import pytest

from multialign import InputError
from multialign._yaml import MAX_BYTES, line_of_field, parse_sheet, parts_of, shown
from multialign.respond.question_file import parse_question, question_from_file
from multialign.sweep import load_plan, parse_plan
from multialign.trade import load_scenario
from multialign.trade.scenario import parse_scenario

READERS = {"scenario": parse_scenario, "plan": parse_plan, "question": parse_question}
FILES = {"scenario": load_scenario, "plan": load_plan, "question": question_from_file}


def refused(reader, text):
    with pytest.raises(InputError) as caught:
        reader(text, "x.yaml")
    return str(caught.value)


@pytest.mark.parametrize("what", READERS)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("- a\n", "holds no "),
        ("", "holds no "),
        ("a: [", "is not valid YAML"),
        ("a: &x 1\nb: *x\n", "uses YAML aliases"),
        ("name: !!python/object/apply:os.system [ls]\n", "is not valid YAML: could not determine a constructor"),
        ("name: 2024-13-45\n", "is not valid YAML: month must be in 1..12"),
        ("name: !!timestamp x\n", "is not valid YAML"),
        ("name: a\nversion: 1\nname: b\n", "x.yaml:3: 'name' stands twice; the first is in line 1"),
        ("a: " + "[" * 100_000, "x.yaml:1: is nested too deep; at most 30 levels"),
        ("- " * 100_000, "is nested too deep"),
        ("a: " + "[" * 20 + "\n", "is not valid YAML"),
    ],
)
def test_what_is_refused_in_all_three(what, text, said):
    assert said in refused(READERS[what], text)


@pytest.mark.parametrize("what", FILES)
def test_files_are_bounded_and_text(what, tmp_path):
    path = tmp_path / "x.yaml"
    with pytest.raises(InputError, match="no such file"):
        FILES[what](path)
    with pytest.raises(InputError, match="is a folder"):
        FILES[what](tmp_path)
    path.write_text("#" * (MAX_BYTES + 1))
    with pytest.raises(InputError, match=f"a {what} has at most {MAX_BYTES}"):
        FILES[what](path)
    path.write_bytes(b"name: \xff\xfe")
    with pytest.raises(InputError, match="UTF-8"):
        FILES[what](path)


def test_a_bomb_of_aliases_is_refused_before_it_is_built():
    lines = ["a0: &a0 [x, x]"] + [f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 9)}]" for k in range(1, 30)]
    began = time.process_time()
    assert "aliases" in refused(parse_scenario, "\n".join(lines))
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("what", "text", "said"),
    [
        ("scenario", "instruments:\n  - {rate: 1}\n", "x.yaml:2: instruments[0]: no kind given; kinds are: discount, "),
        ("scenario", "instruments:\n  - kind: tariff\n", "x.yaml:2: instruments[0].rate: is missing; needed here: r"),
        ("scenario", "instruments:\n  - word\n", "x.yaml:2: instruments[0]: found 'word': input should be"),
        ("scenario", "instruments:\n  - {kind: subsidy, rate: 0.1, importers: []}\n",
         "instruments[0].importers: 'importers' is not a field here; the nearest is 'producers'"),
        ("scenario", "name: x\nelasticities: [1]\n", "x.yaml:2: elasticities: "),
        ("scenario", "elasticities: {B06: lots}\n", "elasticities.B06: found 'lots'"),
        ("scenario", f"horizon: {'x' * 500}\n", "found '" + "x" * 76 + "...: input should be 'long' or 'short'"),
        ("plan", "scenarios:\n  - name: a\n  - nothing:\n", "x.yaml:3: scenarios[1].nothing: 'nothing' is not a field"),
        ("plan", "scenarios: [null]\n", "scenarios[0]: found None"),
        ("plan", "design: {knd: grid}\n", "design.knd: 'knd' is not a field here; the nearest is 'kind'"),
        ("plan", "vary:\n  - {values: [1]}\n", "x.yaml:2: vary[0].field: is missing; needed here: field"),
        ("question", "focal: IND\noffers:\n  - domains: [arms]\n",
         "x.yaml:3: offers[0].by: is missing; needed here: by"),
        ("question", "focal: IND\noffers: [{by: RUS}]\npressure:\n  - by: USA\n    menu: {war: [1]}\n",
         "x.yaml:5: pressure[0].menu.war: found 'war'"),
        ("question", "focal: IND\noffers: [{by: RUS}]\npressure:\n  - by: USA\n    record: {knd: tariff}\n",
         "pressure[0].record.knd: 'knd' is not a field here; the nearest is 'kind'"),
        ("question", "focal: IND\noffers: [{by: RUS}]\nweights: {autonomy: much}\n",
         "x.yaml:3: weights.autonomy: found 'much'"),
        ("question", "focal: IND\noffers: [{by: RUS}]\nweights:\n  autonomy: 1\n  tie.arms: [1, x]\n",
         "x.yaml:5: weights.tie.arms[1]: found 'x'"),
    ],
)  # fmt: skip
def test_mistakes_have_place_value_and_hint(what, text, said):
    assert said in refused(READERS[what], text)


def test_places():
    sheet = parse_sheet("a:\n  - b: 1\n    c.d: 2\n'e f': 3\n", None, "thing", "'a:'")
    assert [sheet.line(), sheet.line("a", 0, "b"), sheet.line("a", 0, "c", "d"), sheet.line("e f")] == [1, 2, 3, 4]
    assert sheet.line("a", 7, "b") == 1 and sheet.line("none") == 1  # the nearest that there is
    for field in ("a[0].c", "x.y[3][4].z"):
        assert shown(parts_of(field)) == field
    placed = sheet.placed(InputError("bad", field="a[0].c.d"))
    assert (placed.line, placed.field) == (3, "a[0].c.d")


def test_the_line_of_a_field_found_wrong_later(tmp_path):
    path = tmp_path / "s.yaml"
    path.write_text("name: x\ninstruments:\n  - kind: embargo\n    importers: [A]\n")
    assert line_of_field(path, "instruments[0].importers") == 4
    assert line_of_field(tmp_path / "gone.yaml", "name") is None

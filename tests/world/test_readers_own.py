"""Long tables, elasticities and tariffs of one's own, accounts mended, and aggregation; numbers worked out by hand."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from multialign import InputError, Scenario, Tariff, World, load_world, solve
from multialign.cli import main
from multialign.world import open_world, save_world
from multialign.world.codes import EU27, industries, industry_group
from multialign.world.load import elasticity
from multialign.world.readers import RawTable, aggregate, build_file, build_world, read_long, read_mapping
from multialign.world.readers.balance import with_value_added
from multialign.world.readers.isic import divisions, published_elasticities
from multialign.world.readers.long import share_out
from tests.conftest import random_world_arrays
from tests.world.test_readers_tables import FINAL, INPUTS, INTERMEDIATE, icio, text

SECTORS = ("A01_02", "C10T12")


def long_rows():
    """The table of `test_readers_tables` as rows: importer, exporter, sector, use, value."""
    rows = [["importer", "exporter", "sector", "use", "value"]]
    for row in icio()[1:5]:
        exporter, sector = row[0].split("_", 1)
        for name, value in zip(icio()[0][1:-1], row[1:-1], strict=True):
            importer, use = name.split("_", 1)
            rows.append([importer, exporter, sector, use if use in SECTORS else "final", value])
    return rows


def write(path: Path, rows) -> Path:
    path.write_text(text(rows))
    return path


def test_long_table(tmp_path):
    raw = read_long(write(tmp_path / "flows_2019.csv", long_rows()))
    np.testing.assert_array_equal(raw.intermediate, INTERMEDIATE)
    np.testing.assert_array_equal(raw.final, FINAL)
    np.testing.assert_array_equal(raw.inputs, INPUTS)
    assert raw.countries == ("AUS", "USA") and raw.sectors == SECTORS and raw.year == 2019 and raw.numbers == 32
    world, report = build_world(raw, elasticity="5")
    np.testing.assert_allclose(world.array("value_added"), [[51, 30], [70, 49]], rtol=1e-14)
    assert (world.array("elasticity") == 5).all() and report.elasticity == "5 for every industry"


def test_long_table_with_other_names_units_and_years(tmp_path):
    rows = [["Reporter", "partner", "sector", "use", "USD", "t"]]
    rows += [[*r[:4], 1000 * r[4], year] for year in (2018, 2019) for r in long_rows()[1:]]
    path = write(tmp_path / "a [b]*.csv", rows)
    names = {"importer": "reporter", "exporter": "partner", "value": "usd", "year": "t"}
    with pytest.raises(InputError, match=r"has years 2018 to 2019; say which with --year"):
        read_long(path, columns=names)
    raw = read_long(path, columns=names, year=2019, scale=0.001)
    np.testing.assert_allclose(raw.inputs, INPUTS)
    assert raw.year == 2019
    with pytest.raises(InputError, match="has no rows of the year 2020"):
        read_long(path, columns=names, year=2020)


def test_long_table_as_parquet(tmp_path):
    import duckdb
    import pandas as pd

    rows = pd.DataFrame(long_rows()[1:], columns=long_rows()[0])
    path = tmp_path / "it's.parquet"
    with duckdb.connect() as db:
        db.register("rows", rows)
        db.execute("COPY rows TO '" + str(path).replace("'", "''") + "' (FORMAT parquet)")
    np.testing.assert_array_equal(read_long(path).final, FINAL)


def test_inputs_of_unknown_use_are_shared_out(tmp_path):
    """AUS sells A for 100 and B for 300, buys 40 of A and 60 of B as inputs: a quarter each for A by sales."""
    rows = [["importer", "exporter", "sector", "use", "value"]]
    rows += [["AUS", "AUS", "A", "intermediate", 40], ["AUS", "AUS", "B", "intermediate", 60]]
    rows += [["AUS", "AUS", "A", "final", 60], ["AUS", "AUS", "B", "final", 240]]
    path = write(tmp_path / "x.csv", rows)
    raw = read_long(path)
    np.testing.assert_allclose(raw.inputs[0], [[10, 30], [15, 45]])
    assert raw.findings[0].what == "shared_out" and raw.findings[0].musd == 100 and raw.findings[0].share == 1
    # with value added 40 and 260, inputs are 60 and 40: six tenths of each good for A
    value_added = write(tmp_path / "va.csv", [["country", "sector", "value"], ["AUS", "A", 40], ["AUS", "B", 260]])
    raw = read_long(path, value_added=value_added)
    np.testing.assert_allclose(raw.inputs[0], [[24, 16], [36, 24]])
    world, report = build_world(raw, elasticity=4)
    np.testing.assert_allclose(world.array("value_added"), [[40, 260]])
    assert not [f for f in report.findings if f.what == "value_added"]


def test_known_inputs_come_first():
    """B's known inputs of 30 leave 10 of its 40 wanting, beside A's 60."""
    inputs = np.array([[[0.0, 20.0], [0.0, 10.0]]])
    out, _ = share_out(np.array([[7.0, 14.0]]), inputs, np.array([[100.0, 300.0]]), np.array([[40.0, 260.0]]))
    np.testing.assert_allclose(out[0], [[6, 21], [12, 12]])


@pytest.mark.parametrize(
    ("line", "column", "value", "said"),
    [
        (0, 2, "sectr", r"t.csv:1: has no column 'sector'; the nearest is 'sectr'"),
        (3, 4, "x", r"t.csv:4: column value: 'x' is not a number"),
        (3, 4, "inf", r"t.csv:4: column value: 'inf' is not a number"),
        (3, 4, "", r"t.csv:4: column value: is empty"),
        (5, 1, " ", r"t.csv:6: column exporter: is empty"),
        (3, 3, "finl", r"column use: 'finl' is neither an industry that sells .*; the nearest is 'final'"),
    ],
)
def test_long_refused(tmp_path, line, column, value, said):
    rows = [list(r) for r in long_rows()]
    rows[line][column] = value
    with pytest.raises(InputError, match=said):
        read_long(write(tmp_path / "t.csv", rows))


def test_long_with_wrong_options(tmp_path):
    path = write(tmp_path / "t.csv", long_rows())
    with pytest.raises(InputError, match=r"columns: 'valu' is not a column of a long table.*nearest known is 'value'"):
        read_long(path, columns={"valu": "x"})
    with pytest.raises(InputError, match="scale: is 0; one unit in million USD"):
        read_long(path, scale=0)
    wrong = write(tmp_path / "va.csv", [["country", "sector", "value"], ["AUT", "A01_02", 1]])
    with pytest.raises(InputError, match=r"va.csv:2: 'AUT' is not a country known here; the nearest known is 'AUS'"):
        read_long(path, value_added=wrong)


def test_inputs_above_sales_move_to_other_industries():
    """Industry 0 buys for 120 and sells for 100; it keeps 1 % of its sales, and 21 move to industry 1."""
    inputs = np.array([[[80.0, 40.0], [40.0, 40.0]]])
    out, findings = with_value_added(inputs, np.array([[100.0, 200.0]]), ["X"], ["a", "b"])
    np.testing.assert_allclose(out[0].sum(axis=0), [99, 101], rtol=1e-9)
    np.testing.assert_allclose(out[0].sum(axis=1), [120, 80], rtol=1e-12)
    assert findings[0].musd == pytest.approx(21) and findings[0].count == 1 and findings[0].where == "X, a: -20"
    with pytest.raises(InputError, match=r"inputs of X cost 200 of 200 million USD of sales"):
        with_value_added(inputs, np.array([[100.0, 100.0]]), ["X"], ["a", "b"])


def test_tariffs_are_paid_on_inputs_and_final_use(tmp_path):
    raw = read_long(write(tmp_path / "t.csv", long_rows()))
    rows = [["importer", "exporter", "sector", "rate"], ["AUS", "*", "*", 0.1], ["Five Eyes", "AUS", "C10T12", 0.5]]
    world, report = build_world(raw, elasticity=4, tariffs=write(tmp_path / "tariffs.csv", rows))
    np.testing.assert_array_equal(world.array("tariff"), [[[0, 0], [0.1, 0.1]], [[0, 0.5], [0, 0]]])
    # Australia's inputs of A: 30 at home and 3 from the United States at 10 %; of C: 20 and 6
    np.testing.assert_allclose(world.array("input_use")[0].sum(axis=1), [33.3, 26.6])
    np.testing.assert_allclose(world.array("input_use")[0, 0], np.array([11, 22]) * 33.3 / 33)
    np.testing.assert_allclose(world.array("input_use")[1].sum(axis=1), [45, 49])
    np.testing.assert_allclose(world.array("final_use")[0], [26 + 4.4, 42 + 6.6])
    duty = next(f for f in report.findings if f.what == "tariffs_on_inputs")
    assert duty.musd == pytest.approx(0.3 + 0.6 + 3.0)
    assert world.accounts().balanced(1e-14)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["AUX", "USA", "*", 0.1], r"x.csv:2: importer: 'AUX' is not a country known here; the nearest known is 'AUS'"),
        (["AUS", "USA", "A", 0.1], r"x.csv:2: sector: 'A' is not an industry"),
        (["AUS", "USA", "*", 25], r"x.csv:2: rate: rate is 25; 0.25 is 25 %"),
        (["AUS", "AUS", "*", 0.1], r"x.csv:2: AUS has a tariff on itself"),
        (["AUS", "USA", "*", "ten"], r"x.csv:2: column rate: 'ten' is not a number"),
        (["AUS", "USA"], r"x.csv:2: has 2 cells"),
    ],
)
def test_tariffs_refused(tmp_path, row, said):
    raw = read_long(write(tmp_path / "t.csv", long_rows()))
    rows = [["importer", "exporter", "sector", "rate"], row]
    with pytest.raises(InputError, match=said):
        build_world(raw, elasticity=4, tariffs=write(tmp_path / "x.csv", rows))


def test_elasticities_from_a_file_and_from_published_sets(tmp_path):
    raw = read_long(write(tmp_path / "t.csv", long_rows()))
    head = ["sector", "elasticity"]
    own = write(tmp_path / "e.csv", [head, ["C10T12", 3], ["A01_02", 7]])
    assert build_world(raw, elasticity=own)[0].array("elasticity").tolist() == [7, 3]
    median = dict(zip(industries(), elasticity("median", load_world()), strict=True))
    found = build_world(raw)[0].array("elasticity")
    np.testing.assert_allclose(found, [(median["A01"] + median["A02"]) / 2, median["C10T12"]])
    for rows, said in (
        ([["C10T12", 3]], r"e.csv: has no elasticity of A01_02"),
        ([["C10T12", -3], ["A01_02", 7]], r"e.csv:2: elasticity of C10T12 is -3"),
        ([["C10T13", 3]], r"e.csv:2: 'C10T13' is not an industry known here; the nearest known is 'C10T12'"),
        ([["C10T12", 3], ["C10T12", 3]], r"e.csv:3: C10T12 stands twice"),
    ):
        write(own, [head, *rows])
        with pytest.raises(InputError, match=said):
            build_world(raw, elasticity=own)
    for wrong, said in (("0", "elasticity: is 0"), ("medan", "'medan' is not an elasticity set.*'median'")):
        with pytest.raises(InputError, match=said):
            build_world(raw, elasticity=wrong)


def test_divisions_of_isic():
    codes = {"A01_02": {1, 2}, "C10T12": {10, 11, 12}, "C24B": {24}, "C302T309": {30}, "C10-C12": {10, 11, 12}}
    codes |= {
        "J59_J60": {59, 60},
        "R_S": set(range(90, 97)),
        "U": {99},
        "T": {97, 98},
        "D35": {35},
        "B": {5, 6, 7, 8, 9},
    }
    for code, expected in codes.items():
        assert divisions(code) == expected
    for code in ("food", "1", "10T12", "C01T05AGR", "C99", "A03-A01", "", "_"):
        assert not divisions(code)
    assert divisions("10T12", numeric=True) == {10, 11, 12}
    assert all(divisions(s) for s in industries())
    np.testing.assert_array_equal(published_elasticities("CP", list(industries())), elasticity("CP", load_world()))
    assert published_elasticities("CP", ["U"])[0] == published_elasticities("CP", ["T"])[0]


def small() -> World:
    return World.from_arrays(list("ABCD"), ["food", "steel", "code"], **random_world_arrays(3))


def test_aggregation_by_hand():
    world = small()
    new = aggregate(world, countries={"A": "AB", "B": "AB", "*": "REST"}, industries={"code": "services", "*": "goods"})
    assert new.countries == ["AB", "REST"] and new.sectors == ["goods", "services"]
    w = {k: world.array(k) for k in ("intermediate_trade", "final_trade", "tariff", "input_use", "value_added")}
    both = w["intermediate_trade"] + w["final_trade"]
    block = np.ix_([0, 1], [2, 3], [0, 1])  # goods of C and D to A and B
    assert float(new.trade[0, 1, 0]) == pytest.approx(both[block].sum())
    paid = (both * (1 + w["tariff"]))[block].sum()
    assert new.array("tariff")[0, 1, 0] == pytest.approx(paid / both[block].sum() - 1)
    assert new.array("value_added")[1, 1] == pytest.approx(w["value_added"][2:, 2].sum())
    assert new.array("input_use")[0, 0, 1] == pytest.approx(w["input_use"][:2, :2, 2].sum())
    # what A and B paid for goods used as inputs, tariffs included, is what AB pays
    spent = (w["intermediate_trade"] * (1 + w["tariff"]))[:2, :, :2].sum()
    after = (new.array("intermediate_trade") * (1 + new.array("tariff")))[0, :, 0].sum()
    assert after == pytest.approx(spent, rel=1e-14)
    abroad = [both[:, :, s].sum() - np.trace(both[:, :, s]) for s in (0, 1)]
    theta = world.array("elasticity")
    assert new.array("elasticity")[0] == pytest.approx(np.average(theta[:2], weights=abroad))
    assert new.array("elasticity")[1] == theta[2]


@pytest.mark.parametrize("seed", range(4))
def test_accounts_hold_whatever_is_merged(seed):
    rng = np.random.default_rng(seed)
    arrays = random_world_arrays(seed, N=6, S=5)
    world = World.from_arrays(list("ABCDEF"), list("pqrst"), **arrays)
    new = aggregate(
        world,
        countries={c: f"g{rng.integers(3)}" for c in world.countries},
        industries={s: f"k{rng.integers(3)}" for s in world.sectors},
    )
    assert new.accounts().balanced(1e-14)
    for name in ("value_added", "final_use", "input_use"):
        assert new.array(name).sum() == pytest.approx(world.array(name).sum(), rel=1e-13)
    assert float(new.trade.sum()) == pytest.approx(float(world.trade.sum()), rel=1e-13)
    assert new.array("deficit").sum() == pytest.approx(0.0, abs=1e-9)
    result = solve(Scenario(elasticities="world"), new)
    assert result.welfare_pct.abs().max() < 1e-9


def test_a_mapping_of_each_to_itself_changes_nothing():
    world = small()
    new = aggregate(world, countries={c: c for c in world.countries}, industries={"*": "x"})
    assert new.sectors == ["x"] and new.countries == world.countries
    same = aggregate(world, countries={c: c for c in world.countries}, industries={s: s for s in world.sectors})
    for name in ("intermediate_trade", "final_trade", "tariff", "input_use", "value_added", "elasticity"):
        np.testing.assert_allclose(same.array(name), world.array(name), rtol=1e-13, atol=1e-15)


def test_the_embedded_world_in_five_parts():
    """The parts keep what the members have, and the tariff of the largest on another hurts that one most."""
    world = load_world()
    new = aggregate(
        world,
        countries={"EU": "EU", "USA": "USA", "CHN": "CHN", "IND": "IND", "*": "ROW"},
        industries={
            s: s if s == "B06" else "goods" if s in industry_group("goods") else "services" for s in industries()
        },
    )
    assert set(new.countries) == {"EU", "USA", "CHN", "IND", "ROW"} and new.accounts().balanced(1e-14)
    of = new.countries.index
    imports = world.trade.sel(importer=list(EU27), exporter="IND", sector="B06")
    assert float(new.trade[of("EU"), of("IND"), new.sectors.index("B06")]) == pytest.approx(float(imports.sum()))
    assert (new.array("tariff")[of("EU"), of("EU")] == 0).all()
    tariff = Tariff(importers=("USA",), exporters=("IND",), industries=("B06", "goods"), rate=0.25)
    welfare = solve(Scenario(elasticities="world", instruments=(tariff,)), new).welfare_pct
    assert welfare["IND"] == welfare.min() < -0.1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"countries": {"A": "X"}}, r"country: country B and 2 more are mapped to nothing; name all, or '\*'"),
        ({"countries": {"A": "X", "E": "X", "*": "Y"}}, r"country: 'E' is not a country of this world"),
        ({"industries": {"stel": "X", "*": "Y"}}, r"industry: 'stel' is not an industry of this world; .*'steel'"),
        ({"industries": {"food": "", "*": "Y"}}, r"industry 'food' is mapped to nothing"),
    ],
)
def test_mappings_refused(given, said):
    with pytest.raises(InputError, match=said):
        aggregate(small(), **given)


def test_two_groups_that_share_a_member():
    with pytest.raises(InputError, match=r"DEU is in both \w+ and \w+; name DEU by its own code"):
        aggregate(load_world(), countries={"G7": "G7", "EU": "EU", "*": "ROW"})
    g7_in_eu = dict.fromkeys(("DEU", "FRA", "ITA"), "G7")
    new = aggregate(load_world(), countries={"G7": "G7", "EU": "EU", "*": "ROW"} | g7_in_eu)
    assert sorted(new.countries) == ["EU", "G7", "ROW"]


def test_mapping_files(tmp_path):
    rows = [["kind", "from", "to"], ["country", "NO", "N"], ["industry", "food", "x"], ["Country", "*", "R"]]
    expected = {"country": {"NO": "N", "*": "R"}, "industry": {"food": "x"}}
    assert read_mapping(write(tmp_path / "m.csv", rows)) == expected
    (tmp_path / "m.yaml").write_text("countries:\n  NO: N\n  '*': R\nindustry:\n  food: x\n")
    assert read_mapping(tmp_path / "m.yaml") == expected
    for name, content, said in (
        ("m.csv", "kind,from\ncountry,A\n", r"m.csv:1: has no column 'to'"),
        ("m.csv", "kind,from,to\ncuntry,A,B\n", r"m.csv:2: kind is 'cuntry'; the nearest is 'country'"),
        ("m.csv", "kind,from,to\ncountry,A,\n", r"m.csv:2: an empty name"),
        ("m.csv", "kind,from,to\ncountry,A,B\ncountry,A,C\n", r"m.csv:3: country 'A' stands twice"),
        ("m.csv", "kind,from,to\n", r"m.csv: maps nothing"),
        ("m.yaml", "country: A\n", r"m.yaml:1: is not a mapping"),
        ("m.yaml", "country:\n  A: [B]\n", r"m.yaml:2: is not a mapping"),
        ("m.yaml", "country:\n  *: B\n", r"m.yaml:2: is not valid YAML"),
        ("m.yaml", "country: &a\n  A: B\nindustry: *a\n", r"uses YAML aliases"),
    ):
        (tmp_path / name).write_text(content)
        with pytest.raises(InputError, match=said):
            read_mapping(tmp_path / name)


def test_a_country_that_is_only_whole_when_merged(tmp_path):
    """B's industries buy and sell but nobody there spends: alone it is refused, with A it is part of a country."""
    rows = [["importer", "exporter", "sector", "use", "value"]]
    rows += [
        ["A", "A", "x", "final", 50],
        ["A", "B", "x", "final", 10],
        ["B", "A", "x", "x", 4],
        ["A", "A", "x", "x", 5],
    ]
    path = write(tmp_path / "t.csv", rows)
    with pytest.raises(InputError, match=r"t.csv: final_use: B has no final use"):
        build_file("long", path, elasticity=4)
    merged = write(tmp_path / "m.csv", [["kind", "from", "to"], ["country", "*", "AB"]])
    elastic = write(tmp_path / "e.csv", [["sector", "elasticity"], ["x", 5]])
    world, report = build_file("long", path, elasticity=elastic, mapping=merged)
    assert world.countries == ["AB"] and report.countries == 1
    np.testing.assert_allclose(world.array("value_added"), [[60]])


def test_elasticities_of_merged_industries(tmp_path):
    path = write(tmp_path / "t.csv", long_rows())
    merged = write(tmp_path / "m.csv", [["kind", "from", "to"], ["industry", "*", "all"]])
    elastic = write(tmp_path / "e.csv", [["sector", "elasticity"], ["all", 6]])
    world, _ = build_file("long", path, elasticity=elastic, mapping=merged)
    assert world.sectors == ["all"] and world.array("elasticity").tolist() == [6]


def test_a_table_without_use_of_inputs_is_refused(tmp_path):
    path = write(tmp_path / "t.csv", long_rows())
    raw = read_long(path)
    bare = RawTable(**{**raw.__dict__, "inputs": None})
    with pytest.raises(InputError, match="says nothing of the use of inputs"):
        build_world(bare)


@pytest.fixture
def run(monkeypatch, capsys):
    """The command line within this process: exit code, standard output, standard error."""

    def call(*args: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["multialign", *map(str, args)])
        with pytest.raises(SystemExit) as left:
            main()
        out = capsys.readouterr()
        return int(left.value.code or 0), out.out, out.err

    return call


def test_commands(tmp_path, run):
    table, out = write(tmp_path / "2022_SML.csv", icio()), tmp_path / "own.nc"
    code, shown, _ = run("world", "build", "icio", table, "--out", out, "--json")
    report = json.loads(shown)
    assert code == 0
    assert report["kind"] == "world_build" and report["year"] == 2022 and report["out"] == str(out)
    assert open_world(out).countries == ["AUS", "USA"]
    _, shown, steps = run("world", "build", "icio", table, "--out", out, "--elasticity", "4")
    assert "final use below zero" in " ".join(shown.split()) and "reading the table" in steps
    merged = write(tmp_path / "m.csv", [["kind", "from", "to"], ["industry", "*", "all"]])
    again = tmp_path / "all.nc"
    report = json.loads(run("world", "aggregate", out, "--map", merged, "--out", again, "--json")[1])
    assert report["industries"] == {"before": 2, "after": 1} and report["value_added_musd"]["after"] == pytest.approx(
        200
    )
    assert open_world(again).sectors == ["all"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["2022_SML.csv", "all.nc", "m.csv", "own.nc"]


def test_commands_refuse_in_one_line_and_leave_nothing(tmp_path, run):
    table = write(tmp_path / "t.csv", icio()[:-3])
    (tmp_path / "folder").mkdir()
    cases = [
        (
            ("build", "icoi", table, "--out", tmp_path / "x.nc"),
            "'icoi' is not a layout known here; the nearest .* 'icio'",
        ),
        (("build", "wiod", table, "--out", tmp_path / "x.nc"), "t.csv: is not a WIOD table"),
        (("build", "icio", table, "--out", tmp_path / "no" / "x.nc"), "--out: its folder does not exist"),
        (("build", "icio", table, "--out", tmp_path / "folder"), "--out: is a folder"),
        (("build", "icio", table, "--out", tmp_path / "x.nc", "--scale", "2"), "--scale: is not for the layout icio"),
        (
            ("build", "icio", table, "--out", tmp_path / "x.nc", "--tariffs", tmp_path / "n.csv"),
            "n.csv: there is no such",
        ),
        (("build", "long", table, "--out", tmp_path / "x.nc", "--columns", "a"), "--columns: 'a' is not a pair"),
        (("aggregate", table, "--map", table, "--out", tmp_path / "x.nc"), "t.csv: is not a NetCDF-4 file"),
    ]
    for args, said in cases:
        code, _, shown = run("world", *args)
        lines = [line for line in shown.splitlines() if line.startswith("error: ")]
        assert code == 2 and len(lines) == 1 and re.search(said, lines[0]), shown
    assert sorted(p.name for p in tmp_path.iterdir()) == ["folder", "t.csv"]


def test_saving_an_aggregated_world(tmp_path):
    new = aggregate(small(), industries={"*": "all"})
    save_world(new, tmp_path / "w.nc")
    assert open_world(tmp_path / "w.nc").name == "user world, aggregated"

"""Readers of published input-output tables: small tables in their layouts, added up by hand, and layouts refused."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from multialign import InputError, Scenario, Tariff, solve
from multialign.trade import solve_file
from multialign.world import open_world, save_world
from multialign.world.readers import build_world, read_icio, read_wiod

# Two countries, two industries; sales of each row to: industries of AUS, of USA; households and stocks of AUS, of USA.
ROWS = {
    ("AUS", 0): [10, 20, 5, 0, 30, -4, 10, 1],
    ("AUS", 1): [8, 12, 0, 6, 40, 2, 3, -5],
    ("USA", 0): [1, 2, 15, 25, 4, 0, 50, 3],
    ("USA", 1): [2, 4, 10, 30, 6, 0, 60, -2],
}
TAXES = [1, 1, 2, 2]
VALUE_ADDED = [50, 27, 68, 47]
OUTPUT = [72, 66, 100, 110]

# What must come out, axes [importer, exporter, industry] and [country, input, user].
INTERMEDIATE = [[[30, 20], [3, 6]], [[5, 6], [40, 40]]]
FINAL = [[[26, 42], [4, 6]], [[11, -2], [53, 58]]]
INPUTS = [[[11, 22], [10, 16]], [[20, 25], [10, 36]]]


def text(rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def icio(codes=("A01_02", "C10T12"), taxes="TLS", value_added="VA", output="OUT", total="OUT", final=("HFCE", "INVNT")):
    """The table in the layout of the editions since 2023, or with other names."""
    nodes = [f"{c}_{s}" for c in ("AUS", "USA") for s in codes]
    uses = [f"{c}_{u}" for c in ("AUS", "USA") for u in final]
    rows = [["V1", *nodes, *uses, total]]
    rows += [[name, *r, sum(r)] for name, r in zip(nodes, ROWS.values(), strict=True)]
    rows.append([taxes, *TAXES, 5, 0, 6, 0, 0])
    rows.append([value_added, *VALUE_ADDED, 0, 0, 0, 0, 0])
    rows.append([output, *OUTPUT, 79, -2, 129, -3, 0])
    return rows


def wiod_long():
    """The layout of the R files written as CSV, with the first column of row names."""
    head = ["", "IndustryCode", "IndustryDescription", "Country", "RNr", "Year"]
    rows = [[*head, *(f"{c}{n}" for c in ("AUS", "USA") for n in (1, 2)), "AUS57", "AUS61", "USA57", "USA61", "TOT"]]
    for k, ((c, s), r) in enumerate(ROWS.items()):
        rows.append([k + 1, ["A01", "A02"][s], "text, with comma", c, s + 1, 2014, *r, sum(r)])
    zero = [0] * 5
    rows.append([5, "TXSP", "taxes", "TOT", 66, 2014, *TAXES, *zero])
    rows.append([6, "VA", "value added", "TOT", 70, 2014, *VALUE_ADDED, *zero])
    rows.append([7, "GO", "output", "TOT", 73, 2014, *OUTPUT, *zero])
    return rows


def wiod_sheet():
    """The layout of the Excel files: heading, codes, names, countries, numbers; four columns before the flows."""
    codes = ["A01", "A02", "A01", "A02", "CONS_h", "INVEN", "CONS_h", "INVEN"]
    numbers = ["c1", "c2", "c1", "c2", "c57", "c61", "c57", "c61"]
    rows = [
        ["Intercountry Input-Output Table", *[""] * 12],
        ["2014, millions of US$", *[""] * 12],
        ["", "", "", "", *codes, "GO"],
        ["", "", "", "", *["name"] * 8, "Total output"],
        ["", "", "", "", "AUS", "AUS", "USA", "USA", "AUS", "AUS", "USA", "USA", "TOT"],
        ["", "", "", "", *numbers, "c62"],
    ]
    for (c, s), r in ROWS.items():
        rows.append([["A01", "A02"][s], "name", c, f"c{s + 1}", *r, sum(r)])
    zero = [0] * 5
    rows.append(["TXSP", "taxes", "TOT", "r66", *TAXES, *zero])
    rows.append(["VA", "value added", "TOT", "r70", *VALUE_ADDED, *zero])
    rows.append(["GO", "output", "TOT", "r73", *OUTPUT, *zero])
    return rows


def check(raw):
    np.testing.assert_array_equal(raw.intermediate, INTERMEDIATE)
    np.testing.assert_array_equal(raw.final, FINAL)
    np.testing.assert_array_equal(raw.inputs, INPUTS)
    np.testing.assert_array_equal(raw.value_added, [[50, 27], [68, 47]])
    assert raw.countries == ("AUS", "USA")
    assert {f.what for f in raw.findings} <= {"taxes_on_inputs", "taxes_on_final_use"}
    taxes = next(f for f in raw.findings if f.what == "taxes_on_inputs")
    assert taxes.musd == 6


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_icio(tmp_path, separator):
    path = tmp_path / "2022_SML.csv"
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(icio())
    path.write_text("\ufeff" + out.getvalue())
    said = []
    raw = read_icio(path, progress=lambda text, fraction: said.append(fraction))
    check(raw)
    assert raw.sectors == ("A01_02", "C10T12") and raw.year == 2022
    assert said == sorted(said) and 0 < said[-1] <= 1


def test_icio_of_2018_and_2016(tmp_path):
    rows = icio(("01T03", "10T12"), "AUS_TAXSUB", "VALU", "OUTPUT", "TOTAL", ("HFCE", "INVNT"))
    # one row of taxes for each country that levies them
    split = rows.index(next(r for r in rows if r[0] == "AUS_TAXSUB"))
    rows[split : split + 1] = [["AUS_TAXSUB", 1, 1, 0, 0, 5, 0, 6, 0, 0], ["USA_TAXSUB", 0, 0, 2, 2, 0, 0, 0, 0, 0]]
    path = tmp_path / "ICIO2018_2015.CSV"
    path.write_text(text(rows))
    raw = read_icio(path)
    check(raw)
    assert raw.year == 2015 and raw.sectors == ("01T03", "10T12")

    rows = icio(("C01T05AGR", "C10T14MIN"), value_added="VA+TAXSUB")
    rows = [r for r in rows if r[0] != "TLS"]
    rows[0] = [{"AUS_HFCE": "HC_AUS", "USA_HFCE": "HC_USA", "AUS_INVNT": "INVNT_AUS"}.get(n, n) for n in rows[0]]
    rows = [[*r, d] for r, d in zip(rows, ["DISC", 3, 0, 0, 0, 0, 0], strict=True)]
    path.write_text(text(rows))
    raw = read_icio(path)
    np.testing.assert_array_equal(raw.final, FINAL)
    assert next(f for f in raw.findings if f.what == "discrepancy").musd == 3
    assert next(f for f in raw.findings if f.what == "costs").musd == 6  # its taxes are not in value added here
    with pytest.raises(InputError, match=r"'C01T05AGR' is not in the published sets.*; give one number"):
        build_world(raw)


def test_parts_of_china_and_mexico_are_put_together(tmp_path):
    """Sales of and to CN1 and CN2 count as China's; China's own rows and columns are empty in such editions."""
    nodes = ["CHN_A", "USA_A", "CN1_A", "CN2_A"]
    rows = [["", *nodes, "CHN_HFCE", "CHN_INVNT", "USA_HFCE", "USA_INVNT", "TOTAL"]]
    rows += [
        ["CHN_A", 0, 0, 0, 0, 0, 0, 0, 0, 0],
        ["USA_A", 0, 5, 1, 2, 10, 0, 20, 0, 38],
        ["CN1_A", 0, 3, 4, 5, 6, -8, 7, 1, 18],
        ["CN2_A", 0, 1, 2, 3, 9, 1, 4, 0, 20],
        ["VALU", 0, 29, 11, 10, 0, 0, 0, 0, 0],
        ["OUTPUT", 0, 38, 18, 20, 25, -7, 31, 1, 0],
    ]
    path = tmp_path / "ICIO2021_2018.csv"
    path.write_text(text(rows))
    raw = read_icio(path)
    assert raw.countries == ("CHN", "USA") and raw.year == 2018 and not raw.findings
    np.testing.assert_array_equal(raw.intermediate[..., 0], [[14, 3], [4, 5]])
    # what is drawn from the stocks of one kind of firm meets what is consumed of the other's
    np.testing.assert_array_equal(raw.final[..., 0], [[8, 10], [12, 20]])
    np.testing.assert_array_equal(raw.inputs[:, 0, 0], [17, 9])
    np.testing.assert_array_equal(raw.value_added[:, 0], [21, 29])


@pytest.mark.parametrize("layout", [wiod_long, wiod_sheet])
def test_wiod(tmp_path, layout):
    path = tmp_path / "WIOT2014.csv"
    path.write_text(text(layout()))
    raw = read_wiod(path)
    check(raw)
    assert raw.sectors == ("A01", "A02") and raw.year == 2014


def test_wiod_in_excel(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.title = "2014"
    for row in wiod_sheet():
        book.active.append([None if c == "" else c for c in row])
    book.create_sheet("notes")
    book.save(tmp_path / "WIOT.xlsx")
    raw = read_wiod(tmp_path / "WIOT.xlsx")
    check(raw)
    assert raw.year == 2014
    with pytest.raises(InputError, match=r"WIOT.xlsx: has no sheet '2013'; it has: 2014, notes"):
        read_wiod(tmp_path / "WIOT.xlsx", sheet="2013")
    (tmp_path / "x.xlsx").write_text("hello")
    with pytest.raises(InputError, match=r"x.xlsx: is not an Excel file that can be read"):
        read_wiod(tmp_path / "x.xlsx")


def test_excel_without_its_package(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    (tmp_path / "x.xlsx").write_text("hello")
    with pytest.raises(InputError, match=r"openpyxl is not installed; run 'pip install openpyxl', or save .* as CSV"):
        read_wiod(tmp_path / "x.xlsx")
    (tmp_path / "x.xlsb").write_text("hello")
    with pytest.raises(InputError, match=r"of the kind .xlsb; save it as .xlsx or as CSV"):
        read_wiod(tmp_path / "x.xlsb")


def test_wiod_of_several_years(tmp_path):
    rows = wiod_long()
    later = [[*r[:5], 2015, *[2 * x for x in r[6:]]] for r in rows[1:]]
    path = tmp_path / "w.csv"
    path.write_text(text(rows + later))
    with pytest.raises(InputError, match=r"w.csv:9: has years 2014 and 2015; say which with --year"):
        read_wiod(path)
    check(read_wiod(path, year=2014))
    np.testing.assert_array_equal(read_wiod(path, year=2015).final, 2 * np.array(FINAL))
    with pytest.raises(InputError, match="has no rows of the year 2013"):
        read_wiod(path, year=2013)


def test_the_world_that_comes_of_it(tmp_path):
    """Stocks drawn down by 2 more than is consumed are set to zero; value added is what sales leave over."""
    path = tmp_path / "2022_SML.csv"
    path.write_text(text(icio()))
    world, report = build_world(read_icio(path), elasticity=4)
    np.testing.assert_array_equal(world.array("final_trade"), np.maximum(FINAL, 0))
    # sales 72, 66 + 2, 100, 110 less inputs 21, 38, 30, 61
    np.testing.assert_allclose(world.array("value_added"), [[51, 30], [70, 49]], rtol=1e-14)
    assert world.accounts().balanced(1e-15) and world.name == "OECD ICIO, 2022"
    found = {f.what: f for f in report.findings}
    assert found["negative_final_use"].musd == 2 and found["negative_final_use"].count == 1
    assert found["negative_final_use"].where == "C10T12 from AUS to USA: -2"
    assert found["negative_final_use"].share == pytest.approx(2 / 200)
    # 1, 1 + 2, 2, 2 million of taxes and stocks that the table does not count as value added
    assert found["value_added"].musd == pytest.approx(8)
    data = report.to_dict()
    assert data["version"] == 1 and data["kind"] == "world_build" and len(data["sha256"]) == 64
    assert world.data.attrs["year"] == 2022 and "negative_final_use" in world.data.attrs["findings"]


def test_solve_on_a_world_file_that_was_built(tmp_path):
    path = tmp_path / "2022_SML.csv"
    path.write_text(text(icio()))
    world, _ = build_world(read_icio(path))
    save_world(world, tmp_path / "own.nc")
    assert open_world(tmp_path / "own.nc").data.attrs["source_file"] == "2022_SML.csv"
    scenario = tmp_path / "s.yaml"
    scenario.write_text(
        f"world: {tmp_path / 'own.nc'}\nelasticities: world\n"
        "instruments:\n  - {kind: tariff, importers: [USA], exporters: [AUS], rate: 0.1}\n"
    )
    result = solve_file(scenario)
    assert result.welfare_pct["AUS"] < 0 and max(result.residuals.values()) < 1e-9
    here = solve(
        Scenario(elasticities="world", instruments=(Tariff(importers=("USA",), exporters=("AUS",), rate=0.1),)), world
    )
    assert result.welfare_pct["USA"] == pytest.approx(here.welfare_pct["USA"], abs=1e-9)


def changed(rows, at, value):
    line, column = at
    out = [list(r) for r in rows]
    out[line][column] = value
    return out


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (changed(icio(), (2, 3), "1,234"), r"t.csv:3: column USA_A01_02: '1,234' is not a number; .*without marks"),
        (changed(icio(), (2, 3), "nan"), r"t.csv:3: column USA_A01_02: is nan"),
        (changed(icio(), (0, 2), "AUSA_C"), r"t.csv:1: column 3: 'AUSA_C' is neither an industry .* AUS_A01_02"),
        (changed(icio(), (0, 2), "AUS_A01_02"), r"t.csv:1: column AUS_A01_02 stands twice"),
        (changed(icio(), (2, 0), "AUS_C10T13"), r"t.csv:3: row 'AUS_C10T13' is no column; the nearest is 'AUS_C10T12'"),
        (changed(icio(), (2, 0), "AUS_A01_02"), r"t.csv:3: row AUS_A01_02 stands twice; first on line 2"),
        ([*icio()[:3], icio()[3][:5], *icio()[4:]], r"t.csv:4: row USA_A01_02 has 5 cells; right are 10"),
        ([*icio()[:3], *icio()[4:]], r"has a column but no row USA_A01_02; the table must be whole"),
        (icio(final=("HFCE", "FOO")), r"t.csv:8: has a column but no row AUS_FOO and 1 more"),
        ([r[:5] for r in icio()], r"t.csv:1: has no final use of AUS; such as AUS_HFCE"),
        ([["a", "b_c"], ["1", "2"]], r"t.csv:1: column 2: 'b_c' is neither"),
        (changed(icio(), (0, 5), "FRA_HFCE"), r"t.csv:1: column 6: 'FRA_HFCE' is of a country without industries"),
        (wiod_long(), r"t.csv:1: .* is neither an industry of a country nor a final use"),
    ],
)
def test_icio_refused(tmp_path, rows, said):
    (tmp_path / "t.csv").write_text(text(rows))
    with pytest.raises(InputError, match=said):
        read_icio(tmp_path / "t.csv")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (changed(wiod_long(), (0, 1), "Industrycod"), r"t.csv:1: has no column 'IndustryCode'"),
        (changed(wiod_long(), (0, 7), "AUS62"), r"t.csv:1: column 8: column AUS62 has a number that the 2016 release"),
        (changed(wiod_long(), (0, 7), "FOO"), r"t.csv:1: column 8 is 'FOO'"),
        (changed(wiod_long(), (0, 7), "AUS1"), r"t.csv:1: has more than one column AUS1"),
        (changed(wiod_long(), (0, 7), "AUS3"), r"t.csv:1: has no column AUS2"),
        (changed(wiod_long(), (2, 9), "x"), r"t.csv:3: column 10: 'x' is not a number"),
        (changed(wiod_long(), (2, 3), "FRA"), r"t.csv:3: row FRA 2 has no column"),
        (changed(wiod_long(), (2, 4), "1"), r"t.csv:3: row AUS 1 stands twice; first on line 2"),
        (changed(wiod_long(), (2, 4), "one"), r"t.csv:3: 'one' is not a number of a row"),
        (changed(wiod_long(), (4, 1), "A03"), r"t.csv:5: industry 2 is A03 here, A02 above"),
        ([*wiod_long()[:3], wiod_long()[3][:9]], r"t.csv:4: has 9 cells; right are 15"),
        ([*wiod_long()[:2], *wiod_long()[3:]], r"has a column but no row AUS 2"),
        (wiod_long()[:1], r"ends after its heading"),
        ([r for k, r in enumerate(wiod_sheet()) if k != 4], r"t.csv:5: the columns' countries are not given"),
        ([*wiod_sheet()[:5], wiod_sheet()[6]], r"is not a WIOD table of the 2016 release; right are columns"),
        (icio(), r"is not a WIOD table of the 2016 release"),
    ],
)
def test_wiod_refused(tmp_path, rows, said):
    (tmp_path / "t.csv").write_text(text(rows))
    with pytest.raises(InputError, match=said):
        read_wiod(tmp_path / "t.csv")


def test_files_that_are_no_tables(tmp_path):
    with pytest.raises(InputError, match=r"none.csv: there is no such file"):
        read_icio(tmp_path / "none.csv")
    for content, said in ((b"", "is empty"), (bytes(range(256)), "not text in UTF-8"), (b"a" * (17 << 20), "longer")):
        (tmp_path / "t.csv").write_bytes(content)
        for reader in (read_icio, read_wiod):
            with pytest.raises(InputError, match=said):
                reader(tmp_path / "t.csv")

"""From the form to a scenario, its outcome and its files."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("dash")

from multialign.app.pages import scenario as page
from multialign.app.pages import scenario_data as data
from multialign.app.pages.scenario_view import industries_of, map_of, view
from multialign.errors import InputError
from multialign.trade import Discount, Embargo, ExportTax, Friction, Scenario, Subsidy, Tariff, load_scenario, solve
from tests.app.test_ask import parts, words

ROWS: list[dict[str, Any]] = [
    {"kind": "tariff", "importers": ["USA"], "exporters": ["IND"], "industries": ["goods"], "size": 25, "mode": "add"},
    {"kind": "friction", "importers": ["EU27"], "exporters": ["RUS"], "industries": None, "size": 7.5, "mode": "add"},
    {
        "kind": "embargo", "importers": ["RUS"], "exporters": ["USA", "GBR"], "industries": ["technology"],
        "size": None, "mode": "add",
    },
    {"kind": "discount", "importers": ["IND"], "exporters": ["RUS"], "industries": ["B06"], "size": 5, "mode": "add"},
]  # fmt: skip


def built(rows: list[dict[str, Any]] = ROWS) -> Scenario:
    return data.scenario_of("Näme: #1 & more", "BSY", "kept", rows)


def test_form_to_scenario() -> None:
    scenario = built()
    assert scenario.elasticities == "BSY"
    assert scenario.instruments == (
        Tariff(importers=("USA",), exporters=("IND",), industries=("goods",), rate=0.25),
        Friction(importers=("EU27",), exporters=("RUS",), change=0.075),
        Embargo(importers=("RUS",), exporters=("USA", "GBR"), industries=("technology",)),
        Discount(importers=("IND",), exporters=("RUS",), industries=("B06",), rate=0.05),
    )


def test_yaml_loads_again(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(data.to_yaml(built()), encoding="utf-8")
    assert load_scenario(file) == built()


def test_columns_become_rows() -> None:
    columns = [[r[f] for r in ROWS] for f in data.FIELDS]
    assert data.rows_of(columns) == ROWS
    controls = page.row_controls(ROWS)
    assert len(controls) == 4
    sizes = [p["props"].get("value") for p in parts(controls) if p["type"] == "Input"]
    assert sizes == [25, 7.5, None, 5]


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"size": None}, "instrument 1: no size"),
        ({"size": True}, "no size"),
        ({"size": "25"}, "no size"),
        ({"size": -150}, "above -100"),
        ({"kind": "discount", "size": 100}, "below 100"),
        ({"kind": "war"}, "instrument 1"),
        ({"importers": [{"a": 1}]}, "instrument 1"),
    ],
)
def test_rows_that_cannot_be_used(change: dict[str, Any], part: str) -> None:
    with pytest.raises(InputError, match=part):
        built([{**ROWS[0], **change}])


def test_bounds_of_the_form() -> None:
    with pytest.raises(InputError, match="no instrument"):
        built([])
    with pytest.raises(InputError, match="at most 8"):
        built([ROWS[0]] * 9)
    with pytest.raises(InputError, match="'/etc/passwd'"):
        data.scenario_of("x", "/etc/passwd", "kept", ROWS)
    with pytest.raises(InputError, match="kept, share, own or removed"):
        data.scenario_of("x", "median", None, ROWS)
    assert data.scenario_of("", "median", "kept", ROWS).name == "scenario"


def test_outcome_is_the_engine_s_and_the_csv_holds_it() -> None:
    scenario = data.scenario_of("test", "median", "kept", ROWS[:1])
    outcome = data.solved(scenario)
    assert data.solved(scenario) is outcome
    direct = solve(scenario)
    assert outcome.table["welfare_pct"].to_dict() == pytest.approx(direct.welfare_pct.to_dict())
    assert outcome.table.loc["IND", "welfare_pct"] < 0
    rows = list(csv.DictReader(io.StringIO(data.to_csv(outcome))))
    assert len(rows) == 81
    assert float(rows[0]["welfare_musd"]) == pytest.approx(direct.welfare_usd.iloc[0], rel=1e-6, abs=1e-6)
    shown = list(view(outcome))
    assert "India (IND)" in words(shown)
    bars = industries_of(outcome, "IND")
    assert any(p["type"] == "Graph" for p in parts(bars)) and "India" in words(bars)
    assert outcome.output.loc["IND"].dropna().abs().max() > 0.1
    svg, _ = map_of(outcome)
    assert svg.startswith("<svg") and "India: \u2212" in svg
    assert sum(p["type"] == "Graph" for p in parts(shown)) == 2


def test_errors_of_the_engine_are_one_line() -> None:
    scenario = data.scenario_of("x", "median", "kept", [{**ROWS[0], "exporters": ["XYZ"]}])
    with pytest.raises(InputError) as error:
        data.solved(scenario)
    assert "XYZ" in str(error.value) and "\n" not in str(error.value)


def test_file_names() -> None:
    assert data.slug("../../US tariff: 25 %") == "us-tariff-25"
    assert data.slug("印度") == "scenario"


MORE: list[dict[str, Any]] = [
    {"kind": "subsidy", "importers": [], "exporters": ["CHN"], "industries": ["technology"], "size": 5, "mode": "add"},
    {"kind": "tariff", "importers": ["EU"], "exporters": ["BRICS"], "industries": [], "size": 0, "mode": "replace"},
    {
        "kind": "export_tax",
        "importers": [],
        "exporters": ["OPEC+"],
        "industries": ["B06"],
        "size": 120,
        "mode": "scale",
    },
]


def test_groups_subsidies_and_modes() -> None:
    subsidy, tariff, tax = built(MORE).instruments
    assert subsidy == Subsidy(producers=("CHN",), industries=("technology",), rate=0.05)
    assert tariff == Tariff(importers=("EU",), exporters=("BRICS",), rate=0.0, mode="replace")
    assert tax == ExportTax(exporters=("OPEC+",), industries=("B06",), rate=1.2, mode="scale")


@pytest.mark.parametrize("run", [True, False])
def test_the_address_holds_the_whole_form(run: bool) -> None:
    rows = [{**r, "industries": r["industries"] or []} for r in [*ROWS, *MORE]]
    address = page.search_of(rows, "N\u00e4me: #1 & more", "BSY", "own", "short", run)
    assert len(address) < 1000
    again, above, again_run = page.form_of(address)
    assert again == rows and again_run is run
    assert above == {"name": "N\u00e4me: #1 & more", "elasticities": "BSY", "deficits": "own", "horizon": "short"}


def test_the_workbook_opens_and_holds_no_formula() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    scenario = data.scenario_of("=1+1", "median", "kept", ROWS[:1])
    book = openpyxl.load_workbook(io.BytesIO(data.to_xlsx(data.solved(scenario))))
    assert book.sheetnames == ["countries", "output", "instruments", "about"]
    assert book["countries"].max_row == 82
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)

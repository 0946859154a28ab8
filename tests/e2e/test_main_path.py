"""From a text to an answer, moved, shared and opened elsewhere; the other pages; and what is taken away."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from tests.e2e.conftest import TEXT, opened, until

pytestmark = pytest.mark.slow


def choose(page: Any, name: str, text: str) -> None:
    """Pick an option of a list by what it says."""
    page.click(f"#{name}")
    page.keyboard.type(text)
    page.locator(".dash-dropdown-option", has_text=text).first.click()
    page.keyboard.press("Escape")


def seen(page: Any) -> list[str]:
    """What an answer's page says."""
    page.wait_for_selector("#live-said .headline")
    page.wait_for_timeout(600)
    texts = [page.inner_text(s) for s in ("#answer-result .headline", "#live-said .headline", "#live-discount-value")]
    return [*texts, page.inner_text("#live-energy-value"), page.input_value("#live-discount")]


def moved(page: Any, name: str, value: int) -> None:
    """Move a slider as a person would: its value, and the event that tells of it."""
    before = page.inner_text("#live-said")
    page.locator(f"#{name}").evaluate(
        """(slider, value) => {
            Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(slider, value);
            slider.dispatchEvent(new Event('input', {bubbles: true}));
            slider.dispatchEvent(new Event('change', {bubbles: true}));
        }""",
        str(value),
    )
    until(page, "before => document.querySelector('#live-said').innerText !== before", before)


@pytest.fixture(scope="module")
def shared_address(browser: Any, base: str) -> tuple[str, list[str]]:
    """The way from a pasted text to an answer with moved sliders: the address at its end, and what the page says."""
    with opened(browser, base) as (page, _):
        page.fill("#ask-text", TEXT)
        choose(page, "ask-focal", "Kazakhstan")
        page.click("#ask-go")
        page.wait_for_selector("#ask-find")
        assert page.locator("mark.offer").count() >= 1
        assert page.evaluate("document.querySelectorAll('#ask-result script, #ask-result img').length") == 0
        page.goto(base + page.get_attribute("#ask-find", "href") + "&level=quick")
        page.wait_for_selector("#answer-result .headline")
        page.wait_for_selector("#live-said .headline")
        moved(page, "live-energy", 60)
        moved(page, "live-tariff", 30)
        until(page, "location.search.includes('tariff=30') && location.search.includes('d.energy=60')")
        return page.url, seen(page)


def test_a_shared_address_shows_the_same(browser: Any, shared_address: tuple[str, list[str]]) -> None:
    address, said = shared_address
    with opened(browser, address) as (page, _):
        assert seen(page) == said
        assert page.url == address
        page.reload()
        assert seen(page) == said


def test_sliders_answer_quickly(browser: Any, shared_address: tuple[str, list[str]]) -> None:
    with opened(browser, shared_address[0]) as (page, _):
        seen(page)
        times = []
        for value in (10, 25, 40, 55, 70):
            began = page.evaluate("performance.now()")
            moved(page, "live-tariff", value)
            times.append(page.evaluate("performance.now()") - began)
        # What is promised is 0.3 s on a quiet machine; tests also run on busy ones.
        assert sorted(times)[2] < 1500, times


def test_answers_can_be_kept_compared_and_taken_away(
    browser: Any, base: str, shared_address: tuple[str, list[str]], tmp_path: Path
) -> None:
    with opened(browser, shared_address[0]) as (page, _):
        seen(page)
        with page.expect_download() as got:
            page.click("#answer-json")
        got.value.save_as(tmp_path / "answer.json")
        answer = json.loads((tmp_path / "answer.json").read_text(encoding="utf-8"))
        assert answer["kind"] == "answer" and answer["question"]["focal"] == "KAZ"
        page.click("#answer-brief")
        page.wait_for_selector("#answer-error:has-text('announcement')")
        choose(page, "compare-picked", "Kazakhstan")
        page.wait_for_selector("#compare-result table")
        assert "Best depth: energy" in page.inner_text("#compare-result")
        until(page, "location.search.includes('compare=')")


def test_a_position_can_be_solved_exactly(browser: Any, shared_address: tuple[str, list[str]]) -> None:
    with opened(browser, shared_address[0]) as (page, _):
        seen(page)
        page.click("#live-exact")
        page.wait_for_selector("#live-exact-result table")
        assert "Solved exactly" in page.inner_text("#live-exact-result")


def test_the_world(browser: Any, base: str) -> None:
    with opened(browser, f"{base}/world?measure=energy&state=IND&item=crude&partner=SAU&period=2021") as (page, _):
        page.wait_for_selector("#world-map svg")
        assert "2021" in page.inner_text("#world-headline")
        page.locator("#world-map [data-code=RUS]").click(force=True)
        until(page, "location.search.includes('partner=RUS')")
        page.wait_for_selector("#world-pair h2:has-text('India and Russia')")
        assert page.locator("#world-matrix .js-plotly-plot").count() == 1
        address = page.url
        before = page.inner_text("#world-headline")
    with opened(browser, address) as (page, _):
        page.wait_for_selector("#world-pair h2:has-text('India and Russia')")
        assert page.inner_text("#world-headline") == before
        assert page.url == address


def test_long_work_survives_a_reload_and_can_be_cancelled(browser: Any, base: str) -> None:
    with opened(browser, f"{base}/world?measure=power&state=KAZ&partner=RUS&group=EAEU") as (page, _):
        page.wait_for_selector("#world-one:not([disabled])")
        page.click("#world-all")
        page.wait_for_selector("#world-status progress")
        page.reload()
        page.wait_for_selector("#world-status progress")
        page.click("#world-cancel")
        page.wait_for_selector("#world-one:not([disabled])")
        assert "Cancelled" in page.inner_text("#world-status") or "Not reckoned" in page.inner_text("#world-status")
        page.click("#world-one")
        page.wait_for_selector("#world-headline:has-text('First for Kazakhstan')")
        assert "Not reckoned" not in page.inner_text("#world-status")


def test_the_record_leads_from_the_series_to_the_sentence(browser: Any, base: str) -> None:
    with opened(browser, f"{base}/record") as (page, _):
        page.locator("#record-info .tiny").first.click()
        page.wait_for_selector("#record-series .js-plotly-plot")
        page.wait_for_selector("#record-statements table")
        page.locator("#record-statements button").first.click()
        page.wait_for_selector("#record-document mark.offer")
        assert "<script>alert('x')</script>" in page.inner_text("#record-document")
        assert page.evaluate("document.querySelectorAll('#record-document script').length") == 0


def test_a_scenario_is_solved_shared_and_taken_away(browser: Any, base: str, tmp_path: Path) -> None:
    start = f"{base}/scenario?name=Test&i=tariff:USA:IND:goods:25:add&i=discount:IND:RUS:B06:10"
    with opened(browser, start) as (page, _):
        page.wait_for_selector("#scenario-rows fieldset >> nth=1")
        page.click("#scenario-solve")
        page.wait_for_selector("#scenario-map svg")
        said = page.inner_text("#scenario-head")
        until(page, "location.search.includes('run=1')")
        address = page.url
        for kind in ("yaml", "csv", "xlsx"):
            with page.expect_download() as got:
                page.click(f"#scenario-{kind}")
            assert got.value.suggested_filename == f"test.{kind}"
            got.value.save_as(tmp_path / f"test.{kind}")
        for kind in ("svg", "png"):
            with page.expect_download() as got:
                page.click(f"#scenario-map-card [data-save={kind}]")
            got.value.save_as(tmp_path / f"map.{kind}")
            with page.expect_download() as got:
                page.locator(f"#scenario-result figure [data-save={kind}]").first.click()
            got.value.save_as(tmp_path / f"bars.{kind}")
    assert len(yaml.safe_load((tmp_path / "test.yaml").read_text())["instruments"]) == 2
    assert len(list(csv.DictReader(io.StringIO((tmp_path / "test.csv").read_text())))) == 81
    assert zipfile.ZipFile(tmp_path / "test.xlsx").testzip() is None
    for name in ("map", "bars"):
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert ElementTree.fromstring((tmp_path / f"{name}.svg").read_text()).tag.endswith("svg")  # noqa: S314
    with opened(browser, address) as (page, _):
        page.wait_for_selector("#scenario-map svg")
        assert page.inner_text("#scenario-head") == said

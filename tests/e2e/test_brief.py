"""The brief in a real browser: alone, on a phone, on paper, and quickly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import opened, overflow
from tests.report.conftest import TEXT

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def page_file(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A brief with an answer read off a surface."""
    from multialign.reading import read_text
    from multialign.report.make import from_reading
    from multialign.respond import Question, answer_at, prepare

    reading = read_text(TEXT, name="announcement")
    question = Question.from_reading(reading, "IND")
    assert question is not None
    answer = answer_at(prepare(question, sets=("FGO",)), draws=256)
    path = tmp_path_factory.mktemp("brief") / "brief.html"
    path.write_text(from_reading(reading, "IND", answer), encoding="utf-8")
    return path


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (390, "dark"), (1600, "light")])
def test_it_stands_alone(browser: Any, page_file: Path, width: int, scheme: str) -> None:
    size = {"width": width, "height": 900}
    with opened(browser, page_file.as_uri(), viewport=size, color_scheme=scheme, java_script_enabled=False) as (
        page,
        _,
    ):
        assert page.locator("h1").inner_text() == "How far should India go with Russia?"
    with opened(browser, page_file.as_uri(), viewport=size, color_scheme=scheme) as (page, _):
        assert overflow(page) <= 0
        wide = page.evaluate(
            "[...document.querySelectorAll('p, li, figcaption, svg')].filter(e => e.offsetParent !== null || e.tagName"
            " === 'svg').map(e => e.getBoundingClientRect()).filter(r => r.width && r.right > innerWidth + 1).length"
        )
        assert wide == 0
        texts = page.evaluate(
            """[...document.querySelectorAll('svg')].flatMap(svg => {
                const box = svg.getBoundingClientRect();
                return box.width ? [...svg.querySelectorAll('text')].filter(t => {
                    const r = t.getBoundingClientRect();
                    return r.left < -1 || r.right > innerWidth + 1;
                }).map(t => t.textContent) : [];
            })"""
        )
        assert texts == []


def test_figures_can_be_read_in_the_dark(browser: Any, page_file: Path) -> None:
    with opened(browser, page_file.as_uri(), color_scheme="dark") as (page, _):
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 27)"
        darkest = page.evaluate(
            """Math.min(...[...document.querySelectorAll('figure svg text')].map(
                t => Math.max(...getComputedStyle(t).fill.match(/\\d+/g).map(Number))))"""
        )
        assert darkest > 100


def test_a_mark_tells_its_coding_at_a_tap(browser: Any, page_file: Path) -> None:
    with opened(browser, page_file.as_uri()) as (page, _):
        button = page.locator("button.n").first
        button.click()
        shown = page.locator(".pop:popover-open")
        assert shown.count() == 1 and shown.inner_text().strip()
        assert page.locator("blockquote mark").first.get_attribute("title")
        page.keyboard.press("Escape")
        assert page.locator(".pop:popover-open").count() == 0


def test_it_is_small_and_quick(browser: Any, page_file: Path) -> None:
    assert page_file.stat().st_size < 3_000_000
    with opened(browser, page_file.as_uri()) as (page, _):
        page.wait_for_timeout(500)
        paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        # What is promised is 1 s on a quiet machine; tests also run on busy ones.
        assert paint < 5000, paint


def test_it_prints_on_a4(browser: Any, page_file: Path, tmp_path: Path) -> None:
    from pypdf import PdfReader

    with opened(browser, page_file.as_uri()) as (page, _):
        page.pdf(path=tmp_path / "brief.pdf", prefer_css_page_size=True)
    found = PdfReader(tmp_path / "brief.pdf")
    assert 4 <= len(found.pages) <= 30
    assert (round(float(found.pages[0].mediabox.width)), round(float(found.pages[0].mediabox.height))) == (595, 842)
    assert "How far should India go with Russia?" in " ".join(found.pages[0].extract_text().split())


def test_axe_finds_nothing(browser: Any, page_file: Path, axe: str) -> None:
    for scheme in ("light", "dark"):
        with opened(browser, page_file.as_uri(), color_scheme=scheme) as (page, _):
            page.evaluate(axe)
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
            assert [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in found] == []

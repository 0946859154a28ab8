"""Every page loads, in every light and width, with nothing wrong on the console and nothing asked of the network."""

from __future__ import annotations

from typing import Any

import pytest

from tests.e2e.conftest import opened, overflow, until

pytestmark = pytest.mark.slow

PAGES = {
    "/": ("What does the announcement say?", "#ask-text"),
    "/answer": ("How far to go?", "#answer-go"),
    "/world": ("How do states stand to each other?", "#world-map svg"),
    "/record": ("What have they said and done?", "#record-info .tiny"),
    "/scenario": ("What if?", "#scenario-solve"),
}
WIDTHS = {"phone": 390, "wide": 1600}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES)
def test_pages_load(browser: Any, base: str, path: str, width: str) -> None:
    title, ready = PAGES[path]
    scheme = "dark" if width == "phone" else "light"
    size = {"width": WIDTHS[width], "height": 900}
    with opened(browser, base + path, viewport=size, color_scheme=scheme) as (page, _):
        page.wait_for_selector(ready)
        page.wait_for_selector(f"h1:visible:has-text({title!r})")
        assert page.locator("section:not([hidden]) h1:visible").count() == 1
        assert "Multialign" in page.title()
        assert overflow(page) <= 0
        assert page.locator("nav .here").count() == 1


def test_a_stranger_s_page_says_so(browser: Any, base: str) -> None:
    with opened(browser, f"{base}/no-such-page") as (page, _):
        page.wait_for_selector("text=There is no such page")


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/answer?focal=XXX&offerer=RUS", "#answer-error"),
        ("/answer?focal=IND&offerer=IND", "#answer-error"),
        ("/answer?focal=<script>&offerer=..%2F..%2Fetc%2Fpasswd", "#answer-error"),
        ("/world?measure=%00&state=ZZZ", "#world-error"),
        ("/world?measure=trade&period=1066", "#world-error"),
        ("/record?one=%F0%9F%92%A9&two=IND", "#record-error"),
        ("/scenario?i=tariff:USA:IND:goods:NaN", "#scenario-error"),
        ("/scenario?i=war:::::::::&run=1", "#scenario-error"),
        ("/scenario?" + "&".join(["a=1"] * 200), "#scenario-error"),
    ],
)
def test_addresses_of_garbage_are_answered_in_one_line(browser: Any, base: str, path: str, error: str) -> None:
    with opened(browser, base + path) as (page, _):
        page.wait_for_selector(f"{error}:not(:empty)")
        said = page.inner_text(error)
        assert said and "\n" not in said and "Traceback" not in said
        assert page.inner_text("#fault") == ""


def test_keyboard_alone_reaches_the_pages(browser: Any, base: str) -> None:
    with opened(browser, base) as (page, _):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.evaluate("location.hash") == "#content"
        page.evaluate("document.getElementById('nav-world').focus()")
        page.keyboard.press("Enter")
        page.wait_for_selector("#world-map svg")
        page.focus("#world-measure")
        page.keyboard.press("Enter")
        for value in ("trade", "energy", "arms"):
            until(page, "value => document.activeElement.value === value", value)
            page.keyboard.press("ArrowDown" if value != "arms" else "Enter")
        until(page, "!document.querySelector('#world-headline').textContent.startsWith('Trade')")


CHECKED = {
    "/": None,
    "/answer": None,
    "/world?measure=energy&item=crude": "#world-map svg",
    "/record?one=CHN&two=KAZ": "#record-statements table",
    "/scenario?i=tariff:USA:IND:goods:25:add": "#scenario-rows .row",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", CHECKED)
def test_axe_finds_nothing(browser: Any, base: str, axe: str, path: str, scheme: str) -> None:
    with opened(browser, base + path, color_scheme=scheme) as (page, _):
        if CHECKED[path]:
            page.wait_for_selector(CHECKED[path])
        page.wait_for_timeout(500)
        page.evaluate(axe)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        assert [(v["id"], [n["html"][:120] for n in v["nodes"]][:3]) for v in found] == []

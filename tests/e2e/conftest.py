"""The workbench in a real Chromium, with the network cut off except loopback.

Skipped where playwright or Chromium are missing. Chromium is found as ``chromium``, or named by the variable
``MULTIALIGN_CHROMIUM``.
"""

from __future__ import annotations

import logging
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

CHROMIUM = os.environ.get("MULTIALIGN_CHROMIUM") or shutil.which("chromium") or ""
LONG = 240_000
"""Longest wait for the engine, milliseconds; machines that are shared are slow."""
TEXT = (
    "China is ready to expand energy cooperation with Kazakhstan without limits, said Lin Jian, a spokesperson for "
    "China's foreign ministry.\n\nRussia threatened Kazakhstan with sanctions on Tuesday. <script>alert('x')</script>"
    "<img src=x onerror=alert(1)>"
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]


def is_here(url: str) -> bool:
    """Whether an address needs no network beyond this machine."""
    parts = urlsplit(url)
    return parts.scheme in ("data", "blob", "about", "file") or parts.hostname == "127.0.0.1"


@dataclass
class Watch:
    """What went wrong in a page: errors on its console, requests that failed, requests that went elsewhere."""

    wrong: list[str] = field(default_factory=list)

    def follow(self, page: Any) -> None:
        page.on("console", lambda m: self.wrong.append(f"console: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda e: self.wrong.append(f"page: {e}"))
        page.on("requestfailed", lambda r: None if _left(r) else self.wrong.append(f"failed: {r.url} {r.failure}"))
        page.on("response", lambda r: self.wrong.append(f"{r.status}: {r.url}") if r.status >= 400 else None)
        page.on("request", lambda r: None if is_here(r.url) else self.wrong.append(f"elsewhere: {r.url}"))


def _left(request: Any) -> bool:
    """Whether a request was given up because the page was left or loaded anew."""
    return "ERR_ABORTED" in str(request.failure)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for all tests."""
    playwright = pytest.importorskip("playwright.sync_api")
    if not CHROMIUM:
        pytest.skip("there is no chromium")
    with playwright.sync_playwright() as driver:
        made = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield made
        made.close()


@pytest.fixture(scope="session")
def base(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a workbench on loopback, with a record of one document and nothing kept."""
    pytest.importorskip("dash")
    from werkzeug.serving import make_server

    from multialign.app.server import make_app
    from multialign.reading import read_text
    from multialign.reading.record import Record

    folder = tmp_path_factory.mktemp("workbench")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MULTIALIGN_DATA", str(folder))
        patch.setenv("MULTIALIGN_CACHE", str(folder))
        patch.setenv("MULTIALIGN_RECORD", str(folder / "record.duckdb"))
        with Record(folder / "record.duckdb") as record:
            record.add(read_text(TEXT, name="announcement", date="2026-02-03"))
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        server = make_server("127.0.0.1", 0, make_app().server, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(10)


@contextmanager
def opened(browser: Any, address: str, **context: Any) -> Iterator[tuple[Any, Watch]]:
    """A page in a browser context of its own; what went wrong in it fails the test at the end."""
    watch = Watch()
    made = browser.new_context(accept_downloads=True, **context)
    made.set_default_timeout(LONG)
    page = made.new_page()
    watch.follow(page)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    try:
        yield page, watch
    finally:
        made.close()
    assert watch.wrong == []


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker axe-core: from ``npm install axe-core``, or the file that ``MULTIALIGN_AXE`` names."""
    root = Path(__file__).resolve().parents[2]
    places = [os.environ.get("MULTIALIGN_AXE", ""), str(root / "node_modules/axe-core/axe.min.js")]
    for place in places:
        if place and Path(place).is_file():
            return Path(place).read_text(encoding="utf-8")
    pytest.skip("axe-core is not installed")


def overflow(page: Any) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def until(page: Any, expression: str, arg: Any = None) -> None:
    """Wait until an expression holds in the page. Playwright's own way of waiting is barred by the content policy."""
    end = time.monotonic() + LONG / 1000
    while not page.evaluate(expression, arg):
        assert time.monotonic() < end, expression
        page.wait_for_timeout(50)

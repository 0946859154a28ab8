"""Make the README's pictures: docs/picture.png, the first page of a brief, and docs/workbench.png, the workbench.

    pip install playwright
    python scripts/make_picture.py [--chromium /usr/bin/chromium] [--only brief | workbench]

Both are taken in Chromium on loopback; nothing is fetched from elsewhere.
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples/announcements/kazakhstan-china.txt"
ADDRESS = "/answer?focal=IND&offerer=RUS&third=USA&domains=trade,energy,arms&level=quick&d.energy=60&discount=10"
LONG = 600_000


def the_brief(browser: Any, folder: Path, out: Path) -> None:
    """The first page of the brief for an example announcement."""
    from multialign.report import brief

    brief(EXAMPLE, focal="KAZ", out=folder / "brief")
    page = browser.new_page(viewport={"width": 1100, "height": 1350})
    page.goto((folder / "brief" / "brief.html").as_uri())
    page.screenshot(path=out)


def the_workbench(browser: Any, folder: Path, out: Path) -> None:
    """The sliders of an answer, with what they move."""
    from werkzeug.serving import make_server

    os.environ["MULTIALIGN_DATA"] = str(folder)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    from multialign.app.server import make_app

    server = make_server("127.0.0.1", 0, make_app().server, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page(viewport={"width": 1280, "height": 1500})
    page.goto(f"http://127.0.0.1:{server.server_port}{ADDRESS}")
    page.wait_for_selector("#live-said .headline", timeout=LONG)
    page.locator("#answer-live").scroll_into_view_if_needed()
    page.evaluate("window.scrollTo(0, document.querySelector('#answer-live').offsetTop - 20)")
    page.wait_for_timeout(1500)
    page.screenshot(path=out)
    server.shutdown()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    parser.add_argument("--only", choices=("brief", "workbench"))
    parser.add_argument("--out", type=Path, default=ROOT / "docs")
    args = parser.parse_args()
    from playwright.sync_api import sync_playwright

    taken = {"brief": (the_brief, "picture.png"), "workbench": (the_workbench, "workbench.png")}
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=args.chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, (take, file) in taken.items():
            if args.only in (None, name):
                take(browser, Path(folder), args.out / file)
                print(f"{file}: {(args.out / file).stat().st_size / 1000:.0f} kB")
        browser.close()


if __name__ == "__main__":
    main()

"""The documentation site builds without a warning, and fetches nothing from elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("mkdocs")
pytest.importorskip("material")
pytest.importorskip("mkdocstrings")

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(out)],
        cwd=ROOT, capture_output=True, text=True, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return out


def test_every_page_is_there(site):
    for page in (ROOT / "docs").rglob("*.md"):
        assert (site / page.relative_to(ROOT / "docs").with_suffix(".html")).is_file()


def test_nothing_is_fetched_from_elsewhere(site):
    sources = r"<(?:script|img|iframe|source)[^>]*\bsrc=\"(?:https?:)?//"
    loads = re.compile(sources + r"|<link[^>]*rel=\"(?:stylesheet|preconnect)\"[^>]*//")
    for page in site.rglob("*.html"):
        assert not loads.search(page.read_text(encoding="utf-8")), page


def test_the_reference_is_made_from_the_docstrings(site):
    text = (site / "reference" / "python.html").read_text(encoding="utf-8")
    for name in ("multialign.trade.solve.solve", "multialign.sweep.sweep", "multialign.errors.InputError"):
        assert f'id="{name}"' in text
    assert "exact" in text and "<strong>Parameters</strong>" in text

"""The notebooks run from top to bottom, and what they find is there."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

pytest.importorskip("marimo")

pytestmark = pytest.mark.slow
FOLDER = Path(__file__).resolve().parent.parent / "examples" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.py"))


def definitions(path: Path) -> dict[str, object]:
    """Run a notebook; what its cells define."""
    spec = importlib.util.spec_from_file_location(f"notebook_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return dict(module.app.run()[1])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_it_runs(path):
    found = definitions(path)
    if path.stem == "tariff_and_discount":
        table = found["table"]
        assert (table.diff().dropna() < 0).all().all()  # a larger tariff costs India more
        assert (table.T.diff().dropna() > 0).all().all()  # a larger discount pays it more
    elif path.stem == "who_needs_whom":
        assert len(found["frame"]) and len(found["hurt"]) >= 3
    else:
        assert len(found["said"]) > 3 and found["offers"]


def test_there_are_notebooks():
    assert len(NOTEBOOKS) >= 3

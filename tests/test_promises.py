"""Every promise in the documentation names a test that is there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "promises.md"
ROWS = [r for r in PAGE.read_text(encoding="utf-8").splitlines() if r.startswith("| ") and "`tests/" in r]


def test_there_are_promises():
    assert len(ROWS) > 25


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r[2:50])
def test_its_tests_are_there(row):
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", row)
    assert named
    for file, function in named:
        path = ROOT / file
        assert path.is_file(), file
        names = {
            n.name for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(n, ast.FunctionDef)
        }
        assert any(n.startswith("test_") for n in names)
        assert not function or function in names, f"{file} has no {function}"

"""The map is true: imports between rooms go one way, rooms are on the map, modules stay small."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "multialign"
ALLOWED = {
    "world": set(),
    "trade": {"world"},
    "reading": {"world"},
    "ties": {"world", "trade"},
    "respond": {"world", "trade", "ties", "reading"},
    "sweep": {"world", "trade", "ties", "reading"},
    "report": {"world", "trade", "ties", "reading", "respond"},
    "app": {"world", "trade", "ties", "reading", "respond", "report"},
    "cli": {"world", "trade", "ties", "reading", "respond", "sweep", "report", "app"},
}
MODULES = sorted(PACKAGE.rglob("*.py"))


def rooms_imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module]
        elif isinstance(node, ast.Import):
            names = [a.name for a in node.names]
        found |= {n.split(".")[1] for n in names if n.startswith("multialign.")}
    return found & set(ALLOWED)


@pytest.mark.parametrize("room", ALLOWED)
def test_imports_go_one_way(room):
    for path in (PACKAGE / room).rglob("*.py"):
        strangers = rooms_imported(path) - ALLOWED[room] - {room}
        assert not strangers, f"{path.relative_to(ROOT)} imports {strangers}"


def test_every_room_is_on_the_map():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    for folder in PACKAGE.iterdir():
        if folder.is_dir() and not folder.name.startswith("_"):
            assert f"{folder.name}/" in text
    assert set(ALLOWED) == {p.name for p in PACKAGE.iterdir() if p.is_dir() and not p.name.startswith("_")}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_modules_stay_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 420


def test_public_names_are_there():
    import multialign

    for name in multialign.__all__:
        assert getattr(multialign, name) is not None
    assert callable(multialign.ties) and callable(multialign.respond)
    with pytest.raises(AttributeError):
        multialign.nothing  # noqa: B018

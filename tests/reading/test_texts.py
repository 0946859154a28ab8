"""Twenty short announcements, each with all the statements that it makes: none missing, none too many."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from multialign.reading import Reading, Statement, read

FOLDER = Path(__file__).parent / "announcements"
TEXTS = sorted(FOLDER.glob("*.txt"))
FIELDS = ("speaker", "reporter", "assessor", "source_role", "target_role", "change", "condition", "measure", "quote",
          "domains")  # fmt: skip


def _row(s: Statement) -> dict[str, Any]:
    """A statement in the form of the expected files: what is empty is left out."""
    row: dict[str, Any] = {"source": s.source, "target": s.target, "what": s.event or s.relation, "mode": s.mode}
    full = {
        "speaker": (s.speaker.name or s.speaker.role or s.speaker.state) if s.speaker else None,
        "condition": s.condition.kind if s.condition else None,
        "measure": s.measure.text if s.measure else None,
        **{name: getattr(s, name) for name in FIELDS if name not in ("speaker", "condition", "measure")},
    }
    return row | {name: full[name] for name in FIELDS if full[name]}


def _signals(reading: Reading, name: str) -> list[dict[str, Any]]:
    return [{"source": o.source, "target": o.target, "parallel": o.parallel_targets} for o in getattr(reading, name)]


def test_there_are_twenty() -> None:
    assert len(TEXTS) == 20 and all(path.with_suffix(".yaml").is_file() for path in TEXTS)


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: p.stem)
def test_announcement(path: Path) -> None:
    wanted = yaml.safe_load(path.with_suffix(".yaml").read_text(encoding="utf-8"))
    reading = read(path)
    order = str
    found = sorted((_row(s) for s in reading.statements), key=order)
    assert found == sorted(wanted["statements"], key=order)
    for name in ("offers", "demands", "threats"):
        assert _signals(reading, name) == wanted.get(name, []), name
    for item in (*reading.statements, *reading.offers, *reading.demands, *reading.threats):
        assert reading.document.text[item.start : item.end] == item.text != ""

"""How well the reader does on hand-coded sentences (PLOVER's validation records), where they are at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from multialign.reading import read_text, tables

_FILE = Path(__file__).resolve().parents[3] / "shared" / "gold" / "PLOVER_GSR_CAMEO.json"
pytestmark = pytest.mark.skipif(not _FILE.is_file(), reason="the hand-coded sentences are not here")

_ROOT = {"DEMAND": "REQUEST", "DISAPPROVE": "ACCUSE", "INVESTIGATE": "ACCUSE", "CONCEDE": "YIELD", "FIGHT": "ASSAULT"}
_CODE = {"JAP": "JPN", "ITL": "ITA", "VTN": "VNM"}


def _codes(actors: Any) -> list[str]:
    return [_CODE.get(a["code"], a["code"]) for a in actors] if isinstance(actors, list) else []


def _is(code: str | None, gold: list[str]) -> bool:
    return code in gold or ("IGO" in gold and code is not None and code not in tables.states())


def test_dyads_and_roots() -> None:
    total = pairs = roots = 0
    for record in json.loads(_FILE.read_text(encoding="utf-8"))[1:]:
        source = _codes(record.get("source"))
        target = _codes(record.get("target")) or source
        international = any(a != b for a in source for b in target)
        if not international or {"NGO", "IMG"} & {*source, *target}:
            continue
        total += 1
        found = [
            s
            for s in read_text(record["text"]).statements
            if _is(s.source, source) and _is(s.target, target) and s.source != s.target
        ]
        pairs += bool(found)
        roots += any(s.event == _ROOT.get(record["event"], record["event"]) for s in found)
    assert total > 200
    assert pairs / total > 0.60, (pairs, total)
    assert roots / pairs > 0.80, (roots, pairs)

"""Readings as files: one schema, written out in the documentation, whole or not at all."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from multialign.errors import InputError
from multialign.reading import Reading, outputs

Say = Callable[..., Reading]
TEXT = "Norway offered to expand its energy cooperation with Poland if Oslo agrees, said Ola Berg. Peru met Chile."
REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "reading-schema.md"


def test_columns_stand_in_the_reference() -> None:
    text = REFERENCE.read_text(encoding="utf-8")
    table = text[text.index("## Flat tables") :].split("\n## ")[0]
    named = [line.split("`")[1] for line in table.splitlines() if line.startswith("| `")]
    assert named == [name for name, _ in outputs.columns()]


def test_parquet_and_csv_hold_the_statements(say: Say, tmp_path: Path) -> None:
    reading = say(TEXT, date="2025-01-10")
    rows = list(outputs.statement_rows([reading]))
    for kind in ("parquet", "csv"):
        assert outputs.write_table(rows, outputs.columns(), tmp_path / f"s.{kind}", kind) == len(reading.statements)
    table = duckdb.read_parquet(str(tmp_path / "s.parquet"))
    assert [(n, str(t)) for n, t in zip(table.columns, table.types, strict=True)] == list(outputs.columns())
    for row, s in zip(table.fetchall(), reading.statements, strict=True):
        got = dict(zip(table.columns, row, strict=True))
        assert (got["id"], got["source"], got["valence"], got["domains"]) == (s.id, s.source, s.valence, s.domains)
        assert got["speaker_name"] == (s.speaker.name if s.speaker else None)
        assert got["condition_kind"] == (s.condition.kind if s.condition else None)
        assert str(got["date"]) == "2025-01-10" and got["sha256"] == reading.document.sha256
    with (tmp_path / "s.csv").open(encoding="utf-8", newline="") as handle:
        lines = list(csv.DictReader(handle))
    assert [line["id"] for line in lines] == [s.id for s in reading.statements]
    assert lines[0]["domains"] == "|".join(reading.statements[0].domains)


def test_an_empty_table_has_its_columns(tmp_path: Path) -> None:
    assert outputs.write_table([], outputs.columns(), tmp_path / "s.parquet", "parquet") == 0
    assert duckdb.read_parquet(str(tmp_path / "s.parquet")).columns == [name for name, _ in outputs.columns()]


def test_json_lines(say: Say, tmp_path: Path) -> None:
    readings = [say(TEXT, date="2025-01-10"), say("Peru met Chile.")]
    assert outputs.write_lines((r.to_dict() for r in readings), tmp_path / "r.jsonl") == 2
    lines = (tmp_path / "r.jsonl").read_text(encoding="utf-8").splitlines()
    assert [Reading.model_validate(json.loads(line)) for line in lines] == readings


def test_nothing_half_written(tmp_path: Path) -> None:
    out = tmp_path / "r.jsonl"
    out.write_text("old")

    def broken():  # type: ignore[no-untyped-def]
        yield {"a": 1}
        raise InputError("stop")

    with pytest.raises(InputError):
        outputs.write_lines(broken(), out)
    assert out.read_text() == "old" and list(tmp_path.iterdir()) == [out]
    with pytest.raises(InputError, match="is a folder"):
        outputs.write_parts(["x"], tmp_path)
    with pytest.raises(InputError, match="cannot be written"):
        outputs.write_parts(["x"], out / "below.txt")

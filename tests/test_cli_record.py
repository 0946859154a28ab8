"""`multialign read` and `multialign record` as a user meets them."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from multialign import cli
from multialign.reading.record import Record
from tests.test_cli import run

TABLE = [
    {"id": "a", "date": "2025-01-10", "text": "Norway offered to expand its energy cooperation with Poland."},
    {"id": "b", "date": "2025-02-10", "text": "Poland condemned Norway on Monday."},
    {"id": "c", "date": "2025-02-11", "text": "Nothing of note was reported by anybody anywhere on this day."},
    {"id": "d", "date": "2025-02-12", "text": "Le gouvernement polonais a condamné la Norvège pour ses actes en mer."},
]


Call = Callable[..., tuple[str, str]]


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Run a command in this process; what it prints on standard output and standard error."""

    def calling(*args: str, code: int = 0) -> tuple[str, str]:
        monkeypatch.setattr(sys, "argv", ["multialign", *args])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            cli.main()
        out, err = capsys.readouterr()
        assert (left.value.code or 0) == code, err
        return out, err

    return calling


@pytest.fixture
def refused(call: Call) -> Callable[..., str]:
    """The one error line of a command that must fail for a user's mistake."""

    def refusing(*args: str) -> str:
        lines = call(*args, code=2)[1].strip().splitlines()
        assert len(lines) == 1 and lines[0].startswith("error: ")
        return lines[0]

    return refusing


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli")
    (path / "t.jsonl").write_text("\n".join([*map(json.dumps, TABLE), "{broken"]), encoding="utf-8")
    (path / "one.txt").write_text("Norway condemned Poland on 5 May 2025.", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def db(folder: Path) -> Path:
    place = folder / "r.duckdb"
    done = run("record", "add", str(folder), "--db", str(place))
    assert done.stdout.startswith("4 documents added with ") and ", 0 there already, 2 not read: " in done.stdout
    errors = done.stderr.strip().splitlines()
    assert any("t.jsonl:5: not JSON" in e for e in errors) and any(
        "t.jsonl:4: the text is in French" in e for e in errors
    )
    assert "Traceback" not in done.stderr
    return place


def test_adding_again_changes_nothing(call: Call, db: Path, folder: Path) -> None:
    before = json.loads(call("record", "info", "--db", str(db), "--json")[0])
    report = json.loads(call("record", "add", str(folder), "--db", str(db), "--json")[0])
    assert (report["kind"], report["added"], report["known"]) == ("record-added", 0, 4)
    after = json.loads(call("record", "info", "--db", str(db), "--json")[0])
    assert {k: v for k, v in after.items() if k != "bytes"} == {k: v for k, v in before.items() if k != "bytes"}
    assert (after["kind"], after["documents"], after["first"]) == ("record-info", 4, "2025-01-10")


def test_show(call: Call, db: Path, folder: Path) -> None:
    data = json.loads(call("record", "show", "norway", "POL", "--db", str(db), "--json")[0])
    assert (data["kind"], data["one"], data["two"]) == ("dyad", "NOR", "POL")
    assert [m["month"] for m in data["months"]] == ["2025-01", "2025-02", "2025-03", "2025-04", "2025-05"]
    assert data["strongest"][0]["document"]
    for name in ("d.csv", "d.svg", "d.html"):
        option = "--csv" if name.endswith("csv") else "--plot"
        call("record", "show", "NOR", "POL", "--since", "2025-02", "--db", str(db), option, str(folder / name))
    with (folder / "d.csv").open(encoding="utf-8", newline="") as handle:
        assert next(csv.DictReader(handle))["month"] == "2025-02"
    assert (folder / "d.svg").read_text().startswith("<svg") and "<!DOCTYPE html>" in (folder / "d.html").read_text()
    text = call("record", "show", "NOR", "POL", "--db", str(db))[0]
    assert "Norway and Poland" in text and "2025-02" in text
    assert "NOR, POL" in call("record", "peaks", "--db", str(db))[0]


def test_show_says_when_there_is_nothing(call: Call, db: Path) -> None:
    assert "Nothing between the two from Jan 2025 to May 2025, in 4 documents." in call(
        "record", "show", "NOR", "CHL", "--db", str(db)
    )[0].replace("\n", " ")
    assert (
        "No documents between these dates."
        in call("record", "show", "NOR", "POL", "--since", "2030", "--db", str(db))[0]
    )


def test_two_can_look_at_once_but_not_while_one_adds(db: Path, folder: Path) -> None:
    with Record(db, read_only=True) as book:
        assert len(book) == 4
        assert json.loads(run("record", "info", "--db", str(db), "--json").stdout)["documents"] == 4
        done = run("record", "add", str(folder / "one.txt"), "--db", str(db), ok=False)
        assert done.returncode == 2 and "the record is in use by another process" in done.stderr
        with pytest.raises(Exception, match="read-only"):
            book.select("DELETE FROM documents").__next__()


def test_nothing_read_leaves_no_record(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "f.txt").write_text(
        "Le gouvernement polonais a condamné la Norvège pour ses actes en mer.", encoding="utf-8"
    )
    done = run("record", "add", str(tmp_path / "f.txt"), "--db", str(tmp_path / "r.duckdb"), ok=False)
    assert done.returncode == 2 and "in French" in done.stderr and "nothing could be read" in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["f.txt"]


def test_export(call: Call, db: Path, folder: Path) -> None:
    for name in ("s.parquet", "s.csv", "s.json"):
        assert str(folder / name) in call("record", "export", str(folder / name), "--db", str(db))[0]
    assert json.loads((folder / "s.json").read_text())["kind"] == "record"


def test_errors_are_one_line(refused: Callable[..., str], db: Path, folder: Path) -> None:
    assert "nearest known is 'POL' (Poland)" in refused("record", "show", "NOR", "Polnd", "--db", str(db))
    assert "there is no record yet" in refused("record", "info", "--db", str(folder / "none.duckdb"))
    assert not (folder / "none.duckdb").exists()
    assert "no such file" in refused("record", "add", str(folder / "none.txt"), "--db", str(folder / "n.duckdb"))
    assert not (folder / "n.duckdb").exists()
    backwards = ("--since", "2026", "--until", "2025-06", "--db", str(db))
    assert "until: from 2026-01-01 until 2025-06-30" in refused("record", "show", "NOR", "POL", *backwards)
    assert "is no format" in refused("record", "show", "NOR", "POL", "--db", str(db), "--plot", str(folder / "d.png"))
    assert "column: 'txt' is not" in refused("read", str(folder / "t.jsonl"), "--column", "txt=body")
    assert "format: 'jsnl' is not" in refused("read", str(folder / "t.jsonl"), "--format", "jsnl")
    assert "add --fetch" in refused("read", "https://example.org/x")
    assert "give one document" in refused("read", str(folder / "t.jsonl"), "--html", str(folder / "x.html"))
    assert not (folder / "x.html").exists()


def test_read_files_of_many_kinds(call: Call, folder: Path) -> None:
    data = json.loads(call("read", str(folder / "one.txt"), "--json")[0])
    assert (data["kind"], data["document"]["date"]) == ("reading", "2025-05-05")
    out, err = call("read", str(folder / "t.jsonl"), "--json")
    many = json.loads(out)
    assert many["kind"] == "readings" and len(many["readings"]) == 2 and len(many["refused"]) == 3
    assert err.count("not read: ") == 3
    outs = {k: folder / f"o.{k}" for k in ("html", "jsonl", "parquet", "csv")}
    options = [part for kind, path in outs.items() for part in (f"--{kind}", str(path))]
    assert call("read", str(folder / "one.txt"), *options)[0] == ""
    assert all(path.stat().st_size > 100 for path in outs.values())


def test_read_standard_input(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "multialign.cli", "read", "-", "--json", "--date", "2020-01-02"],
        input=(folder / "one.txt").read_bytes(), capture_output=True, check=True, env=os.environ,
    )  # fmt: skip
    assert json.loads(done.stdout)["document"]["date"] == "2020-01-02"

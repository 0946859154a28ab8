"""The record: append-only, whole documents, queries by dyad and date."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from multialign.errors import InputError
from multialign.reading import Reading, bulk, record
from multialign.reading.documents import from_text
from multialign.reading.inputs import Refused
from multialign.reading.record import Rows, rows
from multialign.reading.record.export import columns, export
from tests.reading.files import threads

ONE = "Norway offered Poland new energy cooperation."
TWO = "Norway offered Finland new energy cooperation. Norway condemned Belarus."


def test_adding_twice_changes_nothing(tmp_path: Path, say) -> None:
    path = tmp_path / "record.duckdb"
    reading = say(ONE, date="2025-01-10")
    with record.Record(path) as book:
        assert book.add(reading) is True
        before = book.to_json()
        assert book.add(reading) is False
        assert book.add(say(ONE, date="2025-01-10", name="other name")) is False
        assert book.to_json() == before and len(book) == 1
        assert reading.document.sha256 in book and "0" * 64 not in book
    with record.Record(path) as book:
        assert book.to_json() == before and book.add(reading) is False


def test_query_by_dyad_and_date(say) -> None:
    with record.Record() as book:
        assert book.add_all([say(TWO, date="2025-02-20"), say(ONE, date="2025-01-10")]) == 2
        assert [s.target for _, s in book.statements(source="NOR")] == ["POL", "FIN", "BLR"]
        assert [s.event for _, s in book.statements(source="nor", target="BLR")] == ["ACCUSE"]
        assert [s.target for _, s in book.statements(since="2025-02-01")] == ["FIN", "BLR"]
        assert [s.target for _, s in book.statements(until="2025-01-10")] == ["POL"]
        assert book.statements(source="POL") == []
        sha, statement = book.statements(target="POL")[0]
        document = book.document(sha)
        assert document["text"][statement.start : statement.end] == statement.text
        assert document["date"] == "2025-01-10"
        with pytest.raises(InputError, match="not a date"):
            book.statements(since="soon")
        with pytest.raises(InputError, match="no document"):
            book.document("f" * 64)


def test_parallel_offers_over_documents(say) -> None:
    with record.Record() as book:
        book.add_all([say(ONE, date="2025-01-10"), say(TWO, date="2025-02-20")])
        pairs = book.parallel(source="NOR", days=60)
        assert [(a[1].target, b[1].target) for a, b in pairs] == [("POL", "FIN")]
        assert book.parallel(source="NOR", days=10) == []


def test_balance_leaves_views_out(say) -> None:
    with record.Record() as book:
        book.add(say("Norway condemned Belarus. Analysts say that Norway relies on Germany.", date="2025-01-01"))
        assert book.balance() == [{"source": "NOR", "target": "BLR", "statements": 1, "valence": -3.0}]


def test_a_document_goes_in_whole_or_not_at_all(say, monkeypatch: pytest.MonkeyPatch) -> None:
    reading = say(ONE, date="2025-01-10")
    with record.Record() as book:
        broken = reading.model_copy(update={"statements": [*reading.statements, reading.statements[0]]})
        with pytest.raises(Exception, match=r"(?i)constraint|duplicate"):
            book.add(broken)
        assert len(book) == 0 and book.statements() == []
        assert book.add(reading) is True


def test_not_a_record(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("this is no database, but it is long enough to be looked at" * 100)
    with pytest.raises(InputError, match="cannot be opened as a record"):
        record.Record(path)
    with pytest.raises(InputError, match="this is a directory"):
        record.Record(tmp_path)
    with pytest.raises(InputError, match="cannot be made"):
        record.Record(path / "r.duckdb")
    with duckdb.connect(str(tmp_path / "other.duckdb")) as other:
        other.execute("CREATE TABLE t (x INTEGER)")
    with pytest.raises(InputError, match="a database, but no record"):
        record.Record(tmp_path / "other.duckdb")
    record.Record(tmp_path / "old.duckdb").close()
    with duckdb.connect(str(tmp_path / "old.duckdb")) as old:
        old.execute("UPDATE meta SET version = 1")
    with pytest.raises(InputError, match="a record of version 1; this program reads version 2"):
        record.Record(tmp_path / "old.duckdb")
    assert path.read_text().startswith("this is no database")


def test_export(say) -> None:
    with record.Record() as book:
        book.add(say(ONE, date="2025-01-10"))
        out = json.loads(book.to_json())
    assert out["kind"] == "record" and out["readings"][0]["statements"][0]["id"] == "s1"


def test_export_and_json_agree(say, tmp_path: Path) -> None:
    with record.Record(tmp_path / "r.duckdb") as book:
        book.add_all([say(ONE, date="2025-01-10"), say(TWO, date="2025-02-20"), say("Finland met Chile.")])
        assert export(book, tmp_path / "a.json") == 3
        whole = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
        assert whole == json.loads(book.to_json())
        n = sum(len(r["statements"]) for r in whole["readings"])
        assert export(book, tmp_path / "s.parquet") == n == export(book, tmp_path / "s.csv")
        rows = duckdb.read_parquet(str(tmp_path / "s.parquet"))
        assert rows.columns == [name for name, _ in columns("statements")]
        texts = {r["document"]["sha256"]: r["document"]["text"] for r in whole["readings"]}
        for sha, start, end, text in rows.select('sha256, "start", "end", "text"').fetchall():
            assert texts[sha][start:end] == text
        assert export(book, tmp_path / "o.csv", "offers") == sum(len(r["offers"]) for r in whole["readings"])
        assert export(book, tmp_path / "d.parquet", "documents") == 3
        before = (tmp_path / "s.csv").read_bytes()
        with pytest.raises(InputError, match="is no format"):
            export(book, tmp_path / "s.xls")
        with pytest.raises(InputError, match="nearest known is 'offers'"):
            export(book, tmp_path / "s.csv", "offer")
        assert (tmp_path / "s.csv").read_bytes() == before and not list(tmp_path.glob(".*"))


def test_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("MULTIALIGN_RECORD", raising=False)
    assert record.place("x.duckdb") == Path("x.duckdb")
    assert record.place().name == "record.duckdb" and "multialign" in str(record.place())
    monkeypatch.setenv("MULTIALIGN_RECORD", str(tmp_path / "mine.duckdb"))
    assert record.place() == tmp_path / "mine.duckdb"


def batches(readings: list[Reading], fail: bool = False) -> Iterator[bulk.Batch[Rows | Refused]]:
    """A reading a batch; at the end, where asked for, what breaks a run."""
    for k, reading in enumerate(readings):
        yield bulk.Batch([rows(reading)], [Refused(InputError(f"bad {k}"))], k)
    if fail:
        raise KeyboardInterrupt


def test_batches_are_kept_together_and_counted(say, monkeypatch: pytest.MonkeyPatch) -> None:
    readings = [say(ONE), say(TWO), say(ONE), say("Finland met Chile.")]
    monkeypatch.setattr(bulk, "POOL_DOCUMENTS", 2)
    with record.Record() as book:
        steps = list(bulk.keep(book, batches(readings), lines=3))
        assert [s.added for s in steps] == [0, 2, 2, 3, 3]
        assert [s.documents for s in steps] == [2, 5, 9, 14, 14]
        done = steps[-1]
        assert (done.known, done.refused, done.not_read) == (7, 4, ("bad 0", "bad 1", "bad 2"))
        assert len(book) == 3 and done.statements == len(book.statements()) > 0


def test_what_was_read_before_an_end_is_kept(say) -> None:
    for stop in ("fail", "leave"):
        with record.Record() as book:
            run = bulk.keep(book, batches([say(ONE), say(TWO)], fail=stop == "fail"))
            if stop == "fail":
                with pytest.raises(KeyboardInterrupt):
                    list(run)
            else:
                next(run)
                run.close()
            assert len(book) == (2 if stop == "fail" else 1)


def test_read_only(tmp_path: Path, say) -> None:
    path = tmp_path / "r.duckdb"
    with pytest.raises(InputError, match="cannot be opened as a record"):
        record.Record(path, read_only=True)
    assert not path.exists()
    with record.Record(path) as book:
        book.add(say(ONE, date="2025-01-10"))
    with record.Record(path, read_only=True) as book:
        assert len(book) == 1 and book.dyad("NOR", "POL").months[0].documents == 1
        with pytest.raises(duckdb.Error, match="read-only"):
            book.add(say(TWO))


def test_reading_processes_keep_to_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "BATCH_DOCUMENTS", 1)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "7")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    items = [from_text(ONE), from_text(TWO)]
    found = [result for batch in bulk._run(items, threads, 2, None) for result in batch.results]
    assert [n for n, _ in found] == ["1", "1"] and os.getpid() not in {pid for _, pid in found}
    assert os.environ["OPENBLAS_NUM_THREADS"] == "7" and "OMP_NUM_THREADS" not in os.environ


def test_a_full_disk_is_one_clear_error_and_keeps_what_was_there(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    script = f"""
import resource, signal, sys
from multialign.errors import MultialignError
from multialign.reading import read_text
from multialign.reading.record import Record
readings = [read_text(f"Norway and Poland signed agreement {{i}} on gas." + " Word." * 400) for i in range(60)]
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with Record(r"{tmp_path / "r.duckdb"}") as book:
    book.add(readings[0])
resource.setrlimit(resource.RLIMIT_FSIZE, (120_000, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
try:
    with Record(r"{tmp_path / "r.duckdb"}") as book:
        for reading in readings[1:]:
            book.add(reading)
except MultialignError as error:
    print("told:", error)
"""
    assert resource.RLIMIT_FSIZE
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False)
    assert "told: " in done.stdout and "cannot be written" in done.stdout, done.stdout + done.stderr
    with record.Record(tmp_path / "r.duckdb") as book:
        assert len(book) >= 1

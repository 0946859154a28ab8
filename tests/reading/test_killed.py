"""A run that is killed loses nothing: started again, it ends where an undisturbed one does."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from multialign.reading.record import Record
from multialign.reading.record.export import export

pytestmark = pytest.mark.slow

STATES = ("Norway", "Poland", "Finland", "Chile", "Peru", "India", "Japan", "Kenya")
DEEDS = ("signed a trade agreement with", "condemned", "threatened to impose sanctions on", "sent aid to", "praised")
N = 210
SMALL_BATCHES = (
    "from multialign.reading import bulk\nbulk.BATCH_DOCUMENTS = bulk.POOL_DOCUMENTS = 15\n"
    "from multialign.cli import main\n"
    "if __name__ == '__main__':\n    main()\n"
)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table of short documents, every ninth a reprint of the one before."""
    chance = random.Random(11)  # noqa: S311
    path = tmp_path_factory.mktemp("table") / "t.jsonl"
    lines, last = [], ""
    for k in range(N):
        one, two, three = chance.sample(STATES, 3)
        text = (
            f"{one} {chance.choice(DEEDS)} {two} on day {k}, the ministry said in note {chance.random():.5f}. "
            f"{two} {chance.choice(DEEDS)} {three} as well, in the same week and for reasons of its own number {k}."
        )
        if k % 9 == 8:
            text = last.replace("the ministry said", "the government said")
        last = text
        lines.append(json.dumps({"id": str(k), "text": text, "date": f"2024-{1 + k * 12 // N:02d}-{1 + k % 28:02d}"}))
    path.write_text("\n".join([*lines[:150], "{broken", *lines[150:]]), encoding="utf-8")
    return path


def command(db: Path, table: Path, workers: int) -> list[str]:
    return [
        sys.executable, "-c", SMALL_BATCHES, "record", "add", str(table), "--db", str(db), "--workers", str(workers),
        "--json",
    ]  # fmt: skip


def contents(db: Path, folder: Path) -> tuple[object, ...]:
    """Everything that the record says, whatever the order of adding."""
    with Record(db) as book:
        out = []
        for name in ("statements", "offers", "documents"):
            export(book, folder / f"{name}.parquet", name)
            out.append(duckdb.read_parquet(str(folder / f"{name}.parquet")).order("ALL").fetchall())
        return (*out, book.stories(), book.dyad("NOR", "POL").to_dict(), book.info()["dyads"])


@pytest.fixture(scope="module")
def undisturbed(table: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[object, ...]:
    folder = tmp_path_factory.mktemp("whole")
    done = subprocess.run(command(folder / "r.duckdb", table, 1), capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    assert (report["added"], report["refused"], report["known"]) == (N, 1, 0)
    assert report["not_read"] and f"{table}:151: not JSON" in report["not_read"][0]
    return contents(folder / "r.duckdb", folder)


def killed_after_a_commit(db: Path, table: Path, workers: int, later: float) -> bool:
    """Start a run, wait until it has written, then a little `later`, and kill it. False where it was done by then."""
    log = db.with_name(db.name + ".wal")
    before = log.stat().st_size if log.exists() else 0
    process = subprocess.Popen(command(db, table, workers), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while process.poll() is None and (not log.exists() or log.stat().st_size <= before + 60_000):
            time.sleep(0.01)
        time.sleep(later)
        alive = process.poll() is None
    finally:
        process.kill()
        process.wait()
    time.sleep(0.3)  # its workers go by themselves
    return alive


def test_killed_at_random_and_started_again(table: Path, tmp_path: Path, undisturbed: tuple[object, ...]) -> None:
    db = tmp_path / "r.duckdb"
    chance = random.Random(5)  # noqa: S311
    kept = [0]
    for workers in (1, 2, 1):
        killed_after_a_commit(db, table, workers, chance.uniform(0, 0.15))
        with Record(db) as book:
            kept.append(len(book))
            torn = book.select(
                "SELECT count(*) FROM documents WHERE doc NOT IN (SELECT doc FROM stories) "
                "OR (SELECT count(*) FROM buckets b WHERE b.doc = documents.doc) <> 16"
            )
            assert next(torn) == (0,)
    assert kept == sorted(kept), "documents were lost"
    assert 0 < kept[1] < N, "never killed half-way"
    done = subprocess.run(command(db, table, 1), capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    assert report["known"] == kept[-1] and report["known"] + report["added"] == N
    assert contents(db, tmp_path) == undisturbed
    again = json.loads(subprocess.run(command(db, table, 1), capture_output=True, text=True, check=True).stdout)
    assert (again["added"], again["known"]) == (0, N)


def test_workers_and_order_change_nothing(table: Path, tmp_path: Path, undisturbed: tuple[object, ...]) -> None:
    lines = [line for line in table.read_text(encoding="utf-8").split("\n") if line != "{broken"]
    random.Random(2).shuffle(lines)  # noqa: S311
    other = tmp_path / "t.jsonl"
    other.write_text("\n".join(lines), encoding="utf-8")
    subprocess.run(command(tmp_path / "r.duckdb", other, 2), capture_output=True, check=True)

    def timeless(found: tuple[object, ...]) -> list[object]:
        """Without the line of the table that each document stood in."""
        documents = found[2]
        assert isinstance(documents, list)
        rest = [row[:5] + row[6:] for row in documents]
        return [*found[:2], rest, *found[3:]]

    assert timeless(contents(tmp_path / "r.duckdb", tmp_path)) == timeless(undisturbed)


def test_the_workers_go_when_the_parent_is_killed(table: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        command(tmp_path / "r.duckdb", table, 2), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    children: set[int] = set()
    end = time.monotonic() + 20
    while len(children) < 2 and time.monotonic() < end and process.poll() is None:
        found = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        if not found.exists():
            process.kill()
            process.wait()
            pytest.skip("the system does not say which processes are whose")
        children = set(map(int, found.read_text().split()))
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    end = time.monotonic() + 15
    while time.monotonic() < end and any(_alive(child) for child in children):
        time.sleep(0.1)
    assert not any(_alive(child) for child in children)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_second_process_gets_one_clear_error(tmp_path: Path) -> None:
    db = tmp_path / "r.duckdb"
    with Record(db):
        done = subprocess.run(
            [sys.executable, "-m", "multialign.cli", "record", "info", "--db", str(db)], capture_output=True, text=True
        )
    assert done.returncode == 2
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1 and f"{db}: the record is in use by another process (process {os.getpid()})" in lines[0]


def test_ctrl_c_keeps_what_was_read(table: Path, tmp_path: Path) -> None:
    db = tmp_path / "r.duckdb"
    log = tmp_path / "r.duckdb.wal"
    process = subprocess.Popen(command(db, table, 1), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while process.poll() is None and (not log.exists() or log.stat().st_size <= 60_000):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    if process.returncode == 0:
        pytest.skip("done before it could be stopped")
    assert process.returncode == 130 and out == "" and "Traceback" not in err
    with Record(db) as book:
        assert 0 < len(book) < N

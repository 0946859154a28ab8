"""Read an archive of short documents whole into a record, and print what it takes as a Markdown table.

    python benchmarks/reading_archive.py [ARCHIVE.jsonl[.gz]] [--workers 1 2]

The archive is a table with columns `text` and `date`; by default the 115,830 paragraphs of world news that the project
is measured on, kept beside the project. Where it is not there, nothing is run and the exit code is 0. Each run is the
command `multialign record add --paragraphs`, in a process of its own, with a new record. Memory is the sum over all of
its processes, with what they share counted once (Linux alone), looked at once a second.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ARCHIVE = Path(__file__).resolve().parents[2] / "shared" / "corpus" / "current_events.jsonl.gz"
HEAD = (
    "| processes that read | documents | sentences | statements | seconds | sentences/s "
    "| parent, CPU s | readers, CPU s | memory, MB | record, MB |"
)


@dataclass
class Cost:
    """What a command has taken: wall time in s, CPU time of its first process and of the others in s, peak memory in MB
    (nan where the system does not say)."""

    seconds: float = 0.0
    first: float = 0.0
    others: float = 0.0
    memory: float = float("nan")


def measured(command: list[str]) -> tuple[str, Cost]:
    """Run a command; what it prints, and what it took. Raises CalledProcessError when it fails."""
    cost, times = Cost(), {}
    start = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out:
        with subprocess.Popen(command, stdout=out, text=True) as process:
            while process.poll() is None:
                tree = family(process.pid)
                times |= {pid: used for pid in tree if (used := cpu_seconds(pid)) is not None}
                memory = sum(megabytes(pid) for pid in tree)
                if memory:
                    cost.memory = memory if cost.memory != cost.memory else max(cost.memory, memory)
                time.sleep(1)
        cost.seconds = time.perf_counter() - start
        cost.first = times.pop(process.pid, float("nan"))
        cost.others = sum(times.values())
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
        out.seek(0)
        return out.read(), cost


def family(pid: int) -> list[int]:
    """A process and all that it started, as far as the system tells."""
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [pid, *(member for child in found for member in family(int(child)))]
    except OSError:
        return [pid]


def cpu_seconds(pid: int) -> float | None:
    """CPU time of a process so far, in s."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def megabytes(pid: int) -> float:
    """Memory of a process in MB, its part of what it shares with others."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024 / 1e6
    except OSError:
        pass
    return 0.0


def row(archive: Path, workers: int) -> str:
    """One line of the table."""
    from multialign.reading.record import Record

    with tempfile.TemporaryDirectory() as folder:
        db = Path(folder) / "record.duckdb"
        out, cost = measured(
            [sys.executable, "-m", "multialign.cli", "record", "add", str(archive), "--paragraphs", "--db", str(db),
             "--workers", str(workers), "--json", "--quiet"]
        )  # fmt: skip
        done = json.loads(out)
        with Record(db) as record:
            sentences = int(next(record.select("SELECT sum(n_sentences) FROM documents"))[0])
        size = db.stat().st_size / 1e6
    cells = (
        f"{workers}", f"{done['documents']:,}", f"{sentences:,}", f"{done['statements']:,}", f"{cost.seconds:.0f}",
        f"{sentences / cost.seconds:,.0f}", f"{cost.first:.0f}", f"{cost.others:.0f}", f"{cost.memory:,.0f}",
        f"{size:.0f}",
    )  # fmt: skip
    return "| " + " | ".join(cells) + " |"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("archive", nargs="?", type=Path, default=ARCHIVE)
    parser.add_argument("--workers", nargs="+", type=int, default=[2])
    given = parser.parse_args()
    if not given.archive.exists():
        print(f"left out: no archive at {given.archive}", file=sys.stderr)
        return 0
    print(f"{HEAD}\n|{'---|' * (HEAD.count('|') - 1)}", flush=True)
    for workers in given.workers:
        print(row(given.archive, workers), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

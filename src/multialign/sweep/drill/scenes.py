"""The scenes of the drill: what goes wrong in each, and what must be there afterwards."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from multialign.sweep.drill.material import write_notes, write_plan
from multialign.sweep.drill.stage import Actor, Stage, free_port, listening, scheduler, worker

NOTES = 180
LITTLE = 300_000
"""Bytes beyond which no file may grow where the disk is full: a tenth of what the record needs."""


@dataclass
class Play:
    """What the scenes share: the stage, chance, the material, and what undisturbed runs gave."""

    stage: Stage
    chance: random.Random
    cases: int = 256
    plan: Path = Path()
    notes: Path = Path()
    sweep_files: dict[str, bytes] = field(default_factory=dict)
    record_text: bytes = b""
    sweep_seconds: float = 1.0
    record_seconds: float = 1.0
    places: int = 0

    def prepare(self) -> None:
        """Make the material, and do all the work once undisturbed."""
        folder = self.stage.folder
        self.plan = write_plan(folder, self.cases)
        self.notes = write_notes(folder / "notes.jsonl", NOTES)
        for _ in range(2):  # the first run also compiles
            began = time.monotonic()
            place = self.place("calm")
            must(self.sweep(place), 0)
            self.sweep_seconds = time.monotonic() - began
        self.sweep_files = files(place)
        began = time.monotonic()
        db = self.place("calm").with_suffix(".duckdb")
        must(self.stage.start(add_notes, str(db), str(self.notes)), 0)
        self.record_seconds = time.monotonic() - began
        self.record_text = self.contents(db)

    def place(self, name: str) -> Path:
        """A new path."""
        self.places += 1
        return self.stage.folder / f"{name}-{self.places}"

    def sweep(self, out: Path, *more: str, **limits: Any) -> Actor:
        """Start the sweep; alone, unless more says otherwise."""
        return self.stage.command(
            "sweep", str(self.plan), "--out", str(out), "--quiet", *(more or ("--workers", "1")), **limits
        )

    def contents(self, db: Path) -> bytes:
        """Everything that a record says, as sorted text."""
        out = self.place("said").with_suffix(".json")
        must(self.stage.start(write_contents, str(db), str(out)), 0)
        return out.read_bytes()

    def pause(self, actor: Actor, most: float) -> bool:
        """Let a process work for a random time; whether it still does."""
        return actor.after(self.chance.uniform(0, most))


def must(actor: Actor, code: int) -> Actor:
    """Wait for a process, which must leave with this code."""
    found = actor.wait()
    if found != code:
        raise AssertionError(f"left with {found}, not {code}: {actor.error().strip()[-600:]}")
    return actor


def same(found: object, want: object, what: str) -> None:
    """Two things must be equal."""
    if found != want:
        raise AssertionError(f"{what} differ from those of an undisturbed run")


def files(place: Path) -> dict[str, bytes]:
    """All files of a sweep's results; what is half-written counts too."""
    return {str(p.relative_to(place)): p.read_bytes() for p in place.rglob("*") if p.is_file() and p.name != ".lock"}


def parts(place: Path) -> int:
    """Parts that are finished."""
    return len(list((place / "done").glob("*.json")))


# What the forked processes do.


def add_notes(db: str, notes: str, address: str | None = None) -> None:
    """Read the notes into a record, in small batches."""
    from multialign.reading import bulk, inputs
    from multialign.reading.record import Record
    from multialign.sweep.archive import record_rows

    bulk.BATCH_DOCUMENTS, bulk.POOL_DOCUMENTS = 10, 10
    sources = inputs.sources([notes])
    with Record(db) as record:
        if address is None:
            batches = bulk.record_rows(sources, 1, record.known)
        else:
            batches = record_rows(sources, scheduler=address, known=record.known)
        for _ in bulk.keep(record, batches):
            pass


def hold_record(db: str) -> None:
    """Hold a record until killed."""
    from multialign.reading.record import Record

    with Record(db):
        Path(f"{db}.held").touch()
        time.sleep(600)


def write_contents(db: str, out: str) -> None:
    """Everything in a record, whatever the order in which it came there."""
    import json

    from multialign.reading.record import Record

    with Record(db) as record:
        torn = next(iter(record.select("SELECT count(*) FROM documents WHERE doc NOT IN (SELECT doc FROM stories)")))
        body = {"torn": torn, "readings": list(record.readings()), "stories": record.stories()}
    Path(out).write_text(json.dumps(body, sort_keys=True), encoding="utf-8")


# The scenes. Each returns what it did and what survived, in words, and raises AssertionError where anything was lost.

Told = tuple[str, str]


def sweep_killed(play: Play, times: int) -> Told:
    """kill -9 on a sweep, at random moments, and the same command again, until it is done."""
    kills = runs = kept = sweeps = 0
    while kills < times:
        place, done = play.place("sweep"), 0
        sweeps += 1
        while True:
            actor = play.sweep(place)
            runs += 1
            if kills < times and play.pause(actor, 1.1 * play.sweep_seconds):
                kills += actor.kill()
                now = parts(place)
                if now < done:
                    raise AssertionError(f"{done - now} finished parts were lost")
                done = now
                continue
            must(actor, 0)
            break
        kept += done
        same(files(place), play.sweep_files, "the sweep's files")
        shutil.rmtree(place)
    return (
        f"{kills} kills in {runs} runs of {sweeps} sweeps",
        f"all files of {sweeps} sweeps, byte for byte; {kept} parts finished before a kill were not made again",
    )


def writer_killed(play: Play, times: int) -> Told:
    """kill -9 on the process that adds notes to a record, and the same command again, until it is done."""
    kills = runs = records = 0
    while kills < times:
        db = play.place("record").with_suffix(".duckdb")
        records += 1
        while True:
            actor = play.stage.start(add_notes, str(db), str(play.notes))
            runs += 1
            if kills < times and play.pause(actor, 1.1 * play.record_seconds):
                kills += actor.kill()
                continue
            must(actor, 0)
            break
        same(play.contents(db), play.record_text, "the record's contents")
    return (
        f"{kills} kills in {runs} runs on {records} records",
        f"all {NOTES} documents once each, with their statements and stories, in {records} records",
    )


class Cluster:
    """A scheduler and workers, all of them processes of the drill."""

    def __init__(self, play: Play, workers: int = 2) -> None:
        self.play, self.port = play, free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.scheduler = play.stage.start(scheduler, self.port)
        if not listening(self.port):
            raise AssertionError("the scheduler did not start")
        self.workers = [self.hire() for _ in range(workers)]

    def hire(self) -> Actor:
        """Another worker."""
        return self.play.stage.start(worker, self.port, str(self.play.stage.folder / "dask"))

    def close(self) -> None:
        """End all of them."""
        for actor in (*self.workers, self.scheduler):
            actor.kill()


def _with_workers_killed(play: Play, times: int, most: float, start: Callable[[str], Actor]) -> tuple[int, Actor]:
    """Start some work on a cluster and kill workers at random moments, each replaced by a new one."""
    cluster, kills = Cluster(play), 0
    actor = start(cluster.address)
    try:
        while kills < times and play.pause(actor, most):
            kills += cluster.workers.pop(0).kill()
            cluster.workers.append(cluster.hire())
        must(actor, 0)
    finally:
        cluster.close()
    return kills, actor


def workers_killed(play: Play, times: int) -> Told:
    """kill -9 on the workers of a cluster that solves a sweep."""
    kills = sweeps = 0
    while kills < times:
        place = play.place("sweep")
        more, _ = _with_workers_killed(
            play, times - kills, play.sweep_seconds,
            lambda at, place=place: play.sweep(place, "--scheduler", at),  # type: ignore[misc]
        )  # fmt: skip
        kills, sweeps = kills + more, sweeps + 1
        found = {k: v for k, v in files(place).items() if not k.endswith(".part")}
        same(found, play.sweep_files, "the sweep's files")
    return f"{kills} workers killed in {sweeps} sweeps", "every sweep ended by itself, with all its files byte for byte"


def readers_killed(play: Play, times: int) -> Told:
    """kill -9 on the workers of a cluster that reads an archive into a record."""
    kills = records = 0
    while kills < times:
        db = play.place("record").with_suffix(".duckdb")
        more, _ = _with_workers_killed(
            play, times - kills, play.record_seconds,
            lambda at, db=db: play.stage.start(add_notes, str(db), str(play.notes), at),  # type: ignore[misc]
        )  # fmt: skip
        kills, records = kills + more, records + 1
        same(play.contents(db), play.record_text, "the record's contents")
    return f"{kills} workers killed while reading into {records} records", f"all {NOTES} documents once each"


def scheduler_killed(play: Play, times: int) -> Told:
    """kill -9 on the scheduler: the command says so in one line, and goes on with a new scheduler."""
    kills = sweeps = 0
    while kills < times:
        place = play.place("sweep")
        sweeps += 1
        while True:
            cluster = Cluster(play)
            actor = play.sweep(place, "--scheduler", cluster.address)
            try:
                if kills < times and play.pause(actor, 1.5 * play.sweep_seconds + 1.0):
                    kills += cluster.scheduler.kill()
                    if must_be_told(actor):
                        continue
                else:
                    must(actor, 0)
                break
            finally:
                cluster.close()
        found = {k: v for k, v in files(place).items() if not k.endswith(".part")}
        same(found, play.sweep_files, "the sweep's files")
    return f"{kills} schedulers killed in {sweeps} sweeps", "one clear error each time; then all files byte for byte"


def must_be_told(actor: Actor) -> bool:
    """Whether a command ended with one line of error (it may also just have been done)."""
    code = actor.wait(120)
    if code == 0:
        return False
    lines = actor.error().strip().splitlines()
    if code not in (1, 2) or not lines or not lines[-1].startswith("error: ") or "Traceback" in actor.error():
        raise AssertionError(f"left with {code} and said {actor.error()[-400:]!r}")
    return True


def full_disk(play: Play, times: int) -> Told:
    """No space left: on a small file system of its own where the system allows it, and by a limit on a file's size."""
    did, survived = [], []
    big = max(len(b) for b in play.sweep_files.values())
    place = play.place("sweep")
    if not must_be_told(play.sweep(place, most_bytes=int(0.7 * big))):
        raise AssertionError("a file grew beyond its limit")
    left = list(place.rglob("*.part"))
    if left:
        raise AssertionError(f"half-written files were left: {left}")
    must(play.sweep(place), 0)
    same(files(place), play.sweep_files, "the sweep's files")
    did.append("a limit on a file's size hit in a sweep")
    db = play.place("record").with_suffix(".duckdb")
    limited = play.stage.start(_limited_notes, str(db), str(play.notes), LITTLE)
    if limited.wait(120) == 0:
        raise AssertionError("the record never met its limit")
    must(play.stage.start(add_notes, str(db), str(play.notes)), 0)
    same(play.contents(db), play.record_text, "the record's contents")
    did.append("and in a record")
    survived.append("what was written before, whole; complete after the next run")
    found = _tiny_file_system(play)
    did.append(found)
    return "; ".join(did), "; ".join(survived)


def _limited_notes(db: str, notes: str, most: int) -> None:
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    add_notes(db, notes)


_IN_A_TINY_FILE_SYSTEM = """
set -e
mount -t tmpfs -o "size=$5k" none "$1"
rc=0; "$2" -m multialign.cli sweep "$3" --out "$1/out" --workers 1 --quiet || rc=$?
test $rc -eq 1 || exit 81
test -z "$(find "$1" -name '*.part')" || exit 82
mount -o remount,size=64m "$1"
"$2" -m multialign.cli sweep "$3" --out "$1/out" --workers 1 --quiet > /dev/null
cp -r "$1/out" "$4"
"""


def _tiny_file_system(play: Play) -> str:
    """A sweep on a file system of half the size that it needs, which then grows; where the system lets us mount one."""
    mount, out = play.place("tiny"), play.place("copied")
    half = sum(-(-len(body) // 4_096) for body in play.sweep_files.values()) * 2
    mount.mkdir()
    try:
        done = subprocess.run(
            ["unshare", "--mount", "--map-root-user", "bash", "-c", _IN_A_TINY_FILE_SYSTEM, "drill",
             str(mount), sys.executable, str(play.plan), str(out), str(half)],
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return "no file system of its own could be mounted here"
    if "mount" in done.stderr.lower() and done.returncode in (1, 32):
        return "no file system of its own could be mounted here"
    if done.returncode:
        raise AssertionError(f"on a full file system: {done.returncode}: {done.stderr[-400:]}")
    same(files(out), play.sweep_files, "the sweep's files")
    return f"a file system of {half} KiB filled by a sweep, then enlarged"


def two_at_once(play: Play, times: int) -> Told:
    """Two processes on one record, and on one sweep: the second is told so and changes nothing."""
    db = play.place("record").with_suffix(".duckdb")
    holder = play.stage.start(hold_record, str(db))
    end = time.monotonic() + 60
    while not Path(f"{db}.held").exists() and time.monotonic() < end:
        time.sleep(0.05)
    second = play.stage.command("record", "add", str(play.notes), "--db", str(db), "--workers", "1", "--quiet")
    if not must_be_told(second) or "in use by another process" not in second.error():
        raise AssertionError(f"the second was not told: {second.error()[-300:]}")
    holder.kill()
    must(play.stage.start(add_notes, str(db), str(play.notes)), 0)
    same(play.contents(db), play.record_text, "the record's contents")
    place = play.place("sweep")
    first = play.sweep(place)
    while not (place / "plan.json").exists() and first.after(0.02):
        pass
    other = play.sweep(place)
    told = must_be_told(other)
    must(first, 0)
    must(play.sweep(place), 0)
    same(files(place), play.sweep_files, "the sweep's files")
    said = "the second was told in one line" if told else "the second came when the first was done"
    return "a record and a sweep, each wanted by two processes", f"{said}; nothing was lost or doubled"


def clock_set_back(play: Play, times: int) -> Told:
    """All files are a year ahead of the clock, as after a clock that was wrong is set right; then work goes on."""
    place, db = play.place("sweep"), play.place("record").with_suffix(".duckdb")
    for start in (lambda: play.sweep(place), lambda: play.stage.start(add_notes, str(db), str(play.notes))):
        actor = start()
        actor.after(0.6 * play.sweep_seconds)
        actor.kill()
    ahead = time.time() + 365 * 86_400
    for path in (*place.rglob("*"), *db.parent.glob(f"{db.name}*"), play.plan, play.notes):
        os.utime(path, (ahead, ahead))
    must(play.sweep(place), 0)
    same(files(place), play.sweep_files, "the sweep's files")
    must(play.stage.start(add_notes, str(db), str(play.notes)), 0)
    same(play.contents(db), play.record_text, "the record's contents")
    return "files a year ahead of the clock, in the middle of a sweep and of a record", "both went on and are complete"

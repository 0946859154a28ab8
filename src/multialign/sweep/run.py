"""`sweep`: a plan, solved part by part, on one process or many; what is finished stays finished."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from multialign import __version__
from multialign.errors import InputError
from multialign.sweep import cluster
from multialign.sweep.plan import Plan, load_plan
from multialign.sweep.store import Store, finished, store, write_part

Progress = Callable[[str, float], None]
MANIFEST = "manifest.json"


class Sweep(BaseModel):
    """What a sweep did.

    place: where the results lie. cases: all of the plan; converged: those with numbers. parts: files of each table;
    parts_done: made by this run, the others were there. seconds: of this run.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = 1
    kind: str = "sweep"
    name: str
    place: str
    plan: str
    cases: int
    converged: int
    parts: int
    parts_done: int
    tables: dict[str, int]
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return self.model_dump(mode="json")


def sweep(
    plan: Plan | str | Path,
    out: str | Path,
    *,
    workers: int | None = None,
    scheduler: str | None = None,
    thorough: bool = False,
    progress: Progress | None = None,
) -> Sweep:
    """Solve every case of a plan and write the results as Parquet, `plan.part` cases a file.

    Parts that are finished at `out` are left as they are, so that a run that was stopped, however, can be repeated and
    goes on. Numbers do not depend on where and with whom a part is solved, bit for bit on like processors; with another
    `plan.part` they differ by less than 1e-9.

    Parameters
    ----------
    plan: or the path of one.
    out: a folder, or an address that fsspec knows (``s3://...``).
    workers: processes on this machine; one works without Dask. By default as many as processors, where Dask is there.
    scheduler: address of a Dask scheduler; its workers must reach `out` and, if it is a file, the plan's world.
    thorough: check the content of finished parts, not their size alone.
    progress: called with a text and the part of the work that is done.

    Raises InputError for a plan or place that cannot be used, MultialignError where the work was cut off.
    """
    began = time.monotonic()
    if not isinstance(plan, Plan):
        plan = load_plan(plan)
    if workers is not None and workers < 1:
        raise InputError(f"{workers} processes", field="--workers", hint="give 1 or more")
    plan = _absolute(plan)
    place = store(out)
    mark = fingerprint(plan)
    step = progress or (lambda text, fraction: None)
    with place.lock():
        done = finished(place, mark, thorough=thorough)
        before = len(done)
        todo = [k for k in range(plan.parts) if k not in done]
        if todo:
            place.write("plan.json", plan.model_dump_json(indent=1).encode())
            step("solving", before / plan.parts)
        for record in _parts(plan, place, mark, todo, workers, scheduler):
            done[record["part"]] = record
            step(f"{len(done):,} of {plan.parts:,} parts", len(done) / plan.parts)
        found = _summary(plan, place, mark, done, before, time.monotonic() - began)
        _write_manifest(place, plan, mark, done)
    return found


def fingerprint(plan: Plan) -> str:
    """What the results rest on, as one hash: the plan, its world, the size of its parts, and this program's version."""
    if plan.world == "embedded":
        from multialign.world.load import manifest

        world = str(manifest()["sha256"])
    else:
        path = Path(plan.world)
        if not path.is_file():
            raise InputError("there is no such file", file=path, field="world")
        world = hashlib.sha256(path.read_bytes()).hexdigest()
    return hashlib.sha256(f"{plan.digest()} {world} {plan.part} {__version__}".encode()).hexdigest()


def make_part(part: int, *, plan: str, out: str, mark: str) -> dict[str, Any]:
    """Solve one part and write it; what a worker runs. `plan`: as JSON. Returns the part's record."""
    from multialign.sweep.part import solve_part

    given = _parsed(plan)
    tables = solve_part(given, part)
    return write_part(store(out), part, mark, tables, converged=int(tables["cases"]["converged"].sum()))


def _parts(
    plan: Plan, place: Store, mark: str, todo: list[int], workers: int | None, scheduler: str | None
) -> Iterator[dict[str, Any]]:
    """Records of the parts as they are made."""
    work = partial(make_part, plan=plan.model_dump_json(), out=place.place, mark=mark)
    if scheduler is None and workers is None:
        workers = min(cluster.processors(), len(todo)) if cluster.has_dask() else 1
    if not todo or (scheduler is None and workers == 1):
        yield from map(work, todo)
        return
    with cluster.client(scheduler, workers) as connected:
        yield from cluster.unordered(connected, work, todo)


def _parsed(plan: str, known: dict[str, Plan] = {}) -> Plan:  # noqa: B006 - one plan is parsed once in each process
    if plan not in known:
        known.clear()
        known[plan] = Plan.model_validate_json(plan)
    return known[plan]


def _absolute(plan: Plan) -> Plan:
    return plan if plan.world == "embedded" else plan.model_copy(update={"world": str(Path(plan.world).absolute())})


def _summary(
    plan: Plan, place: Store, mark: str, done: dict[int, dict[str, Any]], before: int, seconds: float
) -> Sweep:
    return Sweep(
        name=plan.name,
        place=place.place,
        plan=mark,
        cases=plan.cases,
        converged=sum(d["converged"] for d in done.values()),
        parts=plan.parts,
        parts_done=len(done) - before,
        tables=_rows(done),
        seconds=round(seconds, 3),
    )


def _rows(done: dict[int, dict[str, Any]]) -> dict[str, int]:
    rows: dict[str, int] = {}
    for record in done.values():
        for file, what in record["files"].items():
            table = file.partition("/")[0]
            rows[table] = rows.get(table, 0) + what["rows"]
    return rows


def _write_manifest(place: Store, plan: Plan, mark: str, done: dict[int, dict[str, Any]]) -> None:
    """The list of all files with their checksums, and nothing that depends on when or by whom they were made."""
    files = {file: what for k in sorted(done) for file, what in sorted(done[k]["files"].items())}
    body = {
        "version": 1,
        "kind": "sweep-manifest",
        "name": plan.name,
        "plan": mark,
        "multialign": __version__,
        "cases": plan.cases,
        "converged": sum(d["converged"] for d in done.values()),
        "rows": _rows({k: done[k] for k in sorted(done)}),
        "files": files,
    }
    text = (json.dumps(body, indent=1) + "\n").encode()
    if place.read(MANIFEST) != text:
        place.write(MANIFEST, text)

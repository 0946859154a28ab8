"""`multialign sweep`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from multialign.cli.common import Json, Schema, app, emit, no_folder
from multialign.errors import InputError


@app.command()
def sweep(
    plan: Annotated[Path | None, typer.Argument(help="A plan in YAML: scenarios, what varies, the design.")] = None,
    out: Annotated[
        str | None, typer.Option("--out", help="Folder or address (s3://...) of the results; default: the plan's name.")
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes on this machine; all processors where Dask is there, else 1.")
    ] = None,
    scheduler: Annotated[str | None, typer.Option(help="A Dask scheduler's address: tcp://HOST:8786.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Check the content of what is there already.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be solved, and leave.")] = False,
    as_json: Json = False,
    schema: Schema = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress display.")] = False,
) -> None:
    """Many scenarios at once, on one process or a cluster. A run that was stopped can be repeated and goes on."""
    from multialign.report.terminal.progress import progress
    from multialign.sweep import load_plan, plan_schema
    from multialign.sweep import sweep as run

    if schema:
        return emit(plan_schema())
    if plan is None:
        raise InputError("no plan given", hint="multialign sweep PLAN.yaml, or --schema for its format")
    no_folder(plan, "a plan in YAML")
    loaded = load_plan(plan)
    place = out if out is not None else plan.stem
    if dry_run:
        what = {"name": loaded.name, "cases": loaded.cases, "parts": loaded.parts, "place": place}
        if as_json:
            return emit({"version": 1, "kind": "sweep-plan", **what})
        return print(f"{loaded.cases:,} cases in {loaded.parts:,} parts: {place}")
    with progress(quiet or as_json) as step:
        done = run(loaded, place, workers=workers, scheduler=scheduler, thorough=check, progress=step)
    if as_json:
        return emit(done.to_dict())
    there = done.parts - done.parts_done
    print(
        f"{done.cases:,} cases, {done.converged:,} converged; {done.parts_done:,} of {done.parts:,} parts made in "
        f"{done.seconds:,.1f} s{f', {there:,} were there' if there else ''}: {done.place}"
    )

"""`multialign drill`."""

from __future__ import annotations

from typing import Annotated

import typer

from multialign.cli.common import Json, app, emit


@app.command()
def drill(
    times: Annotated[int, typer.Option(min=1, max=100_000, help="How many processes are killed in all.")] = 100,
    seed: Annotated[int, typer.Option(help="Of the moments at which they are killed.")] = 1,
    only: Annotated[list[str] | None, typer.Option(help="This scene; may be given several times.")] = None,
    as_json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress display.")] = False,
) -> None:
    """Kill processes in mid-work, fill disks, set clocks back; say what survived. Works in a folder of its own."""
    from multialign.report.terminal.progress import progress
    from multialign.sweep.drill import drill as run

    with progress(quiet or as_json) as step:
        found = run(times, seed=seed, only=only, progress=step)
    if as_json:
        emit(found.to_dict())
    else:
        for s in found.scenes:
            print(f"{s.name} ({s.seconds:.0f} s)\n  did:      {s.did}\n  survived: {s.survived}")
        print("nothing was lost" if found.whole else "SOMETHING WAS LOST")
    if not found.whole:
        raise typer.Exit(1)

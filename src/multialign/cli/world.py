"""`multialign world ...`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from multialign.cli.common import Json, app, console, emit

world_app = typer.Typer(no_args_is_help=True, help="The world's data: what is embedded; check your own.")
app.add_typer(world_app, name="world")


@world_app.command("info")
def world_info(as_json: Json = False) -> None:
    """What the embedded world holds, from which sources, and how its accounts stand."""
    from multialign.report.terminal.world import print_world, world_report
    from multialign.world import load_world

    report = world_report(load_world(), embedded=True)
    if as_json:
        return emit(report)
    print_world(report, console())


@world_app.command("check")
def world_check(
    file: Annotated[Path, typer.Argument(help="A World file (NetCDF).")],
    as_json: Json = False,
    tolerance: Annotated[
        float, typer.Option(min=0.0, help="Largest miss allowed, relative to a country's sales.")
    ] = 1e-6,
) -> None:
    """Check a World file: axes, signs, finite numbers, accounts."""
    from multialign.report.terminal.world import print_world, world_report
    from multialign.world import open_world

    report = world_report(open_world(file, tolerance=tolerance), embedded=False)
    if as_json:
        return emit(report)
    print_world(report, console())

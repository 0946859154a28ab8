"""`multialign world ...`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from multialign.cli.common import Json, app, console, emit
from multialign.errors import InputError

world_app = typer.Typer(no_args_is_help=True, help="The world's data: what is embedded; build and check your own.")
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


@world_app.command("build")
def world_build(
    layout: Annotated[str, typer.Argument(help="What kind of table: icio, wiod or long.")],
    file: Annotated[Path, typer.Argument(help="The table: CSV, for long also Parquet, for wiod also .xlsx.")],
    out: Annotated[Path, typer.Option("--out", help="World file to write (NetCDF).")],
    year: Annotated[int | None, typer.Option(help="Year of the table, or which of its years.")] = None,
    elasticity: Annotated[
        str, typer.Option(help="Trade elasticities: a number, a published set, or a CSV with sector, elasticity.")
    ] = "median",
    tariffs: Annotated[Path | None, typer.Option(help="CSV with importer, exporter, sector, rate.")] = None,
    mapping: Annotated[
        Path | None, typer.Option("--map", help="CSV with kind, from, to (or YAML): what to merge.")
    ] = None,
    value_added: Annotated[
        Path | None, typer.Option(help="For long: CSV with country, sector, value; shares out inputs of unknown use.")
    ] = None,
    columns: Annotated[
        str | None, typer.Option(help="For long: names of its columns, such as importer=reporter,value=usd.")
    ] = None,
    scale: Annotated[float, typer.Option(help="For long: one unit of value in million USD.")] = 1.0,
    sheet: Annotated[str | None, typer.Option(help="For wiod in Excel: the sheet; by default the first.")] = None,
    as_json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress display.")] = False,
) -> None:
    """A World file from an input-output table of your own."""
    from multialign.report.terminal.build import print_build
    from multialign.report.terminal.progress import progress
    from multialign.world import save_world
    from multialign.world.readers import build_file

    _require_place(out)
    with progress(quiet or as_json) as step:
        world, report = build_file(
            layout,
            file,
            year=year,
            elasticity=elasticity,
            tariffs=tariffs,
            mapping=mapping,
            value_added=value_added,
            columns=columns,
            scale=scale,
            sheet=sheet,
            progress=step,
        )
        save_world(world, out)
    if as_json:
        return emit(report.to_dict() | {"out": str(out)})
    print_build(report, out, console())


@world_app.command("aggregate")
def world_aggregate(
    file: Annotated[Path, typer.Argument(help="A World file (NetCDF), or 'embedded'.")],
    mapping: Annotated[Path, typer.Option("--map", help="CSV with kind, from, to (or YAML): what to merge.")],
    out: Annotated[Path, typer.Option("--out", help="World file to write (NetCDF).")],
    as_json: Json = False,
) -> None:
    """A World file with countries and industries merged; its accounts still hold."""
    from multialign.report.terminal.build import aggregation_report, print_aggregation
    from multialign.world import load_world, open_world, save_world
    from multialign.world.readers import aggregate_with_findings, read_mapping

    _require_place(out)
    old = load_world() if str(file) == "embedded" else open_world(file)
    kinds = read_mapping(mapping)
    new, findings = aggregate_with_findings(old, countries=kinds["country"], industries=kinds["industry"])
    save_world(new, out)
    report = aggregation_report(old, new, findings)
    if as_json:
        return emit(report | {"out": str(out)})
    print_aggregation(report, out, console())


def _require_place(out: Path) -> None:
    """Raise InputError where no file can be written, before the work is done."""
    if out.is_dir():
        raise InputError("is a folder", file=out, field="--out", hint="name a file, such as world.nc")
    if not out.absolute().parent.is_dir():
        raise InputError("its folder does not exist", file=out, field="--out", hint="make it first")

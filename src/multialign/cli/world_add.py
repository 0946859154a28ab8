"""`multialign world add`, `added`, `remove`, `own`: the user's own newer data, and the World that it makes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from multialign.cli.common import Json, console, emit
from multialign.cli.world import world_app
from multialign.errors import InputError


@world_app.command("add")
def world_add(
    kind: Annotated[str, typer.Argument(help="baci, icio, votes, arms or tariffs.")],
    file: Annotated[Path, typer.Argument(help="The publisher's own file, as it was downloaded.")],
    country_codes: Annotated[
        Path | None, typer.Option(help="For baci: its country_codes file, where it does not lie beside.")
    ] = None,
    year: Annotated[int | None, typer.Option(help="For icio: its year, where the name does not say it.")] = None,
    source: Annotated[
        str | None, typer.Option(help="For tariffs: whose figures they are, as it shall be cited.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Take newer data into the data folder; the ties then read it before the embedded data."""
    from multialign.world.refresh import add, data_home

    entry = add(kind, file, country_codes=country_codes, year=year, source=source)
    if as_json:
        return emit({"version": 1, "kind": "data_added", "folder": str(data_home()), **{"entry": entry.to_dict()}})
    print(f"added {entry.file}: {entry.source}, {_years(entry.years)}, {entry.rows:,} rows ({data_home()})")
    for line in entry.checks:
        print(f"  {line}")


@world_app.command("added")
def world_added(as_json: Json = False) -> None:
    """What has been added, from which files."""
    from multialign.world.refresh import data_home, entries

    found = entries()
    if as_json:
        folder = str(data_home())
        return emit({"version": 1, "kind": "data", "folder": folder, "entries": [e.to_dict() for e in found]})
    from rich.markup import escape

    from multialign.report.terminal.tables import table

    if not found:
        print(f"Nothing has been added; the embedded data is read. Folder: {data_home()}")
        return
    out = table(f"Added data, in {data_home()}", "File", "Kind", "Years", "Edition", "From", "Added", text=6)
    for e in found:
        out.add_row(e.file, e.kind, _years(e.years), escape(e.edition), escape(e.source_file), e.added[:10])
    console().print(out)


@world_app.command("remove")
def world_remove(
    file: Annotated[str, typer.Argument(help="A name that `world added` shows.")], as_json: Json = False
) -> None:
    """Take one file out of the data folder again."""
    from multialign.world.refresh import remove

    entry = remove(file)
    if as_json:
        return emit({"version": 1, "kind": "data_removed", "entry": entry.to_dict()})
    print(f"removed {entry.file}; the embedded data is read where nothing else was added")


@world_app.command("own")
def world_own(
    out: Annotated[Path, typer.Option("--out", help="World file to write (NetCDF).")],
    as_json: Json = False,
) -> None:
    """Write the World that your own data makes: your latest input-output year, your tariffs over the embedded ones."""
    from multialign.report.terminal.world import print_world, world_report
    from multialign.world import save_world
    from multialign.world.refresh import entries, own_world

    if out.is_dir() or not out.absolute().parent.is_dir():
        raise InputError("is no place for a file", file=out, field="--out", hint="name a file in a folder that exists")
    if not any(e.kind in ("icio", "tariffs") for e in entries()):
        raise InputError("nothing was added that makes a World", hint="multialign world add icio FILE, or tariffs FILE")
    world = own_world()
    save_world(world, out)
    report = world_report(world, embedded=False)
    if as_json:
        return emit(report | {"out": str(out)})
    print_world(report, console())
    print(f"written: {out}")


def _years(years: tuple[int, int]) -> str:
    return str(years[0]) if years[0] == years[1] else f"{years[0]}-{years[1]}"

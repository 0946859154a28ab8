"""`multialign power`."""

from __future__ import annotations

from typing import Annotated

import typer

from multialign.cli.common import Json, Schema, app, console, emit
from multialign.cli.ties import Csv, check_files, write_csv


@app.command()
def power(
    states: Annotated[
        str | None, typer.Argument(help="States, comma-separated: all their pairs; default: all.")
    ] = None,
    cut: Annotated[
        str, typer.Option(help="What stops: all trade, or only the first one's 'sales' or 'purchases'.")
    ] = "all",
    industries: Annotated[
        str | None, typer.Option(help="Codes or goods, services, technology, energy, comma-separated; default: all.")
    ] = None,
    elasticities: Annotated[str, typer.Option(help="A published set of trade elasticities.")] = "median",
    as_json: Json = False,
    csv: Csv = None,
    cache: Annotated[bool, typer.Option(help="Look for a kept result first, and keep this one.")] = True,
    top: Annotated[int, typer.Option(min=1, help="How many pairs to show.")] = 20,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress display.")] = False,
    schema: Schema = False,
) -> None:
    """Who can hurt whom: the real income that both of each pair of states lose if trade between them stops."""
    from multialign.report.terminal.power import print_power
    from multialign.report.terminal.progress import progress
    from multialign.ties import Power
    from multialign.ties import power as look_up

    if schema:
        return emit(Power.model_json_schema(mode="serialization"))
    check_files(csv, None)
    with progress(quiet or as_json) as step:
        found = look_up(
            _listed(states),
            cut=cut,  # type: ignore[arg-type]
            industries=_listed(industries) or (),
            elasticities=elasticities,
            cache=cache,
            progress=lambda done, of: step(f"cutting ties, {of:,} pairs", done / of),
        )
    if csv is not None:
        write_csv(found.to_frame().assign(industries=" ".join(_listed(industries) or ())), csv)
    if as_json:
        return emit(found.to_dict())
    print_power(found, console(), top=top)


def _listed(given: str | None) -> list[str] | None:
    return None if given is None else [x.strip() for x in given.split(",") if x.strip()]

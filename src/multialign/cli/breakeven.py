"""`multialign breakeven`."""

from __future__ import annotations

from typing import Annotated

import typer

from multialign.cli.common import Json, Schema, app, console, emit
from multialign.cli.ties import Csv, Plot, WorldFile, check_files, world_of, write_csv
from multialign.errors import InputError

STEPS = 10


@app.command()
def breakeven(
    buyer: Annotated[str | None, typer.Option(help="Who buys the crude.")] = None,
    seller: Annotated[str | None, typer.Option(help="Who sells it at a discount.")] = None,
    pressure: Annotated[str | None, typer.Option(help="Who answers with a tariff on the buyer's goods.")] = None,
    tariff: Annotated[float | None, typer.Option(help="One extra tariff: 0.25 is 25 points.")] = None,
    tariffs: Annotated[str | None, typer.Option(help="A span of tariffs: 0:0.5.")] = None,
    barrels: Annotated[
        float | None, typer.Option(help="Million barrels a year; by default the latest recorded.")
    ] = None,
    exports: Annotated[float | None, typer.Option(help="The buyer's goods exports there, million USD.")] = None,
    absorbed: Annotated[float, typer.Option(help="Part of the tariff that the exporters bear, by accounting.")] = 1.0,
    quick: Annotated[bool, typer.Option("--quick", help="The median elasticities alone: no interval.")] = False,
    accounting: Annotated[bool, typer.Option("--accounting", help="No general equilibrium.")] = False,
    world: WorldFile = None,
    as_json: Json = False,
    csv: Csv = None,
    plot: Plot = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress display.")] = False,
    schema: Schema = False,
) -> None:
    """The discount on crude that just pays for a third power's tariff: by accounting and in general equilibrium."""
    from multialign.report.terminal.progress import progress
    from multialign.ties import break_even_schema
    from multialign.ties.break_even import SETS, break_even

    if schema:
        return emit(break_even_schema())
    for name, given in (("buyer", buyer), ("seller", seller), ("pressure", pressure)):
        if given is None:
            raise InputError(f"no {name} given", hint="multialign breakeven --buyer IND --seller RUS --pressure USA")
    check_files(csv, plot)
    rates, base = _rates(tariff, tariffs), world_of(world)
    sets = SETS[:1] if quick else SETS
    with progress(quiet or accounting or as_json) as step:
        found = break_even(
            str(buyer),
            str(seller),
            str(pressure),
            rates,
            barrels=barrels,
            exports=exports,
            absorbed=absorbed,
            world=base,
            elasticities=sets,
            equilibrium=not accounting,
            progress=step,
        )
    if csv is not None:
        write_csv(found.to_frame(), csv)
    if plot is not None:
        from multialign.report.draw_break_even import break_even_figure
        from multialign.report.plot import write_plot

        write_plot(break_even_figure(found), plot)
    if as_json:
        return emit(found.to_dict())
    from multialign.report.terminal.break_even import print_break_even

    print_break_even(found, console())


def _rates(tariff: float | None, tariffs: str | None) -> list[float]:
    from multialign.ties.break_even import TARIFFS

    if tariff is not None and tariffs is not None:
        raise InputError("given twice", field="tariff", hint="one --tariff, or a span with --tariffs")
    if tariff is not None:
        return [tariff]
    if tariffs is None:
        return list(TARIFFS)
    first, colon, last = tariffs.partition(":")
    try:
        low, high = float(first), float(last)
    except ValueError:
        low, high = 0.0, 0.0
    if not colon or not 0 <= low < high <= 2:
        raise InputError(f"is '{tariffs}'", field="tariffs", hint="right is a span such as 0:0.5")
    return [low + (high - low) * k / STEPS for k in range(STEPS + 1) if low + (high - low) * k / STEPS > 0]

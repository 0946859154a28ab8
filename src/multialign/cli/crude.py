"""`multialign crude`."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from multialign.cli.common import Json, Schema, app, console, emit
from multialign.cli.ties import Csv, Plot, check_files, write_csv
from multialign.errors import InputError


@app.command()
def crude(
    buyer: Annotated[str | None, typer.Argument(help="ISO3 code or name of the buyer, or a group: G7.")] = None,
    from_: Annotated[
        str | None, typer.Option("--from", help="One origin, or a group such as OPEC, year by year.")
    ] = None,
    years: Annotated[str | None, typer.Option(help="A year, or a span: 2018:2024.")] = None,
    discount: Annotated[
        float | None, typer.Option(help="With --from: purchases if it gave this much more off, USD a barrel.")
    ] = None,
    refused_by: Annotated[
        str | None, typer.Option(help="With --from: purchases if these refused its crude: EU27,CHN.")
    ] = None,
    threat: Annotated[
        float | None, typer.Option(help="With --from and --pressure: purchases under a threatened tariff (0.25).")
    ] = None,
    pressure: Annotated[str | None, typer.Option(help="Who threatens.")] = None,
    probability: Annotated[float, typer.Option(help="With --threat: how likely it is carried out, 0 to 1.")] = 1.0,
    elasticity: Annotated[bool, typer.Option("--elasticity", help="The estimates, and published ones.")] = False,
    estimate: Annotated[
        bool, typer.Option("--estimate", help="Estimate anew from the panel (needs pyfixest).")
    ] = False,
    as_json: Json = False,
    csv: Csv = None,
    plot: Plot = None,
    schema: Schema = False,
) -> None:
    """What a buyer paid for crude by origin: price, discount, saving, trend, and how purchases answer."""
    from multialign.ties import crude_paid, crude_path, crude_schema
    from multialign.ties.crude_response import CrudePathReport

    if schema:
        return emit(crude_schema())
    check_files(csv, plot)
    if elasticity or estimate:
        return _elasticity(estimate, as_json)
    if buyer is None:
        raise InputError("no buyer given", hint="multialign crude IND --from RUS --years 2018:2024")
    chosen = span(years)
    asked = {"discount": discount, "refused-by": refused_by, "threat": threat}
    if from_ is None:
        for name, value in asked.items():
            if value is not None:
                raise InputError("needs an origin", field=name, hint="say whose crude: --from RUS")
        if chosen is not None and len(chosen) > 1:
            raise InputError(f"is {years}", field="years", hint="one year for all origins, or a span with --from")
        paid = crude_paid(buyer, chosen[0] if chosen else None)
        if csv is not None:
            _csv([o.model_dump() for o in paid.origins], csv)
        if plot is not None:
            from multialign.report.draw_crude_paid import paid_figure
            from multialign.report.plot import write_plot

            write_plot(paid_figure(paid), plot)
        if as_json:
            return emit(paid.to_dict())
        from multialign.report.terminal.crude import print_crude_paid

        return print_crude_paid(paid, console())
    path = crude_path(buyer, from_, chosen)
    answers = _answers(path.buyer, path.origin, discount, refused_by, threat, pressure, probability)
    if csv is not None:
        _csv([o.model_dump() for o in path.years], csv)
    if plot is not None:
        from multialign.report.draw_crude_paid import path_figure
        from multialign.report.plot import write_plot
        from multialign.ties.crude_data import party

        write_plot(path_figure(path, (party(path.buyer).name, party(path.origin).name)), plot)
    report = CrudePathReport.of(path, answers)
    if as_json:
        return emit(report.to_dict())
    from multialign.report.terminal.crude import print_contains, print_crude_path, print_response

    print_crude_path(path, console())
    print_contains(report.contains, report.source, console())
    for answer in answers:
        print_response(answer, console())


def _answers(
    buyer: str,
    origin: str,
    discount: float | None,
    refused_by: str | None,
    threat: float | None,
    pressure: str | None,
    probability: float,
) -> list[Any]:
    from multialign.ties import if_discount, if_sanction, if_tariff_threat
    from multialign.ties.break_even import goods_exports

    out = []
    if discount is not None:
        out.append(if_discount(buyer, origin, discount))
    if refused_by is not None:
        names = tuple(c.strip() for c in refused_by.split(",") if c.strip())
        out.append(if_sanction(origin, names, buyer))
    if threat is not None:
        if pressure is None:
            raise InputError("needs to know who threatens", field="threat", hint="--pressure USA")
        out.append(if_tariff_threat(buyer, origin, threat, goods_exports(buyer, pressure), probability=probability))
    return out


def _elasticity(anew: bool, as_json: bool) -> None:
    import warnings

    from multialign.ties import crude_elasticity, estimate_crude

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pyfixest tells of singletons and separated rows that it drops
        found = estimate_crude() if anew else crude_elasticity()
    if as_json:
        return emit(found.to_dict())
    from multialign.report.terminal.crude import print_elasticity

    print_elasticity(found, console())


def _csv(rows: list[dict[str, Any]], path: Any) -> None:
    import pandas as pd

    write_csv(pd.DataFrame(rows), path)


def span(text: str | None, *, field: str = "years") -> list[int] | None:
    """``2018:2024`` or ``2023`` as a list of years. Raises InputError."""
    if text is None:
        return None
    first, colon, last = text.partition(":")
    try:
        start, end = int(first), int(last if colon else first)
    except ValueError:
        raise InputError(f"is '{text}'", field=field, hint="right is a year or a span such as 2018:2024") from None
    if not 1900 <= start <= end <= 2200:
        raise InputError(f"is '{text}'", field=field, hint="right is a span such as 2018:2024, the earlier year first")
    return list(range(start, end + 1))

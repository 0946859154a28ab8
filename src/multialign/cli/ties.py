"""`multialign ties`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multialign.cli.common import Json, Schema, app, console, emit
from multialign.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

Csv = Annotated[Path | None, typer.Option("--csv", help="Write the figures as CSV.")]
Plot = Annotated[Path | None, typer.Option("--plot", help="Draw a figure: FILE.svg or FILE.html.")]


@app.command()
def ties(
    state: Annotated[str | None, typer.Argument(help="ISO3 code or name of the state; 'all' with --csv.")] = None,
    with_: Annotated[str | None, typer.Option("--with", help="Partners, comma-separated: RUS,CHN,USA.")] = None,
    parts: Annotated[bool, typer.Option("--parts", help="Also products, industries and uses.")] = False,
    history: Annotated[bool, typer.Option("--history", help="With 'all': every period, not the latest alone.")] = False,
    record: Annotated[Path | None, typer.Option(help="A record of statements, counted in diplomacy.")] = None,
    as_json: Json = False,
    csv: Csv = None,
    plot: Plot = None,
    schema: Schema = False,
) -> None:
    """How a state stands to others: shares, accounts, depth, trend, tariffs, crude."""
    from multialign.ties import ties as look_up
    from multialign.ties import ties_schema

    if schema:
        return emit(ties_schema())
    if state is None:
        raise InputError("no state given", hint="multialign ties IND --with RUS,USA")
    check_files(csv, plot)
    if state.casefold() == "all":
        return _all(csv, parts, history)
    partners = [p.strip() for p in with_.split(",") if p.strip()] if with_ is not None else None
    found = look_up(state, with_=partners)
    if record is not None:
        found = look_up(state, with_=list(found.partners), record=_record(record, found.state, list(found.partners)))
    if csv is not None:
        write_csv(found.to_frame(), csv)
    if plot is not None:
        from multialign.report.draw_ties import shares
        from multialign.report.plot import write_plot

        write_plot(shares(found, None, None), plot)
    if as_json:
        return emit(found.to_dict())
    from multialign.report.terminal.ties import print_ties

    print_ties(found, console(), parts=parts)


def _all(csv: Path | None, parts: bool, history: bool) -> None:
    from multialign.ties import ties_table

    if csv is None:
        raise InputError("a table of all pairs needs a file", field="csv", hint="multialign ties all --csv ties.csv")
    table = ties_table(parts=parts, history=history)
    write_csv(table, csv)
    print(f"{len(table):,} rows: {csv}")


def _record(path: Path, state: str, partners: list[str]) -> list[dict[str, Any]]:
    """The statements between a state and its partners in a record, as plain rows."""
    from multialign.reading.record import Record
    from multialign.world.codes import EU27

    if not path.is_file():
        raise InputError("there is no such file", file=path, field="record")

    def codes(code: str) -> list[str]:
        return ["EU", *EU27] if code == "EU27" else [code]

    rows = []
    with Record(path) as record:
        for partner in partners:
            for a in codes(state):
                for b in codes(partner):
                    for x, y in ((a, b), (b, a)):
                        rows += [s for _, s in record.statements(source=x, target=y)]
    return [
        {"date": s.date, "source": _union(s.source), "target": _union(s.target), "valence": s.valence}
        for s in rows
        if s.date and s.assessor is None
    ]


def _union(code: str | None) -> str | None:
    return "EU27" if code == "EU" else code


def check_files(csv: Path | None, plot: Path | None) -> None:
    """Refuse file names that cannot be written, before any work."""
    from multialign.report.plot import check_place, check_plot

    if csv is not None:
        check_place(csv, "csv")
    if plot is not None:
        check_plot(plot)


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV, whole or not at all."""
    from multialign.report.plot import write_text

    write_text(table.to_csv(index=False, lineterminator="\n", float_format="%.8g"), path)

"""`multialign record ...`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multialign.cli.common import Json, app, console, emit, written
from multialign.cli.inputs import Columns, Fetch, Format, Paragraphs, Workers, options
from multialign.errors import InputError

if TYPE_CHECKING:
    from multialign.reading.record import Record

record_app = typer.Typer(
    no_args_is_help=True, help="The record: readings of many documents in one file, and series drawn from it."
)
app.add_typer(record_app, name="record")

Db = Annotated[
    Path | None,
    typer.Option("--db", help="The record's file; $MULTIALIGN_RECORD or the user's data folder if not given."),
]
Since = Annotated[str | None, typer.Option(help="From this year, month or day on.")]
Until = Annotated[str | None, typer.Option(help="Up to this year, month or day.")]


@record_app.command("add")
def record_add(
    paths: Annotated[list[str], typer.Argument(help="Files, folders, tables, feeds; - is standard input.")],
    db: Db = None,
    column: Columns = None,
    format: Format = None,
    date: Annotated[str | None, typer.Option(help="Date of all that is added, YYYY-MM-DD.")] = None,
    paragraphs: Paragraphs = False,
    fetch: Fetch = False,
    workers: Workers = None,
    scheduler: Annotated[str | None, typer.Option(help="A Dask scheduler whose workers read: tcp://HOST:8786.")] = None,
    as_json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress display.")] = False,
) -> None:
    """Read documents and add them. What is there already is passed over, so a run that was stopped can be repeated."""
    from multialign.reading import bulk, inputs
    from multialign.report.terminal.counting import counting

    taken = options(column, format, date, None, paragraphs, fetch)
    done = bulk.Kept()
    with _writing(db) as record, counting("reading", inputs.total(paths, taken), quiet) as step:
        sources = inputs.sources(paths, taken)
        if scheduler is None:
            batches = bulk.record_rows(sources, workers, record.known)
        else:
            from multialign.sweep.archive import record_rows

            batches = record_rows(sources, scheduler=scheduler, known=record.known)
        with closing(bulk.keep(record, batches)) as run:
            for done in run:
                step(done.documents, f"{done.added:,} new, {done.statements:,} statements")
        file = record.path
    for line in done.not_read:
        print(f"not read: {line}", file=sys.stderr)
    if done.refused > len(done.not_read):
        print(f"not read: {done.refused - len(done.not_read):,} more", file=sys.stderr)
    if done.refused and done.refused == done.documents:
        raise InputError("nothing could be read", hint="see the lines above")
    if as_json:
        return emit({"version": 1, "kind": "record-added", "file": file, **vars(done)})
    print(
        f"{done.added:,} documents added with {done.statements:,} statements, {done.known:,} there already, "
        f"{done.refused:,} not read: {file}"
    )


@record_app.command("show")
def record_show(
    one: Annotated[str, typer.Argument(help="A state: code or name.")],
    two: Annotated[str, typer.Argument(help="Another.")],
    since: Since = None,
    until: Until = None,
    db: Db = None,
    bandwidth: Annotated[float, typer.Option(help="Bandwidth of the smoothing kernel, in months.")] = 2.0,
    top: Annotated[int, typer.Option(min=0, max=1_000, help="How many of the strongest statements to list.")] = 10,
    as_json: Json = False,
    csv: Annotated[Path | None, typer.Option(help="Write the months as a CSV table.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Draw the months: an .svg or .html file.")] = None,
) -> None:
    """Cooperation and conflict between two states, month by month."""
    if plot is not None and plot.suffix.lower() not in (".svg", ".html"):
        raise InputError(f"'{plot.suffix}' is no format", hint="give an .svg or .html file", file=plot)
    a, b = _state(one), _state(two)
    with _reading(db) as record:
        dyad = record.dyad(a, b, since=since, until=until, bandwidth=bandwidth)
        strongest = record.strongest(a, b, since=since, until=until, most=top)
    if csv is not None:
        from multialign.reading import outputs

        outputs.write_table((tuple(vars(m).values()) for m in dyad.months), _MONTHS, csv, "csv")
    if plot is not None:
        from multialign.reading import outputs
        from multialign.report.draw_record import record_svg
        from multialign.report.record_page import record_html

        drawn = record_svg(dyad) if plot.suffix.lower() == ".svg" else record_html(dyad, strongest)
        outputs.write_parts([drawn], plot)
    if as_json:
        emit(dyad.to_dict() | {"strongest": strongest})
    elif csv is not None or plot is not None:
        written(csv, plot)
    else:
        from multialign.report.terminal.record import print_dyad

        print_dyad(dyad, strongest, console())


_MONTHS = (
    ("month", "VARCHAR"), ("documents", "INTEGER"), ("cooperation", "INTEGER"), ("conflict", "INTEGER"),
    ("valence", "DOUBLE"), ("cooperation_rate", "DOUBLE"), ("conflict_rate", "DOUBLE"),
)  # fmt: skip


@record_app.command("peaks")
def record_peaks(
    one: Annotated[str | None, typer.Argument(help="A state: code or name; all pairs when not given.")] = None,
    two: Annotated[str | None, typer.Argument(help="Another.")] = None,
    top: Annotated[int, typer.Option(min=1, max=10_000, help="How many months.")] = 20,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """The months in which most was said or done."""
    if (one is None) != (two is None):
        raise InputError(f"'{one}' alone", hint="give two states, or none for all pairs")
    pair = (_state(one), _state(two)) if one and two else (None, None)
    with _reading(db) as record:
        found = record.peaks(*pair, most=top)
    if as_json:
        return emit({"version": 1, "kind": "record-peaks", "peaks": found})
    from multialign.report.terminal.record import print_peaks

    print_peaks(found, console())


@record_app.command("info")
def record_info(db: Db = None, as_json: Json = False) -> None:
    """What the record holds."""
    with _reading(db) as record:
        found = record.info()
    if as_json:
        return emit(found)
    from multialign.report.terminal.record import print_info

    print_info(found, console())


@record_app.command("export")
def record_export(
    out: Annotated[Path, typer.Argument(help="A .parquet or .csv file (one table), or .json (everything).")],
    table: Annotated[str, typer.Option(help="statements, offers or documents.")] = "statements",
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Write the record to a file."""
    from multialign.reading.record.export import export

    with _reading(db) as record:
        count = export(record, out, table)
    what = "documents" if out.suffix.lower() == ".json" else table
    if as_json:
        return emit({"version": 1, "kind": "record-exported", "table": what, "rows": count, "file": str(out)})
    print(f"{count:,} {what}: {out}")


@contextmanager
def _writing(db: Path | None) -> Iterator[Record]:
    """The record, to add to it; one that is new and stays empty is taken away again."""
    from multialign.reading.record import Record, place

    path = place(db)
    new = not path.exists()
    record = Record(path)
    try:
        with _interrupted():
            yield record
    finally:
        empty = new and not len(record)
        record.close()
        if empty:
            path.unlink(missing_ok=True)


@contextmanager
def _reading(db: Path | None) -> Iterator[Record]:
    """A record that exists, to look into."""
    from multialign.reading.record import Record, place

    path = place(db)
    if not path.exists():
        raise InputError("there is no record yet", hint="multialign record add PATHS", file=path)
    with Record(path, read_only=True) as record, _interrupted():
        yield record


@contextmanager
def _interrupted() -> Iterator[None]:
    """Ctrl-C while the database works comes out of DuckDB as a RuntimeError."""
    try:
        yield
    except RuntimeError as error:
        if "interrupt" in str(error).lower():
            raise KeyboardInterrupt from None
        raise


def _state(text: str) -> str:
    """The code of a state or organisation, given by code or English name."""
    from multialign.errors import unknown
    from multialign.reading.tables import names

    known: dict[str, Any] = names()
    code = text.strip().upper()
    if code in known:
        return code
    named = {name.casefold(): code for code, name in known.items()}
    if text.strip().casefold() in named:
        return named[text.strip().casefold()]
    raise unknown("state or organisation", text, known)

"""`multialign read`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multialign.cli.common import Json, Schema, app, console, emit, written
from multialign.cli.inputs import Columns, Fetch, Format, Paragraphs, Workers, options
from multialign.errors import InputError

if TYPE_CHECKING:
    from multialign.reading import Reading


@app.command()
def read(
    file: Annotated[
        str | None,
        typer.Argument(help="Text, Markdown, HTML, PDF, DOCX, JSON Lines, Parquet (each also .gz), a folder, or -."),
    ] = None,
    as_json: Json = False,
    date: Annotated[str | None, typer.Option(help="Date of the document, YYYY-MM-DD.")] = None,
    title: Annotated[str | None, typer.Option(help="Title of the document.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the text with its statements marked as a page.")] = None,
    jsonl: Annotated[Path | None, typer.Option(help="Write JSON Lines, one reading a line.")] = None,
    parquet: Annotated[Path | None, typer.Option(help="Write the statements as a Parquet table.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write the statements as a CSV table.")] = None,
    column: Columns = None,
    format: Format = None,
    paragraphs: Paragraphs = False,
    fetch: Fetch = False,
    workers: Workers = None,
    schema: Schema = False,
) -> None:
    """What documents say: statements and offers, with their places."""
    from multialign.reading import reading_schema

    if schema:
        return emit(reading_schema())
    if file is None:
        raise InputError("no file given", hint="multialign read FILE")
    readings, refused = _read(file, options(column, format, date, title, paragraphs, fetch), workers)
    _write(readings, html, jsonl, parquet, csv)
    if as_json:
        emit(_json(readings, refused))
    elif any((html, jsonl, parquet, csv)):
        written(html, jsonl, parquet, csv)
    else:
        _show(readings)
    for error in refused:
        print(f"not read: {error}", file=sys.stderr)


def _read(file: str, taken: object, workers: int | None) -> tuple[list[Reading], list[InputError]]:
    """All readings of an input, and what could not be read; what is wrong with the only document is raised."""
    from multialign.reading import Reading, bulk, inputs

    found = list(bulk.readings(inputs.sources([file], taken), workers))  # type: ignore[arg-type]
    readings = [r for r in found if isinstance(r, Reading)]
    refused = [r.error for r in found if isinstance(r, inputs.Refused)]
    if not readings and len(refused) == 1:
        raise refused[0]
    if not readings:
        first = f"; the first: {refused[0]}" if refused else ""
        raise InputError(f"none of {len(refused)} documents can be read{first}", file=file)
    return readings, refused


def _write(
    readings: list[Reading], html: Path | None, jsonl: Path | None, parquet: Path | None, csv: Path | None
) -> None:
    from multialign.reading import outputs

    if html is not None:
        from multialign.report.reading_page import reading_html

        if len(readings) > 1:
            raise InputError(
                f"{len(readings)} documents, where a page shows one", field="html", hint="give one document"
            )
        outputs.write_parts([reading_html(readings[0])], html)
    if jsonl is not None:
        outputs.write_lines((r.to_dict() for r in readings), jsonl)
    for out, kind in ((parquet, "parquet"), (csv, "csv")):
        if out is not None:
            outputs.write_table(outputs.statement_rows(readings), outputs.columns(), out, kind)


def _json(readings: list[Reading], refused: list[InputError]) -> dict[str, object]:
    if len(readings) == 1 and not refused:
        return readings[0].to_dict()
    return {
        "version": 1,
        "kind": "readings",
        "readings": [r.to_dict() for r in readings],
        "refused": [str(e) for e in refused],
    }


def _show(readings: list[Reading]) -> None:
    from multialign.report.terminal.reading import print_reading

    terminal = console()
    for k, reading in enumerate(readings):
        if k:
            terminal.print()
        print_reading(reading, terminal)

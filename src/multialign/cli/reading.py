"""`multialign read`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from multialign.cli.common import Json, Schema, app, console, emit
from multialign.errors import InputError


@app.command()
def read(
    file: Annotated[Path | None, typer.Argument(help="A text file in English.")] = None,
    as_json: Json = False,
    date: Annotated[str | None, typer.Option(help="Date of the document, YYYY-MM-DD.")] = None,
    schema: Schema = False,
) -> None:
    """What a document says: statements and offers, with their places."""
    from multialign.reading import read as read_file
    from multialign.reading import reading_schema

    if schema:
        return emit(reading_schema())
    if file is None:
        raise InputError("no file given", hint="multialign read FILE")
    reading = read_file(file, date=date)
    if as_json:
        return emit(reading.to_dict())
    from multialign.report.terminal.reading import print_reading

    print_reading(reading, console())

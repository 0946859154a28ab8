"""Options that say what documents are and how they are taken: shared by `read` and `record add`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from multialign.reading.inputs import Options

Columns = Annotated[
    list[str] | None,
    typer.Option("--column", help="Of a table: which column holds text, title, date, id or source, as text=body."),
]
Format = Annotated[
    str | None,
    typer.Option("--format", help="text, markdown, html, pdf, docx, jsonl, parquet or feed, where it cannot be seen."),
]
Fetch = Annotated[bool, typer.Option("--fetch", help="Fetch addresses, and the pages that a feed announces.")]
Paragraphs = Annotated[bool, typer.Option("--paragraphs", help="Take every paragraph for a document of its own.")]
Workers = Annotated[int | None, typer.Option(min=1, help="Processes that read; all processors when not given.")]


def options(
    columns: list[str] | None,
    kind: str | None,
    date: str | None = None,
    title: str | None = None,
    paragraphs: bool = False,
    fetch: bool = False,
) -> Options:
    """The options as the reader takes them. Raises InputError for a column or format that is not known."""
    from multialign.errors import unknown
    from multialign.reading import inputs

    if kind is not None and kind not in inputs.KINDS:
        raise unknown("format", kind, inputs.KINDS, field="format")
    return inputs.Options(
        columns=inputs.columns(columns or ()), format=kind, date=date, title=title, paragraphs=paragraphs, fetch=fetch
    )

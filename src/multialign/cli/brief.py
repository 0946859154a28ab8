"""`multialign brief`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from multialign.cli.common import Json, app, console, emit, no_folder


@app.command()
def brief(
    article: Annotated[
        Path | None, typer.Argument(help="The announcement: a text file in English. Not needed with --question.")
    ] = None,
    focal: Annotated[str | None, typer.Option("--for", help="The state that must answer: ISO3 code or name.")] = None,
    out: Annotated[Path, typer.Option("--out", help="Folder for brief.html, brief.json and brief.md.")] = Path("brief"),
    offer: Annotated[str | None, typer.Option("--offer", help="Who offers; by default as the text says.")] = None,
    question: Annotated[
        Path | None, typer.Option("--question", help="A question as a YAML file, in the place of the text's own.")
    ] = None,
    as_json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress display.")] = False,
) -> None:
    """From an announcement, or a question, to a brief (HTML, JSON, Markdown)."""
    from multialign.errors import InputError
    from multialign.report.terminal.progress import progress

    no_folder(question, "a question in YAML")
    no_folder(article, "the announcement's file")
    if question is not None and (focal or offer):
        raise InputError("a question file says who asks whom", field="question", hint="leave --for and --offer out")
    if question is None and (article is None or focal is None):
        raise InputError("a brief needs a text and a state", hint="multialign brief announcement.txt --for IND")
    with progress(quiet or as_json) as step:
        if question is not None:
            from multialign.report.from_question import brief_from_question

            written = brief_from_question(question, article, out=out, progress=step)
        else:
            from multialign.report import brief as make

            written = make(article, focal=focal, offerer=offer, out=out, progress=step)  # type: ignore[arg-type]
    if as_json:
        import json

        return emit(json.loads(written.paths.json_.read_text(encoding="utf-8")))
    from multialign.report.terminal.brief import print_brief

    print_brief(written, console())

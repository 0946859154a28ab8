"""`multialign brief`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from multialign.cli.common import app, console


@app.command()
def brief(
    article: Annotated[Path, typer.Argument(help="The announcement: a text file in English.")],
    focal: Annotated[str, typer.Option("--for", help="The state that must answer: ISO3 code or name.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for brief.html, brief.json and brief.md.")] = Path("brief"),
    offer: Annotated[str | None, typer.Option("--offer", help="Who offers; by default as the text says.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress display.")] = False,
) -> None:
    """From an announcement to a brief (HTML, JSON, Markdown)."""
    from multialign.report import brief as make
    from multialign.report.terminal.progress import progress

    with progress(quiet) as step:
        written = make(article, focal=focal, offerer=offer, out=out, progress=step)
    from multialign.report.terminal.brief import print_brief

    print_brief(written, console())

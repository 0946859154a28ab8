"""`multialign serve`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from multialign.cli.common import app


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port.")] = 8050,
    host: Annotated[str, typer.Option(help="Address to listen on; other than loopback needs --token.")] = "127.0.0.1",
    token: Annotated[str | None, typer.Option(help="Secret that callers must give, for other addresses.")] = None,
    record: Annotated[
        Path | None,
        typer.Option(help="File of the page Record; $MULTIALIGN_RECORD or the user's data folder if not given."),
    ] = None,
) -> None:
    """The workbench in the browser (needs the extra 'app')."""
    from multialign.app import serve as start

    start(host=host, port=port, token=token, record=record)

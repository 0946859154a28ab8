"""`multialign serve`."""

from __future__ import annotations

from typing import Annotated

import typer

from multialign.cli.common import app


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port.")] = 8050,
    host: Annotated[str, typer.Option(help="Address to listen on; other than loopback needs --token.")] = "127.0.0.1",
    token: Annotated[str | None, typer.Option(help="Secret that callers must give, for other addresses.")] = None,
) -> None:
    """The workbench in the browser (needs the extra 'app')."""
    from multialign.app import serve as start

    start(host=host, port=port, token=token)

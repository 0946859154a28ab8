"""The command line: one thin door to each room. Heavy imports happen inside the commands."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from multialign import __version__
from multialign.cli.common import app
from multialign.errors import MultialignError

# Each module adds its commands as it is imported; help lists them in this order.
from multialign.cli import brief, reading, record, ties, crude, breakeven, power  # isort: skip
from multialign.cli import trade, respond, serve, world, world_add  # isort: skip

COMMANDS = (brief, reading, record, ties, crude, breakeven, power, trade, respond, serve, world, world_add)


def _version(show: bool) -> None:
    if show:
        print(f"multialign {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Entry point: errors that a user can cause are one line on standard error and an exit code, never a traceback."""
    try:
        app()
    except MultialignError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)

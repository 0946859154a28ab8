"""The command line: one thin door to each room. Heavy imports happen inside the commands."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from multialign import __version__
from multialign.cli.common import app
from multialign.errors import InputError, MultialignError

# Each module adds its commands as it is imported; help lists them in this order.
from multialign.cli import brief, reading, record, ties, crude, breakeven, power  # isort: skip
from multialign.cli import trade, sweep, drill, respond, serve, world, world_add  # isort: skip

COMMANDS = (
    brief, reading, record, ties, crude, breakeven, power, trade, sweep, drill, respond, serve, world, world_add,
)  # fmt: skip

STOPPED, TERMINATED = 130, 143
"""Exit codes of a command that was stopped: by Ctrl-C, and by being asked to end."""


def _version(show: bool) -> None:
    if show:
        print(f"multialign {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress display, in any command.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Say on standard error what is done, and where an error arose.")
    ] = False,
    config: Annotated[
        Path | None,
        typer.Option("--config", help="Options by file (TOML); by default multialign.toml, if it is there."),
    ] = None,
) -> None:
    from multialign.cli import settings

    found, switches = settings.defaults(context.command, settings.find_file(config))
    if quiet or switches.get("quiet"):
        settings.everywhere(context.command, found, "quiet", True)
    context.default_map = found
    if verbose or switches.get("verbose"):
        _speak(context.invoked_subcommand)


_spoken: list[float] = []


def _speak(command: str | None) -> None:
    """Tell on standard error what is done."""
    import logging

    _spoken.append(time.monotonic())
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(name)s: %(message)s")
    print(f"multialign {__version__}, Python {sys.version.split()[0]}: {command}", file=sys.stderr)


def _heard(error: BaseException | None = None) -> None:
    """With --verbose: where an error arose, and how long it all took."""
    if not _spoken:
        return
    if error is not None:
        import traceback

        traceback.print_exception(error)
    print(f"{time.monotonic() - _spoken[0]:.2f} s", file=sys.stderr)


def _end(number: int, frame: Any) -> None:
    """Being asked to end (SIGTERM): as Ctrl-C, so that nothing half-written is left."""
    raise SystemExit(TERMINATED)


def _stop(number: int, frame: Any) -> None:
    """Ctrl-C. Where it strikes in a callback of the garbage collector (JAX has one), Python would report and forget it:
    it is tried again a moment later."""
    while frame is not None:
        if frame.f_code.co_name == "_xla_gc_callback":
            signal.signal(signal.SIGALRM, _stop)
            signal.setitimer(signal.ITIMER_REAL, 0.01)
            return
        frame = frame.f_back
    raise KeyboardInterrupt


def _from_outside(error: Exception) -> bool:
    """Whether the system or a database refused something: a full disk, a file that may not be read."""
    return isinstance(error, OSError) or type(error).__module__.lstrip("_").split(".")[0] == "duckdb"


def main() -> None:
    """Entry point: errors that a user can cause are one line on standard error and an exit code, never a traceback."""
    if hasattr(signal, "SIGTERM"):
        signal.signal(signal.SIGTERM, _end)
    if hasattr(signal, "setitimer") and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop)
    try:
        app()
    except MultialignError as error:
        _heard(error)
        if isinstance(error, InputError) and error.field:
            error.field = error.field.rstrip("_")  # in Python 'with_', as 'with' is a word of the language
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        sys.exit(STOPPED)
    except BrokenPipeError:
        # whoever read our output has gone; what is still in the buffer must not be complained of at the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if not _from_outside(error):
            raise
        _heard(error)
        print(f"error: {' '.join(str(error).split())[:300]}", file=sys.stderr)
        sys.exit(MultialignError.exit_code)
    except SystemExit as left:
        _heard()
        if left.code == STOPPED:
            print("stopped", file=sys.stderr)
        raise

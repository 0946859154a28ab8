"""What all commands share: the application, its printing, and options that several have."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from multialign.errors import InputError

app = typer.Typer(
    name="multialign",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: rich alone would take a third of a second to load
    help="How far should a state go with a great power's offer? From an announcement's text and the world's data to "
    "an answer with its uncertainty.",
)

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
Schema = Annotated[bool, typer.Option("--schema", help="Print the JSON schema and leave.")]


def emit(data: dict[str, Any]) -> None:
    """Print JSON; numbers that are not finite are refused."""
    import json

    json.dump(data, sys.stdout, indent=1, ensure_ascii=False, allow_nan=False)
    sys.stdout.write("\n")


def console() -> Any:
    """The terminal, for tables."""
    from rich.console import Console

    return Console()


def no_folder(path: Path | None, what: str) -> None:
    """Refuse a folder where a file is wanted. what: the file in words ('a scenario in YAML'). Raises InputError."""
    if path is not None and path.is_dir():
        raise InputError("is a folder", file=path, hint=f"give {what}")


def written(*files: Path | None) -> None:
    """Say which files were written."""
    for file in files:
        if file is not None:
            print(f"written: {file}", file=sys.stderr)

"""Options by file and by environment: what is given on the command line goes first, then the environment, then the
file.

The file is TOML, a table for each command with its options by name::

    quiet = true
    [sweep]
    workers = 2
    [record.add]
    db = "archive.duckdb"

It is the one that ``--config`` or ``$MULTIALIGN_CONFIG`` names, else ``multialign.toml`` in the working folder, else
``config.toml`` in the user's configuration folder. In the environment ``MULTIALIGN_SWEEP_WORKERS=2`` does the same.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

from multialign.errors import InputError, nearest

PREFIX = "MULTIALIGN_"
FILE = "multialign.toml"
MAX_BYTES = 1 << 20
GLOBAL = ("quiet", "verbose")


def find_file(given: Path | None) -> Path | None:
    """The configuration file; None where there is none. Raises InputError where one is named and is not there."""
    named = given or (Path(os.environ[f"{PREFIX}CONFIG"]) if os.environ.get(f"{PREFIX}CONFIG") else None)
    if named is not None:
        if not named.is_file():
            raise InputError("there is no such file", file=named, field="--config")
        return named
    here = Path(FILE)
    if here.is_file():
        return here
    home = os.environ.get("XDG_CONFIG_HOME") or str(Path("~/.config").expanduser())
    users = Path(home) / "multialign" / "config.toml"
    return users if users.is_file() else None


def read_file(path: Path) -> dict[str, Any]:
    """The tables of a configuration file. Raises InputError with its line where it is not TOML."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"is {path.stat().st_size} bytes", file=path, hint=f"at most {MAX_BYTES}")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"is not TOML: {error}", file=path) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read: {error}", file=path) from error


def defaults(command: Any, file: Path | None) -> tuple[dict[str, Any], dict[str, bool]]:
    """Defaults for the options of all commands, nested as the commands are, and the global switches that are on.

    `command` is the root of the command line. Raises InputError for a command or option in the file that is not there.
    """
    found: dict[str, Any] = {}
    switches: dict[str, bool] = {}
    if file is not None:
        given = read_file(file)
        for name in GLOBAL:
            if name in given:
                value = given.pop(name)
                if not isinstance(value, bool):
                    raise InputError(f"is {value!r}", file=file, field=name, hint="right is true or false")
                switches[name] = value
        _lay(given, command, found, file, "")
    _from_environment(command, found, PREFIX)
    for name in GLOBAL:
        value = os.environ.get(f"{PREFIX}{name.upper()}", "").strip().lower()
        if value:
            switches[name] = value not in ("0", "false", "no", "off")
    return found, switches


def _options(command: Any) -> dict[str, str]:
    """Names under which a command's options may be given (as on the command line, without dashes) -> their own."""
    out: dict[str, str] = {}
    for parameter in command.params:
        if parameter.param_type_name == "option" and parameter.name:
            for spelled in (*parameter.opts, *parameter.secondary_opts):
                if spelled.startswith("--") and not spelled.startswith("--no-"):
                    out[spelled[2:]] = parameter.name
    return out


def _lay(given: dict[str, Any], command: Any, into: dict[str, Any], file: Path, where: str) -> None:
    below = getattr(command, "commands", {})
    options = _options(command) if where else {}
    for key, value in given.items():
        place = f"{where}.{key}" if where else key
        if key in below and isinstance(value, dict):
            _lay(value, below[key], into.setdefault(key, {}), file, place)
        elif key in options and not isinstance(value, dict):
            into[options[key]] = value
        else:
            close = nearest(key, [*below, *options, *(() if where else GLOBAL)])
            raise InputError(
                "is neither a command nor an option here", file=file, field=place,
                hint=f"the nearest is {close}" if close else None,
            )  # fmt: skip


def _from_environment(command: Any, into: dict[str, Any], prefix: str) -> None:
    for name, child in getattr(command, "commands", {}).items():
        below = into.setdefault(name, {})
        start = f"{prefix}{_upper(name)}_"
        for spelled, own in _options(child).items():
            if f"{start}{_upper(spelled)}" in os.environ:
                below[own] = os.environ[f"{start}{_upper(spelled)}"]
        _from_environment(child, below, start)


def everywhere(command: Any, into: dict[str, Any], name: str, value: Any) -> None:
    """Set one option in all commands that have it, where nothing else is set."""
    for key, child in getattr(command, "commands", {}).items():
        below = into.setdefault(key, {})
        if any(own == name for own in _options(child).values()):
            below.setdefault(name, value)
        everywhere(child, below, name, value)


def _upper(name: str) -> str:
    return name.replace("-", "_").upper()

"""Writing a brief's files: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from multialign.errors import InputError


def check_folder(out: Path, names: tuple[str, ...]) -> None:
    """Raise InputError, before any long work, where `out` cannot become a folder with these files in it.

    Nothing is made or written.
    """
    if out.exists() and not out.is_dir():
        raise InputError("is a file", file=out, field="out", hint="give a folder, or a name that is not taken")
    for name in names:
        if (out / name).is_dir():
            raise InputError("is a folder", file=out / name, field="out", hint="give another folder for the brief")
    there = out.absolute()
    while not there.exists():
        there = there.parent
    if not there.is_dir():
        raise InputError(f"'{there}' is a file", file=out, field="out", hint="a folder cannot lie in a file")
    if not os.access(there, os.W_OK | os.X_OK):
        raise InputError(f"'{there}' cannot be written to", file=out, field="out", hint="give a folder that you own")


def write_all(out: Path, texts: Mapping[str, str]) -> None:
    """Write every text to a file of its name in `out`, made where it is missing.

    All are first written beside their places and only then put there, so that an error leaves the folder as it was.
    Raises InputError where the disk refuses.
    """
    missing = [p for p in (out, *out.parents) if not p.exists()]
    parts: dict[str, Path] = {}
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            handle, part = tempfile.mkstemp(dir=out, prefix=f".{name}.", suffix=".part")
            parts[name] = Path(part)
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
            parts[name].chmod(0o644)
        for name, path in parts.items():
            path.replace(out / name)
    except BaseException as error:
        for path in parts.values():
            path.unlink(missing_ok=True)
        for folder in missing:
            try:
                folder.rmdir()
            except OSError:
                break  # it holds something, or was never made
        if isinstance(error, OSError):
            raise InputError(
                f"cannot be written ({error.strerror or error})", file=out, field="out", hint="give another folder"
            ) from error
        raise

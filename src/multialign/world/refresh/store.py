"""The user's data folder: files that `multialign world add` made, and a manifest that says where each came from."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from multialign.errors import InputError

VARIABLE = "MULTIALIGN_DATA"
MANIFEST = "manifest.json"
Kind = Literal["baci", "votes", "arms", "tariffs", "icio"]


class Entry(BaseModel):
    """One file in the data folder and what it was made from.

    file: its name there. years: first and last year that it covers. source_file, source_sha256: the publisher's file as
    it was given. checks: what was found in it and what was left out, in words. added: UTC time.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    file: str = Field(pattern=r"^[a-z0-9_]+\.(parquet|csv|nc)$")
    years: tuple[int, int]
    rows: int
    source: str
    edition: str
    licence: str
    citation: str
    source_file: str
    source_sha256: str
    checks: tuple[str, ...] = ()
    added: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return self.model_dump(mode="json")


def data_home() -> Path:
    """The folder of the user's own data: ``MULTIALIGN_DATA``, or the system's place for a program's data."""
    return Path(_home())


def _home() -> str:
    given = os.environ.get(VARIABLE, "").strip()
    return os.path.expanduser(given) if given else _system_home()  # noqa: PTH111 - called often; plain text is quick


@cache
def _system_home() -> str:
    import platformdirs

    return str(platformdirs.user_data_path("multialign", appauthor=False))


def edition() -> str:
    """A mark of the folder's present state; it changes when something is added, removed, or the folder is another."""
    path = f"{_home()}/{MANIFEST}"
    try:
        found = os.stat(path)  # noqa: PTH116 - called often
    except OSError:
        return ""
    return f"{path}|{found.st_mtime_ns}|{found.st_size}"


def entries(kind: Kind | None = None) -> tuple[Entry, ...]:
    """What the folder holds, oldest year first. Raises InputError for a manifest that cannot be read."""
    mark = edition()
    found = _read(mark) if mark else ()
    return tuple(e for e in found if kind is None or e.kind == kind)


@lru_cache(maxsize=4)
def _read(mark: str) -> tuple[Entry, ...]:
    path = Path(mark.rsplit("|", 2)[0])
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        found = tuple(Entry.model_validate(e) for e in data["entries"])
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as cause:
        raise InputError(
            "is not a manifest of added data", file=path, hint="move the folder away and add the files again"
        ) from cause
    return tuple(sorted(found, key=lambda e: (e.kind, e.years, e.file)))


def put(entry: Entry, write: Callable[[Path], None]) -> Entry:
    """Write one file into the folder with `write(path)`, then its entry into the manifest; both whole or not at all.

    An entry of the same file name is replaced. Raises InputError where the folder cannot be written.
    """
    home = data_home()
    entry = entry.model_copy(update={"added": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")})
    kept = [e for e in entries() if e.file != entry.file]
    part = home / f"new_{entry.file}"
    try:
        home.mkdir(parents=True, exist_ok=True)
        write(part)
        part.replace(home / entry.file)
        _save([*kept, entry])
    except OSError as cause:
        raise InputError(
            f"cannot be written ({cause.strerror})", file=home, hint=f"set {VARIABLE} to a folder that can"
        ) from cause
    finally:
        part.unlink(missing_ok=True)
    return entry


def remove(file: str) -> Entry:
    """Take one file out of the folder. Raises InputError where it is not there."""
    found = [e for e in entries() if e.file == file]
    if not found:
        known = ", ".join(e.file for e in entries()) or "nothing"
        raise InputError(f"'{file}' is not in the data folder", file=data_home(), hint=f"it holds: {known}")
    _save([e for e in entries() if e.file != file])
    (data_home() / file).unlink(missing_ok=True)
    return found[0]


def _save(kept: list[Entry]) -> None:
    path = data_home() / MANIFEST
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(
            json.dumps({"version": 1, "entries": [e.to_dict() for e in kept]}, indent=1, ensure_ascii=False) + "\n",
            encoding="utf-8",
        )
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def sha256(path: Path) -> str:
    """Checksum of a file's bytes."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def require_file(path: Path, most: int) -> None:
    """Raise InputError unless `path` is a file that is neither empty nor larger than `most` bytes."""
    if path.is_dir():
        raise InputError("is a folder", file=path, hint="give one file")
    if not path.is_file():
        raise InputError("there is no such file", file=path)
    size = path.stat().st_size
    if size == 0:
        raise InputError("is empty", file=path)
    if size > most:
        raise InputError(f"is {size >> 20} MiB", file=path, hint=f"at most {most >> 20} MiB are read")

"""Where results lie: a folder, or a place on object storage; each file whole or not there.

On a disk a file is written beside its place, brought to the disk (fsync) and renamed. On object storage an upload shows
when it is complete.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from multialign.errors import InputError, MultialignError

if TYPE_CHECKING:
    import pandas as pd


class Store(Protocol):
    """A place for files, named by paths relative to it."""

    place: str

    def write(self, name: str, body: bytes) -> None: ...

    def read(self, name: str) -> bytes | None: ...

    def names(self, folder: str) -> list[str]: ...

    def size(self, name: str) -> int | None: ...

    def lock(self) -> contextlib.AbstractContextManager[None]: ...


def store(place: str | Path) -> Store:
    """The store at a path, or at an address such as ``s3://bucket/folder`` (needs the extra 'scale').

    Raises InputError for a place that cannot be used.
    """
    text = str(place)
    if "://" in text and not text.startswith("file://"):
        return Remote(text)
    return Folder(Path(text.removeprefix("file://")))


class Folder:
    """A folder on a disk."""

    def __init__(self, root: Path) -> None:
        self.root, self.place = root, str(root)
        if root.exists() and not root.is_dir():
            raise InputError("is a file", file=root, field="--out", hint="give a folder")

    def write(self, name: str, body: bytes) -> None:
        """Write a file, whole or not at all. Raises MultialignError where the disk refuses."""
        path = self.root / name
        part = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, part = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
            with os.fdopen(handle, "wb") as out:
                out.write(body)
                out.flush()
                os.fsync(out.fileno())
            Path(part).replace(path)
            part = None
            _settle(path.parent)
        except OSError as error:
            raise MultialignError(
                f"{path}: cannot be written: {error.strerror or error}; finished parts are kept, and the same command "
                "goes on from there"
            ) from error
        finally:
            if part is not None:
                Path(part).unlink(missing_ok=True)

    def read(self, name: str) -> bytes | None:
        """A file's content; None where there is none."""
        try:
            return (self.root / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def names(self, folder: str) -> list[str]:
        """Names of the files in a folder, sorted, without those still being written."""
        here = self.root / folder
        return sorted(p.name for p in here.iterdir() if not p.name.startswith(".")) if here.is_dir() else []

    def size(self, name: str) -> int | None:
        """Bytes of a file; None where there is none."""
        try:
            return (self.root / name).stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            return None

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the folder for one sweep at a time; the system lets go of it when the process ends, however it ends.

        What an earlier run that was killed left half-written is cleared away. Raises InputError where another process
        holds it.
        """
        try:
            import fcntl
        except ImportError:  # without file locks two runs write the same files twice, with the same content
            yield
            return
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise InputError(
                    "another process is writing here",
                    file=self.root,
                    hint="wait until it is done, or give another place",
                ) from None
            for left in self.root.glob("**/.*.part"):
                left.unlink(missing_ok=True)
            yield


class Remote:
    """A place on object storage, or anything else that fsspec reaches."""

    def __init__(self, url: str) -> None:
        try:
            import fsspec
        except ImportError:
            raise InputError(
                f"'{url}' is an address, and fsspec is not installed", field="--out",
                hint="pip install 'multialign[scale]'",
            ) from None  # fmt: skip
        self.place = url.rstrip("/")
        try:
            self.fs, self.root = fsspec.core.url_to_fs(self.place)
        except (ImportError, ValueError) as error:
            raise InputError(f"'{url}' cannot be used: {error}", field="--out") from error

    def write(self, name: str, body: bytes) -> None:
        """Upload a file. Raises MultialignError where the storage refuses."""
        path = f"{self.root}/{name}"
        try:
            self.fs.makedirs(path.rpartition("/")[0], exist_ok=True)
            self.fs.pipe_file(path, body)
        except Exception as error:  # each storage has errors of its own
            raise MultialignError(f"{self.place}/{name}: cannot be written: {error}") from error

    def read(self, name: str) -> bytes | None:
        """A file's content; None where there is none."""
        try:
            return bytes(self.fs.cat_file(f"{self.root}/{name}"))
        except FileNotFoundError:
            return None

    def names(self, folder: str) -> list[str]:
        """Names of the files in a folder, sorted."""
        try:
            found = self.fs.ls(f"{self.root}/{folder}", detail=False)
        except FileNotFoundError:
            return []
        return sorted(str(p).rpartition("/")[2] for p in found)

    def size(self, name: str) -> int | None:
        """Bytes of a file; None where there is none."""
        try:
            return int(self.fs.info(f"{self.root}/{name}")["size"])
        except FileNotFoundError:
            return None

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Object storage knows no locks: two runs write the same files twice, with the same content."""
        yield


def _settle(folder: Path) -> None:
    """Bring a rename to the disk, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def parquet_bytes(table: pd.DataFrame) -> bytes:
    """A table as a Parquet file. The same table gives the same bytes."""
    import duckdb

    with tempfile.TemporaryDirectory(prefix="multialign-") as folder:
        target = str(Path(folder) / "table.parquet").replace("'", "''")
        try:
            with duckdb.connect() as connection:
                connection.execute("SET threads = 1")
                connection.register("given", table)
                # COPY takes no parameters; the path is quoted above
                connection.execute(f"COPY (SELECT * FROM given) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")  # noqa: S608
        except duckdb.Error as error:
            raise MultialignError(f"a table cannot be written: {str(error).splitlines()[0]}") from error
        return (Path(folder) / "table.parquet").read_bytes()


def write_part(out: Store, part: int, plan: str, tables: dict[str, pd.DataFrame], **more: Any) -> dict[str, Any]:
    """Write the tables of a part, then the record that says it is finished; returns that record."""
    files = {}
    for name, table in tables.items():
        body = parquet_bytes(table)
        file = f"{name}/part-{part:06d}.parquet"
        out.write(file, body)
        files[file] = {"rows": len(table), "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    done = {"part": part, "plan": plan, "files": files, **more}
    out.write(f"done/part-{part:06d}.json", json.dumps(done, indent=1).encode())
    return done


def finished(out: Store, plan: str, *, thorough: bool = False) -> dict[int, dict[str, Any]]:
    """The records of finished parts whose files are all there; `thorough`: with the content that they had.

    Raises InputError where the place holds the results of another plan.
    """
    found: dict[int, dict[str, Any]] = {}
    for name in out.names("done"):
        if not name.endswith(".json"):
            continue
        try:
            done = json.loads(out.read(f"done/{name}") or b"")
            number, of, files = int(done["part"]), done["plan"], dict(done["files"])
        except (ValueError, KeyError, TypeError):
            continue  # not ours or damaged: the part is made again
        if of != plan:
            raise InputError(
                "holds the results of another plan, or of another version", file=out.place, field="--out",
                hint="give another place, or remove this one",
            )  # fmt: skip
        if all(_there(out, file, what, thorough) for file, what in files.items()):
            found[number] = done
    return found


def _there(out: Store, file: str, what: dict[str, Any], thorough: bool) -> bool:
    if not thorough:
        return out.size(file) == what["bytes"]
    body = out.read(file)
    return body is not None and hashlib.sha256(body).hexdigest() == what["sha256"]

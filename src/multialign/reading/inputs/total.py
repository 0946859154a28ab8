"""How many documents there will be, where that can be said quickly: for a progress bar."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterable
from pathlib import Path

from multialign.reading.inputs import fetch
from multialign.reading.inputs.kinds import suffix_kind
from multialign.reading.inputs.options import Options

_SCANNED = 1024**3


def total(paths: Iterable[str | Path], options: Options) -> int | None:
    """Number of documents in files, folders and tables; None where only reading would tell."""
    if options.paragraphs:
        return None
    count = 0
    for path in paths:
        if str(path) == "-" or fetch.is_url(str(path)):
            return None
        for file in _files(Path(path)):
            here = _in_file(file)
            if here is None:
                return None
            count += here
    return count


def _files(path: Path) -> Iterable[Path]:
    if not path.is_dir():
        return [path]
    return (Path(here) / f for here, _, files in os.walk(path) for f in files if suffix_kind(f) and f[:1] != ".")


def _in_file(path: Path) -> int | None:
    kind = suffix_kind(path.name)
    if kind not in ("jsonl", "parquet", "feed"):
        return 1
    if kind != "jsonl":
        return None
    lines, size = 0, 0
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as handle:
            while block := handle.read(1 << 20):
                lines += block.count(b"\n")
                size += len(block)
                if size > _SCANNED:
                    return None
    except (OSError, EOFError, zlib.error):
        return None
    return lines

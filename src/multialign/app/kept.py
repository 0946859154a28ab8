"""Answers kept on disk, so that no reload and no crash loses one: a JSON file each, written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from multialign import __version__
from multialign.errors import InputError
from multialign.respond import Answer
from multialign.world.refresh.store import data_home

MOST = 300
"""Answers kept; beyond that the oldest are dropped when another is kept."""
_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class Entry:
    """One kept answer, without its numbers. id: sixteen hex digits. saved: UTC, ISO. level: how thorough it was."""

    id: str
    saved: str
    level: str
    focal: str
    offerer: str
    third: str
    domains: tuple[str, ...]


class Kept:
    """A folder of answers. Safe to use from several threads."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._read: dict[tuple[str, float], Answer] = {}

    @property
    def folder(self) -> Path:
        """Where the answers lie: the one given, or ``answers`` in the user's data folder."""
        return self._folder if self._folder is not None else data_home() / "answers"

    @staticmethod
    def id_of(key: str) -> str:
        """The id under which the answer to a question is kept."""
        return hashlib.sha256(key.encode()).hexdigest()[:16]

    def put(self, key: str, answer: Answer, level: str) -> str:
        """Keep an answer; its id. Where the disk refuses, raises InputError."""
        name = self.id_of(key)
        q = answer.question
        entry = {
            "version": 1, "kind": "kept-answer", "made_by": f"multialign {__version__}",
            "saved": datetime.now(UTC).isoformat(timespec="seconds"), "level": level,
            "question": [q.focal, q.offerer, q.third, list(q.domains)], "answer": answer.to_dict(),
        }  # fmt: skip
        with self._lock:
            try:
                self.folder.mkdir(parents=True, exist_ok=True)
                handle, part = tempfile.mkstemp(dir=self.folder, prefix=f".{name}.", suffix=".part")
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    json.dump(entry, file, allow_nan=False)
                    file.flush()
                    os.fsync(file.fileno())
                Path(part).replace(self.folder / f"{name}.json")
            except OSError as cause:
                raise InputError(f"the answer cannot be kept ({cause.strerror})", file="answers") from None
            for old in sorted(self.folder.glob("*.json"), key=lambda p: p.stat().st_mtime)[:-MOST]:
                old.unlink(missing_ok=True)
        return name

    def get(self, name: str) -> Answer | None:
        """The answer of an id; None where there is none that this version can read."""
        if not _ID.fullmatch(name):
            return None
        path = self.folder / f"{name}.json"
        try:
            stamp = (name, path.stat().st_mtime)
            if stamp not in self._read:
                if len(self._read) > 64:
                    self._read.clear()
                self._read[stamp] = Answer.model_validate(json.loads(path.read_text(encoding="utf-8"))["answer"])
            return self._read[stamp]
        except (OSError, ValueError, KeyError, TypeError, ValidationError):
            return None

    def drop(self, name: str) -> None:
        """Forget an answer. Nothing happens where there is none."""
        if _ID.fullmatch(name):
            (self.folder / f"{name}.json").unlink(missing_ok=True)

    def entries(self) -> list[Entry]:
        """What is kept, the latest first; files of other kinds or versions are passed over."""
        found = []
        for path in self.folder.glob("*.json"):
            if not _ID.fullmatch(path.stem):
                continue
            entry = self._head(path)
            if entry is not None:
                found.append(entry)
        return sorted(found, key=lambda e: e.saved, reverse=True)

    @staticmethod
    def _head(path: Path) -> Entry | None:
        try:
            raw: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            focal, offerer, third, domains = raw["question"]
            return Entry(path.stem, str(raw["saved"]), str(raw["level"]), focal, offerer, third, tuple(domains))
        except (OSError, ValueError, KeyError, TypeError):
            return None

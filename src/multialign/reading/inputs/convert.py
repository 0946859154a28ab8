"""Converting HTML, PDF and DOCX in a process of its own: a hostile file can stop that process, never this one."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import multialign
from multialign.errors import InputError
from multialign.reading.inputs.child import SECONDS
from multialign.reading.inputs.extract import Extract, extract

APART = frozenset({"html", "fragment", "pdf", "docx"})
"""Kinds that are converted in the other process."""


class Converter:
    """A process that converts one document after another, started when first needed and anew after it broke."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def convert(self, raw: bytes, kind: str, name: str) -> Extract:
        """The text of a document. Raises InputError when it is damaged, too slow or too large."""
        with self._lock:
            answer = self._ask(raw, kind, name)
        if "problem" in answer:
            raise InputError(str(answer["problem"]), hint=answer.get("hint"), file=name)
        return Extract(str(answer["text"]), answer.get("title"), answer.get("date"))

    def _ask(self, raw: bytes, kind: str, name: str) -> dict[str, str | None]:
        process = self._started()
        assert process.stdin is not None and process.stdout is not None  # noqa: S101 - pipes were asked for
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(self.seconds, stop)
        timer.start()
        try:
            head = json.dumps({"kind": kind, "name": name, "size": len(raw)})
            process.stdin.write(head.encode("ascii") + b"\n" + raw)
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError:
            line = b""
        finally:
            timer.cancel()
        if line.endswith(b"\n"):
            return dict(json.loads(line))
        self.close()
        if late.is_set():
            return {"problem": f"could not be read within {self.seconds:g} seconds", "hint": "give its text alone"}
        return {"problem": "breaks the program that reads such files", "hint": "save it anew, or as text"}

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            here = str(Path(multialign.__file__).resolve().parent.parent)
            paths = [here, os.environ.get("PYTHONPATH", "")]
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "multialign.reading.inputs.child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in paths if p)},
            )
        return self._process

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            with contextlib.suppress(OSError):  # what was not yet written to it
                self._process.communicate()
            self._process = None


_converter = Converter()
atexit.register(_converter.close)


def convert(raw: bytes, kind: str, name: str) -> Extract:
    """The text of a document of any kind."""
    return _converter.convert(raw, kind, name) if kind in APART else extract(raw, kind, name)

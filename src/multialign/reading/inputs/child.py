"""The converter's own process: documents in on standard input, their text out, until the input ends.

A request is a line of JSON (`kind`, `name`, `size`) and `size` bytes; the answer a line of JSON. Memory is bounded
by the operating system where it can be, time by an alarm, so that a hostile file takes down this process alone.
"""

from __future__ import annotations

import json
import os
import sys

MEMORY = 2 * 1024**3
"""Address space of the process, in bytes; its libraries alone take half a gigabyte of it."""

SECONDS = 30
"""Longest that one document may take."""


def main() -> None:
    """Answer requests until there are none."""
    out = os.fdopen(os.dup(1), "w", encoding="ascii")
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)  # what a library prints must not get between the answers
    _bound_memory()
    from multialign.errors import InputError
    from multialign.reading.inputs.extract import extract

    for line in sys.stdin.buffer:
        asked = json.loads(line)
        raw = sys.stdin.buffer.read(asked["size"])
        _alarm(SECONDS + 5)
        try:
            found = extract(raw, asked["kind"], asked["name"])
            answer: dict[str, object] = {"text": found.text, "title": found.title, "date": found.date}
        except InputError as error:
            answer = {"problem": error.problem, "hint": error.hint}
        except (MemoryError, RecursionError):
            answer = {"problem": "needs more memory than is given to one document", "hint": "give its text alone"}
        except Exception as error:  # whatever a library makes of a hostile file
            answer = {
                "problem": f"cannot be read ({type(error).__name__}: {str(error)[:80]})",
                "hint": "save it anew, or as text",
            }
        _alarm(0)
        json.dump(answer, out)
        out.write("\n")
        out.flush()


def _bound_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _alarm(seconds: int) -> None:
    import signal

    if hasattr(signal, "alarm"):
        signal.alarm(seconds)  # without a handler it ends the process


if __name__ == "__main__":
    main()

"""Answers stay on disk, whole, through a crash and whatever lies beside them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

pytest.importorskip("dash")

from multialign.app import kept as module
from multialign.app.kept import Kept
from multialign.app.pages import compare
from multialign.respond import Answer
from tests.app.test_ask import words


def test_an_answer_is_kept_found_and_forgotten(tmp_path: Path, answer: Answer) -> None:
    kept = Kept(tmp_path / "a" / "b")
    assert kept.entries() == []
    name = kept.put("question", answer, "quick")
    assert name == Kept.id_of("question") and Kept(tmp_path / "a" / "b").get(name) == answer
    (entry,) = kept.entries()
    assert (entry.id, entry.focal, entry.offerer, entry.level) == (name, "IND", "RUS", "quick")
    assert "India and Russia" in compare.label(entry)
    kept.drop(name)
    assert kept.get(name) is None and kept.entries() == []


def test_what_cannot_be_read_is_passed_over(tmp_path: Path, answer: Answer) -> None:
    kept = Kept(tmp_path)
    name = kept.put("question", answer, "quick")
    (tmp_path / "0123456789abcdef.json").write_text('{"saved": "2026", "answer": {}}')
    (tmp_path / "fedcba9876543210.json").write_text("half a fi")
    (tmp_path / ".x.part").write_text("{")
    (tmp_path / "notes.txt").write_text("mine")
    assert [e.id for e in kept.entries()] == [name]
    assert kept.get("0123456789abcdef") is None and kept.get("fedcba9876543210") is None


def test_the_oldest_go(tmp_path: Path, answer: Answer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    kept = Kept(tmp_path)
    names = [kept.put(f"question {k}", answer, "quick") for k in range(4)]
    for k, name in enumerate(names[1:]):
        os.utime(tmp_path / f"{name}.json", (k, k))
    kept.put("question 4", answer, "quick")
    assert kept.get(names[1]) is None and kept.get(names[3]) is not None


def test_many_at_once(tmp_path: Path, answer: Answer) -> None:
    kept = Kept(tmp_path)
    threads = [threading.Thread(target=kept.put, args=(f"q{k % 4}", answer, "quick")) for k in range(16)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert len(kept.entries()) == 4 and not list(tmp_path.glob(".*.part"))


CRASH = """
import json, os, sys
from pathlib import Path
from multialign.app.kept import Kept
from multialign.respond import Answer
answer = Answer.model_validate_json(Path(sys.argv[1]).read_text())
kept = Kept(Path(sys.argv[2]))
kept.put("first", answer, "quick")
print("kept", flush=True)
while True:
    kept.put("second", answer, "quick")
"""


def test_a_crash_loses_no_kept_answer(tmp_path: Path, answer: Answer) -> None:
    """Killed while it writes: what was kept before is there, and the file being written is old or new, never half."""
    source, folder = tmp_path / "answer.json", tmp_path / "kept"
    source.write_text(json.dumps(answer.to_dict()))
    with subprocess.Popen([sys.executable, "-c", CRASH, str(source), str(folder)], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline() == b"kept\n"
        process.send_signal(signal.SIGKILL)
        process.wait(20)
    kept = Kept(folder)
    assert kept.get(Kept.id_of("first")) == answer
    assert kept.get(Kept.id_of("second")) in (None, answer)


def test_side_by_side(answer: Answer) -> None:
    other = answer.model_copy(update={"draws": 7})
    said = words(compare.side_by_side([answer, other]))
    assert "A: India and Russia" in said and "B: India and Russia" in said
    assert "Best depth: energy" in said and "7, 1, 2022" in said
    assert words(compare.side_by_side([answer]))

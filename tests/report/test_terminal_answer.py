"""The brief, the answer and the progress on a terminal."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest
from rich.console import Console

from multialign.report.terminal.answer import print_answer
from multialign.report.terminal.brief import print_brief
from multialign.report.terminal.progress import progress


def shown(printer, thing, width: int = 80) -> str:  # type: ignore[no-untyped-def]
    console = Console(file=io.StringIO(), width=width)
    printer(thing, console)
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_the_answer_comes_first_and_fits(made) -> None:  # type: ignore[no-untyped-def]
    text = shown(print_answer, made[0].answer)
    flat = " ".join(text.split())
    assert flat.index(made[0].headline[0]) < flat.index("80 % band")
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 80
    for word in ("energy", "All the way: India", "reply of the United States", "What is assumed", "40 draws"):
        assert word in flat


def test_the_brief_says_where_its_files_are(made) -> None:  # type: ignore[no-untyped-def]
    text = shown(print_brief, made[0], width=200)
    assert made[0].headline[0] in text and str(made[1] / "brief.html") in text and str(made[1] / "brief.md") in text


def test_progress_is_plain_off_a_terminal_and_silent_when_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    with progress(quiet=False) as step:
        step("reading", 0.0)
        step("solving", 0.5)
        step("solving", 0.6)
    told = capsys.readouterr()
    assert told.out == "" and told.err.splitlines() == ["  0% reading", " 50% solving"]
    with progress(quiet=True) as step:
        step("reading", 0.0)
    assert capsys.readouterr().err == ""


def test_tables_on_a_terminal_do_not_load_the_engine() -> None:
    code = "import sys, multialign.report.terminal.world; sys.exit('jax' in sys.modules or 'jinja2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

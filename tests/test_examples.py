"""The examples in Python run and say what they promise."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "examples" / "python"


def output(name: str) -> str:
    done = subprocess.run(
        [sys.executable, str(FOLDER / name)], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_small_world():
    gains = [float(g) for g in re.findall(r"North ([+-][\d.]+) %", output("small_world.py"))]
    losses = [float(g) for g in re.findall(r"South ([+-][\d.]+) %", output("small_world.py"))]
    assert gains[0] == 0.0 and gains[1] > 0  # a small tariff improves the terms of trade of its maker
    assert losses == sorted(losses, reverse=True) and losses[-1] < 0


def test_discount_against_tariff():
    found = [float(x) for x in re.findall(r"([\d.]+)% of the price", output("discount_against_tariff.py"))]
    assert len(found) == 3 and found == sorted(found) and found[0] > 0


def test_who_leans_on_whom():
    text = output("who_leans_on_whom.py")
    losses = [tuple(map(float, x)) for x in re.findall(r"India ([+-][\d.]+) %, .* ([+-][\d.]+) %", text)]
    assert len(losses) == 4 and all(a < 0 and b < 0 for a, b in losses)
    assert re.search(r"rank \d+ of 80", text) and "Losing all trade with China" in text


def test_crude_and_what_if():
    text = output("crude_and_what_if.py")
    saved = {int(y): float(x.replace(",", "")) for y, x in re.findall(r"(\d{4}):.*saved ([\d,]+)", text)}
    assert saved[2023] > 3 * saved[2024] > 0
    before, after = map(float, re.findall(r"([\d.]+) % of barrels becomes ([\d.]+) %", text)[0])
    assert after > before
    assert [float(x) for x in re.findall(r"paid for by ([\d.]+)", text)][1] == 32.6


def test_every_example_is_run_here():
    run = set(re.findall(r'output\("(\w+\.py)"\)', Path(__file__).read_text(encoding="utf-8")))
    assert {p.name for p in FOLDER.glob("*.py")} == run

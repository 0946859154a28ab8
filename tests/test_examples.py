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


def test_every_example_is_run_here():
    assert {p.name for p in FOLDER.glob("*.py")} == {"small_world.py", "discount_against_tariff.py"}

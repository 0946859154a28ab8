"""The pages of docs/measured, by measuring.

    python scripts/make_measured.py validation     # tests against published numbers, closed forms, other programs
    python scripts/make_measured.py strain         # random worlds (--n cases)
    python scripts/make_measured.py sweep          # cases a second on one and more processes

What depends on the machine says on which it was measured.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "measured"
VALIDATIONS = (
    ("tests/trade/test_nafta.py", "the published tables of the NAFTA tariffs (Caliendo & Parro 2015)"),
    ("tests/trade/test_equilibrium.py", "closed forms, accounts added up by hand, gains from trade"),
    ("tests/trade/test_properties.py", "what must not matter; limits; autarky"),
    ("tests/trade/test_gegravity.py", "another program, on the economy that both solve"),
    ("tests/trade/test_derivatives.py", "derivatives against finite differences"),
    ("tests/trade/test_games.py", "optimal tariffs against closed forms; deviations from Nash tariffs"),
    ("tests/ties/test_elasticity.py", "the estimate of the elasticity of crude"),
    ("tests/reading/test_gold.py", "statements against texts marked by hand"),
)


def machine() -> str:
    """Where and with what, in a line."""
    parts = [f"{name} {version(name)}" for name in ("numpy", "jax", "duckdb")]
    return f"{os.cpu_count()} processors, {platform.machine()}, Python {platform.python_version()}, {', '.join(parts)}"


def validation() -> str:
    """The page of validations: each test, what it says of itself, and how it came out."""
    lines = [
        "# Validation",
        "",
        "Made by `python scripts/make_measured.py validation`, which runs the tests named here. Skipped are those",
        "whose published tables cannot be handed on and were not beside the code.",
        "",
        f"Measured with: {machine()}.",
    ]
    for file, what in VALIDATIONS:
        if not (ROOT / file).exists():
            continue
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "out.xml"
            command = [sys.executable, "-m", "pytest", "-q", file, f"--junitxml={out}"]
            subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
            cases = list(ET.parse(out).getroot().iter("testcase"))  # noqa: S314 - of our own test run
        lines += ["", f"## {what[0].upper()}{what[1:]}", "", f"`{file}`", "", "| test | outcome |", "|---|---|"]
        for case in cases:
            bad = next((c.tag for c in case if c.tag in ("failure", "error", "skipped")), "passed")
            name = (case.get("name") or "").removeprefix("test_").replace("_", " ").replace("|", "/")
            lines.append(f"| {name} | {bad} |")
    return "\n".join(lines) + "\n"


def strain(n: int, seed: int, seconds: float | None) -> str:
    """The page of random worlds."""
    command = [sys.executable, str(ROOT / "benchmarks" / "strain.py"), "--n", str(n), "--seed", str(seed), "--json"]
    if seconds:
        command += ["--seconds", str(seconds)]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    rows = [
        f"| {kind} | {sum(found[kind].values())} | {found[kind].get('solved', 0)} | "
        f"{found[kind].get('not converged', 0)} | {found[kind].get('refused', 0)} |"
        for kind in ("moderate", "extreme")
    ]
    misses = [f"| {name} | {value:.1e} |" for name, value in found["largest_miss"].items()]
    return "\n".join(
        [
            "# Strain",
            "",
            f"Made by `python scripts/make_measured.py strain --n {n} --seed {seed}`: {found['cases']} random worlds,",
            "from 2 x 1 to 40 x 10, solved and held against the model's equations by NumPy code that shares nothing",
            "with the engine (`benchmarks/strain.py`). *Moderate*: elasticities of 1.5 to 12, tariffs to 30 %, few",
            "zeros. *Extreme*:",
            "elasticities of 0.05 to 60, trade down to a millionth, up to 95 % zeros, tariffs of 1000 %, frictions,",
            "embargoes, countries that live on others. *Refused*: no equilibrium can be (a good that",
            "nobody is left to sell), said before solving.",
            "",
            "| kind | worlds | solved | raised, not converged | refused |",
            "|---|---|---|---|---|",
            *rows,
            "",
            f"**Wrong numbers: {len(found['wrong'])}.** {found['no_world']} draws made no world. Largest miss of each",
            "identity over all solved cases, relative to the labour income of the country (prices and costs in logs):",
            "",
            "| identity | largest miss |",
            "|---|---|",
            *misses,
            "",
            f"Measured with: {machine()}.",
            "",
        ]
    )


def sweep(cases: int) -> str:
    """The page of scaling: the embedded world, cases that change a tariff and a discount."""
    from multialign.sweep import parse_plan
    from multialign.sweep import sweep as run

    text = (ROOT / "examples" / "sweeps" / "tariff-and-discount.yaml").read_text(encoding="utf-8")
    text = text.replace("  - {field: elasticities, values: [median, CP]}\n", "").replace("part: 16", "part: 32")
    rows = []
    for name, counts in (("strong", ((1, cases), (2, cases))), ("weak", ((1, cases // 2), (2, cases), (4, 2 * cases)))):
        base = None
        for workers, n in counts:
            plan = parse_plan(text.replace("steps: 6", "steps: 16").replace("steps: 5", f"steps: {n // 16}"))
            with tempfile.TemporaryDirectory() as folder:
                began = time.monotonic()
                run(plan, Path(folder) / "out", workers=workers)
                seconds = time.monotonic() - began
            base = base or seconds
            share = base / seconds if name == "weak" else base / seconds / workers
            rows.append(f"| {name} | {workers} | {n} | {seconds:.1f} | {n / seconds:.1f} | {share:.0%} |")
    return "\n".join(
        [
            "# Sweeps on more processes",
            "",
            f"Made by `python scripts/make_measured.py sweep --n {cases}`. The embedded world, a tariff and a",
            "discount; a process is started, loads the world and finds its code compiled within the time. Strong: the",
            "same work on more processes; weak: as much more work. Efficiency against one process.",
            "",
            "| scaling | processes | cases | seconds | cases a second | efficiency |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
            f"Measured with: {machine()}.",
            "",
        ]
    )


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description="Make a page of docs/measured by measuring.")
    parser.add_argument("page", choices=("validation", "strain", "sweep"))
    parser.add_argument("--n", type=int, help="cases")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, help="of strain: stop after so long")
    given = parser.parse_args()
    text = {
        "validation": validation,
        "strain": lambda: strain(given.n or 1000, given.seed, given.seconds),
        "sweep": lambda: sweep(given.n or 256),
    }[given.page]()
    PAGES.mkdir(exist_ok=True)
    (PAGES / f"{given.page}.md").write_text(text, encoding="utf-8")
    print(PAGES / f"{given.page}.md")


if __name__ == "__main__":
    main()

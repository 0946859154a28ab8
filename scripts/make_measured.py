"""The pages of docs/measured, by measuring.

    python scripts/make_measured.py validation     # tests against published numbers, closed forms, other programs
    python scripts/make_measured.py strain         # random worlds (--n cases)
    python scripts/make_measured.py sweep          # cases a second on one and more processes
    python scripts/make_measured.py mutation --results FILES     # what scripts/mutate.py wrote (--out), oldest first

What depends on the machine says on which it was measured.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
import textwrap
import time
import xml.etree.ElementTree as ET
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "docs" / "measured"
PROCESSES = (1, 2, 4)
JUDGED = PAGES / "mutation_survivors.tsv"
MUTANTS = """\
A mutant is the program with one small change: another operator, a comparison turned, a number moved, a condition
negated, a statement left out, a value returned as None. `scripts/mutate.py` draws mutants at random from a room's
modules and runs the room's own tests against each, those that run the changed line, until one fails. Tests against
published tables that cannot be handed on are left out, as are those marked slow.

*Before*: the tests as they were when the sample was drawn, and in brackets the 95 % interval of the share among all
mutants (Wilson 1927). *After*: the same sample, with the tests that its survivors called for. That flatters: those
tests were written for these mutants, so no interval is given, and what the tests are worth now only another sample
(another seed) can tell. Lines are those of the day of the draw; why each survivor is left is in
`mutation_survivors.tsv`. Made by `python scripts/make_measured.py mutation --results ...`.

| room | seed | mutants | tried | survived before | noticed before | survived after | noticed after |
|---|---|---|---|---|---|---|---|""".splitlines()
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


STRAIN = """\
from 2 x 1 to 40 x 3 and 20 x 10, solved and held against the model's equations by NumPy code that shares nothing
with the engine (`benchmarks/strain.py`). *Moderate*: elasticities of 1.5 to 12, tariffs to 30 %, few zeros.
*Extreme*: elasticities of 0.05 to 60, trade down to a millionth, up to 95 % zeros, tariffs of 1000 %, frictions,
embargoes, countries that live on others, all closures. *Refused*: no equilibrium can be (a good that nobody is left
to sell; trade left open one way only), said before solving. *Raised*: none was found to the tolerance, and no
numbers came back; many of these have none either (a deficit kept in money that trade can no longer carry)."""
LARGEST = ("200x100", 4)
"""Size of the largest worlds under strain, and how many of them (a minute each)."""


def strain(n: int, seed: int, seconds: float | None) -> str:
    """The page of random worlds."""
    command = [sys.executable, str(ROOT / "benchmarks" / "strain.py"), "--seed", str(seed), "--json"]
    limit = ["--seconds", str(seconds)] if seconds else []

    def run(*more: str) -> dict[str, Any]:
        done = subprocess.run([*command, *more], capture_output=True, text=True, check=True)
        return dict(json.loads(done.stdout))

    found, large = run("--n", str(n), *limit), run("--n", str(LARGEST[1]), "--size", LARGEST[0])
    rows = [
        f"| {kind} | {sum(found[kind].values())} | {found[kind].get('solved', 0)} | {found[kind].get('refused', 0)} | "
        f"{found[kind].get('not converged', 0)} |"
        for kind in ("moderate", "extreme")
    ]
    worst = {k: max(v, large["largest_miss"].get(k, 0.0)) for k, v in found["largest_miss"].items()}
    misses = [f"| {name} | {value:.1e} |" for name, value in worst.items()]
    of_large = sum(sum(large[kind].values()) for kind in ("moderate", "extreme"))
    solved = sum(large[kind].get("solved", 0) for kind in ("moderate", "extreme"))
    wrong = len(found["wrong"]) + len(large["wrong"])
    slowest = max(o["seconds"] for o in large["slowest"])
    call = f"`python scripts/make_measured.py strain --n {n} --seed {seed}`"
    how = f"Made by {call}: {found['cases']} random worlds {STRAIN}"
    big = (
        f"**Wrong numbers: {wrong}.** Of {of_large} worlds of {LARGEST[0]}, {solved} were solved, in up to "
        f"{slowest:.0f} s each. Largest miss of each identity over all that was solved, relative to the labour income "
        "of the country (prices and costs in logs):"
    )
    table = ["| kind | worlds | solved | refused | raised |", "|---|---|---|---|---|", *rows]
    largest = ["| identity | largest miss |", "|---|---|", *misses]
    end = f"Measured with: {machine()}."
    return "\n".join(["# Strain", "", filled(how), "", *table, "", filled(big), "", *largest, "", end, ""])


def filled(text: str) -> str:
    """A paragraph in lines of at most 120 characters."""
    return textwrap.fill(" ".join(text.split()), 120)


def sweep(cases: int) -> str:
    """The page of scaling: the embedded world, cases that change a tariff and a discount."""
    from multialign.sweep import parse_plan
    from multialign.sweep import sweep as run
    from multialign.sweep.cluster import client

    text = (ROOT / "examples" / "sweeps" / "tariff-and-discount.yaml").read_text(encoding="utf-8")
    text = text.replace("  - {field: elasticities, values: [median, CP]}\n", "").replace("part: 16", "part: 32")
    took: dict[tuple[str, int], float] = {}
    for workers in PROCESSES:
        began = time.monotonic()
        with client(workers=workers) as connected, tempfile.TemporaryDirectory() as folder:
            sizes = {"start": 64 * workers, "strong": cases, "weak": cases // 2 * workers}
            for name, n in sizes.items():
                plan = parse_plan(text.replace("steps: 6", "steps: 16").replace("steps: 5", f"steps: {n // 16}"))
                run(plan, Path(folder) / name, scheduler=connected.scheduler.address)
                took[name, workers] = time.monotonic() - began
                began = time.monotonic()
    rows = []
    for name in ("strong", "weak"):
        base = took[name, 1]
        for workers in PROCESSES:
            n = cases if name == "strong" else cases // 2 * workers
            seconds = took[name, workers]
            share = base / seconds / workers if name == "strong" else base / seconds
            rows.append(f"| {name} | {workers} | {n} | {seconds:.1f} | {n / seconds:.0f} | {share:.0%} |")
    starts = ", ".join(f"{took['start', w]:.0f} s with {w}" for w in PROCESSES)
    return "\n".join(
        [
            "# Sweeps on more processes",
            "",
            f"Made by `python scripts/make_measured.py sweep --n {cases}`. The embedded world, a tariff and a",
            "discount, on a cluster of this machine's own, one processor for each process. Strong: the same work on",
            "more processes; weak: as much more work. Efficiency against one process. Starting is left out: processes,",
            f"world, code compiled or found, and 64 cases each took {starts}.",
            "",
            "| scaling | processes | cases | seconds | cases a second | efficiency |",
            "|---|---|---|---|---|---|",
            *rows,
            "",
            _bars({w: cases / took["strong", w] for w in PROCESSES}),
            "",
            f"Measured with: {machine()}. More processes than processors only get in each other's way.",
            "",
        ]
    )


def _bars(rates: dict[int, float]) -> str:
    """Cases a second against processes, as text: a picture that every reader of the page can show."""
    most = max(rates.values())
    lines = [f"{n:>2} processes  {'#' * round(40 * rate / most):<40}  {rate:.0f} a second" for n, rate in rates.items()]
    return "\n".join(["```text", "cases a second, the same work", *lines, "```"])


def mutation(results: list[Path]) -> str:
    """The page of mutants, from what `scripts/mutate.py` wrote; of a sample tried twice, the later file is after."""
    files = [[json.loads(x) for x in p.read_text(encoding="utf-8").splitlines()] for p in results]
    samples: dict[tuple[str, int], list[list[dict[str, str]]]] = {}
    for rows in files:
        samples.setdefault((rows[0]["room"], rows[0]["seed"]), []).append(rows)
    with JUDGED.open(encoding="utf-8", newline="") as handle:
        judged = {
            tuple(r[k] for k in ("file", "line", "kind", "was", "now")): r["why"]
            for r in csv.DictReader(handle, delimiter="\t")
        }
    table, lists = [], []
    for (room, seed), runs in samples.items():
        first, last = ([r for r in rows if r["came"] == "survived"] for rows in (runs[0], runs[-1]))
        n = len(runs[0])
        after = [str(len(last)), f"{1 - len(last) / n:.0%}"] if len(runs) > 1 else ["", ""]
        cells = [room, str(seed), str(runs[0][0]["of"]), str(n), str(len(first)), _share(n - len(first), n), *after]
        table.append(f"| {' | '.join(cells)} |")
        lists += ["", f"## Survivors in {room}, seed {seed}", "", "| line | change | why |", "|---|---|---|"]
        for r in last:
            why = judged.get((r["file"], str(r["line"]), r["kind"], r["was"], r["now"]), "not looked at")
            change = f"`{r['was']}` to `{r['now']}`" if r["kind"] != "left out" else f"`{r['was']}` left out"
            place = f"{r['file'].removeprefix('src/multialign/')}:{r['line']}"
            lists.append(f"| {place} | {change.replace('|', chr(92) + '|')} | {why} |")
    return "\n".join(["# Mutants", "", *MUTANTS, *table, *lists, ""])


def _share(k: int, n: int) -> str:
    """k of n in per cent with its 95 % interval (Wilson 1927)."""
    z, p = 1.96, k / n
    middle, half = p + z * z / 2 / n, z * math.sqrt(p * (1 - p) / n + z * z / 4 / n / n)
    low, high = ((middle + s * half) / (1 + z * z / n) for s in (-1, 1))
    return f"{p:.0%} ({low:.0%} to {high:.0%})"


def main() -> None:
    """Measure, and write the page."""
    parser = argparse.ArgumentParser(description="Make a page of docs/measured by measuring.")
    parser.add_argument("page", choices=("validation", "strain", "sweep", "mutation"))
    parser.add_argument("--n", type=int, help="cases")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, help="of strain: stop after so long")
    parser.add_argument("--results", type=Path, nargs="+", default=[], help="of mutation: files of scripts/mutate.py")
    given = parser.parse_args()
    text = {
        "validation": validation,
        "strain": lambda: strain(given.n or 1000, given.seed, given.seconds),
        "sweep": lambda: sweep(given.n or 512),
        "mutation": lambda: mutation(given.results),
    }[given.page]()
    PAGES.mkdir(exist_ok=True)
    (PAGES / f"{given.page}.md").write_text(text, encoding="utf-8")
    print(PAGES / f"{given.page}.md")


if __name__ == "__main__":
    main()

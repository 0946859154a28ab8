"""What an installed Multialign must be able to do, in a minute: run by `check_release.py` in each clean environment.

    python scripts/smoke.py

Uses the package that is installed, from a folder of its own; prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PLAN = """\
scenarios:
  - instruments: [{kind: tariff, importers: [USA], exporters: [IND], rate: 0.1}]
vary: [{field: "instruments[0].rate", values: [0.1, 0.2]}]
"""


def timed(code: str) -> float:
    """Seconds that a fresh interpreter takes for some code, beyond starting: the best of three."""

    def once(text: str) -> float:
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", text], check=True)
        return time.perf_counter() - began

    return round(max(0.0, min(once(code) for _ in range(3)) - min(once("pass") for _ in range(3))), 3)


def main() -> None:
    """Import, solve, read, sweep, and the command line."""
    folder = Path(tempfile.mkdtemp(prefix="multialign-smoke-"))
    os.chdir(folder)
    import multialign
    from multialign import Scenario, Tariff, read, solve, ties
    from multialign.sweep import load_sweep, parse_plan, sweep

    found = solve(Scenario(instruments=(Tariff(importers=("USA",), exporters=("IND",), rate=0.25),)))
    assert max(found.residuals.values()) < 1e-9 and found.welfare_pct["IND"] < 0
    assert read("India signed an energy agreement with Russia on Monday.").statements
    assert ties("IND", with_=["RUS"]).ties
    assert sweep(parse_plan(PLAN), folder / "sweep", workers=1).converged == 2
    assert len(load_sweep(folder / "sweep")) == 162
    shown = subprocess.run(
        [str(Path(sys.executable).with_name("multialign")), "world", "info", "--json"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(shown.stdout)["countries"] == 81
    said = {
        "python": sys.version.split()[0],
        "multialign": multialign.__version__,
        "import_seconds": timed("import multialign"),
        "solver_import_seconds": timed("from multialign import solve"),
        "real_income_of_IND_pct": round(float(found.welfare_pct["IND"]), 9),
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main()

"""Time our engine against the peers and print a Markdown table.

    python benchmarks/table.py [ROW ...]

Each row is run in a process of its own, both sides one after the other. Rows whose peer or data is not at hand are left
out, and named on stderr.
"""

from __future__ import annotations

import subprocess
import sys

from works import WORKS, compare, machine


def one(key: str) -> str:
    """The row of one work, as Markdown."""
    work = next(w for w in WORKS if w.key == key)
    timed = compare(work)
    cells = (work.what, seconds(timed.ours), f"{seconds(timed.theirs)} ({work.peer})", f"{timed.ratio:.3g}", machine())
    return "| " + " | ".join(cells) + " |"


def seconds(value: float) -> str:
    """A time to three figures, in ms below a second."""
    return f"{1000 * value:.3g} ms" if value < 1 else f"{value:.3g} s"


def main(keys: list[str]) -> int:
    known = [w.key for w in WORKS]
    strange = [k for k in keys if k not in known]
    if strange:
        print(f"no row '{strange[0]}'; rows are: {', '.join(known)}", file=sys.stderr)
        return 2
    print("| work | ours | peer | ratio | machine |\n|---|---|---|---|---|", flush=True)
    for key in keys or known:
        done = subprocess.run([sys.executable, __file__, "--row", key], stdout=subprocess.PIPE, text=True)
        if done.returncode == 0:
            print(done.stdout.splitlines()[-1], flush=True)
        elif done.returncode != 3:
            return done.returncode
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--row"]:
        try:
            print(one(sys.argv[2]))
        except (ModuleNotFoundError, FileNotFoundError) as missing:
            print(f"left out: {sys.argv[2]}: {missing}", file=sys.stderr)
            raise SystemExit(3) from None
    else:
        raise SystemExit(main(sys.argv[1:]))

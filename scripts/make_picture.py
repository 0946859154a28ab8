"""Make docs/picture.png: the first page of the brief for an example announcement. Needs Chromium.

python scripts/make_picture.py [--chromium /usr/bin/chromium]
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from pathlib import Path

from multialign.report import brief

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples/announcements/kazakhstan-china.txt"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chromium", default="chromium")
    parser.add_argument("--out", type=Path, default=ROOT / "docs/picture.png")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        brief(EXAMPLE, focal="KAZ", out=Path(folder) / "brief")
        page = Path(folder) / "brief" / "brief.html"
        subprocess.run(
            [
                args.chromium,
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--hide-scrollbars",
                "--window-size=1100,1350",
                f"--user-data-dir={folder}/profile",
                f"--screenshot={args.out}",
                page.as_uri(),
            ],
            check=True,
            capture_output=True,
        )
    print(f"{args.out.relative_to(ROOT)}: {args.out.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()

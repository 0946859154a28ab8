"""Estimate the elasticity of substitution between origins of crude and ship it as a small file with provenance.

    python scripts/estimate_crude.py [--out src/multialign/world/data]

Needs pyfixest (the extra `estimation`) and the crude panel that `build_panels.py` makes. The user's own data is not
read: set MULTIALIGN_DATA to an empty folder, as the script does by itself.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
import warnings
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NAME = "crude_elasticity.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--out", type=Path, default=ROOT / "src/multialign/world/data")
    out: Path = parser.parse_args().out
    with tempfile.TemporaryDirectory() as empty:
        os.environ["MULTIALIGN_DATA"] = empty
        from multialign.errors import MultialignError
        from multialign.ties.estimate import estimate_crude
        from multialign.world import panels

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # pyfixest tells of singletons and separated rows that it drops
                found = estimate_crude()
        except MultialignError as error:
            sys.exit(f"estimate_crude: {error}")
        table = {k: v for k, v in found.to_dict().items() if k != "published"}
        source = panels.panels_manifest()["crude.parquet"]
    path = out / NAME
    part = path.with_name(NAME + ".part")
    part.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(path)
    manifest_file = out / "panels_manifest.json"
    manifest = json.loads(manifest_file.read_text(encoding="utf-8"))
    manifest[NAME] = {
        "content": "estimates of the elasticity of substitution between origins of crude, with standard errors",
        "source": f"scripts/estimate_crude.py on crude.parquet ({found.software})",
        "source_sha256": source["sha256"],
        "edition": f"{found.estimates[-1].years[0]}-{found.estimates[-1].years[1]}",
        "licence": "the project's own",
        "citation": source["citation"],
        "bytes": path.stat().st_size,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    part = manifest_file.with_name(manifest_file.name + ".part")
    part.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(manifest_file)
    for e in found.estimates:
        years = f"{e.years[0]}-{e.years[1]}"
        print(f"{e.method:8} {years}: sigma {e.sigma:.2f} (SE {e.se:.2f}), 80 % {e.low:.1f} to {e.high:.1f}")
    print(found.sanction.model_dump())


if __name__ == "__main__":
    main()

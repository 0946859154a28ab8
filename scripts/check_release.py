"""A release as strangers meet it: built, installed into clean environments, tried, listed and audited.

    python scripts/check_release.py [--out dist] [--pythons 3.11 3.12 3.13] [--floor] [--sbom] [--audit]

Needs uv, and for the last two cyclonedx-bom and pip-audit, which are tools of the release and no dependencies. Without
the last three switches only the wheel and the source archive are built, installed and tried. What could not be run is
said.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SMOKE = ROOT / "scripts" / "smoke.py"


def run(*command: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """A command, its output kept."""
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False)
    if check and done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return done


def uv() -> str:
    """The uv program."""
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.exists() else shutil.which("uv")
    if not found:
        raise SystemExit("uv is needed: pip install uv")
    return found


def interpreter(version: str) -> str | None:
    """An interpreter of a version on this machine, or None."""
    homes = sorted(Path("~/.pyenv/versions").expanduser().glob(f"{version}.*/bin/python"))
    if homes:
        return str(homes[-1])
    found = run(uv(), "python", "find", version, "--no-python-downloads", check=False)
    return found.stdout.strip() if found.returncode == 0 else None


def size(folder: Path) -> int:
    """Bytes of all files in a folder."""
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file() and not p.is_symlink())


def environment(home: Path, python: str, *packages: str | Path) -> Path:
    """A clean environment with some packages; its interpreter."""
    run(uv(), "venv", "--python", python, home)
    inside = home / "bin" / "python"
    run(uv(), "pip", "install", "--python", inside, *packages)
    return inside


def try_it(inside: Path, home: Path) -> dict[str, object]:
    """The smoke test in an environment, and how large it is."""
    where = {"MULTIALIGN_CACHE": "off", "PATH": f"{inside.parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        [inside, SMOKE], capture_output=True, text=True, env=os.environ | where, check=False, cwd=home
    )
    if done.returncode:
        return {"works": False, "said": done.stderr[-1500:]}
    installed = next(home.glob("lib/python*/site-packages"))
    own = size(installed / "multialign")
    return {
        "works": True,
        **json.loads(done.stdout.splitlines()[-1]),
        "installed_MB": round(own / 1e6, 1),
        "environment_MB": round(size(installed) / 1e6),
    }


def main() -> None:
    """Build, install, try; then what was asked for besides."""
    parser = argparse.ArgumentParser(description="Check a release in clean environments.")
    parser.add_argument("--out", type=Path, default=ROOT / "dist")
    parser.add_argument("--pythons", nargs="*", default=["3.11", "3.12", "3.13"])
    parser.add_argument("--floor", action="store_true", help="also with the lowest versions that are allowed")
    parser.add_argument("--sbom", action="store_true", help="write a CycloneDX list of all that is installed")
    parser.add_argument("--audit", action="store_true", help="look for known weaknesses in the dependencies")
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    run(uv(), "build", "--out-dir", given.out, ROOT)
    wheel, source = sorted(given.out.glob("*.whl"))[-1], sorted(given.out.glob("*.tar.gz"))[-1]
    report: dict[str, object] = {
        p.name: {"MB": round(p.stat().st_size / 1e6, 2), "sha256": hashlib.sha256(p.read_bytes()).hexdigest()}
        for p in (wheel, source)
    }
    work = Path(tempfile.mkdtemp(prefix="multialign-release-"))
    last = None
    try:
        for version in given.pythons:
            python = interpreter(version)
            if python is None:
                report[f"python {version}"] = "not on this machine"
                continue
            home = work / version
            last = environment(home, python, wheel)
            report[f"python {version}"] = try_it(last, home)
            print(f"python {version}: {report[f'python {version}']}", file=sys.stderr)
        if last is not None:
            home = work / "source"
            report["from source"] = try_it(environment(home, str(last), source), home)
        if given.floor:
            report["floor"] = floor(work, given.out)
        if given.sbom and last is not None:
            report["sbom"] = sbom(last, given.out)
        if given.audit and last is not None:
            report["audit"] = audit(last)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    (given.out / "report.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(report, indent=1))
    bad = [k for k, v in report.items() if isinstance(v, dict) and v.get("works") is False]
    sys.exit(f"does not work: {', '.join(bad)}" if bad else 0)


def floor(work: Path, out: Path) -> dict[str, object]:
    """The smoke test with the lowest version of every direct dependency, on the lowest Python."""
    python = interpreter("3.11")
    if python is None:
        return {"works": None, "said": "no Python 3.11 on this machine"}
    pins = out / "lowest.txt"
    resolved = run(
        uv(), "pip", "compile", ROOT / "pyproject.toml", "--resolution", "lowest-direct", "--python-version", "3.11",
        "-o", pins, check=False,
    )  # fmt: skip
    if resolved.returncode:
        return {"works": False, "said": resolved.stderr[-1500:]}
    home = work / "floor"
    inside = environment(home, python, "-r", pins)
    run(uv(), "pip", "install", "--python", inside, "--no-deps", sorted(out.glob("*.whl"))[-1])
    return try_it(inside, home)


def sbom(inside: Path, out: Path) -> dict[str, object]:
    """A CycloneDX list of what an installation brings, beside the archives."""
    tool = Path(sys.executable).with_name("cyclonedx-py")
    if not tool.exists():
        return {"written": False, "said": "cyclonedx-bom is not installed"}
    target = out / "sbom.cdx.json"
    run(tool, "environment", inside, "--output-format", "JSON", "-o", target)
    listed = json.loads(target.read_text(encoding="utf-8"))["components"]
    return {"written": target.name, "components": len(listed)}


def audit(inside: Path) -> dict[str, object]:
    """Known weaknesses in what is installed, as pip-audit finds them."""
    tool = Path(sys.executable).with_name("pip-audit")
    if not tool.exists():
        return {"ran": False, "said": "pip-audit is not installed"}
    frozen = run(uv(), "pip", "freeze", "--python", inside).stdout
    pins = [line for line in frozen.splitlines() if "==" in line and not line.startswith("multialign")]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(pins))
        file.flush()
        done = run(tool, "-r", file.name, "--no-deps", "--disable-pip", "-f", "json", check=False)
    try:
        found = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return {
            "ran": False,
            "said": done.stderr.strip().splitlines()[-1][:300] if done.stderr.strip() else "no answer",
        }
    weak = {d["name"]: [v["id"] for v in d["vulns"]] for d in found if d.get("vulns")}
    return {"ran": True, "packages": len(found), "weak": weak}


if __name__ == "__main__":
    main()

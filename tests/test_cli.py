"""The command line as a user meets it: outputs that parse, one-line errors, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).resolve().parent.parent
SCENARIO = ROOT / "examples" / "scenarios" / "us-tariff-on-india.yaml"


def run(*args: str, ok: bool = True) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "multialign.cli", *args], capture_output=True, text=True, timeout=300, check=False
    )
    if ok:
        assert done.returncode == 0, done.stderr
    return done


def refused(*args: str) -> str:
    """The error line of a command that must fail for a user's mistake."""
    done = run(*args, ok=False)
    assert done.returncode == 2, (done.returncode, done.stderr)
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("error: ")
    return lines[0]


def test_help_loads_nothing_heavy():
    code = (
        "import sys\nfrom multialign.cli import app\n"
        "import typer.testing\ntyper.testing.CliRunner().invoke(app, ['--help'])\n"
        "heavy = {'jax', 'spacy', 'pandas', 'xarray', 'duckdb', 'numpy', 'plotly', 'rich'} & set(sys.modules)\n"
        "print(heavy or 'none')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "none"


def test_version_and_commands():
    assert run("--version").stdout.startswith("multialign 0.")
    text = run("--help").stdout
    for command in ("brief", "read", "ties", "solve", "respond", "world", "serve"):
        assert command in text


def test_world_info_names_its_sources():
    report = json.loads(run("world", "info", "--json").stdout)
    assert report["version"] == 1 and report["countries"] == 81 and report["industries"] == 50
    assert any("OECD" in s["publisher"] for s in report["sources"])
    assert report["accounts"]["miss_share_of_sales"] < 1e-9
    assert "trillion USD" in run("world", "info").stdout


def test_solve_prints_tables_and_json():
    data = json.loads(run("solve", str(SCENARIO), "--json").stdout)
    assert data["version"] == 1 and data["kind"] == "solution"
    assert data["welfare_pct"]["IND"] < 0
    assert len(data["welfare_pct"]) == 81 and len(data["trade"]) == 81 * 80
    assert max(data["residuals"].values()) < 1e-9
    text = run("solve", str(SCENARIO)).stdout
    assert "India" in text and "million USD" in text


def test_schemas_are_schemas():
    for args in (("solve", "--schema"), ("read", "--schema"), ("ties", "--schema"), ("respond", "--schema")):
        jsonschema.Draft202012Validator.check_schema(json.loads(run(*args).stdout))


def test_ties_json_has_shares_both_ways():
    data = json.loads(run("ties", "IND", "--with", "RUS", "--json").stdout)
    assert data["version"] == 1 and data["kind"] == "ties"
    energy = next(t for t in data["ties"] if t["domain"] == "energy" and t["partner"] == "RUS")
    assert 0.2 < energy["share_of_imports"] < 0.5
    assert energy["share_of_partner_exports"] is not None and energy["trend"]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("ties", "INX"), "'INX' is not a country"),
        (("respond", "--for", "IND", "--offer", "IND"), "both focal and offerer"),
        (("respond", "--for", "IND", "--offer", "RUS", "--pressure", "XXX"), "'XXX' is not a country"),
        (("solve", "nothing.yaml"), "nothing.yaml: there is no such file"),
        (("solve",), "no scenario given"),
        (("read", "nothing.txt"), "nothing.txt"),
        (("world", "check", "nothing.nc"), "nothing.nc: there is no such file"),
    ],
)
def test_mistakes_are_one_line(args, said):
    assert said in refused(*args)


def test_files_that_are_no_text(tmp_path):
    empty, binary, big, french, stateless = (tmp_path / n for n in ("e.txt", "b.txt", "g.txt", "f.txt", "s.txt"))
    empty.write_text("")
    binary.write_bytes(bytes(range(256)) * 20)
    with big.open("wb") as f:
        f.truncate(50 << 20)
    french.write_text(
        "Le président de la République a déclaré que la France souhaite approfondir sa coopération avec l'Inde "
        "dans le domaine de l'énergie, si les deux pays parviennent à un accord avant la fin de l'année."
    )
    stateless.write_text("The committee met on Tuesday and agreed to plant more trees along the river next spring.")
    for path, said in ((empty, "empty"), (binary, ""), (big, "52.4 MB"), (french, "French"), (stateless, "state")):
        line = refused("read", str(path))
        assert path.name in line and said in line
    out = tmp_path / "out"
    refused("brief", str(empty), "--for", "IND", "--out", str(out), "--quiet")
    assert not out.exists() or not any(out.iterdir())

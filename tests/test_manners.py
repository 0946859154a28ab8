"""How the command line behaves: options by file and environment, quiet and verbose, colours, completion, Ctrl-C, no
network."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from multialign import cli
from multialign.cli.common import app
from tests.sweep.conftest import PLAN

ROOT = Path(__file__).resolve().parent.parent
SCENARIO = ROOT / "examples" / "scenarios" / "us-tariff-on-india.yaml"
ARTICLE = ROOT / "examples" / "announcements" / "kazakhstan-china.txt"


@pytest.fixture
def call(monkeypatch, capsys, tmp_path):
    """Run a command in this process, in an empty folder: exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))

    def calling(*args: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["multialign", *args])
        cli._spoken.clear()
        capsys.readouterr()
        before = signal.getsignal(signal.SIGTERM)
        with pytest.raises(SystemExit) as left:
            cli.main()
        signal.signal(signal.SIGTERM, before)
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return calling


@pytest.fixture
def plan(tmp_path):
    from multialign import World
    from multialign.world import save_world
    from tests.conftest import random_world_arrays

    save_world(World.from_arrays(list("ABCD"), ["food", "steel", "code"], **random_world_arrays(1)), tmp_path / "w.nc")
    path = tmp_path / "p.yaml"
    path.write_text(PLAN.format(world=tmp_path / "w.nc", part=2).replace("steps: 5", "steps: 2"), encoding="utf-8")
    return path


def dry(call, plan, *more: str) -> str:
    """Where a sweep would write to."""
    code, out, err = call(*more, "sweep", str(plan), "--dry-run", "--json")
    assert code == 0, err
    return json.loads(out)["place"]


def test_options_by_file_and_environment(call, plan, monkeypatch, tmp_path):
    assert dry(call, plan) == "p"
    users = tmp_path / "config" / "multialign" / "config.toml"
    users.parent.mkdir(parents=True)
    users.write_text('[sweep]\nout = "from-users"\n')
    assert dry(call, plan) == "from-users"
    (tmp_path / "multialign.toml").write_text('[sweep]\nout = "from-folder"\n')
    assert dry(call, plan) == "from-folder"
    other = tmp_path / "other.toml"
    other.write_text('[sweep]\nout = "from-other"\n')
    monkeypatch.setenv("MULTIALIGN_CONFIG", str(other))
    assert dry(call, plan) == "from-other"
    assert dry(call, plan, "--config", str(tmp_path / "multialign.toml")) == "from-folder"
    monkeypatch.setenv("MULTIALIGN_SWEEP_OUT", "from-environment")
    assert dry(call, plan) == "from-environment"
    assert json.loads(call("sweep", str(plan), "--dry-run", "--json", "--out", "given")[1])["place"] == "given"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[swep]\nout = 'x'\n", "swep: is neither a command nor an option here; the nearest is 'sweep'"),
        ("[sweep]\nouts = 'x'\n", "sweep.outs: is neither a command nor an option here; the nearest is 'out'"),
        (
            "[record.add]\nworker = 2\n",
            "record.add.worker: is neither a command nor an option here; the nearest is 'wo",
        ),
        ("[sweep\n", "multialign.toml: is not TOML"),
        ("quiet = 3\n", "quiet: is 3; right is true or false"),
    ],
)
def test_mistakes_in_the_file_are_one_line(call, tmp_path, text, said):
    (tmp_path / "multialign.toml").write_text(text)
    code, _, err = call("world", "added")
    assert code == 2 and said in err and len(err.strip().splitlines()) == 1


def test_a_configuration_that_is_not_there(call):
    code, _, err = call("--config", "none.toml", "world", "added")
    assert code == 2 and "none.toml: --config: there is no such file" in err


def test_quiet_and_verbose(call, plan, monkeypatch, tmp_path):
    assert "parts" in call("sweep", str(plan), "--out", "a", "--workers", "1")[2]
    for k, how in enumerate((["--quiet"], [], [])):
        if k == 1:
            monkeypatch.setenv("MULTIALIGN_QUIET", "1")
        if k == 2:
            monkeypatch.delenv("MULTIALIGN_QUIET")
            (tmp_path / "multialign.toml").write_text("quiet = true\n")
        assert call(*how, "sweep", str(plan), "--out", f"b{k}", "--workers", "1")[2] == ""
    code, _out, err = call("--verbose", "solve", "nothing.yaml")
    assert code == 2 and "Traceback" in err and err.strip().splitlines()[-1].startswith("error: nothing.yaml")
    assert "Traceback" not in call("solve", "nothing.yaml")[2]


def test_exit_codes_are_those_of_the_reference(call, monkeypatch):
    from multialign.errors import ConvergenceError, InputError, MultialignError

    text = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
    for code in (0, MultialignError.exit_code, InputError.exit_code, ConvergenceError.exit_code, 130, 143):
        assert f"| {code} |" in text
    assert call("world", "added")[0] == 0
    assert call("solve")[0] == 2 and call("solve", "--nonsense")[0] == 2

    def stopped(*args: object, **more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("multialign.world.refresh.entries", stopped)
    code, _, err = call("world", "added")
    assert (code, err.strip()) == (130, "stopped")


def test_every_command_stands_in_the_reference():
    import typer

    text = (ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")

    def walk(command, name):
        below = getattr(command, "commands", None)
        if not below:
            assert f"`{name}" in text, f"{name} is not in docs/reference/cli.md"
            if name not in ("serve",):
                options = {o for p in command.params for o in p.opts}
                assert "--json" in options or "--schema" in options, f"{name} has no --json"
        for child, it in (below or {}).items():
            walk(it, f"{name} {child}".strip())

    walk(typer.main.get_command(app), "")


def environment(tmp_path: Path, **more: str) -> dict[str, str]:
    folder = tmp_path / "tmp"
    folder.mkdir(exist_ok=True)
    return os.environ | {"TMPDIR": str(folder), "XDG_CONFIG_HOME": str(tmp_path / "config")} | more


def test_no_colour_when_not_a_terminal(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "multialign.cli", "world", "info"],
        capture_output=True, check=True, env=environment(tmp_path, TERM="xterm-256color"),
    )  # fmt: skip
    assert b"\x1b" not in done.stdout + done.stderr and done.stdout


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no pseudo-terminals here")
@pytest.mark.parametrize("plain", [True, False])
def test_no_color_holds_on_a_terminal(tmp_path, plain):
    master, slave = os.openpty()
    more = {"NO_COLOR": "1"} if plain else {}
    env = environment(tmp_path, TERM="xterm-256color", **more)
    if not plain:
        env.pop("NO_COLOR", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "multialign.cli", "world", "info"], stdout=slave, stderr=slave, env=env
    )
    os.close(slave)
    seen = b""
    while True:
        try:
            chunk = os.read(master, 65_536)
        except OSError:
            break
        if not chunk:
            break
        seen += chunk
    os.close(master)
    assert process.wait() == 0 and b"trillion" in seen
    colours = re.findall(rb"\x1b\[(?:[0-9]+;)*(?:3|4|9|10)[0-7](?:;[0-9]+)*m", seen)
    assert not (plain and colours) and (plain or b"\x1b[" in seen)  # bold is no colour


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(tmp_path, shell):
    env = environment(tmp_path, _MULTIALIGN_COMPLETE=f"source_{shell}")
    command = [sys.executable, "-c", "import sys; sys.argv[0] = 'multialign'; from multialign.cli import main; main()"]
    script = subprocess.run(command, capture_output=True, text=True, env=env, check=False).stdout
    assert "_MULTIALIGN_COMPLETE" in script and "multialign" in script
    asked = {
        "bash": {"COMP_WORDS": "multialign sw", "COMP_CWORD": "1"},
        "zsh": {"_TYPER_COMPLETE_ARGS": "multialign sw"},
        "fish": {"_TYPER_COMPLETE_ARGS": "multialign sw", "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
    }[shell]
    env = environment(tmp_path, _MULTIALIGN_COMPLETE=f"complete_{shell}", **asked)
    found = subprocess.run(command, capture_output=True, text=True, env=env, check=False).stdout
    assert "sweep" in found and "brief" not in found


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize(
    ("what", "number", "code"),
    [("solve", signal.SIGINT, 130), ("brief", signal.SIGINT, 130), ("sweep", signal.SIGINT, 130),
     ("sweep", signal.SIGTERM, 143)],
)  # fmt: skip
def test_being_stopped_leaves_no_debris(tmp_path, plan, what, number, code):
    out = tmp_path / "out"
    args = {
        "solve": ["solve", str(SCENARIO)],
        "brief": ["brief", str(ARTICLE), "--for", "KAZ", "--out", str(out)],
        "sweep": ["sweep", str(plan), "--out", str(out), "--workers", "1"],
    }[what]
    if what == "sweep":
        plan.write_text(plan.read_text().replace("steps: 2", "steps: 5000"))
    env = environment(tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-m", "multialign.cli", *args], env=env, cwd=tmp_path, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    end = time.monotonic() + 60
    if what == "sweep":
        while not list(out.glob("done/*.json")) and time.monotonic() < end and process.poll() is None:
            time.sleep(0.05)
    else:  # once the engine is loaded, work is on its way
        while "jaxlib" not in Path(f"/proc/{process.pid}/maps").read_text() and time.monotonic() < end:
            time.sleep(0.05)
        time.sleep(0.5)
    assert process.poll() is None
    os.killpg(process.pid, number)
    _, err = process.communicate(timeout=60)
    # struck in the middle of an import, Python itself ends by the signal: a shell sees 130 too
    assert process.returncode in (code, -number), err
    assert "Traceback" not in err
    assert list((tmp_path / "tmp").iterdir()) == []
    left = {p.name for p in out.rglob("*") if p.is_file()} if out.exists() else set()
    if what == "sweep":
        assert not any(name.endswith(".part") for name in left) and "manifest.json" not in left
    else:
        assert not left


NETWORK = """
import sys
def watch(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        where = args[1] if event == "socket.connect" else args[0]
        if isinstance(where, (str, bytes)) and event == "socket.connect":
            return  # a socket in the file system
        raise SystemExit(f"NETWORK: {event} {args}")
sys.addaudithook(watch)
from multialign import cli
for line in sys.stdin:
    words = eval(line)
    sys.argv = ["multialign", *words]
    try:
        cli.main()
    except SystemExit as left:
        if left.code:
            raise SystemExit(f"{words}: {left.code}")
print("ALL OFFLINE")
"""


@pytest.mark.slow
def test_nothing_calls_the_network(tmp_path, plan):
    """Every command but `serve`, with every socket watched and, where the system can, in a network of its own."""
    db, text = str(tmp_path / "r.duckdb"), str(ARTICLE)
    commands = [
        ["--version"], ["world", "info"], ["world", "added"], ["ties", "KAZ", "--with", "CHN,RUS"],
        ["crude", "IND"], ["solve", str(SCENARIO)], ["read", text, "--json"],
        ["record", "add", text, "--db", db, "--workers", "1", "--quiet"], ["record", "info", "--db", db],
        ["record", "show", "KAZ", "CHN", "--db", db], ["record", "peaks", "--db", db],
        ["record", "export", str(tmp_path / "s.parquet"), "--db", db],
        ["sweep", str(plan), "--out", str(tmp_path / "s"), "--workers", "1", "--quiet"],
        ["breakeven", "--buyer", "IND", "--seller", "RUS", "--pressure", "USA", "--accounting"],
        ["world", "check", str(tmp_path / "w.nc")],
        ["brief", text, "--for", "KAZ", "--out", str(tmp_path / "brief"), "--quiet"],
    ]  # fmt: skip
    command = [sys.executable, "-c", NETWORK]
    if shutil.which("unshare") and not subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode:
        command = ["unshare", "-rn", *command]
    done = subprocess.run(
        command, input="\n".join(map(repr, commands)), capture_output=True, text=True, cwd=tmp_path, check=False,
        env=environment(tmp_path),
    )  # fmt: skip
    assert done.returncode == 0 and done.stdout.endswith("ALL OFFLINE\n"), done.stderr[-2000:]


def test_a_full_disk_is_one_line(tmp_path):
    """The record, on a disk (here: a limit) that is too small for it."""
    resource = pytest.importorskip("resource")
    rows = [
        {"id": str(k), "text": f"Norway praised Poland on day {k}. {'Nothing else happened. ' * 400}"}
        for k in range(60)
    ]
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    args = ["record", "add", "t.jsonl", "--db", "r.duckdb", "--workers", "1", "--quiet"]
    done = subprocess.run(
        [sys.executable, "-m", "multialign.cli", *args],
        cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, preexec_fn=limit, check=False,
    )  # fmt: skip
    lines = done.stderr.strip().splitlines()
    assert done.returncode == 1 and len(lines) == 1 and lines[0].startswith("error: "), done.stderr[-800:]

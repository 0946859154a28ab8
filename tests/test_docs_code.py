"""What the documentation shows besides Python: commands that parse, scenarios, plans and settings that are read."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest
import typer
import yaml

from multialign.cli import app, settings

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(kind: str) -> list:
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for k, block in enumerate(re.findall(rf"```{kind}\n(.*?)```", text, flags=re.S)):
            found.append(pytest.param(block, page, id=f"{page.stem}-{k}"))
    return found


def commands() -> list:
    found = []
    for page in PAGES:
        text = re.sub(r"\\\n\s*", " ", page.read_text(encoding="utf-8"))
        for line in text.splitlines():
            hit = re.match(r"(?:    |\$ )\s*(?:\.venv/bin/)?multialign (.*)", line)
            if hit:
                found.append(pytest.param(hit[1], id=f"{page.stem}: {hit[1][:40]}"))
    return found


@pytest.mark.parametrize("line", commands())
def test_commands_parse(line):
    words = []
    for word in shlex.split(line, comments=True):
        if word in ("|", ">", "<", "&", "&&", ";"):
            break
        words.append(word)
    if words == ["COMMAND", "--help"] or "--version" in words or any(w.endswith("-completion") for w in words):
        return
    command = typer.main.get_command(app)
    while getattr(command, "commands", None):
        while words and words[0].startswith("-"):
            words.pop(0)
        assert words and words[0] in command.commands, f"no such command: {line}"
        command = command.commands[words.pop(0)]
    if "--help" not in words and "COMMAND" not in words:
        command.make_context(command.name, words)  # raises for an option that does not exist


@pytest.mark.parametrize(("block", "page"), blocks("yaml"))
def test_yaml_is_read(block, page, tmp_path):
    from multialign.sweep import parse_plan
    from multialign.trade.scenario import parse_scenario

    data = yaml.safe_load(block)
    if "instruments" in data:
        assert parse_scenario(block).instruments
    elif "scenarios" in data or "vary" in data:
        assert parse_plan(block, page).cases > 1


@pytest.mark.parametrize(("block", "page"), blocks("toml"))
def test_settings_are_read(block, page, tmp_path):
    path = tmp_path / "multialign.toml"
    path.write_text(block, encoding="utf-8")
    assert tomllib.loads(block)
    found, _ = settings.defaults(typer.main.get_command(app), path)
    assert found["sweep"]["workers"] == 2


def test_the_example_plan_is_the_one_that_is_shown():
    shown = (ROOT / "docs" / "how-to" / "sweeps.md").read_text(encoding="utf-8")
    assert (ROOT / "examples" / "sweeps" / "tariff-and-discount.yaml").read_text(encoding="utf-8") in shown

"""The parts of docs/reference that follow from the code: commands and their options, the public names.

    python scripts/make_docs.py            # write them
    python scripts/make_docs.py --check    # say what has changed, and leave with 1

`docs/reference/api.md` is the list of what semantic versioning covers; `tests/test_api.py` compares it with the code,
so that no public name or signature changes unseen.
"""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
COMMANDS, API = ROOT / "docs" / "reference" / "cli.md", ROOT / "docs" / "reference" / "api.md"
ROOMS = ("world", "trade", "ties", "reading", "respond", "sweep", "report")
BEGIN, END = "<!-- commands: made by scripts/make_docs.py -->", "<!-- end of commands -->"

HEAD = """\
# Public names

This is the interface that [semantic versioning](https://semver.org) covers: what stands here changes only with a new
version of the right kind, and goes only after a version in which its use warns. The list is made by
`scripts/make_docs.py`; a test fails where the code and this page differ. Names that do not stand here are for the
program's own use. The JSON formats, the scenario and plan formats and the [command line](cli.md) are covered too.

## multialign

"""


def commands() -> str:
    """A table of all commands: arguments, options, and what each is for."""
    import typer

    from multialign.cli import app

    lines = ["| command | what it does | options |", "|---|---|---|"]

    def walk(command: Any, name: str) -> None:
        below = getattr(command, "commands", {})
        if not below:
            arguments = [p for p in command.params if p.param_type_name == "argument"]
            shown = "".join(f" {p.name.upper()}" if p.required else f" [{p.name.upper()}]" for p in arguments)
            options = [
                "`" + max(p.opts, key=len) + ("`*" if p.required else "`")
                for p in command.params
                if p.param_type_name == "option" and p.name != "help"
            ]
            what = (command.help or "").strip().splitlines()[0]
            lines.append(f"| `{name}{shown}` | {what} | {' '.join(options)} |")
        for child, it in below.items():
            walk(it, f"{name} {child}".strip())

    walk(typer.main.get_command(app), "")
    return "\n".join([*lines, "", "`*` must be given."])


def with_commands(text: str) -> str:
    """The page with its table made anew."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n{commands()}\n{END}{tail}"


def signature(thing: Any) -> str:
    """How a thing is called, without the types' own addresses."""
    try:
        found = str(inspect.signature(thing))
    except (TypeError, ValueError):
        return ""
    return re.sub(r"\s+", " ", found)


def api() -> str:
    """The public names by room, with their signatures, and the fields and methods of classes."""
    top = importlib.import_module("multialign")
    lines = HEAD.splitlines()
    lines += [f"- `{name}`" for name in sorted(top.__all__)]
    for room in ROOMS:
        module = importlib.import_module(f"multialign.{room}")
        names = sorted(getattr(module, "__all__", ()))
        lines += ["", f"## multialign.{room}", ""]
        for name in names:
            thing = getattr(module, name)
            lines.append(f"- `{name}{_shown(thing)}`")
            if inspect.isclass(thing):
                lines += [f"    - `{m}`" for m in _members(thing)]
    return "\n".join(lines) + "\n"


def _shown(thing: Any) -> str:
    if inspect.isclass(thing) and hasattr(thing, "model_fields"):
        return ""
    if inspect.ismodule(thing) or not callable(thing):
        return ""
    return signature(thing)


def _members(cls: type) -> list[str]:
    """Fields of a model, and public methods and properties of a class of ours."""
    out = [f"{n}: {_type(f.annotation)}" for n, f in getattr(cls, "model_fields", {}).items()]
    for name, member in sorted(vars(cls).items()):
        if name.startswith("_") or name in ("model_config", "model_fields"):
            continue
        if inspect.isfunction(member):
            out.append(f"{name}{signature(member)}")
        elif isinstance(member, classmethod | staticmethod):
            out.append(f"{name}{signature(member.__func__)}")
        elif isinstance(member, property) or type(member).__name__ == "cached_property":
            out.append(name)
    return out


def _type(annotation: Any) -> str:
    text = (
        annotation.__name__ if inspect.isclass(annotation) and not hasattr(annotation, "__args__") else str(annotation)
    )
    return re.sub(r"\b(?:typing|multialign|datetime|pathlib|collections\.abc)(?:\.\w+)*\.(?=\w)", "", text)


def made() -> dict[Path, str]:
    """Page -> what it should say."""
    return {COMMANDS: with_commands(COMMANDS.read_text(encoding="utf-8")), API: api()}


def main() -> None:
    """Write the pages, or compare them."""
    changed = [p for p, text in made().items() if not p.exists() or p.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv:
        for page in changed:
            print(f"{page.relative_to(ROOT)} no longer says what the code does; run scripts/make_docs.py")
        sys.exit(bool(changed))
    for page, text in made().items():
        page.write_text(text, encoding="utf-8")
        print(page.relative_to(ROOT))


if __name__ == "__main__":
    main()

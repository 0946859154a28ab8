"""A scenario: what changes, how deficits close, with which elasticities. Read from YAML with places kept for errors."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from multialign.errors import InputError, nearest
from multialign.trade.instruments import INSTRUMENTS, Instrument

MAX_BYTES = 1 << 20


class Scenario(BaseModel):
    """What is changed against the base year, and how the model closes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = Field(1, description="version of this format")
    name: str = Field("scenario", max_length=200)
    description: str = Field("", max_length=5000)
    world: str = Field("embedded", description="'embedded', or the path of a World file (NetCDF)")
    elasticities: str | dict[str, float] = Field(
        "median",
        description="a published set (median, BSY, CP, FGO, GYY, IS, LL, Shap, U4), 'world' for the world's own, or "
        "industry: value pairs laid over the world's own (for the embedded world, that is the median)",
    )
    horizon: Literal["long", "short"] = Field(
        "long",
        description="long: the elasticities as given; short: times 0.38, the first year's response of trade to tariffs "
        "over that of ten years in Boehm, Levchenko & Pandalai-Nayar (2023)",
    )
    deficits: Literal["kept", "share", "own", "removed"] = Field(
        "kept",
        description="kept: each country's deficit stays the same in the numeraire; share: the same share of the "
        "world's income; own: of the country's labour income, what does not add up being spread over all; "
        "removed: the base is first solved without deficits, and the change is measured from there",
    )
    deficit_scale: float = Field(
        1.0,
        ge=0,
        le=10,
        description="deficits are first made this many times as large; the base is solved anew and the change is "
        "measured from there",
    )
    numeraire: str = Field(
        "labour",
        description="what nominal values are counted in: 'labour' (the world's labour income), 'income' (the world's "
        "income) or a country's code (its wage); real results depend on it only where deficits are kept",
    )
    date: dt.date | None = Field(
        None,
        description="the day whose members a group of states (EU, G7, BRICS, ...) has, YYYY-MM-DD; by default today's, "
        "whatever the year of the world; a name may carry its own day: EU@2019-06-30",
    )
    instruments: tuple[Instrument, ...] = Field((), max_length=1000)


def scenario_schema() -> dict[str, Any]:
    """The JSON schema of the scenario format."""
    return Scenario.model_json_schema()


def load_scenario(path: str | Path) -> Scenario:
    """Read a scenario from a YAML file. Raises InputError naming file, line, field and what would be right."""
    path = Path(path)
    if not path.is_file():
        raise InputError("there is no such file", file=path)
    if path.stat().st_size > MAX_BYTES:
        raise InputError(f"is {path.stat().st_size} bytes", file=path, hint=f"a scenario has at most {MAX_BYTES}")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as cause:
        raise InputError("is not text in UTF-8", file=path) from cause
    return parse_scenario(text, path)


def parse_scenario(text: str, file: str | Path | None = None) -> Scenario:
    """A scenario from YAML text. Raises InputError."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as cause:
        line = cause.problem_mark.line + 1 if cause.problem_mark else None
        raise InputError(f"is not valid YAML: {cause.problem}", file=file, line=line) from cause
    except (yaml.YAMLError, RecursionError) as cause:
        raise InputError("is not valid YAML", file=file) from cause
    if not isinstance(node, yaml.MappingNode):
        raise InputError(
            "holds no scenario", file=file, hint="it begins with fields such as 'name:' and 'instruments:'"
        )
    if any(isinstance(t, yaml.AliasToken) for t in yaml.scan(text, Loader=yaml.SafeLoader)):
        raise InputError("uses YAML aliases (*name)", file=file, hint="write the values out")
    data = yaml.safe_load(text)
    try:
        return Scenario.model_validate(data)
    except ValidationError as cause:
        # A misspelt field also shows as a missing one; the misspelling is what the user can see.
        first = min(cause.errors(), key=lambda e: e["type"] != "extra_forbidden")
        raise _explained(first, node, file) from cause


def line_of(node: yaml.Node | None, path: tuple[Any, ...]) -> int | None:
    """The line (from 1) at which the value at `path` stands, or its nearest surrounding one."""
    line = None
    for key in (None, *path):
        if key is not None:
            if isinstance(node, yaml.MappingNode):
                pairs = {k.value: (k, v) for k, v in node.value}
                if key not in pairs:
                    continue  # pydantic puts the union's tag in the path; the file has no such key
                line = pairs[key][0].start_mark.line + 1
                node = pairs[key][1]
            elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
                node = node.value[key]
                line = node.start_mark.line + 1
        elif node is not None:
            line = node.start_mark.line + 1
    return line


def _explained(error: Any, node: yaml.Node, file: str | Path | None) -> InputError:
    """One of pydantic's errors in our words, with its place in the file."""
    path = tuple(error["loc"])
    kinds = {cls.model_fields["kind"].default: cls for cls in INSTRUMENTS}
    shown = ""
    for part in path:
        if part in kinds and shown.endswith("]"):
            continue
        shown += f"[{part}]" if isinstance(part, int) else f"{'.' if shown else ''}{part}"
    problem, hint = error["msg"][0].lower() + error["msg"][1:], None
    if error["type"] == "extra_forbidden":
        name = str(path[-1])
        tag = next((p for p in path if p in kinds), None)
        known = [f for f in kinds[tag].model_fields if f != "kind"] if tag else list(Scenario.model_fields)
        close = nearest(name, known)
        problem = f"'{name}' is not a field here"
        hint = f"the nearest is {close}" if close else f"fields are: {', '.join(known)}"
    elif error["type"] in ("union_tag_invalid", "union_tag_not_found"):
        found = error["input"].get("kind") if isinstance(error["input"], dict) else error["input"]
        close = nearest(str(found), list(kinds))
        problem = f"kind is {found!r}" if found is not None else "no kind given"
        hint = f"the nearest is {close}" if close else f"kinds are: {', '.join(sorted(kinds))}"
    elif "input" in error and not isinstance(error["input"], dict | list):
        problem = f"found {error['input']!r}: {problem}"
    return InputError(problem, hint=hint, file=file, line=line_of(node, path), field=shown or None)


def line_of_field(file: str | Path, field: str) -> int | None:
    """The line of a field such as ``instruments[1].industries`` in a YAML file, for errors found after reading."""
    try:
        node = yaml.compose(Path(file).read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except (OSError, yaml.YAMLError, UnicodeDecodeError):
        return None
    path: list[Any] = []
    for part in field.replace("]", "").replace("[", ".").split("."):
        path.append(int(part) if part.isdigit() else part)
    return line_of(node, tuple(path))

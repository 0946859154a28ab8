"""YAML files that a user writes, read into pydantic models: safe, bounded, and every mistake with its place.

Scenarios, plans of sweeps and questions are read here. A `Sheet` is such a document with the lines of its fields kept,
so that an error found while reading, or long after, names file, line, field, the value found and what would be right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from multialign.errors import InputError, nearest

MAX_BYTES = 1 << 20
"""Largest file that is read."""
MOST_SHOWN = 80
"""Letters of a wrong value that an error repeats."""
MOST_DEEP = 30
"""Levels of nesting."""
Model = TypeVar("Model", bound=BaseModel)
Part = str | int


@dataclass(frozen=True)
class Sheet:
    """A YAML document that is a mapping. data: as plain Python; node: the same with lines; file: where it was read."""

    data: dict[Any, Any]
    node: yaml.MappingNode
    file: str | Path | None = None

    def line(self, *path: Part) -> int:
        """The line (from 1) at which the value at a path stands, or its nearest surrounding one. Keys with dots in
        them may be given in pieces."""
        node: yaml.Node = self.node
        line, k = int(node.start_mark.line) + 1, 0
        while k < len(path):
            taken, part = 1, path[k]
            if isinstance(node, yaml.MappingNode):
                pairs = {key.value: (key, value) for key, value in node.value if isinstance(key, yaml.ScalarNode)}
                names = {n: ".".join(map(str, path[k : k + n])) for n in range(1, len(path) - k + 1)}
                taken = next((n for n, name in names.items() if name in pairs), 0)
                if taken:
                    key, node = pairs[names[taken]]
                    line = key.start_mark.line + 1
            elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
                node = node.value[part]
                line = node.start_mark.line + 1
            k += max(taken, 1)  # what the file does not have is passed over
        return line

    def error(self, problem: str, *path: Part, hint: str | None = None) -> InputError:
        """An error at a place of this document."""
        return InputError(problem, hint=hint, file=self.file, line=self.line(*path), field=shown(path) or None)

    def placed(self, error: InputError) -> InputError:
        """An error found after reading, with the file and the line of its field filled in."""
        return error.at(file=self.file, line=self.line(*parts_of(error.field or "")))

    def check(self, model: type[Model], given: object, *at: Part) -> Model:
        """`given`, which stands at a place of this document, as a model. Raises InputError for the first mistake."""
        try:
            return model.model_validate(given)
        except ValidationError as cause:
            raise self._explained(model, min(cause.errors(), key=_last_said), at) from cause

    def _explained(self, model: type[BaseModel], error: Any, at: tuple[Part, ...]) -> InputError:
        """One of pydantic's errors in our words."""
        spot = _follow(model, tuple(error["loc"]))
        problem, hint = error["msg"].removeprefix("Value error, "), None
        problem = problem[:1].lower() + problem[1:]
        kind, found = error["type"], error.get("input")
        if kind == "extra_forbidden":
            known = [f for f in spot.fields if f != spot.tag]
            problem = f"'{spot.path[-1]}' is not a field here"
            close = nearest(str(spot.path[-1]), known)
            hint = f"the nearest is {close}" if close else f"fields are: {', '.join(known)}"
        elif kind == "missing":
            needed = [name for name, info in spot.fields.items() if info.is_required()]
            problem, hint = "is missing", f"needed here: {', '.join(needed)}" if needed else None
        elif kind in ("union_tag_invalid", "union_tag_not_found"):
            tag = str(spot.tag or "kind")
            value = found.get(tag) if isinstance(found, dict) else found
            close = nearest(str(value), spot.tags)
            problem = f"{tag} is {_short(value)}" if value is not None else f"no {tag} given"
            hint = f"the nearest is {close}" if close else f"{tag}s are: {', '.join(sorted(spot.tags))}"
        elif kind != "value_error" and not isinstance(found, dict | list):
            problem = f"found {_short(found)}: {problem}"
        return self.error(problem, *at, *spot.path, hint=hint)


def read_sheet(path: str | Path, what: str, begins: str) -> Sheet:
    """Read a YAML file. what: its kind in words ('scenario'); begins: how one begins, for the hint.

    Raises InputError for no such file, one above `MAX_BYTES`, one that is not UTF-8, and as `parse_sheet`.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError("is a folder" if path.is_dir() else "there is no such file", file=path)
    if path.stat().st_size > MAX_BYTES:
        raise InputError(f"is {path.stat().st_size} bytes", file=path, hint=f"a {what} has at most {MAX_BYTES}")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as cause:
        raise InputError("is not text in UTF-8", file=path) from cause
    return parse_sheet(text, path, what, begins)


def parse_sheet(text: str, file: str | Path | None, what: str, begins: str) -> Sheet:
    """YAML text as a Sheet. Raises InputError for what is no YAML or no mapping, for aliases (a few of which can
    stand for any amount of data), for tags that would make Python objects, for what is nested deeper than `MOST_DEEP`,
    and for a key that stands twice."""
    loader = None
    try:
        aliased = _scanned(text, file)  # before anything is built of it
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if not isinstance(node, yaml.MappingNode):
            raise InputError(f"holds no {what}", file=file, hint=f"it begins with fields such as {begins}")
        if aliased:
            raise InputError("uses YAML aliases (*name)", file=file, hint="write the values out")
        _once(node, file)
        data = loader.construct_document(node)
    except yaml.MarkedYAMLError as cause:
        line = cause.problem_mark.line + 1 if cause.problem_mark else None
        raise InputError(f"is not valid YAML: {cause.problem}", file=file, line=line) from cause
    except (yaml.YAMLError, RecursionError) as cause:
        raise InputError("is not valid YAML", file=file) from cause
    except (ValueError, TypeError, LookupError, AttributeError) as cause:  # values such as 2024-13-45
        raise InputError(f"is not valid YAML: {cause}", file=file) from cause
    finally:
        if loader is not None:
            loader.dispose()
    return Sheet(data, node, file)


def line_of_field(file: str | Path, field: str) -> int | None:
    """The line of a field such as ``instruments[1].industries`` in a YAML file, for errors found after reading; None
    where the file cannot be read any more."""
    try:
        return read_sheet(file, "file", "").line(*parts_of(field))
    except (InputError, OSError):
        return None


def parts_of(field: str) -> tuple[Part, ...]:
    """``offers[1].domains`` -> ("offers", 1, "domains")."""
    return tuple(int(place) if place else name for place, name in re.findall(r"\[(\d+)\]|([^.\[\]]+)", field))


def shown(path: Sequence[Part]) -> str:
    """The reverse of `parts_of`."""
    out = ""
    for part in path:
        out += f"[{part}]" if isinstance(part, int) else f"{'.' if out else ''}{part}"
    return out


def _last_said(error: Any) -> tuple[bool, bool]:
    """Which of several errors is told first. A misspelt field also shows as a missing one, and a value that fits one
    branch of a union but for a detail is no match for the others: what the user can see goes first."""
    other_shape = error["type"].endswith("_type") and isinstance(error.get("input"), dict | list)
    return error["type"] != "extra_forbidden", other_shape


def _scanned(text: str, file: str | Path | None) -> bool:
    """Whether the text has aliases. Raises InputError where it is nested too deep: reading takes the square of that."""
    depth, aliased = 0, False
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        aliased = aliased or isinstance(token, yaml.AliasToken)
        depth += isinstance(token, _OPENS) - isinstance(token, _CLOSES)
        if depth > MOST_DEEP:
            line = token.start_mark.line + 1
            raise InputError("is nested too deep", file=file, line=line, hint=f"at most {MOST_DEEP} levels")
    return aliased


_OPENS = (
    yaml.FlowSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.BlockMappingStartToken,
)
_CLOSES = (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken, yaml.BlockEndToken)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= MOST_SHOWN else text[: MOST_SHOWN - 3] + "..."


def _once(node: yaml.Node, file: str | Path | None) -> None:
    """Raise InputError for a key that stands twice in one mapping: YAML would quietly take the last."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, yaml.SequenceNode):
            waiting += here.value
        elif isinstance(here, yaml.MappingNode):
            seen: dict[str, int] = {}
            for key, value in here.value:
                waiting.append(value)
                line = key.start_mark.line + 1
                if isinstance(key, yaml.ScalarNode) and seen.setdefault(key.value, line) != line:
                    before = seen[key.value]
                    raise InputError(
                        f"'{key.value}' stands twice", file=file, line=line, hint=f"the first is in line {before}"
                    )


@dataclass(frozen=True)
class _Spot:
    """What a location of pydantic's leads to. path: its parts that stand in the file; fields: those of the model that
    the last part belongs to; tag: the field that tells the kinds of a union apart; tags: its values."""

    path: tuple[Part, ...]
    fields: dict[str, FieldInfo]
    tag: str | None
    tags: list[str]


def _follow(model: type[BaseModel], loc: tuple[Part, ...]) -> _Spot:
    """Walk a location through a model's types, leaving out the labels that pydantic adds for branches of unions."""
    at: Any = model
    path: list[Part] = []
    fields: dict[str, FieldInfo] = {}
    tag: str | None = None
    for part in loc:
        branches, by = _branches(at)
        if len(branches) > 1:
            at = next((b for b in branches if _is_branch(b, part, by)), None)
            tag = by
            continue
        at = branches[0] if branches else None
        if part == "[key]":  # the key itself is wrong; it is the part before
            continue
        fields, origin, inner = {}, get_origin(at), [a for a in get_args(at) if a is not Ellipsis]
        if isinstance(at, type) and issubclass(at, BaseModel):
            fields = at.model_fields
            info = fields.get(str(part))
            at = None if info is None else info.annotation
            if info is not None and info.discriminator is not None:
                at = Annotated[at, info]
        elif origin in (tuple, list) and isinstance(part, int):
            at = inner[min(part, len(inner) - 1)]
        else:
            at = inner[-1] if origin is dict else None
        path.append(part)
    branches, by = _branches(at)
    tags = [str(b.model_fields[by].default) for b in branches] if by is not None else []
    return _Spot(tuple(path), fields, by if by is not None else tag, tags)


def _branches(at: Any) -> tuple[list[Any], str | None]:
    """The types that a value may have, None apart, and the field that tells them apart where one does."""
    by: str | None = None
    while get_origin(at) is Annotated:
        at, *notes = get_args(at)
        by = next((str(n.discriminator) for n in notes if isinstance(n, FieldInfo) and n.discriminator), by)
    if get_origin(at) not in (Union, UnionType):
        return ([] if at is None else [at]), None
    members = [a for a in get_args(at) if a is not type(None)]
    return _branches(members[0]) if len(members) == 1 else (members, by)


def _is_branch(branch: Any, label: Part, by: str | None) -> bool:
    """Whether pydantic's label of a union's branch is that of a type."""
    if by is not None:
        return bool(branch.model_fields[by].default == label)
    while get_origin(branch) is Annotated:
        branch = get_args(branch)[0]
    return str(label).startswith(getattr(get_origin(branch) or branch, "__name__", "?"))

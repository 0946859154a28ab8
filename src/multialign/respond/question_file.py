"""Questions as YAML files: written from a text or by hand, edited, and run again. Errors keep their line."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from multialign.errors import InputError, nearest
from multialign.respond.question import Offer, Pressure, Question
from multialign.respond.ranges import UNKNOWNS, Range
from multialign.trade.scenario import MAX_BYTES, line_of
from multialign.world import World


class Text(BaseModel):
    """What the announcement said, kept with the question."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    measure: str | None = Field(None, max_length=2000)
    condition: str | None = Field(None, max_length=2000)
    parallel: tuple[str, ...] = ()


class QuestionFile(BaseModel):
    """The question format, version 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    kind: Literal["question"] = "question"
    focal: str = Field(description="the state that must answer: ISO3 code or English name")
    offers: tuple[Offer, ...] = Field(description="one to three powers that offer, the first the one asked about")
    pressure: tuple[Pressure, ...] | None = Field(
        None, description="third powers that may answer; [] for nobody, left out for the one that the ties name"
    )
    weights: dict[str, float | Range] = Field(
        {}, description=f"weights fixed (a number) or bounded (two): {', '.join(UNKNOWNS)}, tie.arms, tie.diplomacy"
    )
    text: Text = Text()
    provenance: dict[str, str] = Field({}, description="where each part comes from: the text, the ties, or given")


def question_schema() -> dict[str, Any]:
    """JSON schema of the question format."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **QuestionFile.model_json_schema()}


def question_from_file(path: str | Path, world: World | None = None) -> Question:
    """Read a question. Raises InputError naming file, line, field, the value found and what would be right."""
    path = Path(path)
    if not path.is_file():
        raise InputError("there is no such file", file=path)
    if path.stat().st_size > MAX_BYTES:
        raise InputError(f"is {path.stat().st_size} bytes", file=path, hint=f"a question has at most {MAX_BYTES}")
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as cause:
        raise InputError("is not text in UTF-8", file=path) from cause
    return parse_question(text, path, world)


def parse_question(text: str, file: str | Path | None = None, world: World | None = None) -> Question:
    """A question from YAML text. Raises InputError."""
    node = _node(text, file)
    try:
        given = QuestionFile.model_validate(yaml.safe_load(text))
    except ValidationError as cause:
        first = min(cause.errors(), key=lambda e: e["type"] != "extra_forbidden")
        raise _explained(first, node, file) from cause
    try:
        return Question.full(
            given.focal,
            given.offers,
            given.pressure,
            weights=dict(given.weights),
            world=world,
            measure=given.text.measure,
            condition=given.text.condition,
            parallel=given.text.parallel,
            provenance={k: v for k, v in given.provenance.items() if v},
        )
    except InputError as error:
        raise error.at(file=file, line=line_of(node, _path(error.field or ""))) from error


def _node(text: str, file: str | Path | None) -> yaml.Node:
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as cause:
        line = cause.problem_mark.line + 1 if cause.problem_mark else None
        raise InputError(f"is not valid YAML: {cause.problem}", file=file, line=line) from cause
    except (yaml.YAMLError, RecursionError) as cause:
        raise InputError("is not valid YAML", file=file) from cause
    if not isinstance(node, yaml.MappingNode):
        raise InputError("holds no question", file=file, hint="it begins with fields such as 'focal:' and 'offers:'")
    if any(isinstance(t, yaml.AliasToken) for t in yaml.scan(text, Loader=yaml.SafeLoader)):
        raise InputError("uses YAML aliases (*name)", file=file, hint="write the values out")
    return node


def _path(field: str) -> tuple[Any, ...]:
    """``offers[1].domains`` -> ("offers", 1, "domains"); a weight's own dots stay."""
    head, _, rest = field.partition(".")
    if head == "weights" and rest:
        return ("weights", rest)
    parts = field.replace("]", "").replace("[", ".").split(".")
    return tuple(int(p) if p.isdigit() else p for p in parts if p)


FIELDS: dict[str, type[BaseModel]] = {"offers": Offer, "pressure": Pressure, "text": Text}


def _explained(error: Any, node: yaml.Node, file: str | Path | None) -> InputError:
    """One of pydantic's errors in our words, with its place in the file."""
    path = tuple(p for p in error["loc"] if not (isinstance(p, str) and (p.startswith("tuple[") or p == "float")))
    shown = ""
    for part in path:
        shown += f"[{part}]" if isinstance(part, int) else f"{'.' if shown else ''}{part}"
    problem, hint = error["msg"][0].lower() + error["msg"][1:], None
    if error["type"] == "extra_forbidden":
        name, owner = str(path[-1]), FIELDS.get(str(path[0]), QuestionFile) if len(path) > 1 else QuestionFile
        if "record" in path[:-1]:
            from multialign.respond.question import Record

            owner = Record
        known = list(owner.model_fields)
        close = nearest(name, known)
        problem = f"'{name}' is not a field here"
        hint = f"the nearest is {close}" if close else f"fields are: {', '.join(known)}"
    elif error["type"] == "missing":
        problem, hint = "is missing", "a question needs 'focal' and 'offers', an offer and a third power need 'by'"
    elif "input" in error and not isinstance(error["input"], dict | list):
        problem = f"found {error['input']!r}: {problem}"
    return InputError(problem, hint=hint, file=file, line=line_of(node, path), field=shown or None)


def save_question(question: Question, path: str | Path) -> None:
    """Write a question as YAML, whole or not at all; where each part comes from stands beside it as a comment."""
    path = Path(path)
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(question_text(question), encoding="utf-8")
        part.replace(path)
    except OSError as cause:
        raise InputError(f"cannot be written: {cause.strerror}", file=path) from cause
    finally:
        part.unlink(missing_ok=True)


def question_text(question: Question) -> str:
    """The YAML of a question, all its defaults written out so that they can be edited."""
    q = question
    data: dict[str, Any] = {
        "version": 1,
        "kind": "question",
        "focal": q.focal,
        "offers": [_plain(o) for o in q.all_offers],
        "pressure": [_plain(p) for p in q.all_pressures],
        "weights": {k: list(v) if isinstance(v, tuple) else v for k, v in q.weights.items()},
        "text": {"measure": q.measure, "condition": q.condition, "parallel": list(q.parallel)},
        "provenance": dict(q.provenance),
    }
    body = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=110)
    notes = [f"#   {name}: {why}" for name, why in q.provenance.items()]
    weights = [f"#   {u.name}: {_range(u.low, u.high)} ({u.label.replace('{third}', 'the third power')})"
               for u in UNKNOWNS.values()]  # fmt: skip
    head = ["# A question for `multialign respond --question` and `multialign brief --question`.",
            "# Where its parts come from:", *notes,
            "# Weights that may be fixed (a number) or bounded ([least, greatest]); ranges when left out:",
            *weights]  # fmt: skip
    return "\n".join(head) + "\n" + body


def _plain(part: BaseModel) -> dict[str, Any]:
    return dict(part.model_dump(mode="json"))


def _range(low: float, high: float) -> str:
    return f"{low:g} to {high:g}" if high > low else "from data"

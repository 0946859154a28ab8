"""Questions as YAML files: written from a text or by hand, edited, and run again. Errors keep their line."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from multialign._yaml import Sheet, parse_sheet, read_sheet
from multialign.errors import InputError
from multialign.respond.question import Offer, Pressure, Question
from multialign.respond.ranges import UNKNOWNS, Range
from multialign.world import World

WHAT = ("question", "'focal:' and 'offers:'")


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
    return _question(read_sheet(path, *WHAT), world)


def parse_question(text: str, file: str | Path | None = None, world: World | None = None) -> Question:
    """A question from YAML text. Raises InputError."""
    return _question(parse_sheet(text, file, *WHAT), world)


def _question(sheet: Sheet, world: World | None) -> Question:
    given = sheet.check(QuestionFile, sheet.data)
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
        raise sheet.placed(error) from error


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

"""A sweep's plan: which scenarios, what varies in them and how, what is kept. Read from YAML with places for errors."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from multialign._yaml import Sheet, parse_sheet, read_sheet
from multialign.errors import InputError, nearest
from multialign.trade.many import NAMES
from multialign.trade.scenario import Scenario, load_scenario

WHAT = ("plan", "'scenarios:' and 'vary:'")
MOST_CASES = 100_000_000
"""Most cases of one sweep."""

Value = bool | int | float | str | dict[str, float]
_STEP = re.compile(r"([A-Za-z_]\w*)((?:\[\d+\])*)")


class Vary(BaseModel):
    """One thing that varies: a field of the scenarios, and the values or the range that it takes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    field: str = Field(
        description="where in the scenario: instruments[0].rate, elasticities, elasticities.B06, deficits, horizon"
    )
    name: str = Field("", max_length=100, description="its column in the results; by default the field")
    values: tuple[Value, ...] | None = Field(None, min_length=1, max_length=100_000, description="one of these")
    low: float | None = Field(None, description="or a range, from here")
    high: float | None = Field(None, description="to here")
    steps: int | None = Field(None, ge=2, le=100_000, description="of a grid: how many values, both ends among them")
    log: bool = Field(False, description="even steps, or even chances, in the logarithm")

    @model_validator(mode="after")
    def _whole(self) -> Vary:
        ranged = self.low is not None or self.high is not None
        if (self.values is not None) == ranged:
            raise ValueError("give either 'values', or 'low' and 'high'")
        if ranged and (self.low is None or self.high is None or not self.low < self.high):
            raise ValueError("a range needs 'low' less than 'high'")
        if self.log and not (ranged and self.low is not None and self.low > 0):
            raise ValueError("'log' needs a range above zero")
        if self.steps is not None and not ranged:
            raise ValueError("'steps' belongs to a range")
        return self

    @property
    def column(self) -> str:
        """Its column in the results."""
        return self.name or self.field


class Design(BaseModel):
    """How the space of what varies is gone through."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["grid", "random", "sobol"] = Field(
        "grid",
        description="grid: every combination; random: independent draws; sobol: a scrambled Sobol sequence (Owen)",
    )
    n: int | None = Field(None, ge=1, le=MOST_CASES, description="of random and sobol: how many points")
    seed: int = Field(1, ge=0, description="of random and sobol")

    @model_validator(mode="after")
    def _whole(self) -> Design:
        if (self.kind == "grid") != (self.n is None):
            raise ValueError(f"a {self.kind} design {'has no' if self.n is not None else 'needs'} 'n'")
        if self.kind == "sobol" and self.n is not None and self.n & (self.n - 1):
            low = 1 << (self.n.bit_length() - 1)
            raise ValueError(f"a Sobol design has 2^m points; near {self.n} are {low} and {2 * low}")
        return self


class Plan(BaseModel):
    """A sweep: every scenario crossed with every point of the design."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = Field(1, description="version of this format")
    name: str = Field("sweep", max_length=200)
    world: str = Field("embedded", description="'embedded', or the path of a World file (NetCDF)")
    scenarios: tuple[Scenario, ...] = Field((Scenario(),), min_length=1, max_length=10_000)
    vary: tuple[Vary, ...] = Field((), max_length=1_000)
    design: Design = Design()
    keep: tuple[str, ...] = Field(
        ("real_income", "equivalent_variation"), min_length=1, description=f"of each case: {', '.join(NAMES)}"
    )
    part: int = Field(256, ge=1, le=100_000, description="cases in one file of the results")
    tolerance: float = Field(1e-9, gt=0, le=1e-4, description="largest relative miss allowed in any equation")

    @property
    def points(self) -> int:
        """Points of the design."""
        if self.design.n is not None:
            return self.design.n if self.vary else 1
        out = 1
        for v in self.vary:
            out *= v.steps if v.steps is not None else len(v.values or ())
        return out

    @property
    def cases(self) -> int:
        """Scenarios times points."""
        return len(self.scenarios) * self.points

    @property
    def parts(self) -> int:
        """Files of the results."""
        return -(-self.cases // self.part)

    def digest(self) -> str:
        """SHA-256 of what the results depend on: all but the name and the size of a part."""
        what = self.model_dump(mode="json", exclude={"name", "part"})
        return hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()


def plan_schema() -> dict[str, Any]:
    """The JSON schema of the plan format; in a file, a scenario may also be the path of one."""
    return Plan.model_json_schema()


def load_plan(path: str | Path) -> Plan:
    """Read a plan from a YAML file. Raises InputError naming file, line, field and what would be right."""
    return _plan(read_sheet(path, *WHAT))


def parse_plan(text: str, file: str | Path | None = None) -> Plan:
    """A plan from YAML text; paths in it are taken from where `file` lies. Raises InputError."""
    return _plan(parse_sheet(text, file, *WHAT))


def _plan(sheet: Sheet) -> Plan:
    data, given = dict(sheet.data), sheet.data.get("scenarios")
    if isinstance(given, list):
        data["scenarios"] = [_scenario(s, k, sheet) for k, s in enumerate(given)]
    plan = sheet.check(Plan, data)
    _check(plan, sheet)
    return plan


def _scenario(given: Any, place: int, sheet: Sheet) -> Scenario:
    """A scenario written out in the plan, or named by its file."""
    if isinstance(given, str):
        path = Path(given) if sheet.file is None else Path(sheet.file).parent / given
        if not path.is_file():
            raise sheet.error(f"there is no file '{path}'", "scenarios", place)
        return load_scenario(path)
    return sheet.check(Scenario, given, "scenarios", place)


def _check(plan: Plan, sheet: Sheet) -> None:
    """What the models alone cannot see. Raises InputError with the place."""
    refuse = sheet.error
    for k, name in enumerate(plan.keep):
        if name not in NAMES:
            close = nearest(name, list(NAMES))
            raise refuse(f"'{name}' is not a result", "keep", k, hint=f"the nearest is {close}" if close else None)
    for k, s in enumerate(plan.scenarios):
        if s.world != plan.world and s.world != "embedded":
            raise refuse(
                f"has a world of its own, '{s.world}'", "scenarios", k, hint="the plan's 'world' holds for all"
            )
    columns = ["case", "scenario", "residual", "steps", "converged", "problem"]
    for k, v in enumerate(plan.vary):
        if v.column.casefold() in columns:
            raise refuse(f"a second column '{v.column}'", "vary", k, hint="give it a name of its own: name: ...")
        columns.append(v.column.casefold())
        if plan.design.kind == "grid" and v.values is None and v.steps is None:
            raise refuse("a grid needs to know how many", "vary", k, hint="give 'steps'")
        if plan.design.kind != "grid" and v.steps is not None:
            raise refuse("'steps' belongs to a grid", "vary", k, hint=f"a {plan.design.kind} design has 'n' points")
        if v.values is not None and len({isinstance(x, int | float) for x in v.values}) > 1:
            raise refuse("numbers and names side by side", "vary", k, hint="vary them in two plans")
        ends = v.values if v.values is not None else (v.low, v.high)
        for s in plan.scenarios:
            for value in ends:
                try:
                    changed(s, {v.field: value})
                except InputError as error:
                    raise refuse(error.problem, "vary", k, hint=error.hint) from error
    if not 1 <= plan.cases <= MOST_CASES:
        raise refuse(f"{plan.cases:,} cases", "vary", hint=f"at most {MOST_CASES:,}")


def changed(scenario: Scenario, values: dict[str, Any]) -> Scenario:
    """A scenario with fields set. Raises InputError for a field that it does not have, or a value that it refuses."""
    data = scenario.model_dump(mode="python")
    for field, value in values.items():
        _set(data, field, value)
    try:
        return Scenario.model_validate(data)
    except ValidationError as cause:
        first = cause.errors()[0]
        at = ".".join(str(p) for p in first["loc"])
        raise InputError(f"{at} would be {first.get('input')!r}: {first['msg'].lower()}") from cause


def _set(data: dict[str, Any], field: str, value: Any) -> None:
    steps = _path(field)
    head = steps[0]
    if head not in Scenario.model_fields or head in ("version", "world", "name", "description"):
        can = [f for f in Scenario.model_fields if f not in ("version", "world", "name", "description")]
        close = nearest(str(head), can)
        raise InputError(
            f"'{field}' is not a field that can vary",
            hint=f"the nearest is {close}" if close else f"these can: {', '.join(can)}",
        )
    if head == "elasticities" and len(steps) > 1:
        given = data["elasticities"]
        if isinstance(given, str) and given not in ("world", "median"):
            raise InputError(
                f"'{field}' lies in the set '{given}'", hint="single elasticities are laid over the world's own"
            )
        data["elasticities"] = {**(given if isinstance(given, dict) else {}), str(steps[1]): value}
        return
    owner: Any = data
    for k, step in enumerate(steps[:-1]):
        try:
            owner = owner[step]
        except (KeyError, IndexError, TypeError):
            raise InputError(
                f"'{field}': there is no {'.'.join(map(str, steps[: k + 1]))}",
                hint=f"there are {len(owner)} instruments, counted from 0" if steps[0] == "instruments" else None,
            ) from None
        if isinstance(owner, tuple):
            owner = list(owner)
            _put(data, steps[: k + 1], owner)
    last = steps[-1]
    there = last in owner if isinstance(owner, dict) else isinstance(last, int) and last < len(owner)
    if not there:
        close = nearest(str(last), list(owner)) if isinstance(owner, dict) else None
        raise InputError(f"'{field}' is not a field", hint=f"the nearest is {close}" if close else None)
    owner[last] = value


def _put(data: Any, steps: list[str | int], value: Any) -> None:
    for step in steps[:-1]:
        data = data[step]
    data[steps[-1]] = value


def _path(field: str) -> list[str | int]:
    out: list[str | int] = []
    for part in field.split("."):
        hit = _STEP.fullmatch(part)
        if not hit:
            raise InputError(f"'{field}' is not a place in a scenario", hint="write it as instruments[0].rate")
        out += [hit[1], *(int(n) for n in re.findall(r"\d+", hit[2]))]
    return out

"""A scenario: what changes, how deficits close, with which elasticities. Read from YAML with places kept for errors."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from multialign._yaml import parse_sheet, read_sheet
from multialign.trade.instruments import Instrument

WHAT = ("scenario", "'name:' and 'instruments:'")


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
    sheet = read_sheet(path, *WHAT)
    return sheet.check(Scenario, sheet.data)


def parse_scenario(text: str, file: str | Path | None = None) -> Scenario:
    """A scenario from YAML text. Raises InputError."""
    sheet = parse_sheet(text, file, *WHAT)
    return sheet.check(Scenario, sheet.data)

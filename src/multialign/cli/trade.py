"""`multialign solve`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from multialign.cli.common import Json, Schema, app, console, emit, no_folder
from multialign.errors import InputError


@app.command()
def solve(
    scenario: Annotated[Path | None, typer.Argument(help="A scenario in YAML.")] = None,
    as_json: Json = False,
    schema: Schema = False,
    top: Annotated[int, typer.Option(min=1, help="How many countries and pairs to show.")] = 15,
) -> None:
    """The world economy under a scenario: welfare, prices, trade."""
    if schema:
        from multialign.trade.scenario import scenario_schema

        return emit(scenario_schema())
    if scenario is None:
        raise InputError("no scenario given", hint="multialign solve SCENARIO.yaml, or --schema for its format")
    no_folder(scenario, "a scenario in YAML")
    from multialign.trade import solve_file

    solution = solve_file(scenario)
    if as_json:
        return emit(solution.to_dict())
    from multialign.report.terminal.solution import print_solution

    print_solution(solution, console(), top=top)

"""`multialign respond`."""

from __future__ import annotations

from typing import Annotated

import typer

from multialign.cli.common import Json, Schema, app, console, emit
from multialign.errors import InputError


@app.command()
def respond(
    focal: Annotated[str | None, typer.Option("--for", help="The state that must answer: code or name.")] = None,
    offer: Annotated[str | None, typer.Option("--offer", help="The power that offers: code or name.")] = None,
    third: Annotated[str | None, typer.Option("--pressure", help="The third power; by default from the ties.")] = None,
    draws: Annotated[int, typer.Option(min=50, max=100_000, help="Draws of the weights per elasticity set.")] = 200,
    seed: Annotated[int, typer.Option(help="Seed of the draws.")] = 1,
    as_json: Json = False,
    schema: Schema = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress display.")] = False,
) -> None:
    """How far to go with an offer, what it is worth to whom, how sure."""
    from multialign.report.terminal.progress import progress
    from multialign.respond import Question, answer_schema
    from multialign.respond import respond as answer_to

    if schema:
        return emit(answer_schema())
    if focal is None or offer is None:
        raise InputError("a question needs two states", hint="multialign respond --for IND --offer RUS")
    question = Question.of(focal=focal, offerer=offer, third=third)
    with progress(quiet or as_json) as step:
        answer = answer_to(question, draws=draws, seed=seed, progress=step)
    if as_json:
        return emit(answer.to_dict())
    from multialign.report.terminal.answer import print_answer

    print_answer(answer, console())

"""`multialign respond` and `multialign backtest`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from multialign.cli.common import Json, Schema, app, console, emit, no_folder
from multialign.errors import InputError

if TYPE_CHECKING:
    from multialign.respond import Question
    from multialign.respond.ranges import Range


@app.command()
def respond(
    focal: Annotated[str | None, typer.Option("--for", help="The state that must answer: code or name.")] = None,
    offer: Annotated[
        list[str] | None, typer.Option("--offer", help="The power that offers; again for one that competes with it.")
    ] = None,
    third: Annotated[
        list[str] | None, typer.Option("--pressure", help="The third power, or several; by default from the ties.")
    ] = None,
    domain: Annotated[list[str] | None, typer.Option("--domain", help="A domain that the offer opens; all.")] = None,
    fix: Annotated[
        list[str] | None, typer.Option("--fix", help="A weight, fixed or bounded: autonomy=0.5 or step=0.1:0.3.")
    ] = None,
    question: Annotated[Path | None, typer.Option("--question", help="A question as a YAML file.")] = None,
    save: Annotated[
        Path | None, typer.Option("--save-question", help="Write the question as YAML, to be edited, and leave.")
    ] = None,
    draws: Annotated[
        int | None, typer.Option(min=50, max=100_000, help="Draws per elasticity set; as many as needed.")
    ] = None,
    precision: Annotated[float, typer.Option(help="95 % half-width of the printed shares of draws.")] = 0.03,
    seed: Annotated[int, typer.Option(help="Seed of the draws.")] = 1,
    as_json: Json = False,
    schema: Schema = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress display.")] = False,
) -> None:
    """How far to go with an offer, what it is worth to whom, how sure."""
    from multialign.respond import answer_schema
    from multialign.respond import respond as answer_to

    if schema:
        return emit(answer_schema())
    asked = _question(focal, offer or [], third, domain, fix or [], question)
    if save is not None:
        from multialign.respond.question_file import save_question

        save_question(asked, save)
        return console().print(f"wrote {save}", highlight=False)
    from multialign.report.terminal.progress import progress

    with progress(quiet or as_json) as step:
        answer = answer_to(asked, draws=draws, precision=precision, seed=seed, progress=step)
    if as_json:
        return emit(answer.to_dict())
    from multialign.report.terminal.answer import print_answer

    print_answer(answer, console())


@app.command()
def backtest(
    name: Annotated[
        str | None, typer.Argument(help="russian-crude, india-tariff or readiness; all when left out.")
    ] = None,
    as_json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress display.")] = False,
) -> None:
    """Hold the model to what came later: calibrated on a year, asked for the next."""
    from multialign.report.terminal.backtest import print_backtest
    from multialign.report.terminal.progress import progress
    from multialign.respond.backtests import NAMES, run

    for one in (name,) if name else NAMES:
        with progress(quiet or as_json) as step:
            result = run(one, progress=step)
        if as_json:
            emit(result.to_dict())
        else:
            print_backtest(result, console())


def _question(
    focal: str | None,
    offers: list[str],
    thirds: list[str] | None,
    domains: list[str] | None,
    fix: list[str],
    file: Path | None,
) -> Question:
    from multialign.respond import Offer, Pressure, Question
    from multialign.respond.question_file import question_from_file

    if file is not None:
        if focal or offers or thirds or domains or fix:
            raise InputError("a question file says all that", field="question", hint="edit the file instead")
        no_folder(file, "a question in YAML")
        return question_from_file(file)
    if focal is None or not offers:
        raise InputError("a question needs two states", hint="multialign respond --for IND --offer RUS")
    from multialign.ties.flows import DOMAINS

    opened: tuple[str, ...] = tuple(domains) if domains else DOMAINS
    weights = dict(_weight(w) for w in fix)
    if len(offers) == 1 and len(thirds or []) <= 1 and not weights:
        return Question.of(focal, offers[0], thirds[0] if thirds else None, opened)
    pressures = None if thirds is None else tuple(Pressure(by=k) for k in thirds)
    return Question.full(focal, tuple(Offer(by=j, domains=opened) for j in offers), pressures, weights=weights)


def _weight(text: str) -> tuple[str, float | Range]:
    """``name=value`` or ``name=least:greatest``."""
    name, _, value = text.partition("=")
    try:
        numbers = [float(v) for v in value.split(":")]
    except ValueError:
        numbers = []
    if not name or len(numbers) not in (1, 2):
        raise InputError(f"found {text!r}", field="fix", hint="as in autonomy=0.5, or step=0.1:0.3")
    return name, numbers[0] if len(numbers) == 1 else (numbers[0], numbers[1])

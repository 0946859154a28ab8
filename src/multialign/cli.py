"""The command line: one thin door to each room. Heavy imports happen inside the commands."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from multialign import __version__
from multialign.errors import InputError, MultialignError

app = typer.Typer(
    name="multialign",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # plain help: rich alone would take a third of a second to load
    help="How far should a state go with a great power's offer? From an announcement's text and the world's data to "
    "an answer with its uncertainty.",
)
world_app = typer.Typer(no_args_is_help=True, help="The world's data: what is embedded; check your own.")
app.add_typer(world_app, name="world")

Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
Schema = Annotated[bool, typer.Option("--schema", help="Print the JSON schema and leave.")]


def _version(show: bool) -> None:
    if show:
        print(f"multialign {__version__}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    pass


def _emit(data: dict[str, Any]) -> None:
    import json

    json.dump(data, sys.stdout, indent=1, ensure_ascii=False, allow_nan=False)
    sys.stdout.write("\n")


def _console() -> Any:
    from rich.console import Console

    return Console()


@app.command()
def brief(
    article: Annotated[Path, typer.Argument(help="The announcement: a text file in English.")],
    focal: Annotated[str, typer.Option("--for", help="The state that must answer: ISO3 code or name.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for brief.html, brief.json and brief.md.")] = Path("brief"),
    offer: Annotated[str | None, typer.Option("--offer", help="Who offers; by default as the text says.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress display.")] = False,
) -> None:
    """From an announcement to a brief (HTML, JSON, Markdown)."""
    from multialign.report import brief as make
    from multialign.report.terminal.progress import progress

    with progress(quiet) as step:
        written = make(article, focal=focal, offerer=offer, out=out, progress=step)
    from multialign.report.terminal.brief import print_brief

    print_brief(written, _console())


@app.command()
def read(
    file: Annotated[Path | None, typer.Argument(help="A text file in English.")] = None,
    as_json: Json = False,
    date: Annotated[str | None, typer.Option(help="Date of the document, YYYY-MM-DD.")] = None,
    schema: Schema = False,
) -> None:
    """What a document says: statements and offers, with their places."""
    from multialign.reading import read as read_file
    from multialign.reading import reading_schema

    if schema:
        return _emit(reading_schema())
    if file is None:
        raise InputError("no file given", hint="multialign read FILE")
    reading = read_file(file, date=date)
    if as_json:
        return _emit(reading.to_dict())
    from multialign.report.terminal.reading import print_reading

    print_reading(reading, _console())


@app.command()
def ties(
    state: Annotated[str | None, typer.Argument(help="ISO3 code or name of the state.")] = None,
    with_: Annotated[str | None, typer.Option("--with", help="Partners, comma-separated: RUS,CHN,USA.")] = None,
    as_json: Json = False,
    schema: Schema = False,
) -> None:
    """How a state stands to others: shares, accounts, depth, trend."""
    from multialign.ties import ties as look_up
    from multialign.ties import ties_schema

    if schema:
        return _emit(ties_schema())
    if state is None:
        raise InputError("no state given", hint="multialign ties IND --with RUS,USA")
    partners = [p.strip() for p in with_.split(",") if p.strip()] if with_ is not None else None
    found = look_up(state, with_=partners)
    if as_json:
        return _emit(found.to_dict())
    from multialign.report.terminal.ties import print_ties

    print_ties(found, _console())


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

        return _emit(scenario_schema())
    if scenario is None:
        raise InputError("no scenario given", hint="multialign solve SCENARIO.yaml, or --schema for its format")
    from multialign.trade import solve_file

    solution = solve_file(scenario)
    if as_json:
        return _emit(solution.to_dict())
    from multialign.report.terminal.solution import print_solution

    print_solution(solution, _console(), top=top)


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
        return _emit(answer_schema())
    if focal is None or offer is None:
        raise InputError("a question needs two states", hint="multialign respond --for IND --offer RUS")
    question = Question.of(focal=focal, offerer=offer, third=third)
    with progress(quiet or as_json) as step:
        answer = answer_to(question, draws=draws, seed=seed, progress=step)
    if as_json:
        return _emit(answer.to_dict())
    from multialign.report.terminal.answer import print_answer

    print_answer(answer, _console())


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port.")] = 8050,
    host: Annotated[str, typer.Option(help="Address to listen on; other than loopback needs --token.")] = "127.0.0.1",
    token: Annotated[str | None, typer.Option(help="Secret that callers must give, for other addresses.")] = None,
) -> None:
    """The workbench in the browser (needs the extra 'app')."""
    from multialign.app import serve as start

    start(host=host, port=port, token=token)


@world_app.command("info")
def world_info(as_json: Json = False) -> None:
    """What the embedded world holds, from which sources, and how its accounts stand."""
    from multialign.report.terminal.world import print_world, world_report
    from multialign.world import load_world

    report = world_report(load_world(), embedded=True)
    if as_json:
        return _emit(report)
    print_world(report, _console())


@world_app.command("check")
def world_check(
    file: Annotated[Path, typer.Argument(help="A World file (NetCDF).")],
    as_json: Json = False,
    tolerance: Annotated[
        float, typer.Option(min=0.0, help="Largest miss allowed, relative to a country's sales.")
    ] = 1e-6,
) -> None:
    """Check a World file: axes, signs, finite numbers, accounts."""
    from multialign.report.terminal.world import print_world, world_report
    from multialign.world import open_world

    report = world_report(open_world(file, tolerance=tolerance), embedded=False)
    if as_json:
        return _emit(report)
    print_world(report, _console())


def main() -> None:
    """Entry point: errors that a user can cause are one line on standard error and an exit code, never a traceback."""
    try:
        app()
    except MultialignError as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)


if __name__ == "__main__":
    main()

"""Answer: a question, its solving with progress, and how far to go."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from dash import Dash, Input, Output, State, ctx, dcc, html, no_update

from multialign import __version__
from multialign.app import address
from multialign.app.jobs import Jobs, Report, Snapshot, Work
from multialign.app.kept import Kept
from multialign.app.layout import attributes, field, state_options
from multialign.app.live import Live, answered, glanced
from multialign.app.pages import compare, live_page
from multialign.app.pages.answer_view import view
from multialign.app.pages.asked import LEVELS, PICKERS, from_search, question_of, search_pairs
from multialign.errors import InputError, MultialignError
from multialign.respond import Answer, Question, prepare
from multialign.ties.flows import DOMAINS
from multialign.world.refresh.store import edition

SEED = 1
MOST_SURFACES = 24


def layout() -> list[Any]:
    """The page."""
    states = state_options()
    levels = [{"label": text, "value": name} for name, (text, *_) in LEVELS.items()]
    return [
        html.H1("How far to go?"),
        html.P(
            "A state must answer an offer while a third power looks on. The world economy is solved under published "
            "sets of elasticities; that takes half a minute or so, and an answer found once is kept."
        ),
        html.Div(
            [
                html.Div(
                    [
                        field("State that must answer", dcc.Dropdown(id="answer-focal", options=states)),
                        field("Power that offers", dcc.Dropdown(id="answer-offerer", options=states)),
                        field(
                            "Powers whose offers compete",
                            dcc.Dropdown(id="answer-rivals", options=states, multi=True, placeholder="none"),
                        ),
                        field(
                            "Third powers that may reply",
                            dcc.Dropdown(
                                id="answer-third",
                                options=states,
                                multi=True,
                                placeholder="the power that it sells most to",
                            ),
                        ),
                        field(
                            "How thorough",
                            dcc.Dropdown(
                                id="answer-level",
                                options=levels,
                                value="standard",
                                clearable=False,
                                searchable=False,
                            ),
                        ),
                    ],
                    className="row",
                ),
                html.Fieldset(
                    [
                        html.Legend("Domains that the offer opens"),
                        dcc.Checklist(
                            id="answer-domains", options=list(DOMAINS), value=list(DOMAINS), className="choices"
                        ),
                    ]
                ),
                html.Div(
                    [
                        html.Button("Find the answer", id="answer-go", className="primary"),
                        html.Button("Cancel", id="answer-cancel", className="quiet", disabled=True),
                        html.Button("Download the answer (JSON)", id="answer-json", className="quiet", disabled=True),
                        html.Button("Download the brief (HTML)", id="answer-brief", className="quiet", disabled=True),
                    ],
                    className="buttons",
                ),
            ],
            className="card form",
        ),
        html.P(id="answer-error", className="error", role="alert"),
        html.Div(id="answer-status", role="status"),
        html.Div(id="answer-result"),
        html.Section(live_page.layout(), id="answer-live", hidden=True),
        html.Div(id="answer-rest"),
        *compare.layout(),
        dcc.Store(id="answer-job"),
        dcc.Store(id="answer-details"),
        dcc.Store(id="answer-shown"),
        dcc.Interval(id="answer-tick", interval=700, disabled=True),
        dcc.Download(id="answer-download"),
    ]


def register(app: Dash, jobs: Jobs, kept: Kept) -> None:
    """Start a job, watch it, cancel it, and show what it brings."""
    surfaces: dict[str, Live] = {}
    pickers = [f"answer-{p}" for p in PICKERS]

    @app.callback(
        Output("answer-job", "data"),
        Output("answer-error", "children"),
        *(Output(p, "value") for p in pickers),
        Output("answer-details", "data"),
        Input("answer-go", "n_clicks"),
        Input("url", "search"),
        State("url", "pathname"),
        *(State(p, "value") for p in pickers),
        State("answer-details", "data"),
    )
    def begin(clicks: int | None, search: str | None, path: str | None, *picked: Any) -> list[Any]:
        keep = [no_update] * (len(pickers) + 1)
        by_button = ctx.triggered_id == "answer-go" and bool(clicks)
        if not by_button and (path != "/answer" or not search):
            return [no_update, no_update, *keep]
        values = list(picked)
        try:
            if not by_button:
                values = from_search(search or "", str(picked[PICKERS.index("level")] or "standard"))
                if values[0] is None and values[1] is None:
                    return [no_update, "", *keep]  # an address that compares kept answers alone
            question, level = question_of(*values)
            key = key_of(question, level)
            jobs.start(key, work(question, level, kept, surfaces))
        except MultialignError as error:
            return [no_update, str(error), *(keep if by_button else values)]
        # A fresh value each time, so that a job started again under the same key is watched again.
        return [{"key": key, "click": clicks or 0}, "", *(keep if by_button else values)]

    @app.callback(
        Output("answer-status", "children"),
        Output("answer-result", "children"),
        Output("answer-rest", "children"),
        Output("answer-shown", "data"),
        Output("answer-tick", "disabled"),
        Output("answer-cancel", "disabled"),
        Output("answer-json", "disabled"),
        Output("answer-brief", "disabled"),
        Input("answer-tick", "n_intervals"),
        Input("answer-job", "data"),
        State("answer-shown", "data"),
    )
    def watch(_: int | None, job: dict[str, Any] | None, shown: Any) -> tuple[Any, ...]:
        if not job:
            return None, no_update, no_update, no_update, True, True, True, True
        key = str(job.get("key"))
        now = jobs.look(key)
        if now.state != "done":
            return status(now), None, None, None, not now.active, not now.active, True, True
        answer: Answer = now.result
        told = {
            "key": key, "click": job.get("click"), "live": key in surfaces,
            "picks": {d: x.pick for d, x in answer.depth.items()},
            "rivals": {j: {d: x.pick for d, x in depths.items()} for j, depths in answer.rivals.items()},
        }  # fmt: skip
        note: Any = None
        waits = False
        if not told["live"]:
            note, waits = _sliders(key, answer)
        if shown == told:
            return note, no_update, no_update, no_update, not waits, True, False, False
        if shown and {**shown, "live": None} == {**told, "live": None}:
            return note, no_update, no_update, told, not waits, True, False, False
        first, rest = view(answer)
        return note, first, rest, told, not waits, True, False, False

    def _sliders(key: str, answer: Answer) -> tuple[Any, bool]:
        """What is said while the surface of an answer that was kept is made again; whether to look once more."""
        name = f"surface {key}"
        if jobs.look(name).state == "unknown":
            try:
                jobs.start(name, surface_work(key, answer, surfaces))
            except MultialignError:
                return html.P("The sliders wait for their turn."), True
        now = jobs.look(name)
        if now.state == "failed":
            return html.P(f"There are no sliders for this answer: {now.error}"), False
        if now.active:
            return html.Small(f"The sliders are being prepared: {now.done:.0%}"), True
        return None, now.state == "done" and key not in surfaces

    @app.callback(Input("answer-cancel", "n_clicks"), State("answer-job", "data"), prevent_initial_call=True)
    def cancel(clicks: int | None, job: dict[str, Any] | None) -> None:
        if job and clicks:
            jobs.cancel(str(job.get("key")))

    @app.callback(
        Output("answer-download", "data"),
        Output("answer-error", "children", allow_duplicate=True),
        Input("answer-json", "n_clicks"),
        Input("answer-brief", "n_clicks"),
        State("answer-job", "data"),
        State("ask-text", "value"),
        prevent_initial_call=True,
    )
    def download(_j: int | None, _b: int | None, job: dict[str, Any] | None, text: str | None) -> tuple[Any, str]:
        now = jobs.look(str(job.get("key"))) if job else Snapshot("unknown")
        if now.state != "done" or not any((_j, _b)):
            return no_update, ""
        if ctx.triggered_id == "answer-json":
            return file_of(now.result), ""
        try:
            q = now.result.question
            return dcc.send_string(brief_of(now.result, text), f"brief-{q.focal}-{q.offerer}.html"), ""
        except MultialignError as error:
            return no_update, str(error)

    @app.callback(
        Output("answer-address", "data"),
        Input("answer-job", "data"),
        Input("live-address", "data"),
        Input("compare-picked", "value"),
        *(State(p, "value") for p in pickers),
        State("answer-details", "data"),
    )
    def follow(job: Any, live: list[Any] | None, compared: list[str] | None, *picked: Any) -> Any:
        pairs = search_pairs(picked[:-1], picked[-1]) if job else []
        pairs += [(str(k), v) for k, v in live or []] if job else []
        return address.search([*pairs, ("compare", ",".join(compared or []))]) or no_update

    live_page.register(app, jobs, surfaces)
    compare.register(app, kept)


def key_of(question: Question, level: str) -> str:
    """The same for the same question and level, whoever asks, in one version of the program and of the user's data."""
    data = hashlib.sha256(edition().encode()).hexdigest()[:16]
    return json.dumps([__version__, data, question.model_dump(mode="json"), level, SEED], sort_keys=True)


def work(question: Question, level: str, kept: Kept, surfaces: dict[str, Live]) -> Work:
    """The job that answers a question, or finds the answer where it is kept."""

    def run(report: Report) -> Answer:
        key = key_of(question, level)
        known = kept.get(kept.id_of(key))
        if known is not None:
            return known
        _, sets, draws = LEVELS[level]
        if level == "quick":
            found, live = glanced(question, sets, draws or 1024, SEED, report)
        else:
            found, live = answered(question, sets, draws, SEED, report)
        _hold(surfaces, key, live)
        kept.put(key, found, level)
        return found

    return run


def surface_work(key: str, answer: Answer, surfaces: dict[str, Live]) -> Work:
    """The job that makes the response surface of an answer anew."""

    def run(report: Report) -> str:
        surface = prepare(answer.question, sets=answer.elasticity_sets, seed=SEED, progress=report)
        _hold(surfaces, key, Live(surface))
        return key

    return run


def _hold(surfaces: dict[str, Live], key: str, live: Live) -> None:
    """Remember a surface; the oldest go."""
    while len(surfaces) >= MOST_SURFACES:
        surfaces.pop(next(iter(surfaces)))
    surfaces[key] = live


def file_of(answer: Answer) -> dict[str, Any]:
    """The answer's JSON as a download."""
    q = answer.question
    text = json.dumps(answer.to_dict(), indent=1, ensure_ascii=False, allow_nan=False)
    return dcc.send_string(text, f"answer-{q.focal}-{q.offerer}.json", type="application/json")


def brief_of(answer: Answer, text: str | None) -> str:
    """The brief on an answer, from the announcement on the Ask page. Raises InputError where that is not there, or
    holds no such offer."""
    from multialign.app.pages.ask import reading_of
    from multialign.report.make import from_reading

    q = answer.question
    if not (text or "").strip():
        raise InputError("a brief needs the announcement", hint="read it on the page Ask first, then come back")
    reading = reading_of(text or "")
    if not any(o.target == q.focal for o in reading.offers):
        raise InputError(
            f"the text on the page Ask holds no offer to {q.focal}", hint="read the announcement there first"
        )
    return from_reading(reading, q.focal, answer)


def status(now: Snapshot) -> Any:
    """A job's state in words, with a bar while it runs."""
    if now.state == "done":
        return None
    if now.state == "failed":
        return html.P(now.error, className="error")
    words = {
        "waiting": "Waiting for another question to be done ...",
        "running": f"{now.text.capitalize()}: {now.done:.0%}",
        "cancelled": "Cancelled. What was solved so far is dropped.",
        "unknown": "The server no longer holds this answer; find it again.",
    }[now.state]
    if not now.active:
        return html.P(words)
    bar = html.Progress(value=f"{now.done:.3f}", max="1", **attributes({"aria-label": "Progress"}))
    return html.Div([html.P(words), bar], className="card")

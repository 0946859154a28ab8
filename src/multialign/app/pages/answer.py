"""Answer: a question, its solving with progress, and how far to go."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs, urlencode

from dash import Dash, Input, Output, State, ctx, dcc, html, no_update

from multialign.app.jobs import Jobs, Report, Snapshot, Work
from multialign.app.layout import attributes, field, state_options
from multialign.app.pages.answer_view import view
from multialign.errors import InputError, MultialignError
from multialign.respond import Answer, Question, respond
from multialign.ties.flows import DOMAINS

DRAWS = (50, 200, 1000)
SEED = 1


def layout() -> list[Any]:
    """The page."""
    states = state_options()
    return [
        html.H1("How far to go?"),
        html.P(
            "A state must answer an offer while a third power looks on. The world economy is solved under every "
            "published set of elasticities; that takes half a minute or so, and an answer found once is kept."
        ),
        html.Div(
            [
                html.Div(
                    [
                        field("State that must answer", dcc.Dropdown(id="answer-focal", options=states)),
                        field("Power that offers", dcc.Dropdown(id="answer-offerer", options=states)),
                        field(
                            "Third power that may reply",
                            dcc.Dropdown(
                                id="answer-third", options=states, placeholder="the power that it sells most to"
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
                html.Fieldset(
                    [
                        html.Legend("Draws of the weights per elasticity set"),
                        dcc.RadioItems(id="answer-draws", options=list(DRAWS), value=200, className="choices"),
                    ]
                ),
                html.Div(
                    [
                        html.Button("Find the answer", id="answer-go", className="primary"),
                        html.Button("Cancel", id="answer-cancel", className="quiet", disabled=True),
                    ],
                    className="buttons",
                ),
            ],
            className="card form",
        ),
        html.P(id="answer-error", className="error", role="alert"),
        html.Div(id="answer-status", role="status"),
        html.Div(id="answer-result"),
        dcc.Store(id="answer-job"),
        dcc.Interval(id="answer-tick", interval=700, disabled=True),
        dcc.Download(id="answer-download"),
    ]


def register(app: Dash, jobs: Jobs) -> None:
    """Start a job, watch it, cancel it, and show what it brings."""
    pickers = ["answer-focal", "answer-offerer", "answer-third", "answer-domains", "answer-draws"]

    @app.callback(
        Output("answer-job", "data"),
        Output("answer-error", "children"),
        Output("url", "search"),
        *(Output(p, "value") for p in pickers),
        Input("answer-go", "n_clicks"),
        Input("url", "search"),
        State("url", "pathname"),
        *(State(p, "value") for p in pickers),
    )
    def begin(clicks: int | None, search: str | None, path: str | None, *picked: Any) -> list[Any]:
        keep = [no_update] * len(pickers)
        by_button = ctx.triggered_id == "answer-go" and bool(clicks)
        if not by_button and (path != "/answer" or not search):
            return [no_update, no_update, no_update, *keep]
        values = [*picked] if by_button else [*from_search(search or ""), picked[-1]]
        try:
            question, draws = question_of(*values)
            key = key_of(question, draws)
            jobs.start(key, work(question, draws))
        except MultialignError as error:
            return [no_update, str(error), no_update, *(keep if by_button else values)]
        # A fresh value each time, so that a job started again under the same key is watched again.
        data = {"key": key, "click": clicks or 0}
        return [data, "", search_of(values) if by_button else no_update, *(keep if by_button else values)]

    @app.callback(
        Output("answer-status", "children"),
        Output("answer-result", "children"),
        Output("answer-tick", "disabled"),
        Output("answer-cancel", "disabled"),
        Input("answer-tick", "n_intervals"),
        Input("answer-job", "data"),
    )
    def watch(_: int | None, job: dict[str, Any] | None) -> tuple[Any, Any, bool, bool]:
        if not job:
            return None, no_update, True, True
        now = jobs.look(str(job.get("key")))
        shown = view(now.result) if now.state == "done" else None
        return status(now), shown, not now.active, not now.active

    @app.callback(Input("answer-cancel", "n_clicks"), State("answer-job", "data"), prevent_initial_call=True)
    def cancel(_: int | None, job: dict[str, Any] | None) -> None:
        if job:
            jobs.cancel(str(job.get("key")))

    @app.callback(
        Output("answer-download", "data"),
        Input("answer-json", "n_clicks"),
        State("answer-job", "data"),
        prevent_initial_call=True,
    )
    def download(clicks: int | None, job: dict[str, Any] | None) -> Any:
        now = jobs.look(str(job.get("key"))) if job and clicks else Snapshot("unknown")
        return file_of(now.result) if now.state == "done" else no_update


def question_of(
    focal: Any, offerer: Any, third: Any = None, domains: Any = None, draws: Any = 200
) -> tuple[Question, int]:
    """The question that the pickers put, and the draws. Raises InputError as `Question.of`, and for what is missing."""
    for value, label in ((focal, "state that must answer"), (offerer, "power that offers")):
        if not value:
            raise InputError(f"no {label} is chosen", hint="choose it from the list")
    if not domains:
        raise InputError("no domain is chosen", hint="an offer opens at least one")
    if draws not in DRAWS:
        raise InputError(f"draws are {draws!r}", hint=f"one of {', '.join(map(str, DRAWS))}")
    return Question.of(focal, offerer, third or None, tuple(str(d) for d in domains)), int(draws)


def key_of(question: Question, draws: int) -> str:
    """The same for the same question and draws, whoever asks."""
    return json.dumps([question.model_dump(mode="json"), draws, SEED], sort_keys=True)


def work(question: Question, draws: int) -> Work:
    """The job that answers a question."""

    def run(report: Report) -> Answer:
        return respond(question, draws=draws, seed=SEED, progress=report)

    return run


def from_search(search: str) -> list[Any]:
    """Focal, offerer, third and domains from an address such as ``?focal=IND&offerer=RUS``; None where not given."""
    given = parse_qs(search.lstrip("?"), max_num_fields=20)
    first = {k: v[0][:200] for k, v in given.items()}
    domains = [d for d in first.get("domains", "").split(",") if d] or list(DOMAINS)
    return [first.get("focal"), first.get("offerer"), first.get("third"), domains]


def search_of(picked: list[Any]) -> str:
    """The address of what is picked, the reverse of `from_search`."""
    focal, offerer, third, domains = picked[:4]
    parts = {"focal": focal, "offerer": offerer} | ({"third": third} if third else {})
    return "?" + urlencode({**parts, "domains": ",".join(domains)}, safe=",")


def file_of(answer: Answer) -> dict[str, Any]:
    """The answer's JSON as a download."""
    q = answer.question
    text = json.dumps(answer.to_dict(), indent=1, ensure_ascii=False, allow_nan=False)
    return dcc.send_string(text, f"answer-{q.focal}-{q.offerer}.json", type="application/json")


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

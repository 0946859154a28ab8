"""The sliders of the Answer page: discount, tariff, embargo, depths, weights; every move redraws what it is worth."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from dash import Dash, Input, Output, State, ctx, dcc, html, no_update

from multialign.app.jobs import Jobs, Report
from multialign.app.layout import attributes, drawing, picture, savers
from multialign.app.live import Live, Position
from multialign.app.pages import live_view
from multialign.app.pages.live_values import (
    MARKETS,
    MOST_TARIFF,
    RIVALS,
    STEPS,
    THIRDS,
    WEIGHTS,
    pairs_of,
    position_of,
    starting,
    told,
    values_in,
)
from multialign.errors import MultialignError
from multialign.report.names import spoken
from multialign.ties.flows import DOMAINS


def layout() -> list[Any]:
    """The sliders, hidden until an answer's surface is there."""
    depths = [_slider(f"live-{d}", d.capitalize(), 0, 100, 0) for d in DOMAINS]
    weights = [_slider(f"live-{w}", w, 0, STEPS, 0) for w in WEIGHTS]
    rivals = [
        html.Fieldset(
            [
                html.Legend("How deep", id=f"live-rival-{g}-legend"),
                *(_slider(f"live-{g}-{d}", d.capitalize(), 0, 100, 0) for d in DOMAINS),
            ],
            id=f"live-rival-{g}",
            hidden=True,
        )
        for g in RIVALS
    ]
    thirds = [
        html.Div(_slider(f"live-tariff-{k}", "Extra tariff", -1, MOST_TARIFF, -1), id=f"live-third-{k}", hidden=True)
        for k in THIRDS
    ]
    return [
        html.H2("Move it"),
        html.P(
            "Every move is read off exact solves made beforehand. Depth runs from 0 (cut) to 1 (without limits); a "
            "weight at its left end is drawn as in the answer."
        ),
        html.Div(
            [
                html.Div(
                    [
                        html.Fieldset([html.Legend("How deep", id="live-depths-legend"), *depths]),
                        *rivals,
                        html.Fieldset(
                            [
                                html.Legend("Price and pressure"),
                                _slider("live-discount", "Further discount on crude", -10, 30, 0),
                                _slider("live-tariff", "Extra tariff", -1, MOST_TARIFF, -1),
                                *thirds,
                                html.Div(
                                    dcc.Checklist(
                                        id="live-embargo",
                                        options=[{"label": f"no {d}", "value": d} for d in MARKETS],
                                        value=[],
                                        className="choices",
                                    ),
                                    role="group",
                                    **attributes({"aria-label": "Embargo"}),
                                ),
                                html.Small("Embargo: what is ticked is cut to nothing.", id="live-embargo-said"),
                            ]
                        ),
                        html.Fieldset([html.Legend("Weights"), *weights]),
                    ],
                    className="grid sliders",
                ),
                html.Div(
                    [
                        html.Button("Back to the answer", id="live-reset", className="quiet"),
                        html.Button("Solve this exactly", id="live-exact", className="quiet"),
                        html.Button("Cancel", id="live-cancel", className="quiet", disabled=True),
                    ],
                    className="buttons",
                ),
            ],
            className="card form",
        ),
        html.P(id="live-error", className="error", role="alert"),
        html.Div(id="live-said", className="card ask", **attributes({"aria-live": "polite"})),
        html.Figure(
            [
                html.Div(id="live-key"),
                *picture("live-bars"),
                *picture("live-bars-narrow"),
                html.Figcaption("What this is worth, term by term; each party on a scale of its own."),
                savers(),
            ],
            className="card",
        ),
        html.Figure(
            [
                *picture("live-map"),
                html.Div(id="live-map-key"),
                html.Figcaption("Who else gains and loses, % of real income."),
                savers(),
            ],
            className="card",
        ),
        html.Div(id="live-numbers"),
        html.Div(id="live-exact-status", role="status"),
        html.Div(id="live-exact-result"),
        dcc.Store(id="live-address"),
        dcc.Store(id="live-start"),
        dcc.Store(id="live-job"),
        dcc.Interval(id="live-tick", interval=500, disabled=True),
    ]


def _slider(name: str, label: str, low: float, high: float, value: float) -> html.Div:
    slider = dcc.Input(id=name, type="range", min=low, max=high, step=1, value=value)
    head = html.Div([html.Label(label, htmlFor=name, id=f"{name}-label"), html.Span(id=f"{name}-value")])
    return html.Div([head, slider], className="slide")


SLIDERS = (
    *(f"live-{d}" for d in DOMAINS), "live-discount", "live-tariff", *(f"live-{w}" for w in WEIGHTS),
    *(f"live-{g}-{d}" for g in RIVALS for d in DOMAINS), *(f"live-tariff-{k}" for k in THIRDS),
)  # fmt: skip
"""The sliders in order: of the first offer and the main third power, the weights, then of further offers and powers."""
SHOWN = ("live-depths-legend", "live-embargo-said", *(f"live-rival-{g}-legend" for g in RIVALS),
         *(f"live-tariff-{k}-label" for k in THIRDS))  # fmt: skip
"""What names its party."""
HIDDEN = (*(f"live-rival-{g}" for g in RIVALS), *(f"live-third-{k}" for k in THIRDS))
"""What is hidden where a question has no such party."""


def register(app: Dash, jobs: Jobs, surfaces: Mapping[str, Live]) -> None:
    """Sliders appear with an answer's surface; each move redraws; an exact solve is a job."""
    for name in ("live-bars", "live-bars-narrow", "live-map"):
        drawing(app, name)

    @app.callback(
        Output("answer-live", "hidden"),
        *(Output(s, "value") for s in SLIDERS),
        Output("live-embargo", "value"),
        Output("live-discount", "disabled"),
        Output("live-tariff-label", "children"),
        Output("live-step-label", "children"),
        Output("live-autonomy-label", "children"),
        Output("live-tie-label", "children"),
        Output("live-discount-label", "children"),
        Output("live-start", "data"),
        Output("live-key", "children"),
        *(Output(name, "children") for name in SHOWN),
        *(Output(name, "hidden") for name in HIDDEN),
        Input("answer-shown", "data"),
        Input("live-reset", "n_clicks"),
        State("url", "search"),
        State("live-start", "data"),
    )
    def start(shown: dict[str, Any] | None, _: Any, search: str | None, old: Any) -> list[Any]:
        live = surfaces.get(str((shown or {}).get("key")))
        count = 1 + len(SLIDERS) + 9 + len(SHOWN) + len(HIDDEN)
        if live is None or not shown:
            return [True, *[no_update] * (count - 1)]
        q = live.surface.question
        fresh = ctx.triggered_id != "live-reset" and (old or {}).get("key") != shown["key"]
        values = starting(live, shown.get("picks") or {}, shown.get("rivals") or {})
        if fresh:
            with suppress(MultialignError):  # what an address says wrongly of the sliders is left aside
                values = values_in(search, values)
        *sliders, embargo = values
        third = spoken(q.third)
        labels = [
            f"Extra tariff of {third}, points",
            f"Rise of depth at which {third} answers",
            f"Worth of autonomy to {spoken(q.focal)}",
            "Worth of the tie itself",
            f"Further discount on crude from {spoken(q.offerer)}, %",
        ]
        none = live.discounts == (0.0, 0.0)
        return [False, *sliders, embargo, none, *labels, {"key": shown["key"]}, live_view.key(q), *parties(live)]

    @app.callback(
        Output("live-said", "children"),
        Output("live-bars-svg", "data"),
        Output("live-bars-narrow-svg", "data"),
        Output("live-map-svg", "data"),
        Output("live-map-key", "children"),
        Output("live-numbers", "children"),
        *(Output(f"{s}-value", "children") for s in SLIDERS),
        Output("live-address", "data"),
        Output("live-error", "children"),
        *(Input(s, "value") for s in SLIDERS),
        Input("live-embargo", "value"),
        Input("live-start", "data"),
        prevent_initial_call=True,
    )
    def move(*given: Any) -> list[Any]:
        *values, start = given
        live = surfaces.get(str((start or {}).get("key")))
        nothing = [no_update] * (6 + len(SLIDERS) + 1)
        if live is None:
            return [*nothing, no_update]
        began = time.perf_counter()
        try:
            position = position_of(values, live)
            seen = live.at(position)
        except MultialignError as error:
            return [*nothing, str(error)]
        q = live.surface.question
        said = live_view.sentence(seen, q)
        drawn = [live_view.bars(seen, q), live_view.bars(seen, q, live_view.NARROW), *live_view.map_of(seen, q)]
        took = html.Small(f"Redrawn in {1000 * (time.perf_counter() - began):.0f} ms on the server.")
        numbers = live_view.numbers(seen, q)
        return [[*said, took], *drawn, numbers, *told(values, live), pairs_of(values, live), ""]

    @app.callback(
        Output("live-exact-status", "children"),
        Output("live-exact-result", "children"),
        Output("live-tick", "disabled"),
        Output("live-cancel", "disabled"),
        Output("live-job", "data"),
        Input("live-exact", "n_clicks"),
        Input("live-cancel", "n_clicks"),
        Input("live-tick", "n_intervals"),
        *(State(s, "value") for s in SLIDERS),
        State("live-embargo", "value"),
        State("live-start", "data"),
        State("live-job", "data"),
        prevent_initial_call=True,
    )
    def solve(clicks: Any, _c: Any, _t: Any, *given: Any) -> list[Any]:
        from multialign.app.pages.answer import status

        *values, start, job = given
        live = surfaces.get(str((start or {}).get("key")))
        if live is None:
            return [None, None, True, True, None]
        if ctx.triggered_id == "live-exact" and clicks:
            try:
                position = position_of(values, live)
                job = f"exact {start['key']} {position}"
                jobs.start(job, exact_work(live, position))
            except MultialignError as error:
                return [html.P(str(error), className="error"), None, True, True, None]
        elif ctx.triggered_id == "live-cancel" and job:
            jobs.cancel(job)
        if not job:
            return [None, None, True, True, None]
        now = jobs.look(job)
        if now.state == "done":
            return [None, live_view.exact_table(now.result), True, True, job]
        return [status(now), None, not now.active, not now.active, job]


def exact_work(live: Live, position: Position) -> Any:
    """The job that solves a position exactly."""

    def run(report: Report) -> Any:
        return live.exact(position, report)

    return run


def parties(live: Live) -> list[Any]:
    """What names a party beside the sliders, then what is hidden for want of one: `SHOWN`, `HIDDEN`."""
    first = spoken(live.surface.question.offerer)
    rivals = [live.rivals[g - 1] if g <= len(live.rivals) else None for g in RIVALS]
    thirds = [live.thirds[k] if k < len(live.thirds) else None for k in THIRDS]
    return [
        f"How deep with {first}",
        f"Embargo on {first}: what is ticked is cut to nothing.",
        *(f"How deep with {spoken(j)}" if j else "" for j in rivals),
        *(f"Extra tariff of {spoken(p)}, points" if p else "" for p in thirds),
        *(p is None for p in (*rivals, *thirds)),
    ]

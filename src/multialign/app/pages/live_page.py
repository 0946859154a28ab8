"""The sliders of the Answer page: discount, tariff, embargo, depths, weights; every move redraws what it is worth."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from dash import Dash, Input, Output, State, ctx, dcc, html, no_update

from multialign.app import address
from multialign.app.jobs import Jobs, Report
from multialign.app.layout import attributes, drawing, picture, savers
from multialign.app.live import Live, Position
from multialign.app.pages import live_view
from multialign.errors import InputError, MultialignError
from multialign.report import numbers as n
from multialign.report.names import spoken
from multialign.respond.ranges import UNKNOWNS
from multialign.ties.flows import DOMAINS

WEIGHTS = ("autonomy", "tie", "step")
STEPS = 20
"""Steps of a weight's slider, from its least to its greatest value; at 0 it is drawn, as in the answer."""
MOST_TARIFF = 100
MARKETS = ("trade", "energy", "technology", "arms")


def layout() -> list[Any]:
    """The sliders, hidden until an answer's surface is there."""
    depths = [_slider(f"live-{d}", d.capitalize(), 0, 100, 0) for d in DOMAINS]
    weights = [_slider(f"live-{w}", w, 0, STEPS, 0) for w in WEIGHTS]
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
                        html.Fieldset([html.Legend("How deep"), *depths]),
                        html.Fieldset(
                            [
                                html.Legend("Price and pressure"),
                                _slider("live-discount", "Further discount on crude", -10, 30, 0),
                                _slider("live-tariff", "Extra tariff", -1, MOST_TARIFF, -1),
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
                                html.Small("Embargo: what is ticked is cut to nothing."),
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


SLIDERS = (*(f"live-{d}" for d in DOMAINS), "live-discount", "live-tariff", *(f"live-{w}" for w in WEIGHTS))
FIELDS = (*(f"d.{d}" for d in DOMAINS), "discount", "tariff", *(f"w.{w}" for w in WEIGHTS), "embargo")


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
        Input("answer-shown", "data"),
        Input("live-reset", "n_clicks"),
        State("url", "search"),
        State("live-start", "data"),
    )
    def start(shown: dict[str, Any] | None, _: Any, search: str | None, old: Any) -> list[Any]:
        live = surfaces.get(str((shown or {}).get("key")))
        count = 1 + len(SLIDERS) + 9
        if live is None or not shown:
            return [True, *[no_update] * (count - 1)]
        q = live.surface.question
        fresh = ctx.triggered_id != "live-reset" and (old or {}).get("key") != shown["key"]
        values = starting(live, shown.get("picks") or {})
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
        return [False, *sliders, embargo, none, *labels, {"key": shown["key"]}, live_view.key(q)]

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
        return [[*said, took], *drawn, numbers, *told(values, live), pairs_of(values), ""]

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


def starting(live: Live, picks: Mapping[str, float]) -> list[Any]:
    """Where the sliders stand for the answer itself: its depths, no further discount, the reply as it would be."""
    today = live.today
    depths = [round(100 * picks.get(d, today[d])) for d in DOMAINS]
    return [*depths, 0, -1, *[0] * len(WEIGHTS), []]


def position_of(values: list[Any], live: Live) -> Position:
    """The position of the sliders. Raises InputError for values that no slider gives."""
    numbers = []
    for name, value, (low, high) in zip(FIELDS, values, _bounds(), strict=False):
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = math.nan
        if not low <= number <= high:
            raise InputError(f"is {str(value)[:20]!r}", field=name, hint=f"a number from {low:g} to {high:g}")
        numbers.append(number)
    k = len(DOMAINS)
    embargo = set(values[-1] or [])
    today = live.today
    depths = []
    for d, x in zip(DOMAINS, numbers[:k], strict=True):
        depth = 0.0 if d in embargo else x / 100.0
        # A slider has whole steps; at the step of today's depth it stands for today's depth itself.
        depths.append((d, today[d] if round(100 * today[d]) == x and d not in embargo else depth))
    low, high = live.discounts
    discount = min(max(numbers[k] / 100.0, low), high)
    tariff = None if numbers[k + 1] < 0 else numbers[k + 1] / 100.0
    weights = tuple((w, weight(w, x)) for w, x in zip(WEIGHTS, numbers[k + 2 :], strict=True) if x > 0)
    return Position(tuple(depths), discount, tariff, weights)


def _bounds() -> list[tuple[float, float]]:
    return [*[(0.0, 100.0)] * len(DOMAINS), (-10.0, 30.0), (-1.0, float(MOST_TARIFF)), *[(0.0, STEPS)] * len(WEIGHTS)]


def weight(name: str, step: float) -> float:
    """The value of a weight at a step of its slider, 1 to `STEPS`, even in its own scale."""
    u = UNKNOWNS[name]
    part = (step - 1) / (STEPS - 1)
    if u.scale == "log":
        return float(u.low * (u.high / u.low) ** part)
    return float(u.low + (u.high - u.low) * part)


def told(values: list[Any], live: Live) -> list[str]:
    """What stands beside each slider."""
    k = len(DOMAINS)
    today = live.today
    embargo = set(values[-1] or [])
    out = []
    for d, v in zip(DOMAINS, values[:k], strict=True):
        depth = 0.0 if d in embargo else float(v) / 100.0
        out.append(f"{depth:.2f} (today {today[d]:.2f})")
    out.append("no crude is sold" if live.discounts == (0.0, 0.0) else f"{n.plain(float(values[k]), 0, sign=True)} %")
    out.append("as it would choose" if float(values[k + 1]) < 0 else f"{float(values[k + 1]):.0f}")
    for w, v in zip(WEIGHTS, values[k + 2 :], strict=False):
        unit = "" if w == "step" else " %"
        out.append("as drawn" if float(v) <= 0 else f"{weight(w, float(v)):.2f}{unit}")
    return out


def pairs_of(values: list[Any]) -> list[tuple[str, str]]:
    """The sliders as fields of an address; those that stand where they begin are left out, depths apart."""
    k = len(DOMAINS)
    plain = [*[None] * k, 0, -1, *[0] * len(WEIGHTS)]
    out = []
    for name, value, start in zip(FIELDS, values, plain, strict=False):
        if start is None or float(value) != start:
            out.append((name, f"{float(value):g}"))
    if values[-1]:
        out.append(("embargo", ",".join(str(v) for v in values[-1])))
    return out


def values_in(search: str | None, start: list[Any]) -> list[Any]:
    """The sliders as an address says, the rest as they start. Raises InputError for what no slider gives."""
    given = address.fields(search)
    out = list(start)
    for k, (name, (low, high)) in enumerate(zip(FIELDS, _bounds(), strict=False)):
        number = address.number(given, name, low, high)
        if number is not None:
            out[k] = round(number)
    embargo = (address.first(given, "embargo") or "").split(",")
    out[-1] = [d for d in embargo if d in MARKETS]
    return out

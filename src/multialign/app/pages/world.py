"""World: how every state stands to every other, as a map, a ranking, a matrix and a pair over time."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, ctx, dcc, html, no_update

from multialign.app import address
from multialign.app.jobs import Jobs, Report
from multialign.app.layout import attributes, drawing, field, picture, savers, state_options
from multialign.app.pages import world_data as data
from multialign.app.pages.world_view import headline, heat, pair, ranking, the_map
from multialign.errors import MultialignError
from multialign.world import codes
from multialign.world.groups import group_names

CHOICES = ("measure", "state", "view", "item", "period", "group", "partner")
START = {"measure": "trade", "state": "IND", "group": "G20", "partner": "RUS"}


def layout() -> list[Any]:
    """The page."""
    groups = [{"label": "All 80 states", "value": data.ALL}]
    groups += [{"label": f"{name} ({code})", "value": code} for code, name in group_names().items()]
    states = state_options(union=False)
    return [
        html.H1("How do states stand to each other?"),
        html.P("Choose what to look at and from where; the map, the ranking, the matrix and the pair follow."),
        html.Div(
            [
                html.Div(
                    [
                        field("Measure", _list("world-measure", [_option(k, v) for k, v in data.MEASURES.items()])),
                        field("Seen from", _list("world-state", states, START["state"], search=True)),
                        field("Side", _list("world-view", [])),
                        field("Product or industry", _list("world-item", [], search=True)),
                        field("Partner", _list("world-partner", states, START["partner"], search=True)),
                        field("States in the matrix", _list("world-group", groups, START["group"], search=True)),
                    ],
                    className="row",
                ),
                html.Div(
                    [
                        html.Div(
                            [html.Label("Period", htmlFor="world-period"), html.Span(id="world-period-value")],
                        ),
                        dcc.Input(id="world-period", type="range", min=0, max=0, step=1, value=0),
                    ],
                    id="world-when",
                    className="slide",
                ),
            ],
            className="card form",
        ),
        html.P(id="world-error", className="error", role="alert"),
        html.P(id="world-wrong", className="error", role="alert"),
        html.Div(id="world-headline", **attributes({"aria-live": "polite"})),
        html.Div(
            [
                html.Div(id="world-status", role="status"),
                html.Div(
                    [
                        html.Button("Reckon this state's power", id="world-one", className="primary"),
                        html.Button("Reckon every pair (minutes)", id="world-all", className="quiet"),
                        html.Button("Cancel", id="world-cancel", className="quiet", disabled=True),
                    ],
                    className="buttons",
                ),
            ],
            id="world-reckon",
            className="card",
            hidden=True,
        ),
        html.Figure(
            [*picture("world-map", picks=True), html.Figcaption(id="world-map-said"), savers()], className="card"
        ),
        html.Div(id="world-ranking"),
        html.H2("Every pair"),
        html.Div(id="world-matrix"),
        html.Div(id="world-pair"),
        dcc.Store(id="world-picked"),
        dcc.Store(id="world-periods"),
        dcc.Store(id="world-job"),
        dcc.Interval(id="world-tick", interval=1000, disabled=True),
    ]


def _option(value: str, label: str) -> dict[str, str]:
    return {"label": label, "value": value}


def _list(name: str, options: list[dict[str, str]], value: str | None = None, search: bool = False) -> dcc.Dropdown:
    return dcc.Dropdown(id=name, options=options, value=value, clearable=False, searchable=search)


def register(app: Dash, jobs: Jobs) -> None:
    """The address or a choice sets what can be chosen next; then all is drawn; power is reckoned in the background."""
    drawing(app, "world-map")

    @app.callback(
        Output("world-measure", "value"),
        Output("world-state", "value"),
        Output("world-view", "options"),
        Output("world-view", "value"),
        Output("world-item", "options"),
        Output("world-item", "value"),
        Output("world-group", "value"),
        Output("world-partner", "value"),
        Output("world-error", "children"),
        Output("world-periods", "data"),
        Input("world-measure", "value"),
        Input("world-item", "value"),
        Input("url", "search"),
        State("url", "pathname"),
        State("world-state", "value"),
        State("world-view", "value"),
        State("world-group", "value"),
        State("world-partner", "value"),
        State("world-periods", "data"),
    )
    def choose(
        measure: Any, item: Any, search: Any, path: Any, state: Any, view: Any, group: Any, partner: Any, when: Any
    ) -> list[Any]:
        problem, period = "", (when or {}).get("value")
        if (ctx.triggered_id == "url" or measure is None) and path == "/world" and search:
            try:
                measure, state, view, item, period, group, partner = choices_in(search)
            except MultialignError as error:
                problem = str(error)
                measure, view, item, period = None, None, None, None
        measure = measure or START["measure"]
        view = view if view in data.VIEWS[measure] else next(iter(data.VIEWS[measure]))
        known = data.items(measure)
        item = item if item in known else "all"
        periods = data.periods(measure, item)
        period = period if period in periods else periods[-1]
        views = [_option(k, v) for k, v in data.VIEWS[measure].items()]
        options = [_option(k, v) for k, v in known.items()]
        kept = {"all": periods, "value": period}
        return [measure, state, views, view, options, item, group, partner, problem, kept]

    @app.callback(
        Output("world-period", "max"),
        Output("world-period", "value"),
        Output("world-when", "hidden"),
        Input("world-periods", "data"),
    )
    def slide(when: dict[str, Any] | None) -> tuple[int, int, bool]:
        if not when:
            return 0, 0, True
        found = when["all"]
        return len(found) - 1, found.index(when["value"]), len(found) < 2

    inputs = [Input(f"world-{c}", "value") for c in ("measure", "state", "view", "item", "group", "partner")]

    @app.callback(
        Output("world-headline", "children"),
        Output("world-map-svg", "data"),
        Output("world-map-said", "children"),
        Output("world-ranking", "children"),
        Output("world-matrix", "children"),
        Output("world-pair", "children"),
        Output("world-reckon", "hidden"),
        Output("world-address", "data"),
        Output("world-period-value", "children"),
        Output("world-wrong", "children"),
        *inputs,
        Input("world-period", "value"),
        Input("world-job", "data"),
        State("world-periods", "data"),
        prevent_initial_call=True,
    )
    def show(
        measure: Any, state: Any, view: Any, item: Any, group: Any, partner: Any, at: Any, _job: Any, when: Any
    ) -> list[Any]:
        nothing = [no_update] * 9
        if not measure or not view or not item or not when:
            return [*nothing, no_update]
        try:
            if view not in data.VIEWS[measure] or item not in data.items(measure):
                return [*nothing, no_update]  # the choices are being changed with the measure
            found = data.periods(measure, item)
            place = int(at) if str(at).isdigit() else -1
            period = found[place] if when["all"] == found and 0 <= place < len(found) else found[-1]
            measure, view, item, period = data.checked(measure, view, item, period)
            grid = data.grid(measure, view, item, period)
            within = data.group_members(group)
            one, two = codes.country(state), codes.country(partner)
        except MultialignError as error:
            return [*nothing, str(error)]
        svg, said = the_map(grid, one, two, measure)
        values = (measure, one, view, item, period, group, two)
        return [
            headline(grid, measure, one, item),
            svg,
            said,
            ranking(grid, one, measure),
            heat(grid, within, measure, one, two),
            pair(measure, view, item, one, two),
            measure != "power",
            address.search(zip(CHOICES, values, strict=True)),
            period,
            "",
        ]

    @app.callback(
        Output("world-partner", "value", allow_duplicate=True),
        Input("world-picked", "data"),
        State("world-state", "value"),
        prevent_initial_call=True,
    )
    def pick(picked: dict[str, Any] | None, state: str) -> Any:
        code = str((picked or {}).get("code", ""))
        return code if code in codes.countries() and code not in (state, "ROW") else no_update

    @app.callback(
        Output("world-state", "value", allow_duplicate=True),
        Output("world-partner", "value", allow_duplicate=True),
        Input({"world": "heat"}, "clickData"),
        prevent_initial_call=True,
    )
    def cell(clicked: dict[str, Any] | None) -> tuple[Any, Any]:
        codes_in = (clicked or {}).get("points", [{}])[0].get("customdata")
        if not codes_in or codes_in[0] == codes_in[1]:
            return no_update, no_update
        return codes_in[0], codes_in[1]

    _reckoning(app, jobs)


def _reckoning(app: Dash, jobs: Jobs) -> None:
    """Power in the background: started, watched, cancelled."""

    @app.callback(
        Output("world-status", "children"),
        Output("world-tick", "disabled"),
        Output("world-cancel", "disabled"),
        Output("world-one", "disabled"),
        Output("world-all", "disabled"),
        Output("world-job", "data"),
        Input("world-one", "n_clicks"),
        Input("world-all", "n_clicks"),
        Input("world-cancel", "n_clicks"),
        Input("world-tick", "n_intervals"),
        Input("world-measure", "value"),
        Input("world-state", "value"),
        State("world-job", "data"),
    )
    def reckon(_1: Any, _2: Any, _3: Any, _4: Any, measure: Any, state: Any, job: Any) -> tuple[Any, ...]:
        from multialign.app.pages.answer import status

        if measure != "power":
            return None, True, True, False, False, no_update
        which = ctx.triggered_id
        keys = (key_of(state), key_of(None))
        try:
            if which == "world-one":
                jobs.start(keys[0], work(codes.country(state)))
            elif which == "world-all":
                jobs.start(keys[1], work(None))
            elif which == "world-cancel":
                for key in keys:
                    jobs.cancel(key)
        except MultialignError as error:
            return html.P(str(error), className="error"), True, True, False, False, no_update
        looked = [jobs.look(k) for k in keys]
        active = next((x for x in looked if x.active), None)
        done = {k: x.state for k, x in zip(keys, looked, strict=True)}
        fresh = done if done != job else no_update
        if active is not None:
            return status(active), False, False, True, True, fresh
        failed = next((x for x in looked if x.state == "failed"), None)
        told: Any = status(failed) if failed else None
        if told is None and not data.has_power(state):
            told = html.P("Not reckoned yet: each pair's trade is stopped in the model, and both losses are exact.")
        return told, True, True, data.has_power(state), data.has_power(None), fresh


def key_of(state: str | None) -> str:
    """One job for each state, and one for all."""
    return f"power {state or 'all'}"


def work(state: str | None) -> Any:
    """The job that reckons power."""

    def run(report: Report) -> int:
        return data.find_power(state, report)

    return run


def choices_in(search: str) -> list[Any]:
    """The choices that an address holds, in the order of `CHOICES`. Raises InputError for one that is not known."""
    given = address.fields(search)
    found = {c: address.first(given, c) for c in CHOICES}
    measure, view, item, period = data.checked(found["measure"], found["view"], found["item"], found["period"])
    state = codes.country(found["state"] or START["state"], field="state")
    partner = codes.country(found["partner"] or START["partner"], field="partner")
    group = found["group"] or START["group"]
    data.group_members(group)
    return [measure, state, view, item, period, group, partner]

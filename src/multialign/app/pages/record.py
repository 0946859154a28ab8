"""Record: what two states have said and done to each other over time, from the series down to the sentence."""

from __future__ import annotations

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update

from multialign.app import address, figures
from multialign.app.layout import attributes, field, graph, table
from multialign.app.pages import record_data as data
from multialign.app.pages.ask import marked_text
from multialign.errors import InputError, MultialignError
from multialign.report import coding
from multialign.report.names import name
from multialign.report.numbers import plain

CHOICES = ("one", "two", "month", "smooth")
SMOOTH = {"1": "1 month", "2": "2 months", "4": "4 months", "8": "8 months"}


def layout() -> list[Any]:
    """The page."""
    actors = [{"label": f"{n} ({c})", "value": c} for c, n in data.actor_names().items()]
    return [
        html.H1("What have they said and done?"),
        html.P(
            "Statements of two states towards each other, month by month: cooperation upwards, conflict downwards. "
            "Choose a month in the chart for its statements, and a statement for the text that it stands in."
        ),
        html.Div(id="record-info"),
        html.Div(
            html.Div(
                [
                    field("One state", dcc.Dropdown(id="record-one", options=actors, placeholder="choose")),
                    field("The other", dcc.Dropdown(id="record-two", options=actors, placeholder="choose")),
                    field(
                        "Month",
                        dcc.Dropdown(id="record-month", options=[], placeholder="all: the strongest statements"),
                    ),
                    field(
                        "Smoothed over",
                        dcc.Dropdown(
                            id="record-smooth",
                            options=[{"label": v, "value": k} for k, v in SMOOTH.items()],
                            value="2",
                            clearable=False,
                            searchable=False,
                        ),
                    ),
                ],
                className="row",
            ),
            className="card form",
        ),
        html.P(id="record-error", className="error", role="alert"),
        html.Div(id="record-series"),
        html.Div(id="record-statements", **attributes({"aria-live": "polite"})),
        html.Div(id="record-document", **attributes({"aria-live": "polite"})),
    ]


def register(app: Dash) -> None:
    """The page is filled when it is first opened; each choice leads one step further down."""

    @app.callback(
        Output("record-info", "children"),
        Output("record-one", "value"),
        Output("record-two", "value"),
        Output("record-month", "value"),
        Output("record-smooth", "value"),
        Output("record-error", "children"),
        Input("url", "pathname"),
        Input("url", "search"),
        Input({"record": "dyad", "pair": ALL}, "n_clicks"),
        State("record-one", "value"),
    )
    def opened(path: str | None, search: str | None, clicked: list[Any], one: str | None) -> list[Any]:
        kept = [no_update] * 4
        if isinstance(ctx.triggered_id, dict):
            if not any(clicked):
                return [no_update, *kept, no_update]
            first, second = str(ctx.triggered_id["pair"]).split(" ")
            return [no_update, first, second, None, no_update, ""]
        if path != "/record":
            return [no_update, *kept, no_update]
        problem, chosen = "", kept
        try:
            if search:
                chosen = choices_in(search)
            about = held(data.info())
        except MultialignError as error:
            problem, about = str(error), missing()
        return [about, *chosen, problem]

    @app.callback(
        Output("record-series", "children"),
        Output("record-month", "options"),
        Output("record-error", "children", allow_duplicate=True),
        Input("record-one", "value"),
        Input("record-two", "value"),
        Input("record-smooth", "value"),
        prevent_initial_call=True,
    )
    def series(one: str | None, two: str | None, smooth: str) -> tuple[Any, Any, str]:
        if not one or not two:
            return None, [], ""
        try:
            a, b = data.actor(one, "one"), data.actor(two, "two")
            dyad = data.series(a, b, float(smooth if smooth in SMOOTH else 2))
        except MultialignError as error:
            return None, [], str(error)
        busy = [m for m in dyad.months if m.cooperation or m.conflict]
        options = [
            {"label": f"{m.month}: {m.cooperation} of cooperation, {m.conflict} of conflict", "value": m.month}
            for m in reversed(busy)
        ]
        figure = figures.record_figure(dyad)
        caption = (
            f"{name(a)} and {name(b)}: statements by month (bars), and smoothed rates per 1,000 documents (lines). "
            f"{dyad.one_to_two:,} from {name(a)}, {dyad.two_to_one:,} from {name(b)}; analysts' views and what is told "
            "of long ago are left out."
        )
        return graph(figure, caption, id="record-chart"), options, ""

    @app.callback(
        Output("record-month", "value", allow_duplicate=True),
        Input("record-chart", "clickData"),
        prevent_initial_call=True,
    )
    def click(clicked: dict[str, Any] | None) -> Any:
        points = (clicked or {}).get("points") or [{}]
        return str(points[0].get("x", ""))[:7] or no_update

    @app.callback(
        Output("record-statements", "children"),
        Output("record-address", "data"),
        Output("record-document", "children"),
        Output("record-error", "children", allow_duplicate=True),
        Input("record-one", "value"),
        Input("record-two", "value"),
        Input("record-month", "value"),
        Input("record-smooth", "value"),
        prevent_initial_call=True,
    )
    def statements(one: str | None, two: str | None, month: str | None, smooth: str) -> tuple[Any, Any, Any, Any]:
        if not one or not two:
            return None, no_update, None, no_update
        try:
            found = data.statements(data.actor(one, "one"), data.actor(two, "two"), month)
        except MultialignError as error:
            return None, no_update, None, str(error)
        here = address.search(zip(CHOICES, (one, two, month, smooth), strict=True))
        return listed(found, month), here, None, ""

    @app.callback(
        Output("record-document", "children", allow_duplicate=True),
        Input({"record": "read", "at": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def read(clicked: list[Any]) -> Any:
        if not isinstance(ctx.triggered_id, dict) or not any(clicked):
            return no_update
        sha, _, statement = str(ctx.triggered_id["at"]).partition(" ")
        try:
            return shown(sha, statement)
        except MultialignError as error:
            return html.P(str(error), className="error")


def choices_in(search: str) -> list[Any]:
    """One, two, month and smoothing in an address. Raises InputError for one that is not known."""
    given = address.fields(search)
    one, two, month, smooth = (address.first(given, c) for c in CHOICES)
    if one is not None or two is not None:
        one, two = data.actor(one, "one"), data.actor(two, "two")
    if month is not None:
        data._days(month)
    if smooth is not None and smooth not in SMOOTH:
        raise InputError(f"'{smooth[:20]}' months", field="smooth", hint=f"one of {', '.join(SMOOTH)}")
    return [one or no_update, two or no_update, month, smooth or "2"]


def held(info: dict[str, Any]) -> html.Div:
    """What the record holds, and the pairs most spoken of as buttons."""
    span = f", {info['first']} to {info['last']}" if info["first"] else ""
    buttons = [
        html.Button(
            f"{name(d['one'])} and {name(d['two'])} ({d['statements']:,})",
            id={"record": "dyad", "pair": f"{d['one']} {d['two']}"},
            className="tiny",
        )
        for d in info["dyads"][:12]
    ]
    return html.Div(
        [
            html.P(
                f"{data.file_name()}: {info['documents']:,} documents{span}; {info['statements']:,} statements, "
                f"{info['offers']:,} offers."
            ),
            html.P(["Most spoken of: ", *buttons], className="chips") if buttons else None,
        ],
        className="card",
    )


def missing() -> html.Div:
    """What to do where there is no record."""
    return html.Div(
        [
            html.P("The record is one file on the server that keeps the readings of many documents."),
            html.P(
                [
                    "Fill it with ",
                    html.Code("multialign record add FOLDER"),
                    " (text, HTML, PDF, DOCX, feeds, tables), and open this page again. Another file is taken with ",
                    html.Code("multialign serve --record FILE"),
                    ".",
                ]
            ),
        ],
        className="card",
    )


def listed(found: list[dict[str, Any]], month: str | None) -> html.Div:
    """The statements, strongest first, each with a way to its text."""
    head = f"Statements of {month}" if month else "The strongest statements of all months"
    if not found:
        return html.Div([html.H2(head), html.P("There is none.")])
    rows = [
        (
            html.Span(s["date"] or "", className="nowrap"),
            f"{name(s['source'])} to {name(s['target'])}",
            str(s["what"]).lower(),
            s["mode"],
            plain(float(s["valence"]), 1, sign=True),
            html.Q(s["text"]),
            html.Button(
                "Read it",
                id={"record": "read", "at": f"{s['sha256']} {s['id']}"},
                className="tiny",
                title=s["document"],
            ),
        )
        for s in found
    ]
    heads = [("Date", False), ("Who to whom", False), ("What", False), ("Mode", False), ("Tone", True)]
    more = f" The first {data.MOST_STATEMENTS} are shown." if len(found) == data.MOST_STATEMENTS else ""
    caption = f"Tone runs from −10 (armed attack) to +10 (aid).{more}"
    return html.Div([html.H2(head), table([*heads, ("Words", False), ("Text", False)], rows, caption=caption)])


def shown(sha256: str, statement: str) -> html.Div:
    """A document of the record with its statements marked, the chosen one coded beside it."""
    found, said = data.document(sha256)
    chosen = next((s for s in said if s.id == statement), None)
    parts: list[Any] = [html.H2(found["title"] or found["name"])]
    about = " · ".join(str(found[k]) for k in ("date", "medium", "origin") if found.get(k))
    if about:
        parts.append(html.P(about, className="hint"))
    if chosen is not None:
        parts.append(
            html.Div(
                [
                    html.P(html.Strong(f"{coding.number(chosen.id)}: {coding.who_does_what(chosen)}")),
                    html.Ul([html.Li(d) for d in coding.details(chosen)]),
                ],
                className="card ask",
            )
        )
    offering = {statement}
    parts.append(html.Div(marked_text(found["text"], said, offering, links=False), className="card"))
    return html.Div(parts)

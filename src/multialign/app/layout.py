"""The shell of the workbench, and the parts that all pages are made of."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, dcc, html

from multialign import __version__
from multialign.report import draw_map
from multialign.report.draw_map import Shades
from multialign.ties.actors import names
from multialign.world import codes
from multialign.world.groups import group_names

PAGES = {"/": "Ask", "/answer": "Answer", "/world": "World", "/record": "Record", "/scenario": "Scenario"}
"""Path -> name in the navigation."""
GRAPH: Any = {"displayModeBar": False, "responsive": True}
ADDRESSES = ("answer-address", "world-address", "record-address", "scenario-address")
"""Stores with the search part of each page's address; the script puts that of the page shown into the address bar."""


def shell(rooms: Sequence[Any]) -> html.Div:
    """The page around the pages, one room for each of `PAGES`. All are present, one is shown: what was typed is not
    lost on the way."""
    links = [dcc.Link(name, href=path, id=_nav(path), className="nav") for path, name in PAGES.items()]
    return html.Div(
        [
            dcc.Location(id="url", refresh="callback-nav"),
            html.A("Skip to the content", href="#content", className="skip"),
            html.Header(
                [
                    html.Div([html.Strong("Multialign"), html.Span(" workbench")], className="brand"),
                    html.Nav(links, **attributes({"aria-label": "Pages"})),
                    html.Div(
                        [
                            html.Span(id="copied", role="status"),
                            html.Button("Copy link", id="copy-link", className="quiet small", title=COPY),
                        ],
                        className="share",
                    ),
                ]
            ),
            html.Main(
                [
                    html.P(id="fault", className="error", role="alert"),
                    *(
                        html.Section(room, id=_room(path), hidden=path != "/")
                        for path, room in zip(PAGES, rooms, strict=True)
                    ),
                    html.Section([html.H1("There is no such page")], id="room-none", hidden=True),
                ],
                id="content",
                tabIndex=-1,
            ),
            html.Footer(
                f"Multialign {__version__}. Base year 2022. Sources: OECD Inter-Country Input-Output tables, "
                "CEPII BACI, Teti's Global Tariff Database, SIPRI, UN votes; map: Natural Earth. "
                "Nothing leaves this server.",
                className="colophon",
            ),
            *(dcc.Store(id=name) for name in ADDRESSES),
            dcc.Store(id="nowhere"),
        ]
    )


COPY = "Copy the address of what is shown: it holds every choice made on this page"


def register(app: Dash) -> None:
    """Show the room that the address names, and keep the address in step with what is chosen there."""

    @app.callback(
        [Output(_room(p), "hidden") for p in PAGES],
        Output("room-none", "hidden"),
        [Output(_nav(p), "className") for p in PAGES],
        Output("fault", "children"),
        Input("url", "pathname"),
    )
    def show(path: str | None) -> list[Any]:
        path = path or "/"
        return [
            *(p != path for p in PAGES),
            path in PAGES,
            *("nav here" if p == path else "nav" for p in PAGES),
            "",
        ]

    def here(name: str) -> ClientsideFunction:
        return ClientsideFunction("workbench", name)

    app.clientside_callback(
        here("address"),
        Output("nowhere", "data"),
        Input("url", "pathname"),
        *(Input(a, "data") for a in ADDRESSES),
    )
    app.clientside_callback(
        here("copy"), Output("nowhere", "data", allow_duplicate=True), Input("copy-link", "n_clicks"),
        prevent_initial_call=True,
    )  # fmt: skip
    app.clientside_callback(
        here("arrive"), Output("nowhere", "data", allow_duplicate=True), Input("url", "pathname"),
        prevent_initial_call="initial_duplicate",
    )  # fmt: skip


def drawing(app: Dash, name: str) -> None:
    """Let the SVG in the store ``{name}-svg`` be drawn in the element `name` (see `picture`)."""
    app.clientside_callback(
        ClientsideFunction("workbench", "draw"),
        Output("nowhere", "data", allow_duplicate=True),
        Input(f"{name}-svg", "data"),
        State(name, "id"),
        prevent_initial_call="initial_duplicate",
    )


def picture(name: str, *, picks: bool = False) -> list[Any]:
    """A place for a drawing of the server's own making, and the store that it comes through."""
    return [html.Div(id=name, className="picture picks" if picks else "picture"), dcc.Store(id=f"{name}-svg")]


def _room(path: str) -> str:
    return f"room-{PAGES[path].lower()}"


def _nav(path: str) -> str:
    return f"nav-{PAGES[path].lower()}"


@cache
def _states() -> tuple[tuple[str, str], ...]:
    return tuple(sorted(names().items(), key=lambda kv: kv[1]))


def state_options(*, union: bool = True) -> list[dict[str, str]]:
    """Options of a picker of states, by name; with the EU as one where asked for."""
    return [{"label": f"{n} ({c})", "value": c} for c, n in _states() if union or c != "EU27"]


def side_options() -> list[dict[str, str]]:
    """Options of a picker of importers or exporters: groups of states first, then states and the rest of the world."""
    sets = [{"label": f"{name} (group {code})", "value": code} for code, name in group_names().items()]
    return [*sets, *state_options(union=False), {"label": "Rest of the world (ROW)", "value": "ROW"}]


def industry_options() -> list[dict[str, str]]:
    """Options of a picker of industries: the groups first, then each industry."""
    groups = [{"label": f"All {g}", "value": g} for g in ("goods", "services", "technology", "energy")]
    return [*groups, *({"label": f"{name} ({code})", "value": code} for code, name in codes.industries().items())]


def field(label: str, control: Any, hint: str = "", wide: bool = False, hidden: bool = False) -> html.Div:
    """A control under its label; the label is tied to it by its id."""
    parts = [html.Label(label, htmlFor=control.id if isinstance(control.id, str) else _dash_id(control.id)), control]
    if hint:
        parts.append(html.Small(hint))
    # A group with the label's name: the picker's button is named by its value alone to those who hear the page.
    group = attributes({"role": "group", "aria-label": label})
    return html.Div(parts, className="field wide" if wide else "field", hidden=hidden, **group)


def _dash_id(given: dict[str, Any]) -> str:
    """The id that Dash writes into the page for a pattern id: its JSON with sorted keys, no blanks."""
    import json

    return json.dumps(given, sort_keys=True, separators=(",", ":"))


def table(
    head: Sequence[tuple[str, bool]],
    rows: Sequence[Sequence[Any]],
    *,
    caption: str,
    ids: Sequence[str] | None = None,
    whole: bool = False,
) -> html.Div:
    """A table; on a narrow screen each row becomes a card, its cells labelled by the head.

    head: for each column its label and whether it holds numbers. ids: an id for each row. whole: whether a long table
    is shown in full rather than in a box that scrolls.
    """
    kinds = ["number" if numeric else "" for _, numeric in head]
    body = []
    for i, row in enumerate(rows):
        cells = [
            html.Td(cell, className=kind, **attributes({"data-label": label}))
            for cell, kind, (label, _) in zip(row, kinds, head, strict=True)
        ]
        body.append(html.Tr(cells, id=ids[i]) if ids else html.Tr(cells))
    return html.Div(
        html.Table(
            [
                html.Caption(caption),
                html.Thead(
                    html.Tr(
                        [html.Th(label, scope="col", className=k) for (label, _), k in zip(head, kinds, strict=True)]
                    )
                ),
                html.Tbody(body),
            ]
        ),
        className="scroll whole" if whole else "scroll",
        tabIndex=0,
    )


def attributes(given: dict[str, str]) -> dict[str, Any]:
    """HTML attributes with hyphens (``aria-label``, ``data-label``) as keyword arguments."""
    return dict(given)


def graph(figure: Any, caption: str, **more: Any) -> html.Figure:
    """A figure with its caption; the caption says in words what is drawn. more: properties of the graph, its id say."""
    shown = dcc.Graph(figure=figure, config=GRAPH, style={"height": f"{figure.layout.height}px"}, **more)
    label = attributes({"role": "group", "aria-label": f"Chart: {caption}"})
    return html.Figure([*key(figure), html.Div(shown, **label), html.Figcaption(caption), savers()], className="card")


def map_key(shades: Shades, unit: str) -> html.Ul:
    """The key of a map as a list, for screens on which that in the drawing is too small to read."""
    items = [html.Li([html.Span(className=f"swatch land-{css}"), label]) for css, label in draw_map.key(shades, unit)]
    return html.Ul(items, className="key narrow-key")


def savers() -> html.Div:
    """Buttons that save the drawing of the figure in which they stand."""
    kinds = [
        html.Button(k.upper(), className="tiny", **attributes({"data-save": k, "aria-label": f"Save as {k.upper()}"}))
        for k in ("svg", "png")
    ]
    return html.Div(["Save as ", *kinds], className="savers")


def key(figure: Any) -> list[html.Ul]:
    """The legend of a figure as a list that wraps, from its traces' names and looks; none for a single trace."""
    if len(figure.data) < 2:
        return []
    items = [html.Li([_swatch(trace), trace.name]) for trace in figure.data if trace.name]
    return [html.Ul(items, className="key")]


def _swatch(trace: Any) -> html.Span:
    """A small picture of how a trace is drawn."""
    if trace.type == "bar":
        shape = {"/": "hatched", ".": "dotted"}.get(trace.marker.pattern.shape, "solid")
        return html.Span(className=f"swatch {shape}", style={"color": trace.marker.color})
    if trace.fill:
        return html.Span(className="swatch solid", style={"color": trace.fillcolor})
    if trace.mode == "markers":
        kinds = {
            "circle-open": "dot",
            "diamond": "diamond",
            "circle": "solid",
            "square": "solid",
            "triangle-up": "solid",
        }
        kind = {**kinds, "cross": "solid"}.get(trace.marker.symbol, "tick")
        return html.Span(className=f"swatch {kind}", style={"color": trace.marker.color or trace.marker.line.color})
    if (trace.line.width or 0) > 6:
        return html.Span(className="swatch solid", style={"color": trace.line.color, "opacity": trace.opacity})
    return html.Span(className=f"swatch {'dash' if trace.line.dash else 'line'}", style={"color": trace.line.color})

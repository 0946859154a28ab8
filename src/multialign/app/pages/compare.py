"""Kept answers: a list of them, and up to four side by side."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State, ctx, dcc, html, no_update

from multialign.app import address, figures
from multialign.app.kept import Entry, Kept
from multialign.app.layout import attributes, field, graph, table
from multialign.errors import MultialignError
from multialign.report import numbers as n
from multialign.report import words
from multialign.report.names import name, spoken
from multialign.respond import Answer

MOST = 4
LISTED = 60


def layout() -> list[Any]:
    """The list, and the place for what is compared."""
    return [
        html.H2("Kept answers"),
        html.P(f"Every answer that is found here is kept on the server. Choose up to {MOST} to compare."),
        html.Div(
            [
                field(
                    "Kept answers to compare",
                    dcc.Dropdown(
                        id="compare-picked", options=[], value=[], multi=True, placeholder="no answer is chosen"
                    ),
                ),
                html.Button("Forget those chosen", id="compare-drop", className="quiet", disabled=True),
            ],
            className="card form",
        ),
        html.Div(id="compare-result", **attributes({"aria-live": "polite"})),
    ]


def register(app: Dash, kept: Kept) -> None:
    """The list follows what is kept; what is chosen stands side by side."""

    @app.callback(
        Output("compare-picked", "options"),
        Output("compare-picked", "value"),
        Input("url", "pathname"),
        Input("url", "search"),
        Input("answer-shown", "data"),
        Input("compare-drop", "n_clicks"),
        State("compare-picked", "value"),
    )
    def listed(path: str | None, search: str | None, _s: Any, _d: Any, picked: list[str] | None) -> tuple[Any, Any]:
        if path != "/answer":
            return no_update, no_update
        picked = picked or []
        if ctx.triggered_id == "compare-drop":
            for name_ in picked:
                kept.drop(str(name_))
            picked = []
        elif ctx.triggered_id in ("url", None) and search:
            try:
                given = address.first(address.fields(search), "compare")
            except MultialignError:
                given = None
            picked = (given or "").split(",") if given else picked
        entries = kept.entries()[:LISTED]
        known = {e.id for e in entries}
        return [{"label": label(e), "value": e.id} for e in entries], [p for p in picked if p in known][:MOST]

    @app.callback(
        Output("compare-result", "children"),
        Output("compare-drop", "disabled"),
        Input("compare-picked", "value"),
    )
    def compare(picked: list[str] | None) -> tuple[Any, bool]:
        found = [(p, kept.get(str(p))) for p in (picked or [])[:MOST]]
        answers = [a for _, a in found if a is not None]
        stale = len(found) - len(answers)
        parts: list[Any] = []
        if stale:
            parts.append(html.P(f"{stale} of those chosen cannot be read by this version; find them again."))
        if answers:
            parts.append(side_by_side(answers))
        return parts, not picked


def label(e: Entry) -> str:
    """One line for a kept answer."""
    domains = "all domains" if len(e.domains) == 5 else n.joined(list(e.domains))
    when = e.saved[:16].replace("T", " ")
    return f"{name(e.focal)} and {name(e.offerer)}, {name(e.third)} looks on; {domains}; {e.level}; {when}"


def heading(a: Answer) -> str:
    """What an answer is about, in a few words."""
    q = a.question
    return f"{name(q.focal)} and {name(q.offerer)} ({name(q.third)} looks on)"


def side_by_side(answers: list[Answer]) -> html.Div:
    """Headlines, depths and worth of some answers, a column each."""
    heads = [f"{chr(65 + k)}: {heading(a)}" for k, a in enumerate(answers)]
    cards = [
        html.Div([html.H3(h), html.P(words.headline(a)[0], className="strong"), html.P(words.headline(a)[1])])
        for h, a in zip(heads, answers, strict=True)
    ]
    domains = list(answers[0].depth)
    rows: list[tuple[Any, ...]] = []
    for d in domains:
        rows.append((f"Best depth: {d}", *(_depth(a, d) for a in answers)))
    for key in ("cut", "answer", "all"):
        for role, who in (("focal", "state that answers"), ("offerer", "power that offers"), ("third", "third power")):
            label_ = f"{words.ANSWERS[key].capitalize()}: worth to the {who}"
            rows.append((label_, *(_worth(a, key, role) for a in answers)))
    for key in ("answer", "all"):
        rows.append(
            (
                f"Reply to {words.ANSWERS[key]}, as the extra tariff that costs as much",
                *(_reply(a, key) for a in answers),
            )
        )
    rows.append(("Draws, seed, base year", *(f"{a.draws:,}, {a.seed}, {a.year}" for a in answers)))
    rows.append(("Elasticity sets", *(", ".join(a.elasticity_sets) for a in answers)))
    columns = [("", False), *((h, True) for h in heads)]
    caption = "Medians with 80 % bands; worth in % of real income a year against staying as today."
    figure = figures.compare_figure([(chr(65 + k), a) for k, a in enumerate(answers)])
    parts: list[Any] = [html.Div(cards, className="grid columns")]
    if len(answers) > 1:
        said = n.joined([f"{chr(65 + k)} is {spoken(a.question.focal)}'s answer" for k, a in enumerate(answers)])
        parts.append(graph(figure, f"Best depth by domain with 80 % bands, and today's (diamond). {n.sentence(said)}"))
    return html.Div([*parts, table(columns, rows, caption=caption, whole=True)])


def _depth(a: Answer, domain: str) -> str:
    x = a.depth.get(domain)
    if x is None or not x.known:
        return "no data"
    return f"{x.median:.2f} ({x.low:.2f} to {x.high:.2f}); today {x.today:.2f}"


def _worth(a: Answer, key: str, role: str) -> str:
    choice = a.payoffs.get(key)
    party = next((p for p in choice.payoffs if p.role == role), None) if choice else None
    return n.percent_band(party.total) if party else ""


def _reply(a: Answer, key: str) -> str:
    choice = a.payoffs.get(key)
    return n.banded(choice.reply, unit=" points") if choice else ""

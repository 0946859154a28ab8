"""What the World page shows of a grid: sentence, map, ranking, matrix and pair."""

from __future__ import annotations

import itertools
import math
from typing import Any

import plotly.graph_objects as go
from dash import dcc, html

from multialign.app import figures
from multialign.app.layout import GRAPH, attributes, graph, map_key, savers, table
from multialign.app.pages import world_data as data
from multialign.report import draw_map
from multialign.report import numbers as n
from multialign.report.names import name, spoken
from multialign.ties.actors import actor
from multialign.ties.tariffs import tariffs_between
from multialign.world.refresh import own_world

TOP = 20


def said(value: float, unit: str) -> str:
    """A figure with its unit: '12 %', 'USD 3.4 billion', '1.20'."""
    if unit == "%":
        return n.percent(value)
    if unit == "million USD":
        return n.usd(value)
    if unit:
        return f"{n.number(value)} {unit}"
    return n.plain(value, 2)


def headline(grid: data.Grid, measure: str, state: str, item: str) -> html.Div:
    """Who stands first, in a sentence."""
    row = grid.row(state)
    me = spoken(state)
    parts = f", {data.items(measure)[item]}" if item != "all" else ""
    head = f"{data.MEASURES[measure]}{parts}, {grid.period}: {grid.of}"
    if not row:
        told = f"Nothing is known of {me} here yet."
    else:
        near = measure == "diplomacy"
        best = sorted(row, key=lambda c: row[c] if near else -row[c])[:3]
        listed = n.joined([f"{spoken(c)} ({said(row[c], grid.unit)})" for c in best])
        told = f"{'Nearest to' if near else 'First for'} {me}: {listed}."
    return html.Div([html.H2(head), html.P(told, className="headline")], className="card ask")


def the_map(grid: data.Grid, state: str, partner: str, measure: str) -> tuple[str, list[Any]]:
    """The map of a state's partners as an SVG, and what stands below it."""
    row = grid.row(state)
    unit = grid.unit
    values = {k: v / 1000.0 for k, v in row.items()} if unit == "million USD" else row
    shades = draw_map.one_sided(values.values())
    svg = draw_map.world_map(
        values,
        uid="the-world-map",
        title=f"{data.MEASURES[measure]}: {grid.of}, seen from {name(state)}, {grid.period}",
        shades=shades,
        said=lambda v: said(v * 1000.0 if unit == "million USD" else v, unit),
        unit="billion USD" if unit == "million USD" else unit,
        width=1000.0,
        outlined={state: "seen from here", partner: "the partner chosen"},
        live=True,
    )
    caption = (
        f"{name(state)} and its partners, {grid.period}. Point at a country for its figure; click it to take it as "
        f"the partner. Source: {grid.source}. {draw_map.BOUNDARIES}"
    )
    return svg, [map_key(shades, "billion USD" if unit == "million USD" else unit), caption]


def ranking(grid: data.Grid, state: str, measure: str) -> html.Div:
    """The partners that come first, as bars and as a table."""
    row = grid.row(state)
    if not row:
        return html.Div()
    near = measure == "diplomacy"
    order = sorted(row, key=lambda c: row[c] if near else -row[c])
    top = order[:TOP]
    unit = grid.unit or "distance (0 = alike)"
    figure = figures.ranked_figure([row[c] for c in top], [name(c) for c in top], unit=f"{grid.of}, {unit}")
    caption = f"The {len(top)} states that are {'nearest to' if near else 'first for'} {spoken(state)}, {grid.period}."
    rows = [(str(k), f"{name(c)} ({c})", said(row[c], grid.unit)) for k, c in enumerate(order, start=1)]
    whole = table([("Rank", True), ("State", False), (grid.of.capitalize(), True)], rows, caption=grid.source)
    return html.Div([graph(figure, caption), html.Details([html.Summary("All partners as a table"), whole])])


def heat(grid: data.Grid, within: list[str], measure: str, state: str, partner: str) -> html.Figure:
    """The matrix of a group's pairs as a heat map; a click on a cell takes that pair."""
    part = grid.values.loc[within, within]
    flat = [float(v) for v in part.to_numpy().ravel() if math.isfinite(v) and v > 0]
    shades = draw_map.one_sided(flat)
    steps = [
        [None if not math.isfinite(v) else float(sum(v >= b for b in shades.breaks)) for v in line]
        for line in part.to_numpy()
    ]
    texts = [["" if not math.isfinite(v) else said(float(v), grid.unit) for v in line] for line in part.to_numpy()]
    pairs = [[[a, b] for b in within] for a in within]
    figure = go.Figure(
        go.Heatmap(
            z=steps,
            x=within,
            y=within,
            text=texts,
            customdata=pairs,
            colorscale="Cividis",
            zmin=0,
            zmax=max(len(shades.breaks), 1),
            showscale=False,
            xgap=1,
            ygap=1,
            hoverongaps=False,
            hovertemplate="%{customdata[0]} to %{customdata[1]}: %{text}<extra></extra>",
        )
    )
    height = max(300, min(22 * len(within) + 90, 1100))
    figures.frame(figure, x="partner", y="", height=height)
    dense = len(within) > 45
    axis = {"tickfont": {"size": 8 if dense else 11}, "showgrid": False, "dtick": 1, "title": None}
    figure.update_xaxes(**axis, side="top", tickangle=-90)
    figure.update_yaxes(**axis, autorange="reversed")
    key = _steps(shades.breaks, grid.unit)
    caption = (
        f"{grid.of.capitalize()}, {grid.period}: each row a state, each column its partner. Point at a cell for its "
        f"figure, click it to look at the pair.{' Pairs not reckoned yet are empty.' if grid.partial else ''} "
        f"Source: {grid.source}."
    )
    label = attributes({"role": "group", "aria-label": f"Matrix: {grid.of}"})
    shown = dcc.Graph(id={"world": "heat"}, figure=figure, config=GRAPH, style={"height": f"{height}px"})
    wide = html.Div(html.Div(shown, style={"minWidth": f"{14 * len(within) + 60}px"}), className="sideways", **label)
    return html.Figure([key, wide, html.Figcaption(caption), savers()], className="card")


CIVIDIS = ("#00224e", "#2a3f6d", "#575d6d", "#7d7c78", "#a59c74", "#d3c164", "#fee838")


def _steps(breaks: tuple[float, ...], unit: str) -> html.Ul:
    """The key of the matrix."""
    scale = 1000.0 if unit == "million USD" else 1.0
    shown = "billion USD" if unit == "million USD" else unit

    def of(value: float) -> str:
        return n.plain(value / scale, n.decimals(value / scale, digits=1, most=6))

    labels = [f"under {of(breaks[0])} {shown}"]
    labels += [f"{of(a)} to {of(b)}" for a, b in itertools.pairwise(breaks)]
    labels.append(f"{of(breaks[-1])} or more")
    last = len(labels) - 1
    items = []
    for k, label in enumerate(labels):
        colour = CIVIDIS[round(k * (len(CIVIDIS) - 1) / max(last, 1))]
        items.append(html.Li([html.Span(className="swatch solid", style={"color": colour}), label]))
    return html.Ul(items, className="key")


def pair(measure: str, view: str, item: str, one: str, two: str) -> html.Div:
    """Two states: both directions over time where there is time, and where they stand in every measure."""
    if one == two:
        return html.Div([html.H2("The pair"), html.P("Choose a partner other than the state itself.")])
    parts: list[Any] = [html.H2(f"{name(one)} and {name(two)}")]
    there = data.history(measure, view, item, one, two)
    back = data.history(measure, view, item, two, one)
    unit = data.grid(measure, view, item, data.periods(measure, item)[-1]).unit
    if len(there) > 1 or len(back) > 1:
        lines = [(name(one) if measure != "diplomacy" else "the two", there)]
        if measure != "diplomacy":
            lines.append((name(two), back))
        axis = f"{data.VIEWS[measure][view]}, {unit}" if unit else data.VIEWS[measure][view]
        figure = figures.lines_figure(lines, y=axis)
        what = data.MEASURES[measure] + (f", {data.items(measure)[item]}" if item != "all" else "")
        parts.append(graph(figure, f"{what}: {data.VIEWS[measure][view]}, each seen from its own side."))
    parts.append(_standing(one, two))
    return html.Div(parts)


def _standing(one: str, two: str) -> html.Div:
    """One line for each measure, both directions."""
    rows = []
    for measure in ("trade", "energy", "arms", "technology"):
        when = data.periods(measure, "all")[-1]
        for view, label in data.FLOWS.items():
            grid = data.grid(measure, view, "all", when)
            rows.append((data.MEASURES[measure], label, *_both(grid, one, two), when))
    when = data.periods("diplomacy", "all")[-1]
    votes = data.grid("diplomacy", "distance", "all", when)
    rows.append((data.MEASURES["diplomacy"], "distance of ideal points", *_both(votes, one, two), when))
    levied, faced = tariffs_between(actor(one), actor(two), own_world())
    rows.append(
        (data.MEASURES["tariffs"], "tariff it levies, by trade", _pct(levied.weighted), _pct(faced.weighted),
         str(levied.year))
    )  # fmt: skip
    if levied.added is not None or faced.added is not None:
        month = levied.added_month or faced.added_month or ""
        rows.append((data.MEASURES["tariffs"], "further duty since", _pct(levied.added), _pct(faced.added), month))
    rows.append(
        (data.MEASURES["power"], "what it loses itself", *_both(data.power_grid("own"), one, two), data.world_year())
    )
    heads = [("Measure", False), ("Side", False), (name(one), True), (name(two), True), ("Period", False)]
    caption = "Each seen from its own side; blank where nothing is known or reckoned. "
    caption += "TIV is SIPRI's trend-indicator value: it counts what arms can do, not what they cost."
    return table(heads, rows, caption=caption, whole=True)


def _both(grid: data.Grid, one: str, two: str) -> tuple[str, str]:
    return tuple(  # type: ignore[return-value]
        said(float(v), grid.unit) if math.isfinite(v) else ""
        for v in (grid.values.at[one, two], grid.values.at[two, one])
    )


def _pct(value: float | None) -> str:
    return "" if value is None else n.percent(value)

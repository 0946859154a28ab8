"""Plotly figures from answers and solutions. Every axis says what it measures and in which unit.

Colours follow Okabe & Ito (2008), which people with any common colour blindness can tell apart; backgrounds are clear
and the style sheet colours text and grid, so that one figure serves light and dark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from multialign.reading.record.series import Dyad
from multialign.report.names import with_names
from multialign.report.numbers import banded, decimals, percent_band, plain, usd
from multialign.report.svg import ticks
from multialign.respond.model import Answer, Band, Choice, Payoff

BLUE, ORANGE, GREEN, RED, SKY, PINK = "#3B8BC9", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7"
GREY = "#7A828C"
TERMS = {"income": (BLUE, ""), "tie": (ORANGE, ""), "autonomy": (PINK, "."), "reaction": (RED, "/")}
"""Colour and hatching of each term of a payoff."""
INK = {"color": "#FFFFFF", "line": {"color": "#20262E", "width": 2}}
"""A marker that shows on light and on dark."""


def frame(figure: go.Figure, *, x: str, height: int, y: str = "") -> go.Figure:
    """The looks that all figures share. Axes of names (countries, domains, choices) have no title and no unit.

    The legend is not plotly's, which takes the room of the plot on a phone: the page writes it (see `layout.key`).
    """
    axis: dict[str, Any] = {
        "fixedrange": True,
        "automargin": True,
        "zeroline": False,
        "gridcolor": "rgba(128,128,128,0.25)",
    }
    figure.update_layout(
        height=height,
        margin={"l": 8, "r": 14, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"family": "system-ui, sans-serif", "size": 13},
        showlegend=False,
        hoverlabel={"font": {"family": "system-ui, sans-serif", "size": 13}},
        dragmode=False,
    )
    figure.update_xaxes(title={"text": _folded(x, 32), "font": {"size": 13}}, **axis)
    figure.update_yaxes(title={"text": y, "font": {"size": 13}} if y else None, **axis)
    return figure


def depth_figure(answer: Answer) -> go.Figure:
    """How far to go in each domain: 80 % band, median, and where the tie stands today."""
    domains = list(answer.depth)
    rows = [answer.depth[d] for d in domains]
    figure = go.Figure()
    for d, r in zip(domains, rows, strict=True):
        figure.add_scatter(
            x=[r.low, r.high],
            y=[d, d],
            mode="lines",
            line={"color": BLUE, "width": 12},
            opacity=0.45,
            name="80 % of the draws" if d == domains[0] else None,
            hoverinfo="skip",
        )
    hover = [
        f"{d}: best {banded(Band(median=r.median, low=r.low, high=r.high))}"
        f"<br>today {r.today:.2f}, at most {r.most:.2f}"
        for d, r in zip(domains, rows, strict=True)
    ]
    marks = (
        (
            "most that can be served",
            [r.most for r in rows],
            {"symbol": "line-ns", "size": 18, "line": {"color": GREY, "width": 3}},
        ),
        (
            "best (median)",
            [r.median for r in rows],
            {"symbol": "circle-open", "size": 17, "color": BLUE, "line": {"width": 4}},
        ),
        ("today", [r.today for r in rows], {"symbol": "diamond", "size": 9, **INK}),
    )
    for label, x, marker in marks:
        figure.add_scatter(
            x=x,
            y=domains,
            mode="markers",
            marker=marker,
            name=label,
            text=hover,
            hovertemplate="%{text}<extra></extra>",
        )
    frame(figure, x="depth (0 cut, 1 without limits)", height=60 + 48 * len(domains))
    figure.update_xaxes(range=[-0.03, 1.05], dtick=0.2)
    figure.update_yaxes(autorange="reversed")
    return figure


def payoff_figure(answer: Answer, party: str) -> go.Figure:
    """What each possible answer is worth to one party: its terms stacked, the sum with its 80 % band on top."""
    found = [(choice, _payoff(choice, party)) for choice in answer.payoffs.values()]
    names = [choice.name for choice, _ in found]
    parties = answer.question.parties
    figure = go.Figure()
    for k, term in enumerate(found[0][1].terms):
        terms = [payoff.terms[k] for _, payoff in found]
        colour, hatching = TERMS.get(term.name, (GREY, "x"))
        money = [f" = {usd(t.musd.median, sign=True)} a year" if t.musd else "" for t in terms]
        figure.add_bar(
            x=[t.pct.median for t in terms],
            y=names,
            orientation="h",
            name=with_names(term.label, parties),
            marker={"color": colour, "pattern": {"shape": hatching, "solidity": 0.35}},
            text=[f"{percent_band(t.pct)}{m}" for t, m in zip(terms, money, strict=True)],
            textposition="none",
            hovertemplate=term.label + ": %{text}<extra>%{y}</extra>",
        )
    totals = [payoff.total for _, payoff in found]
    figure.add_scatter(
        x=[t.median for t in totals],
        y=names,
        mode="markers",
        marker={"symbol": "diamond", "size": 10, **INK},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [t.high - t.median for t in totals],
            "arrayminus": [t.median - t.low for t in totals],
            "color": GREY,
            "thickness": 2,
        },
        name="sum, with 80 % band",
        text=[percent_band(t) for t in totals],
        hovertemplate="sum: %{text}<extra>%{y}</extra>",
    )
    figure.update_layout(barmode="relative", bargap=0.35)
    frame(
        figure,
        x="% of real income a year",
        height=70 + 44 * len(names),
    )
    figure.add_vline(x=0, line={"color": GREY, "width": 1})
    figure.update_yaxes(autorange="reversed")
    return figure


def _payoff(choice: Choice, party: str) -> Payoff:
    return next(p for p in (*choice.payoffs, *choice.others) if p.party == party)


def break_even_figure(answer: Answer, third: str) -> go.Figure | None:
    """The discount on crude that pays for the third power's extra tariff; None where no discount up to the
    whole price could, or there is no crude between them."""
    b = answer.break_even
    points = [p for p in b.points if p.discount_pct.median <= 100.0] if b is not None else []
    if b is None or not points:
        return None
    x = [p.tariff_points for p in points]
    usd_band = [p.usd_per_barrel for p in points]
    figure = go.Figure()
    figure.add_scatter(
        x=[*x, *x[::-1]],
        y=[*(u.high for u in usd_band), *(u.low for u in usd_band[::-1])],
        fill="toself",
        mode="lines",
        line={"width": 0},
        fillcolor="rgba(59,139,201,0.3)",
        name="80 % of the draws",
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=x,
        y=[u.median for u in usd_band],
        mode="lines+markers",
        line={"color": BLUE, "width": 3},
        name="discount that just pays (median)",
        text=[f"USD {banded(p.usd_per_barrel)} a barrel<br>{banded(p.discount_pct)} % of the price" for p in points],
        hovertemplate="tariff of %{x:.0f} points: %{text}<extra></extra>",
    )
    if b.today is not None and b.today > 0:
        figure.add_scatter(
            x=[x[0], x[-1]],
            y=[b.today, b.today],
            mode="lines",
            line={"color": ORANGE, "width": 3, "dash": "dash"},
            name=f"discount in {b.year}",
            hovertemplate="USD %{y:.1f} a barrel<extra></extra>",
        )
    frame(figure, x=f"extra tariff of {third}, percentage points", y="discount, USD a barrel", height=380)
    figure.update_yaxes(rangemode="tozero")
    return figure


def cause_figure(answer: Answer) -> go.Figure:
    """Which unknown moves the answer: the share of the answer's variance that each explains alone."""
    who = answer.question.parties
    figure = go.Figure(
        go.Bar(
            x=[100 * c.variance_share for c in answer.causes],
            y=[_folded(with_names(c.label, who)) for c in answer.causes],
            orientation="h",
            marker={"color": BLUE},
            text=[
                f"mean depth {c.when_low:.2f} ({c.low_means}) to {c.when_high:.2f} ({c.high_means})"
                for c in answer.causes
            ],
            textposition="none",
            hovertemplate="%{x:.0f} %: %{text}<extra></extra>",
        )
    )
    frame(
        figure,
        x="share of variance, %",
        height=70 + 56 * len(answer.causes),
    )
    figure.update_xaxes(range=[0, 100])
    figure.update_yaxes(autorange="reversed")
    return figure


def country_figure(values: Mapping[str, float], names: Mapping[str, str], *, unit: str, top: int = 16) -> go.Figure:
    """The countries that change most, from the largest gain to the largest loss.

    values: by ISO3. unit: the axis title, unit included. Gains and losses differ in hatching too.
    """
    most = sorted(values, key=lambda c: -abs(values[c]))[:top]
    shown = sorted(most, key=lambda c: -values[c])
    figure = go.Figure(
        go.Bar(
            x=[values[c] for c in shown],
            y=[names.get(c, c) for c in shown],
            orientation="h",
            marker={
                "color": [BLUE if values[c] >= 0 else RED for c in shown],
                "pattern": {"shape": ["" if values[c] >= 0 else "/" for c in shown], "solidity": 0.35},
            },
            hovertemplate="%{y}: %{x:+,.4g}<extra></extra>",
        )
    )
    frame(figure, x=unit, height=80 + 26 * len(shown))
    if any(len(names.get(c, c)) > 22 for c in shown):  # long names leave a phone little room for the axis
        figure.update_xaxes(title={"text": _folded(unit, 12)})
    figure.add_vline(x=0, line={"color": GREY, "width": 1})
    figure.update_xaxes(separatethousands=True, exponentformat="none", nticks=5)
    figure.update_yaxes(autorange="reversed", dtick=1)
    return figure


def compare_figure(answers: Sequence[tuple[str, Answer]]) -> go.Figure:
    """The best depths of some answers, side by side in each domain. answers: short name and answer."""
    figure = go.Figure()
    colours = (BLUE, ORANGE, GREEN, PINK)
    domains = list(answers[0][1].depth)
    step = 0.8 / len(answers)
    for k, (label, a) in enumerate(answers):
        rows = [a.depth[d] for d in domains if d in a.depth]
        at = [j - 0.4 + step * (k + 0.5) for j, d in enumerate(domains) if d in a.depth]
        figure.add_scatter(
            x=[r.median for r in rows],
            y=at,
            mode="markers",
            name=label,
            marker={"color": colours[k], "size": 11, "symbol": ("circle", "square", "triangle-up", "cross")[k]},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [r.high - r.median for r in rows],
                "arrayminus": [r.median - r.low for r in rows],
                "color": colours[k],
                "thickness": 3,
            },
            text=[
                f"{label}, {d}: {r.median:.2f} ({r.low:.2f} to {r.high:.2f})"
                for d, r in zip(domains, rows, strict=False)
            ],
            hovertemplate="%{text}<extra></extra>",
        )
        figure.add_scatter(
            x=[r.today for r in rows],
            y=at,
            mode="markers",
            name="today" if k == 0 else None,
            marker={"symbol": "diamond", "size": 8, **INK},
            hovertemplate="today: %{x:.2f}<extra></extra>",
        )
    frame(figure, x="depth (0 cut, 1 without limits)", height=70 + len(domains) * (26 + 18 * len(answers)))
    figure.update_xaxes(range=[-0.03, 1.05], dtick=0.2)
    figure.update_yaxes(autorange="reversed", tickvals=list(range(len(domains))), ticktext=domains)
    return figure


def ranked_figure(values: Sequence[float], names: Sequence[str], *, unit: str) -> go.Figure:
    """Bars in the order given. unit: the axis title, unit included."""
    figure = go.Figure(
        go.Bar(
            x=list(values),
            y=list(names),
            orientation="h",
            marker={"color": BLUE},
            hovertemplate="%{y}: %{x:,.4g}<extra></extra>",
        )
    )
    frame(figure, x=unit, height=80 + 24 * len(names))
    figure.update_xaxes(separatethousands=True, exponentformat="none", nticks=6, rangemode="tozero")
    figure.update_yaxes(autorange="reversed", dtick=1)
    return figure


def lines_figure(lines: Sequence[tuple[str, Sequence[tuple[str, float]]]], *, y: str) -> go.Figure:
    """Lines over periods, told apart by colour, dash and mark. lines: name, (period, value) pairs."""
    figure = go.Figure()
    looks = ((ORANGE, "solid", "circle"), (BLUE, "dash", "square"), (GREEN, "dot", "diamond"), (PINK, "dashdot", "x"))
    for (label, points), (colour, dash, mark) in zip(lines, looks, strict=False):
        figure.add_scatter(
            x=[p for p, _ in points],
            y=[v for _, v in points],
            mode="lines+markers",
            name=label,
            line={"color": colour, "dash": dash, "width": 3},
            marker={"symbol": mark, "size": 7},
            hovertemplate="%{x}: %{y:,.4g}<extra>" + label + "</extra>",
        )
    order = sorted({p for _, points in lines for p, _ in points})
    frame(figure, x="", y=_folded(y, 40), height=340)
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=order, nticks=8, title=None)
    figure.update_yaxes(rangemode="tozero", separatethousands=True, exponentformat="none")
    return figure


def record_figure(dyad: Dyad) -> go.Figure:
    """Statements of two states by month: cooperation upwards, conflict downwards; counts as bars, rates as lines."""
    months = [m.month for m in dyad.months]
    figure = go.Figure()
    for label, counts, sign, colour, shape in (
        ("cooperation, statements", [m.cooperation for m in dyad.months], 1, GREEN, ""),
        ("conflict, statements", [m.conflict for m in dyad.months], -1, RED, "/"),
    ):
        figure.add_bar(
            x=months,
            y=[sign * c for c in counts],
            name=label,
            marker={"color": colour, "opacity": 0.55, "pattern": {"shape": shape, "solidity": 0.35}},
            customdata=[[c, m.documents] for c, m in zip(counts, dyad.months, strict=True)],
            hovertemplate="%{x}: %{customdata[0]} in %{customdata[1]:,} documents<extra>" + label + "</extra>",
        )
    for label, rates, sign, colour in (
        ("cooperation per 1,000 documents, smoothed", [m.cooperation_rate for m in dyad.months], 1, GREEN),
        ("conflict per 1,000 documents, smoothed", [m.conflict_rate for m in dyad.months], -1, RED),
    ):
        figure.add_scatter(
            x=months,
            y=[None if r is None else sign * r for r in rates],
            yaxis="y2",
            mode="lines",
            name=label,
            line={"color": colour, "width": 3},
            hoverinfo="skip",
        )
    frame(figure, x="", y="statements", height=380)
    figure.update_layout(
        barmode="overlay",
        bargap=0.05,
        yaxis2={"overlaying": "y", "side": "right", "showgrid": False, "zeroline": False, "fixedrange": True,
                "nticks": 7, "title": {"text": "per 1,000 documents", "font": {"size": 13}}},
    )  # fmt: skip
    count = max([1, *(m.cooperation for m in dyad.months), *(m.conflict for m in dyad.months)])
    rate = max([1e-9, *(abs(r) for m in dyad.months for r in (m.cooperation_rate, m.conflict_rate) if r is not None)])
    # Each side has round numbers of its own; below zero they read as above, as both are counted away from it.
    for axis, most, step in (("yaxis", count, max(1, round(count / 4))), ("yaxis2", rate, ticks(0.0, rate, 4)[1])):
        marks = [k * step for k in range(int(1.05 * most / step) + 1)]
        places = decimals(step, digits=1)
        figure.update_layout(
            {
                axis: {
                    "range": [-1.05 * most, 1.05 * most],
                    "tickvals": [*(-m for m in marks[:0:-1]), *marks],
                    "ticktext": [plain(m, places) for m in (*marks[:0:-1], *marks)],
                }
            }
        )
    figure.update_xaxes(type="date", title=None, tickformat="%b %Y", nticks=8)
    return figure


def _folded(text: str, width: int = 24) -> str:
    """A label broken into lines for the margin of a figure."""
    lines: list[str] = []
    words: Sequence[str] = text.split()
    for word in words:
        if lines and len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return "<br>".join(lines)

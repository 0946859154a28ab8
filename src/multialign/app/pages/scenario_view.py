"""What the Scenario page shows of an outcome: sentence, map, bars and table."""

from __future__ import annotations

from typing import Any

from dash import html

from multialign.app import figures
from multialign.app.layout import graph, map_key, table
from multialign.app.pages.scenario_data import Outcome
from multialign.report import draw_map
from multialign.report import numbers as n
from multialign.report.names import spoken
from multialign.world import codes

VISIBLE = 0.0005
"""Per cent of real income below which a change is shown as none."""


def map_of(outcome: Outcome) -> tuple[str, list[Any]]:
    """The map of gains and losses as an SVG, and what stands below it."""
    values = {str(c): float(v) for c, v in outcome.table["welfare_pct"].items() if c != "ROW"}
    shades = draw_map.two_sided(values.values(), VISIBLE)
    svg = draw_map.world_map(
        values,
        uid="the-scenario-map",
        title=f"Real income under '{outcome.scenario.name}', % against 2022",
        shades=shades,
        said=lambda v: n.percent(v, sign=True),
        unit="%",
        width=1000.0,
    )
    return svg, [map_key(shades, "%"), f"Change of real income, % against 2022. {draw_map.BOUNDARIES}"]


def view(outcome: Outcome) -> tuple[html.Div, html.Div]:
    """The sentences above the map, and the figures and table below it."""
    t = outcome.table
    states = t.drop(index="ROW", errors="ignore")
    world = float(t["welfare_musd"].sum())
    best, worst = states["welfare_pct"].idxmax(), states["welfare_pct"].idxmin()
    said = []
    if states.loc[best, "welfare_pct"] > VISIBLE:
        said.append(f"{spoken(str(best))} gains most ({n.percent(float(states.loc[best, 'welfare_pct']), sign=True)})")
    if states.loc[worst, "welfare_pct"] < -VISIBLE:
        said.append(
            f"{spoken(str(worst))} loses most ({n.percent(float(states.loc[worst, 'welfare_pct']), sign=True)})"
        )
    finding = n.sentence(n.joined(said)) if said else "No country would notice."
    head = html.Div(
        [
            html.H2(outcome.scenario.name),
            html.P(finding, className="headline"),
            html.P(
                f"The world as a whole: {n.usd(world, sign=True)} a year. Solved in {outcome.steps} steps; no "
                f"equation misses by more than {outcome.residual:.0e}."
            ),
        ],
        className="card ask",
    )
    names = t["name"].to_dict()
    rest: list[Any] = [
        html.Div(
            [
                graph(
                    figures.country_figure(t["welfare_pct"].to_dict(), names, unit="real income, % against 2022"),
                    "The sixteen countries whose real income changes most, in per cent.",
                ),
                graph(
                    figures.country_figure(t["welfare_musd"].to_dict(), names, unit="real income, million USD a year"),
                    "The sixteen countries whose real income changes most, in money (equivalent variation).",
                ),
            ],
            className="grid two",
        ),
        html.H2("All countries"),
        _countries(outcome),
    ]
    return head, html.Div(rest)


def industries_of(outcome: Outcome, country: str) -> html.Figure:
    """The industries of a country whose production changes most."""
    row = {str(k): float(v) for k, v in outcome.output.loc[country].dropna().items()}
    names = {k: f"{v[:22].rstrip()}{'…' if len(v) > 22 else ''} ({k})" for k, v in codes.industries().items()}
    figure = figures.country_figure(row, names, unit="volume produced, % against 2022")
    return graph(figure, f"The sixteen industries of {spoken(country)} whose production changes most.")


def _countries(outcome: Outcome) -> html.Div:
    t = outcome.table
    order = t["welfare_musd"].abs().sort_values(ascending=False).index
    shares = ("terms_of_trade_pct", "volume_of_trade_pct", "wage_pct", "price_index_pct")
    rows = [
        (
            f"{r['name']} ({c})",
            n.number(float(r["welfare_pct"]), sign=True),
            n.plain(float(r["welfare_musd"]), 0, sign=True),
            *(n.number(float(r[k]), sign=True) for k in shares),
        )
        for c, r in t.loc[order].iterrows()
    ]
    head = ["Real income, %", "Million USD a year", "Terms of trade, %", "Volume of trade, %", "Wage, %", "Prices, %"]
    return table(
        [("Country", False), *((h, True) for h in head)],
        rows,
        caption="By size of the change in money. Terms and volume of trade: first-order split. Wages and "
        "prices: against the world's labour income.",
    )

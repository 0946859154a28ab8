"""Scenario: instruments composed by hand, solved, and taken away as files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update

from multialign.app import figures
from multialign.app.layout import attributes, field, graph, industry_options, state_options, table
from multialign.app.pages.scenario_data import (
    FIELDS,
    MAX_ROWS,
    Outcome,
    Row,
    rows_of,
    scenario_of,
    slug,
    solved,
    to_csv,
    to_yaml,
)
from multialign.errors import MultialignError
from multialign.report.numbers import number, plain, usd
from multialign.world.load import elasticity_sets

KINDS = {
    "tariff": "Tariff",
    "export_tax": "Export tax",
    "friction": "Friction",
    "embargo": "Embargo",
    "discount": "Discount",
}
SIZES = (
    "Size: for tariffs and export taxes, percentage points on top of 2022; for friction, how much dearer delivery "
    "becomes; for a discount, the part of the price that the exporter gives up. An embargo needs none."
)
START: Row = {"kind": "tariff", "importers": ["USA"], "exporters": ["IND"], "industries": ["goods"], "size": 25}
EMPTY: Row = {"kind": "tariff", "importers": [], "exporters": [], "industries": [], "size": 10}


def layout() -> list[Any]:
    """The page."""
    sets = [{"label": "median of the published sets", "value": "median"}, *elasticity_sets()]
    return [
        html.H1("What if?"),
        html.P(
            "Put instruments together and solve the world economy: 80 countries and the rest of the world, 50 "
            "industries, base year 2022. An empty list means everybody, or everything."
        ),
        html.Div(
            [
                html.Div(
                    [
                        field("Name", dcc.Input(id="scenario-name", value="US tariff on India", maxLength=200)),
                        field(
                            "Trade elasticities",
                            dcc.Dropdown(id="scenario-elasticities", options=sets, value="median", clearable=False),
                        ),
                        field(
                            "Trade deficits",
                            dcc.Dropdown(
                                id="scenario-deficits",
                                options=["kept", "removed"],
                                value="kept",
                                clearable=False,
                                searchable=False,
                            ),
                        ),
                    ],
                    className="row",
                ),
                html.Div(row_controls([START]), id="scenario-rows"),
                html.P(SIZES, className="hint"),
                html.Div(
                    [
                        html.Button("Solve", id="scenario-solve", className="primary"),
                        html.Button("Add an instrument", id="scenario-add", className="quiet"),
                        html.Button("Download YAML", id="scenario-yaml", className="quiet"),
                        html.Button("Download results (CSV)", id="scenario-csv", className="quiet"),
                    ],
                    className="buttons",
                ),
            ],
            className="card form",
        ),
        html.P(id="scenario-error", className="error", role="alert"),
        dcc.Loading(html.Div(id="scenario-result", **attributes({"aria-live": "polite"})), delay_show=400),
        dcc.Download(id="scenario-download"),
    ]


def row_controls(rows: Sequence[Row]) -> list[html.Fieldset]:
    """The controls of each instrument, holding the values of `rows`."""
    states, industries = state_options(rest=True), industry_options()
    kinds = [{"label": label, "value": kind} for kind, label in KINDS.items()]
    out = []
    for i, row in enumerate(rows):

        def part(name: str, i: int = i) -> dict[str, Any]:
            return {"part": name, "row": i}

        controls = [
            field(
                "Instrument",
                dcc.Dropdown(id=part("kind"), options=kinds, value=row["kind"], clearable=False, searchable=False),
            ),
            field(
                "Size, %",
                dcc.Input(id=part("size"), type="number", value=row["size"], min=-99, max=10_000, step="any"),
            ),
            field(
                "Importers",
                dcc.Dropdown(
                    id=part("importers"), options=states, value=row["importers"], multi=True, placeholder="all"
                ),
            ),
            field(
                "Exporters",
                dcc.Dropdown(
                    id=part("exporters"), options=states, value=row["exporters"], multi=True, placeholder="all"
                ),
            ),
            field(
                "Industries",
                dcc.Dropdown(
                    id=part("industries"), options=industries, value=row["industries"], multi=True, placeholder="all"
                ),
            ),
            html.Button(
                "Remove",
                id=part("remove"),
                className="quiet",
                **attributes({"aria-label": f"Remove instrument {i + 1}"}),
            ),
        ]
        out.append(html.Fieldset([html.Legend(f"Instrument {i + 1}"), html.Div(controls, className="row instrument")]))
    return out


def register(app: Dash) -> None:
    """Rows come and go; solving and downloads take what stands in the form."""
    values = [State({"part": f, "row": ALL}, "value") for f in FIELDS]

    @app.callback(
        Output("scenario-rows", "children"),
        Output("scenario-error", "children", allow_duplicate=True),
        Input("scenario-add", "n_clicks"),
        Input({"part": "remove", "row": ALL}, "n_clicks"),
        *values,
        prevent_initial_call=True,
    )
    def edit(add: int | None, remove: list[int | None], *columns: list[Any]) -> tuple[Any, Any]:
        rows = rows_of(columns)
        if ctx.triggered_id == "scenario-add" and add:
            if len(rows) >= MAX_ROWS:
                return no_update, f"a scenario has at most {MAX_ROWS} instruments here; a YAML file takes more"
            return row_controls([*rows, EMPTY]), ""
        if isinstance(ctx.triggered_id, dict) and any(remove):
            gone = ctx.triggered_id["row"]
            return row_controls([r for i, r in enumerate(rows) if i != gone]), ""
        return no_update, no_update

    @app.callback(
        Output("scenario-result", "children"),
        Output("scenario-error", "children"),
        Output("scenario-download", "data"),
        Input("scenario-solve", "n_clicks"),
        Input("scenario-yaml", "n_clicks"),
        Input("scenario-csv", "n_clicks"),
        State("scenario-name", "value"),
        State("scenario-elasticities", "value"),
        State("scenario-deficits", "value"),
        *values,
        prevent_initial_call=True,
    )
    def act(_s: Any, _y: Any, _c: Any, name: Any, sets: Any, deficits: Any, *columns: list[Any]) -> tuple[Any, ...]:
        try:
            scenario = scenario_of(name, sets, deficits, rows_of(columns))
            if ctx.triggered_id == "scenario-yaml":
                return no_update, "", dcc.send_string(to_yaml(scenario), f"{slug(scenario.name)}.yaml")
            outcome = solved(scenario)
        except MultialignError as error:
            return None if ctx.triggered_id == "scenario-solve" else no_update, str(error), no_update
        if ctx.triggered_id == "scenario-csv":
            return no_update, "", dcc.send_string(to_csv(outcome), f"{slug(scenario.name)}.csv")
        return view(outcome), "", no_update


def view(outcome: Outcome) -> html.Div:
    """Figures and table of an outcome."""
    t = outcome.table
    world = float(t["welfare_musd"].sum())
    names = t["name"].to_dict()
    order = t["welfare_musd"].abs().sort_values(ascending=False).index
    shares = ("terms_of_trade_pct", "volume_of_trade_pct", "wage_pct", "price_index_pct")
    rows = [
        (
            f"{r['name']} ({c})",
            number(float(r["welfare_pct"]), sign=True),
            plain(float(r["welfare_musd"]), 0, sign=True),
            *(number(float(r[k]), sign=True) for k in shares),
        )
        for c, r in t.loc[order].iterrows()
    ]
    head = ["Real income, %", "Million USD a year", "Terms of trade, %", "Volume of trade, %", "Wage, %", "Prices, %"]
    return html.Div(
        [
            html.Div(
                [
                    html.H2(outcome.scenario.name),
                    html.P(
                        f"The world as a whole: {usd(world, sign=True)} a year. Solved in {outcome.steps} steps; no "
                        f"equation misses by more than {outcome.residual:.0e}."
                    ),
                ],
                className="card ask",
            ),
            html.Div(
                [
                    graph(
                        figures.country_figure(t["welfare_pct"].to_dict(), names, unit="real income, % against 2022"),
                        "The sixteen countries whose real income changes most, in per cent.",
                    ),
                    graph(
                        figures.country_figure(
                            t["welfare_musd"].to_dict(), names, unit="real income, million USD a year"
                        ),
                        "The sixteen countries whose real income changes most, in money (equivalent variation).",
                    ),
                ],
                className="grid two",
            ),
            html.H2("All countries"),
            table(
                [("Country", False), *((h, True) for h in head)],
                rows,
                caption="By size of the change in money. Terms and volume of trade: first-order split. Wages and "
                "prices: against the world's labour income.",
            ),
        ]
    )

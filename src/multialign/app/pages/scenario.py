"""Scenario: instruments composed by hand, solved in the background, and taken away as files."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, dcc, html, no_update

from multialign.app import address
from multialign.app.jobs import Jobs, Report, Work
from multialign.app.layout import (
    attributes,
    drawing,
    field,
    industry_options,
    picture,
    savers,
    side_options,
    state_options,
)
from multialign.app.pages import scenario_data as data
from multialign.app.pages.answer import status
from multialign.app.pages.scenario_data import FIELDS, MAX_ROWS, Row, rows_of, scenario_of, slug
from multialign.app.pages.scenario_view import industries_of, map_of, view
from multialign.errors import MultialignError
from multialign.trade import Scenario
from multialign.world.load import elasticity_sets

KINDS = {
    "tariff": "Tariff",
    "export_tax": "Export tax",
    "friction": "Friction",
    "embargo": "Embargo",
    "discount": "Discount",
    "subsidy": "Subsidy",
}
MODE_NAMES = {"add": "on top of 2022's", "replace": "instead of 2022's", "scale": "% of 2022's rate"}
SIZES = (
    "An empty list means everybody, or everything; groups are those of today. Size: for tariffs and export taxes, "
    "percentage points on top of 2022's rate, a rate instead of it, or a percentage of it; for friction, how much "
    "dearer delivery becomes; for a discount or a subsidy, the part of the price that the exporter or the state gives "
    "up. An embargo needs none."
)
START: Row = {
    "kind": "tariff", "importers": ["USA"], "exporters": ["IND"], "industries": ["goods"], "size": 25, "mode": "add",
}  # fmt: skip
EMPTY: Row = {"kind": "tariff", "importers": [], "exporters": [], "industries": [], "size": 10, "mode": "add"}
TOP = ("name", "elasticities", "deficits", "horizon")
DEFICITS = {
    "kept": "kept as they are",
    "share": "kept as a share of the world's income",
    "own": "kept as a share of own income",
    "removed": "removed first",
}
HORIZONS = {"long": "long run", "short": "first year"}
FILES = {"yaml": "Scenario (YAML)", "csv": "Results (CSV)", "xlsx": "Results (XLSX)"}


def layout() -> list[Any]:
    """The page."""
    sets = [{"label": "median of the published sets", "value": "median"}]
    sets += [{"label": s, "value": s} for s in elasticity_sets()]
    return [
        html.H1("What if?"),
        html.P(
            "Put instruments together and solve the world economy: 80 countries and the rest of the world, 50 "
            "industries, base year 2022. The address of this page holds all of it."
        ),
        html.Div(
            [
                html.Div(
                    [
                        field("Name", dcc.Input(id="scenario-name", value="US tariff on India", maxLength=200)),
                        field("Trade elasticities", _choice("scenario-elasticities", sets, "median")),
                        field("Trade deficits", _choice("scenario-deficits", _options(DEFICITS), "kept")),
                        field("Horizon", _choice("scenario-horizon", _options(HORIZONS), "long")),
                    ],
                    className="row",
                ),
                html.Div(row_controls([START]), id="scenario-rows"),
                html.P(SIZES, className="hint"),
                html.Div(
                    [
                        html.Button("Solve", id="scenario-solve", className="primary"),
                        html.Button("Add an instrument", id="scenario-add", className="quiet"),
                        html.Button("Cancel", id="scenario-cancel", className="quiet", disabled=True),
                        *(html.Button(t, id=f"scenario-{k}", className="quiet") for k, t in FILES.items()),
                    ],
                    className="buttons",
                ),
            ],
            className="card form",
        ),
        html.P(id="scenario-error", className="error", role="alert"),
        html.Div(id="scenario-status", role="status"),
        html.Div(id="scenario-head", **attributes({"aria-live": "polite"})),
        html.Figure(
            [*picture("scenario-map"), html.Figcaption(id="scenario-map-said"), savers()],
            id="scenario-map-card",
            className="card",
            hidden=True,
        ),
        html.Div(
            [
                html.H2("Industries"),
                field("Country", dcc.Dropdown(id="scenario-country", options=state_options(union=False), value="IND")),
                html.Div(id="scenario-industries"),
            ],
            id="scenario-by-industry",
            hidden=True,
        ),
        html.Div(id="scenario-result"),
        dcc.Download(id="scenario-download"),
        dcc.Store(id="scenario-job"),
        dcc.Interval(id="scenario-tick", interval=400, disabled=True),
    ]


def _options(given: dict[str, str]) -> list[dict[str, str]]:
    return [{"label": v, "value": k} for k, v in given.items()]


def _choice(name: Any, options: list[dict[str, str]], value: str) -> dcc.Dropdown:
    return dcc.Dropdown(id=name, options=options, value=value, clearable=False, searchable=False)


def row_controls(rows: Sequence[Row]) -> list[html.Fieldset]:
    """The controls of each instrument, holding the values of `rows`. Those that a kind has no use for are hidden."""
    states, industries = side_options(), industry_options()
    out = []
    for i, row in enumerate(rows):
        kind = row["kind"]

        def part(name: str, i: int = i) -> dict[str, Any]:
            return {"part": name, "row": i}

        def several(name: str, options: list[dict[str, str]], row: Row = row, i: int = i) -> dcc.Dropdown:
            return dcc.Dropdown(
                id={"part": name, "row": i}, options=options, value=row[name], multi=True, placeholder="all"
            )

        size = dcc.Input(id=part("size"), type="number", value=row["size"], min=-99, max=10_000, step="any")
        mode = _choice(part("mode"), _options(MODE_NAMES), row.get("mode") or "add")
        importers = field("Importers", several("importers", states), hidden=kind == "subsidy")
        sized = field("Size, %", size, hidden=kind == "embargo")
        moded = field("Counted", mode, hidden=kind not in ("tariff", "export_tax"))
        controls = [
            field("Instrument", _choice(part("kind"), _options(KINDS), kind)),
            sized,
            moded,
            importers,
            field("Producers in" if kind == "subsidy" else "Exporters", several("exporters", states)),
            field("Industries", several("industries", industries)),
            html.Button(
                "Remove",
                id=part("remove"),
                className="quiet",
                **attributes({"aria-label": f"Remove instrument {i + 1}"}),
            ),
        ]
        out.append(html.Fieldset([html.Legend(f"Instrument {i + 1}"), html.Div(controls, className="row instrument")]))
    return out


def register(app: Dash, jobs: Jobs) -> None:
    """Rows come and go; the address follows the form; solving is a job; downloads take what stands in the form."""
    drawing(app, "scenario-map")
    values = [State({"part": f, "row": ALL}, "value") for f in FIELDS]
    top = [State(f"scenario-{t}", "value") for t in TOP]

    @app.callback(
        Output("scenario-rows", "children"),
        Output("scenario-error", "children", allow_duplicate=True),
        Input("scenario-add", "n_clicks"),
        Input({"part": "remove", "row": ALL}, "n_clicks"),
        Input({"part": "kind", "row": ALL}, "value"),
        *values,
        State("scenario-rows", "children"),
        prevent_initial_call=True,
    )
    def edit(add: int | None, remove: list[int | None], kinds: list[Any], *rest: Any) -> tuple[Any, Any]:
        *columns, shown = rest
        rows = rows_of(columns)
        which = ctx.triggered_id
        if which == "scenario-add" and add:
            if len(rows) >= MAX_ROWS:
                return no_update, f"a scenario has at most {MAX_ROWS} instruments here; a YAML file takes more"
            return row_controls([*rows, EMPTY]), ""
        if isinstance(which, dict) and which["part"] == "remove" and any(remove):
            return row_controls([r for i, r in enumerate(rows) if i != which["row"]]), ""
        if isinstance(which, dict) and which["part"] == "kind" and len(ctx.triggered) == 1 and shown:
            return row_controls([{**r, "kind": r["kind"] if r["kind"] in KINDS else "tariff"} for r in rows]), ""
        return no_update, no_update

    @app.callback(
        Output("scenario-rows", "children", allow_duplicate=True),
        *(Output(f"scenario-{t}", "value") for t in TOP),
        Output("scenario-error", "children", allow_duplicate=True),
        Output("scenario-job", "data", allow_duplicate=True),
        Input("url", "search"),
        State("url", "pathname"),
        prevent_initial_call="initial_duplicate",
    )
    def restore(search: str | None, path: str | None) -> list[Any]:
        nothing = [no_update] * (len(TOP) + 1)
        if path != "/scenario" or not search:
            return [*nothing, no_update, no_update]
        try:
            rows, given, run = form_of(search)
            scenario = scenario_of(given["name"], given["elasticities"], given["deficits"], rows, given["horizon"])
            job: Any = no_update
            if run:
                jobs.start(key_of(scenario), work(scenario))
                job = {"key": key_of(scenario), "click": -1}
        except MultialignError as error:
            return [*nothing, str(error), no_update]
        return [row_controls(rows), *(given[t] for t in TOP), "", job]

    @app.callback(
        Output("scenario-address", "data"),
        Input("scenario-job", "data"),
        *(Input(f"scenario-{t}", "value") for t in TOP),
        *(Input({"part": f, "row": ALL}, "value") for f in FIELDS),
        prevent_initial_call=True,
    )
    def follow(job: dict[str, Any] | None, name: Any, sets: Any, deficits: Any, horizon: Any, *columns: Any) -> Any:
        rows = rows_of(columns)
        try:
            scenario = scenario_of(name, sets, deficits, rows, horizon)
        except MultialignError:
            return no_update
        return search_of(rows, name, sets, deficits, horizon, job is not None and job.get("key") == key_of(scenario))

    @app.callback(
        Output("scenario-job", "data"),
        Output("scenario-error", "children"),
        Output("scenario-download", "data"),
        Input("scenario-solve", "n_clicks"),
        *(Input(f"scenario-{k}", "n_clicks") for k in FILES),
        *top,
        *values,
        prevent_initial_call=True,
    )
    def act(
        clicks: Any, _y: Any, _c: Any, _x: Any, name: Any, sets: Any, deficits: Any, horizon: Any, *columns: Any
    ) -> Any:
        which = str(ctx.triggered_id)
        try:
            scenario = scenario_of(name, sets, deficits, rows_of(columns), horizon)
            file = slug(scenario.name)
            if which == "scenario-yaml":
                return no_update, "", dcc.send_string(data.to_yaml(scenario), f"{file}.yaml")
            if which == "scenario-csv":
                return no_update, "", dcc.send_string(data.to_csv(data.solved(scenario)), f"{file}.csv")
            if which == "scenario-xlsx":
                return no_update, "", dcc.send_bytes(data.to_xlsx(data.solved(scenario)), f"{file}.xlsx")
            jobs.start(key_of(scenario), work(scenario))
        except MultialignError as error:
            return no_update, str(error), no_update
        return {"key": key_of(scenario), "click": clicks}, "", no_update

    @app.callback(
        Output("scenario-status", "children"),
        Output("scenario-head", "children"),
        Output("scenario-map-svg", "data"),
        Output("scenario-map-said", "children"),
        Output("scenario-map-card", "hidden"),
        Output("scenario-by-industry", "hidden"),
        Output("scenario-result", "children"),
        Output("scenario-tick", "disabled"),
        Output("scenario-cancel", "disabled"),
        Input("scenario-tick", "n_intervals"),
        Input("scenario-job", "data"),
        prevent_initial_call=True,
    )
    def watch(_: int | None, job: dict[str, Any] | None) -> list[Any]:
        kept = [no_update] * 6
        if not job:
            return [None, *kept, True, True]
        now = jobs.look(str(job.get("key")))
        if now.state != "done":
            return [status(now), *kept, not now.active, not now.active]
        head, rest = view(now.result)
        svg, said = map_of(now.result)
        return [None, head, svg, said, False, False, rest, True, True]

    @app.callback(
        Output("scenario-industries", "children"),
        Input("scenario-country", "value"),
        Input("scenario-head", "children"),
        State("scenario-job", "data"),
        prevent_initial_call=True,
    )
    def industries(country: str | None, _: Any, job: dict[str, Any] | None) -> Any:
        now = jobs.look(str(job.get("key"))) if job else None
        if now is None or now.state != "done" or country not in now.result.output.index:
            return None
        return industries_of(now.result, str(country))

    @app.callback(Input("scenario-cancel", "n_clicks"), State("scenario-job", "data"), prevent_initial_call=True)
    def cancel(clicks: int | None, job: dict[str, Any] | None) -> None:
        if job and clicks:
            jobs.cancel(str(job.get("key")))


def key_of(scenario: Scenario) -> str:
    """The same for the same scenario, whoever asks."""
    return f"scenario {scenario.model_dump_json()}"


def work(scenario: Scenario) -> Work:
    """The job that solves a scenario."""

    def run(report: Report) -> data.Outcome:
        report("solving the world economy", 0.1)
        outcome = data.solved(scenario)
        report("drawing", 1.0)
        return outcome

    return run


def search_of(rows: Sequence[Row], name: Any, sets: Any, deficits: Any, horizon: Any, run: bool) -> str:
    """The address of a form; `run`: whether to solve it on arrival."""
    given = [("name", name), ("elasticities", sets), ("deficits", deficits), ("horizon", horizon)]
    return address.search([*given, *(("i", data.row_text(r)) for r in rows), ("run", "1" if run else None)])


def form_of(search: str) -> tuple[list[Row], dict[str, str], bool]:
    """Rows, the fields above them, and whether to solve, from an address. Raises InputError for what cannot be used."""
    given = address.fields(search)
    texts = given.get("i", [])[: MAX_ROWS + 1]
    rows = [data.row_of_text(t, k) for k, t in enumerate(texts, start=1)] or [START]
    above = {
        "name": (address.first(given, "name") or "scenario")[:200],
        "elasticities": address.first(given, "elasticities") or "median",
        "deficits": address.first(given, "deficits") or "kept",
        "horizon": address.first(given, "horizon") or "long",
    }
    scenario_of(above["name"], above["elasticities"], above["deficits"], rows, above["horizon"])
    return rows, above, address.first(given, "run") == "1"

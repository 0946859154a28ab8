"""`multialign ties`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multialign.cli.common import Json, Schema, app, console, emit
from multialign.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from multialign.world import World

Csv = Annotated[Path | None, typer.Option("--csv", help="Write the figures as CSV.")]
Plot = Annotated[Path | None, typer.Option("--plot", help="Draw a figure: FILE.svg or FILE.html.")]
WorldFile = Annotated[
    str | None, typer.Option("--world", help="A World file, or 'embedded'; by default your own data, if you added any.")
]


@app.command()
def ties(
    state: Annotated[
        str | None, typer.Argument(help="ISO3 code or name of a state, or a group: BRICS; 'all' for every state.")
    ] = None,
    with_: Annotated[
        str | None, typer.Option("--with", help="Partners, states or groups, comma-separated: RUS,CHN,G7.")
    ] = None,
    parts: Annotated[bool, typer.Option("--parts", help="Also products, industries and uses.")] = False,
    history: Annotated[bool, typer.Option("--history", help="Also every period that the sources have.")] = False,
    dependence: Annotated[
        bool, typer.Option("--dependence", help="Also what cutting each tie costs both, from the engine.")
    ] = False,
    deeper: Annotated[
        str | None, typer.Option(help="Also what deeper ties with this third do to the dependence on each partner.")
    ] = None,
    factor: Annotated[float, typer.Option(help="With --deeper: what trade with the third is multiplied by.")] = 2.0,
    leaners: Annotated[
        bool, typer.Option("--leaners", help="Instead: who leans on this state, by its balance of shares.")
    ] = False,
    domain: Annotated[str, typer.Option(help="With --leaners: trade, energy, arms or technology.")] = "trade",
    record: Annotated[Path | None, typer.Option(help="A record of statements, counted in diplomacy.")] = None,
    world: WorldFile = None,
    as_json: Json = False,
    csv: Csv = None,
    plot: Plot = None,
    schema: Schema = False,
) -> None:
    """How a state stands to others: shares, accounts, depth, trend, tariffs, crude."""
    from multialign.ties import ties as look_up
    from multialign.ties import ties_schema

    if schema:
        return emit(ties_schema())
    if state is None:
        raise InputError("no state given", hint="multialign ties IND --with RUS,USA")
    check_files(csv, plot)
    base = world_of(world)
    if state.casefold() == "all":
        return _all(base, csv, parts, history, as_json)
    if leaners:
        return _leaners(state, domain, base, csv, as_json)
    partners = [p.strip() for p in with_.split(",") if p.strip()] if with_ is not None else None
    if record is not None:
        rows = _record(record, state, partners, base)
        found = look_up(state, partners, base, record=rows, dependence=dependence, deeper_with=deeper, factor=factor)
    else:
        found = look_up(state, partners, base, dependence=dependence, deeper_with=deeper, factor=factor)
    if csv is not None:
        write_csv(found.to_frame(), csv)
    if plot is not None:
        from multialign.report.draw_ties import shares
        from multialign.report.plot import write_plot

        write_plot(shares(found, None, None), plot)
    if as_json:
        return emit(found.to_dict())
    from multialign.report.terminal.ties import print_ties

    print_ties(found, console(), parts=parts, history=history)


def world_of(given: str | None) -> World | None:
    """The World that an option names; None for the default. Raises InputError."""
    from multialign.world import load_world, open_world

    if given is None:
        return None
    return load_world() if given == "embedded" else open_world(given)


def _all(world: World | None, csv: Path | None, parts: bool, history: bool, as_json: bool) -> None:
    """All states by multi-alignment, and with a file all pairs."""
    from multialign.ties import alignment_table, ties_table

    if csv is not None:
        table = ties_table(world=world, parts=parts, history=history)
        write_csv(table, csv)
        return print(f"{len(table):,} rows: {csv}")
    ranked = alignment_table(world)
    if as_json:
        return emit({"version": 1, "kind": "alignment", "states": plain_rows(ranked)})
    from multialign.report.terminal.ties import print_alignment

    print_alignment(ranked, console())


def _leaners(state: str, domain: str, world: World | None, csv: Path | None, as_json: bool) -> None:
    from multialign.ties import leaners

    found = leaners(state, domain, world)
    if csv is not None:
        write_csv(found, csv)
    if as_json:
        return emit({"version": 1, "kind": "leaners", "domain": domain, "states": plain_rows(found)})
    from multialign.report.terminal.ties import print_leaners

    print_leaners(found, console())


def plain_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows ready for JSON: columns without any figure left out, None for none."""
    kept = table.dropna(axis="columns", how="all").astype(object)
    rows = kept.where(kept.notna(), None).to_dict("records")
    return [{str(k): v for k, v in row.items()} for row in rows]


def _record(path: Path, state: str, partners: list[str] | None, world: World | None) -> list[dict[str, Any]]:
    """The statements between a state and its partners in a record, as plain rows."""
    from multialign.reading.record import Record
    from multialign.ties.actors import EU, Actor, actor, order
    from multialign.ties.actors import partners as named
    from multialign.ties.build import default_partners
    from multialign.world.refresh import own_world

    if not path.is_file():
        raise InputError("there is no such file", file=path, field="record")
    who, by_place = actor(state, group=True), list(order())
    others = named(who, partners) if partners is not None else default_partners(who, world or own_world())

    def codes(a: Actor) -> list[str]:
        return [*(["EU"] if a.code == EU else []), *(by_place[m] for m in a.members)]

    rows = []
    with Record(path) as record:
        for partner in others:
            for a in codes(who):
                for b in codes(partner):
                    for x, y in ((a, b), (b, a)):
                        rows += [s for _, s in record.statements(source=x, target=y)]
    return [
        {"date": s.date, "source": _union(s.source), "target": _union(s.target), "valence": s.valence}
        for s in rows
        if s.date and s.assessor is None
    ]


def _union(code: str | None) -> str | None:
    return "EU27" if code == "EU" else code


def check_files(csv: Path | None, plot: Path | None) -> None:
    """Refuse file names that cannot be written, before any work."""
    from multialign.report.plot import check_place, check_plot

    if csv is not None:
        check_place(csv, "csv")
    if plot is not None:
        check_plot(plot)


def write_csv(table: pd.DataFrame, path: Path) -> None:
    """Write a table as CSV, whole or not at all."""
    from multialign.report.plot import write_text

    write_text(table.to_csv(index=False, lineterminator="\n", float_format="%.8g"), path)

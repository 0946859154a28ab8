"""The ties of a state, and of all states, as tables on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from multialign.report.terminal.crude import print_crude_path
from multialign.report.terminal.tables import number, percent, table
from multialign.ties import Tie, Ties
from multialign.ties.leaning import Leaning
from multialign.ties.records import Part, TariffFaced

if TYPE_CHECKING:
    import pandas as pd

DOMAIN_TITLES = {
    "trade": "Trade: all industries, goods and services",
    "energy": "Energy: crude, gas and coal",
    "arms": "Arms: deliveries of major weapons",
    "technology": "Technology: pharmaceuticals, electronics, machinery, aircraft, software",
    "diplomacy": "Diplomacy: votes in the UN General Assembly",
}


WIDE = 140
"""Columns that a terminal needs for the tables with the partner's side; narrower ones get the state's side alone."""


def print_ties(ties: Ties, console: Console, *, parts: bool = False, history: bool = False) -> None:
    """One table for each domain with the partners as rows, then tariffs, crude, and what the ties amount to.

    parts: also products, industries and uses, domain by domain. history: also every period.
    """
    console.print(f"[bold]{escape(ties.state_name)}[/bold] and {', '.join(map(escape, ties.partners.values()))}\n")
    for domain, title in DOMAIN_TITLES.items():
        rows = [t for t in ties.ties if t.domain == domain]
        if rows:
            _domain(rows, title, console, parts, history)
    if ties.tariffs:
        console.print(_tariffs(ties.tariffs))
        for source in dict.fromkeys(t.source for t in ties.tariffs):
            console.print(f"  [dim]Source: {escape(source)}[/dim]", highlight=False)
        console.print()
    if console.width < WIDE:
        console.print(f"  [dim]Shares from the partner's side need a terminal of {WIDE} columns, or JSON.[/dim]\n")
    for tie in ties.ties:
        if tie.crude is not None and tie.crude.years and (tie.crude.years[-1].share_of_value or 0.0) >= 0.01:
            print_crude_path(tie.crude, console)
            console.print()
    if ties.dependence:
        console.print(_dependence(ties))
    for lean in ties.leaning:
        console.print(f"  {escape(lean.text)}", highlight=False)
        console.print(_leaning(lean))
    _summary(ties, console)


def _domain(rows: list[Tie], title: str, console: Console, parts: bool, history: bool) -> None:
    first = rows[0]
    console.print(f"[bold]{title}[/bold], {first.period} ({first.status}; {escape(first.source)})", highlight=False)
    votes = first.domain == "diplomacy"
    console.print(_votes(rows) if votes else _flows(rows, wide=console.width >= WIDE))
    for note in dict.fromkeys(n for t in rows for n in t.notes):
        console.print(f"  [dim]{escape(note)}[/dim]", highlight=False)
    if parts and any(t.parts for t in rows):
        _parts(rows, console)
    if history and any(t.trend for t in rows):
        console.print(_history(rows, console.width))
    if votes and any(t.statements for t in rows):
        console.print(_statements(rows))
    console.print()


def _flows(rows: list[Tie], *, wide: bool) -> Table:
    unit = rows[0].unit if wide else (rows[0].unit or "").replace("million", "mn")
    headers = ["Partner", f"Imports\n{unit}", f"Exports\n{unit}", f"Balance\n{unit}"]
    headers += ["% of own\nimports", "% of own\nexports"]
    if wide:
        headers += ["% of partner's\nimports", "% of partner's\nexports", "Supplier\nrank"]
    headers += ["Depth\n0-1", "5-year\nchange*"]
    out = table(None, *headers)
    for t in rows:
        cells = [
            escape(t.partner_name) if wide else t.partner,
            number(t.imports, 0),
            number(t.exports, 0),
            number(t.balance, 0, sign=True),
            percent(t.share_of_imports),
            percent(t.share_of_exports),
        ]
        if wide:
            rank = "-" if t.rank is None else str(t.rank)
            cells += [percent(t.share_of_partner_imports), percent(t.share_of_partner_exports), rank]
        out.add_row(*cells, number(t.depth, 2), _arrow(t, 1, 0.05))
    if any(t.change for t in rows):
        out.caption = "* of % of own imports, points"
    return out


def _votes(rows: list[Tie]) -> Table:
    out = table(
        None, "Partner", "Distance of\nideal points", "Rank by\ncloseness", "Depth\n0-1", "5-year change\nof distance"
    )
    for t in rows:
        out.add_row(
            escape(t.partner_name),
            number(t.distance, 2),
            "-" if t.rank is None else str(t.rank),
            number(t.depth, 2),
            _arrow(t, 2, 0.005),
        )
    return out


INDUSTRIES_SHOWN = 12
PART_WIDTH = 24


def _parts(rows: list[Tie], console: Console) -> None:
    """Products, industries and uses: what is bought from and sold to each partner; of many industries the largest."""
    weighed = any(p.tonnes_imports is not None for t in rows for p in t.parts)
    unit = (rows[0].unit or "").replace("million", "mn")
    heads = [f"Imports\n{unit}", f"Exports\n{unit}", "% of own\nimports", *(["Mn tonnes\nbought"] if weighed else [])]
    out = table(None, "Part", "Partner", *heads, "Year", text=2)
    left = 0
    for t in rows:
        industries = sorted((p for p in t.parts if p.kind == "industry"), key=lambda p: -_both(p))
        shown = [p for p in t.parts if p.kind != "industry"] + industries[:INDUSTRIES_SHOWN]
        left += len(t.parts) - len(shown)
        for p in shown:
            name = p.name if len(p.name) <= PART_WIDTH else p.name[: PART_WIDTH - 1].rstrip() + "…"
            weight = None if p.tonnes_imports is None else p.tonnes_imports / 1e6
            cells = [number(p.imports, 0), number(p.exports, 0), percent(p.share_of_imports)]
            cells += [number(weight, 2)] if weighed else []
            out.add_row(escape(name), t.partner, *cells, f"{p.year}{' e' if p.status == 'estimated' else ''}")
    console.print(out)
    more = f" {left} smaller industries are in the JSON and the CSV." if left else ""
    console.print(f"  [dim]e: estimated, else observed.{more}[/dim]", highlight=False)


def _both(part: Part) -> float:
    return (part.imports or 0.0) + (part.exports or 0.0)


def _history(rows: list[Tie], width: int) -> Table:
    """Every period: the partner's share in what the state buys abroad, or in diplomacy the distance."""
    votes = rows[0].domain == "diplomacy"
    shown = [t for t in rows if t.trend]
    columns = max(1, (width - 12) // 10)
    title = "Distance" if votes else "% of own imports"
    left = f" (the first {columns} partners)" if len(shown) > columns else ""
    out = table(title + left, "Period", *(t.partner for t in shown[:columns]))
    for period in dict.fromkeys(p.period for t in shown for p in t.trend or ()):
        cells = []
        for t in shown[:columns]:
            point = next((p for p in t.trend or () if p.period == period), None)
            cells.append("-" if point is None else number(point.value, 2) if votes else percent(point.share))
        out.add_row(period, *cells)
    return out


def _dependence(ties: Ties) -> Table:
    """What cutting each tie costs both sides."""
    out = table(
        "If all trade with the partner stopped: loss of real income (estimated, exact for the model)", "Partner",
        f"{ties.state}\nloses %", "Partner\nloses %", f"{ties.state}\nmn USD", "Partner\nmn USD",
        "Partner's %\nfor own 1 %",
    )  # fmt: skip
    for p in ties.dependence:
        out.add_row(
            p.partner, number(p.loss_pct, 3), number(p.partner_loss_pct, 3), number(p.loss_usd, 0),
            number(p.partner_loss_usd, 0), number(p.leverage, 2),
        )  # fmt: skip
    out.caption = f"{ties.world}; long-run elasticities (median of the published sets)"
    return out


def _leaning(lean: Leaning) -> Table:
    """One state's dependence on another before and after deeper ties with a third."""
    out = table(None, f"{lean.state} on {lean.on}", "Today", f"Deeper with\n{lean.deeper_with}", text=1)
    rows = (
        ("share of its purchases abroad, %", 100 * lean.before.share_of_imports, 100 * lean.after.share_of_imports, 1),
        ("share of its sales abroad, %", 100 * lean.before.share_of_exports, 100 * lean.after.share_of_exports, 1),
        ("loss if the tie is cut, % of income", lean.before.loss_pct, lean.after.loss_pct, 3),
        (f"the same, {lean.on}", lean.before.partner_loss_pct, lean.after.partner_loss_pct, 3),
    )
    for name, before, after, places in rows:
        out.add_row(name, number(before, places), number(after, places))
    gains = ", ".join(f"{k} {v:+.3f} %" for k, v in lean.income_pct.items())
    out.caption = (
        f"real income from the deeper ties themselves: {gains}; {lean.world}, elasticities {lean.elasticities}"
    )
    return out


def print_alignment(ranked: pd.DataFrame, console: Console) -> None:
    """All states by multi-alignment: evenness of ties among the great powers, by domain."""
    wide = console.width >= 100
    domains = list(DOMAIN_TITLES)
    out = table(
        "Multi-alignment: how evenly ties lie among the great powers, 0 to 1", "Rank", "State", "Overall", "Change*",
        *(d if wide else d[:5] for d in domains), text=2,
    )  # fmt: skip
    for row in ranked.to_dict("records"):
        name = str(row["name"]) if wide else str(row["state"])
        figures = [_figure(row[f"evenness_{d}"]) for d in domains]
        rank = "-" if row["rank"] != row["rank"] else f"{row['rank']:.0f}"
        out.add_row(rank, escape(name), _figure(row["overall"]), _figure(row["change"], sign=True), *figures)
    out.caption = "* over five years, of the mean of the domains whose source has time (energy, arms, diplomacy)"
    console.print(out)


def print_leaners(found: pd.DataFrame, console: Console, *, rows: int = 20) -> None:
    """Who leans on a state: the share of its trade that is with it, less the other way round."""
    first = found.iloc[0]
    out = table(
        f"Who leans on {first['partner']}: {first['domain']}, {first['period']} ({first['status']})", "State",
        "Lean\npoints", "% of own\nimports", "% of own\nexports", "Depth\n0-1",
    )  # fmt: skip
    for row in found.head(rows).to_dict("records"):
        figures = [100 * row["lean"], 100 * row["share_of_imports"], 100 * row["share_of_exports"]]
        shown = [_figure(figures[0], 1, sign=True), *(_figure(v, 1) for v in figures[1:])]
        out.add_row(str(row["state"]), *shown, _figure(row["depth"]))
    out.caption = "lean: share of its trade with the other, less the other's share with it"
    console.print(out)
    console.print(f"  [dim]Source: {escape(str(first['source']))}[/dim]", highlight=False)


def _figure(value: float, places: int = 2, *, sign: bool = False) -> str:
    """A number of a table with gaps."""
    return "-" if value is None or value != value else number(float(value), places, sign=sign)


def _statements(rows: list[Tie]) -> Table:
    """Cooperation and conflict in the record, the latest years."""
    out = table(
        "In the record of statements", "Partner", "Year", "Said:\ncooperation", "conflict", "Heard:\ncooperation",
        "conflict", "Mean\nvalence", text=2,
    )  # fmt: skip
    for t in rows:
        for s in (t.statements or ())[-3:]:
            counts = (s.cooperation, s.conflict, s.from_cooperation, s.from_conflict)
            out.add_row(t.partner, str(s.year), *map(str, counts), number(s.balance, 2, sign=True))
    return out


def _tariffs(rows: tuple[TariffFaced, ...]) -> Table:
    """Tariffs both ways: what each importer levies on each exporter's goods."""
    out = table(
        "Tariffs on goods, % of value (e: estimated)",
        "Levied by",
        "On goods of",
        "By trade\nbetween them",
        "By the exporter's\nown exports",
        "Year",
        "Added since\nJanuary 2025",
        text=2,
    )
    for r in rows:
        added = "-" if r.added is None else f"{r.added:.1f} ({r.added_month})"
        year = f"{r.year}{' e' if r.status == 'estimated' else ''}"
        out.add_row(r.importer, r.exporter, number(r.weighted, 1), number(r.by_exports, 1), year, added)
    return out


def _summary(ties: Ties, console: Console) -> None:
    summary, wide = ties.summary, console.width >= 100
    heads = ["Domain", "Herfindahl\n0-1", *(["Rank"] if wide else []), "Largest\nsupplier", "Its % of\nimports"]
    heads += ["Evenness**\n0-1", "Rank by\nevenness", *(["5-year\nchange"] if wide else []), "Powers' %\nof imports"]
    out = table("What the ties amount to", *heads)
    concentration = {c.domain: c for c in summary.concentration}
    for e in summary.multi_alignment.by_domain:
        c = concentration.get(e.domain)
        out.add_row(
            e.domain,
            "-" if c is None else number(c.herfindahl, 2),
            *(["-" if c is None or c.rank is None else str(c.rank)] if wide else []),
            "-" if c is None or c.largest_supplier is None else c.largest_supplier,
            "-" if c is None else percent(c.largest_share),
            number(e.evenness, 2),
            "-" if e.rank is None else f"{e.rank}/{e.of}",
            *([number(e.change, 2, sign=True)] if wide else []),
            percent(e.powers_share),
        )
    out.caption = "** of ties among the great powers"
    console.print(out)
    m, a = summary.multi_alignment, summary.alignment
    rank = "" if m.rank is None else f", rank {m.rank} of {m.of} states"
    console.print(
        f"  Multi-alignment among {', '.join(m.powers)}: {number(m.overall, 2)}{rank} "
        f"(mean of {m.domains_counted} domains).",
        highlight=False,
    )
    if m.path and m.change is not None:
        then, now = m.path[-2], m.path[-1]
        console.print(
            f"  In {', '.join(m.path_domains)} alone, which have time: {number(then.evenness, 2)} in {then.period} "
            f"(rank {then.rank}), {number(now.evenness, 2)} in {now.period} (rank {now.rank} of {now.of}).",
            highlight=False,
        )
    if a.ideal_point is not None and a.nearest is not None:
        console.print(
            f"  Alignment: ideal point {a.ideal_point:.2f} ({a.year}); nearest power {a.nearest} "
            f"(distance {a.distances[a.nearest]:.2f}; five years before: {a.nearest_five_years_before or '-'}).",
            highlight=False,
        )


def _arrow(tie: Tie, digits: int, still: float) -> str:
    """The change with its direction; a change that rounds to nothing is level."""
    if tie.change is None:
        return "-"
    value = tie.change.value
    sign = "→" if abs(value) <= still else "↑" if value > 0 else "↓"
    return f"{sign} {number(value, digits, sign=True)}"

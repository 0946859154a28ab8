"""The ties of a state, and power, as tables on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from multialign.report.terminal.crude import print_crude_path
from multialign.report.terminal.tables import number, percent, table
from multialign.ties import Power, Tie, Ties
from multialign.ties.records import TariffFaced

DOMAIN_TITLES = {
    "trade": "Trade: all industries, goods and services",
    "energy": "Energy: crude, gas and coal",
    "arms": "Arms: deliveries of major weapons",
    "technology": "Technology: pharmaceuticals, electronics, machinery, aircraft, software",
    "diplomacy": "Diplomacy: votes in the UN General Assembly",
}


WIDE = 140
"""Columns that a terminal needs for the tables with the partner's side; narrower ones get the state's side alone."""


def print_ties(ties: Ties, console: Console, *, parts: bool = False) -> None:
    """One table for each domain with the partners as rows, then tariffs, crude, and what the ties amount to.

    parts: also products, industries and uses, domain by domain.
    """
    console.print(f"[bold]{escape(ties.state_name)}[/bold] and {', '.join(map(escape, ties.partners.values()))}\n")
    for domain, title in DOMAIN_TITLES.items():
        rows = [t for t in ties.ties if t.domain == domain]
        if not rows:
            continue
        first = rows[0]
        console.print(f"[bold]{title}[/bold], {first.period} ({first.status}; {escape(first.source)})", highlight=False)
        if domain == "diplomacy":
            console.print(_votes(rows))
        else:
            console.print(_flows(rows, wide=console.width >= WIDE))
        for note in dict.fromkeys(n for t in rows for n in t.notes):
            console.print(f"  [dim]{escape(note)}[/dim]", highlight=False)
        if parts and domain != "diplomacy":
            console.print(_parts(rows))
        if domain == "diplomacy" and any(t.statements for t in rows):
            console.print(_statements(rows))
        console.print()
    if ties.tariffs:
        console.print(_tariffs(ties.tariffs))
        console.print(f"  [dim]Source: {escape(ties.tariffs[0].source)}[/dim]\n", highlight=False)
    if console.width < WIDE:
        console.print(f"  [dim]Shares from the partner's side need a terminal of {WIDE} columns, or JSON.[/dim]\n")
    for tie in ties.ties:
        if tie.crude is not None and tie.crude.years and (tie.crude.years[-1].share_of_value or 0.0) >= 0.01:
            print_crude_path(tie.crude, console)
            console.print()
    _summary(ties, console)


def print_power(power: Power, console: Console) -> None:
    """Who can hurt whom: the loss of both sides of each pair if the tie is cut."""
    out = table(
        "Loss of real income if the tie is cut",
        "State",
        "Partner",
        "Cut",
        "State's\nloss %",
        "Partner's\nloss %",
        "State's\nmn USD",
        "Partner's\nmn USD",
        "Partner's %\nper own %",
        text=3,
    )
    for p in power.pairs:
        out.add_row(
            p.state,
            p.partner,
            p.cut,
            number(p.loss_pct, 3),
            number(p.partner_loss_pct, 3),
            number(p.loss_usd, 0),
            number(p.partner_loss_usd, 0),
            number(p.leverage, 2),
        )
    console.print(out)


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


def _parts(rows: list[Tie]) -> Table:
    """Products, industries and uses: what is bought from and sold to each partner."""
    out = table(
        None, "Part", "Partner", "Imports", "Exports", "% of own\nimports", "Mn tonnes\nbought", "Year", "", text=2
    )
    for name in dict.fromkeys(p.name for t in rows for p in t.parts):
        for t in rows:
            for p in t.parts:
                if p.name == name:
                    weight = None if p.tonnes_imports is None else p.tonnes_imports / 1e6
                    figures = (number(p.imports, 0), number(p.exports, 0), percent(p.share_of_imports))
                    out.add_row(escape(name), t.partner, *figures, number(weight, 2), str(p.year), p.status)
    return out


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
        f"Tariffs on goods, % of value, {rows[0].year} ({rows[0].status})",
        "Levied by",
        "On goods of",
        "By trade\nbetween them",
        "By the exporter's\nown exports",
        "Added since\nJanuary 2025",
        text=2,
    )
    for r in rows:
        added = "-" if r.added is None else f"{r.added:.1f} ({r.added_month})"
        out.add_row(r.importer, r.exporter, number(r.weighted, 1), number(r.by_exports, 1), added)
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

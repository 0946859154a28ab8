"""The ties of a state, crude by origin and power, as tables on a terminal."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from multialign.ties import CrudePaid, CrudePath, Power, Tie, Ties

DOMAIN_TITLES = {
    "trade": "Trade: all industries, goods and services",
    "energy": "Energy: crude, gas and coal",
    "arms": "Arms: deliveries of major weapons",
    "technology": "Technology: pharmaceuticals, electronics, machinery, aircraft, software",
    "diplomacy": "Diplomacy: votes in the UN General Assembly",
}


WIDE = 140
"""Columns that a terminal needs for the tables with the partner's side; narrower ones get the state's side alone."""


def print_ties(ties: Ties, console: Console) -> None:
    """One table for each domain with the partners as rows, then crude, then what the ties amount to."""
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
        console.print()
    if console.width < WIDE:
        console.print(f"  [dim]Shares from the partner's side need a terminal of {WIDE} columns, or JSON.[/dim]\n")
    for tie in ties.ties:
        if tie.crude is not None and tie.crude.years and (tie.crude.years[-1].share_of_value or 0.0) >= 0.01:
            print_crude_path(tie.crude, console)
            console.print()
    _summary(ties, console)


def print_crude_path(path: CrudePath, console: Console) -> None:
    """Price, discount and saving of one origin's crude, year by year."""
    table = _table(
        f"Crude from {path.origin} to {path.buyer}: prices and discounts in USD a barrel",
        "Year",
        "Price",
        "All\nothers",
        "Discount\nto others",
        "The same,\nscreened*",
        "Discount\nto Brent",
        "Share of\nvalue %",
        "Mn\nbarrels",
        "Saving\nmn USD",
        text=0,
    )
    for y in path.years:
        table.add_row(
            str(y.year),
            _number(y.price, 1),
            _number(y.others_price, 1),
            _number(y.discount_to_others, 1, sign=True),
            _number(y.discount_screened, 1, sign=True),
            _number(y.discount_to_brent, 1, sign=True),
            _percent(y.share_of_value),
            _number(y.barrels, 1),
            _number(y.saving_to_others, 0, sign=True),
        )
    console.print(table)
    console.print(f"  {escape(path.text)}", highlight=False)
    console.print("  [dim]* against those others whose price is within half and twice Brent's.[/dim]", highlight=False)


def print_crude_paid(paid: CrudePaid, console: Console, *, rows: int = 12) -> None:
    """A buyer's crude in one year, the largest origins first."""
    table = _table(
        f"Crude bought by {paid.buyer}, {paid.year}: prices and discounts in USD a barrel",
        "Origin",
        "Price",
        "Discount\nto others",
        "Discount\nto Brent",
        "Share of\nvalue %",
        "Value\nmn USD",
        "Saving\nmn USD",
    )
    for o in paid.origins[:rows]:
        table.add_row(
            escape(o.name),
            _number(o.price, 1) + ("?" if o.credible is False else ""),
            _number(o.discount_to_others, 1, sign=True),
            _number(o.discount_to_brent, 1, sign=True),
            _percent(o.share_of_value),
            _number(o.value, 0),
            _number(o.saving_to_others, 0, sign=True),
        )
    console.print(table)
    left = len(paid.origins) - rows
    more = f"; {left} smaller origins not shown" if left > 0 else ""
    console.print(
        f"  All origins: {_number(paid.price, 1)} USD a barrel; Brent: {_number(paid.brent, 1)}{more}.", highlight=False
    )
    if any(o.credible is False for o in paid.origins[:rows]):
        console.print("  [dim]? not credible: the recorded weight cannot be that of the value.[/dim]", highlight=False)


def print_power(power: Power, console: Console) -> None:
    """Who can hurt whom: the loss of both sides of each pair if the tie is cut."""
    table = _table(
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
        table.add_row(
            p.state,
            p.partner,
            p.cut,
            _number(p.loss_pct, 3),
            _number(p.partner_loss_pct, 3),
            _number(p.loss_usd, 0),
            _number(p.partner_loss_usd, 0),
            _number(p.leverage, 2),
        )
    console.print(table)


def _flows(rows: list[Tie], *, wide: bool) -> Table:
    unit = rows[0].unit if wide else (rows[0].unit or "").replace("million", "mn")
    headers = ["Partner", f"Imports\n{unit}", f"Exports\n{unit}", f"Balance\n{unit}"]
    headers += ["% of own\nimports", "% of own\nexports"]
    if wide:
        headers += ["% of partner's\nimports", "% of partner's\nexports", "Supplier\nrank"]
    headers += ["Depth\n0-1", "5-year\nchange*"]
    table = _table(None, *headers)
    for t in rows:
        cells = [
            escape(t.partner_name) if wide else t.partner,
            _number(t.imports, 0),
            _number(t.exports, 0),
            _number(t.balance, 0, sign=True),
            _percent(t.share_of_imports),
            _percent(t.share_of_exports),
        ]
        if wide:
            rank = "-" if t.rank is None else str(t.rank)
            cells += [_percent(t.share_of_partner_imports), _percent(t.share_of_partner_exports), rank]
        table.add_row(*cells, _number(t.depth, 2), _arrow(t, 1, 0.05))
    if any(t.change for t in rows):
        table.caption = "* of % of own imports, points"
    return table


def _votes(rows: list[Tie]) -> Table:
    table = _table(
        None, "Partner", "Distance of\nideal points", "Rank by\ncloseness", "Depth\n0-1", "5-year change\nof distance"
    )
    for t in rows:
        table.add_row(
            escape(t.partner_name),
            _number(t.distance, 2),
            "-" if t.rank is None else str(t.rank),
            _number(t.depth, 2),
            _arrow(t, 2, 0.005),
        )
    return table


def _summary(ties: Ties, console: Console) -> None:
    summary = ties.summary
    table = _table(
        "What the ties amount to",
        "Domain",
        "Herfindahl\n0-1",
        "Largest\nsupplier",
        "Its % of\nimports",
        "Evenness**\n0-1",
        "Rank by\nevenness",
        "Powers' %\nof imports",
    )
    concentration = {c.domain: c for c in summary.concentration}
    for e in summary.multi_alignment.by_domain:
        c = concentration.get(e.domain)
        table.add_row(
            e.domain,
            "-" if c is None else _number(c.herfindahl, 2),
            "-" if c is None or c.largest_supplier is None else c.largest_supplier,
            "-" if c is None else _percent(c.largest_share),
            _number(e.evenness, 2),
            "-" if e.rank is None else f"{e.rank} of {e.of}",
            _percent(e.powers_share),
        )
    table.caption = "** of ties among the great powers"
    console.print(table)
    m, a = summary.multi_alignment, summary.alignment
    rank = "" if m.rank is None else f", rank {m.rank} of {m.of} states"
    console.print(
        f"  Multi-alignment among {', '.join(m.powers)}: {_number(m.overall, 2)}{rank} "
        f"(mean of {m.domains_counted} domains).",
        highlight=False,
    )
    if a.ideal_point is not None and a.nearest is not None:
        console.print(
            f"  Alignment: ideal point {a.ideal_point:.2f} ({a.year}); nearest power {a.nearest} "
            f"(distance {a.distances[a.nearest]:.2f}; five years before: {a.nearest_five_years_before or '-'}).",
            highlight=False,
        )


def _table(title: str | None, *headers: str, text: int = 1) -> Table:
    """An empty table; the first `text` columns hold text, the others numbers."""
    table = Table(
        title=escape(title) if title else None,
        title_justify="left",
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        header_style="bold",
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for place, header in enumerate(headers):
        table.add_column(header, justify="left" if place < text else "right", no_wrap=True)
    return table


def _number(value: float | None, digits: int, *, sign: bool = False) -> str:
    if value is None:
        return "-"
    text = f"{value:{'+' if sign else ''},.{digits}f}"
    return text if text.strip("+-0.,") else text.lstrip("+-")


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}"


def _arrow(tie: Tie, digits: int, still: float) -> str:
    """The change with its direction; a change that rounds to nothing is level."""
    if tie.change is None:
        return "-"
    value = tie.change.value
    sign = "→" if abs(value) <= still else "↑" if value > 0 else "↓"
    return f"{sign} {_number(value, digits, sign=True)}"

"""The discount that pays for a tariff, on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from multialign.report.terminal.tables import number, table
from multialign.ties.break_even_model import BreakEven


def print_break_even(found: BreakEven, console: Console) -> None:
    """The curve in both ways of reckoning, why they differ, and the map in a few cells."""
    buyer, seller, power = (found.names[c] for c in (found.buyer, found.seller, found.pressure))
    console.print(
        f"[bold]{escape(buyer)}[/bold]: crude from {escape(seller)} against tariffs of {escape(power)}\n"
        f"  {number(found.barrels, 0)} million barrels at {number(found.price, 1)} USD in {found.year} (observed); "
        f"goods exports of {number(found.exports, 0)} million USD in {found.exports_year} (estimated)",
        highlight=False,
    )
    out = table(
        "Discount that just pays for the tariff, USD a barrel",
        "Extra tariff\npoints",
        "Bill\nmn USD",
        "By\naccounting",
        "% of the\nprice",
        "In general\nequilibrium",
        f"80 % of\n{len(found.elasticities)} sets",
        text=0,
    )
    for p in found.points:
        band = "-"
        if p.ge_low is not None:
            band = f"{number(p.ge_low, 1)} to {'none' if p.ge_high is None else number(p.ge_high, 1)}"
        out.add_row(
            f"{100 * p.tariff:g}",
            number(p.bill, 0),
            number(p.accounting_usd, 1),
            number(p.accounting_pct, 0),
            number(p.ge_usd, 1),
            band,
        )
    console.print(out)
    if found.today is not None:
        low, high = number(found.today_low, 1), number(found.today_high, 1)
        console.print(
            f"  Discount to all other origins in {found.year}: {number(found.today, 1, sign=True)} USD a barrel "
            f"({low} to {high}).",
            highlight=False,
        )
    g = found.general
    if g is not None:
        console.print(
            f"  Under {100 * g.tariff:g} points {escape(buyer)} loses {number(g.loss, 0)} million USD of real income, "
            f"{100 * g.loss_per_bill:.0f} % of the bill; a discount of {g.discount_pct:g} % is worth "
            f"{number(g.worth, 0)}, {g.worth_per_dollar:.2f} for each dollar saved on today's barrels.",
            highlight=False,
        )
    if found.map is not None:
        _map(found, console)
    for note in found.notes:
        console.print(f"  [dim]{escape(note)}[/dim]", highlight=False)


def _map(found: BreakEven, console: Console) -> None:
    m = found.map
    if m is None:
        return
    columns = range(0, len(m.tariffs), 2)
    heads = [f"{100 * m.tariffs[c]:g}" for c in columns]
    out = table("Net gain, billion USD a year: in equilibrium, below it by accounting", "USD a\nbarrel", *heads, text=0)
    for r in range(0, len(m.discounts), 2):
        cells = [f"{m.general[r][c] / 1000:+.1f}\n[dim]{m.accounting[r][c] / 1000:+.1f}[/]" for c in columns]
        out.add_row(f"{m.discounts[r]:.0f}", *cells)
    out.caption = "columns: extra tariff, points"
    console.print(out)

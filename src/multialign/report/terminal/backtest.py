"""A backtest on a terminal: the table, the scores, what went right and wrong."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from multialign.respond.backtests import Backtest


def print_backtest(result: Backtest, console: Console) -> None:
    """Everything in a `Backtest`."""
    console.print(f"[bold]{escape(result.title)}[/]", highlight=False)
    console.print(f"Calibrated on: {escape(result.calibrated_on)}", highlight=False)
    console.print(f"Held to: {escape(result.held_to)}\n", highlight=False)
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("")
    for name in result.columns:
        table.add_column(name, justify="right")
    for row in result.rows:
        cells = ["-" if (v := row.values.get(c)) is None else f"{v:.3f}" for c in result.columns]
        table.add_row(escape(row.label), *cells)
    console.print(table)
    for name, value in result.scores.items():
        console.print(f"  {escape(name)}: [bold]{value:g}[/]", highlight=False)
    for title, lines in (("What it shows", result.said), ("What it cannot show", result.caveats)):
        console.print(f"\n[bold]{title}[/]", highlight=False)
        for line in lines:
            console.print(f"- {escape(line)}", highlight=False)
    console.print()

"""A solved scenario as tables on a terminal."""

from __future__ import annotations

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table

from multialign.trade import Solution
from multialign.world import codes


def print_solution(solution: Solution, console: Console, *, top: int = 15) -> None:
    """Welfare, wages and prices of the countries that change most, and trade of the pairs that change most."""
    names = codes.countries()
    s = solution.scenario
    console.print(f"[bold]{s.name}[/] · elasticities {s.elasticities} · deficits {s.deficits}", highlight=False)
    ev = solution.welfare_usd
    order = ev.abs().sort_values(ascending=False).index[:top]
    table = Table(
        title=f"Welfare: the {len(order)} countries that gain or lose most",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    table.add_column("country", no_wrap=True, min_width=12)
    for head in (
        "real in-\ncome, %",
        "mn USD\na year",
        "terms of\ntrade, %*",
        "volume,\n%*",
        "wage,\n%",
        "prices,\n%",
    ):
        table.add_column(head, justify="right", no_wrap=True)
    d = solution.data
    for c in order:
        row = d.sel(country=c)
        table.add_row(
            f"{c} {names.get(c, '')}",
            f"{float(row.real_income) * 100 - 100:+.3f}",
            f"{float(row.equivalent_variation):+,.0f}",
            f"{float(row.terms_of_trade):+.2f}",
            f"{float(row.volume_of_trade):+.2f}",
            f"{float(row.wage) * 100 - 100:+.2f}",
            f"{float(row.price_index) * 100 - 100:+.2f}",
        )
    console.print(table)
    console.print(
        "* first-order split of the change of real income; wages and consumer prices relative to world labour income",
        style="dim",
    )
    pairs = solution.pairs()
    pairs = pairs.loc[(pairs.new_musd - pairs.base_musd).abs().sort_values(ascending=False).index[:top]]
    table = Table(
        title=f"Trade: the {len(pairs)} flows that change most",
        title_justify="left",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    table.add_column("from")
    table.add_column("to")
    for head in ("before, million USD", "after, million USD", "change, %"):
        table.add_column(head, justify="right")
    for r in pairs.itertuples():
        change = "new" if np.isnan(r.change_pct) else f"{r.change_pct:+.1f}"
        table.add_row(r.exporter, r.importer, f"{r.base_musd:,.0f}", f"{r.new_musd:,.0f}", change)
    console.print(table)
    worst = max(solution.residuals.items(), key=lambda kv: kv[1])
    console.print(
        f"solved in {solution.steps} steps; every equation holds to {worst[1]:.1e} (worst: {worst[0]})", style="dim"
    )

"""Who can hurt whom, as a table on a terminal."""

from __future__ import annotations

from rich.console import Console

from multialign.report.terminal.tables import number, table
from multialign.ties import Power
from multialign.world import codes


def print_power(found: Power, console: Console, *, top: int = 20) -> None:
    """The pairs in which one side loses most, the weaker side first."""
    names = codes.countries()
    rows = []
    for p in found.pairs:
        one = (p.loss_pct, p.loss_usd, p.state, p.partner_loss_pct, p.partner_loss_usd, p.partner)
        rows.append(one if p.loss_pct >= p.partner_loss_pct else (*one[3:], *one[:3]))
    rows.sort(reverse=True)
    first = found.pairs[0]
    one_way = {"sales": "what the first one sells", "purchases": "what the first one buys"}
    what = one_way.get(first.cut, "all trade between them")
    within = f" in {', '.join(first.industries)}" if first.industries else ""
    shown = rows[:top]
    out = table(
        f"If {what}{within} stops: the {len(shown)} of {len(rows):,} pairs in which one loses most",
        "who loses more", "to whom", "loses, %\nof income", "the other\nloses, %", "times\nas hard", text=2,
    )  # fmt: skip
    for loss, _, who, other_loss, _, other in shown:
        out.add_row(
            f"{who} {names.get(who, '')[:18]}", f"{other} {names.get(other, '')[:18]}", number(loss, 3),
            number(other_loss, 3), number(loss / other_loss, 0) if other_loss > 1e-6 else "-",
        )  # fmt: skip
    out.caption = f"Real income, exact, in equilibrium; elasticities {found.elasticities}; {found.world}"
    console.print(out)

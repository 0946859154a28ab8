"""The break-even map: the focal state's net gain over the offerer's discount and the third power's tariff."""

from __future__ import annotations

from multialign.report import numbers as n
from multialign.report.draw_break_even import break_even_figure
from multialign.report.figure import Figure, Table
from multialign.report.names import spoken
from multialign.ties import BreakEven


def net_gain(b: BreakEven) -> Figure | None:
    """Two maps, in general equilibrium and by accounting, with the same numbers as a table; None without a map."""
    if b.map is None:
        return None
    whole = break_even_figure(b)
    tariffs, discounts = b.map.tariffs, b.map.discounts
    columns = [k for k in range(len(tariffs)) if k % 2 == 0]
    rows = tuple(
        (
            f"{discounts[r]:.0f}",
            *(n.plain(b.map.general[r][k] / 1000.0, 1, sign=True) for k in columns),
        )
        for r in range(len(discounts))
        if r % 2 == 0
    )
    me, them, third = spoken(b.buyer), spoken(b.seller), spoken(b.pressure)
    return Figure(
        id="net-gain",
        title=_finding(b),
        note=f"Blue: {me} gains, orange: it loses; on the line it neither gains nor loses. Across: an extra tariff of "
        f"{third} on its goods; up: the discount on {n.plain(b.barrels, 0)} million barrels a year of crude from "
        f"{them}. Accounting takes the tariff's bill at today's exports; in general equilibrium buyers bear a part and "
        "sales move elsewhere. Median of the published trade elasticities.",
        source="CEPII BACI (crude); OECD Inter-Country Input-Output tables (exports, equilibrium)",
        panels=whole.panels[1:],
        table=Table(
            heads=("Discount, USD a barrel", *(f"{100 * tariffs[k]:.0f} points" for k in columns)),
            rows=rows,
            text=0,
        ),
    )


def _finding(b: BreakEven) -> str:
    at = min(b.points, key=lambda p: abs(p.tariff - 0.25))
    me, third = spoken(b.buyer), spoken(b.pressure)
    if at.ge_usd is None:
        text = f"no discount that was solved pays {me} for an extra tariff of {100 * at.tariff:.0f} points by {third}"
    else:
        text = (
            f"for {me} an extra tariff of {100 * at.tariff:.0f} points by {third} is paid for by a discount of "
            f"{n.usd_a_barrel(at.ge_usd)} in equilibrium, {n.usd_a_barrel(at.accounting_usd)} by accounting"
        )
    return text[:1].upper() + text[1:]

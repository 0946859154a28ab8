"""The figure of who can hurt whom: what the state and each partner lose if all trade between them stops."""

from __future__ import annotations

from collections.abc import Mapping

from multialign.report import numbers as n
from multialign.report.figure import Figure, Panel, Table
from multialign.report.names import name, spoken
from multialign.report.svg import NARROW, WIDE, Drawing, Scale, shorten, ticks
from multialign.ties import Power
from multialign.ties.dependence import Dependence


def who_hurts_whom(power: Power, css: Mapping[str, str]) -> Figure | None:
    """Two bars for each partner. css: partner -> class of its colour. None without a pair."""
    if not power.pairs:
        return None
    me = power.pairs[0].state
    pairs = sorted(power.pairs, key=lambda p: -max(p.loss_pct, p.partner_loss_pct))
    rows = tuple(
        (
            name(p.partner),
            f"{n.number(p.loss_pct)} %",
            n.usd(p.loss_usd),
            f"{n.number(p.partner_loss_pct)} %",
            n.usd(p.partner_loss_usd),
        )
        for p in pairs
    )
    who = n.possessive(name(me))
    return Figure(
        id="power",
        title=_finding(me, pairs),
        note=f"Real income lost a year if all trade of {spoken(me)} with that partner stopped, in the new equilibrium; "
        f"dark: what {spoken(me)} loses, light: what the partner loses. Median of the published trade elasticities.",
        source="Multialign, from the input-output tables and the trade elasticities",
        panels=(
            Panel("Loss of real income, %", _bars(pairs, css, WIDE), _bars(pairs, css, NARROW)),
        ),
        table=Table(
            heads=("Partner", f"{who} loss", "USD a year", "Partner's loss", "USD a year"), rows=rows
        ),
    )  # fmt: skip


def _finding(me: str, pairs: list[Dependence]) -> str:
    worst = max(pairs, key=lambda p: p.loss_pct)
    text = f"{spoken(me)} would lose most by a break with {spoken(worst.partner)}: {n.percent(worst.loss_pct)}"
    text += f" of its real income, against {n.percent(worst.partner_loss_pct)} there"
    return text[:1].upper() + text[1:]


def _bars(pairs: list[Dependence], css: Mapping[str, str], width: float) -> str:
    left, row = (140.0 if width > NARROW else 100.0), 38.0
    most = max(max(p.loss_pct, p.partner_loss_pct, 0.0) for p in pairs) or 1.0
    marks = ticks(0.0, most, 6 if width > NARROW else 4)
    x = Scale(0.0, marks[-1], left, width - 52)
    bottom = 4 + row * len(pairs)
    d = Drawing(
        width,
        bottom + 22,
        uid=f"power-{width:g}",
        title="What both sides lose if their trade stops",
        desc="; ".join(
            f"{name(p.partner)}: {p.loss_pct:.2f} % against {p.partner_loss_pct:.2f} % there" for p in pairs
        ),
    )
    for m in marks:
        d.line(x(m), 2, x(m), bottom, "grid")
        d.text(x(m), bottom + 15, f"{m:g}", "t s", anchor="middle")
    for k, p in enumerate(pairs):
        top, colour = 5 + row * k, css.get(p.partner, "o1")
        label = name(p.partner).replace(" (other members)", "")
        d.text(left - 7, top + 18, shorten(label, left - 9, 11), f"t s k-{colour}", anchor="end")
        for at, value, kind, whose in (
            (top, p.loss_pct, "fill", name(p.state)),
            (top + 14, p.partner_loss_pct, "fill pale", name(p.partner)),
        ):
            tip = f"{whose} loses {n.percent(value)}"
            d.rect(left, at, max(x(max(value, 0.0)) - left, 1), 12, f"{kind} {colour}", tip)
            d.text(max(x(max(value, 0.0)), left + 1) + 5, at + 10, n.number(value), "t s")
    return d.render()

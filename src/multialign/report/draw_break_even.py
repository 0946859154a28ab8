"""Figures of `multialign breakeven`: the curve in both ways of reckoning, and the map over discount and tariff."""

from __future__ import annotations

from collections.abc import Sequence

from multialign.report.draw_crude_paid import MINUS, number
from multialign.report.figure import Figure, Panel, Table
from multialign.report.svg import NARROW, WIDE, Drawing, Scale, ticks
from multialign.ties.break_even_model import BreakEven, BreakEvenPoint


def break_even_figure(b: BreakEven) -> Figure:
    """Curve and map, with the same numbers as a table."""
    buyer, seller, power = (b.names[c] for c in (b.buyer, b.seller, b.pressure))
    at = min(b.points, key=lambda p: abs(p.tariff - 0.25))
    title = (
        f"What a tariff of {100 * at.tariff:.0f} points by {_the(power)} costs {_the(buyer)} is paid for by a discount "
    )
    title += f"of USD {at.accounting_usd:.1f} a barrel by accounting"
    if at.ge_usd is not None:
        title += f", USD {at.ge_usd:.1f} in general equilibrium"
    if b.today is not None:
        title += f"; that of {b.year} was USD {number(b.today)}"
    panels = [
        Panel(
            f"Discount on crude from {_the(seller)} that pays for it, by extra tariff in points",
            _curve(b, WIDE),
            _curve(b, NARROW),
        )
    ]
    if b.map is not None:
        panels.append(Panel("Net gain in general equilibrium, billion USD a year", _map(b, b.map.general, "general")))
        panels.append(Panel("Net gain by accounting, billion USD a year", _map(b, b.map.accounting, "accounting")))
    note = (
        f"Accounting: the bill on {number(b.exports / 1000, 1)} billion USD of exports, {100 * b.absorbed:g} % of it "
        f"borne by the exporters, over {number(b.barrels, 0)} million barrels. "
    )
    if b.general is not None:
        g = b.general
        note += (
            f"General equilibrium: the buyer loses {100 * g.loss_per_bill:.0f} % of the bill, since buyers there bear "
            f"a part and sales move elsewhere; a dollar off a barrel is worth {g.worth_per_dollar:.2f} dollars to it. "
            + (f"The band holds 80 % of {len(b.elasticities)} elasticity sets. " if len(b.elasticities) > 1 else "")
            + "On the maps blue gains, orange loses; the "
            "line is zero."
        )
    return Figure(
        id="break-even",
        title=title,
        note=note + " " + " ".join(b.notes),
        source="CEPII BACI (crude); OECD Inter-Country Input-Output tables, 2025 edition (exports, equilibrium)",
        panels=tuple(panels),
        table=Table(
            heads=("Tariff, points", "Bill, mn USD", "Accounting, USD a barrel", "Equilibrium", "80 % of sets"),
            rows=tuple(
                (
                    f"{100 * p.tariff:g}",
                    number(p.bill, 0),
                    number(p.accounting_usd),
                    number(p.ge_usd),
                    "-" if p.ge_low is None else f"{number(p.ge_low)} to {_most(p)}",
                )
                for p in b.points
            ),
            text=0,
        ),
    )


def _most(p: BreakEvenPoint) -> str:
    return "none" if p.ge_high is None else number(p.ge_high)


def _the(name: str) -> str:
    return f"the {name}" if name.startswith(("United ", "European ", "Netherlands", "Philippines")) else name


def _curve(b: BreakEven, width: float) -> str:
    left, right, top, bottom = 40.0, width - 14.0, 26.0, 250.0
    known = [p for p in b.points if p.ge_usd is not None]
    most = max([p.accounting_usd for p in b.points] + [b.today or 0.0, b.today_high or 0.0])
    most = min(most, b.price)
    marks = ticks(0.0, most, 6)
    y = Scale(0.0, marks[-1], bottom, top)
    last = 100 * b.points[-1].tariff
    x = Scale(0.0, last, left, right)
    d = Drawing(
        width,
        bottom + 38,
        uid=f"breakeven-{width:g}",
        title="Discount that pays for a tariff",
        desc="; ".join(f"{100 * p.tariff:g} points: {p.accounting_usd:.1f} or {number(p.ge_usd)}" for p in b.points),
    )
    for m in marks:
        d.line(left, y(m), right, y(m), "grid")
        d.text(left - 6, y(m) + 4, f"{m:g}", "t s", anchor="end")
    for m in ticks(0.0, last, 5):
        if m <= last:
            d.text(x(m), bottom + 16, f"{m:g}", "t s", anchor="middle")
    d.text((left + right) / 2, bottom + 33, "extra tariff, percentage points", "t s", anchor="middle")
    d.text(2, 11, "USD a barrel", "t s")
    banded = [p for p in known if p.ge_low is not None and p.ge_high is not None]
    if banded:
        low = [(x(0), y(0)), *((x(100 * p.tariff), y(min(p.ge_low or 0.0, marks[-1]))) for p in banded)]
        high = [(x(0), y(0)), *((x(100 * p.tariff), y(min(p.ge_high or 0.0, marks[-1]))) for p in banded)]
        d.path([*low, *reversed(high)], "area", closed=True)
    drawn = _within(b.points, marks[-1])
    d.path([(x(0), y(0)), *((x(t), y(v)) for t, v in drawn)], "ln o3")
    if drawn:
        at = drawn[min(len(drawn) - 1, len(drawn) * 2 // 3)]
        d.halo_text(x(at[0]) - 8, y(at[1]), "accounting", "t s b", anchor="end")
    if known:
        d.path([(x(0), y(0)), *((x(100 * p.tariff), y(p.ge_usd or 0.0)) for p in known)], "ln best")
        end = known[-1]
        d.halo_text(x(100 * end.tariff), y(end.ge_usd or 0.0) - 9, "general equilibrium", "t s b", anchor="end")
    if b.today is not None and b.today > 0:
        d.line(left, y(b.today), right, y(b.today), "ref offerer-ref")
        d.halo_text(right, y(b.today) - 5, f"discount of {b.year}: {b.today:.1f}", "t s k-offerer", anchor="end")
    return d.render()


def _within(points: Sequence[BreakEvenPoint], most: float) -> list[tuple[float, float]]:
    """The accounting line, cut where it leaves the drawing."""
    out: list[tuple[float, float]] = []
    before = (0.0, 0.0)
    for p in points:
        here = (100 * p.tariff, p.accounting_usd)
        if here[1] > most:
            part = (most - before[1]) / (here[1] - before[1])
            return [*out, (before[0] + part * (here[0] - before[0]), most)]
        out.append(here)
        before = here
    return out


STEPS = (1.0, 5.0, 15.0)
"""Billion USD at which the map's shades begin."""


def _map(b: BreakEven, values: Sequence[Sequence[float]], uid: str) -> str:
    if b.map is None:
        return ""
    left, right, top, bottom = 40.0, NARROW - 8.0, 20.0, 240.0
    tariffs, discounts = b.map.tariffs, b.map.discounts
    x, y = Scale(0.0, 100 * tariffs[-1], left, right), Scale(0.0, discounts[-1], bottom, top)
    d = Drawing(
        NARROW,
        bottom + 64,
        uid=f"map-{uid}",
        title=f"Net gain over discount and tariff, {uid}",
        desc=f"from {values[0][-1] / 1000:.1f} to {values[-1][0] / 1000:.1f} billion USD a year",
    )
    for r in range(len(discounts) - 1):
        for c in range(len(tariffs) - 1):
            mean = sum(values[i][j] for i in (r, r + 1) for j in (c, c + 1)) / 4000.0
            shade = 1 + sum(abs(mean) >= s for s in STEPS)
            tip = f"{100 * tariffs[c]:.0f} points, USD {discounts[r]:.0f}: {number(mean, 1, sign=True)} billion"
            x0, y0 = x(100 * tariffs[c]), y(discounts[r + 1])
            d.rect(
                x0, y0, x(100 * tariffs[c + 1]) - x0, y(discounts[r]) - y0, f"{'g' if mean >= 0 else 'l'}{shade}", tip
            )
    d.path([(x(100 * t), y(v)) for t, v in zero_line(tariffs, discounts, values)], "zero")
    for m in ticks(0.0, discounts[-1], 5):
        if m <= discounts[-1]:
            d.text(left - 6, y(m) + 4, f"{m:g}", "t s", anchor="end")
    for m in ticks(0.0, 100 * tariffs[-1], 5):
        if m <= 100 * tariffs[-1]:
            d.text(x(m), bottom + 15, f"{m:g}", "t s", anchor="middle")
    d.text(2, 11, "discount, USD a barrel", "t s")
    d.text(right, bottom + 30, "extra tariff, points", "t s", anchor="end")
    shades = [*(f"l{k}" for k in (4, 3, 2, 1)), *(f"g{k}" for k in (1, 2, 3, 4))]
    edges = [*(f"{MINUS}{s:g}" for s in reversed(STEPS)), "0", *(f"+{s:g}" for s in STEPS)]
    wide = (right - left) / len(shades)
    for k, css in enumerate(shades):
        d.rect(left + wide * k, bottom + 40, wide, 9, css)
    for k, edge in enumerate(edges):
        d.text(left + wide * (k + 1), bottom + 61, edge, "t s", anchor="middle")
    return d.render()


def zero_line(
    tariffs: Sequence[float], discounts: Sequence[float], values: Sequence[Sequence[float]]
) -> list[tuple[float, float]]:
    """(tariff, discount) where the net gain is zero, tariff by tariff, by linear interpolation."""
    out = []
    for c, t in enumerate(tariffs):
        column = [row[c] for row in values]
        for r in range(len(column) - 1):
            if column[r] <= 0 <= column[r + 1] and column[r + 1] > column[r]:
                part = -column[r] / (column[r + 1] - column[r])
                out.append((t, discounts[r] + part * (discounts[r + 1] - discounts[r])))
                break
    return out

"""Figures of crude oil: the price paid by origin, and the path of the offerer's discount."""

from __future__ import annotations

from collections.abc import Sequence

from multialign.report import numbers as n
from multialign.report.figure import Figure, Panel, Table
from multialign.report.names import spoken
from multialign.report.svg import NARROW, Drawing, Scale, shorten, ticks
from multialign.ties import CrudePaid, CrudePath
from multialign.ties.crude import CrudeOrigin

LEAST_SHARE = 0.01
"""Origins, and the offerer in a year, with a smaller part of the barrels are left out: their prices are chance."""
FIRM_SHARE = 0.05
"""Years with a smaller part of the barrels are drawn pale."""
MOST_ORIGINS = 8


def crude(paid: CrudePaid, path: CrudePath) -> Figure | None:
    """The price by origin and the discount over the years; None where the offerer sells next to no crude."""
    origins = [o for o in paid.origins if (o.share_of_barrels or 0) >= LEAST_SHARE and o.price and o.credible]
    origins = origins[:MOST_ORIGINS]
    offerer = path.origin
    own = next((o for o in paid.origins if o.origin == offerer), None)
    if own is None or own.price is None or (own.share_of_barrels or 0) < LEAST_SHARE:
        return None
    if own not in origins:
        origins.append(own)
    origins.sort(key=lambda o: float(o.price or 0))
    years = [
        y for y in path.years if (y.share_of_barrels or 0) >= LEAST_SHARE and discount(y) is not None and y.credible
    ]
    panels = [Panel(f"Price paid by origin, {paid.year}, USD a barrel", _prices(origins, offerer, paid))]
    if len(years) >= 2:
        panels.append(
            Panel(f"Discount of {spoken(offerer)} to all other origins, USD a barrel", _discounts(years, offerer))
        )
    rows = [
        (
            str(y.year),
            "-" if y.price is None else n.plain(y.price, 1),
            "-" if y.others_price_screened is None else n.plain(y.others_price_screened, 1),
            "-" if (gap := discount(y)) is None else n.plain(gap, 1, sign=True),
            "-" if y.share_of_barrels is None else n.share(y.share_of_barrels),
            n.plain(y.barrels, 0),
        )
        for y in path.years
    ]
    return Figure(
        id="crude",
        title=_finding(paid, path, own),
        note="Customs values free on board over weight, at 7.33 barrels a tonne: freight and insurance are not "
        "in them, and "
        "grades differ. Sellers whose recorded price is under half or over twice Brent's are left out of "
        "'others'. Origins and years with under 1 % of the barrels are left out of the drawing, years with "
        "under 5 % are pale.",
        source="CEPII BACI (HS 1992); Brent: US Energy Information Administration",
        panels=tuple(panels),
        table=Table(
            heads=("Year", "Price paid", "Price of others", "Discount", "Share of barrels", "Million barrels"),
            rows=tuple(rows),
        ),
    )


def discount(y: CrudeOrigin) -> float | None:
    """The discount to the other sellers whose price is credible, USD a barrel: one wrong weight moves the plain one."""
    return y.discount_screened if y.discount_screened is not None else y.discount_to_others


def _trend_holds(path: CrudePath) -> bool:
    """Whether the path's trend rests on credible prices: where screening changes little."""
    first = path.window[0] if path.window else 0
    return all(abs((discount(y) or 0.0) - (y.discount_to_others or 0.0)) < 2.0 for y in path.years if y.year >= first)


def _finding(paid: CrudePaid, path: CrudePath, own: CrudeOrigin) -> str:
    who, me = spoken(path.origin), spoken(path.buyer)
    gap = discount(own)
    if gap is None or own.price is None:
        return f"Crude from {who} cost {me} {n.usd_a_barrel(own.price or 0)} in {paid.year}"
    side = "less" if gap >= 0 else "more"
    text = f"In {paid.year} crude from {who} cost {me} {n.usd_a_barrel(abs(gap))} {side} than crude from others"
    if path.trend is not None and path.window is not None and gap >= 0 and _trend_holds(path):
        verb = {"narrowing": "has narrowed", "widening": "has widened", "steady": "has held"}[path.trend]
        text += f"; the discount {verb} since {path.window[0]}"
    return text


def _prices(origins: Sequence[CrudeOrigin], offerer: str, paid: CrudePaid) -> str:
    left, row, right = 132.0, 23.0, NARROW - 46.0
    values = [float(o.price or 0) for o in origins] + ([paid.brent] if paid.brent else [])
    marks = ticks(min(values) - 3, max(values) + 1, 4)
    x = Scale(marks[0], marks[-1], left, right)
    bottom = 24 + row * len(origins)
    d = Drawing(
        NARROW,
        bottom + 22,
        uid="crude-prices",
        title=f"Crude paid by origin, {paid.year}",
        desc="; ".join(f"{o.name}: {o.price:.1f} USD a barrel" for o in origins if o.price is not None),
    )
    for m in marks:
        d.line(x(m), 20, x(m), bottom, "grid")
        d.text(x(m), bottom + 15, f"{m:g}", "t s", anchor="middle")
    if paid.brent:
        d.line(x(paid.brent), 20, x(paid.brent), bottom, "ref")
        d.text(x(paid.brent), 13, f"Brent {paid.brent:.1f}", "t s", anchor="middle")
    for k, o in enumerate(origins):
        y = 32 + row * k
        own = o.origin == offerer
        d.text(left - 8, y + 4, shorten(o.name, left - 8, 11), "t s b k-offerer" if own else "t s", anchor="end")
        price = float(o.price or 0)
        d.line(left, y, x(price), y, "stem")
        d.dot(x(price), y, 5 if own else 4, "fill offerer" if own else "fill o1")
        d.halo_text(x(price) + 8, y + 4, f"{price:.1f}", "t s b" if own else "t s")
    return d.render()


def _discounts(years: Sequence[CrudeOrigin], offerer: str) -> str:
    values = [float(discount(y) or 0) for y in years]
    marks = ticks(min(0.0, *values), max(0.0, *values), 4)
    top, bottom = 16.0, 176.0
    y = Scale(marks[0], marks[-1], bottom, top)
    first, last = years[0].year, years[-1].year
    slot = (NARROW - 46.0) / (last - first + 1)
    bar = min(slot * 0.62, 54)
    d = Drawing(
        NARROW,
        206,
        uid="crude-discount",
        title=f"Discount on crude from {spoken(offerer)}",
        desc="; ".join(f"{p.year}: {v:.1f} USD a barrel" for p, v in zip(years, values, strict=True)),
    )
    for m in marks:
        d.line(36, y(m), NARROW - 6, y(m), "axis" if m == 0 else "grid")
        d.text(31, y(m) + 4, n.plain(m, 0 if m == int(m) else 1), "t s", anchor="end")
    for year in range(first, last + 1):
        d.text(40 + slot * (year - first + 0.5), 199, str(year), "t s", anchor="middle")
    for p, v in zip(years, values, strict=True):
        centre = 40 + slot * (p.year - first + 0.5)
        high, low = y(max(v, 0)), y(min(v, 0))
        firm = (p.share_of_barrels or 0) >= FIRM_SHARE
        d.rect(centre - bar / 2, high, bar, max(low - high, 1), "fill offerer" + ("" if firm else " pale"))
        d.halo_text(centre, high - 5 if v >= 0 else low + 13, n.plain(v, 1), "t s b", anchor="middle")
    return d.render()

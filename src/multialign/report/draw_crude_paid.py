"""Figures of `multialign crude`: prices by origin, and one origin over the years with its interval."""

from __future__ import annotations

from collections.abc import Sequence

from multialign.report.figure import Figure, Panel, Table
from multialign.report.svg import NARROW, WIDE, Drawing, Scale, shorten, spread, ticks
from multialign.ties.crude import CrudeOrigin, CrudePaid, CrudePath

MINUS = "\u2212"
LEAST_SHARE = 0.005
MOST_ORIGINS = 14
FIRM_SHARE = 0.05
"""Share of the barrels from which a year's bar is drawn firm, and labelled where labels are close."""
NOTE = "Customs values free on board over weight, at 7.33 barrels a tonne: no freight, and grades differ."
WHISKERS = "Whiskers hold 80 % of how far recorded prices of flows of that size scatter."


def number(value: float | None, places: int = 1, *, sign: bool = False) -> str:
    """A number with a real minus sign; '-' for none."""
    if value is None:
        return "-"
    text = f"{abs(value):,.{places}f}"
    if not text.strip("0.,"):
        return text
    return (MINUS if value < 0 else "+" if sign else "") + text


def paid_figure(paid: CrudePaid) -> Figure:
    """What a buyer paid by origin in one year, against Brent."""
    rows = [o for o in paid.origins if o.price and o.credible and (o.share_of_barrels or 0) >= LEAST_SHARE]
    rows = sorted(rows[:MOST_ORIGINS], key=lambda o: float(o.price or 0))
    first = rows[0] if rows else None
    title = f"What {paid.buyer_name} paid for crude by origin, {paid.year}"
    if first is not None and len(rows) > 1:
        title += (
            f": from {number(first.price)} ({first.name}) to {number(rows[-1].price)} USD a barrel ({rows[-1].name})"
        )
    return Figure(
        id="crude",
        title=title,
        note=f"{NOTE} Origins with under {100 * LEAST_SHARE:g} % of the barrels, or with prices that cannot be, are "
        "in the table alone.",
        source=f"{paid.source}; Brent: US Energy Information Administration",
        panels=(
            Panel(
                "USD a barrel; share of the barrels at the right",
                _by_origin(rows, paid, WIDE),
                _by_origin(rows, paid, NARROW),
            ),
        ),
        table=Table(
            heads=(
                "Origin",
                "Price",
                "Discount to others",
                "80 %",
                "Discount to Brent",
                "Share of value",
                "Million USD",
            ),
            rows=tuple(
                (
                    o.name,
                    number(o.price) + ("" if o.credible is not False else "?"),
                    number(o.discount_to_others, sign=True),
                    f"{number(o.discount_low)} to {number(o.discount_high)}",
                    number(o.discount_to_brent, sign=True),
                    f"{100 * (o.share_of_value or 0):.1f} %",
                    number(o.value, 0),
                )
                for o in paid.origins
            ),
        ),
    )


def _by_origin(rows: Sequence[CrudeOrigin], paid: CrudePaid, width: float) -> str:
    left, step, right = (150.0, 24.0, width - 70.0) if width > NARROW else (98.0, 24.0, width - 84.0)
    values = [float(o.price or 0) for o in rows] + ([paid.brent] if paid.brent else [])
    marks = ticks(min(values, default=0) - 2, max(values, default=1) + 2, 6 if width > NARROW else 4)
    x = Scale(marks[0], marks[-1], left, right)
    bottom = 26 + step * len(rows)
    d = Drawing(
        width,
        bottom + 22,
        uid=f"crude-by-origin-{width:g}",
        title=f"Crude paid by origin, {paid.year}",
        desc="; ".join(f"{o.name}: {o.price:.1f}" for o in rows if o.price is not None),
    )
    for m in marks:
        d.line(x(m), 20, x(m), bottom, "grid")
        d.text(x(m), bottom + 15, f"{m:g}", "t s", anchor="middle")
    if paid.brent:
        d.line(x(paid.brent), 18, x(paid.brent), bottom, "ref")
        d.text(x(paid.brent), 12, f"Brent {paid.brent:.1f}", "t s", anchor="middle")
    most = max((o.share_of_barrels or 0 for o in rows), default=1.0)
    for k, o in enumerate(rows):
        y, price, share = 36 + step * k, float(o.price or 0), o.share_of_barrels or 0
        d.text(left - 10, y + 4, shorten(o.name, left - 12, 12), "t", anchor="end")
        d.line(left, y, x(price), y, "stem")
        d.dot(x(price), y, 3.5 + 4.5 * (share / most) ** 0.5, "fill third")
        d.halo_text(x(price) + 11, y + 4, f"{price:.1f}", "t b")
        d.text(width - 4, y + 4, f"{100 * share:.1f} %", "t s", anchor="end")
    return d.render()


def path_figure(path: CrudePath, names: tuple[str, str]) -> Figure:
    """One origin over the years: price against others and Brent, discount with its interval, share. `names`: buyer,
    origin."""
    years = [y for y in path.years if y.price is not None and y.discount_to_others is not None and y.credible]
    buyer, origin = names
    panels: tuple[Panel, ...] = ()
    if years:
        panels = (
            Panel("Price paid, USD a barrel", _prices(years, origin)),
            Panel("Discount to all other origins, USD a barrel, with 80\u00a0% interval", _discounts(years)),
            Panel(f"{origin}'s share of {buyer}'s crude, % of value", _shares(years)),
            Panel("Saving against the others' price, million USD a year", _savings(years)),
        )
    return Figure(
        id="crude",
        title=path.text,
        note=f"{NOTE} {WHISKERS} The blue tick is the origin's usual discount of 2015-2021 at that year's Brent: what "
        "its grade is worth less. Pale: under 5 % of the barrels.",
        source="CEPII BACI (HS 1992); Brent: US Energy Information Administration",
        panels=panels,
        table=Table(
            heads=(
                "Year",
                "Price",
                "Others",
                "Brent less price",
                "Discount",
                "80 %",
                "Beyond usual",
                "Share",
                "Saving, mn USD",
            ),
            rows=tuple(
                (
                    str(y.year),
                    number(y.price),
                    number(y.others_price),
                    number(y.discount_to_brent, sign=True),
                    number(y.discount_to_others, sign=True),
                    f"{number(y.discount_low)} to {number(y.discount_high)}",
                    number(y.discount_beyond_usual, sign=True),
                    f"{100 * (y.share_of_value or 0):.1f} %",
                    number(y.saving_to_others, 0, sign=True),
                )
                for y in path.years
            ),
        ),
    )


def _frame(uid: str, title: str, desc: str, marks: Sequence[float], y: Scale, right: float) -> Drawing:
    d = Drawing(NARROW, 206, uid=uid, title=title, desc=desc)
    for m in marks:
        d.line(38, y(m), right, y(m), "axis" if m == 0 else "grid")
        d.text(33, y(m) + 4, number(m, 0 if m == int(m) else 1), "t s", anchor="end")
    return d


def _prices(years: Sequence[CrudeOrigin], origin: str) -> str:
    right = NARROW - 62.0
    series = {
        origin: [y.price for y in years],
        "others": [y.others_price for y in years],
        "Brent": [
            None if y.price is None or y.discount_to_brent is None else y.price + y.discount_to_brent for y in years
        ],
    }
    css = {origin: "offerer", "others": "o3", "Brent": "o2"}
    values = [v for line in series.values() for v in line if v is not None]
    marks = ticks(min(values) - 2, max(values) + 2, 5)
    y = Scale(marks[0], marks[-1], 180.0, 12.0)
    x = Scale(years[0].year, years[-1].year, 46.0, right)
    d = _frame("crude-price", "Price paid", "; ".join(f"{p.year}: {p.price:.1f}" for p in years), marks, y, right)
    for year in range(years[0].year, years[-1].year + 1, 1 if years[-1].year - years[0].year < 6 else 3):
        d.text(x(year), 199, str(year), "t s", anchor="middle")
    ends = []
    for name, line in series.items():
        points = [(x(p.year), y(v)) for p, v in zip(years, line, strict=True) if v is not None]
        d.path(points, f"ln {css[name]}")
        if points:
            ends.append((name, points[-1][1]))
    places = spread([e[1] for e in ends], 13, 12, 182)
    for (name, _), at in zip(ends, places, strict=True):
        d.text(right + 5, at + 4, shorten(name, 56, 11), "t s b k-offerer" if name == origin else "t s")
    return d.render()


def _bars(
    uid: str,
    title: str,
    years: Sequence[CrudeOrigin],
    values: Sequence[float],
    low: Sequence[float],
    high: Sequence[float],
) -> tuple[Drawing, Scale, list[float], float]:
    marks = ticks(min(0.0, *values, *low), max(0.0, *values, *high), 5)
    y = Scale(marks[0], marks[-1], 180.0, 16.0)
    desc = "; ".join(f"{p.year}: {v:.1f}" for p, v in zip(years, values, strict=True))
    d = _frame(uid, title, desc, marks, y, NARROW - 6)
    slot = (NARROW - 50.0) / (years[-1].year - years[0].year + 1)
    centres = [42 + slot * (p.year - years[0].year + 0.5) for p in years]
    wide = min(slot * 0.6, 48)
    for k, (p, v) in enumerate(zip(years, values, strict=True)):
        top, bottom = y(max(v, 0)), y(min(v, 0))
        firm = (p.share_of_barrels or 0) >= FIRM_SHARE
        tip = f"{p.year}: {number(v)}"
        d.rect(centres[k] - wide / 2, top, wide, max(bottom - top, 1), "fill offerer" + ("" if firm else " pale"), tip)
        d.text(centres[k], 199, str(p.year) if slot > 31 else f"{p.year % 100:02d}", "t s", anchor="middle")
    return d, y, centres, wide


def _discounts(years: Sequence[CrudeOrigin]) -> str:
    values = [float(p.discount_to_others or 0) for p in years]
    low, high = [float(p.discount_low or 0) for p in years], [float(p.discount_high or 0) for p in years]
    d, y, centres, wide = _bars("crude-discount", "Discount to all other origins", years, values, low, high)
    for k, p in enumerate(years):
        d.line(centres[k], y(low[k]), centres[k], y(high[k]), "whisker")
        if p.usual_discount is not None:
            d.line(
                centres[k] - wide / 2 - 3,
                y(p.usual_discount),
                centres[k] + wide / 2 + 3,
                y(p.usual_discount),
                "third-ref",
            )
        if wide > 24 or (p.share_of_barrels or 0) >= FIRM_SHARE or abs(values[k]) == max(map(abs, values)):
            at = y(high[k]) - 5 if values[k] >= 0 else y(low[k]) + 13
            d.halo_text(centres[k], at, number(values[k]), "t s b", anchor="middle")
    return d.render()


def _shares(years: Sequence[CrudeOrigin]) -> str:
    values = [100 * float(p.share_of_value or 0) for p in years]
    d, y, centres, _ = _bars("crude-share", "Share of value", years, values, values, values)
    for k, v in enumerate(values):
        d.halo_text(centres[k], y(v) - 5, number(v, 0 if v >= 10 else 1), "t s b", anchor="middle")
    return d.render()


def _savings(years: Sequence[CrudeOrigin]) -> str:
    values = [float(p.saving_to_others or 0) for p in years]
    low, high = [float(p.saving_low or 0) for p in years], [float(p.saving_high or 0) for p in years]
    d, y, centres, _ = _bars("crude-saving", "Saving", years, values, low, high)
    for k in range(len(years)):
        d.line(centres[k], y(low[k]), centres[k], y(high[k]), "whisker")
    return d.render()

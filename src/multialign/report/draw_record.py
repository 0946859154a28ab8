"""The record of two states over time, drawn: cooperation upwards, conflict downwards, counts behind, the smoothed rate
in front."""

from __future__ import annotations

from collections.abc import Sequence

from multialign.reading.record import Dyad, Month
from multialign.report.names import name
from multialign.report.numbers import joined
from multialign.report.svg import NARROW, WIDE, Drawing, Scale, ticks

_HEIGHT, _LEFT, _TOP, _BOTTOM = 330.0, 44.0, 26.0, 26.0
_THICKEST = 18.0
_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
COLOURS = """
.coop { fill: var(--coop); } .conf { fill: var(--conf); } .pale { opacity: .32; }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.line.coop { fill: none; stroke: var(--coop); } .line.conf { fill: none; stroke: var(--conf); }
.grid { stroke: var(--rule); stroke-width: 1; } .axis { stroke: var(--fg); stroke-width: 1.2; }
svg text { fill: var(--fg); font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Arial, sans-serif; }
.t { font-size: 12px; } .s { font-size: 11px; } svg text.s { fill: var(--soft); }
svg text.k-coop { fill: var(--coop); font-weight: 650; } svg text.k-conf { fill: var(--conf); font-weight: 650; }
.halo { paint-order: stroke; stroke: var(--bg); stroke-width: 3.5px; stroke-linejoin: round; }
"""
_VARIABLES = (
    "--bg: #ffffff; --fg: #1b1f24; --soft: #5a636e; --rule: #d7dce1; --coop: #00755a; --conf: #b04e00;",
    "--bg: #14171b; --fg: #e7eaee; --soft: #a3adb8; --rule: #343b43; --coop: #45cda5; --conf: #f59a52;",
)


def draw(dyad: Dyad, width: float = WIDE) -> str:
    """One <svg>, `width` px wide; colours come from the page (see `COLOURS`)."""
    months = dyad.months
    title = f"{name(dyad.one)} and {name(dyad.two)}: cooperation and conflict by month"
    d = Drawing(width, _HEIGHT, uid=f"record-{int(width)}", title=title, desc=describe(dyad))
    if not months:
        d.text(width / 2, _HEIGHT / 2, "no month between these dates", anchor="middle")
        return d.render()
    raw = [(_raw(m.cooperation, m), _raw(m.conflict, m)) for m in months]
    up = _limit([m.cooperation_rate for m in months], [r[0] for r in raw])
    down = _limit([m.conflict_rate for m in months], [r[1] for r in raw])
    room = _HEIGHT - _TOP - _BOTTOM
    top = max(up, 0.25 * down, 1e-9)
    low = max(down, 0.25 * up, 1e-9)
    y = Scale(-low, top, _TOP + room, _TOP)
    x = Scale(0, max(len(months), 1), _LEFT, width - 6)
    step = x(1) - x(0)
    for tick in ticks(-low, top, 5):
        if -low <= tick <= top:
            d.line(_LEFT, y(tick), width - 6, y(tick), "grid")
            d.text(_LEFT - 5, y(tick) + 4, f"{abs(tick):g}", "s", anchor="end")
    _dates(d, months, x, width)
    for k, (m, (warm, cold)) in enumerate(zip(months, raw, strict=True)):
        tip = f"{_when(m)}: {m.cooperation} cooperation, {m.conflict} conflict, in {m.documents:,} documents"
        for value, css, sign, most in ((warm, "coop pale", 1, top), (cold, "conf pale", -1, low)):
            if value:
                end = y(sign * min(value, most))
                thick = min(max(step - 0.4, 0.5), _THICKEST)
                d.rect(x(k + 0.5) - thick / 2, min(end, y(0)), thick, abs(end - y(0)), css, tip)
    for rates, css, sign in (
        ([m.cooperation_rate for m in months], "line coop", 1),
        ([m.conflict_rate for m in months], "line conf", -1),
    ):
        for stretch in _stretches(rates):
            d.path([(x(k + 0.5), y(sign * r)) for k, r in stretch], css)
    d.line(_LEFT, y(0), width - 6, y(0), "axis")
    _name_peaks(d, [m.cooperation_rate for m in months], months, x, y, 1, width)
    _name_peaks(d, [m.conflict_rate for m in months], months, x, y, -1, width)
    d.halo_text(_LEFT + 4, _TOP - 10, "cooperation", "t k-coop")
    d.halo_text(_LEFT + 4, _TOP + room - 6, "conflict", "t k-conf")
    d.text(width - 6, _TOP - 10, "statements per 1,000 documents", "s", anchor="end")
    return d.render()


def describe(dyad: Dyad) -> str:
    """What the figure shows, in a sentence or two, for those who do not see it."""
    months = dyad.months
    if not sum(m.documents for m in months):
        return "No documents between these dates."
    when = f"from {_when(months[0])} to {_when(months[-1])}"
    warm, cold = sum(m.cooperation for m in months), sum(m.conflict for m in months)
    if not warm + cold:
        return f"Nothing between the two {when}, in {count(sum(m.documents for m in months), 'document')}."
    dense = []
    if warm:
        dense.append(f"cooperation around {_when(max(months, key=lambda m: m.cooperation_rate or 0))}")
    if cold:
        dense.append(f"conflict around {_when(max(months, key=lambda m: m.conflict_rate or 0))}")
    return f"{count(warm, 'statement')} of cooperation and {cold:,} of conflict {when}, densest: {joined(dense)}."


def count(n: int, noun: str) -> str:
    """'1 statement', '2,000 statements'."""
    return f"{n:,} {noun}" + ("" if n == 1 else "s")


def _raw(count: int, m: Month) -> float:
    return 1_000 * count / m.documents if m.documents else 0.0


def _limit(smoothed: Sequence[float | None], raw: Sequence[float]) -> float:
    """Top of a half: the smoothed line fits with room; single months above that are cut off."""
    highest = max((r for r in smoothed if r is not None), default=0.0)
    return min(max(raw, default=0.0), 2.2 * highest) or highest


def _stretches(rates: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    out: list[list[tuple[int, float]]] = [[]]
    for k, r in enumerate(rates):
        if r is None:
            out.append([])
        else:
            out[-1].append((k, r))
    return [s for s in out if s]


def _dates(d: Drawing, months: Sequence[Month], x: Scale, width: float) -> None:
    """Years under the axis, or months where there are few, as many as there is room for."""
    base = _HEIGHT - _BOTTOM
    if len(months) < 30:
        every = next((n for n in (1, 2, 3, 4) if len(months) / n * 56 <= width - _LEFT), 6)
        for k in range(0, len(months), every):
            d.line(x(k + 0.5), base, x(k + 0.5), base + 4, "grid")
            d.text(x(k + 0.5), _HEIGHT - 8, _when(months[k]), "s", anchor="middle")
        return
    starts = [k for k, m in enumerate(months) if m.month.endswith("-01")]
    every = next((n for n in (1, 2, 5, 10, 20) if len(starts) / n * 38 <= width - _LEFT), 50)
    for k in starts:
        if int(months[k].month[:4]) % every == 0:
            d.line(x(k), base, x(k), base + 4, "grid")
            d.text(x(k), _HEIGHT - 8, months[k].month[:4], "s", anchor="middle")


def _name_peaks(
    d: Drawing, rates: Sequence[float | None], months: Sequence[Month], x: Scale, y: Scale, sign: int, width: float
) -> None:
    """Names the highest peaks of a smoothed line, as far as the names do not touch."""
    values = [r or 0.0 for r in rates]
    peaks = [
        k for k, v in enumerate(values)
        if v > 0 and v >= max(values[max(k - 6, 0) : k + 7]) and v >= 0.35 * max(values)
    ]  # fmt: skip
    taken: list[float] = []
    for k in sorted(peaks, key=lambda k: -values[k])[: 6 if width > NARROW else 3]:
        at = min(max(x(k + 0.5), _LEFT + 24), width - 30)
        if all(abs(at - other) > 58 for other in taken):
            taken.append(at)
            d.halo_text(at, y(sign * values[k]) + (-5 if sign > 0 else 14), _when(months[k]), "s", anchor="middle")


def _when(m: Month) -> str:
    return f"{_NAMES[int(m.month[5:]) - 1]} {m.month[:4]}"


def record_svg(dyad: Dyad) -> str:
    """The drawing as a file of its own, light or dark as the reader's system is."""
    light, dark = _VARIABLES
    style = (
        f"<style>:root {{ color-scheme: light dark; {light} }} "
        f"@media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}"
        f"{COLOURS} svg {{ background: var(--bg); }}</style>"
    )
    drawing = draw(dyad)
    head, rest = drawing.split(">", 1)
    return f"{head}>{style}{rest}\n"

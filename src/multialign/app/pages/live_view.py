"""What the sliders of the Answer page show: a sentence, bars for every party, the reply, and a map."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html

from multialign.app.layout import map_key, table
from multialign.app.live import Exact, Seen, Told, Worth
from multialign.report import draw_map
from multialign.report import numbers as n
from multialign.report.names import name, spoken, with_names
from multialign.report.svg import Drawing, Scale, ticks
from multialign.report.words_more import KINDS
from multialign.respond import Question

WIDTH = 900.0
NARROW = 360.0
NOTHING = 1e-4
"""Per cent of real income below which nothing is gained or lost."""


def sentence(seen: Seen, q: Question) -> list[html.P]:
    """What the position is worth to the focal state, and what the third power does."""
    own = seen.worth[0].total
    verdict = "a gain" if own.low > 0 else "a loss" if own.high < 0 else "a loss or a gain"
    first = f"Worth {n.percent_band(own)} of {n.possessive(spoken(q.focal))} real income a year: {verdict}."
    if max(abs(own.low), abs(own.high)) < NOTHING:
        first = f"As today: nothing is gained or lost by {spoken(q.focal)}."
    return [html.P(first, className="headline"), *(html.P(_reply(t, q)) for t in seen.told)]


def _reply(told: Told, q: Question) -> str:
    """What one third power does."""
    third = spoken(told.by)
    shares = sorted(((k, v) for k, v in told.replies.items() if v >= 0.01), key=lambda kv: -kv[1])
    if not shares:
        return n.sentence(f"{third} adds {n.plain(told.tariff.median, 0)} points to its tariff, as set by hand")
    if [k for k, _ in shares] == ["none"]:
        return n.sentence(f"{third} is not expected to reply")
    kinds = n.joined([f"{KINDS[k]} in {n.share(v)} of the draws" for k, v in shares])
    cost = f"; it costs {spoken(q.focal)} as much as an extra tariff of {n.banded(told.tariff, unit=' points')}"
    return n.sentence(f"{third} is expected to answer with {kinds}{cost if told.tariff.high >= 0.5 else ''}")


def bars(seen: Seen, q: Question, width: float = WIDTH) -> str:
    """Terms and totals of every party as one SVG, each party on a scale of its own."""
    codes = q.parties
    narrow = width < 500
    left = 16.0 if narrow else 222.0
    row = 112.0 if narrow else 74.0
    d = Drawing(
        width,
        row * len(seen.worth),
        uid=f"live-bars-{width:g}",
        title="What this is worth to every party",
        desc="; ".join(f"{w.name}: {n.percent_band(w.total)}" for w in seen.worth),
    )
    for k, w in enumerate(seen.worth):
        top = row * k
        role = {"focal": "must answer", "offerer": "offers", "third": "may reply"}.get(w.role, "")
        label = f"{name(w.party)} ({role})"
        if narrow:
            d.text(left, top + 14, label, "t b")
            d.text(left, top + 30, n.percent_band(w.total), "t s")
            _party(d, w, left, width - 16, top + 30, codes)
        else:
            d.text(left - 12, top + 22, label, "t b", anchor="end")
            d.text(left - 12, top + 38, n.percent_band(w.total), "t s", anchor="end")
            _party(d, w, left, width - 24, top, codes)
    return d.render()


def _party(d: Drawing, w: Worth, left: float, right: float, top: float, codes: Sequence[str]) -> None:
    medians = [b.median for *_, b in w.terms]
    low = min(w.total.low, sum(min(v, 0.0) for v in medians), -1e-6)
    high = max(w.total.high, sum(max(v, 0.0) for v in medians), 1e-6)
    if high - low < NOTHING:  # a scale as fine as the solver's noise would show nothing but that
        low, high = -0.1, 0.1
    marks = ticks(low, high, 3 if right - left < 400 else 8)
    x = Scale(marks[0], marks[-1], left, right)
    fine = (marks[-1] - marks[0]) / 1000.0
    places = next((k for k in range(4) if all(abs(round(m, k) - m) < fine for m in marks)), 4)
    for m in marks:
        d.line(x(m), top + 10, x(m), top + 48, "axis" if abs(m) < 1e-12 else "grid")
        anchor = "start" if m == marks[0] else "end" if m == marks[-1] else "middle"
        d.text(x(m), top + 62, n.plain(m, places, sign=True) + (" %" if m == marks[-1] else ""), "t s", anchor=anchor)
    up = down = 0.0
    for term, label, b in w.terms:
        v = b.median
        start = up if v >= 0 else down
        if abs(v) > 1e-7:
            tip = f"{with_names(label, codes)}: {n.percent_band(b)}"
            d.rect(x(start), top + 18, x(start + v) - x(start), 20, f"fill term-{term}", tip)
        up, down = (up + v, down) if v >= 0 else (up, down + v)
    d.line(x(w.total.low), top + 28, x(w.total.high), top + 28, "whisker")
    for end in (w.total.low, w.total.high):
        d.line(x(end), top + 23, x(end), top + 33, "whisker")
    d.dot(x(w.total.median), top + 28, 4.5, "total", f"sum: {n.percent_band(w.total)}")


def key(q: Question) -> html.Ul:
    """What the colours mean."""
    labels = {
        "income": "real income from trade",
        "tie": "the tie itself",
        "autonomy": "autonomy",
        "reaction": f"reply of {n.joined([spoken(p.by) for p in q.all_pressures])}",
    }
    items = [html.Li([html.Span(className=f"swatch key-{k}"), v]) for k, v in labels.items()]
    return html.Ul([*items, html.Li([html.Span(className="swatch key-total"), "sum, with 80 % band"])], className="key")


def map_of(seen: Seen, q: Question) -> tuple[str, html.Ul]:
    """Every country's gain or loss as an SVG, and its key for narrow screens."""
    values = {c: v for c, v in seen.welfare_pct.items() if c != "ROW"}
    shades = draw_map.two_sided(values.values(), 0.0005)
    svg = draw_map.world_map(
        values,
        uid="live-world",
        title="Change of real income, state by state",
        shades=shades,
        said=lambda v: n.percent(v, sign=True),
        unit="%",
        width=WIDTH,
        outlined={
            **{p.by: "may reply" for p in q.all_pressures},
            **{o.by: "offers" for o in q.all_offers},
            q.focal: "must answer",
        },
    )
    return svg, map_key(shades, "%")


def numbers(seen: Seen, q: Question) -> html.Details:
    """The same numbers as a table."""
    codes = q.parties
    rows = []
    for w in seen.worth:
        rows.append((w.name, "sum", n.percent_band(w.total)))
        rows += [(w.name, with_names(label, codes), n.percent_band(b)) for _, label, b in w.terms]
    head = [("Party", False), ("Term", False), ("% of real income a year", True)]
    caption = (
        "Medians with 80 % bands. Read off the response surface, which missed exact solves by at most "
        f"{n.number(seen.error)} percentage points at points that it was not built on."
    )
    return html.Details([html.Summary("The numbers"), table(head, rows, caption=caption, whole=True)])


def exact_table(found: Exact) -> html.Div:
    """An exact solve beside what the surface said of the same point."""
    miss = abs(found.exact - found.surface).max()
    rows = []
    for k, party in enumerate(found.parties):
        for s, set_name in enumerate(found.sets):
            rows.append(
                (
                    name(party),
                    set_name,
                    n.plain(float(found.exact[s, k]), 4, sign=True),
                    n.plain(float(found.surface[s, k]), 4, sign=True),
                    n.plain(float(found.exact[s, k] - found.surface[s, k]), 4, sign=True),
                )
            )
    head = [("Party", False), ("Elasticity set", False), ("Exact, %", True), ("Surface, %", True), ("Miss", True)]
    said = (
        f"Solved exactly: the surface misses by at most {n.number(float(miss))} percentage points of real income here."
    )
    caption = "Real income from trade, reply included, at the median draw's instruments."
    return html.Div([html.P(said, className="strong"), table(head, rows, caption=caption)])

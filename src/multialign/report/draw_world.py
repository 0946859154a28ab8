"""The figure of who else gains and loses: the states whose real income changes most."""

from __future__ import annotations

from multialign.report import draw_map
from multialign.report import numbers as n
from multialign.report.figure import Figure, Panel, Table
from multialign.report.names import name, spoken
from multialign.report.svg import NARROW, WIDE, Drawing, Scale, shorten, ticks
from multialign.respond.model import Answer

MOST = 10
VISIBLE = 0.0005
"""Per cent of real income below which no change is shown."""


def gains_and_losses(answer: Answer) -> Figure | None:
    """The ten states that gain or lose most under the answer, or under going all the way where the answer changes
    nothing."""
    q = answer.question
    key = "answer" if max(abs(w) for w in answer.payoffs["answer"].welfare_pct.values()) >= VISIBLE else "all"
    welfare = {c: w for c, w in answer.payoffs[key].welfare_pct.items() if c != "ROW"}
    ranked = sorted(welfare, key=lambda c: -abs(welfare[c]))[:MOST]
    ranked = sorted((c for c in ranked if abs(welfare[c]) >= VISIBLE), key=lambda c: -welfare[c])
    if not ranked:
        return None
    pair = (q.focal, q.offerer)
    others = [c for c in ranked if c not in pair]
    when = f"If {spoken(q.focal)} {'followed this answer' if key == 'answer' else 'went all the way'}"
    said = []
    up = [c for c in others if welfare[c] > 0]
    down = [c for c in reversed(others) if welfare[c] < 0]
    if up:
        said.append(f"{spoken(up[0])} would gain most ({n.percent(welfare[up[0]], sign=True)})")
    if down:
        said.append(
            f"{spoken(down[0])} {'lose' if up else 'would lose'} most ({n.percent(welfare[down[0]], sign=True)})"
        )
    title = f"{when}, {n.joined(said)} among the others" if said else f"{when}, no other state would notice"
    counted = sum(abs(w) >= 0.01 for c, w in welfare.items() if c not in pair)
    return Figure(
        id="world",
        title=title,
        note=f"Below the map: the {len(ranked)} states whose real income changes most, reply included; median over the "
        "elasticity sets. "
        f"{counted} of the {len(welfare) - 2} other states change by 0.01 % or more. {draw_map.BOUNDARIES}",
        source="Multialign, from the sources and assumptions listed below; map: Natural Earth",
        panels=(
            Panel(
                "Real income a year, %, all states", _mapped(welfare, answer, WIDE), _mapped(welfare, answer, NARROW)
            ),
            Panel(
                "Real income a year, %, those that change most",
                _ranked(ranked, welfare, answer, WIDE),
                _ranked(ranked, welfare, answer, NARROW),
            ),
        ),
        table=Table(
            heads=("State", "Real income, %"), rows=tuple((name(c), n.number(welfare[c], sign=True)) for c in ranked)
        ),
    )


def _mapped(welfare: dict[str, float], answer: Answer, width: float) -> str:
    q = answer.question
    return draw_map.world_map(
        welfare,
        uid=f"world-map-{width:g}",
        title="Change of real income, state by state",
        shades=draw_map.two_sided(welfare.values(), VISIBLE),
        said=lambda v: n.percent(v, sign=True),
        unit="%",
        width=width,
        outlined={q.focal: "must answer", q.offerer: "offers", q.third: "may reply"},
    )


def _ranked(ranked: list[str], welfare: dict[str, float], answer: Answer, width: float) -> str:
    q = answer.question
    css = {q.focal: "focal", q.offerer: "offerer", q.third: "third"}
    left, row = (150.0 if width > NARROW else 130.0), 24.0
    values = [welfare[c] for c in ranked]
    marks = ticks(min(0.0, *values), max(0.0, *values), 5 if width > NARROW else 4)
    gap = 52.0
    x = Scale(marks[0], marks[-1], left + (gap if marks[0] < 0 else 0), width - gap)
    bottom = 4 + row * len(ranked)
    d = Drawing(
        width,
        bottom + 6,
        uid=f"world-{width:g}",
        title="Change of real income",
        desc="; ".join(f"{name(c)}: {welfare[c]:+.3f} %" for c in ranked),
    )
    d.line(x(0), 2, x(0), bottom, "axis")
    for k, c in enumerate(ranked):
        y = 4 + row * (k + 0.5)
        v = welfare[c]
        colour = css.get(c, "o1")
        d.text(left - 6, y + 4, shorten(name(c), left - 4, 11), f"t s k-{colour}" if c in css else "t s", anchor="end")
        d.rect(x(0), y - 8, x(v) - x(0), 16, f"fill {colour}")
        if v >= 0:
            d.text(x(v) + 5, y + 4, n.number(v, sign=True), "t s")
        else:
            d.text(x(v) - 5, y + 4, n.number(v, sign=True), "t s", anchor="end")
    return d.render()

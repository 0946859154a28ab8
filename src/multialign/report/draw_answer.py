"""Figures of the answer: how far by domain, what each answer is worth to whom, and the break-even of the discount."""

from __future__ import annotations

from collections.abc import Sequence

from multialign.report import numbers as n
from multialign.report import words
from multialign.report.figure import Figure, Panel, Table
from multialign.report.names import spoken, with_names
from multialign.report.svg import NARROW, WIDE, Drawing, Scale, shorten, text_width, ticks
from multialign.respond.model import Answer, Band, BreakEven, Payoff

VERDICTS = {"further": "go further", "stay": "stay as today", "back": "step back", "open": "the draws do not agree"}
ORDER = ("cut", "stay", "answer", "all")
MODEL = "Multialign, from the sources and assumptions listed below"


def depths(answer: Answer) -> Figure:
    """The best depth in each domain with its band, beside today's, and how the draws divide."""
    rows = []
    for d, x in answer.depth.items():
        stay = max(1.0 - x.further - x.back, 0.0)
        rows.append(
            (
                d,
                n.depth(x.today),
                n.depth(x.median),
                f"{n.depth(x.low)} to {n.depth(x.high)}",
                n.share(x.back),
                n.share(stay),
                n.share(x.further),
                VERDICTS[x.verdict] if x.known else "no data",
            )
        )
    return Figure(
        id="depths",
        title=_depths_finding(answer),
        note="First: 0 is no tie, 1 is without limits; the bar holds 80 % of the draws, the dot is their median, "
        "the upright "
        "line is today. Second: the share of the draws in which it is best to step back, to stay, or to go further."
        + (
            f" Grey at the right: more than {spoken(answer.question.offerer)} can serve."
            if any(x.known and x.most < 0.995 for x in answer.depth.values())
            else ""
        ),
        source=MODEL,
        panels=(
            Panel("Best depth, 0 to 1", _intervals(answer)),
            Panel("Share of the draws, per cent", _divided(answer)),
        ),
        table=Table(
            heads=("Domain", "Today", "Best", "80 % band", "Step back", "Stay", "Go further", "Verdict"),
            rows=tuple(rows),
        ),
    )


def _depths_finding(answer: Answer) -> str:
    by: dict[str, list[str]] = {}
    for d, x in answer.depth.items():
        if x.known:
            by.setdefault(x.verdict, []).append(d)
    total = sum(len(v) for v in by.values())
    heads = {"stay": "Staying as today", "further": "Going further", "back": "Stepping back"}
    said: list[str] = []
    for verdict, head in heads.items():
        if verdict in by:
            where = "every domain" if len(by[verdict]) == total and total > 1 else n.joined(by[verdict])
            said.append(f"{head if not said else head.lower()} is best in {where}")
    if "open" in by:
        said.append(f"{'the' if said else 'The'} draws do not agree on {n.joined(by['open'])}")
    return n.joined(said) if said else "There are no data on any domain"


def _intervals(answer: Answer) -> str:
    left, right, row = 84.0, NARROW - 14.0, 38.0
    x = Scale(0.0, 1.0, left, right)
    bottom = 12 + row * len(answer.depth)
    d = Drawing(
        NARROW,
        bottom + 34,
        uid="depth-intervals",
        title="Best depth by domain",
        desc="; ".join(
            f"{k}: best {v.median:.2f}, 80 % band {v.low:.2f} to {v.high:.2f}, today {v.today:.2f}"
            for k, v in answer.depth.items()
        ),
    )
    for m in (0.0, 0.25, 0.5, 0.75, 1.0):
        d.line(x(m), 8, x(m), bottom, "grid")
        d.text(x(m), bottom + 15, f"{m:g}", "t s", anchor="middle")
    d.text(left, bottom + 29, "no tie", "t s", anchor="start")
    d.text(right, bottom + 29, "without limits", "t s", anchor="end")
    for k, (domain, v) in enumerate(answer.depth.items()):
        y = 14 + row * (k + 0.5)
        d.text(left - 9, y + 4, domain, "t", anchor="end")
        if not v.known:
            d.text(left + 6, y + 4, "no data", "t s")
            continue
        if v.most < 0.995:
            d.rect(x(v.most), y - 10, right - x(v.most), 20, "barred", f"more than the offerer can serve: {v.most:.2f}")
        d.rect(x(v.low), y - 5, max(x(v.high) - x(v.low), 2), 10, "fill pale best")
        d.line(x(v.today), y - 12, x(v.today), y + 12, "today")
        d.dot(x(v.median), y, 5, "fill best ring", f"{domain}: best {v.median:.2f}")
        if k == 0:
            at = x(v.today)
            d.halo_text(
                at + 5 if at < right - 60 else at - 5,
                y - 9,
                "today",
                "t s",
                anchor="start" if at < right - 60 else "end",
            )
    return d.render()


def _divided(answer: Answer) -> str:
    left, right, row = 84.0, NARROW - 14.0, 38.0
    x = Scale(0.0, 1.0, left, right)
    bottom = 12 + row * len(answer.depth)
    ways = (("back", "step back"), ("stay", "stay"), ("further", "go further"))
    d = Drawing(
        NARROW,
        bottom + 34,
        uid="depth-shares",
        title="How the draws divide",
        desc="; ".join(
            f"{k}: step back {v.back:.0%}, stay {max(1 - v.further - v.back, 0):.0%}, go further {v.further:.0%}"
            for k, v in answer.depth.items()
        ),
    )
    for k, (domain, v) in enumerate(answer.depth.items()):
        y = 14 + row * (k + 0.5)
        d.text(left - 9, y + 4, domain, "t", anchor="end")
        if not v.known:
            d.text(left + 6, y + 4, "no data", "t s")
            continue
        at = 0.0
        for way, word in ways:
            size = {"back": v.back, "further": v.further}.get(way, max(1 - v.further - v.back, 0.0))
            if size <= 0:
                continue
            d.rect(x(at), y - 10, x(size) - x(0), 20, f"fill way-{way}", f"{domain}: {word} {n.share(size)}")
            label = n.share(size).replace(" %", "")
            if x(size) - x(0) > text_width(label, 11) + 6:
                d.text(x(at + size / 2), y + 4, label, f"t s on-{way}", anchor="middle")
            at += size
    at = left
    for way, word in ways:
        d.rect(at, bottom + 12, 11, 11, f"fill way-{way}")
        d.text(at + 16, bottom + 21.5, word, "t s")
        at += 16 + text_width(word, 11) + 18
    return d.render()


def payoffs(answer: Answer) -> Figure:
    """What each answer is worth to each party, term by term, with the band of the total."""
    q = answer.question
    codes = q.parties
    table = []
    for key in ORDER:
        choice = answer.payoffs[key]
        for p in choice.payoffs:
            table.append((choice.name, p.name, "total", *_cells(p.total), ""))
            for t in p.terms:
                money = "" if t.musd is None else n.usd(t.musd.median, sign=True)
                table.append((choice.name, p.name, with_names(t.label, codes), *_cells(t.pct), money))
    parties = answer.payoffs["all"].payoffs
    extents = {p.role: _extent(answer, p.role) for p in parties}
    sizes = {role: high - low for role, (low, high) in extents.items()}
    widest = max(sizes.values())
    shared = [extents[role] for role in sizes if sizes[role] >= widest / 4]
    together = (min(e[0] for e in shared), max(e[1] for e in shared))
    panels = []
    for p in parties:
        own = sizes[p.role] < widest / 4
        finer = f" (scale {n.plain(widest / sizes[p.role], 0)} times finer)" if own else ""
        extent = extents[p.role] if own else together
        panels.append(
            Panel(
                f"{p.name}: % of real income a year{finer}",
                _bars(answer, p, extent, WIDE),
                _bars(answer, p, extent, NARROW),
            )
        )
    return Figure(
        id="payoffs",
        title=_payoffs_finding(answer),
        note="Against staying as today. Bars are the terms' medians, stacked; the dot is the median of the total "
        "and the line "
        "its 80 % band. Medians of terms need not add up to the median of the total.",
        source=MODEL,
        panels=tuple(panels),
        table=Table(
            heads=("Answer", "Party", "Term", "% of real income", "80 % band", "USD a year"), rows=tuple(table), text=3
        ),
    )


def _cells(b: Band) -> tuple[str, str]:
    return n.plain(b.median, n.band_places(b), sign=True), n.interval(b, sign=True)


def _extent(answer: Answer, role: str) -> tuple[float, float]:
    """The least and the greatest value of a party's bars and bands, zero included, %."""
    low, high = -1e-9, 1e-9
    for key in ORDER:
        for p in answer.payoffs[key].payoffs:
            if p.role == role:
                low = min(low, p.total.low, sum(min(t.pct.median, 0.0) for t in p.terms))
                high = max(high, p.total.high, sum(max(t.pct.median, 0.0) for t in p.terms))
    return low, high


def _payoffs_finding(answer: Answer) -> str:
    q = answer.question
    me = spoken(q.focal)
    totals = {k: next(p for p in answer.payoffs[k].payoffs if p.role == "focal").total for k in ORDER}
    if not words.moves(answer):
        both = [k for k in ("cut", "all") if totals[k].median < 0]
        said = n.joined([words.ANSWERS[k] for k in ("all", "cut") if k in both])
        if both:
            sure = all(totals[k].high < 0 for k in both)
            head = f"both {said}" if len(both) == 2 else said
            text = f"{head} would {'' if sure else 'more likely than not '}leave {me} worse off than staying as today"
            return text[:1].upper() + text[1:]
        return f"What each answer is worth to {me} and the others"
    best = max(("stay", "answer", "all", "cut"), key=lambda k: totals[k].median)
    if best == "answer":
        return (
            f"Of the four answers compared, the one given here is worth most to {me}: "
            f"{n.percent_band(totals['answer'])}"
        )
    return f"The answer is worth {n.percent_band(totals['answer'])} of real income to {me}"


def _bars(answer: Answer, party: Payoff, extent: tuple[float, float], width: float) -> str:
    left, row = (126.0 if width > NARROW else 88.0), 34.0
    right = width - 22
    keys = [k for k in ORDER if k != "stay" and (k != "answer" or words.moves(answer))]
    marks = ticks(*extent, 7 if width > NARROW else 4)
    x = Scale(marks[0], marks[-1], left, right)
    bottom = 8 + row * len(keys)
    size = "w" if width > NARROW else "n"
    rows = [(k, next(p for p in answer.payoffs[k].payoffs if p.role == party.role)) for k in keys]
    codes = answer.question.parties
    lines = _legend_lines([(t.name, with_names(t.label, codes)) for t in party.terms], width - 14)
    d = Drawing(
        width,
        bottom + 24 + 18 * len(lines),
        uid=f"payoffs-{party.role}-{size}",
        title=f"What each answer is worth to {spoken(party.party)}",
        desc="; ".join(
            f"{answer.payoffs[k].name}: {p.total.median:.3f} %, 80 % band {p.total.low:.3f} to {p.total.high:.3f}"
            for k, p in rows
        ),
    )
    for m in marks:
        d.line(x(m), 4, x(m), bottom, "axis" if abs(m) < 1e-12 else "grid")
        d.text(x(m), bottom + 15, n.plain(m, _places(marks), sign=True), "t s", anchor="middle")
    for k, (key, p) in enumerate(rows):
        y = 8 + row * k + row / 2
        d.text(left - 8, y + 4, answer.payoffs[key].name, "t", anchor="end")
        up = down = 0.0
        for t in p.terms:
            v = t.pct.median
            start = up if v >= 0 else down
            if abs(v) > 1e-7:
                d.rect(x(start), y - 9, x(start + v) - x(start), 18, f"fill term-{t.name}", f"{t.label}: {v:+.3f} %")
            up, down = (up + v, down) if v >= 0 else (up, down + v)
        d.line(x(p.total.low), y, x(p.total.high), y, "whisker")
        for end in (p.total.low, p.total.high):
            d.line(x(end), y - 5, x(end), y + 5, "whisker")
        d.dot(x(p.total.median), y, 4.5, "total")
    for k, line in enumerate(lines):
        at, y = 8.0, bottom + 36 + 18 * k
        for name, label in line:
            d.rect(at, y - 9, 11, 11, f"fill term-{name}")
            d.text(at + 16, y + 0.5, label, "t s")
            at += 16 + text_width(label, 11) + 12
    return d.render()


def _places(marks: Sequence[float]) -> int:
    for places in range(5):
        if all(abs(round(m, places) - m) < 1e-9 for m in marks):
            return places
    return 5


def _legend_lines(items: Sequence[tuple[str, str]], room: float) -> list[list[tuple[str, str]]]:
    lines: list[list[tuple[str, str]]] = [[]]
    used = 0.0
    for name, label in items:
        need = 28 + text_width(label, 11)
        if lines[-1] and used + need > room:
            lines.append([])
            used = 0.0
        lines[-1].append((name, shorten(label, room - 20, 11)))
        used += need
    return lines


def break_even(answer: Answer) -> Figure | None:
    """The discount that just pays for an extra tariff, against today's; None where no crude is bought."""
    b, q = answer.break_even, answer.question
    if b is None or not words.can_break_even(b):
        return None
    rows = tuple(
        (
            f"{p.tariff_points:.0f}",
            n.plain(p.usd_per_barrel.median, 1),
            f"{n.plain(p.usd_per_barrel.low, 1)} to {n.plain(p.usd_per_barrel.high, 1)}",
            f"{n.plain(p.discount_pct.median, 1)} %",
        )
        for p in b.points
    )
    payable = [p for p in b.points if p.discount_pct.median <= 100.0]
    at = min(payable, key=lambda p: abs(p.tariff_points - 25))
    title = (
        f"An extra tariff of {at.tariff_points:.0f} points uses up a discount of "
        f"{n.usd_a_barrel(at.usd_per_barrel.median)}"
    )
    if b.today is not None and b.today > 0:
        title += f"; that of {b.year} was {n.usd_a_barrel(b.today)}"
    return Figure(
        id="break-even",
        title=title,
        note=f"The curve is the discount on crude from {spoken(q.offerer)} at which {spoken(q.focal)} neither "
        "gains nor loses; "
        "the band holds 80 % of the elasticity sets. Above it the discount is worth the tariff. To first order "
        "in the "
        f"discount, at {n.number(b.barrels)} million barrels a year and {n.usd_a_barrel(b.price)}.",
        source=MODEL,
        panels=(
            Panel(
                "Discount needed, USD a barrel, by extra tariff, percentage points",
                _curve(b, answer, WIDE),
                _curve(b, answer, NARROW),
            ),
        ),
        table=Table(heads=("Extra tariff, points", "USD a barrel", "80 % band", "% of the price"), rows=rows, text=0),
    )


def _curve(b: BreakEven, answer: Answer, width: float) -> str:
    left, right, top, bottom = 40.0, width - 14.0, 26.0, 236.0
    most = max([p.usd_per_barrel.high for p in b.points] + [b.today or 0.0])
    marks = ticks(0.0, most, 5)
    y = Scale(0.0, marks[-1], bottom, top)
    last = b.points[-1].tariff_points
    x = Scale(0.0, last, left, right)
    d = Drawing(
        width,
        bottom + 40,
        uid=f"curve-{width:g}",
        title="Discount that pays for an extra tariff",
        desc="; ".join(f"{p.tariff_points:.0f} points: USD {p.usd_per_barrel.median:.1f}" for p in b.points),
    )
    for m in marks:
        d.line(left, y(m), right, y(m), "grid")
        d.text(left - 6, y(m) + 4, f"{m:g}", "t s", anchor="end")
    for m in ticks(0.0, last, 5):
        d.text(x(m), bottom + 16, f"{m:g}", "t s", anchor="middle")
    d.text((left + right) / 2, bottom + 33, "extra tariff, percentage points", "t s", anchor="middle")
    d.text(2, 11, "USD a barrel", "t s")
    pts = [(0.0, 0.0, 0.0, 0.0)]
    pts += [(p.tariff_points, p.usd_per_barrel.median, p.usd_per_barrel.low, p.usd_per_barrel.high) for p in b.points]
    d.path(
        [(x(t), y(lo)) for t, _, lo, _ in pts] + [(x(t), y(hi)) for t, _, _, hi in reversed(pts)], "area", closed=True
    )
    d.path([(x(t), y(m)) for t, m, _, _ in pts], "ln best")
    if b.today is not None and b.today > 0:
        d.line(left, y(b.today), right, y(b.today), "ref offerer-ref")
        d.halo_text(right, y(b.today) - 5, f"discount of {b.year}: {b.today:.1f}", "t s k-offerer", anchor="end")
    whole = answer.payoffs["all"]
    if words.replied(whole):
        at = x(min(whole.reply.median, last))
        d.line(at, top - 8, at, bottom, "ref third-ref")
        label = "reply expected to going all the way" if width > NARROW else "reply to all the way"
        worth = "" if words.reply_kinds(answer, "all") == ["tariff"] else "worth "
        d.halo_text(at - 5, top - 12, f"{label}: {worth}{whole.reply.median:.0f}", "t s k-third", anchor="end")
    return d.render()

"""Figures of where the ties stand: shares by domain, and both accounts."""

from __future__ import annotations

from collections.abc import Sequence

from multialign.report import numbers as n
from multialign.report.figure import Figure, Panel, Table
from multialign.report.names import spoken
from multialign.report.svg import NARROW, WIDE, Drawing, Scale, shorten, spread, text_width, ticks
from multialign.ties import Tie, Ties

PANEL = NARROW
"""Width of a small multiple: two stand side by side on a page, one on a phone."""
SOURCES = "OECD Inter-Country Input-Output tables (trade, technology); CEPII BACI (energy); SIPRI (arms); UN votes"
WHAT = {
    "trade": "Trade, all goods and services",
    "energy": "Energy: crude, gas, coal",
    "arms": "Major arms",
    "technology": "Technology goods and software",
    "diplomacy": "Distance in UN votes (0 = alike)",
}
DOMAIN_GOODS = {"trade": "goods and services", "energy": "energy", "arms": "arms", "technology": "technology"}
FIRST_YEAR = 2000


def colours(ties: Ties, offerer: str | None, third: str | None) -> dict[str, str]:
    """Class of each partner's colour: the offerer and the third power have their own, others share greys."""
    others = iter(("o1", "o2", "o3", "o4", "o5", "o6"))
    first, second, *_ = (*ties.partners, None, None)
    # Without an offer the first two partners stand out.
    fixed = {offerer or first: "offerer", third or second: "third"}
    return {p: fixed.get(p) or next(others, "o6") for p in ties.partners}


def shares(ties: Ties, offerer: str | None, third: str | None) -> Figure:
    """Each partner's share in what the state buys abroad, by domain: over time where there is a record."""
    css = colours(ties, offerer, third)
    panels = []
    for domain, title in WHAT.items():
        rows = [t for t in ties.ties if t.domain == domain]
        if not any(t.share_of_imports is not None or t.distance is not None for t in rows):
            continue
        timed = [t for t in rows if t.trend and len([p for p in t.trend if _y(p) is not None]) >= 2]
        head = title if domain == "diplomacy" else f"{title}: share of what {ties.state_name} buys abroad"
        draw = _lines(ties, domain, timed, css) if timed else _bars(ties, domain, rows, css)
        panels.append(Panel(heading=head, wide=draw))
    lead = offerer or next(iter(ties.partners))
    return Figure(
        id="ties",
        title=_shares_finding(ties, lead),
        note="Lines where there is a record over time; bars for the single year of the input-output tables: dark for "
        f"what {spoken(ties.state)} buys, light for what it sells. UN votes are distances between ideal points.",
        source=SOURCES,
        panels=tuple(panels),
        table=_shares_table(ties),
    )


def _y(point: object) -> float | None:
    share = getattr(point, "share", None)
    return share if share is not None else getattr(point, "value", None)


def _shares_finding(ties: Ties, lead: str) -> str:
    found = [(t.domain, t.share_of_imports) for t in ties.ties if t.partner == lead and t.share_of_imports is not None]
    if not found:
        return f"What is known of the ties of {spoken(ties.state)}"
    found.sort(key=lambda f: -(f[1] or 0.0))
    top = [f"{n.share(s or 0.0)} of the {DOMAIN_GOODS[d]}" for d, s in found[:2]]
    text = f"{spoken(lead)} supplies {n.joined(top)} that {spoken(ties.state)} buys abroad"
    if len(found) > 2:
        text += f", but {n.share(found[-1][1]) if found[-1][1] else 'none'} of the {DOMAIN_GOODS[found[-1][0]]}"
    return text[:1].upper() + text[1:]


def _shares_table(ties: Ties) -> Table:
    rows = []
    for t in ties.ties:
        past = ""
        if t.change is not None:
            unit = " points" if t.domain != "diplomacy" else ""
            past = f"{n.plain(t.change.value, 1 if unit else 2, sign=True)}{unit} since {t.change.since}"
        rows.append(
            (
                t.partner_name,
                t.domain,
                "-" if t.share_of_imports is None else n.share(t.share_of_imports),
                "-" if t.share_of_exports is None or t.domain == "arms" else n.share(t.share_of_exports),
                "-" if t.distance is None else f"{t.distance:.2f}",
                "-" if t.depth is None else n.depth(t.depth),
                t.period,
                past or "-",
            )
        )
    return Table(
        heads=(
            "Partner",
            "Domain",
            "Share of purchases abroad",
            "Share of sales abroad",
            "Distance in votes",
            "Depth",
            "Period",
            "Change",
        ),
        rows=tuple(rows),
        text=2,
    )


def _short(period: str) -> str:
    """'2020-2024' -> '2020–24'."""
    first, dash, last = period.partition("-")
    return f"{first}–{last[-2:]}" if dash else period


def _lines(ties: Ties, domain: str, rows: Sequence[Tie], css: dict[str, str]) -> str:
    """A line for each partner, named at its end."""
    votes = domain == "diplomacy"
    series = {}
    for t in rows:
        points = [(p.period, _y(p)) for p in t.trend or ()]
        series[t] = [(k, v if votes else 100.0 * v) for k, v in points if v is not None and int(k[:4]) >= FIRST_YEAR]
    periods = sorted({k for pts in series.values() for k, _ in pts})
    height, top, bottom = 210.0, 22.0, 182.0
    names = {t: t.partner_name.replace(" (other members)", "") for t in rows}
    right = PANEL - max(text_width(shorten(v, 104, 11), 11) for v in names.values()) - 10
    most = max(v for pts in series.values() for _, v in pts)
    marks = ticks(0.0, most, 4)
    y = Scale(0.0, marks[-1], bottom, top)
    x = Scale(0, max(len(periods) - 1, 1), 34, right)
    place = {p: x(k) for k, p in enumerate(periods)}
    d = Drawing(
        PANEL,
        height,
        uid=f"ties-{domain}",
        title=WHAT[domain],
        desc="; ".join(
            f"{names[t]}: {pts[-1][1]:.{2 if votes else 1}f}{'' if votes else ' %'} in {pts[-1][0]}, "
            f"{pts[0][1]:.{2 if votes else 1}f}{'' if votes else ' %'} in {pts[0][0]}"
            for t, pts in series.items()
            if pts
        ),
    )
    for m in marks:
        d.line(34, y(m), right, y(m), "grid")
        d.text(29, y(m) + 4, f"{m:g}", "t s", anchor="end")
    d.text(2, 11, "distance" if votes else "per cent", "t s")
    edge = len(periods) - 1
    need = text_width(_short(periods[0]), 11) + 9
    for k in _label_places([place[p] for p in periods], need):
        anchor = "start" if k == 0 else "end" if k == edge else "middle"
        d.text(
            place[periods[k]] + (-8 if k == 0 else 8 if k == edge else 0),
            bottom + 17,
            _short(periods[k]),
            "t s",
            anchor=anchor,
        )
    ends = spread([y(pts[-1][1]) for pts in series.values()], 14, top, bottom)
    for (t, pts), at in sorted(zip(series.items(), ends, strict=True), key=lambda z: css[z[0][0].partner] < "o9"):
        colour = css[t.partner]
        d.path([(place[k], y(v)) for k, v in pts], f"ln {colour}")
        d.dot(place[pts[-1][0]], y(pts[-1][1]), 3, f"fill {colour}", f"{names[t]} {pts[-1][0]}: {pts[-1][1]:.2f}")
        d.text(right + 7, at + 4, shorten(names[t], 104, 11), f"t s k-{colour}")
    return d.render()


def _label_places(at: Sequence[float], need: float) -> list[int]:
    """Which of the labels at these px to write, each `need` px wide: the first, the last and what fits between at even
    steps."""
    last = len(at) - 1
    for step in range(1, last + 1):
        if last % step:
            continue
        shown = list(range(0, last + 1, step))
        # The first and the last label stand inside the axis' ends, so their neighbours need half a label more.
        if len(shown) == 2 or at[step] - at[0] >= 1.5 * need - 8:
            return shown
    return [0]


def _bars(ties: Ties, domain: str, rows: Sequence[Tie], css: dict[str, str]) -> str:
    """Two bars for each partner: its share in purchases and in sales."""
    known = [t for t in rows if t.share_of_imports is not None]
    left, row = 104.0, 34.0
    height = 26 + row * len(known)
    most = max(max(t.share_of_imports or 0.0, t.share_of_exports or 0.0) for t in known) or 1.0
    x = Scale(0.0, most, left, PANEL - 62)
    d = Drawing(
        PANEL,
        height,
        uid=f"ties-{domain}",
        title=f"{WHAT[domain]}, {known[0].period}",
        desc="; ".join(
            f"{t.partner_name}: {n.share(t.share_of_imports or 0)} of purchases, "
            f"{n.share(t.share_of_exports or 0)} of sales"
            for t in known
        ),
    )
    d.text(left, 11, f"per cent, {known[0].period}", "t s")
    for k, t in enumerate(known):
        top = 20 + row * k
        colour = css[t.partner]
        name = t.partner_name.replace(" (other members)", "")
        d.text(left - 7, top + 18, shorten(name, left - 10, 11), f"t s k-{colour}", anchor="end")
        for at, value, kind in ((top, t.share_of_imports, "fill"), (top + 14, t.share_of_exports, "fill pale")):
            if value is None:
                continue
            d.rect(left, at, max(x(value) - left, 1), 12, f"{kind} {colour}")
            verb = "buys" if kind == "fill" else "sells"
            d.text(max(x(value), left + 1) + 5, at + 10, n.share(value) + (f" {verb}" if k == 0 else ""), "t s")
    return d.render()


def accounts(ties: Ties, offerer: str | None, third: str | None) -> Figure | None:
    """What the state buys from and sells to the offerer and the third power, billion USD a year."""
    pair = [p for p in (offerer, third) if p is not None and p in ties.partners] or list(ties.partners)[:2]
    rows = [ties.tie(p, "trade") for p in pair]
    rows = [t for t in rows if t.imports is not None and t.exports is not None]
    if not rows:
        return None
    css = colours(ties, offerer, third)
    me = spoken(ties.state)
    table = [
        (
            t.partner_name,
            n.usd(t.imports or 0),
            n.usd(t.exports or 0),
            n.usd(t.balance or 0, sign=True),
            f"{t.period}",
        )
        for t in rows
    ]
    return Figure(
        id="accounts",
        title=_accounts_finding(ties, rows),
        note=f"All goods and services at producer prices, {rows[0].period}; what {me} buys and what it sells.",
        source="OECD Inter-Country Input-Output tables, 2025 edition",
        panels=(Panel("USD billion a year", _accounts(ties, rows, css, WIDE), _accounts(ties, rows, css, NARROW)),),
        table=Table(heads=("Partner", "Buys", "Sells", "Balance", "Year"), rows=tuple(table)),
    )


def _accounts_finding(ties: Ties, rows: Sequence[Tie]) -> str:
    said = []
    for t in rows:
        buys, sells = t.imports or 0.0, t.exports or 0.0
        who = spoken(t.partner)
        big, small = max(buys, sells), max(min(buys, sells), 1e-9)
        if big / small < 1.25:
            said.append(f"buys from {who} about as much as it sells to it")
            continue
        ratio = n.number(big / small) if big / small < 100 else "over 100"
        if buys > sells:
            said.append(f"buys from {who} {ratio} times what it sells to it")
        else:
            said.append(f"sells to {who} {ratio} times what it buys from it")
    text = f"{spoken(ties.state)} {n.joined(said)}"
    return text[:1].upper() + text[1:]


def _accounts(ties: Ties, rows: Sequence[Tie], css: dict[str, str], width: float) -> str:
    left, row = (140.0 if width > NARROW else 106.0), 52.0
    most = max(max(t.imports or 0.0, t.exports or 0.0) for t in rows) or 1.0
    x = Scale(0.0, most, left, width - 66)
    d = Drawing(
        width,
        row * len(rows) + 4,
        uid=f"accounts-{width:g}",
        title=f"Accounts of {ties.state_name}",
        desc="; ".join(f"{t.partner_name}: buys {n.usd(t.imports or 0)}, sells {n.usd(t.exports or 0)}" for t in rows),
    )
    for k, t in enumerate(rows):
        top = row * k + 4
        colour = css[t.partner]
        d.text(left - 8, top + 24, shorten(t.partner_name, left - 10), f"t b k-{colour}", anchor="end")
        for at, value, word, kind in (
            (top, t.imports or 0.0, "buys", "fill"),
            (top + 20, t.exports or 0.0, "sells", "fill pale"),
        ):
            d.rect(left, at, max(x(value) - left, 1), 17, f"{kind} {colour}")
            d.text(max(x(value), left + 1) + 5, at + 13, f"{word} {n.number(value / 1e3)}", "t s")
    return d.render()

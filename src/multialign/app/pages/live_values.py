"""The sliders' values: where they start, the position they stand for, what stands beside them, and their address."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from multialign.app import address
from multialign.app.live import Live, Position
from multialign.errors import InputError
from multialign.report import numbers as n
from multialign.respond.question import MOST_OFFERS, MOST_PRESSURES
from multialign.respond.ranges import UNKNOWNS
from multialign.ties.flows import DOMAINS

WEIGHTS = ("autonomy", "tie", "step")
STEPS = 20
"""Steps of a weight's slider, from its least to its greatest value; at 0 it is drawn, as in the answer."""
MOST_TARIFF = 100
RIVALS = tuple(range(1, MOST_OFFERS))
"""Places of the offers that compete with the first."""
THIRDS = tuple(range(1, MOST_PRESSURES))
"""Places of the third powers after the main one."""
MARKETS = ("trade", "energy", "technology", "arms")
FIELDS = (
    *(f"d.{d}" for d in DOMAINS), "discount", "tariff", *(f"w.{w}" for w in WEIGHTS),
    *(f"d{g}.{d}" for g in RIVALS for d in DOMAINS), *(f"tariff{k}" for k in THIRDS), "embargo",
)  # fmt: skip
"""Their names in an address."""


def starting(
    live: Live, picks: Mapping[str, float], rivals: Mapping[str, Mapping[str, float]] | None = None
) -> list[Any]:
    """Where the sliders stand for the answer itself: its depths, no further discount, the replies as they would be."""
    today = live.today
    depths = [round(100 * picks.get(d, today[d])) for d in DOMAINS]
    others: list[int] = []
    for g in RIVALS:
        j = live.rivals[g - 1] if g <= len(live.rivals) else None
        best = {**(live.today_with(j) if j else {}), **(rivals or {}).get(j or "", {})}
        others += [round(100 * best.get(d, 0.0)) for d in DOMAINS]
    return [*depths, 0, -1, *[0] * len(WEIGHTS), *others, *[-1] * len(THIRDS), []]


def position_of(values: list[Any], live: Live) -> Position:
    """The position of the sliders. Raises InputError for values that no slider gives."""
    numbers: dict[str, float] = {}
    for name, value, (low, high) in zip(FIELDS, values[:-1], _bounds(), strict=False):
        if not _counts(name, live):
            continue
        try:
            number = float(value)
        except (TypeError, ValueError):
            number = math.nan
        if not low <= number <= high:
            raise InputError(f"is {str(value)[:20]!r}", field=name, hint=f"a number from {low:g} to {high:g}")
        numbers[name] = number
    embargo = set(values[-1] or [])

    def depths(head: str, today: Mapping[str, float], cut: set[str]) -> tuple[tuple[str, float], ...]:
        # A slider has whole steps; at the step of today's depth it stands for today's depth itself.
        wanted = {d: numbers[f"{head}.{d}"] for d in DOMAINS}
        kept = {d: today[d] if round(100 * today[d]) == x else x / 100.0 for d, x in wanted.items()}
        return tuple((d, 0.0 if d in cut else a) for d, a in kept.items())

    low, high = live.discounts
    tariffs = [numbers.get(f"tariff{k}", -1.0) / 100.0 for k in THIRDS]
    return Position(
        depths("d", live.today, embargo),
        min(max(numbers["discount"] / 100.0, low), high),
        None if numbers["tariff"] < 0 else numbers["tariff"] / 100.0,
        tuple((w, weight(w, numbers[f"w.{w}"])) for w in WEIGHTS if numbers[f"w.{w}"] > 0),
        tuple((j, depths(f"d{g}", live.today_with(j), set())) for g, j in enumerate(live.rivals, start=1)),
        tuple((by, t) for by, t in zip(live.thirds[1:], tariffs, strict=False) if t >= 0),
    )


def _counts(field: str, live: Live) -> bool:
    """Whether a slider is one of this question's: a party stands behind it."""
    if field[:1] == "d" and field[1:2].isdigit():
        return int(field[1]) <= len(live.rivals)
    return not field.startswith("tariff") or field == "tariff" or int(field[6:]) < len(live.thirds)


def _bounds() -> list[tuple[float, float]]:
    depth, tariff = (0.0, 100.0), (-1.0, float(MOST_TARIFF))
    return [
        *[depth] * len(DOMAINS), (-10.0, 30.0), tariff, *[(0.0, float(STEPS))] * len(WEIGHTS),
        *[depth] * (len(DOMAINS) * len(RIVALS)), *[tariff] * len(THIRDS),
    ]  # fmt: skip


def weight(name: str, step: float) -> float:
    """The value of a weight at a step of its slider, 1 to `STEPS`, even in its own scale."""
    u = UNKNOWNS[name]
    part = (step - 1) / (STEPS - 1)
    if u.scale == "log":
        return float(u.low * (u.high / u.low) ** part)
    return float(u.low + (u.high - u.low) * part)


def told(values: list[Any], live: Live) -> list[str]:
    """What stands beside each slider; nothing beside those without a party."""
    embargo = set(values[-1] or [])
    out = []
    for name, value in zip(FIELDS, values[:-1], strict=False):
        head, _, what = name.partition(".")
        if not _counts(name, live):
            out.append("")
        elif head == "d" or head in {f"d{g}" for g in RIVALS}:
            today = live.today if head == "d" else live.today_with(live.rivals[int(head[1:]) - 1])
            depth = 0.0 if head == "d" and what in embargo else float(value) / 100.0
            out.append(f"{depth:.2f} (today {today[what]:.2f})")
        elif head == "discount":
            none = live.discounts == (0.0, 0.0)
            out.append("no crude is sold" if none else f"{n.plain(float(value), 0, sign=True)} %")
        elif head == "w":
            unit = "" if what == "step" else " %"
            out.append("as drawn" if float(value) <= 0 else f"{weight(what, float(value)):.2f}{unit}")
        else:
            out.append("as it would choose" if float(value) < 0 else f"{float(value):.0f}")
    return out


def pairs_of(values: list[Any], live: Live | None = None) -> list[tuple[str, str]]:
    """The sliders as fields of an address; those that stand where they begin are left out, depths apart, and so are
    those without a party."""
    out = []
    for name, value in zip(FIELDS, values[:-1], strict=False):
        if live is not None and not _counts(name, live):
            continue
        start = None if name.startswith("d") and name != "discount" else -1 if name.startswith("tariff") else 0
        if start is None or float(value) != start:
            out.append((name, f"{float(value):g}"))
    if values[-1]:
        out.append(("embargo", ",".join(str(v) for v in values[-1])))
    return out


def values_in(search: str | None, start: list[Any]) -> list[Any]:
    """The sliders as an address says, the rest as they start. Raises InputError for what no slider gives."""
    given = address.fields(search)
    out = list(start)
    for k, (name, (low, high)) in enumerate(zip(FIELDS, _bounds(), strict=False)):
        number = address.number(given, name, low, high)
        if number is not None:
            out[k] = round(number)
    embargo = (address.first(given, "embargo") or "").split(",")
    out[-1] = [d for d in embargo if d in MARKETS]
    return out

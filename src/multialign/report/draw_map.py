"""A map of the world as an SVG: countries shaded by a value, small ones as dots, with its key.

Shapes are Natural Earth's, in Equal Earth, so that areas compare (see ``scripts/build_map.py``). Shades step at round
numbers near the quantiles of what is shown, so that a few large values do not leave the rest blank.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any

from multialign.report import numbers as n
from multialign.report.names import name
from multialign.report.svg import WIDE, Drawing, text_width

BOUNDARIES = "Boundaries as in Natural Earth; they say nothing on anybody's status."
STEPS = (0.25, 0.6, 0.9)
"""Quantiles of the sizes at which the shades of a map of gains and losses step."""
LEVELS = (0.2, 0.4, 0.6, 0.8, 0.94)
"""The same for a map of sizes."""


@dataclass(frozen=True)
class Shades:
    """Which class a value gets. `breaks` rise; classes are named from the lowest value to the highest."""

    breaks: tuple[float, ...]
    classes: tuple[str, ...]

    def __call__(self, value: float | None) -> str:
        if value is None or not math.isfinite(value):
            return "none"
        return self.classes[sum(value >= b for b in self.breaks)]


@cache
def atlas() -> dict[str, Any]:
    """The shapes: width, height, shapes (ISO3 -> path), others (path), places (ISO3 -> x, y), dots (ISO3 codes)."""
    text = files("multialign.report").joinpath("data", "world_map.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


NOTHING_MOVES = 0.01
"""First limit of the shades where no state gains or loses."""


def two_sided(values: Iterable[float], least: float = 0.0) -> Shades:
    """Shades of gains (m1 to m3) and losses (l1 to l3) about a middle; sizes under `least` are of the middle."""
    sizes = sorted(abs(v) for v in values if math.isfinite(v) and abs(v) > max(least, 0.0))
    up = _rounded(sizes, STEPS) or [NOTHING_MOVES * k for k in (1.0, 2.0, 5.0)]
    while len(up) < 3:
        up.append(2.0 * up[-1])
    return Shades((-up[2], -up[1], -up[0], up[0], up[1], up[2]), ("l3", "l2", "l1", "mid", "m1", "m2", "m3"))


def one_sided(values: Iterable[float]) -> Shades:
    """Shades of sizes, s0 to s5."""
    known = [v for v in values if math.isfinite(v) and v > 0]
    # Next to nothing is next to nothing: it takes no shades from what can be seen.
    sizes = sorted(v for v in known if v > max(known) / 1000.0)
    up = _rounded(sizes, LEVELS) or [1.0]
    return Shades(tuple(up), tuple(f"s{min(k + (5 - len(up)), 5)}" for k in range(len(up) + 1)))


def _rounded(sizes: Sequence[float], quantiles: Sequence[float]) -> list[float]:
    out: list[float] = []
    for q in quantiles:
        if not sizes:
            break
        value = sizes[min(int(q * len(sizes)), len(sizes) - 1)]
        step = 10.0 ** math.floor(math.log10(value))
        near = min((m * step for m in (1, 2, 3, 5, 7, 10)), key=lambda m: abs(math.log(m / value)))
        if not out or near > out[-1] * 1.0001:
            out.append(near)
    return out


def world_map(
    values: Mapping[str, float],
    *,
    uid: str,
    title: str,
    shades: Shades,
    said: Callable[[float], str],
    unit: str,
    width: float = WIDE,
    outlined: Mapping[str, str] | None = None,
    live: bool = False,
) -> str:
    """The map as one <svg>.

    Parameters
    ----------
    values: by ISO3; countries without one are left pale. said: how a value is written. unit: of the key.
    outlined: ISO3 -> what it is, drawn with a strong border. live: give each country an id for pointers (data-code).
    """
    map_, outlined = atlas(), outlined or {}
    scale = width / map_["width"]
    high = map_["height"] * scale
    items = key(shades, unit)
    lines = _lines(items, width)
    known = [c for c in map_["places"] if c in values and math.isfinite(values[c])]
    ends = sorted(known, key=lambda c: values[c])
    desc = (
        f"{len(known)} countries; lowest {_told(ends[:3], values, said)}; highest {_told(ends[:-4:-1], values, said)}"
    )
    d = Drawing(width, high + 10 + 19 * len(lines), uid=uid, title=title, desc=desc if known else "no data")
    d.parts.append(f'<g transform="scale({scale:.5f})"><path class="land" d="{map_["others"]}"/>')
    for code in sorted(map_["shapes"], key=lambda c: c in outlined):
        css = f"land {shades(values.get(code))}{' own' if code in outlined else ''}"
        tip = _tip(code, values, said, outlined)
        d.parts.append(f'<path class="{css}"{_live(code, live)} d="{map_["shapes"][code]}">{tip}</path>')
    d.parts.append("</g>")
    for code in map_["dots"]:
        x, y = (v * scale for v in map_["places"][code])
        css = f"land dot {shades(values.get(code))}{' own' if code in outlined else ''}"
        tip = _tip(code, values, said, outlined)
        d.parts.append(f'<circle class="{css}"{_live(code, live)} cx="{x:.1f}" cy="{y:.1f}" r="3.6">{tip}</circle>')
    d.parts.append('<g class="map-key">')
    for k, line in enumerate(lines):
        at, y = 2.0, high + 16 + 19 * k
        for css, label in line:
            d.rect(at, y - 9, 16, 11, f"land {css}")
            d.text(at + 21, y + 1, label, "t s")
            at += 21 + text_width(label, 11) + 12
    d.parts.append("</g>")
    return d.render()


def _live(code: str, live: bool) -> str:
    return f' data-code="{code}"' if live else ""


def _tip(code: str, values: Mapping[str, float], said: Callable[[float], str], outlined: Mapping[str, str]) -> str:
    value = values.get(code)
    told = said(value) if value is not None and math.isfinite(value) else outlined.get(code, "no data")
    return f"<title>{escape(f'{name(code)}: {told}')}</title>"


def _told(codes: Sequence[str], values: Mapping[str, float], said: Callable[[float], str]) -> str:
    return n.joined([f"{name(c)} {said(values[c])}" for c in codes])


def key(shades: Shades, unit: str) -> list[tuple[str, str]]:
    """The classes of a map, from the lowest to the highest, with what they mean."""
    b = shades.breaks

    def of(value: float) -> str:
        return n.plain(value, n.decimals(value, digits=1, most=6))

    out = [(shades.classes[0], f"under {of(b[0])} {unit}")]
    out += [(css, f"{of(low)} to {of(high)}") for css, low, high in zip(shades.classes[1:-1], b, b[1:], strict=False)]
    return [*out, (shades.classes[-1], f"{of(b[-1])} or more"), ("none", "no data")]


def _lines(items: Sequence[tuple[str, str]], room: float) -> list[list[tuple[str, str]]]:
    lines: list[list[tuple[str, str]]] = [[]]
    used = 0.0
    for css, label in items:
        need = 33 + text_width(label, 11)
        if lines[-1] and used + need > room:
            lines.append([])
            used = 0.0
        lines[-1].append((css, label))
        used += need
    return lines

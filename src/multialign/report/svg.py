"""Small SVG drawings as text: no scripts, no fonts, no files; colours come from the page's style sheet by class."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

WIDE, NARROW = 680, 340
"""Widths, in px, at which a figure is drawn for a page and for a phone."""
FONT = 12.0
CHARACTER = 0.56
"""Mean width of a character over the font size; labels are laid out with it."""


def text_width(text: str, size: float = FONT) -> float:
    """Estimated width of a text in px."""
    return len(text) * size * CHARACTER


class Drawing:
    """One SVG under construction. Coordinates in px from the top left.

    Parameters
    ----------
    width, height: size of the view box. uid: unique in the page. title, desc: what a screen reader says.
    """

    def __init__(self, width: float, height: float, *, uid: str, title: str, desc: str) -> None:
        self.width, self.height, self.uid, self.title, self.desc = width, height, uid, title, desc
        self.parts: list[str] = []

    def line(self, x1: float, y1: float, x2: float, y2: float, css: str) -> None:
        """A straight line."""
        self.parts.append(f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}" class="{css}"/>')

    def rect(self, x: float, y: float, width: float, height: float, css: str, tip: str = "") -> None:
        """A rectangle; a negative width is drawn to the left."""
        if width < 0:
            x, width = x + width, -width
        shape = f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" class="{css}"'
        self.parts.append(f"{shape}><title>{escape(tip)}</title></rect>" if tip else f"{shape}/>")

    def dot(self, x: float, y: float, r: float, css: str, tip: str = "") -> None:
        """A filled circle."""
        shape = f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(r)}" class="{css}"'
        self.parts.append(f"{shape}><title>{escape(tip)}</title></circle>" if tip else f"{shape}/>")

    def diamond(self, x: float, y: float, r: float, css: str) -> None:
        """A square on its corner."""
        self.path([(x, y - r), (x + r, y), (x, y + r), (x - r, y)], css, closed=True)

    def path(self, points: Sequence[tuple[float, float]], css: str, *, closed: bool = False) -> None:
        """A polyline or polygon."""
        if points:
            d = "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points) + ("Z" if closed else "")
            self.parts.append(f'<path d="{d}" class="{css}"/>')

    def text(self, x: float, y: float, text: str, css: str = "t", *, anchor: str = "start") -> None:
        """A line of text; `anchor` is start, middle or end."""
        self.parts.append(f'<text x="{_n(x)}" y="{_n(y)}" class="{css}" text-anchor="{anchor}">{escape(text)}</text>')

    def halo_text(self, x: float, y: float, text: str, css: str = "t", *, anchor: str = "start") -> None:
        """Text that stays readable over lines."""
        self.text(x, y, text, f"{css} halo", anchor=anchor)

    def render(self) -> str:
        """The whole <svg> element."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(self.width)} {_n(self.height)}" '
            f'role="img" aria-labelledby="{self.uid}-t {self.uid}-d" style="max-width:{_n(self.width)}px">'
        )
        said = (
            f'<title id="{self.uid}-t">{escape(self.title)}</title><desc id="{self.uid}-d">{escape(self.desc)}</desc>'
        )
        return head + said + "".join(self.parts) + "</svg>"


class Scale:
    """From values to px, linear. `invert` by giving px in falling order."""

    def __init__(self, low: float, high: float, start: float, end: float) -> None:
        if high - low < 1e-12:
            high = low + 1.0
        self.low, self.high, self.start, self.end = low, high, start, end

    def __call__(self, value: float) -> float:
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)


def ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round numbers that cover [low, high], at most about `most` steps."""
    span = high - low
    if span <= 0:
        return [low]
    raw = span / max(most, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw - 1e-12)
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return [round(k * step, 12) for k in range(first, last + 1)]


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places as near as may be to `wanted`, at least `gap` apart, within [low, high]; order is kept."""
    order = sorted(range(len(wanted)), key=lambda k: wanted[k])
    placed = [0.0] * len(wanted)
    at = low - gap
    for k in order:
        at = max(wanted[k], at + gap)
        placed[k] = at
    limit = high
    for k in reversed(order):
        placed[k] = min(placed[k], limit)
        limit = placed[k] - gap
    return placed


def shorten(text: str, room: float, size: float = FONT) -> str:
    """`text`, cut with an ellipsis where it is wider than `room` px."""
    if text_width(text, size) <= room:
        return text
    return text[: max(int(room / (size * CHARACTER)) - 1, 1)].rstrip() + "…"


def _n(value: float) -> str:
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text

"""What the tables on a terminal share: their frame, and numbers in their cells."""

from __future__ import annotations

from rich import box
from rich.markup import escape
from rich.table import Table


def table(title: str | None, *headers: str, text: int = 1) -> Table:
    """An empty table; the first `text` columns hold text, the others numbers."""
    out = Table(
        title=escape(title) if title else None,
        title_justify="left",
        caption_justify="left",
        box=box.SIMPLE_HEAD,
        header_style="bold",
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for place, header in enumerate(headers):
        out.add_column(header, justify="left" if place < text else "right", no_wrap=True)
    return out


def number(value: float | None, digits: int, *, sign: bool = False) -> str:
    """A number with `digits` decimals, '-' for none; nothing is shown as minus zero."""
    if value is None:
        return "-"
    text = f"{value:{'+' if sign else ''},.{digits}f}"
    return text if text.strip("+-0.,") else text.lstrip("+-")


def percent(share: float | None) -> str:
    """A fraction as per cent with one decimal, without the sign."""
    return "-" if share is None else f"{100 * share:.1f}"

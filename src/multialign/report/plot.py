"""One figure as a file: an SVG that stands alone, or an HTML page with its numbers as a table. Both light and dark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from importlib.resources import files
from pathlib import Path

from multialign.errors import InputError
from multialign.report.figure import Figure, Panel
from multialign.report.svg import CHARACTER

ENDINGS = (".svg", ".html")
WIDTH, GAP, MARGIN = 720.0, 22.0, 18.0


def check_plot(path: Path) -> None:
    """Raise InputError, before any work, for a name that is no figure's or a place that cannot be written to."""
    if path.suffix.lower() not in ENDINGS:
        raise InputError(f"'{path.name}' ends in '{path.suffix}'", field="plot", hint="right are .svg and .html")
    check_place(path, "plot")


def check_place(path: Path, field: str) -> None:
    """Raise InputError for a file name in a folder that is not there, or that is a folder itself."""
    if path.is_dir():
        raise InputError("is a folder", file=path, field=field, hint="give a file name")
    if not path.absolute().parent.is_dir():
        raise InputError("there is no such folder", file=path.absolute().parent, field=field)


def write_plot(figure: Figure, path: Path) -> None:
    """Write a figure by the ending of its name, whole or not at all."""
    check_plot(path)
    write_text(to_svg(figure) if path.suffix.lower() == ".svg" else to_page(figure), path)


def write_text(text: str, path: Path) -> None:
    """Write a text file, whole or not at all. Raises InputError where the disk refuses."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    except OSError as cause:
        raise InputError(f"cannot be written ({cause.strerror})", file=path) from cause
    finally:
        part.unlink(missing_ok=True)


def to_svg(figure: Figure) -> str:
    """The whole figure as one SVG: title, panels two by two where they are narrow, note and source."""
    parts: list[str] = []
    y = MARGIN + 8
    for line in wrapped(figure.title, WIDTH - 2 * MARGIN, 15):
        y += 19
        parts.append(_text(MARGIN, y - 6, line, "t h"))
    y += 8
    for row in _rows(figure.panels):
        heads = [wrapped(p.heading, (WIDTH - 2 * MARGIN - GAP) / len(row), 12) for p in row]
        room = 16.0 * max(len(h) for h in heads)
        tall = 0.0
        for k, panel in enumerate(row):
            alone = len(row) == 1 and _size(panel.wide)[0] > 400
            width = WIDTH - 2 * MARGIN if alone else (WIDTH - 2 * MARGIN - GAP) / 2
            x = MARGIN + k * (width + GAP)
            for n, line in enumerate(heads[k]):
                parts.append(_text(x, y + 14 + 16 * n, line, "t b"))
            drawn, height = _placed(panel.wide, x, y + room + 8, width)
            parts.append(drawn)
            tall = max(tall, height)
        y += room + tall + 26
    for line in [*wrapped(figure.note, WIDTH - 2 * MARGIN, 11), *wrapped(f"Source: {figure.source}", 680, 11)]:
        y += 15
        parts.append(_text(MARGIN, y - 6, line, "t s"))
    height = y + MARGIN - 6
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:.0f}" width="{WIDTH:g}" '
        f'height="{height:.0f}" role="img" aria-label="{escape(figure.title, quote=True)}">'
    )
    paper = f'<rect class="paper" width="{WIDTH:g}" height="{height:.0f}"/>'
    return f"{head}<style>{_css()}</style>{paper}{''.join(parts)}</svg>\n"


def to_page(figure: Figure) -> str:
    """The figure as one HTML file that works offline, with the same numbers as a table; every text is escaped."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    environment.filters["drawing"] = Markup
    css = Markup(_css())  # noqa: S704 - the package's own files
    return environment.from_string(_template("figure.html.j2")).render(figure=figure, css=css)


def _css() -> str:
    return _template("marks.css") + _template("figure.css")


def wrapped(text: str, room: float, size: float) -> list[str]:
    """A text in lines of at most `room` px."""
    lines, line = [], ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and len(longer) * size * CHARACTER > room:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line] if line else lines


def _rows(panels: Sequence[Panel]) -> list[list[Panel]]:
    """Narrow panels two in a row, wide ones alone."""
    out: list[list[Panel]] = []
    for panel in panels:
        wide = _size(panel.wide)[0] > 400
        if not wide and out and len(out[-1]) == 1 and _size(out[-1][0].wide)[0] <= 400:
            out[-1].append(panel)
        else:
            out.append([panel])
    return out


_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


def _size(drawing: str) -> tuple[float, float]:
    found = _BOX.search(drawing)
    return (float(found[1]), float(found[2])) if found else (WIDTH, 200.0)


def _placed(drawing: str, x: float, y: float, width: float) -> tuple[str, float]:
    """A drawing inside another, at most `width` px wide; and how high it then is."""
    own, high = _size(drawing)
    scale = min(width / own, 1.15)
    body = drawing[drawing.index(">") + 1 :]
    box = f'viewBox="0 0 {own:g} {high:g}" width="{own * scale:.1f}" height="{high * scale:.1f}"'
    return f'<svg x="{x:.1f}" y="{y:.1f}" {box} overflow="visible">{body}', high * scale


def _text(x: float, y: float, text: str, css: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{css}">{escape(text)}</text>'


def _template(name: str) -> str:
    return files("multialign.report").joinpath("templates", name).read_text(encoding="utf-8")

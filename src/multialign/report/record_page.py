"""The record of two states as one HTML file: the figure, the strongest statements, the numbers; offline, no script."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from multialign.reading.record import Dyad
from multialign.reading.record.series import PER
from multialign.report import draw_record
from multialign.report.names import name
from multialign.report.reading_page import template
from multialign.report.svg import NARROW, WIDE


def record_html(dyad: Dyad, statements: Sequence[dict[str, Any]]) -> str:
    """The whole page. `statements`: the strongest, as `strongest` of the command gives them."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    css = template("reading.css") + template("record.css") + draw_record.COLOURS
    return environment.from_string(template("record.html.j2")).render(
        dyad=dyad,
        title=f"{name(dyad.one)} and {name(dyad.two)}: what was said and done",
        css=Markup(css),  # noqa: S704 - the package's own files
        # 'unsafe-inline' for styles alone: the drawings set their widths by attribute
        policy="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
        wide=Markup(draw_record.draw(dyad, WIDE)),  # noqa: S704 - escapes its texts
        narrow=Markup(draw_record.draw(dyad, NARROW)),  # noqa: S704 - escapes its texts
        summary=draw_record.describe(dyad),
        one=name(dyad.one),
        two=name(dyad.two),
        per=PER,
        statements=statements,
    )

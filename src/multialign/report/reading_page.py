"""A reading as one HTML file: the text with its statements marked, the coding at a touch, offline.

Statements can be reached by pointer, finger and keyboard. The one script is the page's own and is named by its hash in
the content policy, so that nothing in a document could ever run.
"""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from multialign.reading.model import Reading, Statement
from multialign.report import coding
from multialign.report.marks import marked
from multialign.report.names import name

MOST_SHOWN = 200_000
"""Characters of a document that are shown; of a longer one, the paragraphs that hold statements come first."""


def reading_html(reading: Reading) -> str:
    """The whole page."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    css, script = template("reading.css"), template("reading.js")
    paragraphs, left = marked(reading.document.text, reading.statements, reading.offers, None, MOST_SHOWN)
    offered = {i for o in reading.offers for i in o.statements}
    ids = {i for p in paragraphs for r in p.runs for i in r.ends}
    shown = {
        s.id: {
            "number": coding.number(s.id), "label": _label(s), "tone": coding.tone(s), "offer": s.id in offered,
            "said": coding.who_does_what(s), "details": coding.details(s), "words": s.text,
            "what": s.event or s.relation,
            "valence": f"{s.valence:+g}".replace("-", "\u2212") if s.valence else "0", "inside": s.id in ids,
        }
        for s in reading.statements
    }  # fmt: skip
    return environment.from_string(template("reading.html.j2")).render(
        document=reading.document,
        css=Markup(css),  # noqa: S704 - the package's own file
        script=Markup(script),  # noqa: S704 - the package's own file
        policy=f"default-src 'none'; style-src '{source_hash(css)}'; script-src '{source_hash(script)}'; "
        "base-uri 'none'; form-action 'none'",
        title=reading.document.title or reading.document.name,
        paragraphs=paragraphs,
        left_out=left,
        shown=shown,
        offers=[
            {"id": o.id, "parties": f"{name(o.source)} to {name(o.target)}", "rows": coding.offer_rows(o)}
            for o in reading.offers
        ],
    )


def _label(s: Statement) -> str:
    """'RUS › IND AGREE', as the mark carries it."""
    who = s.source or "?"
    sign = {"more": "+", "less": "\u2212", None: ""}[s.change]
    return f"{who} › {s.target} {s.event or s.relation}{sign}" if s.target else f"{who} {s.event or s.relation}{sign}"


def template(file: str) -> str:
    """One of the package's own template files."""
    return files("multialign.report").joinpath("templates", file).read_text(encoding="utf-8")


def source_hash(text: str) -> str:
    """How a content policy names an inline style or script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")

"""The brief as one HTML file that works offline: no scripts, no requests, and every text of the document escaped."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from multialign.report import coding, content, words, words_more
from multialign.report.figure import Figure
from multialign.report.marks import marked
from multialign.report.model import Brief
from multialign.report.names import spoken
from multialign.report.sources import references


def to_html(brief: Brief, figures: Mapping[str, Figure]) -> str:
    """The whole page. `figures` are those of `report.figures.figures`."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=False)
    environment.filters |= {"keep": _keep, "drawing": Markup, "number": coding.number}
    environment.filters["cites"] = lambda text: references(str(text), brief.sources)
    said = content.statements(brief)
    listed = {s.id for s in said}
    shown = [s for s in brief.statements if s.id in listed]
    paragraphs, left = marked(brief.document.text, shown, brief.offers, brief.focal)
    a = brief.answer
    return environment.from_string(_template("brief.html.j2")).render(
        brief=brief,
        css=Markup(_template("marks.css") + _template("brief.css")),  # noqa: S704 - the package's own files
        figures=dict(figures),
        title=content.title(brief),
        kicker=content.kicker(brief),
        focal=spoken(brief.focal),
        document_title=content.document_title(brief),
        sections=[{"id": i, "title": t} for i, t in content.sections(brief)],
        glance=content.glance(brief),
        how_to_read=words.how_to_read(a) if a else "",
        offers=content.offers(brief),
        why_third=content.why_third(brief),
        paragraphs=paragraphs,
        left_out_at_end=left,
        statements=said,
        statements_left_out=len(brief.statements) - len(said),
        n_statements=len(said),
        codings={s.id: coding.coding(s) for s in shown},
        tie_sentences=content.tie_sentences(brief),
        worth=words.worth_sentences(a) if a else [],
        depth_sentences=[words.depth_sentence(d, x) for d, x in a.depth.items()] if a else [],
        reply=[*words.reply_sentences(a), *words_more.replies(a), *words_more.outbids(a)] if a else [],
        break_even=words.break_even_sentences(a) if a else [],
        causes_intro=content.causes_intro(brief),
        causes=words_more.cause_sentences(a) if a else [],
        conditions=words_more.conditions(a) if a else [],
        indifferences=words_more.indifferences(a) if a else [],
        effects=words_more.effects(a) if a else [],
        power_rows=words_more.power_rows(a) if a else [],
        how_sure=words_more.how_sure(a) if a else [],
        method=content.method(brief),
        assumptions=content.assumptions(brief),
    )


def _template(name: str) -> str:
    return files("multialign.report").joinpath("templates", name).read_text(encoding="utf-8")


def _keep(text: str) -> str:
    """Numbers and their units on one line: blanks in '28 %' and 'USD 9.4' become no-break blanks."""
    text = re.sub(r"(?<=\d) (?=%)", "\u00a0", str(text))
    return re.sub(r"(?<=USD) (?=\d)", "\u00a0", text)

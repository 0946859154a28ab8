"""The brief as Markdown: the same content, with tables for figures and the document's text quoted and escaped."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from multialign.report import content, words, words_more
from multialign.report.coding import number
from multialign.report.figure import Figure, Table
from multialign.report.marks import marked
from multialign.report.model import Brief

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")
_BLOCK = re.compile(r"^(\s*)([-+=]|\d+[.)])", re.M)


def escape(text: str) -> str:
    """Text that Markdown shows as it is: no markup, no HTML, no links, on one line."""
    text = _SPECIAL.sub(r"\\\1", text.replace("&", "&amp;"))
    text = re.sub(r"(https?|ftp|mailto|www)([:.])", r"\1&#8203;\2", text, flags=re.I)
    return _BLOCK.sub(
        lambda m: m[1] + (m[2][:-1] + "\\" + m[2][-1] if m[2][0].isdigit() else "\\" + m[2]), _one_line(text)
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def to_markdown(brief: Brief, figures: Mapping[str, Figure]) -> str:
    """The whole brief. `figures` are those of `report.figures.figures`."""
    a = brief.answer
    out = [f"# {escape(content.title(brief))}", escape(content.kicker(brief))]
    out += [f"**{escape(brief.headline[0])}**", *(escape(s) for s in brief.headline[1:])]
    seen = content.glance(brief)
    if seen:
        out.append("\n".join(f"- {g.domain}: {escape(g.text)}" for g in seen))
    if a:
        out.append(escape(words.how_to_read(a)))
    out += ["## What was said", *_said(brief)]
    out += ["## Where the ties stand", *(escape(s) for s in content.tie_sentences(brief))]
    out += _figures(figures, "ties", "accounts", "power", "crude")
    if a:
        out += ["## What each answer is worth, and to whom", *(escape(s) for s in words.worth_sentences(a))]
        out += _figures(figures, "payoffs", "world")
        out += [escape(s) for s in words_more.effects(a)]
        out += ["## How far, in each domain", *_figures(figures, "depths")]
        out.append("\n".join(f"- {escape(words.depth_sentence(d, x))}" for d, x in a.depth.items()))
        out += ["## The reply that it calls forth"]
        more = (*words_more.replies(a), *words_more.outbids(a))
        out += [escape(s) for s in (*words.reply_sentences(a), *more, *words.break_even_sentences(a))]
        out += _figures(figures, "break-even", "net-gain")
        out += ["## What would change the answer", escape(content.causes_intro(brief))]
        out.append("\n".join(f"{k}. {escape(s)}" for k, s in enumerate(words_more.cause_sentences(a), start=1)))
        if would := words_more.conditions(a):
            out.append("\n".join(f"- {escape(s)}" for s in would))
        if found := words_more.indifferences(a):
            heads = ("If this moves", "to (80 % of the draws)", "going all the way is", "draws that have one")
            out.append(_table(Table(heads, tuple(found), text=3)))
    out += ["## Method, assumptions and sources", *(escape(p) for p in content.method(brief))]
    if a:
        out += [escape(s) for s in words_more.how_sure(a)]
    assumed = content.assumptions(brief)
    if assumed:
        rows = tuple((x.id, x.text, x.value, x.source) for x in assumed)
        out += ["### What is assumed", _table(Table(("Name", "What is assumed", "Value", "From"), rows, text=4))]
    out += ["### Data"]
    out.append(
        "\n".join(
            f"{k}. {escape(s.what)}. {escape(s.publisher)}; {escape(s.edition)}. Licence: {escape(s.licence)}. "
            f"Cite: {escape(s.cite)}."
            for k, s in enumerate(brief.sources, start=1)
        )
    )
    out.append(f"Made by {escape(brief.made_by)} from '{escape(brief.document.name)}'.")
    return "\n\n".join(out) + "\n"


def _said(brief: Brief) -> list[str]:
    out = []
    for card in content.offers(brief):
        out.append(f"### {escape(card.title)}")
        out.append("\n".join(f"- {k}: {escape(v)}" for k, v in card.rows))
    if not brief.offers:
        out.append("The text holds no offer of one state to another.")
    if content.why_third(brief):
        out.append(escape(content.why_third(brief)))
    said = content.statements(brief)
    listed = {s.id for s in said}
    shown = [s for s in brief.statements if s.id in listed]
    out.append(f"### {escape(content.document_title(brief))}")
    paragraphs, left = marked(brief.document.text, shown, brief.offers, brief.focal)
    lines = []
    for p in paragraphs:
        text = "".join(r.text + "".join(f" ⟦{number(i)}⟧" for i in r.ends) for r in p.runs)
        if p.left_out:
            lines.append(f"[{p.left_out:,} characters left out]")
        lines.append(text)
    if left:
        lines.append(f"[{left:,} characters left out]")
    out.append("\n>\n".join(f"> {escape(line)}" for line in lines))
    if said:
        rows = tuple((s.number, s.head, "; ".join(s.details), s.valence) for s in said)
        out.append(_table(Table(("No.", "Who does what", "How it is meant", "Tone, −10 to 10"), rows, text=3)))
    return out


def _figures(figures: Mapping[str, Figure], *ids: str) -> list[str]:
    out = []
    for f in (figures[i] for i in ids if i in figures):
        out += [f"**{escape(f.title)}.**", _table(f.table), f"{escape(f.note)} Source: {escape(f.source)}."]
    return out


def _table(table: Table) -> str:
    rule = ["---" if k < table.text else "---:" for k in range(len(table.heads))]
    rows: list[Sequence[str]] = [table.heads, rule, *table.rows]
    return "\n".join("| " + " | ".join(c if r is rule else escape(c) for c in r) + " |" for r in rows)

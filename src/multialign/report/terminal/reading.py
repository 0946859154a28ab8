"""A reading in the terminal: the offers first, then what else is said."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from multialign.reading.model import Offer, Reading, Speaker, Statement
from multialign.reading.tables import names

_WIDEST = 96


def print_reading(reading: Reading, console: Console) -> None:
    """Print a reading: a line that answers 'what is offered', then a table of statements."""
    doc = reading.document
    head = doc.title or doc.name
    console.print(f"[bold]{escape(head)}[/bold]" + (f"  ({doc.date})" if doc.date else ""))
    if reading.offers:
        for offer in reading.offers:
            console.print(_offer_line(offer))
    else:
        console.print("No offer is made in this text.")
    views = sum(s.assessor is not None for s in reading.statements)
    console.print(
        f"{_count(len(reading.statements), 'statement')} in {_count(doc.n_sentences, 'sentence')}"
        + (f", {views} of them views of others" if views else "")
        + "."
    )
    if not reading.statements:
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for column, style in (("id", "dim"), ("who", ""), ("what", ""), ("mode", "")):
        table.add_column(column, style=style, no_wrap=True)
    table.add_column("in the text, domains, who says so", ratio=1)
    for s in reading.statements:
        more = "; ".join(part for part in (", ".join(s.domains), escape(_said(s))) if part)
        table.add_row(s.id, _dyad(s), _what(s), s.mode, escape(_short(s.text)) + (f"\n[dim]{more}[/]" if more else ""))
    console.print(table)


def _offer_line(offer: Offer) -> str:
    known = names()
    parts = [f"[bold]Offer {offer.id}:[/bold] {known[offer.source]} to {known[offer.target]}"]
    if offer.domains:
        parts.append(f"in {', '.join(offer.domains)}")
    if offer.measure is not None:
        parts.append(f'how far: "{escape(offer.measure.text)}"')
    if offer.condition is not None:
        parts.append(f'condition: "{escape(_short(offer.condition.text))}"')
    if offer.speaker is not None:
        parts.append(f"said by {escape(_name(offer.speaker))}")
    if offer.parallel_targets:
        parts.append(f"the like to {', '.join(known[t] for t in offer.parallel_targets)}")
    return "; ".join(parts) + "."


def _dyad(s: Statement) -> str:
    if s.target is None:
        return s.source or "?"
    return f"{s.source or '?'} > {s.target}"


def _what(s: Statement) -> str:
    word = s.event or s.relation or ""
    return word + {"more": " (+)", "less": " (-)", None: ""}[s.change]


def _said(s: Statement) -> str:
    if s.assessor is not None:
        return f"view of {s.assessor}"
    if s.speaker is not None:
        return f"said by {_name(s.speaker)}" + (" (quoted)" if s.quote else "")
    return f"reported by {s.reporter}" if s.reporter else ""


def _name(speaker: Speaker) -> str:
    if speaker.name:
        return speaker.name + (f", for {speaker.speaks_for}" if speaker.speaks_for else "")
    where = speaker.state or ""
    return f"{where} {speaker.role}".strip() if speaker.role else where or "-"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _WIDEST else flat[: _WIDEST - 1].rstrip() + "…"


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" + ("" if n == 1 else "s")

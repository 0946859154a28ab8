"""The record in the terminal: what it holds, what was added, a dyad by month."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from multialign.reading.record import Dyad
from multialign.report.draw_record import count, describe
from multialign.report.names import name

_WIDEST = 90


def print_info(info: dict[str, Any], console: Console) -> None:
    """Counts, dates and the dyads most spoken of."""
    console.print(f"[bold]{escape(info['file'])}[/bold]  {info['bytes'] / 1e6:.1f} MB", soft_wrap=True)
    reprints = info["documents"] - info["stories"]
    span = f", {info['first']} to {info['last']}" if info["first"] else ""
    console.print(f"{count(info['documents'], 'document')}{span}; {reprints:,} of them reprints of another")
    console.print(
        f"{count(info['statements'], 'statement')} and {count(info['offers'], 'offer')}, "
        f"in {count(info['documents_with_statements'], 'document')}"
    )
    if info["dyads"]:
        table = _table("between", "statements", "mean valence", right=2)
        for d in info["dyads"]:
            table.add_row(f"{name(d['one'])}, {name(d['two'])}", f"{d['statements']:,}", f"{d['valence']:+.2f}")
        console.print(table)


def print_dyad(dyad: Dyad, statements: Sequence[dict[str, Any]], console: Console) -> None:
    """A dyad by year (by month, where there are few), then its strongest statements."""
    console.print(f"[bold]{name(dyad.one)} and {name(dyad.two)}[/bold]")
    console.print(describe(dyad))
    if dyad.undated:
        console.print(f"{count(dyad.undated, 'statement')} in documents without a date left out.")
    if not dyad.months:
        return
    few = len(dyad.months) <= 24
    table = _table("month" if few else "year", "documents", "cooperation", "conflict", "valence", right=4)
    rows: dict[str, list[float]] = {}
    for m in dyad.months:
        row = rows.setdefault(m.month if few else m.month[:4], [0, 0, 0, 0.0])
        for k, value in enumerate((m.documents, m.cooperation, m.conflict, m.valence)):
            row[k] += value
    for when, (documents, warm, cold, valence) in rows.items():
        table.add_row(when, f"{documents:,.0f}", f"{warm:.0f}", f"{cold:.0f}", f"{valence:+.1f}")
    console.print(table)
    if statements:
        table = _table("date", "who", "what", "in the text", "document")
        for s in statements:
            words = " ".join(s["text"].split())
            words = words if len(words) <= _WIDEST else words[: _WIDEST - 1].rstrip() + "…"
            place = f"{s['document']}, {s['start']}-{s['end']}"
            way = "<>" if s["mutual"] else ">"
            table.add_row(
                s["date"] or "-", f"{s['source']} {way} {s['target']}", s["what"], escape(words), escape(place)
            )
        console.print(table)


def print_peaks(peaks: Sequence[dict[str, Any]], console: Console) -> None:
    """The months in which most was said or done."""
    table = _table("month", "between", "roots", "cooperation", "conflict", "valence", right=3)
    for p in peaks:
        roots = ", ".join(f"{root} {n}" for root, n in list(p["roots"].items())[:4])
        table.add_row(
            p["month"], f"{p['one']}, {p['two']}", roots, str(p["cooperation"]), str(p["conflict"]),
            f"{p['valence']:+.1f}",
        )  # fmt: skip
    console.print(table)


def _table(*heads: str, right: int = 0) -> Table:
    table = Table(pad_edge=False, header_style="bold")
    for k, head in enumerate(heads):
        table.add_column(head, justify="right" if k >= len(heads) - right else "left", overflow="fold")
    return table

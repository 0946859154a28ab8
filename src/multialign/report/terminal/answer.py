"""An answer on a terminal: the answer first, then how far, what it is worth to whom, the reply, and on what it rests."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from multialign.report import draw_answer, words
from multialign.report import figure as figures
from multialign.report.names import spoken, with_names
from multialign.respond.model import Answer


def print_answer(answer: Answer, console: Console) -> None:
    """Everything in an `Answer`, the two sentences first."""
    q = answer.question
    console.print(f"[bold]How far should {escape(spoken(q.focal))} go with {escape(spoken(q.offerer))}?[/]\n")
    first, *rest = words.headline(answer)
    console.print(escape(first), style="bold", highlight=False)
    _say(rest, console)
    console.print()
    depths, payoffs = draw_answer.depths(answer), draw_answer.payoffs(answer)
    _table("How far, in each domain (0 no tie, 1 without limits)", depths.table, console)
    for domain, x in answer.depth.items():
        if x.note:
            console.print(f"  [dim]{domain}: {escape(x.note)}[/]", highlight=False)
    _table("What each answer is worth, against staying as today, a year", _without_stay(payoffs.table), console)
    console.print("[bold]The reply[/]")
    _say(words.reply_sentences(answer), console)
    even = draw_answer.break_even(answer)
    if even is not None:
        _say(words.break_even_sentences(answer), console)
        _table("Discount on crude that pays for an extra tariff", even.table, console)
    console.print("[bold]What would change the answer[/]")
    _say([f"- {s}" for s in words.cause_sentences(answer)], console)
    console.print()
    codes = (q.focal, q.offerer, q.third)
    rows = tuple((a.id, with_names(a.text, codes), a.value, a.source) for a in answer.assumptions)
    _table("What is assumed", figures.Table(("Name", "What is assumed", "Value", "From"), rows, text=4), console)
    console.print(
        f"[dim]{answer.draws:,} draws, seed {answer.seed}, {answer.solves} solves of the world economy of {answer.year}.[/]",
        highlight=False,
    )


def _without_stay(table: figures.Table) -> figures.Table:
    """Staying as today is what the others are measured against: all its numbers are zero."""
    name = "Stay as today"
    return figures.Table(table.heads, tuple(r for r in table.rows if r[0] != name), table.text)


def _say(sentences: list[str] | tuple[str, ...], console: Console) -> None:
    for s in sentences:
        console.print(escape(s), highlight=False)


def _table(title: str, content: figures.Table, console: Console) -> None:
    table = Table(
        title=escape(title),
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        header_style="bold",
        pad_edge=False,
        padding=(0, 1, 0, 0),
    )
    for k, head in enumerate(content.heads):
        words_here = k < content.text
        table.add_column(head, justify="left" if words_here else "right", overflow="fold")
    previous: tuple[str, ...] = ()
    for row in content.rows:
        # A leading cell that says the same as the one above is left blank.
        same = 0
        while content.text > 1 and same < 2 and previous and previous[: same + 1] == row[: same + 1]:
            same += 1
        table.add_row(*("" if k < same else escape(c) for k, c in enumerate(row)))
        previous = row
    console.print(table)
    console.print()

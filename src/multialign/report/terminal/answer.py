"""An answer on a terminal: the answer first, then how far, what it is worth to whom, the reply, what it rests on."""

from __future__ import annotations

from collections.abc import Iterable

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from multialign.report import numbers as n
from multialign.report import words, words_more
from multialign.report.names import spoken, with_names
from multialign.report.terminal import answer_more as more
from multialign.respond.model import Answer, Depth

VERDICTS = {"further": "go further", "stay": "stay", "back": "step back", "open": "not agreed"}


def print_answer(answer: Answer, console: Console) -> None:
    """Everything in an `Answer`, the two sentences first. Fits 80 columns."""
    q = answer.question
    console.print(f"[bold]How far should {escape(spoken(q.focal))} go with {escape(spoken(q.offerer))}?[/]\n")
    first, *rest = words.headline(answer)
    console.print(escape(first), style="bold", highlight=False)
    _say(rest, console)
    _title("How far, in each domain: 0 no tie, 1 without limits; share of the draws for each way", console)
    console.print(_depths(answer.depth))
    for domain, x in answer.depth.items():
        if x.note:
            console.print(f"  {domain}: {escape(x.note)}", style="dim", highlight=False)
    for rival, depths in answer.rivals.items():
        _title(f"The same with {spoken(rival)}, which competes", console)
        console.print(_depths(depths))
    _title("What it is worth, % of real income a year against staying as today", console)
    console.print(_payoffs(answer))
    _title("The reply", console)
    _say(words.reply_sentences(answer), console)
    _say(more.reply_sentences(answer), console)
    if answer.break_even is not None:
        _title("Break-even: the discount on crude that pays for an extra tariff", console)
        _say(words.break_even_sentences(answer), console)
        console.print(_break_even(answer))
    _title("What would change the answer", console)
    _say([f"- {s}" for s in words_more.cause_sentences(answer)], console)
    if answer.indifferences:
        _title("Where going all the way is worth as much as staying, all else as drawn", console)
        console.print(more.indifferences(answer))
    if answer.conditions:
        _title("What would have to be true of one thing alone for another answer to be best in most draws", console)
        _say([f"- {s}" for s in more.condition_sentences(answer)], console)
    if answer.effects:
        _title("Power: what each loses if trade between the two is cut, % of real income", console)
        for e in answer.effects:
            console.print(more.effects(e))
            _say(words_more.effect_sentences(answer, e), console)
    for title, lines in more.method_sentences(answer):
        _title(title, console)
        _say(lines, console)
    _title("What is assumed", console)
    for a in answer.assumptions:
        text = with_names(a.text, q.parties)
        console.print(
            f"[bold]{escape(a.id)}[/]: {escape(text)} [bold]{escape(a.value)}[/] [dim]({escape(a.source)})[/]",
            highlight=False,
        )
    console.print(
        f"\n{answer.draws:,} draws, seed {answer.seed}, {answer.solves} solves of the world economy of {answer.year}.",
        style="dim",
        highlight=False,
    )


def _depths(depth: dict[str, Depth]) -> Table:
    table = _table("Domain", "Today", "Best", "80 % band", "Back", "Stay", "Further", "Verdict")
    for domain, x in depth.items():
        if not x.known:
            table.add_row(domain, *["-"] * 6, "no data")
            continue
        stay = max(1.0 - x.further - x.back, 0.0)
        verdict = VERDICTS[x.verdict] if x.open or x.verdict != "stay" else "not opened"
        table.add_row(
            domain,
            n.depth(x.today),
            n.depth(x.median),
            f"{n.depth(x.low)} to {n.depth(x.high)}",
            n.share(x.back),
            n.share(stay),
            n.share(x.further),
            verdict,
        )
    return table


def _payoffs(answer: Answer) -> Table:
    """Answers that change nothing are left out: they are what the others are measured against."""
    codes = answer.question.parties
    table = _table("Answer, party, term", "%", "80 % band", "USD a year")
    for key in ("cut", "answer", "all"):
        if key == "answer" and not words.moves(answer):
            continue
        choice = answer.payoffs[key]
        for p in (*choice.payoffs, *choice.others):
            total = n.plain(p.total.median, n.band_places(p.total), sign=True)
            head = f"[bold]{escape(choice.name)}: {escape(p.name)}[/]"
            table.add_row(head, f"[bold]{total}[/]", n.interval(p.total, sign=True), "")
            for t in p.terms:
                money = "" if t.musd is None else n.usd(t.musd.median, sign=True)
                number = n.plain(t.pct.median, n.band_places(t.pct), sign=True)
                table.add_row(f"  {escape(with_names(t.label, codes))}", number, n.interval(t.pct, sign=True), money)
    return table


def _break_even(answer: Answer) -> Table:
    table = _table("Extra tariff, points", "USD a barrel", "80 % band", "% of the price", words_first=False)
    for p in answer.break_even.points if answer.break_even else ():
        usd = p.usd_per_barrel
        table.add_row(
            f"{p.tariff_points:.0f}",
            n.plain(usd.median, 1),
            f"{n.plain(usd.low, 1)} to {n.plain(usd.high, 1)}",
            n.plain(p.discount_pct.median, 1),
        )
    return table


def _title(text: str, console: Console) -> None:
    console.print(f"\n[bold]{escape(text)}[/]", highlight=False)


def _say(sentences: Iterable[str], console: Console) -> None:
    for s in sentences:
        console.print(escape(s), highlight=False)


def _table(*heads: str, words_first: bool = True) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, padding=(0, 1, 0, 0))
    for k, head in enumerate(heads):
        table.add_column(head, justify="left" if words_first and k == 0 else "right", overflow="fold")
    return table

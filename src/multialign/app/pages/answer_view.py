"""What is shown of an answer: headline, depth, payoffs, break-even, causes, assumptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html

from multialign.app import figures
from multialign.app.layout import graph, table
from multialign.report import words, words_more
from multialign.report.names import name, spoken, with_names
from multialign.report.numbers import interval, percent_band, share, usd
from multialign.respond import Answer
from multialign.respond.model import Band, Depth, Payoff
from multialign.world import codes

VERDICTS = {"further": "go further", "stay": "stay as today", "back": "step back", "open": "open: the draws disagree"}


def view(answer: Answer) -> tuple[html.Div, html.Div]:
    """The headline and how far, which stand above the sliders; and what stands below them."""
    q = answer.question
    who = q.parties
    what_to_do, what_it_is_worth = words.headline(answer)
    first: list[Any] = [
        html.Div(
            [
                html.H2(f"How far should {spoken(q.focal)} go with {spoken(q.offerer)}?"),
                html.P(what_to_do, className="headline"),
                html.P(what_it_is_worth),
                html.Details([html.Summary("How to read the numbers"), html.P(words.how_to_read(answer))]),
            ],
            className="card ask",
        ),
        html.H2("How far, by domain"),
        graph(
            figures.depth_figure(answer),
            "The best depth of the tie. Where ring and diamond meet, the median answer is to stay.",
        ),
        depth_table(answer.depth),
        *(depth_table(depths, f"The same with {spoken(j)}, which competes") for j, depths in answer.rivals.items()),
    ]
    parts: list[Any] = [
        html.H2("What each answer is worth, and to whom"),
        html.P("Each party has a scale of its own. Point at a bar for its numbers, or open the table below."),
        html.Div([_payoffs(answer, p) for p in _everybody(answer)], className="grid"),
        payoff_table(answer),
    ]
    if answer.break_even is not None:
        parts.append(html.H2("The discount that pays for the pressure"))
        curve = figures.break_even_figure(answer, spoken(q.third))
        if curve is not None:
            parts.append(graph(curve, "Above the curve the discount is worth more than the tariff costs."))
        parts += [html.P(sentence) for sentence in words.break_even_sentences(answer)]
    parts += [
        html.H2("What would change the answer"),
        _causes(answer),
        html.H2("Everybody else"),
        graph(
            figures.country_figure(
                answer.payoffs["all"].welfare_pct, codes.countries(), unit="real income, % against today"
            ),
            f"If {spoken(q.focal)} went all the way and {spoken(q.third)} replied: the countries that change most "
            "(median over the elasticity sets).",
        ),
        html.H2("What it rests on"),
        table(
            [("Assumption", False), ("Value", False), ("Source", False)],
            [(with_names(a.text, who), a.value, a.source) for a in answer.assumptions],
            caption=f"{answer.draws:,} draws, {answer.solves} solves of the world economy of {answer.year}, "
            f"elasticity sets {', '.join(answer.elasticity_sets)}.",
        ),
    ]
    return html.Div(first), html.Div(parts)


def _causes(answer: Answer) -> Any:
    if not answer.causes:
        return html.P("A quick look seeks no reasons: the standard answer does.")
    if not any(c.variance_share >= words_more.LEAST_SHARE for c in answer.causes):
        return html.P("Nothing that was varied moves the answer by itself.")
    return graph(
        figures.cause_figure(answer),
        "How much of the variance of the mean depth each unknown explains alone; the rest comes from them together.",
    )


def _everybody(answer: Answer) -> list[Payoff]:
    """Every party once, as it stands today: the three of the question, then further offerers and third powers."""
    stay = answer.payoffs["stay"]
    found: dict[str, Payoff] = {}
    for p in (*stay.payoffs, *stay.others):
        found.setdefault(p.party, p)
    return list(found.values())


def _payoffs(answer: Answer, payoff: Payoff) -> html.Figure:
    role = {"focal": "must answer", "offerer": "offers", "third": "may reply"}[payoff.role]
    return graph(figures.payoff_figure(answer, payoff.party), f"{name(payoff.party)} ({role})")


def depth_table(depths: Mapping[str, Depth], title: str = "The numbers") -> html.Details:
    """The numbers of the depth figure, or of an offer that competes."""
    head = [("Domain", False), ("Today", True), ("Best, 80 % band", True), ("Further", True), ("Back", True)]
    rows = [(d, f"{r.today:.2f}", _band(r), share(r.further), share(r.back), _verdict(r)) for d, r in depths.items()]
    caption = "Depth from 0 (cut) to 1 (without limits); shares of the draws that go further or back."
    return html.Details([html.Summary(title), table([*head, ("Verdict", False)], rows, caption=caption)])


def _band(r: Depth) -> str:
    low_high = interval(Band(median=r.median, low=r.low, high=r.high))
    return f"{r.median:.2f} ({low_high})" if r.high - r.low > 0.005 else f"{r.median:.2f}"


def _verdict(r: Depth) -> str:
    return VERDICTS[r.verdict] + (f" ({r.note})" if r.note else "")


def payoff_table(answer: Answer) -> html.Details:
    """The numbers of the payoff figures."""
    rows = [
        (
            choice.name,
            payoff.name,
            with_names(term.label, answer.question.parties),
            percent_band(term.pct),
            usd(term.musd.median, sign=True) if term.musd else "",
        )
        for choice in answer.payoffs.values()
        for payoff in (*choice.payoffs, *choice.others)
        for term in payoff.terms
    ]
    head = [("Choice", False), ("Party", False), ("Term", False), ("% of real income", True), ("Median, a year", True)]
    caption = "Medians of the terms need not add up to the median of the sum. Money only where the term is income."
    return html.Details([html.Summary("The numbers"), table(head, rows, caption=caption)])

"""What a brief says, section by section, before it is set as HTML or Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass

from multialign.report import coding, words, words_more
from multialign.report import numbers as n
from multialign.report.model import Brief
from multialign.report.names import spoken, with_names
from multialign.respond.model import Assumption
from multialign.ties import Tie

MOST_STATEMENTS = 400
"""Statements that the readable forms list; the JSON holds all."""
VERDICTS = {"further": "go further", "stay": "stay as today", "back": "step back", "open": "the draws do not agree"}


@dataclass(frozen=True)
class Glance:
    """One domain's verdict in a few words."""

    domain: str
    verdict: str
    text: str


@dataclass(frozen=True)
class Said:
    """One statement in plain words."""

    id: str
    number: str
    head: str
    details: tuple[str, ...]
    valence: str


@dataclass(frozen=True)
class OfferCard:
    """One offer: who to whom, and what it holds."""

    title: str
    rows: tuple[tuple[str, str], ...]


def title(brief: Brief) -> str:
    """The question that the brief answers."""
    if brief.question is None:
        return f"No offer to {spoken(brief.focal)}: what the text says, and where the ties stand"
    return f"How far should {spoken(brief.focal)} go with {spoken(brief.question.offerer)}?"


def kicker(brief: Brief) -> str:
    """One line over the title: for whom, on what, of when."""
    parts = [f"Brief for {spoken(brief.focal)}", document_title(brief)]
    if brief.document.date:
        parts.append(brief.document.date)
    return " · ".join(parts)


def document_title(brief: Brief) -> str:
    """The document's title, or its name."""
    return brief.document.title or f"text '{brief.document.name}'"


def sections(brief: Brief) -> list[tuple[str, str]]:
    """(id, title) of the sections, in order."""
    middle = [
        ("worth", "What each answer is worth, and to whom"),
        ("far", "How far, in each domain"),
        ("reply", "The reply that it calls forth"),
        ("causes", "What would change the answer"),
    ]
    ends = [("said", "What was said"), ("ties", "Where the ties stand")]
    return [*ends, *(middle if brief.answer else []), ("method", "Method, assumptions and sources")]


def glance(brief: Brief) -> list[Glance]:
    """Each domain's verdict with the share of the draws behind it."""
    out = []
    for domain, x in (brief.answer.depth if brief.answer else {}).items():
        if not x.known:
            out.append(Glance(domain, "none", "no data"))
            continue
        if not x.open and x.verdict == "stay":
            out.append(Glance(domain, "stay", "not opened by the offer: as today"))
            continue
        stay = max(1.0 - x.further - x.back, 0.0)
        size = {"further": x.further, "back": x.back, "stay": stay}.get(x.verdict, max(x.further, x.back, stay))
        behind = f"at most {n.share(size)} agree" if x.verdict == "open" else f"{n.share(size)} of the draws"
        out.append(Glance(domain, x.verdict, f"{VERDICTS[x.verdict]} ({behind})"))
    return out


def statements(brief: Brief) -> list[Said]:
    """The first `MOST_STATEMENTS` statements in plain words."""
    return [
        Said(
            s.id,
            coding.number(s.id),
            coding.who_does_what(s),
            tuple(coding.details(s)),
            n.plain(s.valence, 1, sign=True),
        )
        for s in brief.statements[:MOST_STATEMENTS]
    ]


def offers(brief: Brief) -> list[OfferCard]:
    """The offers, those to the focal state first."""
    ranked = sorted(brief.offers, key=lambda o: (o.target != brief.focal, o.start))
    out = []
    for o in ranked:
        head = f"{spoken(o.source)} offers {spoken(o.target)}"
        out.append(OfferCard(head[:1].upper() + head[1:], tuple(coding.offer_rows(o))))
    return out


def tie_sentences(brief: Brief) -> list[str]:
    """How the focal state stands to the first partners, and to the great powers together."""
    ties, out = brief.ties, []
    lead = list(ties.partners)[:2]
    for partner in lead:
        said = [t.change.text for t in ties.ties if t.partner == partner and t.change is not None and _tells(t)]
        if said:
            out.append(" ".join(said))
    m, a = ties.summary.multi_alignment, ties.summary.alignment
    if m.overall is not None and m.rank is not None:
        out.append(
            n.sentence(
                f"{words.possessive_of(ties.state)} ties are spread over the great powers "
                f"{'more' if m.rank <= m.of / 2 else 'less'} evenly than those of most: rank {m.rank} of {m.of} "
                "states "
                f"(evenness {m.overall:.2f}, where 1 is perfectly even)"
            )
        )
    if a.nearest is not None:
        me, power = spoken(ties.state), spoken(a.nearest)
        near = f"in the UN votes of {a.year} {me} stands nearest to {power} of the great powers"
        before = a.nearest_five_years_before
        out.append(
            n.sentence(f"{near}; five years before, to {spoken(before)}" if before and before != a.nearest else near)
        )
    return out


def _tells(t: Tie) -> bool:
    """Whether a tie's change is worth a sentence: not where there was and is next to nothing."""
    share, moved = t.share_of_imports, t.change.value if t.change else 0.0
    return share is None or share >= 0.005 or abs(moved) >= 0.5


def why_third(brief: Brief) -> str:
    """Why this third power."""
    return words.why_third(brief.answer) if brief.answer else ""


def causes_intro(brief: Brief) -> str:
    """What 'change' is measured in."""
    if brief.answer is None:
        return ""
    measure = (
        "measured by the mean depth over the five domains, which is "
        f"{n.depth(words.mean_depth_today(brief.answer))} today"
    )
    if not words_more.told_causes(brief.answer):
        return n.sentence(measure)
    return (
        f"The answer differs from draw to draw. {measure[:1].upper()}{measure[1:]}, these unknowns make the "
        "difference, the strongest first, together with what they do jointly with others."
    )


def method(brief: Brief) -> list[str]:
    """How the numbers come about, in short."""
    out = [
        "Statements are found in the text by rule: who says that which state does, offers or has what towards "
        "which other, coded by the event classes of PLOVER. Every statement keeps its place in the text.",
        "Depth is the partner's share in what the state buys abroad in a domain, over the share that the deepest "
        "ties of today have; in diplomacy it is closeness in UN votes. Shares are of the latest year that the source "
        "covers.",
    ]
    a = brief.answer
    if a is None:
        return [*out, "As there is no offer, no answer was computed."]
    error = max(c.error for c in a.payoffs.values())
    q = a.question
    out += [
        f"Real income comes from a model of the world economy of {a.year} (80 countries and the rest of the "
        "world, 50 "
        "industries linked by their inputs; Caliendo and Parro 2015), solved anew for each answer and each set "
        "of trade "
        f"elasticities: {a.solves} solves. Depth moves trade costs, and in energy the price; so do replies (an extra "
        "tariff, less technology, dearer payments and shipping, secondary sanctions on energy).",
        f"{words.possessive_of(q.focal)[:1].upper()}{words.possessive_of(q.focal)[1:]} payoff is real income, "
        "plus the value "
        "of the tie itself, less the loss of autonomy as ties concentrate on one partner, less what the reply "
        "costs. The "
        "weights that no data give are drawn from the set under which today's depths are best replies: "
        f"{a.draws:,} draws. "
        "Between the points that were solved, income is interpolated; at the four answers the exact solve is "
        "used (it "
        f"differs by at most {n.number(error)} points of real income).",
        "It is not a forecast. The model compares steady states: it says what an answer would be worth once "
        "trade has "
        "adjusted, other things as they are. It does not see war, finance or domestic politics.",
    ]
    return out


def assumptions(brief: Brief) -> list[Assumption]:
    """The answer's assumptions, with names for codes."""
    if brief.answer is None:
        return []
    q = brief.answer.question
    codes = q.parties
    return [
        a.model_copy(update={"text": with_names(a.text, codes), "value": re.sub(r"(?<=\d)%", " %", a.value)})
        for a in brief.answer.assumptions
    ]

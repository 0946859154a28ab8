"""The answer in sentences, continued: replies in full, counter-offers, what would have to be true, power, precision.

Answers that are read off a surface alone have none of these; then nothing is said.
"""

from __future__ import annotations

from multialign.report import numbers as n
from multialign.report.names import name, spoken, with_names
from multialign.respond.model import Answer, Condition, Indifference, Reply

KINDS = {
    "none": "no reply",
    "tariff": "an extra tariff",
    "technology": "less technology sold to it",
    "finance": "trouble with payments and shipping",
    "secondary": "secondary sanctions on its energy trade",
}
UNITS = {"tariff": " points", "technology": " % of its technology", "finance": " % of trade costs", "secondary": " %"}
OUTCOMES = {"all": "Going all the way", "stay": "Staying as today", "away": "Stepping back"}
LEAST = 0.01
MOST_TOLD = 3
"""Conditions and break-evens told for each answer, those on which most hangs first."""


def replies(answer: Answer) -> list[str]:
    """How each third power would reply to going all the way, and how often."""
    out = []
    for reply in answer.payoffs["all"].replies:
        told = _reply(reply)
        if told:
            out.append(n.sentence(f"To going all the way {spoken(reply.party)} answers with {told}"))
    return out


def _reply(reply: Reply) -> str:
    shares = sorted(((k, v) for k, v in reply.shares.items() if v >= LEAST), key=lambda kv: -kv[1])
    said = []
    for kind, share in shares:
        size = reply.sizes.get(kind)
        how_much = f" of {n.banded(size, unit=UNITS.get(kind, ''))}" if size is not None and kind == "tariff" else ""
        said.append(f"{KINDS.get(kind, kind)}{how_much} in {n.share(share)} of the draws")
    if not said or (len(shares) == 1 and shares[0][0] == "none"):
        return ""
    return n.joined(said)


def outbids(answer: Answer) -> list[str]:
    """Whether a third power would outbid the offer."""
    out = []
    for o in answer.outbids:
        if o.share < LEAST:
            out.append(n.sentence(f"{spoken(o.party)} does not outbid the offer"))
        elif o.worth is not None:
            out.append(
                n.sentence(
                    f"{spoken(o.party)} outbids the offer in {n.share(o.share)} of the draws, which is worth "
                    f"{n.percent_band(o.worth)} of real income to {spoken(answer.question.focal)}"
                )
            )
    return out


def conditions(answer: Answer) -> list[str]:
    """What would have to be true of one unknown for each answer to be the best in most draws, all else as drawn."""
    out = []
    for outcome in OUTCOMES:
        found = [c for c in answer.conditions if c.outcome == outcome]
        reached = sorted((c for c in found if c.from_value is not None), key=_width)[:MOST_TOLD]
        if reached:
            told = n.joined([_range(c, answer) for c in reached], last="or")
            out.append(f"{OUTCOMES[outcome]} is best in most draws if {told}.")
        elif found:
            closest = max(found, key=lambda c: c.best_share)
            out.append(
                f"{OUTCOMES[outcome]} is best in most draws at no value of any one unknown; it comes closest "
                f"({n.share(closest.best_share)} of the draws) as {_label(closest, answer)} changes."
            )
    return out


def _label(c: Condition | Indifference, answer: Answer) -> str:
    q = answer.question
    return with_names(c.label, (q.focal, q.offerer, q.third)).replace("{third}", spoken(q.third))


def _width(c: Condition) -> float:
    if c.from_value is None or c.to_value is None:
        return 1.0
    return (c.to_value - c.from_value) / max(c.most - c.least, 1e-12)


def _range(c: Condition, answer: Answer) -> str:
    low, high = c.from_value, c.to_value
    unit = f" {c.unit}" if c.unit else ""
    label = _label(c, answer)
    if low is None or high is None:
        return label
    if low <= c.least and high >= c.most:
        return f"{label} is anything from {n.number(low)} to {n.number(high)}{unit}"
    if low <= c.least:
        return f"{label} is at most {n.number(high)}{unit}"
    if high >= c.most:
        return f"{label} is at least {n.number(low)}{unit}"
    return f"{label} is {n.number(low)} to {n.number(high)}{unit}"


def indifferences(answer: Answer) -> list[tuple[str, str, str, str]]:
    """Break-evens as rows: what, the value at which going all the way is worth staying, on which side it is better, and
    the share of the draws that have one."""
    out = []
    for x in answer.indifferences:
        unit = f" {x.unit}" if x.unit else ""
        value = "none in range" if x.value is None else n.banded(x.value, unit=unit)
        side = f"better {x.better} it" if x.value is not None else "never" if x.never >= x.always else "always"
        out.append((_label(x, answer), value, side, n.share(x.share)))
    return out


def effects(answer: Answer) -> list[str]:
    """What going all the way (or the answer) does to dependence and power, in the model's own sentences."""
    return [n.sentence(with_names(text, e.among)) for e in answer.effects[-1:] for text in e.words]


def power_rows(answer: Answer) -> list[tuple[str, ...]]:
    """Pairs as rows: who, with whom, and what both lose if their trade stops, before and after."""
    return [
        (
            name(p.state),
            name(p.partner),
            n.percent_band(p.before),
            n.percent_band(p.after),
            n.percent_band(p.partner_before),
            n.percent_band(p.partner_after),
        )
        for e in answer.effects[-1:]
        for p in e.pairs
    ]


def how_sure(answer: Answer) -> list[str]:
    """How far the numbers may be off for want of draws, of the surface, and of weights that explain today."""
    out: list[str] = []
    if answer.precision is not None:
        out.append(f"Shares of draws are within {100 * answer.precision.reached:.1f} points (95 %) for want of draws.")
    if answer.surface is not None and answer.surface.largest:
        worst = max(answer.surface.largest.values())
        out.append(
            f"Incomes between the exact solves are interpolated; at {answer.surface.points} points that were not used "
            f"the largest miss is {n.number(worst)} points of real income."
        )
    if answer.held is not None:
        out.append(n.sentence(answer.held.why))
    return out

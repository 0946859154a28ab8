"""The answer in sentences, continued: replies in full, causes, counter-offers, what would have to be true, power.

Answers that are read off a surface alone have none of these; then nothing is said.
"""

from __future__ import annotations

from multialign.report import numbers as n
from multialign.report.names import name, spoken, with_names
from multialign.respond.model import Answer, Band, Cause, Condition, Effects, Indifference, Reply

KINDS = {
    "none": "no reply",
    "tariff": "an extra tariff",
    "technology": "less technology sold to it",
    "finance": "trouble with payments and shipping",
    "secondary": "secondary sanctions on its energy trade",
}
UNITS = {"tariff": " points", "technology": " % of its technology", "finance": " % of trade costs", "secondary": " %"}
OUTCOMES = {"all": "Going all the way", "stay": "Staying as today", "away": "Stepping back"}
DEPTH = "depth"
"""The unit of a depth, or of a rise of it, in conditions and break-evens."""
LEAST = 0.01
LEAST_SHARE = 0.01
"""Share of the variance below which a cause is not told."""
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


def cause_sentences(answer: Answer) -> list[str]:
    """What would have to be otherwise for the answer to change, the strongest first, interactions counted."""
    told = told_causes(answer)
    if not told:
        return ["Nothing that was varied moves the mean depth by 0.01 or more."]
    return [cause_sentence(c, answer) for c in told]


def told_causes(answer: Answer) -> list[Cause]:
    """The unknowns that move the answer enough to be told of."""
    return [c for c in answer.causes if c.variance_share >= LEAST_SHARE and abs(c.when_high - c.when_low) >= 0.01]


def cause_sentence(c: Cause, answer: Answer) -> str:
    """One cause: how much of the differences between draws it explains, and the mean depth at both ends."""
    codes = answer.question.parties
    label = with_names(c.label, codes)
    low, high = c.low_means, c.high_means
    if c.name == "elasticities":
        ends = f"lowest with the set {low} ({n.depth(c.when_low)}), highest with {high} ({n.depth(c.when_high)})"
    else:
        ends = f"{n.depth(c.when_low)} where the assumption is '{low}', {n.depth(c.when_high)} where it is '{high}'"
    return n.sentence(
        f"{label}: explains by itself {n.share(c.variance_share)} of the differences between draws; "
        f"the mean depth is {ends}"
    )


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
                f"({n.share(closest.best_share)} of the draws) as {label(closest, answer)} changes."
            )
    return out


def label(c: Condition | Indifference, answer: Answer) -> str:
    """What a condition or break-even is on, with names for codes."""
    q = answer.question
    return with_names(c.label, q.parties).replace("{third}", spoken(q.third))


def unit_of(x: Condition | Indifference) -> str:
    """The unit behind a number, with its blank; a depth has none."""
    return f" {x.unit}" if x.unit and x.unit != DEPTH else ""


def out_of_reach(x: Condition | Indifference, value: float) -> bool:
    """Whether a value is a rise of depth that no answer can bring about: depths end at 1."""
    return x.unit == DEPTH and value >= 1.0


def _width(c: Condition) -> float:
    if c.from_value is None or c.to_value is None:
        return 1.0
    return (c.to_value - c.from_value) / max(c.most - c.least, 1e-12)


def _range(c: Condition, answer: Answer) -> str:
    low, high = c.from_value, c.to_value
    unit = unit_of(c)
    what = label(c, answer)
    if low is None or high is None:
        return what
    if out_of_reach(c, low):
        return f"{what} is more than depth can rise, so that it never comes"
    if out_of_reach(c, high):
        high = c.most
    if low <= c.least and high >= c.most:
        return f"{what} is anything {_least_to_most(c, unit)}"
    if low <= c.least:
        return f"{what} is at most {n.number(high)}{unit}"
    if high >= c.most:
        return f"{what} is at least {n.number(low)}{unit}"
    return f"{what} is {n.number(low)} to {n.number(high)}{unit}"


def _least_to_most(c: Condition, unit: str) -> str:
    if out_of_reach(c, c.most):
        return "that it can be"
    return f"from {n.number(c.least)} to {n.number(c.most)}{unit}"


def indifferences(answer: Answer) -> list[tuple[str, str, str, str]]:
    """Break-evens as rows: what, the value at which going all the way is worth staying, on which side it is better, and
    the share of the draws that have one."""
    out = []
    for x in answer.indifferences:
        value = "none in range" if x.value is None else n.banded(x.value, unit=unit_of(x))
        if x.value is not None and out_of_reach(x, x.value.median):
            value = "more than depth can rise"
        side = f"better {x.better} it" if x.value is not None else "never" if x.never >= x.always else "always"
        out.append((label(x, answer), value, side, n.share(x.share)))
    return out


def effects(answer: Answer) -> list[str]:
    """What going all the way (or the answer, where nothing goes further) does to the parties' hold on each other."""
    return [text for e in answer.effects[-1:] for text in effect_sentences(answer, e)]


def effect_sentences(answer: Answer, e: Effects) -> list[str]:
    """What one answer does to what the focal state and the offerer would lose without each other, and the focal state
    without each third power; pairs that stay as they are to two decimals are left out."""
    q = answer.question
    after = {"answer": "after this answer", "all": "after going all the way"}.get(e.key, f"after {e.key}")
    out = []
    for a, b in ((q.focal, q.offerer), (q.offerer, q.focal), *((q.focal, p.by) for p in q.all_pressures)):
        found = _loss(e, a, b)
        if found is None or _two(found[0]) == _two(found[1]):
            continue
        out.append(
            n.sentence(
                f"if trade with {spoken(b)} were cut, {spoken(a)} would lose {_two(found[0])} of its real income today "
                f"and {_two(found[1])} {after}"
            )
        )
    return out


def _loss(e: Effects, a: str, b: str) -> tuple[Band, Band] | None:
    """What `a` loses without `b`, % of real income, before and after."""
    for p in e.pairs:
        if (p.state, p.partner) == (a, b):
            return p.before, p.after
        if (p.partner, p.state) == (a, b):
            return p.partner_before, p.partner_after
    return None


def _two(b: Band) -> str:
    """A loss with its band, two decimals: '2.31 % (2.22 to 2.42 %)'."""
    return f"{n.plain(b.median, 2)} % ({n.plain(b.low, 2)} to {n.plain(b.high, 2)} %)"


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

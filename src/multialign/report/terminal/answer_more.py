"""The further parts of an answer on a terminal: replies in full, break-evens, conditions, power, method."""

from __future__ import annotations

from rich import box
from rich.table import Table

from multialign.report import numbers as n
from multialign.report.names import name, spoken
from multialign.report.words_more import label, out_of_reach, unit_of
from multialign.respond.model import Answer, Band, Condition, Effects, Indifference

KINDS = {
    "tariff": "an extra tariff of {size} points",
    "technology": "{size} % less technology sold to it",
    "finance": "payments and shipping dearer by {size} % of the price",
    "secondary": "energy trade with the offerer dearer by {size} % of the price",
}
OUTCOMES = {"all": "go all the way", "stay": "stay as today", "away": "step back"}


def reply_sentences(answer: Answer) -> list[str]:
    """What each third power does if the focal state goes all the way: kinds of reply with their shares of the draws."""
    out = []
    for r in answer.payoffs["all"].replies:
        said = [
            f"{KINDS[kind].format(size=_band(r.sizes[kind], 0))} in {n.share(share)}"
            for kind, share in sorted(r.shares.items(), key=lambda x: -x[1])
            if kind != "none" and share >= 0.005 and kind in r.sizes
        ]
        if r.shares.get("none", 0.0) >= 0.005:
            said.append(f"nothing in {n.share(r.shares['none'])}")
        if said:
            out.append(n.sentence(f"to going all the way {spoken(r.party)} answers with {n.joined(said)} of the draws"))
    for o in answer.outbids:
        if o.share >= 0.005 and o.worth is not None:
            out.append(
                n.sentence(
                    f"{spoken(o.party)} outbids the offer in {n.share(o.share)} of the draws, with easier trade worth "
                    f"{_band(o.worth, 2)} % of real income to {spoken(answer.question.focal)}, "
                    "good only if no tie deepens"
                )
            )
    return out


def indifferences(answer: Answer) -> Table:
    """Break-even of every main parameter."""
    table = _table("Parameter", "now", "break-even", "has one", "always", "never")
    for x in answer.indifferences:
        value = "-"
        if x.value is not None and out_of_reach(x, x.value.median):
            value = "more than depth can rise"
        elif x.value is not None:
            value = f"{_number(x.value.median)} ({_number(x.value.low)} to {_number(x.value.high)})"
        table.add_row(
            f"{label(x, answer)}{_unit(x)}; better {x.better}", _number(x.today.median), value, n.share(x.share),
            n.share(x.always), n.share(x.never),
        )  # fmt: skip
    return table


def condition_sentences(answer: Answer) -> list[str]:
    """One sentence for each outcome and parameter under which it is best in most draws; one for those that have
    none."""
    out = []
    for outcome, said in OUTCOMES.items():
        mine = [c for c in answer.conditions if c.outcome == outcome]
        true = [c for c in mine if c.from_value is not None and c.to_value is not None]
        everywhere = [c for c in true if c.from_value == c.least and c.to_value == c.most]
        parts = [f"{label(c, answer)} {_range(c)}" for c in true if c not in everywhere]
        if everywhere and not parts:
            out.append(f"To {said} is best in most draws whatever one of these is set to, within the ranges tried.")
        elif parts:
            out.append(f"To {said}: {'; or '.join(parts)}.")
        else:
            best = max((c.best_share for c in mine), default=0.0)
            out.append(f"To {said}: nothing that was tried by itself; at most {n.share(best)} of the draws.")
    return out


def effects(e: Effects) -> Table:
    """The power matrix before and after one answer, as pairs; those that stay as they are, are counted."""
    said = "this answer" if e.key == "answer" else "going all the way"
    table = _table("Loses, if cut off from", "today", f"after {said}")
    alike = 0
    for p in e.pairs:
        for a, b, before, after in (
            (p.state, p.partner, p.before, p.after),
            (p.partner, p.state, p.partner_before, p.partner_after),
        ):
            cells = _band(before, 2), _band(after, 2)
            if cells[0] == cells[1]:
                alike += 1
            else:
                table.add_row(f"{name(a)}, from {name(b)}", *cells)
    if alike:
        table.add_row(f"[dim]{alike} more, which stay as they are (--json has them)[/]", "", "")
    return table


def method_sentences(answer: Answer) -> list[tuple[str, list[str]]]:
    """How the weights were held to today, how precise the shares are, how good the precomputed responses."""
    out = []
    if answer.held is not None:
        h = answer.held
        left = ", ".join(f"{k} {n.share(v)}" for k, v in h.left.items())
        lines = [
            n.sentence(f"the set of weights under which today makes sense is {h.state}: {h.why}"),
            f"Part of each range that is left: {left}. With the uniform measure on the set the shares of draws that go "
            f"further (counter-offers apart) move by at most {100 * h.uniform_shift:.1f} points.",
        ]
        out.append(("What today reveals of the weights", lines))
    lines = []
    if answer.precision is not None:
        p = answer.precision
        lines.append(
            f"Shares of the draws are within {100 * p.reached:.1f} points for want of draws (95 %; asked for: "
            f"{100 * p.wanted:.1f})."
        )
    if answer.surface is not None and answer.surface.points:
        s = answer.surface
        miss = ", ".join(f"{name(k)} {v:.3f} (effects there: {s.effect[k]:.2f})" for k, v in s.largest.items())
        lines.append(
            f"Precomputed responses against exact solves at {s.points} points not used: largest miss in percentage "
            f"points of real income {miss}."
        )
    for g in answer.games:
        lines.append(
            f"At the stage '{g.stage}' there is one equilibrium in {n.share(g.one)} of the draws, several in "
            f"{n.share(g.several)}, none in pure strategies in {n.share(g.none)}. {g.selection}"
        )
    if lines:
        out.append(("How precise this is", lines))
    return out


def _range(c: Condition) -> str:
    low, high = c.from_value, c.to_value
    if low is None or high is None:
        return ""
    unit = f" ({c.unit})" if unit_of(c) else ""
    if out_of_reach(c, low):
        return "more than depth can rise, so that it never comes"
    if low <= c.least:
        return "anything that it can be" if out_of_reach(c, high) else f"at most {_number(high)}{unit}"
    if high >= c.most or out_of_reach(c, high):
        return f"at least {_number(low)}{unit}"
    return f"between {_number(low)} and {_number(high)}{unit}"


def _unit(x: Indifference) -> str:
    return f", {x.unit}" if unit_of(x) else ""


def _number(x: float) -> str:
    return f"{x:.3g}"


def _band(b: Band, places: int) -> str:
    if b.low == b.high:
        return n.plain(b.median, places)
    return f"{n.plain(b.median, places)} ({n.plain(b.low, places)} to {n.plain(b.high, places)})"


def _table(*heads: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, padding=(0, 1, 0, 0))
    for k, head in enumerate(heads):
        table.add_column(head, justify="left" if k == 0 else "right", overflow="fold")
    return table

"""All figures of a brief, in the order in which they are read."""

from __future__ import annotations

from multialign.report import draw_answer, draw_crude, draw_net, draw_power, draw_ties, draw_world
from multialign.report.figure import Figure
from multialign.respond.model import Answer
from multialign.ties import BreakEven, Power, Ties, crude_paid


def figures(
    ties: Ties, answer: Answer | None, power: Power | None = None, net_gain: BreakEven | None = None
) -> dict[str, Figure]:
    """Figure id -> Figure: ties, accounts, power, crude, depths, payoffs, break-even, net-gain, world; those that there
    are data for."""
    offerer = answer.question.offerer if answer else None
    third = answer.question.third if answer else None
    found: list[Figure | None] = [
        draw_ties.shares(ties, offerer, third),
        draw_ties.accounts(ties, offerer, third),
    ]
    if power is not None:
        found.append(draw_power.who_hurts_whom(power, draw_ties.colours(ties, offerer, third)))
    if answer is not None:
        found.append(_crude(ties, answer.question.offerer))
        found += [draw_answer.payoffs(answer), draw_answer.depths(answer), draw_answer.break_even(answer)]
        found.append(draw_net.net_gain(net_gain) if net_gain is not None else None)
        found.append(draw_world.gains_and_losses(answer))
    return {f.id: f for f in found if f is not None}


def _crude(ties: Ties, offerer: str) -> Figure | None:
    path = ties.tie(offerer, "energy").crude
    if path is None or not path.years:
        return None
    return draw_crude.crude(crude_paid(ties.state), path)

"""Parts of an answer that are read off the draws: depths, what today reveals, how precise it is, who outbids."""

from __future__ import annotations

import numpy as np

from multialign.respond.calibrate import Draws, uniform_measure
from multialign.respond.equilibria import SELECTION
from multialign.respond.model import Depth, Game, Held, Outbid, Precision, band
from multialign.respond.play import Outcome, play, reply_game
from multialign.respond.replies import Replies
from multialign.respond.surface import Surface
from multialign.ties.actors import actor
from multialign.ties.flows import DOMAINS

NOTICEABLE = 0.02
"""A depth that differs from today's by less counts as staying."""
GROUP = 0.05
"""Share of the draws from which those that move are told apart from those that stay."""
AGREED = 2 / 3
"""Share of the draws that must point the same way for a verdict."""
HUGE = 0.9
"""Part of every weight's range from which what today leaves is called huge."""


def depth_of(outcome: Outcome, g: int, k: int, wants: np.ndarray | None = None) -> Depth:
    """The distribution of one domain's best depth with offer g, and what it says. wants: (R,) the offerer's own
    best."""
    board = outcome.board
    surface, sample = board.surface, board.draws
    j, domain = board.offers[g], DOMAINS[k]
    s = surface.standing[j][domain]
    best = outcome.depths[:, g, k]
    up, down = best > s.today + NOTICEABLE, best < s.today - NOTICEABLE
    further, back = float(up.mean()), float(down.mean())
    agreed = {"further": further, "back": back, "stay": 1.0 - further - back}
    verdict = max(agreed, key=lambda v: agreed[v])
    explained = (j, domain) not in sample.unexplained
    is_open = bool(board.opened[g, k])
    notes = [s.note] if s.note else []
    if not s.known:
        notes.append("no data for this pair in this domain: left as it is")
    elif not is_open:
        notes.append("the offer does not open this domain: depth cannot rise")
    if not explained:
        notes.append("no weight within the bounds explains today's depth: no verdict")
    for moved, way in ((up, "go further"), (down, "step back")):
        if GROUP <= moved.mean() <= 1 - GROUP:
            end = f"{np.median(best[moved]):.2f}"
            notes.append(f"the {100 * moved.mean():.0f} % of the draws that {way} end near {end}")
    without = float((outcome.alone[:, g, k] > s.today + NOTICEABLE).mean())
    if without - further >= GROUP:
        notes.append(f"without counter-offers {100 * without:.0f} % of the draws would go further")
    b = band(best)
    return Depth(
        **b.model_dump(),
        today=s.today,
        further=further,
        back=back,
        open=is_open,
        most=s.most,
        pick=b.median,
        verdict=verdict if agreed[verdict] >= AGREED and explained else "open",  # type: ignore[arg-type]
        known=s.known,
        by_set={
            name: float(up[sample.surface == n].mean())
            for n, name in enumerate(surface.sets)
            if (sample.surface == n).any()
        },
        note="; ".join(notes),
        offerer_wants=None if wants is None or not is_open else band(wants),
        without_counter=without if outcome.counter.any() else None,
    )


def held_of(surface: Surface, replies: Replies, sample: Draws, outcome: Outcome, seed: int) -> Held:
    """What today reveals of the weights: whether anything fits, and how much of the ranges is left."""
    other = play(surface, replies, uniform_measure(sample, seed), bids=False)
    today = outcome.board.today
    shift = np.abs((outcome.alone > today + NOTICEABLE).mean(axis=0) - (other.alone > today + NOTICEABLE).mean(axis=0))
    left = sample.narrowed
    if sample.unexplained:
        state = "empty"
        j, d = sample.unexplained[0]
        why = (
            f"in {d} with {j} today's tie is so concentrated that even the least weight of autonomy would have it cut, "
            "unless the tie itself weighed more than the assumed bound; the nearest weights are taken and the domain "
            "gets no verdict"
        )
    elif all(v >= HUGE for v in left.values()):
        state = "huge"
        why = (
            "today's ties are no more concentrated than even ones, or worth so much to the economy, that autonomy and "
            "the weight of the tie could be nearly anything in their ranges: the answer then rests on the ranges"
        )
    else:
        state = "narrowed"
        most = min(left, key=lambda n: left[n], default="autonomy")
        why = f"today's ties leave {100 * left.get(most, 1.0):.0f} % of the range of {most}, more of the others'"
    return Held(kept=sample.kept, state=state, why=why, left=left, uniform_shift=float(shift.max()))  # type: ignore[arg-type]


def precision_of(outcome: Outcome, wanted: float) -> Precision:
    """Sampling error of the printed shares, and of the median depths of the first offer."""
    R = outcome.depths.shape[0]
    moved = np.abs(outcome.depths - outcome.board.today) > NOTICEABLE
    share = moved.mean(axis=0)
    reached = 1.96 * float(np.sqrt(np.maximum(share * (1 - share), 1.0 / R).max() / R))
    half = 1.96 * 0.5 / np.sqrt(R)
    ends = np.quantile(outcome.depths[:, 0], [max(0.5 - half, 0.0), min(0.5 + half, 1.0)], axis=0)
    return Precision(
        wanted=wanted, reached=reached, median={d: float(ends[1, k] - ends[0, k]) for k, d in enumerate(DOMAINS)}
    )


def games_of(outcome: Outcome, picks: np.ndarray) -> tuple[Game, ...]:
    """The stages at which several move at once."""
    stages = dict(outcome.games)
    everything = np.broadcast_to(outcome.board.caps, outcome.depths.shape)
    replies = reply_game(outcome, everything)
    if replies is not None:
        stages["replies to going all the way"] = replies
    return tuple(
        Game(
            stage=name.replace("_", "-"),
            none=float((g.count == 0).mean()),
            one=float((g.count == 1).mean()),
            several=float((g.count > 1).mean()),
            selection=SELECTION,
        )
        for name, g in stages.items()
    )


def outbids_of(outcome: Outcome) -> tuple[Outbid, ...]:
    """Counter-offers, by third power; empty where none may be made."""
    s = outcome.board.surface
    out = []
    for k, p in enumerate(s.question.all_pressures):
        if ("counter", p.by, "") not in s.place:
            continue
        made = outcome.counter[:, k] > 0
        out.append(
            Outbid(
                party=p.by, name=actor(p.by).name, share=float(made.mean()),
                size=band(outcome.counter[made, k]) if made.any() else None,
                worth=band(outcome.terms.counter[made]) if made.any() else None,
            )
        )  # fmt: skip
    return tuple(out)

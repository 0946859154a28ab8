"""The weights that no data give, held to what the states do today (revealed preference).

Equation numbers are those of docs/explanation/answer.md. For every draw the set of weights under which today's depths
are best replies is written down as intervals, in an order in which each interval follows from the draws before it:
elasticity
set, prices and data, the third power's temper; then the autonomy weight; then each tie's own weight. A draw is
a place in each interval. `uniform_measure` re-weights the same set, to see what the order does.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from multialign.respond.inputs import FREE_DOMAINS, Columns, split_normal, three_points
from multialign.respond.levers import MARKET_DOMAINS
from multialign.respond.ranges import UNKNOWNS, range_of
from multialign.respond.replies import Replies
from multialign.respond.surface import Surface
from multialign.respond.terms import concentration, partner_share, tie_value
from multialign.ties.flows import DOMAINS

BELOW = 16
"""Depths between none and today's at which less is compared with today."""
ABOVE = 12
"""Depths above today's at which more is compared with today."""


@dataclass(frozen=True)
class Draws:
    """R draws. J offerers, K third powers, T ties (offerer x domain, offerers first), D domains.

    surface: (R,) elasticity set. autonomy: (R,) kappa, % of real income. offerer_autonomy: (R, J). step: (R, K) mean
    rise of
    depth that calls forth the reply on record. reach: (R,). limited: (R, T) whether the offerer limited today's depth.
    omega: (R, T) weight of the tie itself, %. oil: (R,) price of oil over the base year's. discount: (R, J) the part of
    crude's price given up at depth 1. data: (R, D) factor on a domain's effects on real income. sanctions, dislike,
    outbid: (R, K).
    kept: share of the draws for which weights within their ranges explain today. unexplained: (offerer, domain) that
    none explains in most draws of some set. narrowed: weight -> part of its range that today leaves (median over
    draws). low, high: (R, T) interval of omega; room: (R,) length of log kappa's.
    """

    surface: np.ndarray
    autonomy: np.ndarray
    offerer_autonomy: np.ndarray
    step: np.ndarray
    reach: np.ndarray
    limited: np.ndarray
    omega: np.ndarray
    oil: np.ndarray
    discount: np.ndarray
    data: np.ndarray
    sanctions: np.ndarray
    dislike: np.ndarray
    outbid: np.ndarray
    kept: float
    unexplained: tuple[tuple[str, str], ...]
    narrowed: dict[str, float]
    low: np.ndarray
    high: np.ndarray
    room: np.ndarray

    @property
    def size(self) -> int:
        return int(self.surface.size)

    def rows(self, which: np.ndarray) -> Draws:
        """Some of the draws."""
        arrays = {f.name: getattr(self, f.name) for f in fields(self)}
        return replace(self, **{n: a[which] for n, a in arrays.items() if isinstance(a, np.ndarray)})


def calibrate(u: np.ndarray, cols: Columns, surface: Surface, replies: Replies) -> Draws:
    """Draws from rows of uniforms (R, Q)."""
    q = surface.question
    given = q.weights
    offers = [o.by for o in q.all_offers]
    thirds = q.all_pressures
    S, D = len(surface.sets), len(DOMAINS)

    def take(name: str, which: int = 0, default: tuple[float, float] | None = None) -> np.ndarray:
        low, high = range_of(name, given) or default or (UNKNOWNS[name].low, UNKNOWNS[name].high)
        return UNKNOWNS[name].at(cols.of(u, name, which), low, high)

    sets = np.minimum((cols.of(u, "elasticities") * S).astype(np.intp), S - 1)
    oil = take("oil") if range_of("oil", given) else three_points(cols.of(u, "oil"), *surface.oil)
    discount = np.stack(
        [
            take("discount", k) if range_of("discount", given)
            else np.maximum(split_normal(cols.of(u, "discount", k), *surface.discount[j]), 0.0)
            for k, j in enumerate(offers)
        ],
        axis=1,
    )  # fmt: skip
    data = np.ones((u.shape[0], D))
    for k, d in enumerate(MARKET_DOMAINS):
        low, high = range_of("data", given, d) or (UNKNOWNS["data"].low, UNKNOWNS["data"].high)
        data[:, DOMAINS.index(d)] = UNKNOWNS["data"].at(cols.of(u, "data", k), low, high)
    step = np.stack([take("step", k, p.record.rise) for k, p in enumerate(thirds)], axis=1)
    sanctions, dislike, outbid = (
        np.stack([take(name, k) for k in range(len(thirds))], axis=1) for name in ("sanctions", "dislike", "outbid")
    )
    effects = effect_factors(data, oil)
    T = len(offers) * D
    known = np.array([surface.standing[j][d].known for j in offers for d in DOMAINS])
    # What less and more would bring, tie by tie.
    floors = [_Floor(surface, j, d, sets, effects) for j in offers for d in DOMAINS]
    caps = tie_bounds(surface, sets, effects, given)
    free = np.array([d in FREE_DOMAINS for _ in offers for d in DOMAINS])
    ceiling = np.where(free[None, :], caps[:, :, 1], np.inf)
    most = np.min([f.most_autonomy(ceiling[:, t]) if known[t] else np.full(u.shape[0], np.inf)
                   for t, f in enumerate(floors)], axis=0)  # fmt: skip
    low_k, high_k = range_of("autonomy", given) or (UNKNOWNS["autonomy"].low, UNKNOWNS["autonomy"].high)
    fits = most >= low_k
    kappa = UNKNOWNS["autonomy"].at(cols.of(u, "autonomy"), low_k, np.clip(most, low_k, high_k))
    limit_range = range_of("limited", given) or (0.5, 0.5)
    even = 1.0 - sum(limit_range) / 2
    floor, roof = np.zeros((u.shape[0], T)), np.zeros((u.shape[0], T))
    limited = np.zeros((u.shape[0], T), dtype=bool)
    omega = np.zeros((u.shape[0], T))
    w, n = 0, 0
    for j in offers:
        for d in DOMAINS:
            t, f = n, floors[n]
            n += 1
            least = f.least_tie(kappa) if known[t] else np.zeros(u.shape[0])
            if d not in FREE_DOMAINS:
                floor[:, t] = roof[:, t] = omega[:, t] = least
                continue
            top = np.maximum(caps[:, t, 1], least)
            bottom = np.minimum(np.maximum(caps[:, t, 0], least), top)
            no_more = _more_is_no_better(surface, replies, j, d, sets, kappa, step, sanctions)
            limited[:, t] = (cols.of(u, "limited", w) > even) | (no_more < bottom)
            floor[:, t], roof[:, t] = bottom, np.where(limited[:, t], top, np.clip(no_more, bottom, top))
            omega[:, t] = floor[:, t] + cols.of(u, "tie", w) * (roof[:, t] - floor[:, t])
            w += 1
    return Draws(
        surface=sets, autonomy=kappa, step=step, reach=take("reach"), limited=limited, omega=omega, oil=oil,
        offerer_autonomy=np.stack([take("offerer_autonomy", k) for k in range(len(offers))], axis=1),
        discount=discount, data=data, sanctions=sanctions, dislike=dislike, outbid=outbid,
        kept=float(fits.mean()), unexplained=_unexplained(floors, ceiling, low_k, known, offers, sets, S),
        narrowed=_narrowed(most, low_k, high_k, floor, roof, caps, free, known, offers), low=floor, high=roof,
        room=np.log(np.maximum(np.clip(most, low_k, high_k), 1e-12) / max(low_k, 1e-12)) if high_k > low_k
        else np.ones(u.shape[0]),
    )  # fmt: skip


def effect_factors(data: np.ndarray, oil: np.ndarray) -> np.ndarray:
    """What multiplies a domain's effect on real income: the tables' error, in energy times the price of oil. (R, D)"""
    out = data.copy()
    out[:, DOMAINS.index("energy")] *= oil
    return out


class _Floor:
    """(A8) What a tie is worth against less of it: for each of `BELOW` depths a < a0,

    omega [v(a0) - v(a)] >= kappa [C(a0) - C(a)] / D - [y(a0) - y(a)].
    """

    def __init__(self, surface: Surface, j: str, d: str, sets: np.ndarray, effects: np.ndarray) -> None:
        s = surface.standing[j][d]
        a = s.today * np.linspace(0.0, 1.0 - 1e-3, BELOW)
        self.empty = s.today <= 0
        self.worth = tie_value(s.today) - tie_value(a)
        index = concentration(partner_share(a, s.today, s.share, s.full), s.others)
        self.spread = (concentration(s.share, s.others) - index) / len(DOMAINS)
        self.loss = np.zeros((sets.size, BELOW))
        axis = surface.place.get(("less", j, d))
        if axis is not None and not self.empty:
            x = np.broadcast_to(1.0 - a / s.today, (sets.size, BELOW))
            self.loss = -surface.read(axis, sets, x, 0) * effects[:, [DOMAINS.index(d)]]

    def least_tie(self, kappa: np.ndarray) -> np.ndarray:
        """The least omega that explains today's depth. (R,)"""
        if self.empty:
            return np.zeros(kappa.size)
        need = (kappa[:, None] * self.spread - self.loss) / self.worth
        return np.asarray(np.maximum(need.max(axis=1), 0.0))

    def most_autonomy(self, ceiling: np.ndarray) -> np.ndarray:
        """The greatest kappa for which some omega up to `ceiling` (R,) explains today's depth. (R,)"""
        rising = self.spread > 1e-12
        if self.empty or not rising.any() or np.isinf(ceiling).all():
            return np.full(ceiling.size, np.inf)
        room = ceiling[:, None] * self.worth[rising] + self.loss[:, rising]
        return np.asarray((room / self.spread[rising]).min(axis=1))


def tie_bounds(surface: Surface, sets: np.ndarray, effects: np.ndarray, given: dict[str, Any]) -> np.ndarray:
    """(A7) Least and most that a tie itself may weigh, %. (R, T, 2)

    By default arms and diplomacy together are worth at most `UNKNOWNS['tie'].high` of the real income that today's
    trade
    with the offerer brings (the loss if it were cut), spread evenly; a user's `tie` is that part, `tie.arms` a weight
    in %.
    """
    out = []
    for o in surface.question.all_offers:
        trade = np.zeros(sets.size)
        for d in MARKET_DOMAINS:
            axis = surface.place.get(("less", o.by, d))
            if axis is not None:
                trade -= surface.read(axis, sets, np.ones(sets.size), 0) * effects[:, DOMAINS.index(d)]
        part = range_of("tie", given) or (UNKNOWNS["tie"].low, UNKNOWNS["tie"].high)
        carried = [d for d in FREE_DOMAINS if surface.standing[o.by][d].known]
        for d in DOMAINS:
            s = surface.standing[o.by][d]
            if d not in FREE_DOMAINS:
                out.append(np.zeros((sets.size, 2)))
                continue
            own = range_of("tie", {k: v for k, v in given.items() if k == f"tie.{d}"}, d)
            unit = np.maximum(trade, 0.0) / max(len(carried), 1) / max(float(tie_value(s.today)), 0.25)
            out.append(np.tile(own, (sets.size, 1)) if own else unit[:, None] * np.array(part))
    return np.stack(out, axis=1)


def _more_is_no_better(
    surface: Surface, replies: Replies, j: str, d: str, sets: np.ndarray, kappa: np.ndarray, step: np.ndarray,
    sanctions: np.ndarray,
) -> np.ndarray:  # fmt: skip
    """(A9) The greatest omega under which no depth above today's is better, the replies it calls forth counted. (R,)"""
    s = surface.standing[j][d]
    if s.today >= 1.0 - 1e-6 or s.most <= s.today:
        return np.full(sets.size, np.inf)
    a = np.linspace(s.today, max(s.most, s.today + 1e-3), ABOVE + 1)[1:]
    worth = tie_value(a) - tie_value(s.today)
    index = concentration(partner_share(a, s.today, s.share, s.full), s.others) - concentration(s.share, s.others)
    cost = kappa[:, None] * index / len(DOMAINS)
    opened = next(o.domains for o in surface.question.all_offers if o.by == j)
    for k, p in enumerate(surface.question.all_pressures):
        if p.by != j and p.replies:
            # The mean rise that this domain alone makes, over those that the offer opens (A5).
            counts = [name in opened or name == d for name in DOMAINS]
            weight = replies.minds[k][DOMAINS.index(d)] / max(float(replies.minds[k][counts].sum()), 1e-9)
            rise = (a - s.today) * weight
            cost = cost + replies.loss(k, sets, rise[None, :] / step[:, [k]], sanctions[:, k])
    return np.asarray(np.maximum((cost / worth).min(axis=1), 0.0))


def _unexplained(
    floors: list[_Floor],
    ceiling: np.ndarray,
    low: float,
    known: np.ndarray,
    offers: list[str],
    sets: np.ndarray,
    S: int,
) -> tuple[tuple[str, str], ...]:
    """Ties that no weights explain in most draws of some elasticity set."""
    names = [(j, d) for j in offers for d in DOMAINS]
    out = []
    for t, f in enumerate(floors):
        miss = known[t] & (f.most_autonomy(ceiling[:, t]) < low)
        if any(miss[sets == s].mean() > 0.5 for s in range(S) if (sets == s).any()):
            out.append(names[t])
    return tuple(out)


def _narrowed(
    most: np.ndarray, low_k: float, high_k: float, low: np.ndarray, high: np.ndarray, caps: np.ndarray, free:
    np.ndarray, known: np.ndarray, offers: list[str],
) -> dict[str, float]:  # fmt: skip
    """Part of each weight's range that today leaves, median over draws; kappa's in logs."""
    out = {}
    if high_k > low_k > 0:
        left = np.log(np.clip(most, low_k, high_k) / low_k) / np.log(high_k / low_k)
        out["autonomy"] = float(np.median(left))
    names = [(j, d) for j in offers for d in DOMAINS]
    for t in np.flatnonzero(free & known):
        width = caps[:, t, 1] - caps[:, t, 0]
        part = np.divide(high[:, t] - low[:, t], width, out=np.zeros_like(width), where=width > 0)
        out[f"tie.{names[t][1]}" + (f" ({names[t][0]})" if len(offers) > 1 else "")] = float(
            np.median(np.clip(part, 0, 1))
        )
    return out


def uniform_measure(draws: Draws, seed: int) -> Draws:
    """The same set sampled with the uniform measure over (log kappa, omega) instead of the sequential one.

    The sequential draws have density 1 over the product of their intervals' lengths; rows are resampled in proportion
    to
    that product (systematic resampling). Which measure is taken is itself an assumption: the set says nothing of it.
    """
    width = np.where(draws.high > draws.low, draws.high - draws.low, 1.0)
    weight = draws.room * width.prod(axis=1)
    rng = np.random.default_rng(seed)
    place = (rng.uniform() + np.arange(draws.size)) / draws.size * weight.sum()
    rows = np.minimum(np.searchsorted(np.cumsum(weight), place), draws.size - 1)
    return draws.rows(rows)

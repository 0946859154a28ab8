"""The focal state's best depths, knowing the replies that they call forth: exact on a grid, by dynamic programming.

Within an offer, domains interact through the rise m alone: what the third powers mind. So the best payoff at every m is
a (max, +) convolution over domains, and the best m is read off once the replies' cost is taken away. That finds the
global optimum on the grid, jumps and all, where a local search would stop at today.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from multialign.respond.calibrate import Draws, effect_factors
from multialign.respond.levers import MARKET_DOMAINS
from multialign.respond.replies import Replies
from multialign.respond.surface import Surface
from multialign.respond.terms import concentration, delivered, partner_share, tie_value
from multialign.ties.flows import DOMAINS

STEP = 0.025
"""Distance of the depths that are compared above today's."""
LESS = 21
"""Depths that are compared below today's."""
NEGLIGIBLE = 0.005
"""A gain, % of real income, below which the focal state stays as it is."""
COARSE = 31
"""Rises that are compared for each offer where several offers are weighed together."""


@dataclass(frozen=True)
class Board:
    """A question with its numbers in every draw (made by `play.board_of`). caps: (J, D) greatest depth that each offer
    allows, or (R, J, D)."""

    surface: Surface
    replies: Replies
    draws: Draws
    caps: np.ndarray

    @property
    def offers(self) -> tuple[str, ...]:
        return tuple(o.by for o in self.surface.question.all_offers)

    @property
    def today(self) -> np.ndarray:
        """(J, D) today's depths."""
        table = self.surface.standing
        return np.array([[table[j][d].today for d in DOMAINS] for j in self.offers])

    @property
    def opened(self) -> np.ndarray:
        """(J, D) whether an offer opens a domain."""
        return np.array([[d in o.domains for d in DOMAINS] for o in self.surface.question.all_offers])

    def minded(self, k: int, g: int) -> np.ndarray:
        """(D,) how much a rise of offer g in each domain counts for power k: its weights over the sum of those of the
        domains that the offer opens, or that it makes demands on; zero for its own offer."""
        p = self.surface.question.all_pressures[k]
        if p.by == self.offers[g]:
            return np.zeros(len(DOMAINS))
        counts = self.opened[g] | np.array([d in p.demand for d in DOMAINS])
        weights = np.where(counts, self.replies.minds[k], 0.0)
        return np.asarray(weights / weights.sum() if weights.sum() > 0 else weights)

    def baseline(self, k: int, g: int) -> np.ndarray:
        """(D,) depth above which power k minds: what it demands, else today's."""
        demand = self.surface.question.all_pressures[k].demand
        return np.array([min(demand.get(d, a), a) for d, a in zip(DOMAINS, self.today[g], strict=True)])

    def rise(self, k: int, depths: np.ndarray) -> np.ndarray:
        """(A5) m: the mean rise of depth that power k minds, at depths (R, J, D). (R,)"""
        out = np.zeros(depths.shape[0])
        for g in range(len(self.offers)):
            above = np.maximum(depths[:, g] - self.baseline(k, g), 0.0)
            out += (above * self.minded(k, g)).sum(axis=1)
        return out

    def alone(self, g: int, d: int, a: np.ndarray) -> np.ndarray:
        """What offer g's domain d brings the focal state by itself at depths (R, A), %, replies apart. (R, A)"""
        s = self.surface.standing[self.offers[g]][DOMAINS[d]]
        r = self.draws
        t = g * len(DOMAINS) + d
        value = r.omega[:, [t]] * (tie_value(a) - tie_value(s.today))
        spread = spread_of(s, DOMAINS[d], a, r.reach[:, None])
        return np.asarray(self.income(g, d, a) + value - r.autonomy[:, None] * spread / len(DOMAINS))

    def income(self, g: int, d: int, a: np.ndarray, party: int = 0) -> np.ndarray:
        """Real income of a party from one domain at depths (R, A), %: its own curve, and in energy what another
        discount than the middle one brings with it. (R, A)"""
        name, r = DOMAINS[d], self.draws
        out = np.zeros(a.shape)
        if name not in MARKET_DOMAINS:
            return out
        x = coordinates(self.surface, self.offers[g], name, a, r.reach[:, None])
        factor = effect_factors(r.data, r.oil)[:, [d]]
        for kind in ("less", "more"):
            axis = self.surface.place.get((kind, self.offers[g], name))
            if axis is not None:
                out += self.surface.read(axis, r.surface, x[kind], party)
        axis = self.surface.place.get(("discount", self.offers[g], ""))
        if name == "energy" and axis is not None:
            extra = (r.discount[:, [g]] - self.surface.discount[self.offers[g]][1]) * x["more"]
            if np.any(extra):
                out += self.surface.read(axis, r.surface, extra, party)
                out += joint_effect(self.surface, r.surface, axis, extra, x["more"], self.offers[g], party)
        return np.asarray(out * factor)

    def cost(self, k: int, m: np.ndarray) -> np.ndarray:
        """What power k's reply costs the focal state, %, at rises (R, ...)."""
        r = self.draws
        step = r.step[:, k].reshape(-1, *[1] * (m.ndim - 1))
        return self.replies.loss(k, r.surface, m / step, r.sanctions[:, k])

    def best(self) -> np.ndarray:
        """(R, J, D) the focal state's best depths. Today's where nothing is better by `NEGLIGIBLE`."""
        R, J = self.draws.size, len(self.offers)
        plans = [self._plan(g) for g in range(J)]
        replying = range(len(self.replies.menus))
        if J == 1:
            levels, worth, trace = plans[0]
            net = worth - sum(self.cost(k, np.broadcast_to(levels[k], worth.shape)) for k in replying)
            return self._unless_negligible(trace(net.argmax(axis=1))[:, None, :])
        # Several offers: the best of every pair (triple) of rises, each offer's coarsened to its best within a bin.
        coarse = [_coarsened(levels, worth) for levels, worth, _ in plans]
        shape = [c[1].shape[1] for c in coarse]
        total = np.zeros((R, *shape))
        for g, (_, worth, _) in enumerate(coarse):
            total += worth.reshape(R, *[n if h == g else 1 for h, n in enumerate(shape)])
        for k in replying:
            m = np.zeros((R, *shape))
            for g, (levels, _, _) in enumerate(coarse):
                m += levels[k].reshape(R, *[n if h == g else 1 for h, n in enumerate(shape)])
            total -= self.cost(k, m)
        places = np.stack(np.unravel_index(total.reshape(R, -1).argmax(axis=1), shape), axis=1)
        rows = np.arange(R)
        depths = [plans[g][2](coarse[g][2][rows, places[:, g]]) for g in range(J)]
        return self._unless_negligible(np.stack(depths, axis=1))

    def value(self, depths: np.ndarray) -> np.ndarray:
        """The focal state's payoff at depths (R, J, D), %, as the search sees it (joint effects of domains apart).
        (R,)"""
        out = np.zeros(depths.shape[0])
        for g in range(depths.shape[1]):
            for d in range(len(DOMAINS)):
                out += self.alone(g, d, depths[:, g, d][:, None])[:, 0]
        for k in range(len(self.replies.menus)):
            out -= self.cost(k, self.rise(k, depths)[:, None])[:, 0]
        return out

    def _unless_negligible(self, depths: np.ndarray) -> np.ndarray:
        today = np.broadcast_to(self.today, depths.shape)
        stays = self.value(depths) <= self.value(today) + NEGLIGIBLE
        return np.where(stays[:, None, None], today, depths)

    def _plan(self, g: int):  # type: ignore[no-untyped-def]
        """The best payoff of offer g at every rise, replies apart.

        Returns (levels, worth, trace): per power (M,) its m at each level; (R, M) payoff; and a function from levels
        (R,) to depths (R, D). The levels are those of a common rise: the powers' weights averaged.
        """
        K = len(self.replies.menus)
        minded = [self.minded(k, g) for k in range(K)]
        weight = np.mean(minded, axis=0) if K else np.zeros(len(DOMAINS))
        base = np.min([self.baseline(k, g) for k in range(K)], axis=0) if K else self.today[g]
        unit = STEP * (weight[weight > 0].min() if (weight > 0).any() else 1.0)
        caps = np.broadcast_to(self.caps, (self.draws.size, *self.today.shape))[:, g]
        worth = np.zeros((self.draws.size, 1))
        picks: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        for d in range(len(DOMAINS)):
            grid, level = self._grid(g, d, float(base[d]), float(weight[d]), unit, float(caps[:, d].max()))
            own = self.alone(g, d, np.broadcast_to(grid, (self.draws.size, grid.size)))
            own = np.where(grid[None, :] <= caps[:, [d]] + 1e-9, own, -np.inf)
            # The best depth of each level, then the convolution with what came before.
            top = int(level.max())
            best, at = np.full((own.shape[0], top + 1), -np.inf), np.zeros((own.shape[0], top + 1), dtype=np.intp)
            for n in range(top + 1):
                mine = np.flatnonzero(level == n)
                if mine.size:
                    which = own[:, mine].argmax(axis=1)
                    best[:, n], at[:, n] = np.take_along_axis(own[:, mine], which[:, None], 1)[:, 0], mine[which]
            joined = np.full((own.shape[0], worth.shape[1] + top), -np.inf)
            used = np.zeros(joined.shape, dtype=np.intp)
            for n in range(top + 1):
                some = worth + best[:, [n]]
                place = slice(n, n + worth.shape[1])
                better = some > joined[:, place]
                joined[:, place][better] = some[better]
                used[:, place][better] = n
            picks.append((grid, at, used))
            worth = joined
        scale = np.arange(worth.shape[1]) * unit
        # Powers that weigh domains differently see other rises; the mean is exact where their weights agree.
        levels = [scale if m.any() else np.zeros_like(scale) for m in minded]

        def trace(level: np.ndarray) -> np.ndarray:
            rows, left = np.arange(level.size), level.copy()
            out = np.zeros((level.size, len(DOMAINS)))
            for d in reversed(range(len(DOMAINS))):
                grid, at, used = picks[d]
                n = used[rows, left]
                out[:, d] = grid[at[rows, n]]
                left = left - n
            return out

        return levels, worth, trace

    def _grid(
        self, g: int, d: int, base: float, weight: float, unit: float, cap: float
    ) -> tuple[np.ndarray, np.ndarray]:
        """Depths compared in a domain, and the level of rise of each."""
        today = float(self.today[g, d])
        below = np.linspace(0.0, min(today, base), LESS) if min(today, base) > 0 else np.zeros(1)
        stride = STEP if weight <= 0 else unit / weight
        above = np.arange(base, max(cap, today) + 1e-9, stride)
        grid = np.unique(np.round(np.concatenate([below, above, [today, max(cap, today)]]), 12))
        grid = grid[grid <= max(cap, today) + 1e-9]
        level = np.ceil(np.maximum(grid - base, 0.0) * weight / unit - 1e-6).astype(np.intp)
        return grid, level


def coordinates(surface: Surface, j: str, domain: str, a: np.ndarray, reach: np.ndarray) -> dict[str, np.ndarray]:
    """Depths (R, A) as places on the axes `less` and `more`, of what arrives (A2)."""
    today = surface.standing[j][domain].today
    seen = delivered(a, today, reach)
    zero = np.zeros(a.shape)
    less = np.maximum(1.0 - seen / today, 0.0) if today > 0 else zero
    more = np.maximum((seen - today) / (1.0 - today), 0.0) if today < 1 else zero
    return {"less": less, "more": more}


def joint_effect(
    surface: Surface, sets: np.ndarray, axis: int, x: np.ndarray, more: np.ndarray, j: str, party: int
) -> np.ndarray:
    """What a discount and deeper energy ties do together, beyond both alone, %. (R, A)"""
    from multialign.respond.surface import basis

    other = surface.place.get(("more", j, "energy"))
    out, n = np.zeros(x.shape), 0
    for pair in surface.pairs:
        for one, two in pair.corners:
            if {pair.axis, pair.other} == {axis, other}:
                first, second = (more, x) if pair.axis == other else (x, more)
                weight = basis(pair.at, one, first) * basis(pair.other_at, two, second)
                out += surface.joint_pct[sets, n, party][:, None] * weight
            n += 1
    return out


def spread_of(s, domain: str, a: np.ndarray, reach: np.ndarray, sales: bool = False) -> np.ndarray:  # type: ignore[no-untyped-def]
    """Change of concentration in a domain against today's at depths (R, A): of the focal state's purchases, or of the
    offerer's sales. (R, A)"""
    seen = delivered(a, s.today, reach) if domain in MARKET_DOMAINS else a
    share, full, others = (s.sales_share, s.sales_full, s.sales_others) if sales else (s.share, s.full, s.others)
    now = partner_share(seen, s.today, share, full)
    return np.asarray(concentration(now, others) - concentration(share, others))


def _coarsened(levels: list[np.ndarray], worth: np.ndarray) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """At most `COARSE` bins of levels: the best of each, its own m per power (R, B), and its level (R, B)."""
    M = worth.shape[1]
    edges = np.unique(np.concatenate([[0, 1], np.linspace(1, M, COARSE).astype(int)])) if M > 1 else np.array([0, 1])
    at, best = [], []
    for low, high in pairwise(edges):
        which = worth[:, low:high].argmax(axis=1) + low
        at.append(which)
        best.append(worth[np.arange(worth.shape[0]), which])
    place = np.stack(at, axis=1)
    return [lv[place] for lv in levels], np.stack(best, axis=1), place

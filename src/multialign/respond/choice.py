"""The focal state's best depths, knowing the reply that they call forth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from multialign.respond.calibrate import Draws
from multialign.respond.levers import MARKET_DOMAINS
from multialign.respond.reaction import Reply
from multialign.respond.standing import Standing
from multialign.respond.surfaces import Surface
from multialign.respond.terms import concentration, delivered, partner_share, tie_value

GRID = 81
"""Depths compared in each domain, besides today's."""
PRICES = np.geomspace(1e-3, 30.0, 40)
"""Prices on the mean rise (% of real income) whose optima are tried as starts."""
NEGLIGIBLE = 0.005
"""A gain, % of real income, below which the focal state stays as it is."""


@dataclass(frozen=True)
class Terms:
    """The terms of the parties' payoffs at given depths, % of their real income; (R,) each, per draw.

    income, value, autonomy, reaction: the focal state's. offerer_income, offerer_autonomy: the offerer's; third_income:
    the third power's, pressure included. tariff: the third power's extra tariff (fraction).
    """

    income: np.ndarray
    value: np.ndarray
    autonomy: np.ndarray
    reaction: np.ndarray
    offerer_income: np.ndarray
    offerer_autonomy: np.ndarray
    third_income: np.ndarray
    tariff: np.ndarray

    @property
    def focal(self) -> np.ndarray:
        """(A9) U = income + value of the tie + autonomy + reaction (the last two are zero or less when ties deepen)."""
        return self.income + self.value + self.autonomy + self.reaction

    @property
    def offerer(self) -> np.ndarray:
        return self.offerer_income + self.offerer_autonomy


class Game:
    """The question with its numbers: standings, surfaces, replies and draws. Carries; the methods compute on arrays."""

    def __init__(
        self,
        domains: Sequence[str],
        standing: Mapping[str, Standing],
        surfaces: Sequence[Surface],
        replies: Sequence[Reply],
        draws: Draws,
        caps: Mapping[str, float],
        n_open: int,
    ) -> None:
        self.domains, self.standing = tuple(domains), dict(standing)
        self.surfaces, self.replies, self.draws = tuple(surfaces), tuple(replies), draws
        self.caps = np.array([caps[d] for d in self.domains])
        self.today = np.array([standing[d].today for d in self.domains])
        self.n_open = n_open

    def best_depths(self, sweeps: int = 12) -> np.ndarray:
        """(R, D) the depths that maximise the focal state's payoff on a grid.

        Domains interact only through the reply, which depends on their mean rise. Coordinate ascent, each sweep taking
        every domain's best depth given the others, from four starts: today, each domain's own best without any reply,
        all cut, and the best of the depths that are optimal at a price on the rise (for `PRICES` of it). The best end
        is kept; a gain of less than `NEGLIGIBLE` is no reason to move.
        """
        grids = [
            np.unique(np.concatenate([np.linspace(0, cap, GRID), [a0]]))
            for a0, cap in zip(self.today, self.caps, strict=True)
        ]
        alone = [self._alone(d, grids[d]) for d in range(len(self.domains))]  # each (R, A)
        R, D = self.draws.kappa.size, len(self.domains)
        today = np.tile(self.today, (R, 1))
        starts = [today, self._priced(grids, alone, 0.0), np.zeros((R, D))]
        priced = [self._priced(grids, alone, price) for price in PRICES]
        worth = np.stack([self._value(a, grids, alone) for a in priced])
        starts.append(np.stack(priced)[worth.argmax(axis=0), np.arange(R)])
        best, best_value = today.copy(), self._value(today, grids, alone) + NEGLIGIBLE
        for start in starts:
            a = start.copy()
            for _ in range(sweeps):
                before = a.copy()
                for d in range(D):
                    others = (self.rise(a) - np.maximum(a[:, d] - self.today[d], 0.0) / self.n_open)[:, None]
                    rise = others + np.maximum(grids[d] - self.today[d], 0.0)[None, :] / self.n_open
                    a[:, d] = grids[d][(alone[d] - self._reply(rise)[1]).argmax(axis=1)]
                if np.array_equal(before, a):
                    break
            value = self._value(a, grids, alone)
            better = value > best_value
            best[better], best_value[better] = a[better], value[better]
        return best

    def _priced(self, grids: Sequence[np.ndarray], alone: Sequence[np.ndarray], price: float) -> np.ndarray:
        """(R, D) the depths that are best when each unit of mean rise costs `price`, instead of the reply."""
        out = []
        for d, grid in enumerate(grids):
            cost = price * np.maximum(grid - self.today[d], 0.0) / self.n_open
            out.append(grid[(alone[d] - cost).argmax(axis=1)])
        return np.stack(out, axis=1)

    def _value(self, a: np.ndarray, grids: Sequence[np.ndarray], alone: Sequence[np.ndarray]) -> np.ndarray:
        """(R,) the focal state's payoff at depths that lie on the grids."""
        rows = np.arange(a.shape[0])
        own = sum(alone[d][rows, np.searchsorted(grids[d], a[:, d] - 1e-12)] for d in range(a.shape[1]))
        return np.asarray(own - self._reply(self.rise(a)[:, None])[1][:, 0])

    def terms(self, depths: np.ndarray) -> Terms:
        """The parties' terms at depths (R, D), in the draws' own elasticity sets, from the surfaces."""
        income = np.zeros((3, depths.shape[0]))
        value = autonomy = offerer_autonomy = np.zeros(depths.shape[0])
        for d, name in enumerate(self.domains):
            a = depths[:, d]
            income += self._income(name, a)
            value = value + self.draws.omega[:, d] * (tie_value(a) - tie_value(self.today[d]))
            autonomy = autonomy - self.draws.kappa * self._spread(name, a) / len(self.domains)
            offerer_autonomy = offerer_autonomy - self.draws.kappa_offerer * self._sales_spread(name, a) / len(
                self.domains
            )
        tariff, loss = self._reply(self.rise(depths)[:, None])
        squeezed = self._squeeze(tariff[:, 0])
        return Terms(
            income=income[0],
            value=value,
            autonomy=autonomy,
            reaction=-loss[:, 0],
            offerer_income=income[1] + squeezed[1],
            offerer_autonomy=offerer_autonomy,
            third_income=income[2] + squeezed[2],
            tariff=tariff[:, 0],
        )

    def _alone(self, d: int, grid: np.ndarray) -> np.ndarray:
        """The part of the payoff that a domain brings by itself, at each depth of a grid. (R, A)"""
        name, r = self.domains[d], self.draws
        depths = np.broadcast_to(grid, (r.kappa.size, grid.size))
        value = r.omega[:, d, None] * (tie_value(depths) - tie_value(self.today[d]))
        spread = r.kappa[:, None] * self._spread(name, depths) / len(self.domains)
        return np.asarray(self._income(name, depths)[0] + value - spread)

    def _arrives(self, name: str, a: np.ndarray) -> np.ndarray:
        """Depths (R, ...) as markets see them; domains without a market take them as they are."""
        if name not in MARKET_DOMAINS:
            return a
        reach = self.draws.reach.reshape(-1, *[1] * (a.ndim - 1))
        return np.asarray(delivered(a, self.standing[name].today, reach))

    def _spread(self, name: str, a: np.ndarray) -> np.ndarray:
        """Change of the focal state's concentration in a domain against today's, at depths (R, ...)."""
        s = self.standing[name]
        share = partner_share(self._arrives(name, a), s.today, s.share, s.full)
        return np.asarray(concentration(share, s.others) - concentration(s.share, s.others))

    def _sales_spread(self, name: str, a: np.ndarray) -> np.ndarray:
        """Change of the offerer's concentration of sales when those to the focal state grow with depth."""
        s = self.standing[name]
        share = partner_share(self._arrives(name, a), s.today, s.sales_share, s.sales_full)
        return np.asarray(concentration(share, s.sales_others) - concentration(s.sales_share, s.sales_others))

    def _income(self, name: str, a: np.ndarray) -> np.ndarray:
        """Real income of the parties at depths (R, ...), each draw by its own surface. (3, R, ...)"""
        seen = self._arrives(name, a)
        out = np.zeros((3, *a.shape))
        for k, surface in enumerate(self.surfaces):
            mine = self.draws.surface == k
            out[:, mine] = surface.income(name, seen[mine])
        return out

    def _squeeze(self, tariff: np.ndarray) -> np.ndarray:
        out = np.zeros((3, tariff.size))
        for k, surface in enumerate(self.surfaces):
            mine = self.draws.surface == k
            out[:, mine] = surface.squeeze(tariff[mine])
        return out

    def rise(self, depths: np.ndarray) -> np.ndarray:
        """(A5) m = mean over the domains that the offer opens of max(a_d - a0_d, 0): what the third power minds.

        (R, D) -> (R,).

        A step back in one domain does not buy forgiveness for a step forward in another.
        """
        return np.asarray(np.maximum(depths - self.today, 0.0).sum(axis=1) / self.n_open)

    def _reply(self, rise: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The third power's extra tariff, and what it costs the focal state (%), at rises m (R, A)."""
        z = self.draws.mu[:, None] * rise
        tariff, loss = np.zeros_like(z), np.zeros_like(z)
        for k, reply in enumerate(self.replies):
            mine = self.draws.surface == k
            tariff[mine], loss[mine] = reply.at(z[mine])
        return tariff, loss

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
    ) -> None:
        self.domains, self.standing = tuple(domains), dict(standing)
        self.surfaces, self.replies, self.draws = tuple(surfaces), tuple(replies), draws
        self.caps = np.array([caps[d] for d in self.domains])
        self.today = np.array([standing[d].today for d in self.domains])

    def best_depths(self, sweeps: int = 12) -> np.ndarray:
        """(R, D) the depths that maximise the focal state's payoff, by coordinate ascent from three starts.

        Domains interact only through the reply, which depends on their mean rise; each sweep takes every domain's best
        depth on a grid given the others. Of the starts (today, each domain's own best without any reply, all cut) the
        best end is kept.
        """
        grids = [np.unique(np.append(np.linspace(0, 1, GRID), a0)) for a0 in self.today]
        grids = [g[g <= cap + 1e-12] for g, cap in zip(grids, self.caps, strict=True)]
        alone = [self._alone(d, grids[d]) for d in range(len(self.domains))]  # each (R, A)
        R, D = self.draws.kappa.size, len(self.domains)
        rows = np.arange(R)
        best, best_value = np.tile(self.today, (R, 1)), np.full(R, -np.inf)
        free = np.stack([grids[d][alone[d].argmax(axis=1)] for d in range(D)], axis=1)
        for start in (np.tile(self.today, (R, 1)), free, np.zeros((R, D))):
            a = np.minimum(start, self.caps)
            for _ in range(sweeps):
                before = a.copy()
                for d in range(D):
                    others = (self.rise(a) - np.maximum(a[:, d] - self.today[d], 0.0) / D)[:, None]
                    rise = others + np.maximum(grids[d] - self.today[d], 0.0)[None, :] / D
                    value = alone[d] - self._reply(rise)[1]
                    a[:, d] = grids[d][value.argmax(axis=1)]
                if np.array_equal(before, a):
                    break
            picked = sum(alone[d][rows, np.searchsorted(grids[d], a[:, d] - 1e-12)] for d in range(D))
            value = picked - self._reply(self.rise(a)[:, None])[1][:, 0]
            better = value > best_value + 1e-12
            best[better], best_value[better] = a[better], value[better]
        return best

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
        """(A5) m = mean over domains of max(a_d - a0_d, 0): what the third power minds. (R, D) -> (R,).

        A step back in one domain does not buy forgiveness for a step forward in another.
        """
        return np.asarray(np.maximum(depths - self.today, 0.0).mean(axis=1))

    def _reply(self, rise: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The third power's extra tariff, and what it costs the focal state (%), at rises m (R, A)."""
        z = self.draws.mu[:, None] * rise
        tariff, loss = np.zeros_like(z), np.zeros_like(z)
        for k, reply in enumerate(self.replies):
            mine = self.draws.surface == k
            tariff[mine], loss[mine] = reply.at(z[mine])
        return tariff, loss

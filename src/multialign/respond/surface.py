"""The response surface: what the engine says of every depth, reply and counter-offer, precomputed.

Real income along each axis (see `axes`) is a smooth curve through exact solves; two axes at once add a product term
that makes the solved corner exact. That is the second-order cut expansion of Rabitz & Alis (1999). How far it is from
the engine is measured at points that were not used (`held_out`) and said with every answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from multialign.respond.axes import NODES, Axis, Pair
from multialign.respond.question import Question
from multialign.respond.standing import Standing

GRID = 241
"""Points of the tables that curves are read from."""


@dataclass(frozen=True)
class CrudeFacts:
    """What is known of an offerer's crude: price now (USD a barrel) in `year`, million barrels a year, discount against
    other origins (USD a barrel, None where unknown)."""

    price: float
    year: int
    barrels: float
    today: float | None


@dataclass(frozen=True)
class HeldOut:
    """Error of the surface at points that it was not built on, percentage points of real income.

    points: how many in all. largest, rms: party -> error. effect: party -> root mean square of the effects themselves.
    """

    points: int
    largest: dict[str, float]
    rms: dict[str, float]
    effect: dict[str, float]


@dataclass(frozen=True)
class Surface:
    """Everything that an answer needs of the world economy. S sets, A axes, N countries, P pairs of axes.

    parties: focal state, offerers, third powers. membership: (parties, N) bool. main: per axis (S, K, N), effect on
    real income at its nodes, million USD. pairs: axes solved together. joint: (S, C, N) what each of their corners, in
    order, does
    beyond both alone. income: (S, N) base income, million USD. standing: offerer -> domain -> Standing. discount:
    offerer -> (low, middle,
    high) further discount on crude; the curves were solved at the middle one. crude: offerer -> its crude, where
    it sells. oil: (low, middle, high) price of oil over the base year's. slices: months it was taken from.
    """

    question: Question
    parties: tuple[str, ...]
    countries: tuple[str, ...]
    membership: np.ndarray
    sets: tuple[str, ...]
    axes: tuple[Axis, ...]
    main: tuple[np.ndarray, ...]
    pairs: tuple[Pair, ...]
    joint: np.ndarray
    income: np.ndarray
    standing: dict[str, dict[str, Standing]]
    discount: dict[str, tuple[float, float, float]]
    crude: dict[str, CrudeFacts]
    oil: tuple[float, float, float]
    oil_share: dict[str, float | None]
    held_out: HeldOut
    year: int
    solves: int
    _tables: dict[int, np.ndarray] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def place(self) -> dict[tuple[str, str, str], int]:
        """(kind, by, domain) -> place of the axis."""
        return {(a.kind, a.by, a.domain): k for k, a in enumerate(self.axes)}

    def party_pct(self, usd: np.ndarray) -> np.ndarray:
        """Million USD by country (S, ..., N) -> % of each party's income (S, ..., parties)."""
        mine = self.membership.astype(float)
        total = self.income @ mine.T
        shape = (total.shape[0], *[1] * (usd.ndim - 2), total.shape[1])
        return np.asarray(100.0 * (usd @ mine.T) / total.reshape(shape))

    def curve(self, k: int, x: np.ndarray) -> np.ndarray:
        """Effect of axis k at x on all countries, million USD. (X,) -> (S, X, N). Polynomial through the nodes where
        the response is smooth, shape-preserving where it bends (tariffs)."""
        nodes = np.array([0.0, *self.axes[k].nodes])
        values = np.concatenate([np.zeros_like(self.main[k][:, :1]), self.main[k]], axis=1)
        return along(self.axes[k], nodes, values, x)

    def span(self, k: int) -> tuple[float, float]:
        """Least and greatest x of an axis."""
        nodes = NODES[self.axes[k].kind]
        return min(0.0, *nodes), max(nodes)

    def table(self, k: int) -> np.ndarray:
        """(S, GRID, parties) % of real income along axis k, on even steps of its span. Kept."""
        if k not in self._tables:
            self._tables[k] = self.party_pct(self.curve(k, np.linspace(*self.span(k), GRID)))
        return self._tables[k]

    def read(self, k: int, sets: np.ndarray, x: np.ndarray, party: int | None = None) -> np.ndarray:
        """Effect of axis k, %, at x (R, ...) in each draw's own set (R,): (R, ...) of a party, or (R, ..., parties)."""
        low, high = self.span(k)
        place = (np.clip(x, low, high) - low) * ((GRID - 1) / (high - low))
        at = np.minimum(place.astype(np.intp), GRID - 2)
        rest = place - at
        table = self.table(k) if party is None else self.table(k)[:, :, party]
        own = sets.reshape(-1, *[1] * (x.ndim - 1))
        if party is None:
            rest = rest[..., None]
        return np.asarray(table[own, at] * (1.0 - rest) + table[own, at + 1] * rest)

    @cached_property
    def joint_pct(self) -> np.ndarray:
        """(S, P, parties) %."""
        return self.party_pct(self.joint) if self.pairs else np.zeros((len(self.sets), 0, len(self.parties)))

    def total(self, sets: np.ndarray, x: np.ndarray, factor: np.ndarray | None = None) -> np.ndarray:
        """Real income of the parties, %, with all axes at x (R, A), each axis' effect times `factor` (R, A).
        (R, parties)"""
        out = np.zeros((x.shape[0], len(self.parties)))
        for k in range(len(self.axes)):
            if np.any(x[:, k]):
                effect = self.read(k, sets, x[:, k])
                out += effect if factor is None else effect * factor[:, k, None]
        for n, weight in self._corners(x):
            out += self.joint_pct[sets, n] * weight[:, None]
        return out

    def _corners(self, x: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
        """Place in `joint` and weight (R,) of every corner that counts at x (R, A)."""
        n = 0
        for pair in self.pairs:
            first, second = x[:, pair.axis], x[:, pair.other]
            both = bool(np.any(first * second))
            for one, other in pair.corners:
                if both:
                    yield n, basis(pair.at, one, first) * basis(pair.other_at, other, second)
                n += 1

    def everywhere_at(self, s: int, x: np.ndarray) -> np.ndarray:
        """Real income of every country, %, in one set, with the axes at x (A,). (N,)"""
        out = np.zeros(self.income.shape[1])
        for k in np.flatnonzero(x):
            nodes = np.array([0.0, *self.axes[int(k)].nodes])
            values = np.concatenate([np.zeros_like(self.main[k][s, :1]), self.main[k][s]])
            out += along(self.axes[int(k)], nodes, values[None], np.array([x[k]]))[0, 0]
        for n, weight in self._corners(x[None]):
            out += self.joint[s, n] * weight[0]
        return np.asarray(100.0 * out / self.income[s])


def basis(nodes: tuple[float, ...], node: float, x: np.ndarray) -> np.ndarray:
    """Lagrange's polynomial that is 1 at `node` and 0 at 0 and the other nodes."""
    out = x / node
    for other in nodes:
        if other != node:
            out = out * (x - other) / (node - other)
    return np.asarray(out)


def along(axis: Axis, nodes: np.ndarray, values: np.ndarray, x: np.ndarray) -> np.ndarray:
    """The curve of an axis through its nodes (K,), (S, K, N), at x. (S, X, N)"""
    if axis.kind == "tariff":  # smooth in what it adds to the price, in logs
        nodes, x = np.log1p(nodes), np.log1p(x)
    weights = np.stack([basis_with_zero(nodes, k, x) for k in range(nodes.size)], axis=1)
    return np.asarray(np.einsum("xk,skn->sxn", weights, values))


def basis_with_zero(nodes: np.ndarray, k: int, x: np.ndarray) -> np.ndarray:
    """Lagrange's polynomial that is 1 at node k and 0 at the others. (X,)"""
    others = np.delete(nodes, k)
    return np.asarray(((x[:, None] - others) / (nodes[k] - others)).prod(axis=1))

"""What is computed of a matrix of flows. Functions on arrays; nothing here knows where the numbers come from.

A matrix of flows F has axes [importer, exporter]; its diagonal is zero. N is the number of countries,
with the rest of the world last.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Array = np.ndarray


def among(flows: Array, buyers: Sequence[int], sellers: Sequence[int]) -> Array:
    """What `buyers` take from `sellers`, summed. Shape (..., N, N) -> (...)."""
    return np.asarray(flows[..., list(buyers), :][..., list(sellers)].sum(axis=(-2, -1)))


def bought(flows: Array, members: Sequence[int]) -> Array:
    """What `members` together take from everybody else. Shape (..., N, N) -> (...)."""
    taken = flows[..., list(members), :]
    return np.asarray(taken.sum(axis=(-2, -1)) - taken[..., list(members)].sum(axis=(-2, -1)))


def sold(flows: Array, members: Sequence[int]) -> Array:
    """What `members` together sell to everybody else. Shape (..., N, N) -> (...)."""
    given = flows[..., list(members)]
    return np.asarray(given.sum(axis=(-2, -1)) - given[..., list(members), :].sum(axis=(-2, -1)))


def outside(members: Sequence[int], n: int) -> list[int]:
    """Everybody but `members`, of n."""
    inside = set(members)
    return [k for k in range(n) if k not in inside]


def ratio(part: float, whole: float) -> float | None:
    """part / whole, or None where the whole is zero."""
    return float(part) / float(whole) if whole > 0 else None


def import_shares(flows: Array) -> Array:
    """Each seller's share in what a country buys abroad. (N, N) -> (N, N); rows of zeros where nothing is bought."""
    total = flows.sum(axis=1, keepdims=True)
    return np.divide(flows, total, out=np.zeros_like(flows, dtype=float), where=total > 0)


def largest_shares(flows: Array) -> Array:
    """Share of the largest single supplier of each state that buys anything. (N, N) -> (n,).

    The rest of the world (last) is nobody's single supplier, though what it sells counts in the whole; it
    is left out as a buyer too.
    """
    shares = import_shares(flows)[:-1]
    buys = flows[:-1].sum(axis=1) > 0
    return np.asarray(shares[buys, :-1].max(axis=1))


def frontier(flows: Array, percentile: float = 95.0) -> float:
    """The share that counts as depth 1: that percentile, over states, of their largest single supplier's share."""
    largest = largest_shares(flows)
    return float(np.percentile(largest, percentile)) if largest.size else float("nan")


def depth(share: float | None, deepest: float) -> float | None:
    """A share relative to the frontier, at most 1."""
    if share is None or not deepest > 0:
        return None
    return float(min(1.0, share / deepest))


def herfindahl(shares: Array) -> tuple[float, float]:
    """Lower and upper bound of the sum of squared shares. (N,), rest of the world last -> two numbers in
    [0, 1].

    The rest of the world is many countries: taken as infinitely many it adds nothing, taken as one its
    square.
    """
    lower = float((shares[:-1] ** 2).sum())
    return lower, lower + float(shares[-1] ** 2)


def evenness(weights: Array) -> float | None:
    """Shannon entropy of the weights' shares over its greatest value, ln n. (n,) -> [0, 1], 1 = all the same.

    None where there are fewer than two weights or all are zero.
    """
    weights = np.asarray(weights, dtype=float)
    total = weights.sum()
    if weights.size < 2 or not total > 0:
        return None
    share = weights / total
    share = share[share > 0]  # after the division: a tiny weight's share may be zero
    return float(np.clip(-(share * np.log(share)).sum() / np.log(weights.size), 0.0, 1.0))


def rank_among(value: float, others: Array) -> int | None:
    """Place of a value among others, 1 = the largest; None for zero."""
    return int(1 + (np.asarray(others) > value).sum()) if value > 0 else None


def weighted_slope(x: Array, y: Array, weight: Array) -> float | None:
    """Slope of the weighted least-squares line of y on x; None where x does not vary."""
    if weight.sum() <= 0:
        return None
    x_mean, y_mean = np.average(x, weights=weight), np.average(y, weights=weight)
    spread = float((weight * (x - x_mean) ** 2).sum())
    return float((weight * (x - x_mean) * (y - y_mean)).sum() / spread) if spread > 0 else None

"""The terms of a state's payoff, as functions on arrays. All in % of the state's real income.

    U = real income (trade) + value of the tie itself - loss of autonomy - reaction

Equation numbers are those of docs/explanation/answer.md.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray


def tie_value(depth: Any) -> Any:
    """(A1) v(a) = [1 - (1 - a)^2 + a] / 2: what a tie is worth beyond its trade, up to a weight; rising, ever less, and
    still worth something at the last step."""
    return (1.0 - (1.0 - depth) ** 2 + depth) / 2.0


def tie_value_slope(depth: Any) -> Any:
    """(A1) v'(a) = 3/2 - a."""
    return 1.5 - depth


def delivered(depth: Any, today: float, reach: Any) -> Any:
    """(A2) The depth that a market sees: of what goes beyond today's depth only the part `reach` arrives."""
    return np.where(depth > today, today + (depth - today) * reach, depth)


def partner_share(depth: Array, today: float, share: float, full: float) -> Array:
    """(A3) The partner's share in the state's ties of a domain at a depth.

    Nothing at 0, `share` at today's depth, `full` at 1, linear between.
    """
    below = share * depth / today if today > 0 else np.zeros_like(depth)
    above = share + (full - share) * (depth - today) / (1.0 - today) if today < 1 else np.full_like(depth, share)
    return np.where(depth < today, below, above)


def multiplied_share(share: float, factor: float) -> float:
    """(A3) A partner's share once trade with it is `factor` times what it was, trade with the others given."""
    return share * factor / (1.0 - share + share * factor)


def concentration(share: Any, others: float) -> Any:
    """(A4) Herfindahl index of a domain when the partner has `share` and the rest keep their proportions.

    others: Herfindahl index of the rest among themselves.
    """
    return share**2 + (1.0 - share) ** 2 * others


def through_nodes(nodes: Array, values: Array, x: Array) -> Array:
    """The polynomial through (nodes, values), evaluated at x (Lagrange). (K,), (..., K), (...) -> (...)."""
    total = np.zeros(np.broadcast_shapes(values.shape[:-1], np.shape(x)))
    for k, node in enumerate(nodes):
        basis = np.ones(np.shape(x))
        for m, other in enumerate(nodes):
            if m != k:
                basis = basis * (x - other) / (node - other)
        total = total + values[..., k] * basis
    return total

"""What would change the answer: how much of its spread each unknown explains."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from multialign.respond.calibrate import Draws
from multialign.respond.levers import MARKET_DOMAINS
from multialign.respond.model import Cause
from multialign.ties.actors import actor
from multialign.ties.flows import DOMAINS

FEWEST = 30
"""Draws below which shares of variance say nothing."""


def causes(mean_depth: np.ndarray, draws: Draws, sets: Sequence[str], third_power: str) -> tuple[Cause, ...]:
    """Which unknown moves the answer, largest first.

    For each, the first-order share of the variance of the mean depth (R,) that groups of the draws explain (correlation
    ratio; fifths of the unknown, its values where it has few, or the elasticity sets), and the mean depth in its lowest
    and highest third or value. Nothing with fewer than `FEWEST` draws.
    """
    third = actor(third_power).name
    rows = (
        ("step", f"how touchy {third} is", draws.step, "answers early", "answers late"),
        ("kappa", "how much autonomy is worth", draws.kappa, "little", "much"),
        (
            "limited",
            "whether today's depth was as far as the offerer would go",
            draws.limited[:, [d for d, name in enumerate(DOMAINS) if name not in MARKET_DOMAINS]].mean(axis=1),
            "the focal state chose it",
            "the offerer set it",
        ),
        ("reach", "how much of 'without limits' arrives in trade", draws.reach, "little", "all"),
        ("tie", "what the tie itself is worth", draws.omega.sum(axis=1), "little", "much"),
    )
    if mean_depth.size < FEWEST:
        return ()
    out = []
    # Draws come set by set; shuffled, equal values of an unknown do not stand in for the elasticity set.
    shuffle = np.random.default_rng(0).permutation(mean_depth.size)
    for name, label, x, low, high in rows:
        order = shuffle[np.argsort(x[shuffle], kind="stable")]
        values = np.unique(x)
        groups = [np.flatnonzero(x == v) for v in values] if values.size <= 5 else np.array_split(order, 5)
        ends = groups if values.size <= 5 else np.array_split(order, 3)
        out.append(
            Cause(
                name=name,
                label=label,
                variance_share=_explained(mean_depth, groups),
                when_low=float(mean_depth[ends[0]].mean()),
                when_high=float(mean_depth[ends[-1]].mean()),
                low_means=low,
                high_means=high,
            )
        )
    groups = [np.flatnonzero(draws.surface == s) for s in range(len(sets))]
    means = [float(mean_depth[g].mean()) for g in groups]
    out.append(
        Cause(
            name="elasticities",
            label="how readily buyers change suppliers (elasticity set)",
            variance_share=_explained(mean_depth, groups),
            when_low=min(means),
            when_high=max(means),
            low_means=sets[int(np.argmin(means))],
            high_means=sets[int(np.argmax(means))],
        )
    )
    return tuple(sorted(out, key=lambda c: -c.variance_share))


def _explained(y: np.ndarray, groups: Sequence[np.ndarray]) -> float:
    """Between-group variance over total variance; zero where nothing varies."""
    total = float(y.var())
    if total <= 1e-15:
        return 0.0
    between = sum(g.size * (float(y[g].mean()) - float(y.mean())) ** 2 for g in groups if g.size)
    return float(between / y.size / total)

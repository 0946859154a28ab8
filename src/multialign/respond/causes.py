"""What would change the answer: how much of its spread each unknown explains."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from multialign.respond.calibrate import Draws
from multialign.respond.model import Cause
from multialign.ties.actors import actor


def causes(mean_depth: np.ndarray, draws: Draws, sets: Sequence[str], third_power: str) -> tuple[Cause, ...]:
    """Which unknown moves the answer, largest first.

    For each, the first-order share of the variance of the mean depth (R,) that groups of the draws explain (correlation
    ratio; fifths of the unknown, or the elasticity sets), and the mean depth in its lowest and highest third.
    """
    third = actor(third_power).name
    rows = (
        ("step", f"how touchy {third} is", draws.step, "answers early", "answers late"),
        ("kappa", "how much autonomy is worth", draws.kappa, "little", "much"),
        (
            "limited",
            "whether today's depth was as far as the offerer would go",
            draws.limited.mean(axis=1),
            "the focal state chose it",
            "the offerer set it",
        ),
        ("reach", "how much of 'without limits' arrives in trade", draws.reach, "little", "all"),
        ("tie", "what the tie itself is worth", draws.omega.mean(axis=1), "little", "much"),
    )
    out = []
    for name, label, x, low, high in rows:
        order = np.argsort(x, kind="stable")
        fifths = np.array_split(order, 5)
        thirds = np.array_split(order, 3)
        out.append(
            Cause(
                name=name,
                label=label,
                variance_share=_explained(mean_depth, fifths),
                when_low=float(mean_depth[thirds[0]].mean()),
                when_high=float(mean_depth[thirds[2]].mean()),
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

"""The third power's best reply: how much pressure a deeper tie calls forth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from multialign.respond.surfaces import Surface

MOST = 1.0
"""Largest extra tariff considered (100 points): the largest node at which the engine is solved."""
OBSERVED = 0.25
"""The reply that is on record: 25 points of extra tariff, United States on India, August 2025."""


@dataclass(frozen=True)
class Reply:
    """The third power's best extra tariff as a function of how much it minds, for one elasticity set.

    It weighs what pressure costs itself against what it costs the focal state:

        tau*(z) = argmax over tau in [0, MOST] of g(tau) + z l(tau),    z = mu m                   (A6)

    with g its own change of real income net of the first-order gain (which it forgoes today, so that tau = 0 is its
    best choice when it minds nothing), l the focal state's loss, and m the mean rise of depth above today's.

    minds: (Z,) grid of z. tariff: (Z,) tau*. loss: (Z,) l(tau*), % of the focal state's income. unit: the z at which
    tau* is OBSERVED.
    """

    minds: np.ndarray
    tariff: np.ndarray
    loss: np.ndarray
    unit: float

    def at(self, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Best extra tariff and the focal state's loss (%) at z; none where z <= 0."""
        return np.interp(z, self.minds, self.tariff), np.interp(z, self.minds, self.loss)

    def slope(self) -> float:
        """dl/dz at z = 0: how fast the loss rises as the third power starts to mind."""
        return float(self.loss[1] / self.minds[1])


def best_reply(surface: Surface, steps: int = 500) -> Reply:
    """The Reply of a Surface. `steps` tariffs between none and MOST are compared."""
    tau = np.linspace(0.0, MOST, steps + 1)
    focal, _, third = surface.squeeze(tau)
    own = third - tau * (third[1] - third[0]) / (tau[1] - tau[0])
    # The engine's curve bends down; the accumulated maximum of the bend keeps the reply rising in z.
    own_slope = np.minimum.accumulate(np.gradient(own, tau))
    loss = np.maximum.accumulate(np.maximum(-focal, 0.0))
    loss_slope = np.maximum(np.gradient(loss, tau), 1e-9)
    needed = np.maximum.accumulate(np.maximum(-own_slope, 0.0) / loss_slope)
    needed[0] = 0.0
    # A strictly rising grid, so that it can be read both ways.
    needed = needed + np.arange(needed.size) * 1e-9
    return Reply(needed, tau, loss, float(np.interp(OBSERVED, tau, needed)))

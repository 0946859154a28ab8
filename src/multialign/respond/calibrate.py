"""The weights that no data give: drawn, and held to what the states do today."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from multialign.respond.levers import MARKET_DOMAINS
from multialign.respond.reaction import Reply
from multialign.respond.standing import Standing
from multialign.respond.surfaces import Surface
from multialign.respond.terms import concentration, partner_share, tie_value, tie_value_slope

AUTONOMY = (0.5, 5.0)
"""Range of kappa: what falling from evenly spread ties to one single partner would cost, % of real income."""
STEP_TO_REPLY = (0.05, 0.5)
"""Range of the mean rise of depth at which the third power answers with the reply on record (25 points)."""
LIMITED_BY_OFFERER = 0.5
"""Chance that today's depth in a domain was as far as the offerer would go, rather than the focal state."""
INTANGIBLE = 0.25
"""What arms and diplomacy are worth is at most this part of what the tie's trade is worth (the exact loss of real
income if it were cut), spread evenly over the domains."""


@dataclass(frozen=True)
class Draws:
    """A sample of weights; R draws, domains in a fixed order D.

    surface: (R,) index of the elasticity set. kappa, kappa_offerer: (R,) autonomy weights of focal state and offerer.
    step: (R,) rise in mean depth that calls forth the reply on record. mu: (R,) the third power's weight.
    limited: (R, D) whether the offerer limited today's depth. omega: (R, D) weight of the tie itself. Weights in % of
    real income. empty: (D,) share of draws in which no weight at all explains today's depth as a best reply.
    """

    surface: np.ndarray
    kappa: np.ndarray
    kappa_offerer: np.ndarray
    step: np.ndarray
    mu: np.ndarray
    limited: np.ndarray
    omega: np.ndarray
    empty: np.ndarray


def draw_weights(
    per_surface: int,
    seed: int,
    domains: tuple[str, ...],
    standing: Mapping[str, Standing],
    surfaces: list[Surface],
    replies: list[Reply],
) -> Draws:
    """Draw weights under which today's depths are best replies (revealed preference).

    The same number of draws for each elasticity set; the same seed gives the same draws.
    """
    rng = np.random.default_rng(seed)
    R, D = per_surface * len(surfaces), len(domains)
    surface = np.repeat(np.arange(len(surfaces)), per_surface)
    kappa = _log_uniform(rng, *AUTONOMY, R)
    kappa_offerer = _log_uniform(rng, *AUTONOMY, R)
    step = rng.uniform(*STEP_TO_REPLY, R)
    limited = rng.uniform(size=(R, D)) < LIMITED_BY_OFFERER
    place = rng.uniform(size=(R, D))
    mu = np.array([replies[k].unit for k in surface]) / step
    omega, empty = np.zeros((R, D)), np.zeros(D)
    reply_slope = np.array([replies[k].slope() for k in surface]) * mu / D
    for d, name in enumerate(domains):
        s = standing[name]
        low, high = weight_set(s, kappa, reply_slope, _cut_slope(surfaces, surface, name, s), D)
        most = np.array([worth_of_ties(f) for f in surfaces])[surface] * INTANGIBLE / D / max(tie_value(s.today), 0.25)
        empty[d] = float(np.mean((high < low) | (most < low)))
        if name in MARKET_DOMAINS:
            # The engine already says what trade is worth; only what today's depth cannot do without is added.
            omega[:, d] = low
            continue
        # Limited by the offerer: the tie is worth at least what would make today's depth the focal state's own choice.
        floor = np.where(limited[:, d], np.maximum(low, np.minimum(high, most)), low)
        ceiling = np.where(limited[:, d], np.maximum(most, floor), np.maximum(np.minimum(high, most), low))
        omega[:, d] = floor + place[:, d] * (ceiling - floor)
    return Draws(surface, kappa, kappa_offerer, step, mu, limited, omega, empty)


def weight_set(
    s: Standing, kappa: np.ndarray, reply_slope: np.ndarray, cut_slope: np.ndarray, n_domains: int
) -> tuple[np.ndarray, np.ndarray]:
    """(A8) The weights omega of a tie's own value under which neither a little less nor a little more is better.

    Less is no better when  omega v'(a0) >= kappa C'(a0-) - y'(a0-);  more is no better when
    omega v'(a0) <= kappa C'(a0+) + l'(m0), y being real income, C concentration, l the loss to the reply that more
    calls forth. Returns (low, high), each (R,), never below zero; high < low means that no weight does.
    """
    slope = max(float(tie_value_slope(s.today)), 0.05)
    less, more = (kappa * c / n_domains for c in concentration_slopes(s))
    low = np.maximum((less - cut_slope) / slope, 0.0)
    high = np.maximum((more + reply_slope) / slope, 0.0)
    return low, high


def concentration_slopes(s: Standing) -> tuple[float, float]:
    """C'(a0-) and C'(a0+) of one domain; zero on a side that depth cannot take."""
    h = 1e-5
    index = concentration(
        partner_share(np.array([s.today - h, s.today, s.today + h]), s.today, s.share, s.full), s.others
    )
    less, more = float(index[1] - index[0]) / h, float(index[2] - index[1]) / h
    return (less if s.today > h else 0.0), (more if s.today < 1 - h else 0.0)


def worth_of_ties(surface: Surface) -> float:
    """What today's trade with the offerer is worth to the focal state, % of real income: the loss if it were cut."""
    return float(-sum(below[0, 0] for below in surface.below.values()))


def _cut_slope(surfaces: list[Surface], which: np.ndarray, domain: str, s: Standing) -> np.ndarray:
    """y'(a0-): how much real income the last bit of depth is worth today, per draw. (R,)"""
    if s.today <= 0:
        return np.zeros(which.size)
    h = s.today * 1e-3
    slopes = np.array([-float(f.income(domain, np.array(s.today - h))[0]) / h for f in surfaces])
    return slopes[which]


def _log_uniform(rng: np.random.Generator, low: float, high: float, size: int) -> np.ndarray:
    return np.exp(rng.uniform(np.log(low), np.log(high), size))

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

AUTONOMY = (0.05, 5.0)
"""Range of kappa before it is held to today's depths: what falling from evenly spread ties to one single partner would
cost, % of real income."""
STEP_TO_REPLY = (0.05, 0.5)
"""Range of the mean rise of depth at which the third power answers with the reply on record (25 points)."""
LIMITED_BY_OFFERER = 0.5
"""Chance that today's depth in a domain was as far as the offerer would go, rather than the focal state."""
INTANGIBLE = 0.1
"""What arms and diplomacy are worth is at most this part of what the tie's trade is worth (the exact loss of real
income if it were cut), spread evenly over the two."""


@dataclass(frozen=True)
class Draws:
    """A sample of weights; R draws, domains in a fixed order D.

    surface: (R,) index of the elasticity set. kappa, kappa_offerer: (R,) autonomy weights of focal state and offerer.
    step: (R,) mean rise of depth that calls forth the reply on record. mu: (R,) the third power's weight. reach: (R,)
    part of 'without limits' that arrives in markets. limited: (R, D) whether the offerer limited today's depth.
    omega: (R, D) weight of the tie itself. Weights in % of
    real income. kept: share of the candidates for which some weights explain today's depths as best replies; the
    others were dropped. unexplained: domains in which, in some elasticity set, none does.
    """

    surface: np.ndarray
    kappa: np.ndarray
    kappa_offerer: np.ndarray
    step: np.ndarray
    mu: np.ndarray
    reach: np.ndarray
    limited: np.ndarray
    omega: np.ndarray
    kept: float
    unexplained: tuple[str, ...]


REACH = (0.3, 1.0)
"""Range of the part of 'without limits' that arrives in trade. Against a doubling, log2 of the factor by which
agreements have been found to raise trade: about 0.4 at the median of structural estimates (1.3 times), 0.85 at the mean
of all (1.8 times; Head & Mayer 2014, Handbook of International Economics 4), 1 in Baier & Bergstrand (2007)."""
CANDIDATES = 40
"""Candidates drawn for each draw that is to be kept."""


def draw_weights(
    per_surface: int,
    seed: int,
    domains: tuple[str, ...],
    standing: Mapping[str, Standing],
    surfaces: list[Surface],
    replies: list[Reply],
    n_open: int,
) -> Draws:
    """Draw weights under which today's depths are best replies (revealed preference).

    Candidates for the autonomy weight and the third power's step are drawn for each elasticity set and kept where in
    every domain some weight of the tie itself, within its bounds, explains today's depth; of those, the same number for
    each set (with replacement where they are few). Where none fits, those are taken that miss least, and the domains
    that stay unexplained are named in the result. `n_open` domains count in what the third power minds. The same seed
    gives the same draws.
    """
    rng = np.random.default_rng(seed)
    D, pool = len(domains), CANDIDATES * per_surface
    parts, kept, unexplained = [], [], set()
    for k, (surface, reply) in enumerate(zip(surfaces, replies, strict=True)):
        kappa, step = _log_uniform(rng, *AUTONOMY, pool), rng.uniform(*STEP_TO_REPLY, pool)
        mu = reply.unit / step
        low, high = np.zeros((pool, D)), np.zeros((pool, D))
        for d, name in enumerate(domains):
            low[:, d], high[:, d] = weight_set(standing[name], kappa, reply.slope() * mu / n_open, surface, name, D)
        # In a domain without data nothing is revealed.
        bound = np.array([standing[name].known for name in domains])
        bounds = bounds_of(surface, domains, standing)
        miss = np.where(bound, np.maximum(low - bounds, 0.0), 0.0).sum(axis=1)
        fits = np.flatnonzero(miss <= 0)
        kept.append(fits.size / pool)
        if fits.size == 0:
            fits = np.argsort(miss, kind="stable")[:per_surface]
            least = low[fits].min(axis=0)
            unexplained |= {d for d, x, b in zip(domains, least, bounds, strict=True) if standing[d].known and x > b}
        take = fits[:per_surface] if fits.size >= per_surface else rng.choice(fits, per_surface)
        limited = rng.uniform(size=(per_surface, D)) < LIMITED_BY_OFFERER
        place = rng.uniform(size=(per_surface, D))
        most = np.maximum(bounds, low[take])
        floor = np.where(limited, np.clip(high[take], low[take], most), low[take])
        ceiling = np.where(limited, most, np.clip(high[take], low[take], most))
        market = np.array([name in MARKET_DOMAINS for name in domains])
        # The engine already says what trade is worth; only what today's depth cannot do without is added.
        omega = np.where(market, low[take], floor + place * (ceiling - floor))
        offerer = _log_uniform(rng, *AUTONOMY, per_surface)
        reach = rng.uniform(*REACH, per_surface)
        parts.append((np.full(per_surface, k), kappa[take], offerer, step[take], mu[take], reach, limited, omega))
    names = ("surface", "kappa", "kappa_offerer", "step", "mu", "reach", "limited", "omega")
    joined = {n: np.concatenate(column) for n, column in zip(names, zip(*parts, strict=True), strict=True)}
    return Draws(**joined, kept=float(np.mean(kept)), unexplained=tuple(d for d in domains if d in unexplained))


def bounds_of(surface: Surface, domains: tuple[str, ...], standing: Mapping[str, Standing]) -> np.ndarray:
    """(A7) The most that the tie itself may weigh in each domain, % of real income. (D,)

    In market domains there is no bound: whatever today's depth cannot do without is what it reveals.
    """
    carried = [d for d in domains if d not in MARKET_DOMAINS and standing[d].known]
    worth = worth_of_ties(surface) * INTANGIBLE / max(len(carried), 1)
    return np.array(
        [np.inf if d in MARKET_DOMAINS else worth / max(float(tie_value(standing[d].today)), 0.25) for d in domains]
    )


def weight_set(
    s: Standing, kappa: np.ndarray, reply_slope: np.ndarray, surface: Surface, domain: str, n_domains: int
) -> tuple[np.ndarray, np.ndarray]:
    """(A8) The weights omega of a tie's own value under which neither a little less nor a little more is better.

    Less is no better when  omega v'(a0) >= kappa C'(a0-) - y'(a0-);  more is no better when
    omega v'(a0) <= kappa C'(a0+) + l'(m0), y being real income, C concentration, l the loss to the reply that more
    calls forth. Returns (low, high), each (R,), never below zero; high < low means that no weight does.
    """
    slope = float(tie_value_slope(s.today))
    less, more = (kappa * c / n_domains for c in concentration_slopes(s))
    low = np.maximum((less - _cut_slope(surface, domain, s)) / slope, 0.0)
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


def _cut_slope(surface: Surface, domain: str, s: Standing) -> float:
    """y'(a0-): how much real income the last bit of depth is worth today, %."""
    if s.today <= 0:
        return 0.0
    h = s.today * 1e-3
    return -float(surface.income(domain, np.array(s.today - h))[0]) / h


def _log_uniform(rng: np.random.Generator, low: float, high: float, size: int) -> np.ndarray:
    return np.exp(rng.uniform(np.log(low), np.log(high), size))

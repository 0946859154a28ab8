"""What is uncertain, as columns of independent uniform numbers: one column, or a few, for each unknown.

Every draw is a function of its row of uniforms. So draws are reproducible, low-discrepancy (scrambled Sobol' points;
Owen 1998), and Sobol' indices are defined although the weights themselves depend on one another (see `calibrate`).
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc

from multialign.respond.levers import MARKET_DOMAINS

FREE_DOMAINS = ("arms", "diplomacy")
"""Domains in which the tie itself has a weight that no market shows."""


@dataclass(frozen=True)
class Columns:
    """Which columns of the uniforms feed which unknown. groups: name -> columns; unknowns of one name vary together in
    the sensitivity measure."""

    groups: dict[str, tuple[int, ...]]

    @property
    def size(self) -> int:
        return sum(len(c) for c in self.groups.values())

    def of(self, u: np.ndarray, name: str, which: int = 0) -> np.ndarray:
        """One column. (R, Q) -> (R,)"""
        return np.asarray(u[:, self.groups[name][which]])


def columns(offerers: int, thirds: int) -> Columns:
    """The columns of a question with that many offerers and third powers."""
    sizes = {
        "elasticities": 1,
        "step": thirds,
        "reach": 1,
        "autonomy": 1,
        "tie": offerers * len(FREE_DOMAINS),
        "limited": offerers * len(FREE_DOMAINS),
        "oil": 1,
        "discount": offerers,
        "data": len(MARKET_DOMAINS),
        "sanctions": thirds,
        "dislike": thirds,
        "outbid": thirds,
        "offerer_autonomy": offerers,
    }
    groups, start = {}, 0
    for name, size in sizes.items():
        groups[name] = tuple(range(start, start + size))
        start += size
    return Columns(groups)


def uniforms(rows: int, size: int, seed: int) -> np.ndarray:
    """Scrambled Sobol' points, kept off 0 and 1. (rows, size)"""
    with warnings.catch_warnings():
        # Numbers of draws that are no power of two lose some balance, and no more.
        warnings.simplefilter("ignore", UserWarning)
        points = qmc.Sobol(size, scramble=True, seed=np.random.default_rng(seed)).random(rows)
    return np.clip(points, 1e-9, 1.0 - 1e-9)


def split_normal(u: np.ndarray, low: float, middle: float, high: float) -> np.ndarray:
    """A value whose 10th, 50th and 90th percentiles are given: two half-normals. (R,) -> (R,)"""
    from scipy.special import ndtri

    z = ndtri(u) / 1.2815515655446004
    return np.asarray(middle + np.where(z < 0, (middle - low) * z, (high - middle) * z))


def three_points(u: np.ndarray, low: float, middle: float, high: float) -> np.ndarray:
    """As `split_normal`, in logs, for prices."""
    return np.asarray(np.exp(split_normal(u, float(np.log(low)), float(np.log(middle)), float(np.log(high)))))

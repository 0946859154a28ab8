"""Worlds that yardsticks and engine are both given, as plain arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from multialign import load_world
from multialign.world.codes import EU27, industry_group

REGIONS = ("BRA", "CHN", "EU27", "IND", "JPN", "USA", "ROW")
"""The players of Ossa (2014), American Economic Review 104(12); ROW is everybody else."""

SERVICES = {
    "utilities and construction": ("D", "E", "F"),
    "trade and hotels": ("G", "I"),
    "transport": ("H49", "H50", "H51", "H52", "H53"),
    "information": ("J58T60", "J61", "J62_63"),
    "finance and business": ("K", "L", "M", "N"),
    "public and personal": ("O", "P", "Q", "R", "S", "T"),
}
"""How the embedded world's 23 services become six; its 27 goods stay as they are, which makes 33 industries."""


class OneFactorWorld(NamedTuple):
    """A balanced world without inputs and deficits; labour makes everything.

    trade: (N, N, S) [importer n, exporter i, industry s], million USD at producer prices. tariff: (N, N, S) rates.
    theta: (S,) trade elasticities.
    """

    regions: tuple[str, ...]
    industries: tuple[str, ...]
    trade: np.ndarray
    tariff: np.ndarray
    theta: np.ndarray


def seven_by_thirty_three() -> OneFactorWorld:
    """The embedded world as 7 regions and 33 industries, without inputs, its deficits removed.

    Flows for both uses are added up and all taken as final; a region's trade within itself is its home trade, free of
    tariffs. Tariffs are means weighted by flows, elasticities by flows between regions. Then the world is solved with
    balanced trade, tariffs as they are.
    """
    world = load_world()
    goods = industry_group("goods")
    industries = (*goods, *SERVICES)
    region_of = [c if c in REGIONS else "EU27" if c in EU27 else "ROW" for c in world.countries]
    industry_of = {code: name for name, codes in SERVICES.items() for code in codes} | {g: g for g in goods}
    R = np.array([[r == name for name in REGIONS] for r in region_of], dtype=float)
    G = np.array([[industry_of[s] == name for name in industries] for s in world.sectors], dtype=float)
    flows = np.asarray(world.trade.values)

    def merge(a: np.ndarray) -> np.ndarray:
        return np.einsum("nis,nN,iI,sS->NIS", a, R, R, G, optimize=True)

    trade, collected = merge(flows), merge(flows * world.array("tariff"))
    abroad = 1.0 - np.eye(len(REGIONS))[:, :, None]
    tariff = abroad * np.divide(collected, trade, out=np.zeros_like(trade), where=trade > 0)
    between = np.array(region_of)[:, None] != np.array(region_of)[None, :]
    weight = flows[between].sum(axis=0)
    theta = (G.T @ (weight * world.array("elasticity"))) / (G.T @ weight)
    return OneFactorWorld(REGIONS, industries, balance(trade, tariff, theta), tariff, theta)


def balance(trade: np.ndarray, tariff: np.ndarray, theta: np.ndarray) -> np.ndarray:
    """The flows (N, N, S) of a one-factor world once no country has a deficit, by damped iteration on wages.

    Raises RuntimeError when demand for labour still misses its supply by more than 1e-12 after 20000 steps.
    """
    spending = trade * (1.0 + tariff)
    pi = spending / spending.sum(axis=1, keepdims=True)
    alpha = spending.sum(axis=1) / spending.sum(axis=(1, 2))[:, None]
    wL = trade.sum(axis=(0, 2))
    log_w = np.zeros(len(wL))
    for _ in range(20000):
        share = pi * np.exp(-theta * log_w[None, :, None])
        share /= share.sum(axis=1, keepdims=True)
        income = np.exp(log_w) * wL / (1.0 - (alpha[:, None, :] * share * tariff / (1.0 + tariff)).sum(axis=(1, 2)))
        flows = share * (alpha * income[:, None])[:, None, :] / (1.0 + tariff)
        gap = np.log(flows.sum(axis=(0, 2)) / (np.exp(log_w) * wL))
        if np.abs(gap).max() < 1e-12:
            return flows
        log_w += 0.2 * gap
        log_w -= np.log((np.exp(log_w) * wL).sum() / wL.sum())
    raise RuntimeError("the world did not balance")

"""How an origin's crude is spread over its buyers, given prices and embargoes; and how good such a forecast was.

Each buyer's share of the origin follows from its share before by the CES demand system: the odds of the origin against
all others change with the ratio of their prices to the power -sigma. What an embargo takes away goes to the others: a
common factor on all odds, the mark-down that no unit value shows, brings purchases to what the origin sold.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from multialign.errors import InputError
from multialign.ties import crude_data as data
from multialign.ties.embargoes import embargoed
from multialign.world import panels

BASE_YEARS = (2019, 2020, 2021)
"""Years whose mean share and relative price a forecast of later years starts from."""


class SpreadError(BaseModel):
    """How far a forecast of who bought an origin's crude was off, in one year.

    misplaced: half the sum of the absolute differences of shares in the origin's recorded exports: the part of its
    crude that the forecast gives to the wrong buyers, in [0, 1]. rmse: root mean square error of the shares of the
    buyers that took 1 % or more, before or after. shares, actual: buyer -> share, the largest of either.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    year: int
    misplaced: float
    rmse: float
    shares: dict[str, float]
    actual: dict[str, float]

    def to_dict(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return self.model_dump(mode="json")


def volumes(origin: str, year: int) -> np.ndarray:
    """Tonnes of an origin's crude by buyer. (N,), axes as in `crude_data.axis`; nothing for the unnamed."""
    k = data.party(origin, field="origin").places[0]
    out = data.cube()[2, data.year_place(year), :, k].copy()
    out[k] = out[-1] = 0.0
    return out


def imports(year: int) -> np.ndarray:
    """Tonnes of crude that each buyer took from abroad. (N,)."""
    flows = data.cube()[2, data.year_place(year)].copy()
    np.fill_diagonal(flows, 0.0)
    return np.asarray(flows.sum(axis=1))


def relative_price(origin: str, years: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """Log price of an origin less that of a buyer's other origins, weighted by tonnes over the years; and the tonnes.

    (N,) each; NaN and 0 where either has no credible price.
    """
    k = data.party(origin, field="origin").places[0]
    total, weight = np.zeros(len(data.axis())), np.zeros(len(data.axis()))
    for year in years:
        brent = panels.brent_by_year()[year]
        flows = data.cube()[:, data.year_place(year)].copy()
        np.einsum("inn->in", flows)[...] = 0.0
        flows *= np.asarray(data.credible(np.nan_to_num(data.prices(flows), nan=-1.0), brent))
        own = data.prices(flows[:, :, k])
        rest = data.prices(np.delete(flows, k, axis=2).sum(axis=2))
        has = np.isfinite(own) & np.isfinite(rest)
        tonnes = flows[2, :, k]
        total[has] += tonnes[has] * np.log(own[has] / rest[has])
        weight[has] += tonnes[has]
    return np.divide(total, weight, out=np.full_like(total, np.nan), where=weight > 0), weight


def believed(price: np.ndarray, tonnes: np.ndarray) -> np.ndarray:
    """Relative prices with the noise of small flows taken out. (N,) each -> (N,).

    A recorded price is drawn to the mean over buyers (weighted by tonnes) by how far prices of flows of its size
    scatter beyond those of the largest, whose scatter is taken as real. Where there is no price the mean stands.
    """
    has = np.isfinite(price) & (tonnes > 0)
    if not has.any():
        return np.zeros_like(price)
    mean = float(np.average(price[has], weights=tonnes[has]))
    reliable = (data.scatter()[-1] / data.scatter_of(tonnes)) ** 2
    return np.where(has, mean + np.clip(reliable, 0.0, 1.0) * (np.nan_to_num(price) - mean), mean)


def spread_over(
    share: np.ndarray, change: np.ndarray, demand: np.ndarray, kept: np.ndarray, sold: float, sigma: float
) -> np.ndarray:
    """Tonnes of an origin by buyer that clear its market. All (N,).

    share: the origin's part of each buyer's imports before; change: log change of its relative price; demand: each
    buyer's imports; kept: the part of the year in which the law lets it buy; sold: tonnes to be placed. The common
    factor on the odds is found by bisection; where all that may be bought is less than `sold`, all of it is bought.
    """
    share = np.clip(share, 0.0, 1.0 - 1e-9)
    odds = share / (1.0 - share) * np.exp(-sigma * change)

    def bought(log_factor: float) -> np.ndarray:
        raised = odds * np.exp(log_factor)
        return np.asarray(demand * kept * raised / (1.0 + raised))

    low, high = -40.0, 40.0
    if sold <= 0 or not bought(high).sum() > 0:
        return np.zeros_like(share)
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if bought(middle).sum() < sold else (low, middle)
    return bought((low + high) / 2)


def kept_open(origin: str, year: int) -> np.ndarray:
    """The part of a year in which each buyer may take the origin's crude. (N,)."""
    code = data.party(origin, field="origin").code
    return np.array([1.0 - embargoed(buyer, code, year) for buyer in data.axis()])


def forecast(origin: str, year: int, sigma: float, base: Sequence[int] = BASE_YEARS) -> np.ndarray:
    """An origin's tonnes by buyer in a year, from its shares in `base`, the year's prices, embargoes and sales. (N,).

    Raises InputError for a year in or before the base.
    """
    if year <= max(base):
        raise InputError(f"is {year}", field="year", hint=f"a forecast from {base[0]}-{base[-1]} is of a later year")
    before = sum(volumes(origin, y) for y in base)
    whole = sum(imports(y) for y in base)
    share = np.divide(before, whole, out=np.zeros_like(whole), where=whole > 0)
    change = believed(*relative_price(origin, [year])) - believed(*relative_price(origin, base))
    sold = float(volumes(origin, year).sum())
    return spread_over(share, change, imports(year), kept_open(origin, year), sold, sigma)


def naive(origin: str, year: int, *, law: bool, base: Sequence[int] = BASE_YEARS) -> np.ndarray:
    """The same by fixed shares: each buyer keeps its part of what the origin sells; with `law`, less what embargoes
    take, the rest spread in proportion. (N,)."""
    before = np.asarray(sum(volumes(origin, y) for y in base))
    if law:
        before = before * kept_open(origin, year)
    sold = float(volumes(origin, year).sum())
    return before / before.sum() * sold if before.sum() > 0 else before


def score(model: str, origin: str, year: int, tonnes: np.ndarray, shown: int = 6) -> SpreadError:
    """How far a forecast was off."""
    actual = volumes(origin, year)
    a, f = actual / actual.sum(), tonnes / tonnes.sum()
    names = list(data.axis())
    large = (a >= 0.01) | (f >= 0.01)
    first = np.argsort(-np.maximum(a, f))[:shown]
    return SpreadError(
        model=model,
        year=year,
        misplaced=float(np.abs(a - f).sum() / 2),
        rmse=float(np.sqrt(((a - f)[large] ** 2).mean())),
        shares={names[k]: float(f[k]) for k in first},
        actual={names[k]: float(a[k]) for k in first},
    )


def compare(origin: str, years: Sequence[int], sigmas: dict[str, float]) -> tuple[SpreadError, ...]:
    """The error of the naive shares, without and with the embargoes, and of the demand system with each sigma."""
    out = []
    for year in years:
        out.append(score("fixed shares", origin, year, naive(origin, year, law=False)))
        out.append(score("fixed shares, embargoes", origin, year, naive(origin, year, law=True)))
        out += [score(name, origin, year, forecast(origin, year, s)) for name, s in sigmas.items()]
    return tuple(out)

"""How an origin's crude is spread over its buyers, given prices and embargoes; and how good such a forecast was.

Each buyer's own demand follows from its share before by the CES demand system: the odds of the origin against all
others change with the ratio of their prices to the power -sigma. What an embargo takes away has to go elsewhere, and
goes to whoever may buy and burns crude, in proportion to the crude that it still takes from others: a displaced barrel
seeks demand, not custom. That rule was set with the years 2022-2024 in view, and the panel has no earlier case in which
an origin went on selling as much; `forecast(custom=True)` is the rule that needs no such view.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from multialign.errors import InputError
from multialign.ties import crude_data as data
from multialign.ties.embargoes import UNRECORDED, embargoed
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
    """Tonnes of an origin's crude by buyer, mended (`crude_data.tonnage`). (N,), axes as in `crude_data.axis`; nothing
    for the unnamed, nor for buyers that take it and no longer report it (`embargoes.UNRECORDED`), in any year."""
    seller = data.party(origin, field="origin")
    k = one_place(seller)
    out = data.tonnage()[data.year_place(year), :, k].copy()
    out[k] = out[-1] = 0.0
    out[[data.axis()[b] for b, o in UNRECORDED if o == seller.code]] = 0.0
    return out


def one_place(seller: data.Party) -> int:
    """The place of a single state. Raises InputError for a union or group."""
    if len(seller.places) != 1:
        raise InputError(f"{seller.name} is several states", field="origin", hint="give one state")
    return seller.places[0]


def imports(year: int) -> np.ndarray:
    """Tonnes of crude that each buyer took from abroad, mended. (N,)."""
    return np.asarray(data.tonnage()[data.year_place(year)].sum(axis=1))


def relative_price(origin: str, years: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """Log price of an origin less that of a buyer's other origins, weighted by tonnes over the years; and the tonnes.

    (N,) each; NaN and 0 where either has no credible price.
    """
    k = one_place(data.party(origin, field="origin"))
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


def placed(
    share: np.ndarray, change: np.ndarray, demand: np.ndarray, kept: np.ndarray, sold: float, sigma: float
) -> np.ndarray:
    """Tonnes of an origin by buyer: own demand at the given prices, and what is left over by the size of demand.

    Arguments as in `spread_over`. Where own demand is above what is sold, all odds fall by a common factor instead.
    """
    share = np.clip(share, 0.0, 1.0 - 1e-9)
    odds = share / (1.0 - share) * np.exp(-sigma * change)
    own = demand * kept * odds / (1.0 + odds)
    left = sold - float(own.sum())
    if left <= 0:
        return spread_over(share, change, demand, kept, sold, sigma)
    room = demand * kept - own
    whole = float(room.sum())
    return own + room * min(left / whole, 1.0) if whole > 0 else own


def kept_open(origin: str, year: int) -> np.ndarray:
    """The part of a year in which each buyer may take the origin's crude. (N,)."""
    code = data.party(origin, field="origin").code
    return np.array([1.0 - embargoed(buyer, code, year) for buyer in data.axis()])


def open_demand(origin: str, year: int) -> np.ndarray:
    """Tonnes that each named buyer but the origin takes from abroad, where its purchases of it are recorded. (N,)."""
    seller = data.party(origin, field="origin")
    out = imports(year)
    out[[one_place(seller), -1, *(data.axis()[b] for b, o in UNRECORDED if o == seller.code)]] = 0.0
    return out


def forecast(
    origin: str, year: int, sigma: float, base: Sequence[int] = BASE_YEARS, *, custom: bool = False
) -> np.ndarray:
    """An origin's tonnes by buyer in a year, from its shares in `base`, the year's prices, embargoes and sales. (N,).

    custom: place what is displaced by past custom (`spread_over`) and not by the size of demand (`placed`). Raises
    InputError for a year in or before the base.
    """
    if year <= max(base):
        raise InputError(f"is {year}", field="year", hint=f"a forecast from {base[0]}-{base[-1]} is of a later year")
    before = sum(volumes(origin, y) for y in base)
    whole = sum(open_demand(origin, y) for y in base)
    share = np.divide(before, whole, out=np.zeros_like(whole), where=whole > 0)
    change = believed(*relative_price(origin, [year])) - believed(*relative_price(origin, base))
    sold = float(volumes(origin, year).sum())
    place = spread_over if custom else placed
    return place(share, change, open_demand(origin, year), kept_open(origin, year), sold, sigma)


def naive(origin: str, year: int, *, law: bool, base: Sequence[int] = BASE_YEARS) -> np.ndarray:
    """The same by fixed shares: each buyer keeps its part of what the origin sells; with `law`, less what embargoes
    take, the rest spread in proportion. (N,)."""
    before = np.asarray(sum(volumes(origin, y) for y in base))
    if law:
        before = before * kept_open(origin, year)
    sold = float(volumes(origin, year).sum())
    return before / before.sum() * sold if before.sum() > 0 else before


def by_size(origin: str, year: int) -> np.ndarray:
    """The same in proportion to the crude that each buyer under no embargo takes from abroad, whatever it bought
    before. (N,)."""
    free = open_demand(origin, year) * kept_open(origin, year)
    return np.asarray(free / free.sum() * volumes(origin, year).sum())


def as_last_year(origin: str, year: int) -> np.ndarray:
    """The same with the shares of the year before, less what embargoes take. (N,). It knows a year more than the other
    forecasts: a yardstick for how soon things settle, no rival in forecasting a break."""
    before = volumes(origin, year - 1) * kept_open(origin, year)
    return np.asarray(before / before.sum() * volumes(origin, year).sum())


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


def compare(
    origin: str, years: Sequence[int], sigmas: dict[str, float], base: Sequence[int] = BASE_YEARS
) -> tuple[SpreadError, ...]:
    """The errors of simple rivals (fixed shares without and with the embargoes, shares by size, last year's shares) and
    of the demand system with each sigma, by size of demand and by custom."""
    out = []
    for year in years:
        rivals = {
            "fixed shares": naive(origin, year, law=False, base=base),
            "fixed shares, embargoes": naive(origin, year, law=True, base=base),
            "by size": by_size(origin, year),
            "last year's": as_last_year(origin, year),
        }
        for name, sigma in sigmas.items():
            rivals[name] = forecast(origin, year, sigma, base)
            rivals[f"{name}, by custom"] = forecast(origin, year, sigma, base, custom=True)
        out += [score(name, origin, year, tonnes) for name, tonnes in rivals.items()]
    return tuple(out)

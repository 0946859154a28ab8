"""Crude oil by origin: what a buyer paid, against its other sellers and against Brent, and how that moves.

Prices are value over weight in CEPII's BACI: free on board, so freight and insurance are not in them, and
grades differ. A discount is therefore what the buyer's customs papers show, cleaned by CEPII, and no
quotation.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from multialign.errors import InputError
from multialign.ties.actors import Actor, actor, order
from multialign.ties.measures import ratio, weighted_slope
from multialign.world import codes, panels

BARRELS_PER_TONNE = 7.33
"""The usual conversion for crude of average density; true values run from about 6.8 to 7.8 by grade."""

CREDIBLE = (0.5, 2.0)
"""A price outside these multiples of Brent's year average comes from a wrong weight, not from a bargain."""

STEADY = 0.5
"""A discount that moves by less than this, USD a barrel and year, counts as steady."""


class CrudeOrigin(BaseModel):
    """One origin's crude in one buyer's year. Prices and discounts in USD a barrel.

    value: million USD; barrels: million, of the flows whose weight is recorded.
    others_price: what the buyer paid all its other sellers together; discount_to_others: that less `price`
    (positive = cheaper); discount_to_brent: Brent's year average less `price`.
    saving_to_others, saving_to_brent: discount x barrels, million USD.
    credible: whether `price` lies within half and twice Brent's year average. Where it does not, the
    recorded weight
        cannot be that of the recorded value.
    others_price_screened, discount_screened: as `others_price` and `discount_to_others`, with only those
    other
        sellers whose price is credible; one seller's wrong weight can move `others_price` by more than a
        dollar.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    origin: str
    name: str
    year: int
    value: float
    barrels: float
    price: float | None
    share_of_value: float | None
    share_of_barrels: float | None
    others_price: float | None
    discount_to_others: float | None
    discount_to_brent: float | None
    saving_to_others: float | None
    saving_to_brent: float | None
    credible: bool | None
    others_price_screened: float | None
    discount_screened: float | None


class CrudePaid(BaseModel):
    """A buyer's crude in one year, by origin, largest value first. `price`: USD a barrel, all origins."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    buyer: str
    year: int
    value: float
    barrels: float
    price: float | None
    brent: float | None
    origins: tuple[CrudeOrigin, ...]

    def origin(self, code: str) -> CrudeOrigin:
        """One origin's figures. Raises InputError where the buyer took none from it."""
        for origin in self.origins:
            if origin.origin == code.upper():
                return origin
        raise InputError(
            f"{self.buyer} bought no crude from '{code}' in {self.year}",
            field="origin",
            hint=f"it bought from: {', '.join(o.origin for o in self.origins) or 'nobody'}",
        )

    def to_dict(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return self.model_dump(mode="json")


class CrudePath(BaseModel):
    """One origin's crude in a buyer's imports over the years.

    slope: change of `discount_to_others`, USD a barrel and year, over `window` (least squares, years
    weighted by barrels, so that a year of token purchases counts for little); trend: its direction,
    'steady' within +-0.5.
    latest_change: the last year's discount less that of the year before.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    buyer: str
    origin: str
    years: tuple[CrudeOrigin, ...]
    window: tuple[int, int] | None
    slope: float | None
    trend: Literal["narrowing", "widening", "steady"] | None
    latest_change: float | None
    text: str

    def to_dict(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return self.model_dump(mode="json")


def crude_paid(buyer: str, year: int = panels.ENERGY_YEARS[1]) -> CrudePaid:
    """What a state (or ``EU27``) paid for crude in a year, by origin.

    Raises InputError for an unknown buyer or a year that the panel does not cover.
    """
    who = actor(buyer, field="buyer")
    t = _place(year)
    by_seller, _ = _by_seller(t, who.members)
    value, barrels, price = _sums(by_seller)
    known = codes.countries()
    origins = [_origin(t, who, Actor(c, known[c], (k,))) for c, k in order().items() if by_seller[0, k] > 0]
    return CrudePaid(
        buyer=who.code,
        year=year,
        value=value,
        barrels=barrels,
        price=price,
        brent=panels.brent_by_year().get(year),
        origins=tuple(sorted(origins, key=lambda o: -o.value)),
    )


def crude_path(buyer: str, origin: str, years: Sequence[int] | None = None, *, window: int = 3) -> CrudePath:
    """Price, share, discount and saving year by year, with the discount's trend over the last `window` years.

    `years`: by default all from 2015 on. Years without a purchase are left out. Raises InputError for an
    unknown state, a year outside the panel, or a window under two years.
    """
    who, seller = actor(buyer, field="buyer"), actor(origin, field="origin")
    if set(who.members) & set(seller.members):
        raise InputError(f"'{origin}' is the buyer or a part of it", field="origin", hint="give another one")
    return path_between(who, seller, years, window=window)


def path_between(who: Actor, seller: Actor, years: Sequence[int] | None = None, *, window: int = 3) -> CrudePath:
    """`crude_path` for actors already known."""
    if window < 2:
        raise InputError(f"is {window}", field="window", hint="a trend needs two years or more")
    chosen = range(2015, panels.ENERGY_YEARS[1] + 1) if years is None else sorted(set(years))
    points = [_origin(_place(y), who, seller) for y in chosen]
    points = [p for p in points if p.value > 0]
    # A run of calendar years, not of purchases: years far apart would make no trend.
    last = points[-1].year if points else 0
    recent = [p for p in points if p.year > last - window and p.discount_to_others is not None]
    slope = None
    if len(recent) >= 2:
        slope = weighted_slope(
            np.array([float(p.year) for p in recent]),
            np.array([p.discount_to_others for p in recent], dtype=float),
            np.array([p.barrels for p in recent]),
        )
    trend: Literal["narrowing", "widening", "steady"] | None = None
    if slope is not None:
        trend = "steady" if abs(slope) <= STEADY else "narrowing" if slope < 0 else "widening"
    step = None
    if len(recent) >= 2 and recent[-1].year - recent[-2].year == 1:
        step = float(recent[-1].discount_to_others or 0.0) - float(recent[-2].discount_to_others or 0.0)
    return CrudePath(
        buyer=who.code,
        origin=seller.code,
        years=tuple(points),
        window=(recent[0].year, recent[-1].year) if slope is not None else None,
        slope=slope,
        trend=trend,
        latest_change=step,
        text=_text(who, seller, points, recent, slope, trend),
    )


def _text(
    who: Actor,
    seller: Actor,
    points: list[CrudeOrigin],
    recent: list[CrudeOrigin],
    slope: float | None,
    trend: str | None,
) -> str:
    if not points:
        return f"The record shows no crude from {seller.spoken} to {who.spoken} in these years."
    last = points[-1]
    if last.price is None or last.discount_to_others is None:
        return f"The record shows no price to compare for crude from {seller.spoken} to {who.spoken} in {last.year}."
    below = "less" if last.discount_to_others >= 0 else "more"
    out = (
        f"In {last.year} crude from {seller.spoken} cost {who.spoken} {last.price:.1f} USD a barrel, "
        f"{abs(last.discount_to_others):.1f} {below} than crude from all others."
    )
    if trend is not None and slope is not None:
        moves = {"steady": "held steady", "narrowing": "narrowed", "widening": "widened"}[trend]
        out += (
            f" Over {recent[0].year}-{recent[-1].year} the discount {moves} ({slope:+.1f} USD a "
            f"barrel and year, "
            f"weighted by volume): {', '.join(f'{p.discount_to_others:.1f}' for p in recent)}."
        )
    return out


def _origin(t: int, who: Actor, seller: Actor) -> CrudeOrigin:
    by_seller, fits = _by_seller(t, who.members)
    theirs = np.zeros(by_seller.shape[1], dtype=bool)
    theirs[list(seller.members)] = True
    year = panels.ENERGY_YEARS[0] + t
    value, barrels, price = _sums(by_seller[:, theirs])
    all_value, all_barrels, _ = _sums(by_seller)
    _, _, others = _sums(by_seller[:, ~theirs])
    _, _, screened = _sums(by_seller[:, ~theirs & fits])
    brent = panels.brent_by_year().get(year)
    to_others = others - price if others is not None and price is not None else None
    to_brent = brent - price if brent is not None and price is not None else None
    return CrudeOrigin(
        origin=seller.code,
        name=seller.name,
        year=year,
        value=value,
        barrels=barrels,
        price=price,
        share_of_value=ratio(value, all_value),
        share_of_barrels=ratio(barrels, all_barrels),
        others_price=others,
        discount_to_others=to_others,
        discount_to_brent=to_brent,
        saving_to_others=None if to_others is None else to_others * barrels,
        saving_to_brent=None if to_brent is None else to_brent * barrels,
        credible=_credible(price, brent),
        others_price_screened=screened,
        discount_screened=screened - price if screened is not None and price is not None else None,
    )


def _credible(price: float | None, brent: float | None) -> bool | None:
    """Whether a price lies within `CREDIBLE` times Brent's; None where there is nothing to compare."""
    if price is None or brent is None:
        return None
    return CREDIBLE[0] * brent <= price <= CREDIBLE[1] * brent


@lru_cache(maxsize=1024)
def _by_seller(t: int, members: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray]:
    """What an actor took from each seller, rows as in `_cube`, and whose price is credible. (3, N) and (N,)."""
    cube = _cube()[:, t]
    bought = cube[:, list(members)].sum(axis=1)
    bought[:, list(members)] = 0.0
    brent = panels.brent_by_year().get(panels.ENERGY_YEARS[0] + t)
    fits = [bool(_credible(_sums(bought[:, [k]])[2], brent)) for k in range(bought.shape[1])]
    return bought, np.array(fits)


def _sums(bought: np.ndarray) -> tuple[float, float, float | None]:
    """Value (million USD), barrels (million) and price (USD a barrel) of some sellers together. (3, n)."""
    value, weighed, tonnes = (float(x) for x in bought.sum(axis=1))
    barrels = tonnes * BARRELS_PER_TONNE / 1e6
    return value, barrels, ratio(weighed, barrels)


def _place(year: int) -> int:
    first, last = panels.ENERGY_YEARS
    if isinstance(year, bool) or not isinstance(year, (int, np.integer)) or not first <= year <= last:
        raise InputError(f"is {year!r}", field="year", hint=f"the panel covers {first} to {last}")
    return int(year) - first


@cache
def _cube() -> np.ndarray:
    """Crude by [value, value weighed, tonnes], year, importer and exporter. (3, T, N, N)."""
    table = panels.energy()
    table = table[table["product"] == "crude"]
    first, last = panels.ENERGY_YEARS
    n = len(order())
    out = np.zeros((3, last - first + 1, n, n))
    place = (
        table["year"].to_numpy() - first,
        table["importer"].map(order()).to_numpy(),
        table["exporter"].map(order()).to_numpy(),
    )
    for layer, column in enumerate(("value", "value_weighed", "tonnes")):
        np.add.at(out[layer], place, table[column].to_numpy())
    out.flags.writeable = False
    return out

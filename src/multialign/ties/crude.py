"""Crude oil by origin: what a buyer paid, against its other sellers and against Brent, and how that moves.

Prices are value over weight in CEPII's BACI: free on board, so freight and insurance are not in them, and
grades differ. A discount is therefore what the buyer's customs papers show, cleaned by CEPII, and no
quotation; its interval holds how far such prices scatter, and the origin's usual discount what its grade is worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from multialign.errors import InputError
from multialign.ties.actors import Actor
from multialign.ties.crude_data import (
    FIRST_YEAR,
    Party,
    axis,
    bought_by,
    credible,
    cube,
    name_of,
    party,
    party_of,
    prices,
    scatter_of,
    sums,
    year_place,
)
from multialign.ties.crude_model import CrudeOrigin, CrudePaid, CrudePath
from multialign.ties.measures import ratio, weighted_slope
from multialign.world import panels

__all__ = ["CrudeOrigin", "CrudePaid", "CrudePath", "crude_from", "crude_paid", "crude_path", "path_between"]

STEADY = 0.5
"""A discount that moves by less than this, USD a barrel and year, counts as steady."""

USUAL_YEARS = (2015, 2021)
"""Years whose mean gap to other origins counts as an origin's usual one: before the embargoes of 2022."""

Z80 = 1.2816
"""Half-width of an 80 % interval in standard deviations."""


def crude_paid(buyer: str, year: int | None = None) -> CrudePaid:
    """What a state (or ``EU27``) paid for crude in a year (by default the panel's last), by origin.

    Raises InputError for an unknown buyer or a year that the panel does not cover.
    """
    who = party(buyer, field="buyer")
    year = panels.ENERGY_YEARS[1] if year is None else year
    t = year_place(year)
    bought = bought_by(t, who.places)
    value, barrels, price = sums(bought)
    origins = [_origin(t, who, Party(c, name_of(c), (k,))) for c, k in axis().items() if bought[0, k] > 0]
    return CrudePaid(
        buyer=who.code,
        buyer_name=who.name,
        year=int(year),
        value=value,
        barrels=barrels,
        price=price,
        brent=panels.brent_by_year().get(year),
        origins=tuple(sorted(origins, key=lambda o: -o.value)),
        source=panels.source_of("energy"),
    )


def crude_from(buyer: str, origin: str, year: int | None = None) -> CrudeOrigin:
    """What a buyer paid one origin, a state or a group of states, in a year (by default the panel's last).

    Raises InputError for an unknown or overlapping party, a year outside the panel, or where it bought none.
    """
    who, seller = _two(buyer, origin)
    year = panels.ENERGY_YEARS[1] if year is None else year
    found = _origin(year_place(year), who, seller)
    if not found.value > 0:
        sold = ", ".join(o.origin for o in crude_paid(buyer, year).origins[:12]) or "nobody"
        raise InputError(
            f"{who.code} bought no crude from '{seller.code}' in {year}", field="origin", hint=f"it bought from: {sold}"
        )
    return found


def _two(buyer: str, origin: str) -> tuple[Party, Party]:
    """Buyer and origin, which may be a group less the buyer. Raises InputError where nothing of it is left."""
    who, seller = party(buyer, field="buyer"), party(origin, field="origin")
    rest = tuple(k for k in seller.places if k not in who.places)
    if not rest or set(seller.places) < set(who.places):
        raise InputError(f"'{origin}' is the buyer or a part of it", field="origin", hint="give another one")
    if rest != seller.places:
        seller = Party(seller.code, f"{seller.name} (other members)", rest)
    return who, seller


def crude_path(buyer: str, origin: str, years: Sequence[int] | None = None, *, window: int = 3) -> CrudePath:
    """Price, share, discount and saving year by year, with the discount's trend over the last `window` years.

    `years`: by default all from 2015 on. Years without a purchase are left out. Raises InputError for an
    unknown state, a year outside the panel, or a window under two years.
    """
    who, seller = _two(buyer, origin)
    return _path(who, seller, years, window)


def path_between(who: Actor, seller: Actor, years: Sequence[int] | None = None, *, window: int = 3) -> CrudePath:
    """`crude_path` for actors already known."""
    return _path(party_of(who), party_of(seller), years, window)


def _path(who: Party, seller: Party, years: Sequence[int] | None, window: int) -> CrudePath:
    if window < 2:
        raise InputError(f"is {window}", field="window", hint="a trend needs two years or more")
    chosen = range(FIRST_YEAR, panels.ENERGY_YEARS[1] + 1) if years is None else sorted(set(years))
    places = [year_place(y) for y in chosen]
    sold = cube()[0][places][:, list(who.places)][:, :, list(seller.places)].sum(axis=(1, 2))
    points = [_origin(t, who, seller) for t, value in zip(places, sold, strict=True) if value > 0]
    # A run of calendar years, not of purchases: years far apart would make no trend.
    last = points[-1].year if points else 0
    recent = [p for p in points if p.year > last - window and p.discount_to_others is not None]
    slope = spread = None
    if len(recent) >= 2:
        when, weight = np.array([float(p.year) for p in recent]), np.array([p.barrels for p in recent])
        slope = weighted_slope(when, np.array([p.discount_to_others for p in recent], dtype=float), weight)
        errors = np.array([((p.discount_high or 0.0) - (p.discount_low or 0.0)) / 2 for p in recent])
        spread = _slope_error(when, errors, weight)
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
        slope_low=None if slope is None or spread is None else slope - spread,
        slope_high=None if slope is None or spread is None else slope + spread,
        trend=trend,
        latest_change=step,
        text=_text(who, seller, points, recent, slope, trend),
    )


def _slope_error(when: np.ndarray, half_widths: np.ndarray, weight: np.ndarray) -> float | None:
    """Half-width of the weighted slope's interval, from independent half-widths of its points. (n,) each."""
    if weight.sum() <= 0:
        return None
    centred = weight * (when - np.average(when, weights=weight))
    spread = float((centred * when).sum())
    return float(np.sqrt(((centred / spread) ** 2 * half_widths**2).sum())) if spread > 0 else None


def _text(
    who: Party,
    seller: Party,
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
    apart = f"{abs(last.discount_to_others):.1f} {'less' if last.discount_to_others >= 0 else 'more'} than"
    if abs(last.discount_to_others) < 0.05:
        apart = "as much as"
    out = f"In {last.year} crude from {seller.spoken} cost {who.spoken} {last.price:.1f} USD a barrel, "
    out += f"{apart} crude from all others."
    if trend is not None and slope is not None:
        gaps = [float(p.discount_to_others or 0.0) for p in recent]
        # Where the origin was dearer throughout, what moves is a premium, and a rising discount narrows it.
        sign, what = (-1.0, "premium") if max(gaps) < 0 else (1.0, "discount")
        moves = "held steady" if trend == "steady" else "narrowed" if sign * slope < 0 else "widened"
        shown = ", ".join(f"{sign * g:.1f}".replace("-0.0", "0.0") for g in gaps)
        out += (
            f" Over {recent[0].year}-{recent[-1].year} the {what} {moves} ({sign * slope:+.1f} USD a barrel and year, "
            f"weighted by volume): {shown}."
        )
    return out


def _origin(t: int, who: Party, seller: Party) -> CrudeOrigin:
    bought = bought_by(t, who.places)
    theirs = np.zeros(bought.shape[1], dtype=bool)
    theirs[list(seller.places)] = True
    year = panels.ENERGY_YEARS[0] + t
    brent = panels.brent_by_year().get(year)
    fits = np.zeros(bought.shape[1], dtype=bool)
    if brent is not None:
        fits = np.asarray(credible(np.nan_to_num(prices(bought), nan=-1.0), brent))
    value, barrels, price = sums(bought[:, theirs])
    all_value, all_barrels, _ = sums(bought)
    _, _, others = sums(bought[:, ~theirs])
    _, _, screened = sums(bought[:, ~theirs & fits])
    to_others = others - price if others is not None and price is not None else None
    to_brent = brent - price if brent is not None and price is not None else None
    half = None if to_others is None else Z80 * _price_error(bought[:, theirs], bought[:, ~theirs & fits])
    usual, basis = usual_gap(who, seller)
    usual_usd = usual * brent if usual is not None and brent is not None else None
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
        discount_low=None if to_others is None or half is None else to_others - half,
        discount_high=None if to_others is None or half is None else to_others + half,
        discount_to_brent=to_brent,
        saving_to_others=None if to_others is None else to_others * barrels,
        saving_low=None if to_others is None or half is None else (to_others - half) * barrels,
        saving_high=None if to_others is None or half is None else (to_others + half) * barrels,
        saving_to_brent=None if to_brent is None else to_brent * barrels,
        usual_discount=usual_usd,
        usual_basis=basis if usual_usd is not None else None,
        discount_beyond_usual=None if to_others is None or usual_usd is None else to_others - usual_usd,
        credible=None if price is None or brent is None else bool(credible(price, brent)),
        others_price_screened=screened,
        discount_screened=screened - price if screened is not None and price is not None else None,
    )


def _price_error(theirs: np.ndarray, others: np.ndarray) -> float:
    """Standard deviation of a discount, USD a barrel: each flow's price scatters by itself. (3, n) and (3, m)."""

    def variance(bought: np.ndarray) -> float:
        tonnes, price = bought[2], np.nan_to_num(prices(bought))
        if not tonnes.sum() > 0:
            return 0.0
        return float((((tonnes / tonnes.sum()) * price * scatter_of(tonnes)) ** 2).sum())

    return float(np.sqrt(variance(theirs) + variance(others)))


USUAL_LEAST_SHARE = 0.01
USUAL_LEAST_YEARS = 3


def usual_gap(who: Party, seller: Party) -> tuple[float | None, Literal["this buyer", "all buyers"] | None]:
    """An origin's mean discount to other origins in 2015-2021 as a fraction of Brent, and whose purchases show it.

    Of this buyer where it took 1 % or more of its crude there in three of these years, else of all buyers together.
    Prices that are not credible are left out. None where there is nothing to compare.
    """
    everyone = tuple(range(cube().shape[-1]))
    found = _mean_gap(who.places, seller.places, USUAL_LEAST_SHARE)
    if found is not None:
        return found, "this buyer"
    found = _mean_gap(tuple(k for k in everyone if k not in seller.places), seller.places, 0.0)
    return found, ("all buyers" if found is not None else None)


def _mean_gap(who: tuple[int, ...], seller: tuple[int, ...], least: float) -> float | None:
    key = (who, seller, least)
    kept = _gaps()
    if key not in kept:
        gaps, weights = [], []
        for year in range(USUAL_YEARS[0], USUAL_YEARS[1] + 1):
            brent = panels.brent_by_year()[year]
            flows = cube()[:, year_place(year)][:, list(who)].copy()
            fits = np.asarray(credible(np.nan_to_num(prices(flows), nan=-1.0), brent))
            fits[np.arange(len(who)), list(who)] = False
            bought = (flows * fits).sum(axis=1)
            theirs = np.zeros(bought.shape[1], dtype=bool)
            theirs[list(seller)] = True
            _, barrels, price = sums(bought[:, theirs])
            _, rest, others = sums(bought[:, ~theirs])
            if price is not None and others is not None and barrels > least * (barrels + rest):
                gaps.append((others - price) / brent)
                weights.append(barrels)
        enough = len(gaps) >= USUAL_LEAST_YEARS
        kept[key] = float(np.average(gaps, weights=weights)) if enough else None
    return kept[key]


@panels.by_edition
def _gaps() -> dict[tuple[tuple[int, ...], tuple[int, ...], float], float | None]:
    return {}

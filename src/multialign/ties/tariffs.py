"""Tariffs between two sides, both ways, weighted by trade."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from multialign.ties.actors import Actor, order
from multialign.ties.flows import per_world
from multialign.ties.records import TariffFaced, TrendPoint
from multialign.world import codes, panels
from multialign.world.refresh.rates import own_rates
from multialign.world.refresh.world import RATES_YEAR as WORLD_YEAR

if TYPE_CHECKING:
    from multialign.world import World


def tariffs_between(who: Actor, partner: Actor, world: World) -> tuple[TariffFaced, TariffFaced]:
    """What the state levies on the partner's goods, and what its own goods face there."""
    return tariff_faced(who, partner, world), tariff_faced(partner, who, world)


def tariff_faced(importer: Actor, exporter: Actor, world: World) -> TariffFaced:
    """The tariff that `importer` levies on `exporter`'s goods; the user's own table stands before the World's rates."""
    rates, years, own = _rates(world)
    trade = _goods(world)
    n, i = list(importer.members), list(exporter.members)
    cells = np.ix_(n, i)
    outside = [k for k in range(trade.shape[0]) if k not in exporter.members]
    shape = trade[outside][:, i].sum(axis=(0, 1))
    bilateral, rate = trade[cells].sum(axis=(0, 1)), rates[cells]
    known = bool(trade[n].sum() > 0 and trade[:, i].sum() > 0)
    weighted = by_exports = None
    if known and bilateral.sum() > 0:
        weighted = 100.0 * float((trade[cells] * rate).sum() / bilateral.sum())
    if known and shape.sum() > 0:
        # Among several members each rate counts by the importer's own trade; the mix of goods is the exporter's.
        buys = trade[n].sum(axis=(1, 2))
        mean = np.average(rate.mean(axis=1), axis=0, weights=buys) if buys.sum() > 0 else rate.mean(axis=(0, 1))
        by_exports = 100.0 * float((shape * mean).sum() / shape.sum())
    added = _added(exporter) if importer.code == "USA" else None
    return TariffFaced(
        importer=importer.code,
        exporter=exporter.code,
        weighted=weighted,
        by_exports=by_exports,
        year=int(years[cells].max()),
        # The World's rates are mended where the source is known to be wrong, and so are no plain observation.
        status="observed" if own[cells].all() else "estimated",
        source=_source(own[cells]),
        added=None if added is None else added[-1].value,
        added_month=None if added is None else added[-1].period,
        added_path=added,
    )


def tariff_matrix(world: World) -> np.ndarray:
    """Trade-weighted tariff, %, by importer and exporter; NaN where they trade no goods. (N, N), axes as the ties'."""
    rates, _, _ = _rates(world)
    trade = _goods(world)
    whole = trade.sum(axis=2)
    out = np.full(whole.shape, np.nan)
    np.divide(100.0 * (trade * rates).sum(axis=2), whole, out=out, where=whole > 0)
    np.fill_diagonal(out, np.nan)
    return out


def source_and_year(world: World) -> tuple[str, int]:
    """Where the rates come from, and the latest year among them."""
    _, years, own = _rates(world)
    return _source(own), int(years.max())


def _source(own: np.ndarray) -> str:
    """Where rates come from: the user's table, the World's, or both."""
    theirs = panels.SOURCES["tariffs"]
    if not own.any():
        return theirs
    return panels.source_of("tariffs") + ("" if own.all() else f"; pairs and goods not in it: {theirs}")


@per_world
def _goods(world: World) -> np.ndarray:
    """Goods trade by importer, exporter and industry on the ties' axes, million USD. (N, N, goods)."""
    goods = [world.sectors.index(s) for s in codes.industry_group("goods") if s in world.sectors]
    both = world.array("intermediate_trade")[:, :, goods] + world.array("final_trade")[:, :, goods]
    return _placed(world, both)


def _placed(world: World, values: np.ndarray) -> np.ndarray:
    row, n = order()["ROW"], len(order())
    place = np.array([order().get(c, row) for c in world.countries])
    out = np.zeros((n, n, values.shape[2]))
    np.add.at(out, (place[:, None], place[None, :]), values)
    k = np.arange(n)
    out[k, k] = 0.0
    return out


Rates = tuple[np.ndarray, np.ndarray, np.ndarray]


def _rates(world: World) -> Rates:
    """Rates (fractions) by importer, exporter and industry of goods, the user's own over the World's, the year of each,
    and whether it is the user's. (N, N, goods) each."""
    mark = panels.edition()
    kept = _store(world)
    if mark not in kept:
        kept.clear()
        kept[mark] = _read_rates(world)
    return kept[mark]


@per_world
def _store(world: World) -> dict[str, Rates]:
    return {}


def _read_rates(world: World) -> Rates:
    sectors = [s for s in codes.industry_group("goods") if s in world.sectors]
    goods = [world.sectors.index(s) for s in sectors]
    own = [c for c in world.countries if c in order()]
    base = np.zeros((len(order()), len(order()), len(goods)))
    place = [order()[c] for c in own]
    inside = [world.countries.index(c) for c in own]
    base[np.ix_(place, place)] = world.array("tariff")[np.ix_(inside, inside, goods)]
    return own_rates(base, list(order()), sectors, WORLD_YEAR)


def _added(exporter: Actor) -> tuple[TrendPoint, ...] | None:
    """US duties added since January 2025 on a partner, by month, % of import value; None where none are known."""
    table = panels.us_effective_tariffs()
    rows = table[table["country"] == exporter.code].sort_values("month")
    if rows.empty:
        return None
    return tuple(
        TrendPoint(period=str(r.month), value=float(r.effective_tariff_pct), share=None) for r in rows.itertuples()
    )

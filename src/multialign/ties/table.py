"""The ties of all ordered pairs of states at once: as a long table, and as labelled arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from multialign.errors import unknown
from multialign.ties import tariffs, votes
from multialign.ties.actors import order
from multialign.ties.flows import DOMAINS, FLOW_DOMAINS, Flows, domain_flows, domain_parts
from multialign.ties.own import goods_flows

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from multialign.world import World

COLUMNS = (
    "state",
    "partner",
    "domain",
    "item",
    "period",
    "imports",
    "exports",
    "share_of_imports",
    "share_of_exports",
    "lean",
    "depth",
    "change",
    "tonnes",
    "distance",
    "tariff_levied",
    "tariff_faced",
    "unit",
    "status",
    "source",
)


def _world(world: World | None) -> World:
    if world is not None:
        return world
    from multialign.world.refresh import own_world

    return own_world()


def _domains(given: Sequence[str] | str | None) -> tuple[str, ...]:
    chosen = DOMAINS if given is None else (given,) if isinstance(given, str) else tuple(given)
    for d in chosen:
        if d not in DOMAINS:
            raise unknown("domain", d, DOMAINS, field="domain")
    return chosen


def states() -> list[str]:
    """The states of the table: the embedded ones, without the rest of the world."""
    return list(order())[:-1]


def ties_table(
    domains: Sequence[str] | str | None = None,
    world: World | None = None,
    *,
    parts: bool = False,
    history: bool = False,
) -> pd.DataFrame:
    """One row for each ordered pair of states, domain, item and period.

    Parameters
    ----------
    domains: some of trade, energy, arms, technology, diplomacy; by default all. world: by default the embedded one.
    parts: also products, industries and uses. history: all periods, not the latest alone.

    Columns: state, partner, domain, item (``all`` or a part), period; imports, exports (in `unit`), shares of the
    state's own imports and exports (fractions), lean (the state's share of its trade that is with the partner, less the
    partner's share that is with the state: above zero, the state leans on the partner), depth (latest, whole domain),
    change (of share of imports, points, or of distance, over five years or one window), tonnes (bought), distance
    (diplomacy), tariff_levied, tariff_faced (% of value, trade, latest, whole), unit, status, source. NaN where the
    source does not cover a side. Raises InputError for an unknown domain.
    """
    import pandas as pd

    world = _world(world)
    out = []
    for domain in _domains(domains):
        if domain == "diplomacy":
            out.append(_votes(history))
            continue
        for flows, item in _items(domain, world, parts):
            out.append(_rows(flows, domain, item, history))
            if domain == "trade" and item == "all":
                out[-1] = _with_tariffs(out[-1], world)
    table = pd.concat([o for o in out if not o.empty], ignore_index=True)
    return table.reindex(columns=list(COLUMNS))


def ties_array(domain: str, world: World | None = None, *, parts: bool = False) -> xr.Dataset:
    """A domain as labelled arrays: axes item, period, state, partner.

    Variables: imports, exports, share_of_imports, share_of_exports (diplomacy: distance, without item); coordinates
    unit, status and source by item. Raises InputError for an unknown domain.
    """
    import xarray as xr

    (domain,) = _domains(domain)
    names = states()
    if domain == "diplomacy":
        years, points = votes.points()
        apart = np.abs(points[:, :-1, None] - points[:, None, :-1])
        return xr.Dataset(
            {"distance": (("period", "state", "partner"), apart)},
            coords={"period": [str(y) for y in years], "state": names, "partner": names},
            attrs={"source": votes.source(), "status": "observed"},
        )
    items = _items(domain, _world(world), parts)
    periods = sorted({p for f, _ in items for p in f.periods})
    n = len(names)
    data = {v: np.full((len(items), len(periods), n, n), np.nan) for v in _FIGURES}
    for k, (flows, _) in enumerate(items):
        at = [periods.index(p) for p in flows.periods]
        for name, values in _figures(flows).items():
            data[name][k, at] = values
    return xr.Dataset(
        {v: (("item", "period", "state", "partner"), x) for v, x in data.items()},
        coords={
            "item": [i for _, i in items],
            "period": periods,
            "state": names,
            "partner": names,
            "unit": ("item", [f.unit for f, _ in items]),
            "status": ("item", [f.status for f, _ in items]),
            "source": ("item", [f.source for f, _ in items]),
        },
    )


_FIGURES = ("imports", "exports", "share_of_imports", "share_of_exports")


def _items(domain: str, world: World, parts: bool) -> list[tuple[Flows, str]]:
    found = [(domain_flows(domain, world), "all")]
    if parts:
        found += [(f, f.code or f.name) for f in domain_parts(domain, world)]
        own = goods_flows()
        found += [(f, f.name) for f in {"trade": own[:1], "technology": own[1:]}.get(domain, ())]
    return found


def _figures(flows: Flows) -> dict[str, np.ndarray]:
    """Figures by period, state and partner, NaN where a side is not covered. (T, n, n) each, n without ROW."""
    v = flows.values
    buys, sells = flows.buyers[:-1], flows.sellers[:-1]
    bought, sold = v.sum(axis=2)[:, :-1], v.sum(axis=1)[:, :-1]
    imports = np.where(buys[:, None] & sells[None, :], v[:, :-1, :-1], np.nan)
    exports = imports.transpose(0, 2, 1)

    def share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
        out = np.full(part.shape, np.nan)
        return np.divide(part, whole[:, :, None], out=out, where=whole[:, :, None] > 0)

    return {
        "imports": imports,
        "exports": exports,
        "share_of_imports": share(imports, bought),
        "share_of_exports": share(exports, sold),
    }


def _rows(flows: Flows, domain: str, item: str, history: bool) -> pd.DataFrame:
    found = _figures(flows)
    whole = flows.values.sum(axis=2)[:, :-1] + flows.values.sum(axis=1)[:, :-1]
    both = np.nan_to_num(found["imports"]) + np.nan_to_num(found["exports"])
    of_own = np.divide(both, whole[:, :, None], out=np.full(both.shape, np.nan), where=whole[:, :, None] > 0)
    found["lean"] = of_own - of_own.transpose(0, 2, 1)
    latest = len(flows.periods) - 1
    nothing = np.full(both.shape, np.nan)
    found["depth"], found["change"] = nothing.copy(), nothing.copy()
    if item == "all" and flows.frontier > 0:
        found["depth"][latest] = np.minimum(1.0, found["share_of_imports"][latest] / flows.frontier)
    back = 1 if "-" in flows.periods[-1] else 5
    if latest >= back:
        share = found["share_of_imports"]
        found["change"][latest] = 100.0 * (share[latest] - share[latest - back])
    if flows.tonnes is not None:
        found["tonnes"] = np.where(np.isnan(found["imports"]), np.nan, flows.tonnes[:, :-1, :-1])
    chosen = range(latest + 1) if history else (latest,)
    table = _long({k: x[list(chosen)] for k, x in found.items()}, [flows.periods[t] for t in chosen])
    return _labelled(table, domain, item, flows.unit, flows.status, flows.source)


def _votes(history: bool) -> pd.DataFrame:
    years, points = votes.points()
    apart = np.abs(points[:, :-1, None] - points[:, None, :-1])
    change = np.full(apart.shape, np.nan)
    change[-1] = apart[-1] - apart[-6] if len(years) > 5 else np.nan
    depth = np.full(apart.shape, np.nan)
    depth[-1] = 1.0 - apart[-1] / votes.spread()[-1]
    chosen = range(len(years)) if history else (len(years) - 1,)
    found = {"distance": apart, "change": change, "depth": depth}
    table = _long({k: x[list(chosen)] for k, x in found.items()}, [str(years[t]) for t in chosen])
    return _labelled(table, "diplomacy", "all", "", "observed", votes.source())


def _long(figures: dict[str, np.ndarray], periods: Sequence[str]) -> pd.DataFrame:
    """Arrays (T, n, n) as a long table without the diagonal."""
    import pandas as pd

    names = states()
    n, t = len(names), len(periods)
    off = np.broadcast_to(~np.eye(n, dtype=bool), (t, n, n)).ravel()
    place = np.arange(n)
    period, state, partner = np.meshgrid(np.arange(t), place, place, indexing="ij")
    return pd.DataFrame(
        {
            "state": pd.Categorical.from_codes(state.ravel()[off], categories=names),
            "partner": pd.Categorical.from_codes(partner.ravel()[off], categories=names),
            "period": np.asarray(periods, dtype=object)[period.ravel()[off]],
            **{k: np.ascontiguousarray(x).ravel()[off] for k, x in figures.items()},
        }
    )


def _labelled(table: pd.DataFrame, domain: str, item: str, unit: str, status: str, source: str) -> pd.DataFrame:
    return table.assign(domain=domain, item=item, unit=unit, status=status, source=source)


def _with_tariffs(table: pd.DataFrame, world: World) -> pd.DataFrame:
    rates = tariffs.tariff_matrix(world)[:-1, :-1]
    last = table["period"] == table["period"].iloc[-1]
    i, j = table["state"].cat.codes.to_numpy(), table["partner"].cat.codes.to_numpy()
    levied, faced = rates[i, j], rates[j, i]
    return table.assign(tariff_levied=np.where(last, levied, np.nan), tariff_faced=np.where(last, faced, np.nan))


def leaners(on: str, domain: str = "trade", world: World | None = None) -> pd.DataFrame:
    """Who leans on a state, most first: rows of `ties_table` with that partner, by `lean`. Raises InputError."""
    from multialign.ties.actors import actor

    if domain not in FLOW_DOMAINS:
        raise unknown("domain with flows", domain, FLOW_DOMAINS, field="domain")
    code = actor(on, field="on").code
    table = ties_table(domain, world)
    return table[table["partner"] == code].sort_values("lean", ascending=False, ignore_index=True)

"""Trade and technology over time from the user's own files: customs records (BACI) and input-output tables (ICIO)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from multialign.ties.actors import order
from multialign.ties.flows import Flows, abroad, domain_flows, frozen
from multialign.world import codes, panels

if TYPE_CHECKING:
    from multialign.world import World


def own_flows(domain: str, world: World) -> Flows | None:
    """The user's own series of a domain over time; input-output tables before customs records. None without any."""
    if domain not in ("trade", "technology"):
        return None
    return _tables(domain, world) or _customs(domain)


@panels.by_edition
def goods_flows() -> tuple[Flows, ...]:
    """Goods by year from the user's own BACI files: all goods, then technology by HS chapter. Empty without any."""
    table = panels.goods()
    years = sorted(int(y) for y in set(table["year"]))
    everybody = np.ones(len(order()), dtype=bool)
    out = []
    for group in panels.GOODS if years else ():
        rows = table[table["group"] == group]
        values = np.zeros((len(years), len(order()), len(order())))
        place = (
            np.searchsorted(years, rows["year"].to_numpy(dtype=int)),
            rows["importer"].map(order()).to_numpy(dtype=int),
            rows["exporter"].map(order()).to_numpy(dtype=int),
        )
        np.add.at(values, place, rows["value"].to_numpy(dtype=float))
        out.append(
            Flows(
                name=f"{group} by customs",
                periods=tuple(str(y) for y in years),
                values=abroad(values),
                unit="million USD",
                year=years[-1],
                status="observed",
                source=panels.source_of("goods"),
                buyers=everybody,
                sellers=everybody,
                kind="customs",
            )
        )
    return tuple(out)


def _customs(domain: str) -> Flows | None:
    found = goods_flows()
    if not found:
        return None
    if domain == "trade":
        return found[0]
    whole = frozen(np.sum([f.values for f in found[1:]], axis=0))
    return replace(found[0], name="technology goods by customs", values=whole, kind="whole")


def _tables(domain: str, world: World) -> Flows | None:
    """Input-output tables of the user's years and the World's own year, which stands last if it is the latest."""
    found = _table_flows().get(domain)
    if found is None:
        return None
    base = domain_flows(domain, world)
    years = {int(p): found.values[t] for t, p in enumerate(found.periods)}
    if base.year and base.year not in years:
        years[base.year] = base.latest
    if len(years) < 2:
        return None
    periods = sorted(years)
    return replace(
        found,
        periods=tuple(str(y) for y in periods),
        values=frozen(np.stack([years[y] for y in periods])),
        year=periods[-1],
        source=f"{found.source}; {base.year}: {base.source}" if str(base.year) not in found.periods else found.source,
    )


@panels.by_edition
def _table_flows() -> dict[str, Flows]:
    """Trade and technology of the user's input-output years. Empty without any."""
    table = panels.io_trade()
    years = sorted(int(y) for y in set(table["year"]))
    if not years:
        return {}
    technology = set(codes.industry_group("technology"))
    n = len(order())
    out = {}
    for domain in ("trade", "technology"):
        rows = table if domain == "trade" else table[table["sector"].isin(technology)]
        values = np.zeros((len(years), n, n))
        place = (
            np.searchsorted(years, rows["year"].to_numpy(dtype=int)),
            rows["importer"].map(order()).to_numpy(dtype=int),
            rows["exporter"].map(order()).to_numpy(dtype=int),
        )
        np.add.at(values, place, (rows["intermediate"] + rows["final"]).to_numpy(dtype=float))
        values = abroad(values)
        out[domain] = Flows(
            name=f"{domain} by input-output tables",
            periods=tuple(str(y) for y in years),
            values=values,
            unit="million USD",
            year=years[-1],
            status="estimated",
            source=panels.source_of("icio"),
            buyers=values.sum(axis=(0, 2)) > 0,
            sellers=values.sum(axis=(0, 1)) > 0,
        )
    return out

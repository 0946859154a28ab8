"""Who sells how much to whom, domain by domain: every source brought to one form, a matrix for each period."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeVar

import numpy as np

from multialign.errors import unknown
from multialign.ties import measures
from multialign.ties.actors import order
from multialign.world import codes, panels

if TYPE_CHECKING:
    from multialign.world import World

Status = Literal["observed", "estimated"]
Kind = Literal["whole", "product", "industry", "sort", "use", "customs"]
"""What a part of a domain is: a product, an industry, a sort (goods or services), a use, or a group by customs."""
Domain = Literal["trade", "energy", "arms", "technology", "diplomacy"]
FLOW_DOMAINS: tuple[Domain, ...] = ("trade", "energy", "arms", "technology")
DOMAINS: tuple[Domain, ...] = (*FLOW_DOMAINS, "diplomacy")
FIRST_ENERGY_YEAR = 2015
EMBEDDED = "Multialign embedded world"
USES = ("intermediate", "final")
R = TypeVar("R")


@dataclass(frozen=True)
class Flows:
    """Flows of one domain, or a part of one.

    values: (T, N, N), [period, importer, exporter], in `unit`, zero on the diagonal; axes as in
    `actors.order`.
    periods: T labels, years or five-year windows; the last is the latest. year: the latest period's last
    year.
    buyers, sellers: (N,) whether the source has that country on that side. Where it has not, a zero in
    `values` means nothing. tonnes: (T, N, N), where the source has weights. kind: what sort of a part it is, or
    ``whole``; code: an industry's.
    """

    name: str
    periods: tuple[str, ...]
    values: np.ndarray
    unit: str
    year: int
    status: Status
    source: str
    buyers: np.ndarray
    sellers: np.ndarray
    tonnes: np.ndarray | None = None
    kind: Kind = "whole"
    code: str = ""

    @property
    def latest(self) -> np.ndarray:
        """The latest period's matrix. (N, N)."""
        return np.asarray(self.values[-1])

    @cached_property
    def frontier(self) -> float:
        """The share that counts as depth 1 (see `build.frontier_share`)."""
        return measures.frontier(self.latest)


def per_world(function: Callable[[World], R]) -> Callable[[World], R]:
    """Compute once for each World object, and forget when the World goes (a World cannot be hashed)."""
    store: dict[int, R] = {}

    def cached(world: World) -> R:
        key = id(world)
        if key not in store:
            store[key] = function(world)
            weakref.finalize(world, store.pop, key, None)
        return store[key]

    cached.__doc__ = function.__doc__
    return cached


def domain_flows(domain: str, world: World) -> Flows:
    """The flows of one of `FLOW_DOMAINS`. Raises InputError for any other."""
    if domain == "energy":
        return energy_flows()
    if domain == "arms":
        return arms_flows()
    if domain in ("trade", "technology"):
        return _world_flows(world)[domain]
    raise unknown("domain with flows", domain, FLOW_DOMAINS)


def domain_parts(domain: str, world: World) -> tuple[Flows, ...]:
    """What a domain is made of: products of energy, industries of technology; of trade goods and services, uses, and
    all industries."""
    if domain == "energy":
        return (*energy_parts(), *_world_parts(world)["energy"])
    return _world_parts(world).get(domain, ())


@panels.by_edition
def energy_parts() -> tuple[Flows, ...]:
    """Crude, LNG, pipeline gas and coal, each 2015-2024, million USD."""
    table = panels.energy()
    table = table[table["year"] >= FIRST_ENERGY_YEAR]
    years = range(FIRST_ENERGY_YEAR, panels.ENERGY_YEARS[1] + 1)
    table = table[table["year"] <= years[-1]]
    everybody = np.ones(len(order()), dtype=bool)
    out = []
    for product in panels.PRODUCTS:
        rows = table[table["product"] == product]
        values, tonnes = np.zeros((2, len(years), len(order()), len(order())))
        place = (
            rows["year"].to_numpy() - FIRST_ENERGY_YEAR,
            rows["importer"].map(order()).to_numpy(dtype=int),
            rows["exporter"].map(order()).to_numpy(dtype=int),
        )
        np.add.at(values, place, rows["value"].to_numpy())
        np.add.at(tonnes, place, rows["tonnes"].to_numpy())
        out.append(
            Flows(
                name=product,
                periods=tuple(str(y) for y in years),
                values=abroad(values),
                unit="million USD",
                year=years[-1],
                status="observed",
                source=panels.source_of("energy"),
                buyers=everybody,
                sellers=everybody,
                tonnes=abroad(tonnes),
                kind="product",
            )
        )
    return tuple(out)


@panels.by_edition
def energy_flows() -> Flows:
    """Crude, gas and coal together, 2015-2024, million USD."""
    parts = energy_parts()
    return Flows(
        name="energy",
        periods=parts[0].periods,
        values=frozen(np.sum([p.values for p in parts], axis=0)),
        unit=parts[0].unit,
        year=parts[0].year,
        status="observed",
        source=parts[0].source,
        buyers=parts[0].buyers,
        sellers=parts[0].sellers,
        tonnes=frozen(np.sum([p.tonnes for p in parts], axis=0)),
    )


@panels.by_edition
def arms_flows() -> Flows:
    """Deliveries of major arms by five-year window, million TIV; suppliers not named count as ROW."""
    table = panels.arms()
    windows = tuple(sorted(set(table["window"])))
    row = order()["ROW"]
    seller = table["supplier"].map(lambda c: order().get(c, row)).to_numpy()
    buyer = table["recipient"].map(lambda c: order().get(c, row)).to_numpy()
    window = table["window"].map({w: n for n, w in enumerate(windows)}).to_numpy()
    values = np.zeros((len(windows), len(order()), len(order())))
    np.add.at(values, (window, buyer, seller), table["tiv"].to_numpy())
    n = len(order())
    return Flows(
        name="arms",
        periods=windows,
        values=abroad(values),
        unit="million TIV",
        year=int(windows[-1][-4:]),
        status="observed",
        source=panels.source_of("arms"),
        buyers=np.isin(np.arange(n), buyer),
        sellers=np.isin(np.arange(n), seller),
    )


@per_world
def _world_flows(world: World) -> dict[str, Flows]:
    technology = [s for s in codes.industry_group("technology") if s in world.sectors]
    return {
        "trade": _of_world(world, "trade", world.sectors),
        "technology": _of_world(world, "technology", technology),
    }


@per_world
def _world_parts(world: World) -> dict[str, tuple[Flows, ...]]:
    out: dict[str, tuple[Flows, ...]] = {}
    groups = {k: [s for s in codes.industry_group(k) if s in world.sectors] for k in ("goods", "services")}
    out["trade"] = tuple(_of_world(world, sort, group, kind="sort") for sort, group in groups.items() if group)
    out["trade"] += tuple(_of_world(world, use, world.sectors, use=use, kind="use") for use in USES)
    out["trade"] += tuple(_industry(world, s) for s in world.sectors)
    for domain, industries in (("technology", codes.industry_group("technology")), ("energy", ("C19", "D"))):
        out[domain] = tuple(_industry(world, s) for s in industries if s in world.sectors)
    return out


def _industry(world: World, code: str) -> Flows:
    """Trade of one industry."""
    return _of_world(world, codes.industries().get(code, code), [code], kind="industry", code=code)


def _of_world(
    world: World, name: str, sectors: list[str], use: str | None = None, kind: Kind = "whole", code: str = ""
) -> Flows:
    """Trade of some industries on the common axes; a World's own countries beyond these count as ROW.

    use: ``intermediate`` or ``final`` for one of the two uses, else both together.
    """
    row, n = order()["ROW"], len(order())
    place = np.array([order().get(c, row) for c in world.countries])
    chosen = [world.sectors.index(s) for s in sectors]
    uses = USES if use is None else (use,)
    traded = np.sum([world.array(f"{u}_trade")[:, :, chosen] for u in uses], axis=0)
    values = np.zeros((1, n, n))
    np.add.at(values[0], (place[:, None], place[None, :]), traded.sum(axis=2))
    has = np.isin(np.arange(n), place) & bool(sectors)
    year = int(world.data.attrs.get("year", 0))
    return Flows(
        name=name,
        periods=(str(year) if year else world.name,),
        values=abroad(values),
        unit="million USD",
        year=year,
        status="estimated",
        source=f"{world.name} (OECD ICIO, 2025 edition)" if world.name.startswith(EMBEDDED) else world.name,
        buyers=has,
        sellers=has,
        kind=kind,
        code=code,
    )


def abroad(values: np.ndarray) -> np.ndarray:
    """The same without what countries sell to themselves."""
    k = np.arange(values.shape[-1])
    values[:, k, k] = 0.0
    return frozen(values)


def frozen(values: np.ndarray) -> np.ndarray:
    values.flags.writeable = False
    return values

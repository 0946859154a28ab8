"""Crude as arrays: who bought how much from whom, every state apart, and how far recorded prices scatter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from multialign.errors import InputError, unknown
from multialign.ties.actors import EU, Actor, group_label, order, spoken_name
from multialign.ties.measures import ratio
from multialign.world import codes, groups, panels

if TYPE_CHECKING:
    import pandas as pd

BARRELS_PER_TONNE = 7.33
"""The usual conversion for crude of average density; true values run from about 6.8 to 7.8 by grade."""

CREDIBLE = (0.5, 2.0)
"""A price outside these multiples of Brent's year average comes from a wrong weight, not from a bargain."""

FIRST_YEAR = 2015
"""First year of paths and estimates; the panel begins in 2010."""

SIZES = (0.0, 0.1, 0.5, 1.0, 3.0, 10.0, 30.0)
"""Million tonnes a year at which the classes of `scatter` begin."""


@dataclass(frozen=True)
class Party:
    """Who buys or sells crude: a state, or a group of states. `places` are on the axes of `cube`."""

    code: str
    name: str
    places: tuple[int, ...]

    @property
    def spoken(self) -> str:
        """The name inside a sentence: with its article where it takes one."""
        return spoken_name(self.code, self.name)


@lru_cache(maxsize=1)
def axis() -> dict[str, int]:
    """ISO3 -> place on the axes of `cube`: the embedded states, the other states, and last what is not named."""
    return {code: k for k, code in enumerate([*panels.crude_states(), "ROW"])}


def name_of(code: str) -> str:
    """English name of a state or of what is not named."""
    return panels.crude_states().get(code, "not named")


def party(code: str, *, field: str = "state") -> Party:
    """The party of an ISO3 code, an English name, ``EU27`` or another group; every state that trades crude, embedded
    or not.

    Raises InputError for what is not known, with the nearest, for ROW, and for a group that trades no crude.
    """
    names = {**panels.crude_states(), EU: "European Union"}
    if not isinstance(code, str) or not code.strip():
        raise InputError(f"{code!r} is not a country code", field=field, hint="give an ISO3 code such as 'IND'")
    text = code.strip()
    if text.casefold() in {"row", codes.countries()["ROW"].casefold()}:
        raise InputError("'ROW' is the rest of the world together, not a state", field=field, hint="give one state")
    by_name = {n.casefold(): c for c, n in names.items()}
    by_name |= {"eu": EU, "the european union": EU}
    found = text.upper() if text.upper() in names else by_name.get(text.casefold())
    if found is None and groups.is_group(text):
        label, name, members = group_label(text, field)
        places = tuple(sorted(axis()[m] for m in members if m in axis()))
        if not places:
            raise InputError(f"no member of '{text}' trades crude", field=field, hint="give another group")
        return Party(label, name, places)
    if found is None:
        raise unknown("country or group", code, names | groups.group_names(), field=field)
    places = tuple(axis()[m] for m in codes.EU27) if found == EU else (axis()[found],)
    return Party(found, names[found], places)


def party_of(who: Actor) -> Party:
    """The party of an actor of the ties."""
    by_place = list(order())
    return Party(who.code, who.name, tuple(axis()[by_place[m]] for m in who.members))


@panels.by_edition
def cube() -> np.ndarray:
    """Crude by [value (million USD), value weighed, tonnes], year, importer and exporter. (3, T, N, N)."""
    table = panels.crude()
    first, last = panels.ENERGY_YEARS
    table = table[(table["year"] >= first) & (table["year"] <= last)]
    n = len(axis())
    out = np.zeros((3, last - first + 1, n, n))

    def place(column: pd.Series) -> np.ndarray:
        return np.asarray(column.map(axis()).fillna(n - 1).astype(int).to_numpy())

    where = (table["year"].to_numpy() - first, place(table["importer"]), place(table["exporter"]))
    for layer, column in enumerate(("value", "value_weighed", "tonnes")):
        np.add.at(out[layer], where, table[column].to_numpy(dtype=float))
    out.flags.writeable = False
    return out


def year_place(year: object, *, field: str = "year") -> int:
    """A year's place on the axis of `cube`. Raises InputError for one that the panel lacks."""
    first, last = panels.ENERGY_YEARS
    if isinstance(year, bool) or not isinstance(year, (int, np.integer)) or not first <= year <= last:
        raise InputError(f"is {year!r}", field=field, hint=f"the panel covers {first} to {last}")
    return int(year) - first


def sums(bought: np.ndarray) -> tuple[float, float, float | None]:
    """Value (million USD), barrels (million) and price (USD a barrel) of some sellers together. (3, n)."""
    value, weighed, tonnes = (float(x) for x in bought.sum(axis=1))
    barrels = tonnes * BARRELS_PER_TONNE / 1e6
    return value, barrels, ratio(weighed, barrels)


def prices(bought: np.ndarray) -> np.ndarray:
    """Price by seller, USD a barrel; NaN where there is none. (3, ...) -> (...)."""
    barrels = bought[2] * BARRELS_PER_TONNE / 1e6
    out = np.full(barrels.shape, np.nan)
    return np.divide(bought[1], barrels, out=out, where=(barrels > 0) & (bought[1] > 0))


def credible(price: np.ndarray | float | None, brent: float | None) -> np.ndarray | bool | None:
    """Whether a price lies within `CREDIBLE` times Brent's; None where there is nothing to compare."""
    if price is None or brent is None:
        return None
    inside = (np.asarray(price) >= CREDIBLE[0] * brent) & (np.asarray(price) <= CREDIBLE[1] * brent)
    return bool(inside) if np.ndim(price) == 0 else inside


def bought_by(t: int, places: Sequence[int]) -> np.ndarray:
    """What a party took from each seller outside it in a year. (3, N)."""
    members = list(places)
    out = np.asarray(cube()[:, t][:, members].sum(axis=1))
    out[:, members] = 0.0
    return out


@panels.by_edition
def tonnage() -> np.ndarray:
    """Tonnes by year, importer and exporter, wrong and missing weights mended. (T, N, N), zero on the diagonal.

    A flow whose recorded price is not credible, or whose value has no weight, counts with the tonnes that its value
    would buy at Brent's average: in 2023 the recorded weights alone would make Thailand the fourth buyer of the world.
    Years without Brent stay as recorded.
    """
    first = panels.ENERGY_YEARS[0]
    out = cube()[2].copy()
    for t in range(out.shape[0]):
        brent = panels.brent_by_year().get(first + t)
        if brent is not None:
            value, weighed, tonnes = cube()[:, t]
            a_tonne = brent * BARRELS_PER_TONNE / 1e6
            fits = np.asarray(credible(np.nan_to_num(prices(cube()[:, t]), nan=-1.0), brent))
            out[t] = np.where(fits, tonnes + (value - weighed) / a_tonne, value / a_tonne)
        np.fill_diagonal(out[t], 0.0)
    out.flags.writeable = False
    return out


@panels.by_edition
def scatter() -> np.ndarray:
    """How far a flow's recorded price lies from what other buyers paid the same origin in the same year, by size.

    Standard deviation of the log difference (from the median absolute deviation, so that wrong weights count for
    little), for flows from `FIRST_YEAR` on in the classes `SIZES`. It holds what a yearly unit value cannot tell apart:
    grades of one origin, months of purchase, terms, density and recording. Shape (len(SIZES),).
    """
    first = panels.ENERGY_YEARS[0]
    found: list[tuple[np.ndarray, np.ndarray]] = []
    for year in range(FIRST_YEAR, panels.ENERGY_YEARS[1] + 1):
        brent = panels.brent_by_year().get(year)
        if brent is None:
            continue
        flows = cube()[:, year - first].copy()
        np.einsum("inn->in", flows)[...] = 0.0
        price = prices(flows)
        fits = np.asarray(credible(np.nan_to_num(price, nan=-1.0), brent))
        flows = flows * fits
        rest = flows.sum(axis=1, keepdims=True) - flows
        others = prices(rest)
        use = fits & np.isfinite(others) & (rest[2] > 0.02 * flows.sum(axis=1)[2])
        found.append((flows[2][use] / 1e6, np.log(price[use] / others[use])))
    size, gap = (np.concatenate(x) for x in zip(*found, strict=True))
    kind = np.searchsorted(SIZES, size, side="right") - 1
    out = np.array([1.4826 * np.median(np.abs(gap[kind == k] - np.median(gap[kind == k]))) for k in range(len(SIZES))])
    out.flags.writeable = False
    return out


def scatter_of(tonnes: np.ndarray) -> np.ndarray:
    """`scatter` of flows of given tonnes. Same shape."""
    kind = np.clip(np.searchsorted(SIZES, np.asarray(tonnes) / 1e6, side="right") - 1, 0, None)
    return np.asarray(scatter()[kind])

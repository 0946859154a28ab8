"""World, without a browser: one figure for every ordered pair of states, by measure, side, item and period."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from multialign.errors import InputError, unknown
from multialign.ties import Power, power, ties_array
from multialign.ties.tariffs import source_and_year, tariff_matrix
from multialign.world import codes
from multialign.world.groups import group_names, members
from multialign.world.refresh import own_world
from multialign.world.refresh.store import edition

if TYPE_CHECKING:
    import xarray as xr

MEASURES = {
    "trade": "Trade in goods and services",
    "energy": "Energy: crude, gas, coal",
    "arms": "Major arms",
    "technology": "Technology goods and software",
    "diplomacy": "Distance in UN votes",
    "tariffs": "Tariffs on goods",
    "power": "Power: real income lost if trade stops",
}
FLOWS = {
    "share_of_imports": "share of what it buys abroad",
    "share_of_exports": "share of what it sells abroad",
    "imports": "what it buys",
    "exports": "what it sells",
}
VIEWS = {
    **dict.fromkeys(("trade", "energy", "arms", "technology"), FLOWS),
    "diplomacy": {"distance": "distance of ideal points"},
    "tariffs": {"levied": "tariff it levies", "faced": "tariff its goods meet"},
    "power": {"own": "what it loses itself", "theirs": "what the other loses"},
}
"""Measure -> the sides from which it can be seen, with their names."""
PRODUCTS = {"all": "all of it", "crude": "crude oil", "lng": "liquefied gas", "pipeline_gas": "gas by pipeline"}
ALL = "ALL"
_lock = threading.Lock()


@dataclass(frozen=True)
class Grid:
    """One figure for every ordered pair.

    values: rows states, columns partners, NaN where nothing is known. unit: as written after a number. of: what the
    figure is, in words. source, period: where it is from, and of when. partial: whether states are missing that a
    longer calculation would fill in.
    """

    values: pd.DataFrame
    unit: str
    of: str
    source: str
    period: str
    partial: bool = False

    def row(self, state: str) -> dict[str, float]:
        """Partner -> figure, those that are known."""
        return {str(k): float(v) for k, v in self.values.loc[state].items() if np.isfinite(v) and k != state}


def states() -> list[str]:
    """The states of the grid: those of the embedded world."""
    return [c for c in codes.countries() if c != "ROW"]


def checked(measure: Any, view: Any, item: Any, period: Any) -> tuple[str, str, str, str]:
    """Valid choices, the first where one is not given. Raises InputError for one that is not known."""
    measure = measure or "trade"
    if measure not in MEASURES:
        raise unknown("measure", str(measure)[:40], MEASURES, field="measure")
    views = VIEWS[measure]
    view = view or next(iter(views))
    if view not in views:
        raise unknown("side", str(view)[:40], views, field="view")
    known = items(measure)
    item = item or "all"
    if item not in known:
        raise unknown("item", str(item)[:40], known, field="item")
    when = periods(measure, item)
    period = period or when[-1]
    if period not in when:
        raise unknown("period", str(period)[:40], when, field="period")
    return measure, view, item, period


def items(measure: str) -> dict[str, str]:
    """Item -> name: the products and industries by which a measure can be seen."""
    if measure not in ("trade", "energy", "technology", "arms"):
        return {"all": "all of it"}
    names = codes.industries()
    return {str(i): _item_name(str(i), names) for i in _ties(measure)["item"].values}


def _item_name(item: str, names: Any) -> str:
    if item in names:
        return f"{names[item]} ({item})"
    return PRODUCTS.get(item, item.replace("_", " "))


def periods(measure: str, item: str) -> list[str]:
    """The periods for which an item of a measure has figures, oldest first."""
    if measure == "power":
        return [world_year()]
    if measure == "tariffs":
        return [str(source_and_year(own_world())[1])]
    data = _ties(measure)
    if measure == "diplomacy":
        return [str(p) for p in data["period"].values]
    known = np.isfinite(data["imports"].sel(item=item).values).any(axis=(1, 2))
    return [str(p) for p, here in zip(data["period"].values, known, strict=True) if here]


def grid(measure: str, view: str, item: str, period: str) -> Grid:
    """The figures of one choice (see `checked`)."""
    if measure == "power":
        return power_grid(view)
    if measure == "tariffs":
        source, year = source_and_year(own_world())
        rates = tariff_matrix(own_world())[:-1, :-1]
        frame = _frame(rates if view == "levied" else rates.T)
        return Grid(frame, "%", VIEWS[measure][view], source, str(year))
    data = _ties(measure)
    if measure == "diplomacy":
        frame = _frame(data["distance"].sel(period=period).values)
        return Grid(frame, "", VIEWS[measure][view], str(data.attrs["source"]), period)
    chosen = data[view].sel(item=item, period=period)
    share = view.startswith("share")
    return Grid(
        _frame(chosen.values * (100.0 if share else 1.0)),
        "%" if share else str(chosen["unit"].values),
        VIEWS[measure][view],
        str(chosen["source"].values),
        period,
    )


def history(measure: str, view: str, item: str, state: str, partner: str) -> list[tuple[str, float]]:
    """(period, figure) of one ordered pair, oldest first; empty where a measure has no time."""
    if measure in ("power", "tariffs"):
        return []
    data = _ties(measure)
    chosen = data["distance"] if measure == "diplomacy" else data[view].sel(item=item)
    line = chosen.sel(state=state, partner=partner)
    scale = 100.0 if view.startswith("share") else 1.0
    return [
        (str(p), scale * float(v)) for p, v in zip(line["period"].values, line.values, strict=True) if np.isfinite(v)
    ]


def group_members(group: str) -> list[str]:
    """The states of a group that the world has; all for `ALL`. Raises InputError for an unknown group."""
    if group == ALL:
        return states()
    if group not in group_names():
        raise unknown("group of states", group[:40], group_names(), field="group")
    inside = set(members(group))
    found = [s for s in states() if s in inside]
    if not found:
        raise InputError(f"the world has no member of {group}", field="group")
    return found


def world_year() -> str:
    """The year of the world in use: the embedded one, or the user's own."""
    return str(own_world().data.attrs.get("year", ""))


def _ties(measure: str) -> xr.Dataset:
    return _ties_of(measure, edition())


@lru_cache(maxsize=8)
def _ties_of(measure: str, mark: str) -> xr.Dataset:
    """A measure of one state of the user's data."""
    return ties_array(measure, own_world(), parts=measure != "diplomacy")


def _frame(values: np.ndarray) -> pd.DataFrame:
    own = np.array(values, dtype=float)
    np.fill_diagonal(own, np.nan)
    return pd.DataFrame(own, index=states(), columns=states())


# --- power: from the engine, kept once found ---

_power: dict[tuple[str, str, str], float] = {}
"""State of the user's data, state, partner -> loss, %."""


def power_grid(view: str) -> Grid:
    """What is known so far of who loses what when trade between two stops; `partial` while pairs are missing."""
    with _lock:
        known = dict(_power)
    names = states()
    place = {c: k for k, c in enumerate(names)}
    values = np.full((len(names), len(names)), np.nan)
    mark = edition()
    for (when, a, b), loss in known.items():
        if when == mark and a in place and b in place:  # not the rest of the world
            values[place[a], place[b]] = loss
    if view == "theirs":
        values = values.T
    return Grid(
        _frame(values),
        "%",
        VIEWS["power"][view],
        "Multialign: exact equilibrium with and without their trade, median elasticities",
        world_year(),
        partial=bool(np.isnan(values).sum() > len(names)),
    )


def keep(found: Power) -> None:
    """Remember what was found of some pairs."""
    mark = edition()
    with _lock:
        for p in found.pairs:
            _power[mark, p.state, p.partner], _power[mark, p.partner, p.state] = p.loss_pct, p.partner_loss_pct


def find_power(state: str | None, report: Callable[[str, float], None]) -> int:
    """Cut the trade of one state with each other, or of every pair, and keep what both lose; the number of pairs."""
    pairs = [(state, other) for other in states() if other != state] if state else None
    label = f"cutting {state}'s ties" if state else "cutting every tie"
    found = power(pairs, cache=True, progress=lambda done, of: report(label, done / of))
    keep(found)
    return len(found.pairs)


def has_power(state: str | None) -> bool:
    """Whether all pairs of a state, or of all, are known."""
    wanted = states() if state is None else [state]
    mark = edition()
    with _lock:
        return all((mark, s, o) in _power for s in wanted for o in states() if s != o)

"""Diplomacy: how far apart states stand in the votes of the UN General Assembly."""

from __future__ import annotations

import numpy as np

from multialign.ties.actors import Actor, order
from multialign.world import panels


def source() -> str:
    """Where the ideal points come from; the user's own table is named."""
    return panels.source_of("votes")


@panels.by_edition
def points() -> tuple[tuple[int, ...], np.ndarray]:
    """Years, and ideal points by year and country. (T,) and (T, N), NaN where a state has none."""
    table = panels.ideal_points()
    table = table[table["country"].isin(order())]
    years = tuple(int(y) for y in sorted(set(table["year"])))
    values = np.full((len(years), len(order())), np.nan)
    place = np.searchsorted(years, table["year"].to_numpy()), table["country"].map(order()).to_numpy()
    values[place] = table["ideal_point"].to_numpy()
    values.flags.writeable = False
    return years, values


def path(who: Actor) -> np.ndarray:
    """Ideal point by year; of the European Union, the plain mean of its members'. (T,), NaN where unknown."""
    _, values = points()
    own = values[:, list(who.members)]
    count = (~np.isnan(own)).sum(axis=1)
    total = np.nansum(own, axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


@panels.by_edition
def spread() -> np.ndarray:
    """The largest distance between any two states, by year. (T,)."""
    _, values = points()
    return np.asarray(np.nanmax(values, axis=1) - np.nanmin(values, axis=1))


def closeness(who: Actor, other: Actor) -> np.ndarray:
    """1 less the distance over the year's largest. (T,), in [0, 1], NaN where unknown."""
    return np.asarray(1.0 - np.abs(path(who) - path(other)) / spread())

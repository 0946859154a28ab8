"""From instruments to arrays: what a scenario does to each flow before prices answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from multialign.errors import InputError
from multialign.trade.economy import Economy
from multialign.trade.instruments import Discount, Embargo, ExportTax, Friction, Instrument, Subsidy, Tariff
from multialign.trade.sets import at_home, countries_of, industries_of, unions_named


class Shock(NamedTuple):
    """What a scenario changes, on the P pairs of countries that it touches; elsewhere the base year stands.

    n, i: (P,) importer and exporter. t, e: (P, S) new tariffs and export taxes. d: (P, S) iceberg cost, ratio to the
    base year. open: (P, S) False where an embargo stands.
    """

    n: np.ndarray
    i: np.ndarray
    t: np.ndarray
    e: np.ndarray
    d: np.ndarray
    open: np.ndarray

    def everywhere(self, name: str, base: np.ndarray | float) -> np.ndarray:
        """One of the rates for all flows, laid over the base year's. (N, N, S)"""
        out = np.array(base, dtype=float)
        out[self.n, self.i] = getattr(self, name)
        return out


def shock_of_arrays(
    eco: Economy,
    *,
    t: np.ndarray | None = None,
    e: np.ndarray | None = None,
    d: np.ndarray | None = None,
) -> Shock:
    """The Shock that puts whole arrays (N, N, S) of tariffs, export taxes or iceberg costs in the place of the base
    year's; by default they stay."""
    t, e = eco.t if t is None else np.asarray(t), eco.e if e is None else np.asarray(e)
    d = np.ones_like(eco.t) if d is None else np.asarray(d)
    n, i = np.nonzero(((t != eco.t) | (e != eco.e) | (d != 1.0)).any(axis=2))
    return Shock(n, i, t[n, i], e[n, i], d[n, i], np.ones((n.size, eco.t.shape[2]), dtype=bool))


def compile_shock(
    instruments: Iterable[Instrument],
    eco: Economy,
    countries: Sequence[str],
    sectors: Sequence[str],
    *,
    on: date | None = None,
) -> Shock:
    """Lay the instruments over the base year, in their order, groups of states with their members of the day `on` (see
    `sets.countries_of`). Raises InputError naming the instrument and field."""
    placed = [_place(item, position, countries, sectors, on) for position, item in enumerate(instruments)]
    N = len(countries)
    touched = np.zeros((N, N), dtype=bool)
    for _, mask, _ in placed:
        touched |= mask
    n, i = np.nonzero(touched)
    pair = np.full((N, N), -1)
    pair[n, i] = np.arange(n.size)
    t, e = eco.t[n, i], eco.e[n, i]
    d, is_open = np.ones_like(t), np.ones(t.shape, dtype=bool)
    for item, mask, s in placed:
        cells = np.ix_(pair[mask], s)
        if isinstance(item, Tariff):
            t[cells] = _rate(t[cells], item.rate, item.mode)
        elif isinstance(item, ExportTax):
            e[cells] = _rate(e[cells], item.rate, item.mode)
        elif isinstance(item, Discount | Subsidy):
            e[cells] = (1.0 + e[cells]) * (1.0 - item.rate) - 1.0
        elif isinstance(item, Friction):
            d[cells] *= 1.0 + item.change
        elif isinstance(item, Embargo):
            is_open[cells] = False
    for name, rate in (("tariff", t), ("export tax", e)):
        if (rate <= -1).any():
            p, s0 = (int(x) for x in np.argwhere(rate <= -1)[0])
            raise InputError(
                f"the {name} of {countries[n[p]]} on {sectors[s0]} from {countries[i[p]]} comes to {rate[p, s0]:.3g}",
                field="instruments",
                hint="a rate must stay above -1",
            )
    return Shock(n, i, t, e, d, is_open)


def _place(
    item: Instrument, position: int, countries: Sequence[str], sectors: Sequence[str], on: date | None
) -> tuple[Instrument, np.ndarray, list[int]]:
    """The pairs (N, N) and industries that an instrument touches."""
    where = f"instruments[{position}]"
    N = len(countries)
    mask = np.zeros((N, N), dtype=bool)
    s = industries_of(item.industries, sectors, f"{where}.industries")
    if isinstance(item, Subsidy):
        # whoever buys, at home or abroad, the producer's treasury pays
        mask[:, countries_of(item.producers, countries, f"{where}.producers", on)] = True
        return item, mask, s
    n = countries_of(item.importers, countries, f"{where}.importers", on)
    i = countries_of(item.exporters, countries, f"{where}.exporters", on)
    mask[np.ix_(n, i)] = True
    mask &= ~at_home(item.importers, item.exporters, countries, on)
    if not mask.any():
        unions = ", ".join(unions_named(item.importers, item.exporters, countries))
        within = f", nor with {unions} trade in it" if unions else ""
        raise InputError(
            "touches no flow",
            field=where,
            hint=f"importers and exporters must differ: trade at home is never touched{within}",
        )
    return item, mask, s


def _rate(standing: np.ndarray, rate: float, mode: str) -> np.ndarray:
    """A rate on top of the standing one, in its place, or a multiple of it."""
    return standing + rate if mode == "add" else np.full_like(standing, rate) if mode == "replace" else standing * rate

"""From instruments to arrays: what a scenario does to each flow before prices answer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np

from multialign.errors import InputError, unknown
from multialign.trade.economy import Economy
from multialign.trade.equations import Kernels
from multialign.trade.instruments import Discount, Embargo, ExportTax, Friction, Instrument, Tariff
from multialign.world import codes

INDUSTRY_GROUPS = ("goods", "services", "technology", "energy")


class Shock(NamedTuple):
    """t, e: (N, N, S) new tariffs and export taxes. d: (N, N, S) iceberg cost, ratio to the base year.
    open: (N, N, S) False where an embargo stands. Axes importer n, exporter i, industry s."""

    t: np.ndarray
    e: np.ndarray
    d: np.ndarray
    open: np.ndarray


def countries_of(given: Sequence[str], known: Sequence[str], field: str) -> list[int]:
    """Positions of countries named by code or group; all when nothing is given. Raises InputError for a stranger."""
    if not given:
        return list(range(len(known)))
    place = {c: i for i, c in enumerate(known)}
    out: list[int] = []
    for name in given:
        if name in place:
            out.append(place[name])
        elif name == "EU27":
            out += [place[c] for c in codes.EU27 if c in place]
        else:
            names = {c: codes.countries().get(c, c) for c in known} | {"EU27": "European Union"}
            raise unknown("country", name, names, field=field)
    return sorted(set(out))


def at_home(importers: Sequence[str], exporters: Sequence[str], known: Sequence[str]) -> np.ndarray:
    """Which flows of an instrument stay within one country, or within the union where it is named as one. (N, N)
    [importer, exporter], bool.

    Where ``EU27`` stands on either side, trade between two members is at home, unless both are named by their own
    codes: the union has one trade policy, and none towards itself.
    """
    home = np.eye(len(known), dtype=bool)
    if "EU27" in importers or "EU27" in exporters:
        member = np.array([c in codes.EU27 for c in known])
        buys, sells = (np.array([c in side for c in known]) for side in (importers, exporters))
        home |= np.outer(member, member) & ~np.outer(buys, sells)
    return home


def industries_of(given: Sequence[str], known: Sequence[str], field: str) -> list[int]:
    """Positions of industries named by code or group; all when nothing is given. Raises InputError for a stranger."""
    if not given:
        return list(range(len(known)))
    place = {s: i for i, s in enumerate(known)}
    out: list[int] = []
    for name in given:
        if name in place:
            out.append(place[name])
        elif name in INDUSTRY_GROUPS:
            members = [place[s] for s in codes.industry_group(name) if s in place]
            if not members:
                raise InputError(f"this world has no industry of the group '{name}'", field=field)
            out += members
        else:
            names = {s: codes.industries().get(s, s) for s in known} | {g: g for g in INDUSTRY_GROUPS}
            raise unknown("industry", name, names, field=field)
    return sorted(set(out))


def compile_shock(
    instruments: Iterable[Instrument], eco: Economy, countries: Sequence[str], sectors: Sequence[str]
) -> Shock:
    """Lay the instruments over the base year, in their order. Raises InputError naming the instrument and field."""
    t, e = eco.t.copy(), eco.e.copy()
    d, is_open = np.ones_like(t), np.ones(t.shape, dtype=bool)
    for position, item in enumerate(instruments):
        where = f"instruments[{position}]"
        n = countries_of(item.importers, countries, f"{where}.importers")
        i = countries_of(item.exporters, countries, f"{where}.exporters")
        s = industries_of(item.industries, sectors, f"{where}.industries")
        cells = np.ix_(n, i, s)
        home = at_home(item.importers, item.exporters, countries)[np.ix_(n, i)][:, :, None]
        if home.all():
            raise InputError(
                "touches no flow",
                field=where,
                hint="importers and exporters must differ: trade at home is never touched, nor with EU27 trade in it",
            )
        if isinstance(item, Tariff):
            t[cells] = np.where(home, t[cells], _rate(t[cells], item.rate, item.mode))
        elif isinstance(item, ExportTax):
            e[cells] = np.where(home, e[cells], _rate(e[cells], item.rate, item.mode))
        elif isinstance(item, Discount):
            e[cells] = np.where(home, e[cells], (1.0 + e[cells]) * (1.0 - item.rate) - 1.0)
        elif isinstance(item, Friction):
            d[cells] *= np.where(home, 1.0, 1.0 + item.change)
        elif isinstance(item, Embargo):
            is_open[cells] &= home
    for name, rate in (("tariff", t), ("export tax", e)):
        if (rate <= -1).any():
            n0, i0, s0 = np.argwhere(rate <= -1)[0]
            raise InputError(
                f"the {name} of {countries[n0]} on {sectors[s0]} from {countries[i0]} comes to {rate[n0, i0, s0]:.3g}",
                field="instruments",
                hint="a rate must stay above -1",
            )
    return Shock(t, e, d, is_open)


def _rate(standing: np.ndarray, rate: float, mode: str) -> np.ndarray:
    """A rate on top of the standing one, in its place, or a multiple of it."""
    return standing + rate if mode == "add" else np.full_like(standing, rate) if mode == "replace" else standing * rate


def kernels(shock: Shock, eco: Economy) -> Kernels:
    """The arrays on which the equations work, industry first."""
    change = shock.d * ((1.0 + shock.e) / (1.0 + eco.e)) * ((1.0 + shock.t) / (1.0 + eco.t))
    factor = np.where(shock.open, change ** (-eco.theta), 0.0)
    K_m, K_f = _industry_first(eco.pi_m * factor), _industry_first(eco.pi_f * factor)
    border = _industry_first(1.0 / (1.0 + shock.t))
    net = border * _industry_first(1.0 / (1.0 + shock.e))
    parts = (K_m, K_f, K_m * border, K_f * border, K_m * net, K_f * net)
    return Kernels(*(jnp.asarray(part) for part in parts))


def _industry_first(a: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(a.transpose(2, 0, 1))


def require_feasible(k: Kernels, eco: Economy, countries: Sequence[str], sectors: Sequence[str]) -> None:
    """Raise InputError where a scenario can have no equilibrium: a country left without any supplier of a good that it
    buys, or shut off from the world with a trade deficit that is to be kept."""
    open_flows = (np.asarray(k.K_m) + np.asarray(k.K_f)).sum(axis=0)
    np.fill_diagonal(open_flows, 0.0)
    for n, name in enumerate(countries):
        if open_flows[n].sum() + open_flows[:, n].sum() == 0 and abs(eco.D[n]) > 1e-9 * eco.wL[n]:
            raise InputError(
                f"{name} is shut off from all trade, yet its trade deficit of {eco.D[n]:,.0f} million USD is kept",
                field="deficits",
                hint="use 'deficits: removed'",
            )
    for use, kernel, spending in (("industries", k.K_m, eco.E_m), ("final users", k.K_f, eco.E_f)):
        cut = (np.asarray(kernel).sum(axis=2).T <= 0) & (spending > 0)
        if cut.any():
            n, s = np.argwhere(cut)[0]
            raise InputError(
                f"{countries[n]} is left without any supplier of {sectors[s]}, which its {use} buy",
                field="instruments",
                hint="leave one supplier, or use a large friction instead of an embargo",
            )

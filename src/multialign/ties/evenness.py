"""How evenly states stand among the great powers, and how few suppliers they have, period by period, for all states."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from multialign.ties import measures, votes
from multialign.ties.actors import Actor, actor, order
from multialign.ties.flows import FLOW_DOMAINS, domain_flows, per_world
from multialign.world import codes, panels

if TYPE_CHECKING:
    from multialign.world import World


@dataclass(frozen=True)
class Series:
    """One domain over time. evenness, herfindahl: (T, N) by period and state, NaN where there is no figure (herfindahl
    in diplomacy always). N as the ties' axes, the rest of the world last and always NaN."""

    periods: tuple[str, ...]
    evenness: np.ndarray
    herfindahl: np.ndarray


def powers_of(who: Actor) -> tuple[Actor, ...]:
    """The great powers outside the state; the European Union, seen from a member, is the other members."""
    others = (actor(p).without(who) for p in codes.GREAT_POWERS if p != who.code)
    return tuple(p for p in others if p.members)


def series(domain: str, world: World) -> Series:
    """Evenness and concentration of all states by period of a domain."""
    kept = _store(world)
    mark = panels.edition()
    if kept.get("", mark) != mark:
        kept.clear()
    kept[""] = mark
    if domain not in kept:
        kept[domain] = _diplomacy() if domain == "diplomacy" else _flows(domain, world)
    found = kept[domain]
    if not isinstance(found, Series):
        raise TypeError(domain)
    return found


@per_world
def _store(world: World) -> dict[str, Series | str]:
    return {}


def _flows(domain: str, world: World) -> Series:
    flows = domain_flows(domain, world)
    t, n = flows.values.shape[0], len(order())
    even, herf = np.full((2, t, n), np.nan)
    for code, k in order().items():
        if code == "ROW" or not flows.buyers[k]:
            continue
        groups = [list(p.members) for p in powers_of(actor(code))]
        bought = flows.values[:, k]
        whole = bought.sum(axis=1)
        weights = np.stack([bought[:, g].sum(axis=1) for g in groups], axis=1)
        even[:, k] = _entropy(weights)
        has = whole > 0
        shares = bought[has] / whole[has, None]
        herf[has, k] = (shares[:, :-1] ** 2).sum(axis=1)
    return Series(flows.periods, even, herf)


def _diplomacy() -> Series:
    years, _ = votes.points()
    n = len(order())
    even, herf = np.full((2, len(years), n), np.nan)
    for code, k in order().items():
        if code == "ROW":
            continue
        who = actor(code)
        near = np.stack([votes.closeness(who, p) for p in powers_of(who)], axis=1)
        even[:, k] = _entropy(near)
    return Series(tuple(str(y) for y in years), even, herf)


def _entropy(weights: np.ndarray) -> np.ndarray:
    """`measures.evenness` of each row; NaN where it has none. (T, n) -> (T,)."""
    out = [None if np.isnan(row).any() else measures.evenness(row) for row in weights]
    return np.array([np.nan if v is None else v for v in out])


def place(values: np.ndarray, k: int) -> tuple[int | None, int]:
    """Rank of state k among those with a figure, 1 = the largest, and how many they are. (N,)."""
    known = values[~np.isnan(values)]
    if np.isnan(values[k]):
        return None, int(known.size)
    return int(1 + (known > values[k]).sum()), int(known.size)


def overall_path(world: World) -> tuple[tuple[str, ...], tuple[str, ...], np.ndarray]:
    """Mean evenness of the domains that have time, in the years in which all of those have a figure.

    Domains, years, and (T, N), NaN where a state has no such domain. A state's mean is over the domains that it has a
    figure in throughout, so that it does not move because one comes or goes.
    """
    every = {d: series(d, world) for d in (*FLOW_DOMAINS, "diplomacy")}
    found = {d: s for d, s in every.items() if len(s.periods) > 1}
    last = {d: {p[-4:]: t for t, p in enumerate(s.periods)} for d, s in found.items()}
    years = sorted(set.intersection(*(set(x) for x in last.values()))) if found else []
    values = np.full((len(found), len(years), len(order())), np.nan)
    for k, (d, s) in enumerate(found.items()):
        values[k] = s.evenness[[last[d][y] for y in years]]
    values[np.broadcast_to(np.isnan(values).any(axis=1, keepdims=True), values.shape)] = np.nan
    count = (~np.isnan(values)).sum(axis=0)
    mean = np.where(count > 0, np.nansum(values, axis=0) / np.maximum(count, 1), np.nan)
    return tuple(found), tuple(years), mean


def overall(world: World, domains: tuple[str, ...] = (*FLOW_DOMAINS, "diplomacy")) -> np.ndarray:
    """Mean evenness over the domains that a state has a figure in, latest period. (N,), NaN where it has none."""
    latest = np.stack([series(d, world).evenness[-1] for d in domains])
    count = (~np.isnan(latest)).sum(axis=0)
    total = np.nansum(latest, axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)

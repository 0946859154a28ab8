"""What a state's ties amount to: concentration, evenness among the great powers, and alignment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from multialign.ties import evenness, measures, votes
from multialign.ties.actors import Actor, names, order
from multialign.ties.evenness import powers_of
from multialign.ties.flows import DOMAINS, FLOW_DOMAINS, Domain, domain_flows
from multialign.ties.records import (
    Alignment,
    Concentration,
    Evenness,
    EvennessPoint,
    MultiAlignment,
    Summary,
    TrendPoint,
)

if TYPE_CHECKING:
    import pandas as pd

    from multialign.world import World

__all__ = ["alignment_table", "evenness_table", "power_weights", "powers_of", "summarise"]


def summarise(who: Actor, world: World) -> Summary:
    """Concentration, multi-alignment and alignment of one state."""
    return Summary(
        concentration=tuple(_concentration(who, d, world) for d in FLOW_DOMAINS),
        multi_alignment=_multi_alignment(who, world),
        alignment=_alignment(who),
    )


def _bought(who: Actor, domain: str, world: World) -> np.ndarray | None:
    """What the actor buys from each country outside it, latest period. (N,); None where it is not covered."""
    flows = domain_flows(domain, world)
    if not flows.buyers[list(who.members)].any():
        return None
    bought = flows.latest[list(who.members)].sum(axis=0)
    bought[list(who.members)] = 0.0
    return np.asarray(bought)


def _concentration(who: Actor, domain: Domain, world: World) -> Concentration:
    bought = _bought(who, domain, world)
    year = domain_flows(domain, world).year
    if bought is None or not bought.sum() > 0:
        return Concentration(
            domain=domain, herfindahl=None, herfindahl_upper=None, largest_supplier=None, largest_share=None, year=year
        )
    shares = bought / bought.sum()
    lower, upper = measures.herfindahl(shares)
    first = int(np.argmax(shares[:-1]))
    named = shares[first] > 0
    found = evenness.series(domain, world)
    rank, of = (None, 0)
    path = None
    if who.single:
        k = who.members[0]
        rank, of = evenness.place(found.herfindahl[-1], k)
        path = _points(found.periods, found.herfindahl[:, k]) if len(found.periods) > 1 else None
    return Concentration(
        domain=domain,
        herfindahl=lower,
        herfindahl_upper=upper,
        largest_supplier=list(order())[first] if named else None,
        largest_share=float(shares[first]) if named else None,
        year=year,
        rank=rank,
        of=of,
        path=path,
    )


def _points(periods: tuple[str, ...], values: np.ndarray) -> tuple[TrendPoint, ...]:
    return tuple(
        TrendPoint(period=p, value=None if np.isnan(v) else float(v), share=None)
        for p, v in zip(periods, values, strict=True)
    )


def power_weights(who: Actor, domain: str, world: World) -> tuple[np.ndarray, float | None] | None:
    """The state's ties to each power of `powers_of`, and the powers' share in what it buys abroad.

    Weights are what it buys from each; in diplomacy closeness (and no share). None where there is nothing
    to compare.
    """
    powers = powers_of(who)
    if domain == "diplomacy":
        closeness = np.array([votes.closeness(who, p)[-1] for p in powers])
        return None if np.isnan(closeness).any() else (closeness, None)
    bought = _bought(who, domain, world)
    if bought is None:
        return None
    weights = np.array([bought[list(p.members)].sum() for p in powers])
    if not weights.sum() > 0:
        return None
    return weights, float(weights.sum() / bought.sum())


def evenness_table(world: World) -> dict[str, dict[str, float]]:
    """State -> domain -> evenness, and under ``overall`` the plain mean. States without any figure are absent."""
    latest = {d: evenness.series(d, world).evenness[-1] for d in DOMAINS}
    whole = evenness.overall(world)
    out: dict[str, dict[str, float]] = {}
    for code, k in order().items():
        values: dict[str, float] = {d: float(v[k]) for d, v in latest.items() if not np.isnan(v[k])}
        if values:
            out[code] = {**values, "overall": float(whole[k])}
    return out


def alignment_table(world: World | None = None) -> pd.DataFrame:
    """All states by multi-alignment, the most even first.

    Columns: state, name, overall, rank, the evenness of each domain (``evenness_trade`` ...), change (of the mean over
    the domains with time, between its last two years), and the Herfindahl index of each domain with flows
    (``herfindahl_trade`` ...). NaN where there is no figure.
    """
    import pandas as pd

    from multialign.world.refresh import own_world

    world = own_world() if world is None else world
    found = {d: evenness.series(d, world) for d in DOMAINS}
    whole, (_, _, over_time) = evenness.overall(world), evenness.overall_path(world)
    places = range(len(order()) - 1)
    table = pd.DataFrame({"state": list(order())[:-1], "name": [names()[c] for c in list(order())[:-1]]})
    table["overall"] = whole[:-1]
    table["rank"] = [evenness.place(whole, k)[0] for k in places]
    for d in DOMAINS:
        table[f"evenness_{d}"] = found[d].evenness[-1][:-1]
    table["change"] = (over_time[-1] - over_time[-2])[:-1] if len(over_time) > 1 else np.nan
    for d in FLOW_DOMAINS:
        table[f"herfindahl_{d}"] = found[d].herfindahl[-1][:-1]
    return table.sort_values("overall", ascending=False, ignore_index=True)


def _multi_alignment(who: Actor, world: World) -> MultiAlignment:
    powers = powers_of(who)
    by_domain = []
    for domain in DOMAINS:
        found = power_weights(who, domain, world)
        value = None if found is None else measures.evenness(found[0])
        parts = [] if found is None else list(found[0] / found[0].sum())
        over_time = evenness.series(domain, world)
        rank, of = None, int((~np.isnan(over_time.evenness[-1])).sum())
        path = None
        if who.single:
            rank, of = evenness.place(over_time.evenness[-1], who.members[0])
            path = _path(over_time, who.members[0])
        by_domain.append(
            Evenness(
                domain=domain,
                evenness=value,
                shares={p.code: float(v) for p, v in zip(powers, parts, strict=False)},
                powers_share=None if found is None else found[1],
                rank=rank,
                of=of,
                path=path,
                change=_change(path),
            )
        )
    known = [e.evenness for e in by_domain if e.evenness is not None]
    whole = evenness.overall(world)
    rank, of = (None, int((~np.isnan(whole)).sum()))
    if who.single:
        rank, of = evenness.place(whole, who.members[0])
    timed, both, step = _overall_path(who, world)
    return MultiAlignment(
        path_domains=timed,
        path=both,
        change=step,
        powers=tuple(p.code for p in powers),
        by_domain=tuple(by_domain),
        overall=float(np.mean(known)) if known else None,
        domains_counted=len(known),
        rank=rank,
        of=of,
    )


def _overall_path(who: Actor, world: World) -> tuple[tuple[str, ...], tuple[EvennessPoint, ...] | None, float | None]:
    """The mean over the domains with time, its rank, and the last step; nothing for a group of states."""
    domains, years, values = evenness.overall_path(world)
    if not who.single or not years:
        return domains, None, None
    k = who.members[0]
    out = []
    for year, row in zip(years, values, strict=True):
        rank, of = evenness.place(row, k)
        out.append(EvennessPoint(period=year, evenness=None if np.isnan(row[k]) else float(row[k]), rank=rank, of=of))
    step = None
    if len(out) > 1 and out[-1].evenness is not None and out[-2].evenness is not None:
        step = out[-1].evenness - out[-2].evenness
    return domains, tuple(out), step


def _path(found: evenness.Series, k: int) -> tuple[EvennessPoint, ...] | None:
    """A state's evenness and rank in every period; None where the source is one period."""
    if len(found.periods) < 2:
        return None
    out = []
    for period, values in zip(found.periods, found.evenness, strict=True):
        rank, of = evenness.place(values, k)
        value = None if np.isnan(values[k]) else float(values[k])
        out.append(EvennessPoint(period=period, evenness=value, rank=rank, of=of))
    return tuple(out)


def _change(path: tuple[EvennessPoint, ...] | None) -> float | None:
    """Latest less five years before, or less the window before."""
    if path is None:
        return None
    back = 1 if "-" in path[-1].period else 5
    if len(path) <= back:
        return None
    now, then = path[-1].evenness, path[-1 - back].evenness
    return None if now is None or then is None else now - then


def _alignment(who: Actor) -> Alignment:
    years, _ = votes.points()
    own = votes.path(who)
    has = np.flatnonzero(~np.isnan(own))
    if not has.size:
        return Alignment(ideal_point=None, year=years[-1], distances={}, nearest=None, nearest_five_years_before=None)
    latest = int(has[-1])

    def distances(t: int) -> dict[str, float]:
        found = {p.code: float(abs(votes.path(p)[t] - own[t])) for p in powers_of(who)}
        return {k: v for k, v in found.items() if not np.isnan(v)}

    now, before = distances(latest), distances(max(latest - 5, 0))
    return Alignment(
        ideal_point=float(own[latest]),
        year=years[latest],
        distances=now,
        nearest=min(now, key=lambda k: now[k]) if now else None,
        nearest_five_years_before=min(before, key=lambda k: before[k]) if before else None,
    )

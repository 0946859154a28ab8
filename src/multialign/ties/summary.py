"""What a state's ties amount to: concentration, evenness among the great powers, and alignment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from multialign.ties import measures, votes
from multialign.ties.actors import EU, Actor, actor, order
from multialign.ties.flows import DOMAINS, FLOW_DOMAINS, Domain, domain_flows, per_world
from multialign.ties.records import Alignment, Concentration, Evenness, MultiAlignment, Summary
from multialign.world import codes

if TYPE_CHECKING:
    from multialign.world import World


def powers_of(who: Actor) -> tuple[Actor, ...]:
    """The great powers other than the state; the European Union, seen from a member, is the other members."""
    everyone = [actor(p) for p in codes.GREAT_POWERS]
    return tuple(p.without(who) for p in everyone if p.code != who.code)


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
    return Concentration(
        domain=domain,
        herfindahl=lower,
        herfindahl_upper=upper,
        largest_supplier=list(order())[first] if named else None,
        largest_share=float(shares[first]) if named else None,
        year=year,
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


def _evenness_of(who: Actor, world: World) -> dict[str, float]:
    out: dict[str, float] = {}
    for domain in DOMAINS:
        found = power_weights(who, domain, world)
        value = None if found is None else measures.evenness(found[0])
        if value is not None:
            out[domain] = value
    return out


@per_world
def evenness_table(world: World) -> dict[str, dict[str, float]]:
    """State -> domain -> evenness, and under ``overall`` the plain mean. States without any figure "
    "are absent."""
    table: dict[str, dict[str, float]] = {}
    for code in order():
        if code == "ROW":
            continue
        values = _evenness_of(actor(code), world)
        if values:
            table[code] = {**values, "overall": float(np.mean(list(values.values())))}
    return table


def _place(code: str, column: str, world: World) -> tuple[int | None, int]:
    """A state's place by evenness, and among how many; the European Union is ranked with nobody."""
    values = {state: row[column] for state, row in evenness_table(world).items() if column in row}
    if code == EU or code not in values:
        return None, len(values)
    return int(1 + sum(v > values[code] for v in values.values())), len(values)


def _multi_alignment(who: Actor, world: World) -> MultiAlignment:
    powers = powers_of(who)
    values = _evenness_of(who, world)
    by_domain = []
    for domain in DOMAINS:
        found = power_weights(who, domain, world)
        rank, of = _place(who.code, domain, world)
        parts = [] if found is None else list(found[0] / found[0].sum())
        by_domain.append(
            Evenness(
                domain=domain,
                evenness=values.get(domain),
                shares={p.code: float(v) for p, v in zip(powers, parts, strict=False)},
                powers_share=None if found is None else found[1],
                rank=rank,
                of=of,
            )
        )
    rank, of = _place(who.code, "overall", world)
    return MultiAlignment(
        powers=tuple(p.code for p in powers),
        by_domain=tuple(by_domain),
        overall=float(np.mean(list(values.values()))) if values else None,
        domains_counted=len(values),
        rank=rank,
        of=of,
    )


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

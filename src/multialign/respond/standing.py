"""Where focal state and offerer stand today, domain by domain: what the answer starts from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from multialign.errors import InputError
from multialign.respond.levers import FULL_DEPTH_FACTOR
from multialign.respond.terms import multiplied_share
from multialign.ties.actors import Actor, actor, order
from multialign.ties.build import frontier_share, ties
from multialign.ties.crude import CrudePath
from multialign.ties.flows import DOMAINS, domain_flows, energy_parts
from multialign.ties.summary import powers_of
from multialign.ties.votes import closeness
from multialign.world import World, panels
from multialign.world.codes import industry_group

MOST_DISCOUNT = 0.3
"""Largest further discount that is believed, as a fraction of the price: about what Russian crude saw in 2022."""
UNREPORTED = 0.05
"""Share in the World's energy imports above which a panel without any such flow is taken not to have seen it."""


@dataclass(frozen=True)
class Standing:
    """One domain of the tie between focal state and offerer.

    today: depth a0. most: the greatest depth that the offerer can serve. share, full: the offerer's share in the focal
    state's ties of the domain today and at depth 1. others: Herfindahl index of the focal state's other partners among
    themselves. sales_share, sales_full, sales_others: the same seen from the offerer's sales. known: whether there are
    data; without, depth is taken as zero and stays there. note: what the reader must know of the data.
    """

    domain: str
    today: float
    most: float
    share: float
    full: float
    others: float
    sales_share: float
    sales_full: float
    sales_others: float
    known: bool
    note: str = ""


def standings(focal: str, offerer: str, world: World, year: int | None = None) -> dict[str, Standing]:
    """The Standing of every domain, from the ties; of energy as in `year` where one is given.

    At depth 1 trade, energy and technology between the two are `FULL_DEPTH_FACTOR` times today's; arms are what the
    deepest ties of today hold, as far as the offerer's exports go.
    """
    me, them = actor(focal), actor(offerer)
    table = ties(focal, with_=[offerer], world=world)
    out: dict[str, Standing] = {}
    for domain in DOMAINS:
        tie = table.tie(them.code, domain)
        if domain == "diplomacy":
            out[domain] = _diplomacy(me, them, tie.depth)
            continue
        flows, today, note = domain_flows(domain, world).latest, tie.depth, ""
        if domain == "energy":
            if year is not None:
                flows, today = _energy_in(year, me, them, world)
            flows, today, note = _energy(flows, today, me, them, world)
        share, others = _share_and_rest(flows[list(me.members)].sum(axis=0), them, me)
        sales_share, sales_others = _share_and_rest(flows[:, list(them.members)].sum(axis=1), me, them)
        full, sales_full = (multiplied_share(x, FULL_DEPTH_FACTOR) for x in (share, sales_share))
        most = 1.0
        if domain == "arms":
            full = max(share, frontier_share(domain, world))
            most = min(1.0, _capacity(flows, me, them) / full) if full > 0 else 0.0
            sales_full = multiplied_share(sales_share, full / share) if share > 0 else sales_share
        out[domain] = Standing(
            domain=domain,
            today=today or 0.0,
            most=max(most, today or 0.0),
            share=share,
            full=full,
            others=others,
            sales_share=sales_share,
            sales_full=sales_full,
            sales_others=sales_others,
            known=today is not None,
            note=note,
        )
    return out


def _energy_in(year: int, me: Actor, them: Actor, world: World) -> tuple[np.ndarray, float | None]:
    """Energy's flows and depth in a year of the panel, against the latest frontier."""
    found = domain_flows("energy", world)
    flows = found.values[_period(found.periods, year)]
    share, _ = _share_and_rest(flows[list(me.members)].sum(axis=0), them, me)
    return flows, min(1.0, share / frontier_share("energy", world))


def _period(periods: tuple[str, ...], year: int) -> int:
    if str(year) not in periods:
        raise InputError(f"is {year}", field="year", hint=f"the energy panel has {periods[0]} to {periods[-1]}")
    return periods.index(str(year))


def _energy(
    observed: np.ndarray, depth: float | None, me: Actor, them: Actor, world: World
) -> tuple[np.ndarray, float | None, str]:
    """Energy's flows and today's depth: the panel's, unless it lacks oil and gas that the World has.

    BACI leaves out flows that neither side reports (Turkish or Belarusian oil from Russia, say). The engine would then
    still trade what depth says is not there; so both take the World's.
    """
    if oil_and_gas_share(me.code, them.code) is not None:
        return observed, depth, ""
    sectors = [s for s in industry_group("energy") if s in world.sectors]
    if not sectors or len(world.countries) != observed.shape[0]:
        return observed, depth, ""
    flows = world.trade.sel(sector=sectors).sum("sector").values.copy()
    np.fill_diagonal(flows, 0.0)
    share, _ = _share_and_rest(flows[list(me.members)].sum(axis=0), them, me)
    if share < UNREPORTED:
        return observed, depth, ""
    year = int(world.data.attrs.get("year", 0))
    note = f"the latest energy panel has no oil or gas between the two; taken from the tables of {year}"
    return flows, min(1.0, share / frontier_share("energy", world)), note


def _capacity(flows: np.ndarray, me: Actor, them: Actor) -> float:
    """All that the offerer sells abroad, as a share of what the focal state buys abroad."""
    abroad = [k for k in range(flows.shape[0]) if k not in me.members]
    bought = float(flows[list(me.members)][:, abroad].sum())
    sold = float(flows[:, list(them.members)].sum() - flows[list(them.members)][:, list(them.members)].sum())
    return sold / bought if bought > 0 else 0.0


def _share_and_rest(values: np.ndarray, partner: Actor, own: Actor) -> tuple[float, float]:
    """The partner's share, and the Herfindahl index of the rest (the rest of the world, last, counts as many)."""
    values = values.copy()
    values[list(own.members)] = 0.0
    total = values.sum()
    if total <= 0:
        return 0.0, 0.0
    share = float(values[list(partner.members)].sum() / total)
    values[list(partner.members)] = 0.0
    rest = values.sum()
    return share, float(((values[:-1] / rest) ** 2).sum()) if rest > 0 else 0.0


def _diplomacy(me: Actor, them: Actor, depth: float | None) -> Standing:
    """Diplomacy has no flows: the weights are closeness to each great power (and to the offerer)."""
    today = depth or 0.0

    def sides(who: Actor, partner: Actor) -> tuple[float, float, float]:
        rest = [p for p in powers_of(who) if not set(p.members) & set(partner.members)]
        near = np.array([closeness(who, p)[-1] for p in rest])
        near = near[~np.isnan(near)]
        total = float(near.sum())
        if total <= 0:
            return 1.0, 1.0, 0.0
        return today / (today + total), 1.0 / (1.0 + total), float(((near / total) ** 2).sum())

    share, full, others = sides(me, them)
    sales_share, sales_full, sales_others = sides(them, me)
    known = depth is not None
    return Standing("diplomacy", today, 1.0, share, full, others, sales_share, sales_full, sales_others, known)


def crude_between(focal: str, offerer: str, world: World) -> CrudePath | None:
    """What the focal state paid the offerer for crude, by year; None where it bought none."""
    return ties(focal, with_=[offerer], world=world).tie(actor(offerer).code, "energy").crude


def oil_and_gas_share(focal: str, offerer: str, year: int | None = None) -> float | None:
    """The offerer's share in the focal state's imports of crude and gas, in a year of the panel (by default its
    latest).

    None where the panel has no such flow, which may mean that there is none or that nobody reported it. Kept between
    0.1 % and 98 %, so that the base can be brought to it.
    """
    parts = [p for p in energy_parts() if "coal" not in p.name.lower()]
    at = -1 if year is None else _period(parts[0].periods, year)
    flows = np.sum([p.values[at] for p in parts], axis=0)
    bought = flows[list(actor(focal).members)].sum(axis=0)
    bought[list(actor(focal).members)] = 0.0
    total = bought.sum()
    share = float(bought[list(actor(offerer).members)].sum() / total) if total > 0 else 0.0
    return min(max(share, 0.001), 0.98) if share > 0 else None


def further_discount(path: CrudePath | None) -> float:
    """How much deeper, as a fraction of the price, the offerer's discount has been since 2022 than it is now.

    Only years count whose recorded price is credible and in which the offerer sold at least 1 % of the buyer's crude;
    zero unless the panel's last year is one of them, or where the discount is as deep as it has been. At most
    `MOST_DISCOUNT`.
    """
    rates = {
        y.year: y.discount_screened / y.others_price_screened
        for y in (path.years if path is not None else ())
        if y.year >= 2022
        and y.credible
        and (y.share_of_barrels or 0.0) >= 0.01
        and y.discount_screened is not None
        and y.others_price_screened
    }
    last = panels.ENERGY_YEARS[1]
    if last not in rates:
        return 0.0
    return float(min(max(0.0, max(rates.values())) - max(0.0, rates[last]), MOST_DISCOUNT))


def countries_of(code: str) -> tuple[str, ...]:
    """ISO3 codes of a state or a union."""
    names = list(order())
    return tuple(names[m] for m in actor(code).members)

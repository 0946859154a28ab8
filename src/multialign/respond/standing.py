"""Where focal state and offerer stand today, domain by domain: what the answer starts from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from multialign.respond.levers import FULL_DEPTH_FACTOR
from multialign.respond.terms import multiplied_share
from multialign.ties.actors import Actor, actor, order
from multialign.ties.build import frontier_share, ties
from multialign.ties.crude import CrudePath
from multialign.ties.flows import DOMAINS, domain_flows, energy_parts
from multialign.ties.summary import powers_of
from multialign.ties.votes import closeness
from multialign.world import World


@dataclass(frozen=True)
class Standing:
    """One domain of the tie between focal state and offerer.

    today: depth a0. most: the greatest depth that the offerer can serve. share, full: the offerer's share in the focal
    state's ties of the domain today and at depth 1. others: Herfindahl index of the focal state's other partners among
    themselves. sales_share, sales_full, sales_others: the same seen from the offerer's sales. known: whether there are
    data; without, depth is taken as zero and stays there.
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


def standings(focal: str, offerer: str, world: World, discount: float = 0.0) -> dict[str, Standing]:
    """The Standing of every domain, from the ties.

    At depth 1 trade and technology between the two are `FULL_DEPTH_FACTOR` times today's; energy is what a further
    `discount` (fraction) draws, at the world's elasticity; arms are what the deepest ties of today hold, as far as the
    offerer's exports go.
    """
    me, them = actor(focal), actor(offerer)
    table = ties(focal, with_=[offerer], world=world)
    out: dict[str, Standing] = {}
    for domain in DOMAINS:
        tie = table.tie(them.code, domain)
        if domain == "diplomacy":
            out[domain] = _diplomacy(me, them, tie.depth)
            continue
        flows = domain_flows(domain, world).latest
        theta = float(world.array("elasticity")[world.sectors.index("B06")])
        factor = (1.0 - discount) ** (-theta) if domain == "energy" and discount > 0 else FULL_DEPTH_FACTOR
        share, others = _share_and_rest(flows[list(me.members)].sum(axis=0), them, me)
        sales_share, sales_others = _share_and_rest(flows[:, list(them.members)].sum(axis=1), me, them)
        full, sales_full, most = multiplied_share(share, factor), multiplied_share(sales_share, factor), 1.0
        if domain == "arms":
            full = max(share, frontier_share(domain, world))
            most = min(1.0, _capacity(flows, me, them) / full) if full > 0 else 0.0
            sales_full = multiplied_share(sales_share, full / share) if share > 0 else sales_share
        today = tie.depth or 0.0
        out[domain] = Standing(
            domain=domain,
            today=today,
            most=max(most, today),
            share=share,
            full=full,
            others=others,
            sales_share=sales_share,
            sales_full=sales_full,
            sales_others=sales_others,
            known=tie.depth is not None,
        )
    return out


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


def oil_and_gas_share(focal: str, offerer: str) -> float | None:
    """The offerer's share in the focal state's imports of crude and gas, latest year; None without data."""
    parts = [p for p in energy_parts() if "coal" not in p.name.lower()]
    flows = np.sum([p.latest for p in parts], axis=0)
    bought = flows[list(actor(focal).members)].sum(axis=0)
    bought[list(actor(focal).members)] = 0.0
    total = bought.sum()
    share = float(bought[list(actor(offerer).members)].sum() / total) if total > 0 else 0.0
    return share if 0.001 < share < 0.999 else None


def further_discount(path: CrudePath | None) -> float:
    """How much deeper, as a fraction of the price, the offerer's discount has been since 2022 than it is now.

    Zero where the buyer takes no crude from the offerer, or the discount is as deep as it has been.
    """
    if path is None:
        return 0.0
    # Screened: sellers whose recorded weight implies an impossible price are left out of the comparison.
    rates = [
        y.discount_screened / y.others_price_screened
        for y in path.years
        if y.year >= 2022 and y.discount_screened is not None and y.others_price_screened
    ]
    if not rates:
        return 0.0
    return float(max(0.0, max(rates) - rates[-1]))


def countries_of(code: str) -> tuple[str, ...]:
    """ISO3 codes of a state or a union."""
    names = list(order())
    return tuple(names[m] for m in actor(code).members)

"""From flows and votes to the ties of one state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from multialign.errors import InputError, unknown
from multialign.ties import measures, statements, votes
from multialign.ties.actors import EU, Actor, actor, order, partners
from multialign.ties.crude import path_between
from multialign.ties.dependence import dependence as cut_off
from multialign.ties.flows import FLOW_DOMAINS, Domain, Flows, domain_flows, domain_parts
from multialign.ties.leaning import leaning as lean
from multialign.ties.own import goods_flows, own_flows
from multialign.ties.records import Change, Part, Tie, Ties, TrendPoint
from multialign.ties.summary import powers_of, summarise
from multialign.ties.tariffs import tariffs_between
from multialign.world import codes, panels

if TYPE_CHECKING:
    import pandas as pd

    from multialign.world import World

TOP_PARTNERS = 3


def ties(
    state: str,
    with_: Iterable[str] | None = None,
    world: World | None = None,
    record: pd.DataFrame | Iterable[Mapping[str, Any]] | None = None,
    *,
    dependence: bool = False,
    deeper_with: str | None = None,
    factor: float = 2.0,
    elasticities: str = "median",
) -> Ties:
    """How a state stands to others, domain by domain.

    Parameters
    ----------
    state: ISO3 code or English name, ``EU27``, or another group of states (``BRICS``, ``OPEC@2019-01-01``).
    with_: partners, likewise; by default the great powers and the state's three largest other trade partners.
    world: whose trade is used for trade and technology; by default the embedded world, or the user's own (`own_world`).
    record: statements as a plain table (see `statements.statements_table`), counted in diplomacy; none by default.

    dependence: also what cutting each tie would cost both, exactly, from the engine (a fraction of a second each).
    deeper_with: a third; also what `factor` times the trade with it does to the state's dependence on each partner
        (`leaning`). elasticities: the published set for both.

    Raises InputError for a state that is not known, ROW, or a state with itself.
    """
    who = actor(state, group=True)
    if world is None:
        from multialign.world.refresh import own_world

        world = own_world()
    others = default_partners(who, world) if with_ is None else partners(who, with_)
    said = None if record is None else statements.statements_table(record)
    found: list[Tie] = []
    for partner in others:
        found += [flow_tie(who, partner, domain, world) for domain in FLOW_DOMAINS]
        tie = diplomacy_tie(who, partner)
        if said is not None:
            tie = tie.model_copy(update={"statements": statements.by_year(said, who, partner)})
        found.append(tie)
    manifest = panels.panels_manifest()
    cited = ("energy.parquet", "arms_transfers_5yr.csv", "un_ideal_points.csv", "brent_monthly.csv")
    return Ties(
        state=who.code,
        state_name=who.name,
        partners={p.code: p.name for p in others},
        world=world.name,
        ties=tuple(found),
        tariffs=tuple(t for p in others for t in tariffs_between(who, p, world)),
        summary=summarise(who, world),
        dependence=tuple(cut_off(who.code, p.code, world, elasticities=elasticities) for p in others if dependence),
        leaning=tuple(
            lean(who.code, p.code, deeper_with, world, factor=factor, elasticities=elasticities)
            for p in others
            if deeper_with is not None
        ),
        citations=("OECD, Inter-Country Input-Output Tables, 2025 edition", *(manifest[f]["citation"] for f in cited)),
    )


def default_partners(who: Actor, world: World) -> tuple[Actor, ...]:
    """The great powers other than the state, then its largest partners in trade both ways that are not in them."""
    chosen = list(powers_of(who))
    taken = {m for p in chosen for m in p.members} | set(who.members)
    trade = domain_flows("trade", world).latest
    both = trade[list(who.members)].sum(axis=0) + trade[:, list(who.members)].sum(axis=1)
    codes_in_order = list(order())
    for k in np.argsort(-both):
        if len(chosen) == len(powers_of(who)) + TOP_PARTNERS or not both[k] > 0:
            break
        if int(k) not in taken and codes_in_order[k] != "ROW":
            code = codes_in_order[k]
            chosen.append(Actor(code, codes.countries()[code], (int(k),)))
    return tuple(chosen)


def frontier_share(domain: str, world: World | None = None) -> float:
    """The share of imports that counts as depth 1 in a domain with flows.

    It is the 95th percentile, over all states, of the share of a state's largest single supplier: as deep
    as the deepest ties that states hold today, which is the most that can be called attainable without a
    theory of why nobody goes further. The very deepest are left out, since a neighbour's only pipeline is
    no measure for others. Raises InputError for any other domain.
    """
    if domain not in FLOW_DOMAINS:
        hint = "diplomacy is a distance, and its depth needs none" if domain == "diplomacy" else None
        error = unknown("domain with flows", domain, FLOW_DOMAINS, field="domain")
        raise InputError(f"'{domain}' has no frontier", field="domain", hint=hint or error.hint)
    if world is None:
        from multialign.world.refresh import own_world

        world = own_world()
    return domain_flows(domain, world).frontier


class _Side:
    """Sums by period between a state and a partner, None where the source lacks either on that side."""

    def __init__(self, who: Actor, partner: Actor, flows: Flows) -> None:
        me, them = who.members, partner.members
        self._me, self._them, self._total = me, them, flows.values
        self.i_buy = bool(flows.buyers[list(me)].any())
        self.i_sell = bool(flows.sellers[list(me)].any())
        self.they_buy = bool(flows.buyers[list(them)].any())
        self.they_sell = bool(flows.sellers[list(them)].any())
        self.imports = measures.among(flows.values, me, them) if self.i_buy and self.they_sell else None
        self.exports = measures.among(flows.values, them, me) if self.i_sell and self.they_buy else None

    @cached_property
    def supply(self) -> np.ndarray:
        return measures.bought(self._total, self._me)

    @cached_property
    def sales(self) -> np.ndarray:
        return measures.sold(self._total, self._me)

    @cached_property
    def their_supply(self) -> np.ndarray:
        return measures.bought(self._total, self._them)

    @cached_property
    def their_sales(self) -> np.ndarray:
        return measures.sold(self._total, self._them)


def _last(series: np.ndarray | None) -> float | None:
    return None if series is None else float(series[-1])


def _share(part: np.ndarray | None, whole: np.ndarray, at: int = -1) -> float | None:
    return None if part is None else measures.ratio(float(part[at]), float(whole[at]))


def flow_tie(who: Actor, partner: Actor, domain: Domain, world: World) -> Tie:
    """The tie in a domain where something is bought and sold."""
    flows = domain_flows(domain, world)
    side = _Side(who, partner, flows)
    imports, exports = _last(side.imports), _last(side.exports)
    share = _share(side.imports, side.supply)
    deepest = frontier_share(domain, world)
    rank, rank_as_market = _ranks(who, partner, flows.latest, imports, exports)
    own = own_flows(domain, world)
    over_time, their_side = (flows, side) if own is None else (own, _Side(who, partner, own))
    crude = None
    if domain == "energy":
        path = path_between(who, partner)
        crude = path if path.years else None
    return Tie(
        domain=domain,
        partner=partner.code,
        partner_name=partner.name,
        unit=flows.unit,
        imports=imports,
        exports=exports,
        balance=None if imports is None or exports is None else exports - imports,
        share_of_imports=share,
        share_of_exports=_share(side.exports, side.sales),
        share_of_partner_imports=_share(side.exports, side.their_supply),
        share_of_partner_exports=_share(side.imports, side.their_sales),
        rank=rank,
        rank_as_market=rank_as_market,
        depth=measures.depth(share, deepest),
        frontier=deepest if np.isfinite(deepest) else None,
        distance=None,
        trend=_trend(over_time, their_side),
        change=_change(who, partner, domain, over_time, their_side),
        period=flows.periods[-1],
        year=flows.year,
        status=flows.status,
        parts=tuple(_part(who, partner, p, domain) for p in (*domain_parts(domain, world), *_own_parts(domain))),
        crude=crude,
        notes=_notes(who, partner, domain, flows, side, world),
        source=flows.source,
    )


def _ranks(
    who: Actor, partner: Actor, latest: np.ndarray, imports: float | None, exports: float | None
) -> tuple[int | None, int | None]:
    """The partner's place among single states outside both; the EU as partner counts as one."""
    row = order()["ROW"]
    rest = measures.outside((*who.members, *partner.members, row), latest.shape[0])
    bought = latest[list(who.members)].sum(axis=0)[rest]
    sold = latest[:, list(who.members)].sum(axis=1)[rest]
    return (
        None if imports is None else measures.rank_among(imports, bought),
        None if exports is None else measures.rank_among(exports, sold),
    )


def _trend(flows: Flows, side: _Side) -> tuple[TrendPoint, ...] | None:
    if len(flows.periods) < 2 or side.imports is None:
        return None
    return tuple(
        TrendPoint(period=p, value=float(side.imports[t]), share=_share(side.imports, side.supply, t))
        for t, p in enumerate(flows.periods)
    )


def _change(who: Actor, partner: Actor, domain: str, flows: Flows, side: _Side) -> Change | None:
    # Five years before: five places back in yearly data, the window before in five-year windows.
    back = 1 if "-" in flows.periods[-1] else 5
    if len(flows.periods) <= back:
        return None
    now, then = _share(side.imports, side.supply), _share(side.imports, side.supply, -1 - back)
    if now is None or then is None:
        return None
    points = 100.0 * (now - then)
    moved = "up from" if points > 0.05 else "down from" if points < -0.05 else "as against"
    since, until = flows.periods[-1 - back], flows.periods[-1]
    return Change(
        measure="share of imports, percentage points",
        value=points,
        since=since,
        until=until,
        text=f"{100 * now:.1f} % of the {domain} that {who.spoken} bought abroad in {until} came from "
        f"{partner.spoken}, {moved} {100 * then:.1f} % in {since}.",
    )


def _part(who: Actor, partner: Actor, flows: Flows, domain: str) -> Part:
    side = _Side(who, partner, flows)
    return Part(
        name=flows.name,
        kind=flows.kind,
        code=flows.code,
        imports=_last(side.imports),
        exports=_last(side.exports),
        unit=flows.unit,
        share_of_imports=_share(side.imports, side.supply),
        year=flows.year,
        status=flows.status,
        in_total=not (domain == "energy" and flows.status == "estimated") and flows.kind != "customs",
        tonnes_imports=_weight(flows, who, partner) if side.i_buy and side.they_sell else None,
        tonnes_exports=_weight(flows, partner, who) if side.i_sell and side.they_buy else None,
        trend=_trend(flows, side),
    )


def _weight(flows: Flows, buyer: Actor, seller: Actor) -> float | None:
    if flows.tonnes is None:
        return None
    return float(measures.among(flows.tonnes[-1], buyer.members, seller.members))


def _own_parts(domain: str) -> tuple[Flows, ...]:
    """The user's own customs series of a domain, product group by product group."""
    found = goods_flows()
    return {"trade": found[:1], "technology": found[1:]}.get(domain, ())


def _notes(who: Actor, partner: Actor, domain: str, flows: Flows, side: _Side, world: World) -> tuple[str, ...]:
    out = []
    own = own_flows(domain, world)
    if own is not None:
        out.append(f"Trend and change are of {own.name} ({own.source}), the other figures of {flows.source}.")
    elif len(flows.periods) < 2:
        out.append(f"The source is the single year {flows.periods[-1]}: no trend and no change can be given.")
    if not side.i_buy:
        out.append(f"The source does not cover {who.spoken} as a buyer.")
    if not side.they_sell:
        out.append(f"The source does not name {partner.spoken} as a seller.")
    if not side.i_sell:
        out.append(f"The source does not name {who.spoken} as a seller.")
    if not side.they_buy:
        out.append(f"The source does not cover {partner.spoken} as a buyer.")
    if domain == "arms":
        out.append("Exports and their shares count deliveries to the recipients that the source covers.")
        if EU in (who.code, partner.code):
            out.append("Of the European Union, only the members that the source covers are counted.")
    if domain == "energy":
        out.append("Crude, LNG, pipeline gas and coal; refined products and electricity are only in parts.")
    if side.i_buy and not side.supply[-1] > 0:
        out.append(f"The source shows nothing that {who.spoken} bought abroad in the latest period.")
    return tuple(out)


def diplomacy_tie(who: Actor, partner: Actor) -> Tie:
    """The tie in votes: the latest year in which both have an ideal point."""
    years, points = votes.points()
    distance = np.abs(votes.path(who) - votes.path(partner))
    depth = votes.closeness(who, partner)
    has = np.flatnonzero(~np.isnan(distance))
    notes: tuple[str, ...] = ()
    trend = change = None
    latest, rank = len(years) - 1, None
    if has.size:
        latest = int(has[-1])
        trend = tuple(TrendPoint(period=str(years[t]), value=float(distance[t]), share=None) for t in has)
        apart = np.abs(points[latest] - votes.path(who)[latest])
        apart[[*who.members, *partner.members]] = np.nan
        rank = int(1 + (apart < distance[latest]).sum())
        if latest - 5 in has:
            moved = float(distance[latest] - distance[latest - 5])
            word = "up from" if moved > 0.005 else "down from" if moved < -0.005 else "as against"
            change = Change(
                measure="distance of ideal points",
                value=moved,
                since=str(years[latest - 5]),
                until=str(years[latest]),
                text=f"In UN votes {who.spoken} and {partner.spoken} stood {distance[latest]:.2f} apart in "
                f"{years[latest]}, {word} {distance[latest - 5]:.2f} in {years[latest - 5]}.",
            )
    else:
        lacking = [a.spoken for a in (who, partner) if np.isnan(votes.path(a)).all()]
        notes = (f"No ideal point: {' and '.join(lacking)} cast no votes in the UN General Assembly.",)
    return Tie(
        domain="diplomacy",
        partner=partner.code,
        partner_name=partner.name,
        unit=None,
        imports=None,
        exports=None,
        balance=None,
        share_of_imports=None,
        share_of_exports=None,
        share_of_partner_imports=None,
        share_of_partner_exports=None,
        rank=rank,
        rank_as_market=None,
        depth=float(depth[latest]) if has.size else None,
        frontier=None,
        distance=float(distance[latest]) if has.size else None,
        trend=trend,
        change=change,
        period=str(years[latest]),
        year=years[latest],
        status="observed",
        parts=(),
        crude=None,
        notes=notes,
        source=votes.source(),
    )

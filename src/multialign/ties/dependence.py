"""Dependence and power: what each side loses, in real income, if a tie is cut.

The loss is exact: the equilibrium of the world without the tie against the one with it, from the room
`trade`. Hirschman (1945) put power in trade down to this asymmetry; Clayton, Maggiori & Schreger (2024)
measure it as here, and Kleinman, Liu & Redding (2024) give its linear approximation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict

from multialign.errors import InputError, unknown
from multialign.ties.actors import Actor, actor, order

if TYPE_CHECKING:
    import pandas as pd

    from multialign.trade import Scenario, Solution
    from multialign.world import World

Cut = Literal["all", "sales", "purchases"]
CUTS: tuple[Cut, ...] = ("all", "sales", "purchases")
Solver = Callable[..., "Solution"]
LEAST_LOSS = 1e-6
"""A loss below this many % of real income is within the solver's tolerance: no ratio is formed with it."""


class Dependence(BaseModel):
    """What `state` and `partner` lose if trade between them is cut. Positive numbers are losses.

    loss_pct, partner_loss_pct: % of real income; loss_usd, partner_loss_usd: million USD a year at base
    prices.
    leverage: the partner's loss for each point of the state's own, both in %: above 1, the state can hurt the
        partner more than itself. Null where the state loses nothing: then the threat is free.
    cut: ``all`` trade between them, or only the state's ``sales`` to or ``purchases`` from the partner.
    industries: those that are cut; empty for all.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    state: str
    partner: str
    cut: Cut
    industries: tuple[str, ...]
    loss_pct: float
    partner_loss_pct: float
    loss_usd: float
    partner_loss_usd: float
    leverage: float | None

    def to_dict(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return self.model_dump(mode="json")


def dependence(
    state: str,
    partner: str,
    world: World | None = None,
    solve: Solver | None = None,
    *,
    cut: Cut = "all",
    industries: Sequence[str] = (),
    elasticities: str = "median",
) -> Dependence:
    """The real income that both sides lose if trade between them stops.

    Parameters
    ----------
    state, partner: ISO3 codes or English names, ``EU27``, or other groups of states.
    world: by default the embedded world, or the user's own (`own_world`). solve: by default `multialign.trade.solve`.
    cut: ``all`` trade between them, or only the state's ``sales`` to or ``purchases`` from the partner.
    industries: codes, or goods, services, technology, energy; by default all.
    elasticities: a published set, or ``world`` for the world's own, as in `Scenario`.

    Raises InputError for names that are not known, a state with itself or a country that the world lacks, and
    ConvergenceError where no equilibrium was found.
    """
    from multialign.trade import solve as trade_solve
    from multialign.world.refresh import own_world

    world = own_world() if world is None else world
    who, other = pair_of(state, partner)
    if cut not in CUTS:
        raise unknown("cut", str(cut), CUTS, field="cut")
    mine, theirs = codes_in(who, world), codes_in(other, world)
    group = tuple(industries)
    result = (solve or trade_solve)(cut_scenario(who.code, other.code, mine, theirs, cut, group, elasticities), world)
    base = result.data["base_income"].to_series()
    return measured(who.code, other.code, mine, theirs, cut, group, result.welfare_pct, result.welfare_usd, base)


def cut_scenario(
    state: str,
    partner: str,
    mine: Sequence[str],
    theirs: Sequence[str],
    cut: Cut,
    industries: tuple[str, ...],
    elasticities: str,
) -> Scenario:
    """The scenario in which trade between the countries of two sides stops, or that one way."""
    from multialign.trade import Embargo, Scenario

    embargoes = []
    if cut in ("all", "sales"):
        embargoes.append(Embargo(importers=tuple(theirs), exporters=tuple(mine), industries=industries))
    if cut in ("all", "purchases"):
        embargoes.append(Embargo(importers=tuple(mine), exporters=tuple(theirs), industries=industries))
    return Scenario(name=f"{state}-{partner} cut", elasticities=elasticities, instruments=tuple(embargoes))


def measured(
    state: str,
    partner: str,
    mine: Sequence[str],
    theirs: Sequence[str],
    cut: Cut,
    industries: tuple[str, ...],
    welfare_pct: pd.Series,
    welfare_usd: pd.Series,
    base_income: pd.Series,
) -> Dependence:
    """What both sides lose, from the welfare of all countries (%, million USD) without the tie. Of several countries
    together, the loss in % is the sum of their equivalent variations over that of their incomes."""

    def loss(members: Sequence[str]) -> tuple[float, float]:
        names = list(members)
        usd = -float(welfare_usd.loc[names].sum())
        if len(names) == 1:
            return -float(welfare_pct.loc[names[0]]), usd
        return 100.0 * usd / float(base_income.loc[names].sum()), usd

    (pct, usd), (partner_pct, partner_usd) = loss(mine), loss(theirs)
    return Dependence(
        state=state,
        partner=partner,
        cut=cut,
        industries=industries,
        loss_pct=pct,
        partner_loss_pct=partner_pct,
        loss_usd=usd,
        partner_loss_usd=partner_usd,
        leverage=partner_pct / pct if pct > LEAST_LOSS else None,
    )


def pair_of(state: str, partner: str) -> tuple[Actor, Actor]:
    who, other = actor(state, group=True), actor(partner, field="partner", group=True)
    if set(who.members) & set(other.members):
        raise InputError(
            f"'{partner}' is '{state}' itself, or one is a part of the other",
            field="partner",
            hint="give two that do not overlap",
        )
    return who, other


def codes_in(who: Actor, world: World) -> tuple[str, ...]:
    """The world's countries that an actor stands for."""
    known = set(world.countries)
    by_place = list(order())
    found = tuple(c for c in (by_place[m] for m in who.members) if c in known)
    if not found:
        raise InputError(
            f"'{who.code}' is not in the world '{world.name}'",
            field="world",
            hint=f"it has: {', '.join(world.countries[:8])} ({len(world.countries)} in all)",
        )
    return found

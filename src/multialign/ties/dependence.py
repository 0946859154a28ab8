"""Dependence and power: what each side loses, in real income, if a tie is cut.

The loss is exact: the equilibrium of the world without the tie against the one with it, from the room
`trade`. Hirschman (1945) put power in trade down to this asymmetry; Clayton, Maggiori & Schreger (2024)
measure it as here, and Kleinman, Liu & Redding (2024) give its linear approximation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from multialign.errors import InputError, unknown
from multialign.ties.actors import Actor, actor, order
from multialign.world import codes

if TYPE_CHECKING:
    import pandas as pd

    from multialign.trade import Solution
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


class Power(BaseModel):
    """Who can hurt whom, how much, and at what cost to itself: one `Dependence` for each pair."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    kind: Literal["power"] = "power"
    world: str
    elasticities: str
    pairs: tuple[Dependence, ...] = Field(description="in the order asked for")

    def to_dict(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return self.model_dump(mode="json")

    def to_frame(self) -> pd.DataFrame:
        """One row for each pair; columns as in `Dependence`."""
        import pandas as pd

        return pd.DataFrame([p.model_dump() for p in self.pairs], columns=list(Dependence.model_fields))


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
    state, partner: ISO3 codes or English names, or ``EU27``.
    world: by default the embedded world. solve: the solver, by default `multialign.trade.solve`.
    cut: ``all`` trade between them, or only the state's ``sales`` to or ``purchases`` from the partner.
    industries: codes, or goods, services, technology, energy; by default all.
    elasticities: a published set, or ``world`` for the world's own, as in `Scenario`.

    Raises InputError for names that are not known, a state with itself or a country that the world lacks, and
    ConvergenceError where no equilibrium was found.
    """
    from multialign.trade import Embargo, Scenario
    from multialign.trade import solve as trade_solve
    from multialign.world import load_world

    world = load_world() if world is None else world
    who, other = _pair(state, partner)
    if cut not in CUTS:
        raise unknown("cut", str(cut), CUTS, field="cut")
    mine, theirs = _codes(who, world), _codes(other, world)
    group = tuple(industries)
    embargoes = []
    if cut in ("all", "sales"):
        embargoes.append(Embargo(importers=theirs, exporters=mine, industries=group))
    if cut in ("all", "purchases"):
        embargoes.append(Embargo(importers=mine, exporters=theirs, industries=group))
    scenario = Scenario.model_validate(
        {"name": f"{who.code}-{other.code} cut", "elasticities": elasticities, "instruments": embargoes}
    )
    result = (solve or trade_solve)(scenario, world)
    loss_pct, loss_usd = _loss(result, mine)
    partner_loss_pct, partner_loss_usd = _loss(result, theirs)
    return Dependence(
        state=who.code,
        partner=other.code,
        cut=cut,
        industries=group,
        loss_pct=loss_pct,
        partner_loss_pct=partner_loss_pct,
        loss_usd=loss_usd,
        partner_loss_usd=partner_loss_usd,
        leverage=partner_loss_pct / loss_pct if loss_pct > LEAST_LOSS else None,
    )


def power(
    pairs: Iterable[str] | Iterable[tuple[str, str]] | None = None,
    world: World | None = None,
    *,
    cut: Cut = "all",
    industries: Sequence[str] = (),
    elasticities: str = "median",
) -> Power:
    """Who can hurt whom, and at what cost to itself.

    `pairs`: pairs of states, or a list of states of which all pairs are taken; by default the great
    powers. With `cut` other than ``all`` the first of a pair acts. Other arguments, and errors, as in
    `dependence`.
    """
    from multialign.world import load_world

    world = load_world() if world is None else world
    chosen = _pairs(pairs)
    rows = [dependence(a, b, world, cut=cut, industries=industries, elasticities=elasticities) for a, b in chosen]
    return Power(world=world.name, elasticities=elasticities, pairs=tuple(rows))


def _pairs(given: Iterable[Any] | None) -> list[tuple[str, str]]:
    items = list(codes.GREAT_POWERS) if given is None else [given] if isinstance(given, str) else list(given)
    if items and all(isinstance(x, str) for x in items):
        items = list(combinations(items, 2))
    if not items:
        raise InputError(
            "names no pair", field="pairs", hint="give pairs such as [('IND', 'RUS')], or two states or more"
        )
    out = []
    for pair in items:
        if isinstance(pair, str) or len(tuple(pair)) != 2:
            raise InputError(f"{pair!r} is not a pair", field="pairs", hint="give pairs such as ('IND', 'RUS')")
        first, second = tuple(pair)
        _pair(first, second)
        out.append((first, second))
    return out


def _pair(state: str, partner: str) -> tuple[Actor, Actor]:
    who, other = actor(state), actor(partner, field="partner")
    if set(who.members) & set(other.members):
        raise InputError(
            f"'{partner}' is '{state}' itself, or one is a part of the other",
            field="partner",
            hint="give two that do not overlap",
        )
    return who, other


def _codes(who: Actor, world: World) -> tuple[str, ...]:
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


def _loss(result: Solution, members: tuple[str, ...]) -> tuple[float, float]:
    """Loss in % of real income and in million USD; of several members together, by equivalent variation."""
    names = list(members)
    usd = -float(result.welfare_usd.loc[names].sum())
    if len(names) == 1:
        return -float(result.welfare_pct.loc[names[0]]), usd
    base = result.data["base_income"].to_series()
    return 100.0 * usd / float(base.loc[names].sum()), usd

"""How much one state leans on another, and what deeper ties with a third do to it: from the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from multialign.errors import InputError
from multialign.ties.actors import actor
from multialign.ties.dependence import Dependence, dependence

if TYPE_CHECKING:
    from multialign.trade.economy import Economy
    from multialign.world import World


class Side(BaseModel):
    """Shares of the state's trade that are with the one it leans on, and what a cut would cost."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    share_of_imports: float
    share_of_exports: float
    loss_pct: float
    partner_loss_pct: float
    leverage: float | None


class Leaning(BaseModel):
    """A state's dependence on another before and after ties with a third are deepened.

    factor: what the deeper ties multiply the pair's trade by, prices given. income_pct: what the deeper ties
    themselves do to real income, % (state, third, and the one leaned on). Losses are those if all trade with `on` is
    cut, % of real income; leverage as in `Dependence`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    kind: Literal["leaning"] = "leaning"
    state: str
    on: str
    deeper_with: str
    factor: float
    world: str
    elasticities: str
    before: Side
    after: Side
    income_pct: dict[str, float]
    text: str

    def to_dict(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return self.model_dump(mode="json")


def leaning(
    state: str,
    on: str,
    deeper_with: str,
    world: World | None = None,
    *,
    factor: float = 2.0,
    elasticities: str = "median",
) -> Leaning:
    """How far `state` leans on `on`, and what it comes to when its trade with `deeper_with` is deepened.

    Parameters
    ----------
    state, on, deeper_with: ISO3 codes, English names, ``EU27``, or other groups of states.
    factor: frictions between state and deeper_with fall, industry by industry, by what multiplies their trade by this,
        other prices given (2: about what deep trade agreements have done; Baier & Bergstrand 2007).
    elasticities: a published set, or ``world``.

    Raises InputError for unknown or overlapping parties and a factor that is not above zero.
    """
    from multialign.trade import Friction, Scenario, base_economy, solve
    from multialign.trade import after as economy_after
    from multialign.world.refresh import own_world

    world = own_world() if world is None else world
    if not 0 < factor <= 100:
        raise InputError(f"is {factor:g}", field="factor", hint="right is above 0, at most 100")
    who, other = actor(state, group=True), actor(on, field="on", group=True)
    third = actor(deeper_with, field="deeper_with", group=True)
    for a, b, field in ((who, other, "on"), (who, third, "deeper_with"), (other, third, "deeper_with")):
        if set(a.members) & set(b.members):
            raise InputError(f"'{b.code}' and '{a.code}' overlap", field=field, hint="give three that do not")
    codes = _codes(world)
    mine, theirs, thirds = (codes(a.members) for a in (who, other, third))
    base = base_economy(world, Scenario(elasticities=elasticities))
    moves = tuple(
        Friction(importers=n, exporters=i, industries=(s,), change=float(factor ** (-1.0 / base.theta[k]) - 1.0))
        for n, i in ((mine, thirds), (thirds, mine))
        for k, s in enumerate(world.sectors)
    )
    deeper = economy_after(Scenario(instruments=moves), world, base)
    moved = solve(Scenario(instruments=moves), world, base=base)

    def cut(economy: Economy) -> Dependence:
        def solver(scenario: Any, w: Any) -> Any:
            return solve(scenario, w, base=economy)

        return dependence(who.code, other.code, world, solver)

    def side(economy: Economy) -> Side:
        lost = cut(economy)
        trade = _trade(economy)
        n, i = ([world.countries.index(c) for c in group] for group in (mine, theirs))
        rest = [k for k in range(trade.shape[0]) if k not in n]
        return Side(
            share_of_imports=float(trade[np.ix_(n, i)].sum() / trade[np.ix_(n, rest)].sum()),
            share_of_exports=float(trade[np.ix_(i, n)].sum() / trade[np.ix_(rest, n)].sum()),
            loss_pct=lost.loss_pct,
            partner_loss_pct=lost.partner_loss_pct,
            leverage=lost.leverage,
        )

    before, later = side(base), side(deeper)
    income = {}
    for who_code, members in ((who.code, mine), (third.code, thirds), (other.code, theirs)):
        rows = moved.data.sel(country=list(members))
        income[who_code] = float(100.0 * rows.equivalent_variation.sum() / rows.base_income.sum())
    moves_it = "less" if later.loss_pct < before.loss_pct else "more"
    text = (
        f"Losing all trade with {other.spoken} would cost {who.spoken} {before.loss_pct:.2f} % of real income. With "
        f"trade with {third.spoken} deepened by a factor of {factor:g} it would cost {later.loss_pct:.2f} %, "
        f"{moves_it} by {abs(later.loss_pct - before.loss_pct):.2f} points; {other.spoken} would take "
        f"{100 * later.share_of_exports:.1f} % of its exports instead of {100 * before.share_of_exports:.1f} %."
    )
    return Leaning(
        state=who.code,
        on=other.code,
        deeper_with=third.code,
        factor=factor,
        world=world.name,
        elasticities=elasticities,
        before=before,
        after=later,
        income_pct=income,
        text=text[0].upper() + text[1:],
    )


def _codes(world: World) -> Any:
    from multialign.ties.actors import order

    names, known = list(order()), set(world.countries)

    def codes(members: tuple[int, ...]) -> tuple[str, ...]:
        found = tuple(names[m] for m in members if names[m] in known)
        if not found:
            raise InputError(f"'{names[members[0]]}' is not in the world '{world.name}'", field="world")
        return found

    return codes


def _trade(economy: Economy) -> np.ndarray:
    """Trade by importer and exporter at producer prices, in the economy's unit. (N, N)."""
    spent = economy.pi_m * economy.E_m[:, None, :] + economy.pi_f * economy.E_f[:, None, :]
    return np.asarray((spent / ((1.0 + economy.t) * (1.0 + economy.e))).sum(axis=2))

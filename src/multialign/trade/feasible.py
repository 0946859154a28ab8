"""Whether a scenario can have an equilibrium at all, said before it is solved.

Two things can make one impossible: a good that somebody must buy and nobody is left to sell, and trade that cannot
balance, because a country (or a group of them) is left with only one side of it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from multialign.errors import InfeasibleError
from multialign.trade.economy import Economy
from multialign.trade.equations import Closure
from multialign.trade.shock import Shock

_NONE = 1e-9
"""A deficit below this part of labour income is none."""


def require_feasible(
    shock: Shock, eco: Economy, closure: Closure, countries: Sequence[str], sectors: Sequence[str]
) -> None:
    """Raise InfeasibleError where a scenario can have no equilibrium: a country is left without any supplier of a good
    that it buys, or trade is left that cannot balance (see `require_balance`)."""
    if shock.open.all():
        return
    closed = np.zeros(eco.t.shape, dtype=bool)
    closed[shock.n, shock.i] = ~shock.open
    require_balance(eco, closure, countries, closed)
    importers = np.unique(shock.n[~shock.open.all(axis=1)])
    for use, share, spending in (("industries", eco.pi_m, eco.E_m), ("final users", eco.pi_f, eco.E_f)):
        cut = ((share[importers] > 0) & ~closed[importers]).any(axis=1)
        missing = ~cut & (spending[importers] > 0)
        if missing.any():
            row, s = (int(x) for x in np.argwhere(missing)[0])
            raise InfeasibleError(
                f"{countries[int(importers[row])]} is left without any supplier of {sectors[s]}, which its {use} buy",
                field="instruments",
                hint="leave one supplier, or use a large friction instead of an embargo",
            )


def require_balance(eco: Economy, closure: Closure, countries: Sequence[str], closed: np.ndarray) -> None:
    """Raise InfeasibleError where countries are left that can buy from the others but not sell to them, or sell but not
    buy, or neither, without the deficit or surplus that this takes.

    Shares of this demand system never come to zero, so who can buy abroad does; without sales abroad or a transfer
    no wage pays for it. Groups are the strongly connected parts of the graph of trade that stays open.

    Parameters
    ----------
    closed: (importer, exporter, sector), True where an embargo has closed a flow.
    """
    bought = ((eco.pi_m > 0) & (eco.E_m > 0)[:, None, :]) | ((eco.pi_f > 0) & (eco.E_f > 0)[:, None, :])
    live = (bought & ~closed).any(axis=2)  # (importer, exporter)
    np.fill_diagonal(live, False)
    parts, part = connected_components(csr_array(live), directed=True, connection="strong")
    if parts == 1:
        return
    across = live & (part[:, None] != part[None, :])
    for p in np.argsort(np.bincount(part), kind="stable"):  # the smallest group says most plainly what is wrong
        inside = part == p
        buys, sells = bool(across[inside].any()), bool(across[:, inside].any())
        if buys and sells:
            continue
        deficit, surplus = _can_have(eco, closure, inside)
        who = " with ".join(countries[n] for n in np.flatnonzero(inside)[:4]) + (" ..." if inside.sum() > 4 else "")
        if not buys and not sells:
            if deficit != surplus and bought[inside].any():
                raise InfeasibleError(
                    f"{who} is shut off from all trade, yet its deficit of {eco.D[inside].sum():,.0f} million USD "
                    "is kept",
                    field="deficits",
                    hint="use 'deficits: removed'",
                )
        elif (buys and not deficit) or (sells and not surplus):
            does, goes_on, wants = ("sell", "buying", "deficit that pays") if buys else ("buy", "selling", "surplus")
            raise InfeasibleError(
                f"{who} can {does} nothing abroad and would go on {goes_on} there, without a trade {wants}: no wage "
                "balances its trade",
                field="instruments" if closed.any() else "deficits",
                hint="close the other side too, with 'deficits: removed', or use a large friction instead of an embargo"
                if closed.any()
                else "keep deficits as they are",
            )


def _can_have(eco: Economy, closure: Closure, inside: np.ndarray) -> tuple[bool, bool]:
    """Whether a group can have a trade deficit, and whether a surplus, whatever wages come to. Both or neither: it can
    have balanced trade."""
    if closure.deficits == "own":  # parts of own labour income, less the world's mean of them, which moves with wages
        part = eco.D / eco.wL
        own, others = part[inside], part[~inside]
        return bool(own.max() > others.min() + _NONE), bool(own.min() < others.max() - _NONE)
    deficit, small = float(eco.D[inside].sum()), _NONE * float(eco.wL[inside].sum())
    return deficit > small, deficit < -small

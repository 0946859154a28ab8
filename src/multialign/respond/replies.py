"""The third powers' best replies: what each would do at each rise of the tie, its own costs counted.

A power weighs what a reply costs itself against what it costs the focal state:

    r*(z) = argmax over replies r of  g(r) - c(r) + z l(r),    z = mu m                                (A6)

with g its own change of real income less the first-order gain that it forgoes today (so that no reply is best when it
minds nothing), l the focal state's loss, c what other replies than the one on record must cost it for that one to
have been its choice, and m the mean rise of depth that it minds. mu follows from the reply on record: it was best
at a rise of `step`. With x = m / step, z = unit x.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from multialign.respond.question import Pressure
from multialign.respond.surface import Surface
from multialign.ties.flows import DOMAINS

SIZES = 41
"""Sizes of a reply that are compared, where no menu is given."""
PLACES = 161
"""Values of x = m / step at which best replies are tabulated."""
LEVELS = 6
"""Values of how much dearer sanctions are (see `ranges`) at which they are tabulated; draws take the nearest."""
DEAREST = 20.0
"""Greatest x: the whole range of depth, for the most touchy."""


@dataclass(frozen=True)
class Menu:
    """The replies of one third power. kinds, sizes: (A,) each, the first being none. own: (S, A) its own change of real
    income, net, %; loss: (S, A) the focal state's, %; shade: (S, A) what makes the record its choice, per unit of
    `sanctions`; unit: (S,) the weight on the focal state's loss at which the record is its best reply."""

    kinds: tuple[str, ...]
    sizes: np.ndarray
    own: np.ndarray
    loss: np.ndarray
    shade: np.ndarray
    unit: np.ndarray


@dataclass(frozen=True)
class Replies:
    """Best replies of every third power, tabulated. K powers, S sets, L levels of `sanctions`, X places of x.

    x: (X,). sanctions: per power (L,). best: per power (S, L, X) place in its menu. losses: per power (S, L, X) what it
    costs the focal state, %. minds: (K, D) how much a rise in each domain counts, over the mean. baseline: per power,
    domain -> depth above which it minds, where not today's.
    """

    x: np.ndarray
    menus: tuple[Menu | None, ...]
    sanctions: tuple[np.ndarray, ...]
    best: tuple[np.ndarray, ...]
    losses: tuple[np.ndarray, ...]
    minds: np.ndarray

    def _at(self, k: int, sets: np.ndarray, x: np.ndarray, sanctions: np.ndarray) -> tuple[np.ndarray, ...]:
        level = np.abs(self.sanctions[k][None, :] - sanctions[:, None]).argmin(axis=1)
        place = np.sqrt(np.clip(x, 0.0, DEAREST) / DEAREST) * (PLACES - 1)
        shape = (-1, *[1] * (x.ndim - 1))
        return sets.reshape(shape), level.reshape(shape), place

    def loss(self, k: int, sets: np.ndarray, x: np.ndarray, sanctions: np.ndarray) -> np.ndarray:
        """What power k's reply costs the focal state, %, at x (R, ...). Nothing at x = 0."""
        if self.menus[k] is None:
            return np.zeros(np.shape(x))
        own, level, place = self._at(k, sets, x, sanctions)
        # Replies jump; a rise short of a jump does not pay a part of it. Rounding up errs on the side of the reply.
        at = np.minimum(np.ceil(place - 1e-9), PLACES - 1).astype(np.intp)
        return np.asarray(self.losses[k][own, level, at])

    def chosen(self, k: int, sets: np.ndarray, x: np.ndarray, sanctions: np.ndarray) -> np.ndarray:
        """Place in power k's menu of its reply at x (R,)."""
        if self.menus[k] is None:
            return np.zeros(np.shape(x), dtype=np.intp)
        own, level, place = self._at(k, sets, x, sanctions)
        at = np.minimum(np.ceil(place - 1e-9), PLACES - 1).astype(np.intp)
        return np.asarray(self.best[k][own, level, at])


def best_replies(surface: Surface) -> Replies:
    """Replies of every third power of the surface's question."""
    x = DEAREST * np.linspace(0.0, 1.0, PLACES) ** 2
    menus: list[Menu | None] = []
    levels, best, losses = [], [], []
    for k, p in enumerate(surface.question.all_pressures):
        menu = menu_of(surface, p) if p.replies else None
        menus.append(menu)
        top = _dearest(surface, k)
        level = np.geomspace(top[0], top[1], LEVELS)
        levels.append(level)
        if menu is None:
            best.append(np.zeros((len(surface.sets), LEVELS, PLACES), dtype=np.intp))
            losses.append(np.zeros((len(surface.sets), LEVELS, PLACES)))
            continue
        if p.announced:
            at = np.zeros((len(surface.sets), LEVELS, PLACES), dtype=np.intp)
            at[:, :, 1:] = _announced(menu, p)
        else:
            # (S, L, X, A), one level at a time to keep it small.
            worth = menu.unit[:, None, None] * x[None, :, None] * menu.loss[:, None, :]
            net = [menu.own - c * menu.shade for c in level]
            at = np.stack([(worth + n[:, None, :]).argmax(axis=2) for n in net], axis=1)
            at[:, :, 0] = 0
        best.append(at)
        losses.append(np.take_along_axis(menu.loss[:, None, :], at, axis=2))
    minds = np.array([[p.minds.get(d, 1.0) for d in DOMAINS] for p in surface.question.all_pressures])
    return Replies(x, tuple(menus), tuple(levels), tuple(best), tuple(losses), minds)


def menu_of(surface: Surface, p: Pressure, restraint: bool = True) -> Menu:
    """The Menu of a third power: its kinds of reply at every size, at today's ties.

    restraint: take off what the power would gain from a small reply and forgoes today (see the module).
    """
    party = surface.parties.index(p.by)
    kinds, sizes, own, loss = ["none"], [0.0], [np.zeros(len(surface.sets))], [np.zeros(len(surface.sets))]
    for kind in p.replies:
        k = surface.place[(kind, p.by, "")]
        fine = np.linspace(0.0, 1.0, 201)
        curve = surface.party_pct(surface.curve(k, fine))
        mine, theirs = curve[:, :, party], -curve[:, :, 0]
        if restraint:
            mine = mine - np.maximum(mine[:, 1:2] / fine[1], 0.0) * fine
            mine = np.minimum.accumulate(mine, axis=1)
        theirs = np.maximum.accumulate(np.maximum(theirs, 0.0), axis=1)
        for x in p.menu.get(kind, tuple(np.linspace(0.0, 1.0, SIZES)[1:])):
            at = round(x * 200)
            kinds.append(kind)
            sizes.append(float(x))
            own.append(mine[:, at])
            loss.append(theirs[:, at])
    own_, loss_, sizes_ = np.stack(own, axis=1), np.stack(loss, axis=1), np.array(sizes)
    unit = _unit(np.array(kinds), sizes_, own_, loss_, p)
    shade = _shade(np.array(kinds), sizes_, own_, loss_, unit, p)
    return Menu(tuple(kinds), sizes_, own_, loss_, shade, unit)


def _unit(kinds: np.ndarray, sizes: np.ndarray, own: np.ndarray, loss: np.ndarray, p: Pressure) -> np.ndarray:
    """The weight z at which the reply on record is best among its own kind. (S,)

    Between the last z at which a smaller size is better and the first at which a larger one is: their mean.
    """
    mine = np.flatnonzero((kinds == p.record.kind) | (kinds == "none"))
    at = mine[np.abs(sizes[mine] - p.record.size).argmin()]
    smaller, larger = mine[sizes[mine] < sizes[at]], mine[sizes[mine] > sizes[at]]

    def price(other: np.ndarray) -> np.ndarray:
        gap = loss[:, other] - loss[:, [at]]
        cost = own[:, [at]] - own[:, other]
        return np.divide(cost, gap, out=np.full_like(cost, np.nan), where=np.abs(gap) > 1e-12)

    low = np.nanmax(price(smaller), axis=1) if smaller.size else np.zeros(own.shape[0])
    high = np.nanmin(price(larger), axis=1) if larger.size else low
    low = np.maximum(np.nan_to_num(low), 1e-9)
    return np.asarray((low + np.maximum(np.nan_to_num(high, nan=0.0), low)) / 2)


def _shade(
    kinds: np.ndarray, sizes: np.ndarray, own: np.ndarray, loss: np.ndarray, unit: np.ndarray, p: Pressure
) -> np.ndarray:
    """What other kinds of reply must cost besides for the record to have been the choice: for each kind a cost in
    proportion to its size, the least under which none of its sizes is better. (S, A)"""
    worth = own + unit[:, None] * loss
    mine = np.flatnonzero(kinds == p.record.kind)
    best = worth[:, mine[np.abs(sizes[mine] - p.record.size).argmin()]]
    out = np.zeros_like(own)
    for kind in set(kinds) - {"none", p.record.kind}:
        these = np.flatnonzero(kinds == kind)
        rate = ((worth[:, these] - best[:, None]) / sizes[these]).max(axis=1)
        out[:, these] = np.maximum(rate, 0.0)[:, None] * sizes[these]
    return out


def _dearest(surface: Surface, k: int) -> tuple[float, float]:
    from multialign.respond.ranges import UNKNOWNS, range_of

    return range_of("sanctions", surface.question.weights) or (UNKNOWNS["sanctions"].low, UNKNOWNS["sanctions"].high)


def _announced(menu: Menu, p: Pressure) -> int:
    """Place of the announced answer: the first kind's size nearest to what was announced."""
    kind, size = next(iter(p.announced.items()))
    mine = [a for a, name in enumerate(menu.kinds) if name == kind]
    return min(mine, key=lambda a: abs(menu.sizes[a] - size))


def reply_text(menus: Sequence[Menu | None]) -> str:
    """How the replies are chosen, in words."""
    return "any size of: " + ", ".join(sorted({k for m in menus if m for k in m.kinds if k != "none"}))

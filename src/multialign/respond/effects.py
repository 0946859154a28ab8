"""What an answer does to dependence and power: the exact loss of every pair if its trade is cut, before and after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np

from multialign.respond.build import Setting, base_of
from multialign.respond.model import Band, Effects, PowerPair, band
from multialign.respond.solves import on_threads, real_incomes
from multialign.ties.actors import actor
from multialign.trade import Embargo, Scenario, after
from multialign.trade.economy import Economy
from multialign.world.codes import GREAT_POWERS

FEWEST = 3
"""Elasticity sets in which power is measured: the two at the ends of the focal state's gain and the middle one."""


def effects(
    key: str,
    setting: Setting,
    sets: Sequence[str],
    x: np.ndarray,
    step: Callable[[], None] = lambda: None,
) -> Effects:
    """Power among the parties and the great powers before and after an answer. x: (A,) the answer on the axes, replies
    included. sets: those in which it is measured."""
    among = who_counts(setting)
    pairs = list(combinations(among, 2))

    def in_set(name: str, step: Callable[[], None]) -> np.ndarray:
        base = base_of(setting, name)
        moved = after(Scenario(instruments=setting.moves(x, base)), setting.world, base)
        return np.stack([_losses(pairs, setting, before_or_after, step) for before_or_after in (base, moved)])

    found: np.ndarray = np.stack(on_threads(in_set, sets, step), axis=1)
    rows = tuple(
        PowerPair(
            state=a, partner=b,
            before=band(found[0, :, n, 0]), after=band(found[1, :, n, 0]),
            partner_before=band(found[0, :, n, 1]), partner_after=band(found[1, :, n, 1]),
        )
        for n, (a, b) in enumerate(pairs)
    )  # fmt: skip
    return Effects(key=key, among=among, sets=tuple(sets), pairs=rows, words=_words(rows, setting))


def who_counts(setting: Setting) -> tuple[str, ...]:
    """The parties, then the great powers that share no member with them."""
    out = list(setting.question.parties)
    taken = {m for p in out for m in actor(p).members}
    for p in GREAT_POWERS:
        if not set(actor(p).members) & taken:
            out.append(p)
    return tuple(out)


def _losses(pairs: Sequence[tuple[str, str]], setting: Setting, base: Economy, step: Callable[[], None]) -> np.ndarray:
    """% of real income that both of each pair lose without trade between them. (P, 2)"""
    from multialign.respond.standing import countries_of

    members = {c: countries_of(c) for pair in pairs for c in pair}
    cuts = [
        (Embargo(importers=members[a], exporters=members[b]), Embargo(importers=members[b], exporters=members[a]))
        for a, b in pairs
    ]
    usd = real_incomes(cuts, setting.world, base, step)
    place = {c: k for k, c in enumerate(setting.world.countries)}
    out = np.zeros((len(pairs), 2))
    for n, pair in enumerate(pairs):
        for side, code in enumerate(pair):
            rows = [place[c] for c in members[code]]
            out[n, side] = -100.0 * usd[n, rows].sum() / np.asarray(base.I)[rows].sum()
    return out


def _words(rows: Sequence[PowerPair], setting: Setting) -> tuple[str, ...]:
    """The offerer's dependence on others, and each third power's leverage over the focal state."""
    q = setting.question
    out = []

    def side(a: str, b: str) -> tuple[Band, Band] | None:
        for r in rows:
            if (r.state, r.partner) == (a, b):
                return r.before, r.after
            if (r.partner, r.state) == (a, b):
                return r.partner_before, r.partner_after
        return None

    others = [p for p in who_counts(setting) if p not in (q.offerer, q.focal)]
    worst = max(others, key=lambda p: (side(q.offerer, p) or (_zero(), _zero()))[0].median, default=None)
    for a, b in ((q.offerer, worst), (q.offerer, q.focal), (q.focal, q.offerer), (q.focal, q.third)):
        if b is None or (found := side(a, b)) is None:
            continue
        out.append(
            f"If trade with {b} were cut, {a} would lose {_said(found[0])} of its real income today and "
            f"{_said(found[1])} after this answer."
        )
    return tuple(out)


def _zero() -> Band:
    return Band(median=0.0, low=0.0, high=0.0)


def _said(b: Band) -> str:
    return f"{b.median:.2f} % ({b.low:.2f} to {b.high:.2f})"

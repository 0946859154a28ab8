"""What depths are worth to each party, term by term, in every draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from multialign.respond.calibrate import effect_factors
from multialign.respond.choice import Board, coordinates, spread_of
from multialign.respond.levers import MARKET_DOMAINS
from multialign.respond.terms import tie_value
from multialign.ties.flows import DOMAINS


@dataclass(frozen=True)
class Terms:
    """The terms of the parties' payoffs at given depths, % of their real income; (R,) each unless said.

    income, value, autonomy, reaction, counter: the focal state's. offerer_income, offerer_autonomy: (R, J).
    third_income,
    third_minds: (R, K), replies included. chosen: (R, K) place in each power's menu. rise: (R, K) what each minds.
    equivalent: (R, K) the extra tariff (fraction) that would cost the focal state as much as the power's reply.
    """

    income: np.ndarray
    value: np.ndarray
    autonomy: np.ndarray
    reaction: np.ndarray
    counter: np.ndarray
    offerer_income: np.ndarray
    offerer_autonomy: np.ndarray
    third_income: np.ndarray
    third_minds: np.ndarray
    chosen: np.ndarray
    rise: np.ndarray
    equivalent: np.ndarray

    @property
    def focal(self) -> np.ndarray:
        """(A10) U = income + value of the tie + autonomy + reaction + counter-offer."""
        return self.income + self.value + self.autonomy + self.reaction + self.counter

    @property
    def offerer(self) -> np.ndarray:
        return self.offerer_income + self.offerer_autonomy


def places(board: Board, depths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Depths (R, J, D) as places on all axes, and the factor of each axis. (R, A) each."""
    s, r = board.surface, board.draws
    x = np.zeros((depths.shape[0], len(s.axes)))
    factor = np.ones_like(x)
    effects = effect_factors(r.data, r.oil)
    for g, j in enumerate(board.offers):
        for d, name in enumerate(DOMAINS):
            if name not in MARKET_DOMAINS:
                continue
            at = coordinates(s, j, name, depths[:, g, d][:, None], r.reach[:, None])
            for kind in ("less", "more"):
                k = s.place.get((kind, j, name))
                if k is not None:
                    x[:, k], factor[:, k] = at[kind][:, 0], effects[:, d]
            k = s.place.get(("discount", j, ""))
            if name == "energy" and k is not None:
                x[:, k] = (r.discount[:, g] - s.discount[j][1]) * at["more"][:, 0]
                factor[:, k] = effects[:, d]
    return x, factor


def terms_at(board: Board, depths: np.ndarray, counter: np.ndarray | None = None) -> Terms:
    """The parties' terms at depths (R, J, D), each third power replying as it is best for it.

    counter: (R, K) size of each third power's counter-offer.
    """
    s, r = board.surface, board.draws
    R, J, K = depths.shape[0], len(board.offers), len(board.replies.menus)
    x, factor = places(board, depths)
    free = s.total(r.surface, x, factor)
    # Joint effects with replies are not scaled; without replies the parts of the depths are taken once.
    rise = np.stack([board.rise(k, depths) for k in range(K)], axis=1)
    chosen, equivalent = np.zeros((R, K), dtype=np.intp), np.zeros((R, K))
    pressed_x = x.copy()
    for k, p in enumerate(s.question.all_pressures):
        menu = board.replies.menus[k]
        if menu is None:
            continue
        chosen[:, k] = board.replies.chosen(k, r.surface, rise[:, k] / r.step[:, k], r.sanctions[:, k])
        kinds = np.array(menu.kinds)[chosen[:, k]]
        for kind in p.replies:
            mine = kinds == kind
            pressed_x[mine, s.place[(kind, p.by, "")]] = menu.sizes[chosen[mine, k]]
        equivalent[:, k] = tariff_equivalent(board, k, chosen[:, k])
    pressed = s.total(r.surface, pressed_x, factor) if (chosen > 0).any() else free
    won = np.zeros((R, len(s.parties)))
    if counter is not None and np.any(counter):
        sweet = np.zeros_like(x)
        for k, p in enumerate(s.question.all_pressures):
            axis = s.place.get(("counter", p.by, ""))
            if axis is not None:
                sweet[:, axis] = counter[:, k]
        won = s.total(r.surface, sweet)
    value, autonomy = np.zeros(R), np.zeros(R)
    offerer_autonomy = np.zeros((R, J))
    for g, j in enumerate(board.offers):
        for d, name in enumerate(DOMAINS):
            st, a = s.standing[j][name], depths[:, g, d][:, None]
            value += r.omega[:, g * len(DOMAINS) + d] * (tie_value(a[:, 0]) - tie_value(st.today))
            autonomy -= r.autonomy * spread_of(st, name, a, r.reach[:, None])[:, 0] / len(DOMAINS)
            sold = spread_of(st, name, a, r.reach[:, None], sales=True)[:, 0]
            offerer_autonomy[:, g] -= r.offerer_autonomy[:, g] * sold / len(DOMAINS)
    who = {p: n for n, p in enumerate(s.parties)}
    thirds = [p.by for p in s.question.all_pressures]
    return Terms(
        income=free[:, 0],
        value=value,
        autonomy=autonomy,
        reaction=pressed[:, 0] - free[:, 0],
        counter=won[:, 0],
        offerer_income=np.stack([pressed[:, who[j]] for j in board.offers], axis=1),
        offerer_autonomy=offerer_autonomy,
        third_income=np.stack([pressed[:, who[k]] for k in thirds], axis=1),
        third_minds=-dislike_of(board) * rise,
        chosen=chosen,
        rise=rise,
        equivalent=equivalent,
    )


def dislike_of(board: Board) -> np.ndarray:
    """(A11) nu: what each third power would pay, % of its real income, to undo a unit of the rise. (R, K)

    At least what the reply on record cost it, over the rise that called it forth: times `dislike`.
    """
    r, out = board.draws, []
    for k, p in enumerate(board.surface.question.all_pressures):
        menu = board.replies.menus[k]
        if menu is None:
            out.append(np.zeros(r.size))
            continue
        out.append(-menu.own[r.surface, record_place(menu, p)] * r.dislike[:, k] / r.step[:, k])
    return np.stack(out, axis=1)


def record_place(menu, p) -> int:  # type: ignore[no-untyped-def]
    """Place of the reply on record in a menu."""
    mine = [a for a, kind in enumerate(menu.kinds) if kind == p.record.kind]
    return int(min(mine, key=lambda a: abs(menu.sizes[a] - p.record.size)))


def tariff_equivalent(board: Board, k: int, chosen: np.ndarray) -> np.ndarray:
    """The extra tariff (fraction, at most 1) that would cost the focal state as much as the replies chosen (R,)."""
    menu, sets = board.replies.menus[k], board.draws.surface
    if menu is None:
        return np.zeros(chosen.size)
    own = np.where(np.array(menu.kinds)[chosen] == "tariff", menu.sizes[chosen], np.nan)
    p = board.surface.question.all_pressures[k]
    axis = board.surface.place.get(("tariff", p.by, ""))
    if axis is None:
        return np.nan_to_num(own)
    loss = menu.loss[sets, chosen]
    out = np.nan_to_num(own)
    grid = np.linspace(0.0, 1.0, 101)
    for s in np.unique(sets[np.isnan(own)]):
        mine = np.isnan(own) & (sets == s)
        curve = -board.surface.party_pct(board.surface.curve(axis, grid))[s, :, 0]
        out[mine] = np.interp(loss[mine], np.maximum.accumulate(np.maximum(curve, 0.0)), grid)
    return out

"""Break-evens in every main parameter, and what would have to be true for the answer to be another one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from multialign.respond.calibrate import Draws
from multialign.respond.choice import Board
from multialign.respond.model import Condition, Indifference, band
from multialign.respond.play import Outcome
from multialign.respond.worth import terms_at
from multialign.ties.actors import actor

PLACES = 9
"""Values of a parameter that are tried."""
ROWS = 384
"""Draws that are played at each."""
MOST = 0.5
"""Share of the draws from which an outcome counts as the answer."""
FAR = 0.8
"""Part of the way to all that is on offer from which an answer counts as going all the way."""
MOVED = 0.02


@dataclass(frozen=True)
class Parameter:
    """A number that can be moved. shift: draws and a value -> draws with that value everywhere. now: its values
    (R,)."""

    name: str
    label: str
    unit: str
    values: np.ndarray
    now: np.ndarray
    shift: Callable[[Draws, float], Draws]


def parameters(draws: Draws, third: str) -> tuple[Parameter, ...]:
    """The main parameters, with the values that are tried: well beyond what is drawn."""

    def fixed(name: str) -> Callable[[Draws, float], Draws]:
        def shift(d: Draws, v: float) -> Draws:
            new: dict[str, Any] = {name: np.full_like(np.asarray(getattr(d, name), dtype=float), v)}
            return replace(d, **new)

        return shift

    def scaled(d: Draws, v: float) -> Draws:
        return replace(d, omega=d.omega * v)

    log = np.geomspace
    name = actor(third).name
    return (
        Parameter("discount", "the offerer's further discount on crude at full depth", "% of the price",
                  np.linspace(0.0, 0.3, PLACES), draws.discount[:, 0], fixed("discount")),
        Parameter("oil", "the price of oil against the base year's", "times", log(0.3, 3.0, PLACES), draws.oil,
                  fixed("oil")),
        Parameter("step", f"the rise of mean depth at which {name} gives the reply on record", "depth",
                  log(0.02, 20.0, PLACES), draws.step[:, 0], fixed("step")),
        Parameter("autonomy", "the weight of autonomy", "% of real income", log(0.005, 20.0, PLACES),
                  draws.autonomy, fixed("autonomy")),
        Parameter("tie", "what the tie itself is worth, against what was drawn", "times", log(0.1, 100.0, PLACES),
                  np.ones(draws.size), scaled),
        Parameter("reach", "the part of 'without limits' that arrives in markets", "part",
                  np.linspace(0.0, 1.5, PLACES), draws.reach, fixed("reach")),
        Parameter("outbid", f"what a dollar of counter-offer costs {name}", "USD", log(0.05, 50.0, PLACES),
                  draws.outbid[:, 0], fixed("outbid")),
    )  # fmt: skip


def indifferences(outcome: Outcome, full: np.ndarray, params: Sequence[Parameter]) -> tuple[Indifference, ...]:
    """Where going all the way (depths (J, D)), reply included, is worth as much as staying. Interpolated between the
    values tried."""
    out = []
    depths = np.broadcast_to(full, outcome.depths.shape)
    for p in params:
        if p.name == "outbid":  # it does not bear on what going all the way is worth
            continue
        worth = []
        for v in p.values:
            board = replace(outcome.board, draws=p.shift(outcome.board.draws, float(v)))
            stay = terms_at(board, np.broadcast_to(board.today, depths.shape)).focal
            worth.append(terms_at(board, depths).focal - stay)
        gain = np.stack(worth, axis=1)
        rising = float(np.median(gain[:, -1] - gain[:, 0])) >= 0
        at = crossing(p.values, gain if rising else -gain)
        has = np.isfinite(at)
        scale = 100.0 if p.unit.startswith("% of the price") else 1.0
        out.append(
            Indifference(
                name=p.name, label=p.label, unit=p.unit, value=band(scale * at[has]) if has.mean() >= 0.05 else None,
                share=float(has.mean()), better="above" if rising else "below",
                always=float((gain > 0).all(axis=1).mean()), never=float((gain <= 0).all(axis=1).mean()),
                least=scale * float(p.values[0]), most=scale * float(p.values[-1]), today=band(scale * p.now),
            )
        )  # fmt: skip
    return tuple(out)


def crossing(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """First x at which y (R, X) goes from below zero to above, by linear interpolation; NaN where it does not. (R,)"""
    up = (y[:, :-1] < 0) & (y[:, 1:] >= 0)
    k = up.argmax(axis=1)
    rows = np.arange(y.shape[0])
    low, high = y[rows, k], y[rows, k + 1]
    part = np.divide(-low, high - low, out=np.zeros_like(low), where=high != low)
    return np.where(up.any(axis=1), x[k] + part * (x[k + 1] - x[k]), np.nan)


def conditions(
    outcome: Outcome, played: Callable[[Draws], np.ndarray], params: Sequence[Parameter]
) -> tuple[Condition, ...]:
    """Ranges of each parameter in which going all the way, staying, or turning away is best in most draws.

    played: draws -> depths (R, J, D). Each parameter is set to `PLACES` values in up to `ROWS` draws, all else as
    drawn.
    """
    board = outcome.board
    rows = np.unique(np.linspace(0, board.draws.size - 1, min(ROWS, board.draws.size)).astype(int))
    some = board.draws.rows(rows)
    board = replace(board, draws=some, caps=board.caps[rows] if board.caps.ndim == 3 else board.caps)
    out = []
    for p in params:
        shares = np.array([shares_of(played(p.shift(some, float(v))), board) for v in p.values])  # (X, 3)
        scale = 100.0 if p.unit.startswith("% of the price") else 1.0
        for k, name in enumerate(("all", "stay", "away")):
            good = np.flatnonzero(shares[:, k] >= MOST)
            low, high = _edges(p.values, shares[:, k], good)
            out.append(
                Condition(
                    outcome=name, name=p.name, label=p.label, unit=p.unit,  # type: ignore[arg-type]
                    from_value=None if low is None else scale * low, to_value=None if high is None else scale * high,
                    least=scale * float(p.values[0]), most=scale * float(p.values[-1]),
                    best_share=float(shares[:, k].max()),
                )
            )  # fmt: skip
    return tuple(out)


def shares_of(depths: np.ndarray, board: Board) -> tuple[float, float, float]:
    """Share of draws (R, J, D) that go all the way with the first offer, that stay, that step back."""
    today, caps = board.today[0], np.broadcast_to(board.caps, depths.shape)[:, 0]
    moved = depths[:, 0] - today
    possible = np.maximum(caps - today, 0.0).sum(axis=1)
    part = np.maximum(moved, 0.0).sum(axis=1) / np.maximum(possible, 1e-9)
    away = (moved < -MOVED).any(axis=1) & (part < 0.05)
    stay = (np.abs(moved) <= MOVED).all(axis=1)
    return float(((part >= FAR) & (possible > MOVED)).mean()), float(stay.mean()), float(away.mean())


def _edges(x: np.ndarray, share: np.ndarray, good: np.ndarray) -> tuple[float | None, float | None]:
    """The ends of the run of values in which an outcome is the answer, interpolated to where the share is one half."""
    if not good.size:
        return None, None
    first, last = int(good[0]), int(good[-1])

    def between(a: int, b: int) -> float:
        t = (MOST - share[a]) / (share[b] - share[a])
        return float(x[a] + t * (x[b] - x[a]))

    low = float(x[first]) if first == 0 else between(first - 1, first)
    high = float(x[last]) if last == x.size - 1 else between(last, last + 1)
    return low, high

"""What depths, a discount and a tariff are worth, read off a question's response surface: no solve, a few milliseconds.

The surface (`multialign.respond.prepare`) holds exact solves; between them it interpolates, and says how far it was off
at points that it was not built on. `exact` solves one position anew, so that anybody can hold the two together.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from multialign.respond import (
    Answer,
    Board,
    Question,
    Surface,
    answer_at,
    answer_with_surface,
    board_of,
    changed,
    prepare,
    solve_at,
)
from multialign.respond.model import Band, band
from multialign.respond.payoffs import representative
from multialign.respond.worth import Terms, places, terms_at
from multialign.ties.actors import actor
from multialign.ties.flows import DOMAINS

DRAWS = 512
"""Draws from which the sliders' bands are taken."""
MOST_BOARDS = 24
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Position:
    """Where the sliders stand.

    depths: domain -> depth in [0, 1]. discount: further discount on the offerer's crude now bought, part of the price.
    tariff: the third power's extra tariff as a fraction; None for its own best reply. weights: (name, value) pairs of
    `ranges.UNKNOWNS` that are fixed.
    """

    depths: tuple[tuple[str, float], ...]
    discount: float = 0.0
    tariff: float | None = None
    weights: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Worth:
    """What a position is worth to one party: terms (name, label, band) and their sum, % of real income a year."""

    party: str
    role: str
    name: str
    terms: tuple[tuple[str, str, Band], ...]
    total: Band


@dataclass(frozen=True)
class Seen:
    """What the sliders show. tariff: the extra tariff, points (where the reply is another, the one that costs as much).
    replies: kind -> share of the draws. welfare_pct: every country, median over the elasticity sets. error: the
    surface's largest miss at held-out points, percentage points of any party's real income."""

    worth: tuple[Worth, ...]
    tariff: Band
    replies: dict[str, float]
    welfare_pct: dict[str, float]
    error: float


@dataclass(frozen=True)
class Exact:
    """One position solved anew in every elasticity set, the median draw's axes. (S, parties) each, % of real income."""

    parties: tuple[str, ...]
    sets: tuple[str, ...]
    exact: np.ndarray
    surface: np.ndarray


def answered(
    question: Question, sets: Sequence[str] | None, draws: int | None, seed: int, progress: Progress
) -> tuple[Answer, Live]:
    """The answer to a question, and the surface that it was read from: solved once for both. Errors as `respond`.

    draws: for each set; None for as many as the stated precision needs.
    """
    found, surface = answer_with_surface(question, sets=sets, draws=draws, seed=seed, progress=progress)
    return found, Live(surface)


def glanced(
    question: Question, sets: Sequence[str] | None, draws: int, seed: int, progress: Progress
) -> tuple[Answer, Live]:
    """As `answered`, read off the surface alone: the answers are not solved anew, and no reasons are sought."""
    surface = prepare(question, sets=sets, seed=seed, progress=progress)
    return answer_at(surface, draws=draws, seed=seed), Live(surface)


class Live:
    """A surface with the boards of the weights that were asked for last. Safe to use from several threads."""

    def __init__(self, surface: Surface) -> None:
        self.surface = surface
        self._boards: OrderedDict[tuple[tuple[str, float], ...], Board] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def today(self) -> dict[str, float]:
        """Today's depths with the (first) offerer."""
        table = self.surface.standing[self.surface.question.offerer]
        return {d: table[d].today for d in DOMAINS}

    @property
    def discounts(self) -> tuple[float, float]:
        """Least and greatest further discount that the surface covers; zeros where the offerer sells no crude."""
        k = self.surface.place.get(("discount", self.surface.question.offerer, ""))
        return self.surface.span(k) if k is not None else (0.0, 0.0)

    def board(self, weights: tuple[tuple[str, float], ...]) -> Board:
        """The draws under fixed weights. Raises InputError for a weight that cannot be."""
        with self._lock:
            if weights in self._boards:
                self._boards.move_to_end(weights)
                return self._boards[weights]
        s = self.surface
        if weights:
            s = replace(s, question=changed(s.question, **dict(weights)))
        made = board_of(s, DRAWS)
        with self._lock:
            self._boards[weights] = made
            while len(self._boards) > MOST_BOARDS:
                self._boards.popitem(last=False)
        return made

    def at(self, position: Position) -> Seen:
        """What a position is worth to whom. Raises InputError for weights that cannot be."""
        board = self.board(position.weights)
        s, r = board.surface, board.draws
        depths = np.array(board.today)
        wanted = dict(position.depths)
        depths[0] = [wanted.get(d, a) for d, a in zip(DOMAINS, depths[0], strict=True)]
        every = np.broadcast_to(depths, (r.size, *depths.shape))
        terms = terms_at(board, every)
        x, factor = places(board, every)
        free, pressed, equivalent = self._incomes(board, terms, x, factor, position)
        worth = _worths(board, terms, free, pressed)
        _, middle = representative(board, depths, terms)
        self._place(middle, position)
        everywhere = np.median([s.everywhere_at(k, middle[k]) for k in range(len(s.sets))], axis=0)
        shares = {} if position.tariff is not None else _shares(board, terms)
        return Seen(
            worth=worth,
            tariff=band(100.0 * equivalent),
            replies=shares,
            welfare_pct={c: float(v) for c, v in zip(s.countries, everywhere, strict=True)},
            error=max(s.held_out.largest.values(), default=0.0),
        )

    def _axis(self, kind: str, by: str) -> int | None:
        return self.surface.place.get((kind, by, ""))  # type: ignore[arg-type]

    def _place(self, x: np.ndarray, position: Position) -> None:
        """Put discount and tariff on their axes. x: (..., A), changed in place."""
        q = self.surface.question
        k = self._axis("discount", q.offerer)
        if k is not None and position.discount:
            low, high = self.surface.span(k)
            x[..., k] = np.clip(x[..., k] + position.discount, low, high)
        if position.tariff is not None:
            for kind in ("tariff", "technology", "finance", "secondary"):
                t = self._axis(kind, q.third)
                if t is not None:
                    x[..., t] = position.tariff if kind == "tariff" else 0.0

    def _incomes(
        self, board: Board, terms: Terms, x: np.ndarray, factor: np.ndarray, position: Position
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Real income of the parties without and with the reply (R, parties), %, and the reply as a tariff (R,)."""
        s, sets = board.surface, board.draws.surface
        who = [p.by for p in s.question.all_pressures].index(s.question.third)
        plain = s.total(sets, x, factor)
        moved = x.copy()
        self._place(moved, replace(position, tariff=None))
        free = s.total(sets, moved, factor)
        if position.tariff is not None:
            self._place(moved, replace(position, discount=0.0))
            return free, s.total(sets, moved, factor), np.full(sets.size, position.tariff)
        # What the replies chosen cost each party at these depths, and the discount on top.
        pressed = plain.copy()
        pressed[:, 0] += terms.reaction
        names = list(s.parties)
        for g, j in enumerate(board.offers):
            pressed[:, names.index(j)] = terms.offerer_income[:, g]
        for k, p in enumerate(s.question.all_pressures):
            pressed[:, names.index(p.by)] = terms.third_income[:, k]
        return free, pressed + (free - plain), terms.equivalent[:, who]

    def exact(self, position: Position, report: Progress) -> Exact:
        """The position solved anew in every elasticity set. Raises ConvergenceError, and InputError where the user's
        data have changed since the surface was made."""
        board = self.board(position.weights)
        s = board.surface
        depths = np.array(board.today)
        wanted = dict(position.depths)
        depths[0] = [wanted.get(d, a) for d, a in zip(DOMAINS, depths[0], strict=True)]
        terms = terms_at(board, np.broadcast_to(depths, (board.draws.size, *depths.shape)))
        _, x = representative(board, depths, terms)
        self._place(x, position)
        exact = solve_at(s, x, progress=report)
        return Exact(s.parties, s.sets, exact, s.total(np.arange(len(s.sets)), x))


def _worths(board: Board, t: Terms, free: np.ndarray, pressed: np.ndarray) -> tuple[Worth, ...]:
    q = board.surface.question
    names = list(board.surface.parties)
    out = [
        _worth(q.focal, "focal", [
            ("income", "real income from trade", free[:, 0]),
            ("tie", "the tie itself (arms, diplomacy)", t.value),
            ("autonomy", "autonomy", t.autonomy),
            ("reaction", f"reply of {actor(q.third).name}", pressed[:, 0] - free[:, 0]),
        ])
    ]  # fmt: skip
    for g, j in enumerate(board.offers):
        lines = [
            ("income", "real income from trade", pressed[:, names.index(j)]),
            ("autonomy", "less dependence on others", t.offerer_autonomy[:, g]),
        ]
        out.append(_worth(j, "offerer", lines))
    for k, p in enumerate(q.all_pressures):
        lines = [
            ("income", "real income from trade, own reply included", pressed[:, names.index(p.by)]),
            ("tie", "what it would pay to undo the rise", t.third_minds[:, k]),
        ]
        out.append(_worth(p.by, "third", lines))
    return tuple(out)


def _worth(party: str, role: str, lines: Sequence[tuple[str, str, np.ndarray]]) -> Worth:
    return Worth(
        party=party,
        role=role,
        name=actor(party).name,
        terms=tuple((name, label, band(v)) for name, label, v in lines),
        total=band(np.sum([v for *_, v in lines], axis=0)),
    )


def _shares(board: Board, terms: Terms) -> dict[str, float]:
    """How often the third power chooses which reply."""
    q = board.surface.question
    who = [p.by for p in q.all_pressures].index(q.third)
    menu: Any = board.replies.menus[who]
    if menu is None:
        return {"none": 1.0}
    kinds = np.array(menu.kinds)[terms.chosen[:, who]]
    return {str(k): float((kinds == k).mean()) for k in dict.fromkeys(menu.kinds)}

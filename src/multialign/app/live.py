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

from multialign.report.numbers import joined
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

    depths: domain -> depth in [0, 1] with the (first) offerer. discount: further discount on its crude now bought, part
    of the price. tariff: the (main) third power's extra tariff as a fraction; None for its own best reply. weights:
    (name, value) pairs of `ranges.UNKNOWNS` that are fixed. rivals: the same depths with the offerers that compete, by
    code; today's where not given. tariffs: extra tariffs of the further third powers, by code; those not given reply as
    is best for them.
    """

    depths: tuple[tuple[str, float], ...]
    discount: float = 0.0
    tariff: float | None = None
    weights: tuple[tuple[str, float], ...] = ()
    rivals: tuple[tuple[str, tuple[tuple[str, float], ...]], ...] = ()
    tariffs: tuple[tuple[str, float], ...] = ()

    def by_hand(self, main: str) -> dict[str, float]:
        """Third power -> its extra tariff, of those whose reply is set by hand. main: the main one's code."""
        return {**dict(self.tariffs), **({} if self.tariff is None else {main: self.tariff})}


@dataclass(frozen=True)
class Told:
    """What one third power does. tariff: its extra tariff, points (where its reply is another, the one that costs as
    much). replies: kind -> share of the draws; empty where it is set by hand."""

    by: str
    tariff: Band
    replies: dict[str, float]


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
    """What the sliders show. told: what each third power does, the main one first. welfare_pct: every country, median
    over the elasticity sets. error: the surface's largest miss at held-out points, percentage points of any party's
    real income."""

    worth: tuple[Worth, ...]
    told: tuple[Told, ...]
    welfare_pct: dict[str, float]
    error: float

    @property
    def tariff(self) -> Band:
        return self.told[0].tariff

    @property
    def replies(self) -> dict[str, float]:
        return self.told[0].replies


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
        return self.today_with(self.surface.question.offerer)

    def today_with(self, offerer: str) -> dict[str, float]:
        """Today's depths with one offerer."""
        return {d: self.surface.standing[offerer][d].today for d in DOMAINS}

    @property
    def rivals(self) -> list[str]:
        """The offerers that compete with the first."""
        return [o.by for o in self.surface.question.all_offers[1:]]

    @property
    def thirds(self) -> list[str]:
        """The third powers, the main one first."""
        q = self.surface.question
        return [q.third, *(p.by for p in q.all_pressures if p.by != q.third)]

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
        depths = self._depths(board, position)
        every = np.broadcast_to(depths, (r.size, *depths.shape))
        terms = terms_at(board, every)
        free, pressed = self._incomes(board, terms, every, position)
        _, middle = representative(board, depths, terms)
        self._place(middle, position)
        everywhere = np.median([s.everywhere_at(k, middle[k]) for k in range(len(s.sets))], axis=0)
        return Seen(
            worth=_worths(board, terms, free, pressed),
            told=tuple(_told(board, terms, by, position.by_hand(s.question.third)) for by in self.thirds),
            welfare_pct={c: float(v) for c, v in zip(s.countries, everywhere, strict=True)},
            error=max(s.held_out.largest.values(), default=0.0),
        )

    def _depths(self, board: Board, position: Position) -> np.ndarray:
        """The depths of a position with every offerer (J, D); today's where it names none."""
        wanted = {self.surface.question.offerer: dict(position.depths), **{j: dict(x) for j, x in position.rivals}}
        depths = np.array(board.today)
        for g, j in enumerate(board.offers):
            depths[g] = [wanted.get(j, {}).get(d, a) for d, a in zip(DOMAINS, depths[g], strict=True)]
        return depths

    def _axis(self, kind: str, by: str) -> int | None:
        return self.surface.place.get((kind, by, ""))  # type: ignore[arg-type]

    def _place(self, x: np.ndarray, position: Position) -> None:
        """Put the discount and the replies that are set by hand on their axes. x: (..., A), changed in place."""
        q = self.surface.question
        k = self._axis("discount", q.offerer)
        if k is not None and position.discount:
            low, high = self.surface.span(k)
            x[..., k] = np.clip(x[..., k] + position.discount, low, high)
        for by, tariff in position.by_hand(q.third).items():
            for kind in ("tariff", "technology", "finance", "secondary"):
                t = self._axis(kind, by)
                if t is not None:
                    x[..., t] = tariff if kind == "tariff" else 0.0

    def _incomes(
        self, board: Board, terms: Terms, depths: np.ndarray, position: Position
    ) -> tuple[np.ndarray, np.ndarray]:
        """Real income of the parties without and with the replies, %. (R, parties) each. depths: (R, J, D)."""
        s, sets = board.surface, board.draws.surface
        x, factor = places(board, depths)
        replied = x.copy()
        for k, p in enumerate(s.question.all_pressures):
            menu: Any = board.replies.menus[k]
            if menu is None:
                continue
            kinds = np.array(menu.kinds)[terms.chosen[:, k]]
            for kind in p.replies:
                mine, axis = kinds == kind, self._axis(kind, p.by)
                if axis is not None:
                    replied[mine, axis] = menu.sizes[terms.chosen[mine, k]]
        self._place(x, replace(position, tariff=None, tariffs=()))
        self._place(replied, position)
        return s.total(sets, x, factor), s.total(sets, replied, factor)

    def exact(self, position: Position, report: Progress) -> Exact:
        """The position solved anew in every elasticity set. Raises ConvergenceError, and InputError where the user's
        data have changed since the surface was made."""
        board = self.board(position.weights)
        s = board.surface
        depths = self._depths(board, position)
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
            ("reaction", f"reply of {joined([actor(p.by).name for p in q.all_pressures])}", pressed[:, 0] - free[:, 0]),
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


def _told(board: Board, terms: Terms, by: str, by_hand: dict[str, float]) -> Told:
    """What a third power does: as set by hand, or how often it chooses which reply."""
    if by in by_hand:
        return Told(by, band(np.full(board.draws.size, 100.0 * by_hand[by])), {})
    who = [p.by for p in board.surface.question.all_pressures].index(by)
    menu: Any = board.replies.menus[who]
    if menu is None:
        return Told(by, band(np.zeros(board.draws.size)), {"none": 1.0})
    kinds = np.array(menu.kinds)[terms.chosen[:, who]]
    shares = {str(k): float((kinds == k).mean()) for k in dict.fromkeys(menu.kinds)}
    return Told(by, band(100.0 * terms.equivalent[:, who]), shares)

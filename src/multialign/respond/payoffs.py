"""What each possible answer is worth to each party: income from exact solves where they are at hand, the rest from
draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from multialign.respond.axes import SCALE
from multialign.respond.build import Setting, base_of
from multialign.respond.choice import Board
from multialign.respond.model import Choice, Payoff, Reply, Term, band
from multialign.respond.replies import Menu
from multialign.respond.solves import real_incomes
from multialign.respond.surface import Surface
from multialign.respond.worth import Terms, places, terms_at
from multialign.ties.actors import actor
from multialign.ties.flows import DOMAINS

CHOICES = {"cut": "Cut all ties", "stay": "Stay as today", "answer": "The answer", "all": "All the way"}


def choice(
    key: str, depths: np.ndarray, board: Board, setting: Setting | None = None, step: Callable[[], None] = lambda: None
) -> Choice:
    """One answer's payoffs, at depths (J, D).

    With a `setting`, in every elasticity set the depths, as far as they arrive at the median reach, are solved exactly,
    without and with the median reply; the difference to the response surface corrects the incomes of that set's draws,
    and its largest size is the choice's `error`. Without, incomes are the surface's and `error` is its largest miss at
    held-out points.
    """
    s = board.surface
    terms = terms_at(board, np.broadcast_to(depths, (board.draws.size, *depths.shape)))
    free, pressed = representative(board, depths, terms)
    said = np.stack([s.everywhere_at(k, pressed[k]) for k in range(len(s.sets))])
    error = max(s.held_out.largest.values(), default=0.0) if free.any() else 0.0
    if setting is not None and np.any(free):
        terms, said, error = _corrected(terms, board, setting, free, pressed, step)
    incomes = _incomes(s)
    codes = list(s.countries)
    q = s.question
    rows = _rows(terms, board)
    payoffs = [_payoff(code, role, lines, incomes[code]) for code, role, lines in rows]
    first = [next(p for p in payoffs if p.role == "focal"),
             next(p for p in payoffs if p.role == "offerer"),
             next(p for p in payoffs if p.role == "third" and p.party == q.third)]  # fmt: skip
    replies = tuple(_reply(board, terms, k) for k in range(len(board.replies.menus)))
    main = next((r for r in replies if r.party == q.third), None)
    low, middle, high = np.quantile(said, [0.1, 0.5, 0.9], axis=0)
    return Choice(
        key=key,  # type: ignore[arg-type]
        name=CHOICES[key],
        depths={d: float(a) for d, a in zip(DOMAINS, depths[0], strict=True)},
        reply=main.equivalent if main else band(np.zeros(1)),
        payoffs=tuple(first),
        others=tuple(p for p in payoffs if p not in first),
        welfare_pct=_by_code(codes, middle),
        welfare_low=_by_code(codes, low),
        welfare_high=_by_code(codes, high),
        error=float(error),
        replies=replies,
    )


def representative(board: Board, depths: np.ndarray, terms: Terms) -> tuple[np.ndarray, np.ndarray]:
    """For each elasticity set the axes at the median draw, without and with replies. (S, A) each.

    A power's reply there is its most frequent kind, at its median size.
    """
    s, r = board.surface, board.draws
    middle = replace(board, draws=_median_draws(board))
    free, _ = places(middle, np.broadcast_to(depths, (len(s.sets), *depths.shape)))
    pressed = free.copy()
    for k, p in enumerate(s.question.all_pressures):
        menu = board.replies.menus[k]
        if menu is None:
            continue
        kinds = np.array(menu.kinds)[terms.chosen[:, k]]
        for n in range(len(s.sets)):
            mine = r.surface == n
            if not mine.any():
                continue
            names, counts = np.unique(kinds[mine], return_counts=True)
            kind = str(names[counts.argmax()])
            if kind != "none":
                size = np.median(menu.sizes[terms.chosen[mine & (kinds == kind), k]])
                pressed[n, s.place[(kind, p.by, "")]] = size
    return free, pressed


def _median_draws(board: Board):  # type: ignore[no-untyped-def]
    """One draw for each elasticity set, at the medians of what moves the axes."""
    r, S = board.draws, len(board.surface.sets)
    one = r.rows(np.zeros(S, dtype=np.intp))
    return replace(
        one,
        surface=np.arange(S),
        reach=np.full(S, np.median(r.reach)),
        discount=np.tile(np.median(r.discount, axis=0), (S, 1)),
        oil=np.full(S, np.median(r.oil)),
        data=np.tile(np.median(r.data, axis=0), (S, 1)),
    )


def _corrected(
    terms: Terms, board: Board, setting: Setting, free: np.ndarray, pressed: np.ndarray, step: Callable[[], None]
) -> tuple[Terms, np.ndarray, float]:
    """Terms corrected by exact solves; every country's real income, % (S, N); the largest correction of any party."""
    s = board.surface
    free_usd, pressed_usd = [], []
    for n, name in enumerate(s.sets):
        base = base_of(setting, name)
        moves = [setting.moves(free[n], base), setting.moves(pressed[n], base)]
        found = real_incomes(moves if not np.array_equal(free[n], pressed[n]) else moves[:1], setting.world, base, step)
        free_usd.append(found[0])
        pressed_usd.append(found[-1])
    sets = np.arange(len(s.sets))
    free_miss = s.party_pct(np.stack(free_usd)) - s.total(sets, free)
    pressed_miss = s.party_pct(np.stack(pressed_usd)) - s.total(sets, pressed)
    who = {p: k for k, p in enumerate(s.parties)}
    own = board.draws.surface
    q = s.question
    out = replace(
        terms,
        income=terms.income + free_miss[own, 0],
        reaction=terms.reaction + (pressed_miss - free_miss)[own, 0],
        offerer_income=terms.offerer_income + np.stack([pressed_miss[own, who[o.by]] for o in q.all_offers], axis=1),
        third_income=terms.third_income + np.stack([pressed_miss[own, who[p.by]] for p in q.all_pressures], axis=1),
    )
    everywhere = 100.0 * np.stack(pressed_usd) / s.income
    return out, everywhere, float(max(np.abs(free_miss).max(), np.abs(pressed_miss).max()))


def _rows(t: Terms, board: Board) -> list[tuple[str, str, list[tuple[str, str, np.ndarray]]]]:
    q = board.surface.question
    names = " and ".join(actor(p.by).name for p in q.all_pressures if p.replies) or actor(q.third).name
    focal = [
        ("income", "real income from trade", t.income),
        ("tie", "the tie itself (arms, diplomacy)", t.value),
        ("autonomy", "autonomy", t.autonomy),
        ("reaction", f"reply of {names}", t.reaction),
    ]
    if np.any(t.counter):
        focal.append(("counter", "the counter-offer", t.counter))
    out: list[tuple[str, str, list[tuple[str, str, np.ndarray]]]] = [(q.focal, "focal", focal)]
    for g, o in enumerate(q.all_offers):
        lines = [
            ("income", "real income from trade", t.offerer_income[:, g]),
            ("autonomy", "less dependence on others", t.offerer_autonomy[:, g]),
        ]
        out.append((o.by, "offerer", lines))
    for k, p in enumerate(q.all_pressures):
        lines = [
            ("income", "real income from trade, own reply included", t.third_income[:, k]),
            ("tie", "what it would pay to undo the rise", t.third_minds[:, k]),
        ]
        out.append((p.by, "third", lines))
    return out


def _payoff(code: str, role: str, lines: list[tuple[str, str, np.ndarray]], income: float) -> Payoff:
    return Payoff(
        party=code,
        name=actor(code).name,
        role=role,  # type: ignore[arg-type]
        total=band(np.sum([v for *_, v in lines], axis=0)),
        terms=tuple(
            Term(
                name=name,  # type: ignore[arg-type]
                label=label,
                pct=band(v),
                musd=band(v / 100.0 * income) if name in ("income", "reaction", "counter") else None,
            )
            for name, label, v in lines
        ),
    )


def _reply(board: Board, terms: Terms, k: int) -> Reply:
    p = board.surface.question.all_pressures[k]
    menu: Menu | None = board.replies.menus[k]
    shares, sizes = {"none": 1.0}, {}
    loss = np.zeros(terms.chosen.shape[0])
    if menu is not None:
        kinds = np.array(menu.kinds)[terms.chosen[:, k]]
        shares = {str(kind): float((kinds == kind).mean()) for kind in dict.fromkeys(menu.kinds)}
        sizes = {
            kind: band(100.0 * SCALE[kind] * menu.sizes[terms.chosen[kinds == kind, k]])
            for kind, share in shares.items()
            if kind != "none" and share > 0
        }
        loss = menu.loss[board.draws.surface, terms.chosen[:, k]]
    return Reply(
        party=p.by, name=actor(p.by).name, shares=shares, sizes=sizes,
        equivalent=band(100.0 * terms.equivalent[:, k]), loss=band(loss),
    )  # fmt: skip


def _incomes(s: Surface) -> dict[str, float]:
    """Base income of each party, million USD: the median over sets (they differ by the fitting of the base alone)."""
    total = np.median(s.income @ s.membership.T.astype(float), axis=0)
    return dict(zip(s.parties, (float(v) for v in total), strict=True))


def _by_code(codes: list[str], values: np.ndarray) -> dict[str, float]:
    return dict(zip(codes, (float(v) for v in values), strict=True))

"""The game by backward induction: bids, counter-offers, depths, replies, markets.

    1  each offerer says how far it goes (its word, its interest, or a bid against rivals)
    2  each third power may make a counter-offer, good only if the tie does not deepen
    3  the focal state chooses its depths
    4  each third power replies
    5  markets clear

Stages 4 and 5 are in `replies` and the surface, stage 3 is `choice`; this module adds 1 and 2.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from multialign.respond.calibrate import Draws, calibrate
from multialign.respond.choice import Board
from multialign.respond.equilibria import Equilibria, equilibria
from multialign.respond.inputs import columns, uniforms
from multialign.respond.replies import Replies, best_replies
from multialign.respond.surface import Surface
from multialign.respond.worth import Terms, terms_at
from multialign.ties.flows import DOMAINS

BIDS = (0.0, 0.5, 1.0)
"""Parts of the way to its offer that a power bids, where powers compete."""
COUNTERS = 21
"""Sizes of a counter-offer that are compared."""
COUNTERS_MANY = (0.0, 1 / 3, 2 / 3, 1.0)
"""The same where several third powers may outbid."""


@dataclass(frozen=True)
class Outcome:
    """How the game ends in every draw.

    board: with the caps that were played. depths: (R, J, D). terms. counter: (R, K) counter-offers that were made (and
    taken). alone: (R, J, D) what the focal state would have chosen without counter-offers. caps: (R, J, D) consented.
    bids: (R, J) bids of competing offerers, or None. games: name -> Equilibria of the stages in which several move at
    once.
    """

    board: Board
    depths: np.ndarray
    terms: Terms
    counter: np.ndarray
    alone: np.ndarray
    bids: np.ndarray | None
    games: dict[str, Equilibria]


def play(surface: Surface, replies: Replies, draws: Draws, *, bids: bool = True) -> Outcome:
    """Solve the game in every draw. bids: whether offerers that compete bid against one another (else all offer
    all)."""
    board = Board(surface, replies, draws, word_caps(surface))
    interest = [o.consent == "interest" for o in surface.question.all_offers]
    if any(interest):
        board = replace(board, caps=consented(board, interest))
    games: dict[str, Equilibria] = {}
    chosen_bids = None
    if bids and len(board.offers) > 1:
        board, chosen_bids, games["bids"] = _bidding(board)
    alone = board.best()
    counter, game = _counter_offers(board, alone)
    if game is not None:
        games["counter_offers"] = game
    depths = alone
    outbid = np.asarray((counter > 0).any(axis=1))
    if outbid.any():
        depths = np.where(outbid[:, None, None], _without_rise(board), alone)
    return Outcome(board, depths, terms_at(board, depths, counter), counter, alone, chosen_bids, games)


def board_of(surface: Surface, draws: int, seed: int = 1) -> Board:
    """A surface's question with that many draws of the unknowns, held to what is seen today, the offerers at their
    word. The same seed gives the same draws."""
    q, replies = surface.question, best_replies(surface)
    cols = columns(len(q.all_offers), len(q.all_pressures))
    drawn = calibrate(uniforms(draws, cols.size, seed), cols, surface, replies)
    return Board(surface, replies, drawn, word_caps(surface))


def word_caps(surface: Surface) -> np.ndarray:
    """(J, D) the greatest depths on offer: what an offer opens, as far as the offerer can serve and says."""
    rows = []
    for o in surface.question.all_offers:
        table = surface.standing[o.by]
        rows.append(
            [
                max(min(table[d].most, o.most.get(d, 1.0)), table[d].today)
                if d in o.domains and table[d].known
                else table[d].today
                for d in DOMAINS
            ]
        )
    return np.array(rows)


def consented(board: Board, interest: list[bool]) -> np.ndarray:
    """(R, J, D) caps where those offerers that follow their interest go no further than pays for themselves, domain by
    domain: what happens is the lesser of what both want."""
    caps = np.tile(board.caps, (board.draws.size, 1, 1))
    for g in range(len(board.offers)):
        if interest[g]:
            for d in range(len(DOMAINS)):
                caps[:, g, d] = offerer_wants(board, g, d)
    return caps


def offerer_wants(board: Board, g: int, d: int, points: int = 21) -> np.ndarray:
    """The depth from today's to the cap that is best for offerer g itself: its real income and its own autonomy.
    (R,)"""
    from multialign.respond.choice import spread_of

    j = board.offers[g]
    caps = np.broadcast_to(board.caps, (board.draws.size, *board.today.shape))[:, g, d]
    grid = board.today[g, d] + np.linspace(0.0, 1.0, points)[None, :] * (caps - board.today[g, d])[:, None]
    r = board.draws
    st = board.surface.standing[j][DOMAINS[d]]
    worth = board.income(g, d, grid, board.surface.parties.index(j))
    worth = worth - r.offerer_autonomy[:, [g]] * spread_of(st, DOMAINS[d], grid, r.reach[:, None], True) / len(DOMAINS)
    # A gain of no account is no reason to hold back: ties go to more.
    place = points - 1 - np.argmax(worth[:, ::-1] >= worth.max(axis=1, keepdims=True) - 1e-9, axis=1)
    return np.asarray(grid[np.arange(r.size), place])


def _without_rise(board: Board) -> np.ndarray:
    """The best depths that no third power minds: none above today's. (R, J, D)"""
    return replace(board, caps=board.today).best()


def _counter_offers(board: Board, depths: np.ndarray) -> tuple[np.ndarray, Equilibria | None]:
    """(A12) Stage 2: the least counter-offer that keeps the focal state from deepening, where it pays for who makes it.

    It is good if no tie deepens. A dollar of it costs its maker `outbid` dollars. (R, K), and the game where several
    may.
    """
    s, r = board.surface, board.draws
    pressures = s.question.all_pressures
    K = len(pressures)
    out = np.zeros((r.size, K))
    who = [k for k, p in enumerate(pressures) if ("counter", p.by, "") in s.place]
    if not who:
        return out, None
    today = np.broadcast_to(board.today, depths.shape)
    rises = (depths > today + 1e-9).any(axis=(1, 2))
    gap = np.where(rises, board.value(depths) - board.value(_without_rise(board)), 0.0)
    terms = terms_at(board, depths)
    saved = -(terms.third_income + terms.third_minds)  # what going ahead costs each power
    income = s.income @ s.membership.T.astype(float)
    sizes = np.linspace(0.0, 1.0, COUNTERS) if len(who) == 1 else np.array(COUNTERS_MANY)
    gains, costs = [], []
    for k in who:
        axis = s.place[("counter", pressures[k].by, "")]
        gain = np.maximum(s.read(axis, r.surface, np.broadcast_to(sizes, (r.size, sizes.size)), 0), 0.0)
        weight = income[r.surface, 0] / income[r.surface, s.parties.index(pressures[k].by)]
        gains.append(gain)
        costs.append(r.outbid[:, [k]] * gain * weight[:, None])
    if len(who) == 1:
        k = who[0]
        enough = gains[0] >= gap[:, None]
        least = enough.argmax(axis=1)
        rows = np.arange(r.size)
        pays = rises & enough.any(axis=1) & (costs[0][rows, least] < saved[:, k])
        out[:, k] = np.where(pays, sizes[least], 0.0)
        return out, None
    n, P = sizes.size, len(who)
    total = np.zeros((r.size, *[n] * P))
    for p, gain in enumerate(gains):
        total += gain.reshape(r.size, *[n if q == p else 1 for q in range(P)])
    stops = total >= gap.reshape(-1, *[1] * P)
    payoffs = np.zeros((r.size, P, *[n] * P))
    for p, k in enumerate(who):
        cost = costs[p].reshape(r.size, *[n if q == p else 1 for q in range(P)])
        payoffs[:, p] = np.where(stops, -cost, -saved[:, k].reshape(-1, *[1] * P))
    game = equilibria(payoffs)
    taken = stops.reshape(r.size, -1)[np.arange(r.size), np.ravel_multi_index(tuple(game.chosen.T), [n] * P)] & rises
    for p, k in enumerate(who):
        out[:, k] = np.where(taken, sizes[game.chosen[:, p]], 0.0)
    return out, game


def _bidding(board: Board) -> tuple[Board, np.ndarray, Equilibria]:
    """Stage 1 where several powers compete: each bids a part of its offer, knowing what the focal state will answer.

    A bidder's payoff is its own real income and autonomy, and, where it is also among the third powers, what it minds
    of its rivals' ties.
    """
    J, n = len(board.offers), len(BIDS)
    caps = np.broadcast_to(board.caps, (board.draws.size, *board.today.shape))
    payoffs = np.zeros((board.draws.size, J, *[n] * J))
    thirds = {p.by: k for k, p in enumerate(board.surface.question.all_pressures)}
    for profile in np.ndindex(*[n] * J):
        part = np.array([BIDS[b] for b in profile])[None, :, None]
        offered = replace(board, caps=board.today + part * (caps - board.today))
        terms = terms_at(offered, offered.best())
        for g, j in enumerate(board.offers):
            worth = terms.offerer[:, g]
            if j in thirds:
                worth = worth + terms.third_minds[:, thirds[j]]
            payoffs[(slice(None), g, *profile)] = worth
    game = equilibria(payoffs)
    bids = np.array(BIDS)[game.chosen]
    return replace(board, caps=board.today + bids[:, :, None] * (caps - board.today)), bids, game


def reply_game(outcome: Outcome, depths: np.ndarray, sizes: int = 5) -> Equilibria | None:
    """Stage 4 where several third powers reply at once: all equilibria of the game in which each has a few sizes of
    each of its replies, with the joint effects of tariffs counted. None with fewer than two powers that reply."""
    board = outcome.board
    s, r = board.surface, board.draws
    who = [k for k, m in enumerate(board.replies.menus) if m is not None]
    if len(who) < 2:
        return None
    tables = {k: m for k, m in enumerate(board.replies.menus) if m is not None}
    menus = [_few(tables[k], sizes) for k in who]
    shape = [len(m) for m in menus]
    rise = [board.rise(k, depths) / r.step[:, k] for k in who]
    payoffs = np.zeros((r.size, len(who), *shape))
    joint = _joint_tariffs(s, [s.question.all_pressures[k].by for k in who])
    for profile in np.ndindex(*shape):
        for n, k in enumerate(who):
            menu = tables[k]
            a = menus[n][profile[n]]
            own = menu.own[r.surface, a] - r.sanctions[:, k] * menu.shade[r.surface, a]
            loss = menu.loss[r.surface, a].copy()
            for m, h in enumerate(who):
                if m == n:
                    continue
                other = tables[h]
                b = menus[m][profile[m]]
                if menu.kinds[a] == other.kinds[b] == "tariff" and (min(k, h), max(k, h)) in joint:
                    effect = joint[(min(k, h), max(k, h))][r.surface] * menu.sizes[a] * other.sizes[b]
                    loss -= effect[:, 0]
                    own += effect[:, s.parties.index(s.question.all_pressures[k].by)]
            payoffs[(slice(None), n, *profile)] = own + menu.unit[r.surface] * rise[n] * loss
    return equilibria(payoffs)


def _few(menu, sizes: int) -> list[int]:  # type: ignore[no-untyped-def]
    """No reply, and a few sizes of each kind."""
    out = [0]
    for kind in dict.fromkeys(menu.kinds[1:]):
        mine = [a for a, name in enumerate(menu.kinds) if name == kind]
        out += [mine[p] for p in np.unique(np.linspace(0, len(mine) - 1, sizes).round().astype(int))]
    return out


def _joint_tariffs(s: Surface, codes: list[str]) -> dict[tuple[int, int], np.ndarray]:
    """Powers -> what their tariffs do together for a unit of each, % of each party's income. (S, parties)"""
    who = {p.by: k for k, p in enumerate(s.question.all_pressures)}
    out, n = {}, 0
    for pair in s.pairs:
        one, two = s.axes[pair.axis], s.axes[pair.other]
        for x, y in pair.corners:
            if one.kind == two.kind == "tariff" and one.by in codes and two.by in codes:
                a, b = sorted((who[one.by], who[two.by]))
                out[(a, b)] = s.joint_pct[:, n] / (x * y)
            n += 1
    return out

"""From a question to its answer: where the pair stands, what the engine says, what is best, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from multialign.errors import InputError
from multialign.respond.assumptions import assumptions
from multialign.respond.axes import pairs_of
from multialign.respond.break_even import break_even
from multialign.respond.build import HELD_OUT, Setting, build_surface, set_up
from multialign.respond.calibrate import Draws, calibrate
from multialign.respond.causes import ROWS, causes
from multialign.respond.changes import changed
from multialign.respond.effects import FEWEST, effects
from multialign.respond.inputs import Columns, columns, uniforms
from multialign.respond.model import Answer, Depth, Surfaced, band
from multialign.respond.parts import depth_of, games_of, held_of, outbids_of, precision_of
from multialign.respond.payoffs import CHOICES, choice, representative
from multialign.respond.play import Outcome, offerer_wants, play, word_caps
from multialign.respond.question import Question
from multialign.respond.replies import Replies, best_replies
from multialign.respond.surface import Surface
from multialign.respond.worth import terms_at
from multialign.respond.would import conditions, indifferences, parameters
from multialign.ties.flows import DOMAINS
from multialign.world import World
from multialign.world.load import elasticity_sets

Progress = Callable[[str, float], None]
PRECISION = 0.03
"""Half-width of the 95 % interval of any printed share of draws, unless asked otherwise."""
FEWEST_DRAWS, MOST_DRAWS = 1024, 16384


def respond(
    question: Question,
    *,
    world: World | None = None,
    sets: Sequence[str] | None = None,
    draws: int | None = None,
    precision: float = PRECISION,
    seed: int = 1,
    progress: Progress | None = None,
) -> Answer:
    """How far the focal state should go with the offer.

    Parameters
    ----------
    question: who, whom, with whom looking on, in which domains, and what is fixed.
    world: the base year; by default the embedded world, or the user's own (`multialign.world.refresh.own_world`).
    sets: published sets of trade elasticities; by default all of them.
    draws: draws of the unknowns for each set; by default as many as `precision` needs, at least 1,024 in all.
    precision: half-width of the 95 % interval of the shares of draws that the answer states.
    seed: the same seed gives the same answer.
    progress: called with a text and the fraction done.

    Raises InputError for a bad question, ConvergenceError when a solve fails.
    """
    return answer_with_surface(
        question, world=world, sets=sets, draws=draws, precision=precision, seed=seed, progress=progress
    )[0]


def answer_with_surface(
    question: Question,
    *,
    world: World | None = None,
    sets: Sequence[str] | None = None,
    draws: int | None = None,
    precision: float = PRECISION,
    seed: int = 1,
    progress: Progress | None = None,
) -> tuple[Answer, Surface]:
    """The answer, and the surface that it was read from, for `answer_at` and the like: solved once for both. Arguments
    and errors as in `respond`."""
    setting, surface, step = _prepared(question, world, sets, draws, precision, seed, progress)
    return _assembled(surface, draws, precision, seed, setting, step), surface


def prepare(
    question: Question,
    *,
    world: World | None = None,
    sets: Sequence[str] | None = None,
    seed: int = 1,
    progress: Progress | None = None,
) -> Surface:
    """The response surface of a question: all that `answer_at` needs. Arguments and errors as in `respond`."""
    return _prepared(question, world, sets, None, PRECISION, seed, progress)[1]


def answer_at(surface: Surface, *, draws: int = 1024, seed: int = 1, **changes: object) -> Answer:
    """The answer read off a surface, with some things changed; no solve, a fraction of a second.

    draws: in all. changes: any weight of `ranges.UNKNOWNS` (a number, or least and greatest), ``tie_arms`` and
    ``tie_diplomacy`` for a tie's own weight, `domains` that the offer opens, `tariff` (points that the third power has
    announced; None for its best reply), `counter_offer` (whether it may outbid). Incomes are the surface's, whose
    error at held-out
    points is in the answer's `surface`; Sobol' indices, conditions and effects on power are left out.

    Raises InputError for a change that does not exist or cannot be.
    """
    return _assembled(replace(surface, question=changed(surface.question, **changes)), draws, PRECISION, seed, None)


def _prepared(
    question: Question,
    world: World | None,
    sets: Sequence[str] | None,
    draws: int | None,
    precision: float,
    seed: int,
    progress: Progress | None,
) -> tuple[Setting, Surface, Callable[[], None]]:
    from multialign.world.refresh import own_world

    world = world if world is not None else own_world()
    names = tuple(sets or elasticity_sets())
    if draws is not None and draws < 1:
        raise InputError(f"draws is {draws}", field="draws", hint="at least one draw for each elasticity set")
    if not 0.001 <= precision <= 0.5:
        raise InputError(f"precision is {precision:g}", field="precision", hint="from 0.001 to 0.5")
    report = progress or (lambda text, done: None)
    report("looking up where they stand", 0.0)
    setting = set_up(question, world)
    each = sum(len(a.nodes) for a in setting.axes) + sum(len(p.corners) for p in pairs_of(setting.axes)) + HELD_OUT
    total = len(names) * (each + 8) + 60 * FEWEST
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        report("solving the world economy", min(done / total, 0.99))

    return setting, build_surface(setting, names, seed, step), step


def _drawn(surface: Surface, replies: Replies, cols: Columns, rows: int, seed: int) -> tuple[np.ndarray, Draws]:
    u = uniforms(rows, cols.size, seed)
    return u, calibrate(u, cols, surface, replies)


def _assembled(
    surface: Surface,
    draws: int | None,
    precision: float,
    seed: int,
    setting: Setting | None,
    step: Callable[[], None] = lambda: None,
) -> Answer:
    q = surface.question
    replies = best_replies(surface)
    cols = columns(len(q.all_offers), len(q.all_pressures))
    rows = _rows(draws, precision, surface, setting is not None)
    _, sample = _drawn(surface, replies, cols, rows, seed)
    outcome = play(surface, replies, sample)
    wanted = rows
    if draws is None and setting is not None:
        wanted = _enough(outcome, precision)
        if wanted > rows:
            _, sample = _drawn(surface, replies, cols, wanted, seed)
            outcome = play(surface, replies, sample)
    contradictions(surface, sample)
    board = outcome.board
    depth = {
        d: depth_of(outcome, 0, k, offerer_wants(replace(board, caps=word_caps(surface)), 0, k) if setting else None)
        for k, d in enumerate(DOMAINS)
    }
    rivals = {
        o.by: {d: depth_of(outcome, g, k) for k, d in enumerate(DOMAINS)} for g, o in enumerate(q.all_offers) if g > 0
    }
    caps = word_caps(surface)
    picks = np.array([[d.pick for d in depth.values()], *[[d.pick for d in r.values()] for r in rivals.values()]])
    alone = np.concatenate([caps[:1], board.today[1:]])
    tables = {"cut": np.concatenate([np.zeros_like(caps[:1]), board.today[1:]]), "stay": board.today, "answer": picks,
              "all": alone}  # fmt: skip
    choices = {key: choice(key, tables[key], board, setting, step) for key in CHOICES}
    today = terms_at(board, np.broadcast_to(board.today, outcome.depths.shape))
    found = Answer(
        question=q,
        depth=depth,
        payoffs=choices,
        gain=band(outcome.terms.focal - today.focal),
        break_even=break_even(surface),
        causes=(),
        assumptions=assumptions(surface, sample),
        elasticity_sets=surface.sets,
        draws=sample.size,
        seed=seed,
        solves=surface.solves + (sum(2 * len(surface.sets) for _ in range(3)) if setting else 0),
        year=surface.year,
        held=held_of(surface, replies, sample, outcome, seed) if setting else None,
        precision=precision_of(outcome, precision),
        games=games_of(outcome, picks),
        outbids=outbids_of(outcome),
        surface=Surfaced(
            points=surface.held_out.points, largest=surface.held_out.largest, rms=surface.held_out.rms,
            effect=surface.held_out.effect,
        ),
        rivals=rivals,
        bids={} if outcome.bids is None
        else {o.by: band(outcome.bids[:, g]) for g, o in enumerate(q.all_offers)},
    )  # fmt: skip
    if setting is None:
        return found
    return _with_reasons(found, surface, replies, cols, outcome, setting, seed, tables, step)


def _with_reasons(
    found: Answer,
    surface: Surface,
    replies: Replies,
    cols: Columns,
    outcome: Outcome,
    setting: Setting,
    seed: int,
    tables: dict[str, np.ndarray],
    step: Callable[[], None],
) -> Answer:
    """What takes longer: Sobol' indices, break-evens in every parameter, conditions, effects on power."""
    bids = outcome.bids is not None

    def mean_depth(u: np.ndarray) -> np.ndarray:
        out = []
        for part in np.array_split(u, max(1, u.shape[0] // 2048)):
            out.append(play(surface, replies, calibrate(part, cols, surface, replies), bids=False).depths)
        return np.asarray(np.concatenate(out)[:, 0].mean(axis=1))

    params = parameters(outcome.board.draws, surface.question.third)
    own = np.asarray(outcome.depths[:, 0].mean(axis=1))
    moves = bool(np.abs(tables["answer"] - outcome.board.today).max() > 0.02)
    keys = ("answer", "all") if moves and not np.allclose(tables["answer"], tables["all"], atol=0.02) else ("all",)
    gains = [float(np.median(outcome.terms.focal[outcome.board.draws.surface == s])) if
             (outcome.board.draws.surface == s).any() else 0.0 for s in range(len(surface.sets))]  # fmt: skip
    order = np.argsort(gains, kind="stable")
    picked = sorted({int(order[0]), int(order[len(order) // 2]), int(order[-1])})[:FEWEST]
    made = []
    for key in keys:
        terms = terms_at(outcome.board, np.broadcast_to(tables[key], outcome.depths.shape))
        _, x = representative(outcome.board, tables[key], terms)
        middle = np.median(x, axis=0)
        made.append(effects(key, setting, [surface.sets[s] for s in picked], middle, step))
    return found.model_copy(
        update={
            "causes": causes(mean_depth, cols, surface, outcome.board.draws, own, seed, 128 if bids else ROWS),
            "indifferences": indifferences(outcome, tables["all"], params),
            "conditions": conditions(outcome, lambda d: play(surface, replies, d, bids=False).depths, params),
            "effects": tuple(made),
        }
    )


def contradictions(surface: Surface, draws: Draws) -> None:
    """Raise InputError where the user's own weights leave nothing that explains today."""
    given = surface.question.weights
    if not draws.unexplained or not ({"autonomy"} & set(given) or any(k.startswith("tie") for k in given)):
        return
    j, d = draws.unexplained[0]
    names = ", ".join(k for k in given if k == "autonomy" or k.startswith("tie"))
    raise InputError(
        f"under these weights nothing explains today's depth in {d} with {j}: so much autonomy would have the tie cut, "
        "and the tie itself may not weigh enough against it",
        field=f"weights ({names})",
        hint="allow less autonomy or more weight of the tie",
    )


def _rows(draws: int | None, precision: float, surface: Surface, full: bool) -> int:
    if not full:
        return draws or FEWEST_DRAWS
    return FEWEST_DRAWS if draws is None else draws * len(surface.sets)


def _enough(outcome: Outcome, precision: float) -> int:
    """Draws that bring the 95 % interval of every share of draws within the precision, as a power of two."""
    moved = np.abs(outcome.depths - outcome.board.today) > 0.02
    share = moved.mean(axis=0)
    need = 1.96**2 * float((share * (1.0 - share)).max()) / precision**2
    rows = FEWEST_DRAWS
    while rows < min(need, MOST_DRAWS):
        rows *= 2
    return rows


__all__ = ["Depth", "answer_at", "answer_with_surface", "prepare", "respond"]

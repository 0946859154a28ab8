"""From a question to its answer: where the pair stands, what the engine says, what is best, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from multialign.errors import InputError, unknown
from multialign.respond.assumptions import assumptions
from multialign.respond.break_even import break_even
from multialign.respond.calibrate import Draws, draw_weights
from multialign.respond.causes import causes
from multialign.respond.choice import Game
from multialign.respond.levers import MARKET_DOMAINS, Levers
from multialign.respond.model import Answer, Depth, band
from multialign.respond.payoffs import CHOICES, Setting, choice
from multialign.respond.question import Question
from multialign.respond.reaction import best_reply
from multialign.respond.standing import (
    Standing,
    countries_of,
    crude_between,
    further_discount,
    oil_and_gas_share,
    standings,
)
from multialign.respond.surfaces import PRESSURE_NODES, build_surface
from multialign.ties.flows import DOMAINS
from multialign.world import World, load_world
from multialign.world.codes import industry_group
from multialign.world.load import elasticity_sets

Progress = Callable[[str, float], None]
NOTICEABLE = 0.02
"""A depth that differs from today's by less counts as staying."""
GROUP = 0.05
"""Share of the draws from which those that move are told apart from those that stay."""
AGREED = 2 / 3
"""Share of the draws that must point the same way for a verdict."""


def respond(
    question: Question,
    *,
    world: World | None = None,
    sets: Sequence[str] | None = None,
    draws: int = 200,
    seed: int = 1,
    progress: Progress | None = None,
) -> Answer:
    """How far the focal state should go with the offer.

    Parameters
    ----------
    question: who, whom, with whom looking on, in which domains.
    world: the base year; by default the embedded world.
    sets: published sets of trade elasticities; by default all of them.
    draws: draws of the weights for each set. seed: the same seed gives the same answer.
    progress: called with a text and the fraction done.

    Raises InputError for a bad question, ConvergenceError when a solve fails.
    """
    world = world or load_world()
    names = tuple(sets or elasticity_sets())
    if draws < 1:
        raise InputError(f"draws is {draws}", field="draws", hint="at least one draw for each elasticity set")
    report = progress or (lambda text, done: None)
    setting, discount, share = _set_up(question, world)
    n_open = max(sum(d in question.domains for d in DOMAINS), 1)
    per_set, n_choices = 4 * len(MARKET_DOMAINS) + len(PRESSURE_NODES) + 1, 3
    total = len(names) * (per_set + 2 * n_choices)
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        report("solving the world economy", done / total)

    today = {d: s.today for d, s in setting.standing.items()}
    surfaces = [build_surface(e, setting.levers, setting.third, today, share, world, step) for e in names]
    replies = [best_reply(s) for s in surfaces]
    sample = draw_weights(draws, seed, DOMAINS, setting.standing, surfaces, replies, n_open)
    caps = {d: (s.most if d in question.domains and s.known else s.today) for d, s in setting.standing.items()}
    game = Game(DOMAINS, setting.standing, surfaces, replies, sample, caps, n_open)
    best = game.best_depths()
    depth: dict[str, Depth] = {
        d: _depth(best[:, k], setting.standing[d], d in question.domains, sample, names) for k, d in enumerate(DOMAINS)
    }
    picks: dict[str, dict[str, float]] = {
        "cut": dict.fromkeys(DOMAINS, 0.0),
        "stay": today,
        "answer": {d: depth[d].pick for d in DOMAINS},
        "all": caps,
    }
    choices = {key: choice(key, picks[key], game, setting, step) for key in CHOICES}
    return Answer(
        question=question,
        depth=depth,
        payoffs=choices,
        gain=band(game.terms(best).focal),
        break_even=break_even(setting.crude, surfaces),
        causes=causes(best.mean(axis=1), sample, names, question.third),
        assumptions=assumptions(question, setting.standing, discount, share, names, sample),
        elasticity_sets=names,
        draws=best.shape[0],
        seed=seed,
        solves=done,
        year=int(world.data.attrs.get("year", 0)),
    )


def _set_up(question: Question, world: World) -> tuple[Setting, float, float | None]:
    focal, offerer = question.focal, question.offerer
    for role, code in (("focal", focal), ("offerer", offerer), ("third", question.third)):
        for member in countries_of(code):
            if member not in world.countries:
                raise unknown("country of this world", member, world.countries, field=role)
    for industry in ("B06", *industry_group("technology")):
        if industry not in world.sectors:
            raise InputError(f"this world has no industry {industry}", field="world", hint="an answer needs its detail")
    crude = crude_between(focal, offerer, world)
    discount = further_discount(crude)
    setting = Setting(
        question,
        world,
        standings(focal, offerer, world),
        Levers(countries_of(focal), countries_of(offerer), discount),
        countries_of(question.third),
        crude,
    )
    return setting, discount, oil_and_gas_share(focal, offerer)


def _depth(best: np.ndarray, s: Standing, is_open: bool, sample: Draws, sets: Sequence[str]) -> Depth:
    """The distribution of one domain's best depth, and what it says."""
    up, down = best > s.today + NOTICEABLE, best < s.today - NOTICEABLE
    further, back = float(up.mean()), float(down.mean())
    agreed = {"further": further, "back": back, "stay": 1.0 - further - back}
    verdict = max(agreed, key=lambda v: agreed[v])
    explained = s.domain not in sample.unexplained
    notes = [s.note] if s.note else []
    if not s.known:
        notes.append("no data for this pair in this domain: left as it is")
    elif not is_open:
        notes.append("the offer does not open this domain: depth cannot rise")
    if not explained:
        notes.append("no weight within the bounds explains today's depth: no verdict")
    for moved, way in ((up, "go further"), (down, "step back")):
        if GROUP <= moved.mean() <= 1 - GROUP:
            end = f"{np.median(best[moved]):.2f}"
            notes.append(f"the {100 * moved.mean():.0f} % of the draws that {way} end near {end}")
    b = band(best)
    return Depth(
        **b.model_dump(),
        today=s.today,
        further=further,
        back=back,
        open=is_open,
        most=s.most,
        pick=b.median,
        verdict=verdict if agreed[verdict] >= AGREED and explained else "open",  # type: ignore[arg-type]
        known=s.known,
        by_set={name: float(up[sample.surface == k].mean()) for k, name in enumerate(sets)},
        note="; ".join(notes),
    )

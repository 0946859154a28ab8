"""From a question to its answer: where the pair stands, what the engine says, what is best, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from multialign.errors import InputError
from multialign.respond.assumptions import assumptions
from multialign.respond.calibrate import Draws, draw_weights
from multialign.respond.choice import Game, Terms
from multialign.respond.levers import MARKET_DOMAINS, Levers, pressure
from multialign.respond.model import (
    Answer,
    Band,
    BreakEven,
    BreakEvenPoint,
    Cause,
    Choice,
    Depth,
    Payoff,
    Term,
)
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
from multialign.respond.surfaces import PROBE_DISCOUNT, Surface, build_surface, real_income_pct
from multialign.ties.actors import actor
from multialign.ties.crude import CrudePath
from multialign.ties.flows import DOMAINS
from multialign.trade import Scenario, solve
from multialign.world import World, load_world
from multialign.world.load import elasticity_sets

Progress = Callable[[str, float], None]
NOTICEABLE = 0.02
"""A depth that differs from today's by less counts as staying."""
AGREED = 2 / 3
"""Share of the draws that must point the same way for a verdict."""
CHOICES = {"cut": "Turn away", "stay": "Stay as today", "answer": "The answer", "all": "All the way"}


@dataclass(frozen=True)
class _Setting:
    """The parts that every step below needs."""

    question: Question
    world: World
    standing: dict[str, Standing]
    levers: Levers
    third: tuple[str, ...]
    crude: CrudePath | None


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
    per_set, n_choices = 4 * len(MARKET_DOMAINS) + 4, 3
    total = len(names) * (per_set + 2 * n_choices)
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        report("solving the world economy", done / total)

    today = {d: s.today for d, s in setting.standing.items()}
    surfaces = [build_surface(e, setting.levers, setting.third, today, share, world, step) for e in names]
    replies = [best_reply(s) for s in surfaces]
    sample = draw_weights(draws, seed, DOMAINS, setting.standing, surfaces, replies)
    caps = {d: (s.most if d in question.domains and s.known else s.today) for d, s in setting.standing.items()}
    game = Game(DOMAINS, setting.standing, surfaces, replies, sample, caps)
    best = game.best_depths()
    depth: dict[str, Depth] = {
        d: _depth(best[:, k], setting.standing[d], d in question.domains) for k, d in enumerate(DOMAINS)
    }
    picks: dict[str, dict[str, float]] = {
        "cut": dict.fromkeys(DOMAINS, 0.0),
        "stay": today,
        "answer": {d: depth[d].pick for d in DOMAINS},
        "all": caps,
    }
    choices = {key: _choice(key, picks[key], game, setting, step) for key in CHOICES}
    return Answer(
        question=question,
        depth=depth,
        payoffs=choices,
        gain=band(game.terms(best).focal),
        break_even=_break_even(setting, surfaces),
        causes=_causes(best.mean(axis=1), sample, names, setting),
        assumptions=assumptions(question, setting.standing, discount, share, names, sample),
        elasticity_sets=names,
        draws=best.shape[0],
        seed=seed,
        solves=done,
        year=int(world.data.attrs.get("year", 0)),
    )


def _set_up(question: Question, world: World) -> tuple[_Setting, float, float | None]:
    focal, offerer = question.focal, question.offerer
    crude = crude_between(focal, offerer, world)
    discount = further_discount(crude)
    setting = _Setting(
        question,
        world,
        standings(focal, offerer, world, discount),
        Levers(countries_of(focal), countries_of(offerer), discount),
        countries_of(question.third),
        crude,
    )
    return setting, discount, oil_and_gas_share(focal, offerer)


def band(values: np.ndarray) -> Band:
    """Median and 10th to 90th percentile."""
    low, median, high = (float(x) for x in np.quantile(values, [0.1, 0.5, 0.9]))
    return Band(median=median, low=low, high=high)


def _depth(best: np.ndarray, s: Standing, is_open: bool) -> Depth:
    """The distribution of one domain's best depth, and what it says."""
    further = float(np.mean(best > s.today + NOTICEABLE))
    back = float(np.mean(best < s.today - NOTICEABLE))
    stay = 1.0 - further - back
    b = band(best)
    agreed = {"further": further, "back": back, "stay": stay}
    verdict = max(agreed, key=lambda v: agreed[v])
    notes = []
    if not s.known:
        notes.append("no data for this pair in this domain: left as it is")
    elif not is_open:
        notes.append("the offer does not open this domain: depth cannot rise")
    return Depth(
        **b.model_dump(),
        today=s.today,
        further=further,
        back=back,
        open=is_open,
        most=s.most,
        pick=b.median,
        verdict=verdict if agreed[verdict] >= AGREED else "open",  # type: ignore[arg-type]
        known=s.known,
        note="; ".join(notes),
    )


def _choice(key: str, depths: dict[str, float], game: Game, setting: _Setting, step: Callable[[], None]) -> Choice:
    """One answer's payoffs: income from exact solves in every elasticity set, the other terms from the draws."""
    row = np.tile([depths[d] for d in DOMAINS], (game.draws.kappa.size, 1))
    terms = game.terms(row)
    parties = (setting.levers.focal, setting.levers.offerer, setting.third)
    exact_tie = np.zeros((3, len(game.surfaces)))
    exact_all = np.zeros((3, len(game.surfaces)))
    world_wide = []
    for k, surface in enumerate(game.surfaces):
        if key == "stay":
            world_wide.append(np.zeros(len(setting.world.countries)))
            continue
        moves = tuple(
            item
            for d in DOMAINS
            for item in setting.levers.at(d, depths[d], setting.standing[d].today, surface.base, setting.world)
        )
        tariff = float(np.median(terms.tariff[game.draws.surface == k]))
        free = solve(Scenario(instruments=moves), setting.world, base=surface.base)
        step()
        pressed = free
        if tariff > 0:
            both = (*moves, *pressure(setting.third, setting.levers.focal, tariff))
            pressed = solve(Scenario(instruments=both), setting.world, base=surface.base)
            step()
        exact_tie[:, k] = [real_income_pct(free, p) for p in parties]
        exact_all[:, k] = [real_income_pct(pressed, p) for p in parties]
        world_wide.append(pressed.welfare_pct.to_numpy())
    error = 0.0 if key == "stay" else _surface_error(terms, exact_tie, game)
    corrected = _with_exact_income(terms, exact_tie, exact_all, game)
    welfare = np.median(np.stack(world_wide), axis=0)
    return Choice(
        key=key,  # type: ignore[arg-type]
        name=CHOICES[key],
        depths={d: float(a) for d, a in depths.items()},
        reply=band(100.0 * terms.tariff),
        payoffs=_payoffs(corrected, setting),
        welfare_pct=dict(zip(setting.world.countries, (float(w) for w in welfare), strict=True)),
        error=error,
    )


def _surface_error(terms: Terms, exact: np.ndarray, game: Game) -> float:
    """Largest difference between surface and exact solve of the focal state's income before the reply, % points."""
    surface = np.array([terms.income[game.draws.surface == k][0] for k in range(len(game.surfaces))])
    return float(np.abs(surface - exact[0]).max())


def _with_exact_income(terms: Terms, tie: np.ndarray, everything: np.ndarray, game: Game) -> Terms:
    """The terms with incomes at the depths replaced by the exact solves'; the reply varies over the draws."""
    k = game.draws.surface
    third = terms.third_income + (everything[2] - _by_set(terms.third_income, k))[k]
    offerer = terms.offerer_income + (everything[1] - _by_set(terms.offerer_income, k))[k]
    return Terms(
        income=tie[0][k],
        value=terms.value,
        autonomy=terms.autonomy,
        reaction=terms.reaction,
        offerer_income=offerer,
        offerer_autonomy=terms.offerer_autonomy,
        third_income=third,
        tariff=terms.tariff,
    )


def _by_set(values: np.ndarray, k: np.ndarray) -> np.ndarray:
    return np.array([np.median(values[k == s]) for s in range(int(k.max()) + 1)])


def _payoffs(t: Terms, setting: _Setting) -> tuple[Payoff, ...]:
    q = setting.question
    focal = (
        ("income", "real income from trade", t.income),
        ("tie", "the tie itself (arms, diplomacy)", t.value),
        ("autonomy", "autonomy", t.autonomy),
        ("reaction", f"reply of {actor(q.third).name}", t.reaction),
    )
    offerer = (
        ("income", "real income from trade", t.offerer_income),
        ("autonomy", "less dependence on others", t.offerer_autonomy),
    )
    third = (("income", "real income from trade, own tariff included", t.third_income),)
    parties = ((q.focal, "focal", focal), (q.offerer, "offerer", offerer), (q.third, "third", third))
    return tuple(
        Payoff(
            party=code,
            name=actor(code).name,
            role=role,  # type: ignore[arg-type]
            total=band(np.sum([v for *_, v in rows], axis=0)),
            terms=tuple(
                Term(
                    name=name,  # type: ignore[arg-type]
                    label=label,
                    pct=band(v),
                    musd=band(v / 100.0 * _income_of(code, setting)) if name in ("income", "reaction") else None,
                )
                for name, label, v in rows
            ),
        )
        for code, role, rows in parties
    )


def _income_of(code: str, setting: _Setting) -> float:
    """Final spending in the base year, million USD."""
    final = setting.world.data["final_use"].sel(country=list(countries_of(code)))
    return float(final.sum())


def _break_even(setting: _Setting, surfaces: Sequence[Surface]) -> BreakEven | None:
    """The discount at which the focal state is indifferent, for pressures of 5 to 50 points; None without crude."""
    latest = setting.crude.years[-1] if setting.crude and setting.crude.years else None
    if latest is None or not latest.price or not latest.barrels:
        return None
    worth = np.array([s.probe[0] / PROBE_DISCOUNT for s in surfaces])
    if (worth <= 0).any():
        return None
    points = []
    for tariff in (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5):
        loss = np.array([-float(s.squeeze(np.array(tariff))[0]) for s in surfaces])
        discount = band(100.0 * loss / worth)
        points.append(
            BreakEvenPoint(
                tariff_points=100.0 * tariff,
                discount_pct=discount,
                usd_per_barrel=band(loss / worth * latest.price),
            )
        )
    return BreakEven(
        price=latest.price,
        year=latest.year,
        barrels=latest.barrels,
        today=latest.discount_screened,
        points=tuple(points),
    )


def _causes(mean_depth: np.ndarray, draws: Draws, sets: Sequence[str], setting: _Setting) -> tuple[Cause, ...]:
    """Which unknown moves the answer: first-order share of variance, by groups of the draws (correlation ratio)."""
    k = setting.question.third
    third = actor(k).name
    rows = (
        ("step", f"how touchy {third} is", draws.step, "answers early", "answers late"),
        ("kappa", "how much autonomy is worth", draws.kappa, "little", "much"),
        (
            "limited",
            "whether today's depth was as far as the offerer would go",
            draws.limited.mean(axis=1),
            "the focal state chose it",
            "the offerer set it",
        ),
        ("tie", "what the tie itself is worth", draws.omega.mean(axis=1), "little", "much"),
    )
    out = []
    for name, label, x, low, high in rows:
        order = np.argsort(x, kind="stable")
        fifths = np.array_split(order, 5)
        thirds = np.array_split(order, 3)
        out.append(
            Cause(
                name=name,
                label=label,
                variance_share=_explained(mean_depth, fifths),
                when_low=float(mean_depth[thirds[0]].mean()),
                when_high=float(mean_depth[thirds[2]].mean()),
                low_means=low,
                high_means=high,
            )
        )
    groups = [np.flatnonzero(draws.surface == s) for s in range(len(sets))]
    means = [float(mean_depth[g].mean()) for g in groups]
    out.append(
        Cause(
            name="elasticities",
            label="how readily buyers change suppliers (elasticity set)",
            variance_share=_explained(mean_depth, groups),
            when_low=min(means),
            when_high=max(means),
            low_means=sets[int(np.argmin(means))],
            high_means=sets[int(np.argmax(means))],
        )
    )
    return tuple(sorted(out, key=lambda c: -c.variance_share))


def _explained(y: np.ndarray, groups: Sequence[np.ndarray]) -> float:
    """Between-group variance over total variance; zero where nothing varies."""
    total = float(y.var())
    if total <= 1e-15:
        return 0.0
    between = sum(g.size * (float(y[g].mean()) - float(y.mean())) ** 2 for g in groups if g.size)
    return float(between / y.size / total)

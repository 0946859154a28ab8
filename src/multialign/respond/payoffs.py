"""What each possible answer is worth to each party: income from exact solves, the other terms from the draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from multialign.respond.choice import Game, Terms
from multialign.respond.levers import Levers, pressure
from multialign.respond.model import Choice, Payoff, Term, band
from multialign.respond.question import Question
from multialign.respond.standing import Standing, countries_of
from multialign.respond.surfaces import real_income_pct
from multialign.ties.actors import actor
from multialign.ties.crude import CrudePath
from multialign.ties.flows import DOMAINS
from multialign.trade import Scenario, solve
from multialign.world import World

CHOICES = {"cut": "Turn away", "stay": "Stay as today", "answer": "The answer", "all": "All the way"}


@dataclass(frozen=True)
class Setting:
    """What is fixed before anything is solved: the question, the world, where the pair stands, and its levers."""

    question: Question
    world: World
    standing: dict[str, Standing]
    levers: Levers
    third: tuple[str, ...]
    crude: CrudePath | None


def choice(key: str, depths: dict[str, float], game: Game, setting: Setting, step: Callable[[], None]) -> Choice:
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


def _payoffs(t: Terms, setting: Setting) -> tuple[Payoff, ...]:
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


def _income_of(code: str, setting: Setting) -> float:
    """Final spending in the base year, million USD."""
    final = setting.world.data["final_use"].sel(country=list(countries_of(code)))
    return float(final.sum())

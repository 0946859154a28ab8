"""What each possible answer is worth to each party: income from exact solves, the other terms from the draws."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from multialign.respond.choice import Game, Terms
from multialign.respond.levers import MARKET_DOMAINS, Levers, pressure
from multialign.respond.model import Choice, Payoff, Term, band
from multialign.respond.question import Question
from multialign.respond.standing import Standing, countries_of
from multialign.respond.surfaces import real_income_pct
from multialign.respond.terms import delivered
from multialign.ties.actors import actor
from multialign.ties.crude import CrudePath
from multialign.ties.flows import DOMAINS
from multialign.trade import Scenario, solve
from multialign.world import World

CHOICES = {"cut": "Cut all ties", "stay": "Stay as today", "answer": "The answer", "all": "All the way"}


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
    """One answer's payoffs. `step` is called after each solve.

    In every elasticity set the depths, as far as they arrive at the median reach, are solved exactly, without and with
    the reply; the difference to the response surfaces corrects the incomes of that set's draws.
    """
    terms = game.terms(np.tile([depths[d] for d in DOMAINS], (game.draws.kappa.size, 1)))
    parties = (setting.levers.focal, setting.levers.offerer, setting.third)
    seen = {
        d: float(delivered(depths[d], s.today, np.median(game.draws.reach))) if d in MARKET_DOMAINS else depths[d]
        for d, s in setting.standing.items()
    }
    free_miss, pressed_miss = np.zeros((3, len(game.surfaces))), np.zeros((3, len(game.surfaces)))
    world_wide = [np.zeros(len(setting.world.countries))]
    for k, surface in enumerate(game.surfaces):
        if key == "stay":
            break
        moves = tuple(
            item
            for d in DOMAINS
            for item in setting.levers.at(d, seen[d], setting.standing[d].today, surface.base, setting.world)
        )
        tariff = float(np.median(terms.tariff[game.draws.surface == k]))
        free = pressed = solve(Scenario(instruments=moves), setting.world, base=surface.base)
        step()
        if tariff > 0:
            both = (*moves, *pressure(setting.third, setting.levers.focal, tariff))
            pressed = solve(Scenario(instruments=both), setting.world, base=surface.base)
            step()
        said = np.sum([surface.income(d, np.array(seen[d])) for d in DOMAINS], axis=0)
        free_miss[:, k] = [real_income_pct(free, p) for p in parties] - said
        pressed_miss[:, k] = [real_income_pct(pressed, p) for p in parties] - said - surface.squeeze(np.array(tariff))
        world_wide.append(pressed.welfare_pct.to_numpy())
    draws = game.draws.surface
    corrected = dataclasses.replace(
        terms,
        income=terms.income + free_miss[0][draws],
        reaction=terms.reaction + (pressed_miss - free_miss)[0][draws],
        offerer_income=terms.offerer_income + pressed_miss[1][draws],
        third_income=terms.third_income + pressed_miss[2][draws],
    )
    welfare = np.median(np.stack(world_wide[1:] or world_wide), axis=0)
    return Choice(
        key=key,  # type: ignore[arg-type]
        name=CHOICES[key],
        depths={d: float(a) for d, a in depths.items()},
        reply=band(100.0 * terms.tariff),
        payoffs=_payoffs(corrected, setting),
        welfare_pct=dict(zip(setting.world.countries, (float(w) for w in welfare), strict=True)),
        error=float(max(np.abs(free_miss).max(), np.abs(pressed_miss).max())),
    )


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

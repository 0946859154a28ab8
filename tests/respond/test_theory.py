"""The model against closed forms: one good, two countries, no input-output links (equations T1 to T4 of the docs)."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy.optimize import brentq

from multialign import World
from multialign.respond import Question
from multialign.respond.axes import Axis
from multialign.respond.calibrate import Draws
from multialign.respond.choice import Board
from multialign.respond.question import Pressure, Record
from multialign.respond.replies import Replies, menu_of
from multialign.respond.standing import Standing
from multialign.respond.surface import HeldOut, Surface
from multialign.respond.terms import tie_value
from multialign.ties.flows import DOMAINS
from multialign.trade import Scenario, Tariff, base_economy, optimal_tariffs, solve

THETA, SIZE_H, SIZE_F = 4.0, 900.0, 300.0
OWN_F = 0.7  # F's share of spending on its own good
OWN_H = 1 - (1 - OWN_F) * SIZE_F / SIZE_H  # from balanced trade
RATES = tuple(np.round(np.linspace(0.02, 1.0, 50), 6))


def world() -> World:
    final = np.array([[[OWN_H * SIZE_H], [(1 - OWN_H) * SIZE_H]], [[(1 - OWN_F) * SIZE_F], [OWN_F * SIZE_F]]])
    nothing = np.zeros_like(final)
    return World.from_arrays(
        ["H", "F"], ["good"], intermediate_trade=nothing, final_trade=final, input_use=np.zeros((2, 1, 1)),
        elasticity=np.array([THETA]),
    )  # fmt: skip


class TwoCountries:
    """The same world by hand: shares and balanced trade, solved by bisection. F's wage is one."""

    def at(self, t: float) -> dict[str, float]:
        def shares(w: float) -> tuple[float, float]:
            hf = (1 - OWN_H) * ((1 + t) / w) ** -THETA
            hh = OWN_H
            fh = (1 - OWN_F) * w**-THETA
            return hh / (hh + hf), OWN_F / (OWN_F + fh)

        def imbalance(w: float) -> float:
            hh, ff = shares(w)
            imports = (1 - hh) * w * SIZE_H / (1 + t * hh)  # at the border
            return imports - (1 - ff) * SIZE_F

        w = brentq(imbalance, 0.5, 3.0, xtol=1e-14)
        hh, ff = shares(w)
        m = (1 - ff) * SIZE_F
        spending = w * SIZE_H + t * m
        p_h = (OWN_H * w**-THETA + (1 - OWN_H) * (1 + t) ** -THETA) ** (-1 / THETA)
        p_f = (OWN_F + (1 - OWN_F) * w**-THETA) ** (-1 / THETA)
        return {"w": w, "hh": hh, "ff": ff, "m": m, "E": spending, "W_H": spending / SIZE_H / p_h, "W_F": 1 / p_f}


@pytest.fixture(scope="module")
def closed() -> TwoCountries:
    return TwoCountries()


@pytest.fixture(scope="module")
def surface() -> Surface:
    """H's tariff on F as an axis, with exact solves of the engine at its nodes; F is focal, J an outsider."""
    w = world()
    base = base_economy(w, Scenario(elasticities="world"))
    effects = []
    for t in (0.1, 0.25, 0.5, 1.0):
        tariff = Tariff(importers=("H",), exporters=("F",), rate=t)
        found = solve(Scenario(elasticities="world", instruments=(tariff,)), w, base=base)
        effects.append([float(found.welfare_usd.loc[c]) for c in ("F", "J") if c == "F"] + [0.0]
                       + [float(found.welfare_usd.loc["H"])])  # fmt: skip
    q = Question(focal="F", offerer="J", third="H", domains=("diplomacy",),
                 pressures=(Pressure(by="H", replies=("tariff",), counter_offer=False),))  # fmt: skip
    nothing = Standing("x", 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, True)
    return Surface(
        question=q, parties=("F", "J", "H"), countries=("F", "J", "H"), membership=np.eye(3, dtype=bool), sets=("one",),
        axes=(Axis("tariff", "H"),), main=(np.array(effects)[None],), pairs=(), joint=np.zeros((1, 0, 3)),
        income=np.array([[SIZE_F, 1.0, SIZE_H]]), standing={"J": dict.fromkeys(DOMAINS, nothing)},
        discount={"J": (0.0, 0.0, 0.0)}, crude={}, oil=(1.0, 1.0, 1.0), oil_share={"J": None},
        held_out=HeldOut(0, {}, {}, {}), year=2022, solves=4,
    )  # fmt: skip


def test_engine_is_the_hand_made_world(closed):
    w = world()
    tariff = Tariff(importers=("H",), exporters=("F",), rate=0.3)
    found = solve(Scenario(elasticities="world", instruments=(tariff,)), w)
    by_hand = closed.at(0.3)
    assert found.welfare_pct.loc["H"] == pytest.approx(100 * (by_hand["W_H"] - 1), abs=1e-6)
    assert found.welfare_pct.loc["F"] == pytest.approx(100 * (by_hand["W_F"] - 1), abs=1e-6)


def test_best_tariff_is_one_over_theta_times_the_partners_own_share(closed):
    """(T1) at z = 0, by the tariff game of the engine."""
    game = optimal_tariffs("H", world(), scenario=Scenario(elasticities="world"))
    t = float(game.tariff.sel(importer="H", exporter="F").values[0])
    assert t == pytest.approx(1 / (THETA * closed.at(t)["ff"]), rel=1e-4)


@pytest.mark.parametrize("z", [0.0, 0.1, 0.3, 0.6])
def test_weight_on_the_others_loss_scales_the_tariff(closed, z):
    """(T1): the maximum of ln W_H - z ln W_F, against the closed form."""
    grid = np.linspace(0.0, 2.0, 2001)
    worth = np.array([np.log(closed.at(t)["W_H"]) - z * np.log(closed.at(t)["W_F"]) for t in grid])
    t = float(grid[worth.argmax()])
    at = closed.at(t)
    assert t == pytest.approx((1 + z * at["E"] / SIZE_F) / (THETA * at["ff"]), abs=2e-3)


def test_replies_without_restraint_are_the_closed_form(surface, closed):
    """The reply that `replies` finds on the surface, in % of income as the model has it."""
    menu = menu_of(surface, Pressure(by="H", replies=("tariff",), menu={"tariff": RATES}), restraint=False)
    for z in (0.0, 0.05, 0.15):
        # A weight on F's loss in % is a weight on its log loss.
        t = float(menu.sizes[(menu.own[0] + z * menu.loss[0]).argmax()])
        at = closed.at(t)
        assert t == pytest.approx((1 + z * at["E"] / SIZE_F) / (THETA * at["ff"]), abs=0.04)


def test_the_wage_moves_as_derived(closed):
    """(T2)."""
    h = 1e-5
    slope = np.log(closed.at(h)["w"] / closed.at(0.0)["w"]) / h
    assert slope == pytest.approx((1 + THETA) * OWN_H / (1 + THETA * (OWN_H + OWN_F)), rel=1e-4)
    assert closed.at(0.0)["w"] == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("z", [0.1, 0.3])
def test_restrained_reply_solves_its_condition(surface, closed, z):
    """(T3), solved by bisection in the hand-made world, against the reply on the surface."""

    def wage_slope(t: float) -> float:
        return float(np.log(closed.at(t + 1e-5)["w"] / closed.at(t - 1e-5)["w"]) / 2e-5)

    first = (1 - OWN_H) * wage_slope(0.0)

    def condition(t: float) -> float:
        at = closed.at(t)
        own = at["m"] / at["E"] * (1 - THETA * at["ff"] * t)
        return (own + z * (1 - at["ff"])) * wage_slope(t) - first

    # Beyond z = m/E over F's share the reply has no bound; these are below it.
    derived = brentq(condition, 1e-4, 1.5)
    menu = menu_of(surface, Pressure(by="H", replies=("tariff",), menu={"tariff": RATES}))
    found = float(menu.sizes[(menu.own[0] + z * menu.loss[0]).argmax()])
    assert found == pytest.approx(derived, abs=0.05)
    assert menu.sizes[menu.own[0].argmax()] == 0.0


def board(surface: Surface, omega: float, eta: float, today: float = 0.2) -> Board:
    """F's choice of diplomacy with J, when a reply costs eta for a unit of rise (linear)."""
    standing = Standing("diplomacy", today, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, True)
    table = {d: Standing(d, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, False) for d in DOMAINS} | {"diplomacy": standing}
    s = dataclasses.replace(surface, standing={"J": table}, axes=(), main=(), _tables={})
    one = np.ones(1)
    T = len(DOMAINS)
    weights = np.zeros((1, T))
    weights[0, DOMAINS.index("diplomacy")] = omega
    draws = Draws(
        surface=np.zeros(1, dtype=int), autonomy=0 * one, offerer_autonomy=np.zeros((1, 1)), step=np.ones((1, 1)),
        reach=one, limited=np.zeros((1, T), dtype=bool), omega=weights, oil=one, discount=np.zeros((1, 1)),
        data=np.ones((1, T)), sanctions=np.ones((1, 1)), dislike=np.ones((1, 1)), outbid=np.ones((1, 1)), kept=1.0,
        unexplained=(), narrowed={}, low=weights, high=weights, room=one,
    )  # fmt: skip

    class Linear(Replies):
        def loss(self, k, sets, x, sanctions):  # type: ignore[no-untyped-def]
            return eta * np.asarray(x)

    replies = Linear(np.zeros(1), (None,), (np.ones(1),), (np.zeros(1),), (np.zeros(1),), np.ones((1, T)))
    return Board(s, replies, draws, np.array([[0.0, 0.0, 0.0, 0.0, 1.0]]))


@pytest.mark.parametrize("eta", [0.1, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4])
def test_alignment_is_the_closed_form(surface, eta):
    """(T4): a* = 3/2 - eta / omega between today and one."""
    omega, today = 1.0, 0.2
    found = board(surface, omega, eta).best()[0, 0, DOMAINS.index("diplomacy")]
    assert found == pytest.approx(np.clip(1.5 - eta / omega, today, 1.0), abs=0.013)


def test_alignment_is_the_best_of_all_depths(surface):
    b = board(surface, 1.0, 0.7)
    a = np.linspace(0.2, 1.0, 801)
    worth = tie_value(a) - 0.7 * a
    assert b.best()[0, 0, -1] == pytest.approx(a[worth.argmax()], abs=0.013)


def test_record_is_the_best_reply_at_its_own_weight(surface):
    """The weight that the reply on record reveals makes that reply best."""
    p = Pressure(by="H", replies=("tariff",), record=Record(size=0.25))
    menu = menu_of(surface, p)
    best = menu.sizes[(menu.own[0] + menu.unit[0] * menu.loss[0]).argmax()]
    assert best == pytest.approx(0.25, abs=1e-9)

"""What the engine says of each depth and each pressure, for one set of trade elasticities."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator

from multialign.respond.levers import MARKET_DOMAINS, Levers, pressure
from multialign.respond.terms import through_nodes
from multialign.trade import Discount, Scenario, Solution, after, base_economy, solve
from multialign.trade.economy import Economy
from multialign.trade.instruments import Friction, Instrument
from multialign.world import World

PRESSURE_NODES = (0.1, 0.25, 0.5, 1.0)
"""Extra tariffs (fractions) at which the third power's pressure is solved exactly."""
PROBE_DISCOUNT = 0.1
"""Discount on crude at which the break-even's slope is measured."""

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Surface:
    """Real income of the parties as a function of depth and pressure, for one elasticity set.

    Parties are the focal state, the offerer and the third power, in this order.
    elasticities: name of the set. base: the Economy that changes are measured from.
    below, above: domain -> (3, 3) [party, node] at depths (0, a0/2, a0) and (a0, (1+a0)/2, 1), % of real income.
    squeezed: (3, 5) at pressures (0, *PRESSURE_NODES), %. probe: (3,) at PROBE_DISCOUNT on crude alone, %.
    """

    elasticities: str
    base: Economy
    today: dict[str, float]
    below: dict[str, np.ndarray]
    above: dict[str, np.ndarray]
    squeezed: np.ndarray
    probe: np.ndarray

    def income(self, domain: str, depth: np.ndarray) -> np.ndarray:
        """Change of real income, %, at depths of a domain. (...) -> (3, ...); zero in domains without a market."""
        depth = np.asarray(depth, dtype=float)
        if domain not in self.below:
            return np.zeros((3, *depth.shape))
        a0 = self.today[domain]
        down = np.array([0.0, a0 / 2, a0]) if a0 > 0 else None
        up = np.array([a0, (1 + a0) / 2, 1.0]) if a0 < 1 else None
        out = np.zeros((3, *depth.shape))
        for party in range(3):
            low = through_nodes(down, self.below[domain][party], depth) if down is not None else 0.0
            high = through_nodes(up, self.above[domain][party], depth) if up is not None else 0.0
            out[party] = np.where(depth < a0, low, high)
        return out

    def squeeze(self, points: np.ndarray) -> np.ndarray:
        """Change of real income, %, under an extra tariff of the third power. (...) -> (3, ...)."""
        curve = PchipInterpolator(np.array([0.0, *PRESSURE_NODES]), self.squeezed, axis=1)
        return np.asarray(curve(np.asarray(points, dtype=float)))


def build_surface(
    elasticities: str,
    levers: Levers,
    third: Sequence[str],
    today: dict[str, float],
    crude_share: float | None,
    world: World,
    step: Callable[[], None],
) -> Surface:
    """Solve the nodes of a Surface. `step` is called after each solve.

    crude_share: the offerer's share in the focal state's imports of oil and gas that the base is first brought to (the
    latest that is observed), or None to leave the base year as it is.
    """
    base = base_economy(world, Scenario(elasticities=elasticities))
    if crude_share is not None:
        base = energy_as_observed(base, levers, crude_share, world)
    parties = (levers.focal, levers.offerer, tuple(third))

    def incomes(*instruments: Instrument) -> np.ndarray:
        result = solve(Scenario(instruments=instruments), world, base=base)
        step()
        return np.array([real_income_pct(result, p) for p in parties])

    below, above = {}, {}
    for d in MARKET_DOMAINS:
        a0 = today[d]
        nothing = np.zeros(3)
        at = {a: incomes(*levers.at(d, a, a0, base, world)) for a in {0.0, a0 / 2, (1 + a0) / 2, 1.0} - {a0}}
        below[d] = np.stack([at.get(0.0, nothing), at.get(a0 / 2, nothing), nothing], axis=1)
        above[d] = np.stack([nothing, at.get((1 + a0) / 2, nothing), at.get(1.0, nothing)], axis=1)
    squeezed = [np.zeros(3), *(incomes(*pressure(third, levers.focal, p)) for p in PRESSURE_NODES)]
    crude = Discount(importers=levers.focal, exporters=levers.offerer, industries=("B06",), rate=PROBE_DISCOUNT)
    return Surface(elasticities, base, today, below, above, np.stack(squeezed, axis=1), incomes(crude))


def energy_as_observed(base: Economy, levers: Levers, share: float, world: World) -> Economy:
    """The base with the offerer's share in the focal state's imports of oil and gas brought to `share`.

    The friction on that flow is moved by the partial-equilibrium odds until the share fits to half a point (two or
    three rounds). Where the World has no such flow at all the base is returned as it is.
    """
    s = world.sectors.index("B06")
    for _ in range(6):
        now = _oil_share(base, levers, world)
        if now <= 0 or abs(now - share) < 0.005:
            break
        odds = (share / (1 - share)) / (now / (1 - now))
        change = odds ** (-1.0 / float(base.theta[s])) - 1.0
        fitting = Friction(importers=levers.focal, exporters=levers.offerer, industries=("B06",), change=change)
        base = after(Scenario(instruments=(fitting,)), world, base)
    return base


def _oil_share(base: Economy, levers: Levers, world: World) -> float:
    """The offerer's share in the focal state's imports of oil and gas in a base."""
    s = world.sectors.index("B06")
    n = [world.countries.index(c) for c in levers.focal]
    value = (base.pi_m[n] * base.E_m[n][:, None, :] + base.pi_f[n] * base.E_f[n][:, None, :])[:, :, s].sum(axis=0)
    value[n] = 0.0
    total = value.sum()
    return float(value[[world.countries.index(c) for c in levers.offerer]].sum() / total) if total > 0 else 0.0


def real_income_pct(result: Solution, members: Sequence[str]) -> float:
    """Change of real income of a state or a union, %: equivalent variation over base income."""
    rows = result.data.sel(country=list(members))
    return float(100.0 * rows.equivalent_variation.sum() / rows.base_income.sum())

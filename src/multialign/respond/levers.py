"""From depth to instruments: what a tie of a given depth means for trade costs and prices.

A depth lies in [0, 1]: 0 cut, a0 today, 1 without limits. Below today's depth trade is throttled, at zero embargoed;
above it, delivered prices fall as far as deep agreements have been seen to lower them; of crude's, the offerer bears as
much as it has been seen to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from multialign.trade import Discount, Embargo, Friction, Tariff
from multialign.trade.economy import Economy
from multialign.trade.instruments import Instrument
from multialign.world import World
from multialign.world.codes import industry_group

MARKET_DOMAINS = ("trade", "energy", "technology")
"""Domains whose depth moves instruments of the engine; arms and diplomacy pass through no market of the World."""

CRUDE = "B06"
FULL_DEPTH_FACTOR = 2.0
"""Trade between two partners at full depth, relative to today's, with prices given: deep agreements about double the
members' trade (Baier & Bergstrand 2007, JIE 71: 'doubles on average after ten years')."""


@dataclass(frozen=True)
class Levers:
    """The pair whose ties are deepened, as lists of the engine's countries, and what energy's discount may become.

    discount: the part of crude's price (fraction) that the offerer gives up at depth 1. payments: the part of the price
    of all goods and services between the two that easier payments take away at depth 1 of trade.
    """

    focal: tuple[str, ...]
    offerer: tuple[str, ...]
    discount: float
    payments: float = 0.0

    def at(self, domain: str, depth: float, today: float, eco: Economy, world: World) -> tuple[Instrument, ...]:
        """The instruments that stand for `depth` in a domain, against today's. Empty for depth = today's, and for
        domains that no market carries."""
        if domain not in MARKET_DOMAINS or depth == today:
            return ()
        industries = industries_of_domain(domain, world.sectors)
        if depth < today:
            return self._throttled(industries, depth / today, eco, world)
        deeper = (depth - today) / (1.0 - today)
        out = self._eased(industries, deeper, eco, world)
        if domain == "trade" and self.payments > 0:
            change = -self.payments * deeper
            out += tuple(Friction(importers=n, exporters=i, change=change) for n, i in self._directions())
        return out

    def _directions(self) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
        return ((self.focal, self.offerer), (self.offerer, self.focal))

    def _throttled(
        self, industries: Sequence[str], remains: float, eco: Economy, world: World
    ) -> tuple[Instrument, ...]:
        """Frictions that, with prices given, leave `remains` of today's purchases in each industry; at 0 an embargo."""
        if remains <= 0:
            return tuple(Embargo(importers=n, exporters=i, industries=tuple(industries)) for n, i in self._directions())
        theta = _theta(eco, world)
        return tuple(
            Friction(importers=n, exporters=i, industries=(s,), change=min(remains ** (-1 / theta[s]) - 1, 99.0))
            for n, i in self._directions()
            for s in industries
        )

    def _eased(self, industries: Sequence[str], deeper: float, eco: Economy, world: World) -> tuple[Instrument, ...]:
        """Delivered prices between the two fall by what, with other prices given, multiplies their trade by
        ``FULL_DEPTH_FACTOR ** deeper``. The offerer's discount on crude counts in it. Of the rest tariffs give what
        they can at depth 1, and as much of that as depth has come; frictions give what is left."""
        theta = _theta(eco, world)
        out: list[Instrument] = []
        place = {c: k for k, c in enumerate(world.countries)}
        for n, i in self._directions():
            for s in industries:
                cells = np.ix_([place[c] for c in n], [place[c] for c in i], [world.sectors.index(s)])
                t = float(eco.t[cells].mean())
                part = self.discount if (s, i) == (CRUDE, self.offerer) else 0.0
                whole = min(FULL_DEPTH_FACTOR ** (-1.0 / theta[s]) / (1.0 - part), 1.0)
                left = t + deeper * (max((1.0 + t) * whole - 1.0, 0.0) - t)
                wanted = min(FULL_DEPTH_FACTOR ** (-deeper / theta[s]) / (1.0 - part * deeper), 1.0)
                if part > 0 and deeper > 0:
                    out.append(Discount(importers=n, exporters=i, industries=(s,), rate=part * deeper))
                if t > 0:
                    out.append(Tariff(importers=n, exporters=i, industries=(s,), rate=left / t, mode="scale"))
                friction = wanted * (1.0 + t) / (1.0 + left) - 1.0
                if abs(friction) > 1e-12:
                    out.append(Friction(importers=n, exporters=i, industries=(s,), change=friction))
        return tuple(out)


def industries_of_domain(domain: str, sectors: Sequence[str]) -> list[str]:
    """Industries whose trade belongs to a domain; `trade` is all that neither energy nor technology takes."""
    energy, technology = set(industry_group("energy")), set(industry_group("technology"))
    if domain == "trade":
        return [s for s in sectors if s not in energy | technology]
    return [s for s in sectors if s in (energy if domain == "energy" else technology)]


def _theta(eco: Economy, world: World) -> dict[str, float]:
    return dict(zip(world.sectors, (float(x) for x in eco.theta), strict=True))

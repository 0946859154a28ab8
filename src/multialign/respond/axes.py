"""The directions in which the world economy can be moved by a question: one axis for each, from 0 (today) on.

An axis is a number and the instruments that it stands for. Depth has two axes in each market domain, one down and one
up; the offerer's discount, each reply of each third power, and its counter-offer have one each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from multialign.respond.levers import CRUDE, MARKET_DOMAINS, Levers, industries_of_domain
from multialign.trade import ExportTax, Friction, Tariff
from multialign.trade.economy import Economy
from multialign.trade.instruments import Instrument
from multialign.world import World

AxisKind = Literal["less", "more", "discount", "tariff", "technology", "finance", "secondary", "counter"]

NODES: dict[AxisKind, tuple[float, ...]] = {
    "less": (0.4, 0.8, 1.0),
    "more": (0.5, 1.0),
    "discount": (-0.1, 0.1, 0.2, 0.3),
    "tariff": (0.1, 0.25, 0.5, 1.0),
    "technology": (0.5, 1.0),
    "finance": (0.5, 1.0),
    "secondary": (0.5, 1.0),
    "counter": (0.5, 1.0),
}
"""Where each axis is solved exactly, besides 0."""
DENIED = 0.95
"""Part of the third power's sales of technology to the focal state that its reply ends at 1, with prices given."""
FINANCE = 0.1
"""Trade costs between focal state and third power, ad-valorem, that its reply on payments adds at 1."""
SECONDARY = 0.2
"""Trade costs on energy between focal state and offerer, ad-valorem, that secondary sanctions add at 1."""
SCALE: dict[str, float] = {"tariff": 1.0, "technology": DENIED, "finance": FINANCE, "secondary": SECONDARY}
"""What a reply of 1 is in its own unit."""


@dataclass(frozen=True)
class Axis:
    """kind; by: the offerer or third power whose axis it is; domain: of `less` and `more`."""

    kind: AxisKind
    by: str
    domain: str = ""

    @property
    def name(self) -> str:
        return "/".join(x for x in (self.by, self.domain, self.kind) if x)

    @property
    def nodes(self) -> tuple[float, ...]:
        return NODES[self.kind]


def axes_of(
    offerers: Sequence[str],
    replies: Mapping[str, Sequence[str]],
    counters: Sequence[str],
    standing_today: Mapping[str, Mapping[str, float]],
    crude: Sequence[str],
    opened: Mapping[str, Sequence[str]],
) -> tuple[Axis, ...]:
    """The axes of a question.

    replies: third power -> kinds. counters: third powers that may outbid. standing_today: offerer -> domain -> depth.
    crude: offerers that sell oil and gas to the focal state. opened: offerer -> domains that it opens.
    """
    out: list[Axis] = []
    for j in offerers:
        for d in MARKET_DOMAINS:
            a0 = standing_today[j][d]
            out += [Axis("less", j, d)] if a0 > 0 else []
            out += [Axis("more", j, d)] if a0 < 1 and d in opened[j] else []
        out += [Axis("discount", j)] if j in crude else []
    for k, kinds in replies.items():
        out += [Axis(kind, k) for kind in kinds]  # type: ignore[arg-type]
        out += [Axis("counter", k)] if k in counters else []
    return tuple(out)


@dataclass(frozen=True)
class Pair:
    """Two axes (by place) whose joint effect is solved at every combination of `at` and `other_at`."""

    axis: int
    at: tuple[float, ...]
    other: int
    other_at: tuple[float, ...]

    @property
    def corners(self) -> tuple[tuple[float, float], ...]:
        return tuple((x, y) for x in self.at for y in self.other_at)


def pairs_of(axes: Sequence[Axis]) -> tuple[Pair, ...]:
    """The pairs of axes whose joint effect is more than the sum of both to a visible degree."""
    out = []
    at: dict[str, tuple[float, ...]] = {"tariff": (0.5,), "discount": (0.1, 0.2)}
    for p, a in enumerate(axes):
        for q in range(p + 1, len(axes)):
            b = axes[q]
            kinds = {a.kind, b.kind}
            same = a.by == b.by
            ties = a.kind == b.kind and a.kind in ("more", "less") and (same or a.domain == b.domain)
            squeeze = kinds == {"more", "tariff"}
            energy = same and kinds == {"more", "discount"} and "energy" in (a.domain, b.domain)
            cut_off = kinds == {"more", "secondary"} and "energy" in (a.domain, b.domain)
            joint = a.kind == b.kind == "tariff" or (same and kinds == {"tariff", "finance"})
            if energy:  # what a discount is worth grows with what is bought: the largest joint effect by far
                out.append(Pair(p, (0.5, 1.0), q, (0.1, 0.2)))
            elif ties or squeeze or cut_off or joint:
                out.append(Pair(p, at.get(a.kind, (1.0,)), q, at.get(b.kind, (1.0,))))
    return tuple(out)


def instruments(
    axis: Axis,
    x: float,
    levers: Mapping[str, Levers],
    members: Mapping[str, tuple[str, ...]],
    focal: tuple[str, ...],
    today: float,
    eco: Economy,
    world: World,
) -> tuple[Instrument, ...]:
    """What an axis at x does. levers: offerer -> its levers; members: power -> its countries; today: the depth from
    which `less` and `more` start."""
    if x == 0:
        return ()
    them = members[axis.by]
    both = ((focal, them), (them, focal))
    if axis.kind == "less":
        return levers[axis.by].at(axis.domain, today * (1.0 - x), today, eco, world)
    if axis.kind == "more":
        return levers[axis.by].at(axis.domain, today + (1.0 - today) * x, today, eco, world)
    if axis.kind == "discount":
        # A positive rate is an export tax of minus that rate: the seller bears it; a negative one takes a discount
        # away.
        return (ExportTax(importers=focal, exporters=them, industries=(CRUDE,), rate=-x),)
    if axis.kind == "tariff":
        return (Tariff(importers=them, exporters=focal, industries=("goods",), rate=x),)
    if axis.kind == "technology":
        theta = dict(zip(world.sectors, (float(v) for v in eco.theta), strict=True))
        keeps = 1.0 - DENIED * x
        return tuple(
            Friction(
                importers=focal, exporters=them, industries=(s,), change=min(keeps ** (-1.0 / theta[s]) - 1.0, 99.0)
            )
            for s in industries_of_domain("technology", world.sectors)
        )
    if axis.kind == "finance":
        return tuple(Friction(importers=n, exporters=i, change=FINANCE * x) for n, i in both)
    if axis.kind == "secondary":
        energy = tuple(industries_of_domain("energy", world.sectors))
        return tuple(
            Friction(importers=n, exporters=i, industries=energy, change=SECONDARY * x)
            for lever in levers.values()
            if lever.offerer != them
            for n, i in ((lever.focal, lever.offerer), (lever.offerer, lever.focal))
        )
    # A counter-offer: the third power's own tie with the focal state is eased in trade and technology alike.
    own = Levers(focal, them, 0.0)
    return tuple(i for d in ("trade", "technology") for i in own.at(d, x, 0.0, eco, world))

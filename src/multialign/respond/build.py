"""Solving the design of a response surface: the base of each elasticity set, the nodes, the corners, the held-out
points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from multialign.errors import InputError, unknown
from multialign.respond.axes import Axis, axes_of, instruments, pairs_of
from multialign.respond.levers import CRUDE, Levers
from multialign.respond.oil import oil_prices
from multialign.respond.question import Question
from multialign.respond.solves import on_threads, real_incomes
from multialign.respond.standing import (
    Standing,
    countries_of,
    crude_between,
    further_discount,
    oil_and_gas_share,
    standings,
)
from multialign.respond.surface import CrudeFacts, HeldOut, Surface
from multialign.ties.crude import CrudePath
from multialign.trade import Scenario, after, base_economy
from multialign.trade.economy import Economy
from multialign.trade.instruments import Friction, Instrument
from multialign.world import World, panels
from multialign.world.codes import industry_group

Step = Callable[[], None]
HELD_OUT = 6
"""Points in each elasticity set at which the surface is checked against the engine."""


@dataclass(frozen=True)
class Setting:
    """What is fixed before anything is solved: the question, the world, where the pairs stand, their levers.

    standing, levers, crude, discount (low, middle, high), oil_share: by offerer. members: party -> countries. today:
    offerer -> domain -> depth. axes: all directions.
    """

    question: Question
    world: World
    standing: dict[str, dict[str, Standing]]
    levers: dict[str, Levers]
    crude: dict[str, CrudePath | None]
    discount: dict[str, tuple[float, float, float]]
    oil_share: dict[str, float | None]
    members: dict[str, tuple[str, ...]]
    axes: tuple[Axis, ...]
    _bases: dict[str, Economy] = field(default_factory=dict, repr=False, compare=False)

    @property
    def focal(self) -> tuple[str, ...]:
        return self.members[self.question.focal]

    def today(self, axis: Axis) -> float:
        """The depth from which an axis starts; zero where it is no depth."""
        return self.standing[axis.by][axis.domain].today if axis.domain else 0.0

    def moves(self, x: np.ndarray, base: Economy) -> tuple[Instrument, ...]:
        """The instruments of all axes at x (A,)."""
        return tuple(
            item
            for k, axis in enumerate(self.axes)
            if x[k]
            for item in instruments(
                axis, float(x[k]), self.levers, self.members, self.focal, self.today(axis), base, self.world
            )
        )


def set_up(question: Question, world: World, year: int | None = None) -> Setting:
    """The Setting of a question. year: the year whose ties count as today's (energy; by default the latest).

    Raises InputError for a state or an industry that the world lacks, a bad question, or an offer that opens only
    domains without data.
    """
    roles = {"focal": question.focal}
    roles |= {("offerer" if k == 0 else f"offers[{k}].by"): o.by for k, o in enumerate(question.all_offers)}
    roles |= {("third" if k == 0 else f"pressure[{k}].by"): p.by for k, p in enumerate(question.all_pressures)}
    members = {}
    for role, code in roles.items():
        members[code] = countries_of(code)
        for c in members[code]:
            if c not in world.countries:
                raise unknown("country of this world", c, world.countries, field=role)
    for industry in (CRUDE, *industry_group("technology")):
        if industry not in world.sectors:
            raise InputError(f"this world has no industry {industry}", field="world", hint="an answer needs its detail")
    focal = question.focal
    standing: dict[str, dict[str, Standing]] = {}
    levers, crude, discount, share = {}, {}, {}, {}
    for place, offer in enumerate(question.all_offers):
        j = offer.by
        standing[j] = standings(focal, j, world, year)
        open_ones = [d for d in offer.domains if standing[j][d].known]
        if not open_ones:
            raise InputError(
                f"there are no data on {focal} and {j} in {', '.join(offer.domains)}",
                field=f"offers[{place}].domains" if question.offers else "domains",
                hint=f"there are in: {', '.join(d for d, s in standing[j].items() if s.known) or 'none'}",
            )
        for d, most in offer.most.items():
            if most < standing[j][d].today - 1e-9:
                raise InputError(
                    f"the offer's {most:g} is below today's depth of {standing[j][d].today:.2f}",
                    field=f"offers[{place}].most.{d}",
                    hint="an offer proposes more of a tie",
                )
        crude[j] = crude_between(focal, j, world)
        discount[j] = (offer.discount,) * 3 if offer.discount is not None else further_discount_band(crude[j])
        share[j] = oil_and_gas_share(focal, j, year)
        levers[j] = Levers(members[focal], members[j], discount[j][1], offer.payments)
    replies = {p.by: p.replies for p in question.all_pressures}
    offerers = [o.by for o in question.all_offers]
    counters = [p.by for p in question.all_pressures if p.counter_offer and p.by not in offerers]
    today = {j: {d: s.today for d, s in table.items()} for j, table in standing.items()}
    sells = [j for j in offerers if share[j] is not None or standing[j]["energy"].today > 0]
    axes = axes_of(offerers, replies, counters, today, sells, {o.by: o.domains for o in question.all_offers})
    return Setting(question, world, standing, levers, crude, discount, share, members, axes)


def further_discount_band(path: CrudePath | None) -> tuple[float, float, float]:
    """Further discount (low, middle, high), the ends where the recorded prices' 80 % interval puts them."""
    middle = further_discount(path)
    if path is None or middle <= 0:
        return middle, middle, middle
    last = path.years[-1]
    half = 0.0
    if last.discount_low is not None and last.discount_high is not None and last.others_price_screened:
        half = (last.discount_high - last.discount_low) / 2 / last.others_price_screened
    return max(middle - half, 0.0), middle, min(middle + half, 0.3)


def build_surface(setting: Setting, sets: Sequence[str], seed: int = 1, step: Step = lambda: None) -> Surface:
    """Solve the design in each elasticity set. `step` is called after each solve. Raises ConvergenceError."""
    q, world = setting.question, setting.world
    axes, pairs = setting.axes, pairs_of(setting.axes)
    A, C = len(axes), world.countries
    singles = [(k, x) for k, axis in enumerate(axes) for x in axis.nodes]
    corners = [(pair, x, y) for pair in pairs for x, y in pair.corners]
    design = np.zeros((len(singles) + len(corners), A))
    for m, (k, x) in enumerate(singles):
        design[m, k] = x
    for m, (pair, x, y) in enumerate(corners):
        design[len(singles) + m, [pair.axis, pair.other]] = x, y
    rng = np.random.default_rng(seed)
    tried = [held_out_points(axes, rng) for _ in sets]

    def in_set(item: tuple[str, np.ndarray], step: Step) -> tuple[np.ndarray, np.ndarray]:
        name, held = item
        base = base_of(setting, name)
        usd = real_incomes([setting.moves(x, base) for x in (*design, *held)], world, base, step)
        return usd, np.asarray(base.I, dtype=float)

    found = on_threads(in_set, list(zip(sets, tried, strict=True)), step)
    values, incomes = [usd for usd, _ in found], [income for _, income in found]
    solved, tests = (np.stack([v[part] for v in values]) for part in (slice(len(design)), slice(len(design), None)))
    main, start = [], 0
    for axis in axes:
        main.append(solved[:, start : start + len(axis.nodes)])
        start += len(axis.nodes)
    member = np.array([[c in setting.members[p] for c in C] for p in q.parties])
    blank = Surface(
        question=q, parties=q.parties, countries=tuple(C), membership=member, sets=tuple(sets), axes=axes,
        main=tuple(main), pairs=(), joint=np.zeros((len(sets), 0, len(C))), income=np.stack(incomes),
        standing=setting.standing, discount=setting.discount, crude=crude_facts(setting.crude), oil=oil_prices(world),
        oil_share=setting.oil_share, held_out=HeldOut(0, {}, {}, {}),
        year=int(world.data.attrs.get("year", 0)), solves=len(sets) * (len(design) + HELD_OUT),
    )  # fmt: skip
    joint = np.zeros((len(sets), len(corners), len(C)))
    for m, (pair, x, y) in enumerate(corners):
        alone = blank.curve(pair.axis, np.array([x]))[:, 0] + blank.curve(pair.other, np.array([y]))[:, 0]
        joint[:, m] = solved[:, len(singles) + m] - alone
    whole = replace(blank, pairs=pairs, joint=joint, _tables={})
    return replace(whole, held_out=_checked(whole, np.stack(tried), tests), _tables={})


def held_out_points(axes: Sequence[Axis], rng: np.random.Generator) -> np.ndarray:
    """Points inside the region that answers lie in: depths all up or all down, one reply, a discount at times.
    (HELD_OUT, A)"""
    out = np.zeros((HELD_OUT, len(axes)))
    for m in range(HELD_OUT):
        way = "more" if m % 3 else "less"
        reply = rng.choice([k for k, a in enumerate(axes) if a.kind == "tariff"] or [-1])
        for k, a in enumerate(axes):
            if a.kind == way:
                out[m, k] = rng.uniform(0.2, 1.0)
            elif k == reply and way == "more":
                out[m, k] = rng.uniform(0.1, 0.8)
            elif a.kind == "discount" and m % 3 == 2:
                out[m, k] = rng.uniform(0.02, 0.15)
    return out


def _checked(surface: Surface, points: np.ndarray, exact: np.ndarray) -> HeldOut:
    """Compare at held-out points: (S, H, A) and (S, H, N) million USD."""
    S, H, A = points.shape
    said = surface.total(np.repeat(np.arange(S), H), points.reshape(S * H, A)).reshape(S, H, -1)
    truth = surface.party_pct(exact)
    miss = np.abs(said - truth)
    names = surface.parties
    return HeldOut(
        points=S * H,
        largest={p: float(miss[..., k].max()) for k, p in enumerate(names)},
        rms={p: float(np.sqrt((miss[..., k] ** 2).mean())) for k, p in enumerate(names)},
        effect={p: float(np.sqrt((truth[..., k] ** 2).mean())) for k, p in enumerate(names)},
    )


def base_of(setting: Setting, elasticities: str) -> Economy:
    """The base of an elasticity set, each offerer's share in the focal state's oil and gas as last observed. Kept."""
    if elasticities in setting._bases:
        return setting._bases[elasticities]
    base = base_economy(setting.world, Scenario(elasticities=elasticities))
    for j, share in setting.oil_share.items():
        if share is not None:
            base = energy_as_observed(base, setting.levers[j], share, setting.world)
    setting._bases[elasticities] = base
    return base


def solve_at(
    surface: Surface, x: np.ndarray, *, world: World | None = None, progress: Callable[[str, float], None] | None = None
) -> np.ndarray:
    """Real income of the surface's parties, solved exactly where the surface interpolates: % against today.

    x: (S, A), or (A,) for all sets: the place on every axis, as `Surface.total` takes it. world: the one that the
    surface was made of; by default the embedded world, or the user's own. Returns (S, parties). Raises InputError for
    another world, and ConvergenceError.
    """
    from multialign.world.refresh import own_world

    world = world if world is not None else own_world()
    year = int(world.data.attrs.get("year", 0))
    if tuple(world.countries) != surface.countries or year != surface.year:
        hint = f"it was made of one of {surface.year} with {len(surface.countries)} countries; prepare another"
        raise InputError(f"the surface is not of this world ({year})", field="world", hint=hint)
    setting = set_up(surface.question, world)
    points = np.broadcast_to(x, (len(surface.sets), len(surface.axes)))
    found = []
    for n, name in enumerate(surface.sets):
        if progress is not None:
            progress(f"solving with the elasticities {name}", n / len(surface.sets))
        base = base_of(setting, name)
        found.append(real_incomes([setting.moves(points[n], base)], world, base)[0])
    return surface.party_pct(np.stack(found))


def crude_facts(paths: dict[str, CrudePath | None]) -> dict[str, CrudeFacts]:
    """What is known of each offerer's crude; only those that sold at a credible price in the panel's last year."""
    out = {}
    for j, path in paths.items():
        latest = path.years[-1] if path and path.years else None
        if latest is None or latest.year != panels.ENERGY_YEARS[1] or not latest.credible:
            continue
        if latest.price and latest.barrels:
            out[j] = CrudeFacts(latest.price, latest.year, latest.barrels, latest.discount_screened)
    return out


def energy_as_observed(base: Economy, levers: Levers, share: float, world: World) -> Economy:
    """The base with the offerer's share in the focal state's imports of oil and gas brought to `share`.

    The friction on that flow is moved by the partial-equilibrium odds until the share fits to half a point (two or
    three rounds). Where the World has no such flow at all the base is returned as it is.
    """
    s = world.sectors.index(CRUDE)
    for _ in range(6):
        now = _oil_share(base, levers, world)
        if now <= 0 or abs(now - share) < 0.005:
            break
        odds = (share / (1 - share)) / (now / (1 - now))
        change = odds ** (-1.0 / float(base.theta[s])) - 1.0
        fitting = Friction(importers=levers.focal, exporters=levers.offerer, industries=(CRUDE,), change=change)
        base = after(Scenario(instruments=(fitting,)), world, base)
    return base


def _oil_share(base: Economy, levers: Levers, world: World) -> float:
    """The offerer's share in the focal state's imports of oil and gas in a base."""
    s = world.sectors.index(CRUDE)
    n = [world.countries.index(c) for c in levers.focal]
    value = (base.pi_m[n] * base.E_m[n][:, None, :] + base.pi_f[n] * base.E_f[n][:, None, :])[:, :, s].sum(axis=0)
    value[n] = 0.0
    total = value.sum()
    return float(value[[world.countries.index(c) for c in levers.offerer]].sum() / total) if total > 0 else 0.0

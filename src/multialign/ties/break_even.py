"""The discount on crude that just pays for a third power's tariff: by simple accounting, and in general equilibrium.

Accounting: the tariff's bill on the buyer's exports over the barrels bought. General equilibrium: the discount at which
the buyer's real income is what it would be with neither. The two differ by two factors that are given with the result:
how much of the bill the buyer really loses, and what a dollar off a barrel is really worth to it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from multialign.errors import InputError
from multialign.ties import crude_data as data
from multialign.ties.break_even_model import BreakEven, BreakEvenPoint, GeneralEquilibrium, NetMap
from multialign.ties.crude import CrudeOrigin, crude_from
from multialign.world import codes

if TYPE_CHECKING:
    from multialign.trade import Solution
    from multialign.trade.economy import Economy
    from multialign.world import World

TARIFFS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5)
"""Extra tariffs (fractions) of the curve, where none are given."""
OIL = "B06"
DISCOUNT_NODES = (0.0, 0.1, 0.25, 0.45)
"""Discounts (fractions of the price) at which the map is solved exactly; between them it is interpolated."""
DEPTHS = (1.0, 0.5, 0.25)
"""Parts of these that are tried, where high elasticities leave no equilibrium for the deepest."""
CURVE_NODES = (0.04, 0.1, 0.18, 0.28, 0.45)
"""Discounts at which a further elasticity set is solved, until they pay for the highest tariff."""
SETS = ("median", "BSY", "CP", "FGO", "GYY", "IS", "LL", "Shap", "U4")
CELLS = 11
Progress = Callable[[str, float], None]


def break_even(
    buyer: str,
    seller: str,
    third: str,
    tariffs: Sequence[float] | float = TARIFFS,
    *,
    barrels: float | None = None,
    exports: float | None = None,
    absorbed: float = 1.0,
    world: World | None = None,
    elasticities: Sequence[str] = SETS,
    equilibrium: bool = True,
    progress: Progress | None = None,
) -> BreakEven:
    """The discount, USD a barrel, that just pays for a tariff of the third power on the buyer's goods.

    Parameters
    ----------
    buyer, seller, third: ISO3 codes or English names, ``EU27``, or other groups of states.
    tariffs: extra ad-valorem rates on all goods (0.25 = 25 points), up to 2.
    barrels: million a year on which the discount is given; by default those of the panel's last year.
    exports: the buyer's goods exports to the third power, million USD; by default the World's.
    absorbed: the part of the tariff that accounting lets the buyer's exporters bear (1: all of it).
    elasticities: the first set makes the curve and the map, all together the interval; ``("median",)`` is quick.
    equilibrium: False leaves general equilibrium out. progress: called with a text and a part of one.

    Raises InputError for unknown or overlapping parties, a buyer that takes no crude from the seller, and rates outside
    0 to 2; ConvergenceError where no equilibrium was found.
    """
    rates = _rates(tariffs)
    me, them, power = (data.party(c, field=f) for c, f in ((buyer, "buyer"), (seller, "seller"), (third, "pressure")))
    _apart(("buyer", me), ("seller", them), ("pressure", power))
    if not 0 < absorbed <= 1:
        raise InputError(f"is {absorbed:g}", field="absorbed", hint="right is a part of one, above 0")
    own = crude_from(me.code, them.code)
    if own.price is None or own.credible is False:
        raise InputError(f"has no credible price for {me.name} in {own.year}", field="seller", hint="give another one")
    volume = own.barrels if barrels is None else float(barrels)
    if not volume > 0:
        raise InputError(f"is {volume:g}", field="barrels", hint="million barrels a year, above zero")
    if world is None:
        from multialign.world.refresh import own_world

        world = own_world()
    inside = [_members(p, world) for p in (me, them, power)]
    sold = _goods(world, inside[2], inside[0]) if exports is None else float(exports)
    if sold is None or not sold > 0:
        raise InputError(
            f"the World has no goods exports from {me.name} to {power.name}",
            field="exports",
            hint="give them in million USD",
        )
    notes = list(_notes(own, world, exports is not None, barrels is not None))
    general = None
    if equilibrium and all(inside):
        general = _equilibrium(inside, own, volume, rates, sold / _sold(world, inside), world, elasticities, progress)
    elif equilibrium:
        missing = [p.name for p, m in zip((me, them, power), inside, strict=True) if not m]
        notes.append(f"No general equilibrium: {', '.join(missing)} is not in the World.")
    per_point = absorbed * sold / volume
    points = tuple(
        BreakEvenPoint(
            tariff=t,
            bill=absorbed * t * sold,
            accounting_usd=per_point * t,
            accounting_pct=100.0 * per_point * t / own.price,
            ge_usd=None if general is None else general[0][k],
            ge_low=None if general is None else general[1][k],
            ge_high=None if general is None else general[2][k],
        )
        for k, t in enumerate(rates)
    )
    return BreakEven(
        buyer=me.code,
        seller=them.code,
        pressure=power.code,
        names={p.code: p.name for p in (me, them, power)},
        year=own.year,
        price=own.price,
        barrels=volume,
        exports=sold,
        exports_year=int(world.data.attrs.get("year", 0)),
        absorbed=absorbed,
        today=own.discount_to_others,
        today_screened=own.discount_screened,
        today_low=own.discount_low,
        today_high=own.discount_high,
        points=points,
        general=None if general is None else general[3],
        map=None if general is None else _accounting_map(general[4], per_point * volume, volume),
        elasticities=tuple(elasticities) if general is not None else (),
        notes=tuple(notes),
    )


def _rates(given: Sequence[float] | float) -> tuple[float, ...]:
    rates = (float(given),) if isinstance(given, (int, float)) else tuple(float(t) for t in given)
    if not rates:
        raise InputError("names no tariff", field="tariffs", hint="give rates such as 0.25")
    for t in rates:
        if not 0 < t <= 2:
            raise InputError(f"is {t:g}", field="tariffs", hint="a rate is a fraction: 0.25 for 25 points, 2 at most")
    return tuple(sorted(set(rates)))


def _apart(*parties: tuple[str, data.Party]) -> None:
    for k, (field, one) in enumerate(parties):
        for _, other in parties[:k]:
            if set(one.places) & set(other.places):
                raise InputError(f"'{one.code}' overlaps with '{other.code}'", field=field, hint="give another")


def _members(who: data.Party, world: World) -> tuple[str, ...]:
    names = list(data.axis())
    return tuple(names[k] for k in who.places if names[k] in world.countries)


def _goods(world: World, importers: Sequence[str], exporters: Sequence[str]) -> float | None:
    """Goods that the exporters sell to the importers, million USD at producer prices; None where a side is empty."""
    if not importers or not exporters:
        return None
    goods = [s for s in codes.industry_group("goods") if s in world.sectors]
    return float(world.trade.sel(importer=list(importers), exporter=list(exporters), sector=goods).sum())


def _sold(world: World, inside: Sequence[Sequence[str]]) -> float:
    return _goods(world, inside[2], inside[0]) or float("nan")


def _notes(own: CrudeOrigin, world: World, own_exports: bool, own_barrels: bool) -> list[str]:
    year = world.data.attrs.get("year", "its own year")
    out = []
    if not own_exports:
        out.append(f"Exports are goods of {year} at producer prices (estimated, OECD tables), all taxed alike.")
    if not own_barrels:
        out.append(f"Barrels and price are those of {own.year} (observed, customs values free on board).")
    out.append(
        f"In general equilibrium the oil and gas that the World of {year} has between the two is first brought to the "
        "value of these barrels at this price."
    )
    return out


Found = tuple[list[float | None], list[float | None], list[float | None], GeneralEquilibrium, NetMap]


def _equilibrium(
    inside: Sequence[tuple[str, ...]],
    own: CrudeOrigin,
    volume: float,
    rates: tuple[float, ...],
    scale: float,
    world: World,
    elasticities: Sequence[str],
    progress: Progress | None,
) -> Found:
    """Break-even by set, its interval, the first set's factors, and the map of its net real income."""
    price, value = float(own.price or 0.0), volume * float(own.price or 0.0)
    most = max(*rates, 0.1)
    nodes = most * np.array([0.0, 0.1, 0.25, 0.5, 1.0])
    curves = []
    grid = depth = np.zeros(0)
    for k, name in enumerate(elasticities):
        if progress is not None:
            progress(f"solving with elasticities {name}", k / len(elasticities))
        base = flow_as_given(_base(world, name), inside, value, world)
        if k == 0:
            depth, grid = _grid(base, inside, nodes, world)
            across, discounts, worth = grid[0], depth, grid[:, 0]
        else:
            across = np.array([_net(base, inside, 0.0, float(t), world) for t in nodes])
            discounts, worth = _worth(base, inside, -scale * float(across.min()), world)
        # What is taxed is the World's trade; exports of another year scale the loss, to first order.
        loss = -_at(nodes, across, np.array(rates)) * scale
        curves.append([_crossing(discounts, worth, x) for x in loss])
    found = np.array([[np.nan if c is None else c * price for c in curve] for curve in curves])
    first = [None if np.isnan(c) else float(c) for c in found[0]]
    low, high = (_quantile(found, q) for q in (0.1, 0.9))
    at = float(nodes[3])
    bill, small = at * _sold(world, inside), float(depth[1])
    general = GeneralEquilibrium(
        tariff=at,
        loss=float(-grid[0, 3]),
        loss_per_bill=float(-grid[0, 3] / bill),
        discount_pct=100.0 * small,
        worth=float(grid[1, 0]),
        worth_per_dollar=float(grid[1, 0] / (small * value)),
    )
    return first, low, high, general, _map(grid, depth, nodes, price, scale)


def _base(world: World, name: str) -> Economy:
    from multialign.trade import Scenario, base_economy

    return base_economy(world, Scenario(elasticities=name))


def flow_as_given(base: Economy, inside: Sequence[tuple[str, ...]], value: float, world: World) -> Economy:
    """The base with the buyer's purchases of the seller's oil and gas brought to `value`, million USD.

    The friction on the flow is moved by the partial-equilibrium odds until the value fits to 1 %. Raises InputError
    where the World has no such flow, or the value is more than the buyer spends on oil and gas.
    """
    from multialign.trade import Friction, Scenario, after

    buyers, sellers, _ = inside
    s = world.sectors.index(OIL) if OIL in world.sectors else None
    if s is None:
        raise InputError(f"the World has no industry {OIL}", field="world", hint="oil and gas are needed")
    n, i = ([world.countries.index(c) for c in who] for who in (buyers, sellers))
    for _ in range(8):
        spent = (base.pi_m[n] * base.E_m[n][:, None, :] + base.pi_f[n] * base.E_f[n][:, None, :])[:, :, s]
        net = spent / ((1.0 + base.t[n][:, :, s]) * (1.0 + base.e[n][:, :, s]))
        now, whole = float(net[:, i].sum()), float(net.sum())
        if now <= 0:
            raise InputError("the World has no oil or gas between the two", field="seller", hint="give another")
        if abs(now / value - 1.0) < 0.01:
            return base
        if value >= 0.98 * whole:
            raise InputError(
                f"are worth {value:,.0f} million USD, and the buyer spends {whole:,.0f} on oil and gas",
                field="barrels",
                hint="give fewer",
            )
        odds = (value / (whole - value)) / (now / (whole - now))
        change = odds ** (-1.0 / float(base.theta[s])) - 1.0
        fitting = Friction(importers=buyers, exporters=sellers, industries=(OIL,), change=min(change, 99.0))
        base = after(Scenario(instruments=(fitting,)), world, base)
    return base


def _net(base: Economy, inside: Sequence[tuple[str, ...]], discount: float, tariff: float, world: World) -> float:
    """Equivalent variation of the buyer, million USD, at one discount and tariff (fractions)."""
    from multialign.trade import Discount, Scenario, Tariff, solve
    from multialign.trade.instruments import Instrument

    buyers, sellers, power = inside
    moves: list[Instrument] = []
    if discount > 0:
        moves.append(Discount(importers=buyers, exporters=sellers, industries=(OIL,), rate=discount))
    if tariff > 0:
        moves.append(Tariff(importers=power, exporters=buyers, industries=("goods",), rate=tariff))
    if not moves:
        return 0.0
    result: Solution = solve(Scenario(instruments=tuple(moves)), world, base=base)
    return float(result.welfare_usd.loc[list(buyers)].sum())


def _grid(
    base: Economy, inside: Sequence[tuple[str, ...]], tariffs: np.ndarray, world: World
) -> tuple[np.ndarray, np.ndarray]:
    """Discounts, and `_net` at every pair of them and the tariffs. (4,) and (4, len(tariffs)).

    The discounts are `DISCOUNT_NODES`, or as deep ones as have an equilibrium. Raises ConvergenceError where none has.
    """
    from multialign.errors import ConvergenceError

    for part in DEPTHS:
        nodes = part * np.array(DISCOUNT_NODES)
        try:
            # The deepest first: it is the one that may have none.
            rows = [[_net(base, inside, float(d), float(t), world) for t in tariffs] for d in nodes[::-1]]
        except ConvergenceError:
            if part == DEPTHS[-1]:
                raise
            continue
        return nodes, np.array(rows[::-1])
    raise ConvergenceError("no discount has an equilibrium")


def _worth(
    base: Economy, inside: Sequence[tuple[str, ...]], most: float, world: World
) -> tuple[np.ndarray, np.ndarray]:
    """Discounts, from none up to where one is worth `most`, and what each is worth, million USD.

    With a high elasticity a deep discount moves nearly all of the buyer's oil to the seller; what is not needed is not
    solved. Where no equilibrium is found for a deeper one, the curve ends before it.
    """
    from multialign.errors import ConvergenceError

    at, worth = [0.0], [0.0]
    for d in CURVE_NODES:
        try:
            found = _net(base, inside, d, 0.0, world)
        except ConvergenceError:
            if len(at) < 2:
                raise
            break
        at.append(d)
        worth.append(found)
        if found >= most:
            break
    return np.array(at), np.array(worth)


def _at(x: np.ndarray, y: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Monotone interpolation through nodes."""
    from scipy.interpolate import PchipInterpolator

    return np.asarray(PchipInterpolator(x, y)(wanted))


def _crossing(discounts: np.ndarray, worth: np.ndarray, loss: float) -> float | None:
    """The discount (fraction) whose worth is `loss`; None where none of the solved ones is enough."""
    if loss <= 0:
        return 0.0
    fine = np.linspace(0.0, float(discounts[-1]), 901)
    value = _at(discounts, worth, fine)
    over = np.flatnonzero(value >= loss)
    if not over.size:
        return None
    k = int(over[0])
    step = (loss - value[k - 1]) / (value[k] - value[k - 1])
    return float(fine[k - 1] + step * (fine[k] - fine[k - 1]))


def _quantile(found: np.ndarray, q: float) -> list[float | None]:
    """Quantile over sets by tariff; None where sets without an answer reach it."""
    filled = np.where(np.isnan(found), np.inf, found)
    out = np.quantile(filled, q, axis=0, method="nearest")
    return [None if not np.isfinite(v) else float(v) for v in out]


def _map(grid: np.ndarray, depth: np.ndarray, nodes: np.ndarray, price: float, scale: float) -> NetMap:
    """The map on a fine grid: GE by interpolation of the exact nodes, first along tariffs, then along discounts."""
    tariffs = np.linspace(0.0, float(nodes[-1]), CELLS)
    discounts = np.linspace(0.0, float(depth[-1]), CELLS)
    # Only the tariff's own part scales with the exports that are really taxed.
    worth = grid[:, :1]
    rest = np.stack([_at(nodes, row, tariffs) for row in (grid - worth) * scale + worth])
    ge = np.stack([_at(depth, rest[:, k], discounts) for k in range(CELLS)], axis=1)
    return NetMap(
        tariffs=tuple(float(t) for t in tariffs),
        discounts=tuple(float(d * price) for d in discounts),
        general=tuple(tuple(float(v) for v in row) for row in ge),
        accounting=(),
    )


def _accounting_map(found: NetMap, bill: float, volume: float) -> NetMap:
    rows = tuple(tuple(d * volume - bill * t for t in found.tariffs) for d in found.discounts)
    return found.model_copy(update={"accounting": rows})


def goods_exports(buyer: str, third: str, world: World | None = None) -> float:
    """The buyer's goods exports to a third power in the World, million USD at producer prices. Raises InputError."""
    if world is None:
        from multialign.world.refresh import own_world

        world = own_world()
    me, power = data.party(buyer, field="buyer"), data.party(third, field="pressure")
    _apart(("buyer", me), ("pressure", power))
    sold = _goods(world, _members(power, world), _members(me, world))
    if not sold:
        raise InputError(f"the World has no goods exports from {me.name} to {power.name}", field="pressure")
    return sold

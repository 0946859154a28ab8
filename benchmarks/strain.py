"""The engine under strain: random worlds, from two countries and one industry to 200 x 100.

    python benchmarks/strain.py --n 2000 --seed 1 [--largest 200x100] [--json]

Each case is made from its own seed: thin trade, zeros, countries that live on others, elasticities from 0.05 to 60,
tariffs of 1000 %, embargoes, all closures. It is solved, and either comes back or raises. What comes back is held
against the model's equations once more by the NumPy code below, which shares nothing with the engine: it works from the
world's arrays and the numbers of the result alone. A case that comes back and misses is a wrong number: there must be
none.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import jax
import numpy as np

from multialign import ConvergenceError, InputError, Scenario, World, solve
from multialign.trade.instruments import Discount, Embargo, ExportTax, Friction, Instrument, Tariff

WRONG = 1e-6
"""A miss above this, relative to the country's labour income, is a wrong number; the engine's own tolerance is 1e-9."""

MODERATE = "moderate"
EXTREME = "extreme"


@dataclass(frozen=True)
class Case:
    """A world, a scenario on it, and what its instruments come to, worked out here. t, e, d, open: (N, N, S)."""

    seed: int
    kind: str
    world: World
    scenario: Scenario
    t: np.ndarray
    e: np.ndarray
    d: np.ndarray
    open: np.ndarray


@dataclass
class Outcome:
    """What became of one case."""

    seed: int
    N: int
    S: int
    kind: str
    came: str  # solved, not converged, refused, no world
    misses: dict[str, float] = field(default_factory=dict)
    seconds: float = 0.0
    steps: int = 0
    said: str = ""

    @property
    def worst(self) -> float:
        """The largest miss, infinite where one is not a number."""
        values = [v if np.isfinite(v) else np.inf for v in self.misses.values()]
        return max(values, default=0.0)

    @property
    def wrong(self) -> bool:
        """Whether numbers came back that do not satisfy the model."""
        return self.came == "solved" and self.worst > WRONG


def random_case(seed: int, N: int | None = None, S: int | None = None, kind: str | None = None) -> Case:
    """The case of a seed. Raises InputError where the draw makes no world (a country without anything to sell)."""
    rng = np.random.default_rng(seed)
    N = N or int(np.exp(rng.uniform(np.log(2), np.log(31))))
    S = S or int(np.exp(rng.uniform(0, np.log(21))))
    kind = kind or (EXTREME if rng.random() < 0.5 else MODERATE)
    hard = kind == EXTREME
    world = World.from_arrays(
        [f"C{n}" for n in range(N)], [f"S{s}" for s in range(S)], **_arrays(rng, N, S, hard), tolerance=1e-6
    )
    size = 1.0 if hard else 0.3
    items: list[Instrument] = []
    t, e = world.array("tariff").copy(), world.array("export_tax").copy()
    d, is_open = np.ones((N, N, S)), np.ones((N, N, S), dtype=bool)
    for _ in range(int(rng.integers(0, 6))):
        items.append(_instrument(rng, N, S, size, hard, t, e, d, is_open))
    fields: dict[str, Any] = {
        "deficits": str(rng.choice(["kept", "kept", "share", "own", "removed"])),
        "numeraire": str(rng.choice(["labour", "labour", "income", "C0"])),
    }
    scenario = Scenario(name=f"strain {seed}", instruments=tuple(items), elasticities="world", **fields)
    return Case(seed, kind, world, scenario, t, e, d, is_open)


def _arrays(rng: np.random.Generator, N: int, S: int, hard: bool) -> dict[str, np.ndarray]:
    """A balanced world's arrays. Hard: sizes over six orders, most cells empty, some countries that hardly sell."""
    spread = rng.uniform(0.5, 4.0) if hard else 1.0
    size = np.exp(spread * rng.standard_normal(N))
    thin = 10.0 ** rng.uniform(-6, 0) if hard else 10.0 ** rng.uniform(-1.5, 0)
    empty = rng.uniform(0, 0.95) if hard else rng.uniform(0, 0.3)
    home = np.arange(N)

    def flows() -> np.ndarray:
        cells = np.exp(rng.uniform(0.2, 2.5 if hard else 1.0) * rng.standard_normal((N, N, S)))
        cells *= thin * np.sqrt(size[:, None] * size[None, :])[:, :, None]
        cells[rng.random((N, N, S)) < empty] = 0.0
        own = np.exp(rng.standard_normal((N, S))) * size[:, None]
        if hard:
            own[rng.random((N, S)) < 0.3] = 0.0
            own[:, 0] = np.maximum(own[:, 0], 1e-3 * size)
        cells[home, home] = own
        return cells

    trade_m, trade_f = flows(), flows()
    if hard and rng.random() < 0.4:  # some live on others
        takers = rng.random(N) < 0.3
        trade_f[takers] *= rng.uniform(1, 50)
    tariff = rng.uniform(0, 1.0 if hard else 0.3, (N, N, S)) * (rng.random((N, N, S)) < 0.6)
    tax = rng.uniform(-0.3, 0.5, (N, N, S)) * (rng.random((N, N, S)) < (0.2 if hard and rng.random() < 0.5 else 0.0))
    tariff[home, home] = tax[home, home] = 0.0
    wedge = (1 + tariff) * (1 + tax)
    # Inputs must leave value added: purchases are made smaller until they are at most a part of every country's sales.
    most = rng.uniform(0.3, 0.95 if hard else 0.7)
    for _ in range(200):
        bought = (trade_m * wedge).sum(axis=1)
        sales = (trade_m + trade_f).sum(axis=0)
        over = bought.sum(axis=1) / np.maximum(most * sales.sum(axis=1), 1e-300)
        if (over <= 1.0).all():
            break
        trade_m *= (1.0 / np.maximum(over, 1.0))[:, None, None] * np.where(over > 1, 0.999, 1.0)[:, None, None]
    share = sales / np.maximum(sales.sum(axis=1, keepdims=True), 1e-300)
    low, high = (np.log(0.05), np.log(60)) if hard else (np.log(1.5), np.log(12))
    return {
        "intermediate_trade": trade_m,
        "final_trade": trade_f,
        "input_use": bought[:, :, None] * share[:, None, :],
        "tariff": tariff,
        "export_tax": tax,
        "elasticity": np.exp(rng.uniform(low, high, S)),
    }


def _instrument(
    rng: np.random.Generator, N: int, S: int, size: float, hard: bool,
    t: np.ndarray, e: np.ndarray, d: np.ndarray, is_open: np.ndarray,
) -> Instrument:  # fmt: skip
    """A random instrument, laid over the rates."""
    n, i = rng.permutation(N)[:2]
    some = rng.random(S) < 0.5
    if not some.any():
        some[:] = True
    wide = rng.random() < 0.3
    sides = {"importers": (f"C{n}",), "industries": tuple(f"S{s}" for s in np.flatnonzero(some))}
    if not wide:
        sides["exporters"] = (f"C{i}",)
    where = np.zeros((N, N, S), dtype=bool)
    where[n, :, some] = True if wide else (np.arange(N) == i)
    where[n, n] = False
    kind = rng.choice(["tariff", "export_tax", "friction", "embargo", "discount"], p=[0.35, 0.15, 0.25, 0.1, 0.15])
    if kind == "tariff":
        rate = float(rng.uniform(0, 10 * size if hard else size))
        t[where] += rate
        return Tariff(rate=rate, **sides)
    if kind == "export_tax":
        rate = float(rng.uniform(0, size))
        e[where] += rate
        return ExportTax(rate=rate, **sides)
    if kind == "friction":
        change = float(np.exp(rng.uniform(-1, 4)) - 1 if hard else rng.uniform(-0.2, 0.5))
        d[where] *= 1 + change
        return Friction(change=change, **sides)
    if kind == "embargo":
        is_open[where] = False
        return Embargo(**sides)
    rate = float(rng.uniform(0.01, 0.3))
    e[where] = (1 + e[where]) * (1 - rate) - 1
    return Discount(rate=rate, **sides)


def recheck(case: Case, data: Any) -> dict[str, float]:
    """Largest miss of each equation and identity, from the world's arrays and the result's numbers alone.

    Relative to the labour income of the country concerned; prices and costs in logs. With deficits removed first, the
    base is not the world's own: then only what must hold of the new state by itself is looked at.
    """
    w = case.world
    wedge0 = (1 + w.array("tariff")) * (1 + w.array("export_tax"))
    use, va, final = w.array("input_use"), w.array("value_added"), w.array("final_use")
    sales0 = use.sum(axis=1) + va
    wL0 = va.sum(axis=1)
    theta = w.array("elasticity")
    get = {str(k): np.asarray(data[k].values, dtype=float) for k in data.data_vars}
    wage, income, output = get["wage"], get["income"], get["output"]
    flows_m, flows_f = get["intermediate_trade"], get["final_trade"]
    wedge = (1 + case.t) * (1 + case.e)
    out: dict[str, float] = {}
    with np.errstate(divide="ignore", invalid="ignore"):
        gamma = np.where(sales0[:, None, :] > 0, use / sales0[:, None, :], 0.0)
        v = np.where(sales0 > 0, va / sales0, 1.0)
        alpha = final / final.sum(axis=1, keepdims=True)
        removed = case.scenario.deficits == "removed"
        spend_m = np.einsum("nsk,nk->ns", gamma, output)
        spend_f = alpha * income[:, None]
        new_wL = (v * output).sum(axis=1)

        def miss(a: np.ndarray, b: np.ndarray, over: np.ndarray) -> float:
            return float(np.max(np.abs(a - b) / over))

        # Clearing: what is bought is what is made; what is spent is what is bought, with taxes.
        out["goods"] = miss((flows_m + flows_f).sum(axis=0), output, new_wL[:, None])
        out["inputs"] = miss((flows_m * wedge).sum(axis=1), spend_m, new_wL[:, None])
        out["final"] = miss((flows_f * wedge).sum(axis=1), spend_f, new_wL[:, None])
        # Budgets: labour, revenue and transfers are income; trade is balanced but for the transfer (Walras).
        revenue = ((flows_m + flows_f) * (1 + case.e) * case.t).sum(axis=(1, 2))
        taxes = ((flows_m + flows_f) * case.e).sum(axis=(0, 2))
        out["income"] = miss(new_wL + revenue + taxes + get["deficit"], income, new_wL)
        border = ((flows_m + flows_f) * (1 + case.e)).sum(axis=2)
        out["walras"] = miss(border.sum(axis=1) - border.sum(axis=0), get["deficit"], new_wL)
        out["deficits"] = float(abs(get["deficit"].sum()) / new_wL.sum())
        out["negative"] = float(max(0.0, -flows_m.min(), -flows_f.min(), -output.min()))
        out["finite"] = 0.0 if all(np.isfinite(a).all() for a in get.values()) else np.inf
        if removed:
            out["no deficit"] = float(np.max(np.abs(get["deficit"]) / new_wL))
            return out
        out["labour"] = miss(new_wL, wage * wL0, wage * wL0)
        # Prices: unit costs, price indices, and each flow from them.
        P_m, P_f, cost = (get[n] for n in ("price_intermediate", "price_final", "cost"))
        log_cost = v * np.log(wage)[:, None] + np.einsum("nks,nk->ns", gamma, np.log(P_m))
        out["cost"] = float(np.max(np.abs(log_cost - np.log(cost))))
        log_change = np.log(cost)[None] + np.log(case.d) + np.log(wedge) - np.log(wedge0)
        for name, base, flows, spending, price in (
            ("intermediate", w.array("intermediate_trade"), flows_m, spend_m, P_m),
            ("final", w.array("final_trade"), flows_f, spend_f, P_f),
        ):
            paid = base * wedge0
            total = paid.sum(axis=1, keepdims=True)
            bought = total[:, 0] > 0
            log_term = np.where(case.open & (paid > 0), np.log(paid / total) - theta * log_change, -np.inf)
            top = np.max(log_term, axis=1, keepdims=True)
            term = np.exp(log_term - top)
            log_P = -(np.log(term.sum(axis=1)) + top[:, 0]) / theta
            out[f"price {name}"] = float(np.max(np.abs(log_P - np.log(price))[bought], initial=0.0))
            due = term / term.sum(axis=1, keepdims=True) * spending[:, None, :] / wedge
            gap = np.abs(due - flows) / np.minimum(new_wL[:, None], new_wL[None])[:, :, None]
            out[f"flow {name}"] = float(np.max(np.where(bought[:, None, :], gap, 0.0)))
    return out


def judge(seed: int, N: int | None = None, S: int | None = None, kind: str | None = None) -> Outcome:
    """Make, solve and re-check the case of a seed."""
    began = time.perf_counter()
    try:
        case = random_case(seed, N, S, kind)
    except InputError as error:
        return Outcome(seed, N or 0, S or 0, kind or "", "no world", said=str(error))
    sizes = len(case.world.countries), len(case.world.sectors)
    try:
        found = solve(case.scenario, case.world)
        misses = recheck(case, found.data)
        out = Outcome(seed, *sizes, case.kind, "solved", misses, steps=found.steps)
    except ConvergenceError as error:
        out = Outcome(seed, *sizes, case.kind, "not converged", said=str(error))
    except InputError as error:
        out = Outcome(seed, *sizes, case.kind, "refused", said=str(error))
    out.seconds = time.perf_counter() - began
    return out


def report(found: list[Outcome]) -> dict[str, Any]:
    """Counts by kind, the worst misses, and every seed that should not be."""
    body: dict[str, Any] = {"version": 1, "kind": "strain", "cases": len(found)}
    for kind in (MODERATE, EXTREME):
        some = [o for o in found if o.kind == kind]
        body[kind] = dict(Counter(o.came for o in some))
    body["no_world"] = sum(o.came == "no world" for o in found)
    solved = [o for o in found if o.came == "solved"]
    names = sorted({n for o in solved for n in o.misses})
    body["largest_miss"] = {n: max(o.misses.get(n, 0.0) for o in solved) for n in names}
    body["wrong"] = [
        {"seed": o.seed, "N": o.N, "S": o.S, "kind": o.kind, "misses": o.misses} for o in solved if o.wrong
    ]
    body["not_converged"] = [
        {"seed": o.seed, "N": o.N, "S": o.S, "kind": o.kind, "seconds": round(o.seconds, 1), "said": o.said}
        for o in found
        if o.came == "not converged"
    ]
    slow = sorted(found, key=lambda o: -o.seconds)[:5]
    body["slowest"] = [
        {"seed": o.seed, "N": o.N, "S": o.S, "came": o.came, "seconds": round(o.seconds, 1)} for o in slow
    ]
    body["seconds"] = round(sum(o.seconds for o in found), 1)
    return body


def main() -> None:
    """The command line of this file."""
    parser = argparse.ArgumentParser(description="Solve random worlds and re-check every number.")
    parser.add_argument("--n", type=int, default=1000, help="how many cases")
    parser.add_argument("--seed", type=int, default=1, help="the first seed; the others follow it")
    parser.add_argument("--size", help="countries x industries of all cases, as 200x100; by default random")
    parser.add_argument("--seconds", type=float, help="stop after so long")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    N, S = (int(x) for x in given.size.split("x")) if given.size else (None, None)
    # A size at a time, so that few compiled programs are held at once; sizes of few cases come first.
    chosen = [(N, S)] if N else list(SIZES)
    found: list[Outcome] = []
    for k, size in enumerate(chosen):
        began = time.perf_counter()
        for seed in range(given.seed + k * given.n, given.seed + k * given.n + given.n // len(chosen)):
            found.append(judge(seed, *size))
            if found[-1].wrong:
                print(f"WRONG: seed {seed}, {size}: {found[-1].misses}", file=sys.stderr)
            if given.seconds and time.perf_counter() - began > given.seconds / len(chosen):
                break
        jax.clear_caches()
    body = report(found)
    if given.json:
        print(json.dumps(body, indent=1))
        return
    for key, value in body.items():
        print(f"{key}: {len(value) if key in ('not_converged', 'wrong') else value}")
    for o in body["wrong"]:
        print("wrong", o)
    for o in body["not_converged"][:20]:
        print("not converged", o)


SIZES = ((2, 1), (2, 3), (3, 2), (5, 1), (5, 7), (12, 4), (20, 10), (40, 3))

if __name__ == "__main__":
    main()

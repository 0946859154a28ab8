"""gegravity (Herman 2021) on a made-up world: its baseline, one trade agreement, and the same world for our engine.

gegravity solves a one-sector Armington endowment economy in the form of Anderson & van Wincoop (2003): see
docs/explanation/benchmarks.md for its conventions, and for what its "full" equilibrium holds fixed.

Index letters: i exporter, n importer. Costs are kept as gegravity keeps them: to the power 1 - sigma, so that more is
cheaper.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from multialign import World

SIGMA = 5.0
COEFFICIENTS = {"distance": -0.8, "neighbours": 0.5, "agreement": 0.4, "abroad": -2.5}
YEAR = "2022"


class Case(NamedTuple):
    """A gravity data set: countries; pairs (N * N rows: exporter, importer, year, trade, output, spending and the
    variables of `COEFFICIENTS`); and who signs the agreement."""

    countries: tuple[str, ...]
    pairs: pd.DataFrame
    partners: tuple[str, str]


def made_up_case(N: int = 30, seed: int = 0, deficits: float = 0.0) -> Case:
    """N countries scattered on a plane, of log-normal size; about a third of the pairs have an agreement already. The
    first and the last country sign one. Deficits are drawn up to that share of output, and add up to zero."""
    rng = np.random.default_rng(seed)
    countries = tuple(f"C{k:02d}" for k in range(N))
    place, size = rng.uniform(0, 1, (N, 2)), np.exp(rng.normal(0.0, 1.0, N))
    distance = np.linalg.norm(place[:, None] - place[None, :], axis=2) + 0.05
    spending = size * (1.0 + deficits * rng.uniform(-1, 1, N))
    spending *= size.sum() / spending.sum()
    abroad = 1 - np.eye(N, dtype=int)
    drawn = np.triu(rng.uniform(size=(N, N)) < 1 / 3, 1)
    agreement = (drawn | drawn.T).astype(int)
    agreement[0, -1] = agreement[-1, 0] = 0
    neighbours = abroad * (distance < np.quantile(distance, 0.1))
    i, n = (a.ravel() for a in np.meshgrid(np.arange(N), np.arange(N), indexing="ij"))
    pairs = pd.DataFrame(
        {
            "exporter": np.array(countries)[i],
            "importer": np.array(countries)[n],
            "year": YEAR,
            "trade": 1.0,  # asked for, but the equilibrium rests on output, spending and costs alone
            "output": size[i],
            "spending": spending[n],
            "distance": np.log(distance[i, n]),
            "neighbours": neighbours[i, n],
            "agreement": agreement[i, n],
            "abroad": abroad[i, n],
        }
    )
    return Case(countries, pairs, (countries[0], countries[-1]))


def model(case: Case, pairs: pd.DataFrame | None = None) -> Any:
    """gegravity's model of a case, its baseline solved. `pairs` replaces the case's own."""
    import gegravity as ge

    with _quiet():
        return _model(ge, case, case.pairs if pairs is None else pairs)


def _model(ge: Any, case: Case, pairs: pd.DataFrame) -> Any:
    data = ge.BaselineData(
        pairs.copy(),
        imp_var_name="importer",
        exp_var_name="exporter",
        year_var_name="year",
        trade_var_name="trade",
        expend_var_name="spending",
        output_var_name="output",
    )
    estimates = pd.DataFrame({"var": list(COEFFICIENTS), "beta": list(COEFFICIENTS.values())})
    solved = ge.OneSectorGE(
        baseline=data,
        cost_coeff_values=ge.CostCoeffs(estimates=estimates, identifier_col="var", coeff_col="beta"),
        cost_variables=list(COEFFICIENTS),
        year=YEAR,
        reference_importer=case.countries[1],
        sigma=SIGMA,
        quiet=True,
    )
    solved.build_baseline(mr_tolerance=1e-12, mr_max_iter=5000)
    return solved


@contextmanager
def _quiet() -> Iterator[None]:
    """pandas' notices to gegravity's author are passed over; a solve that did not converge, of which gegravity only
    warns, is an error."""
    with warnings.catch_warnings():
        for kind in (FutureWarning, DeprecationWarning, PendingDeprecationWarning):
            warnings.simplefilter("ignore", category=kind)
        warnings.simplefilter("error", category=UserWarning)
        yield


def with_agreement(case: Case) -> pd.DataFrame:
    """The pairs once the partners have signed."""
    pairs = case.pairs.copy()
    between = pairs["exporter"].isin(case.partners) & pairs["importer"].isin(case.partners)
    pairs.loc[between & (pairs["exporter"] != pairs["importer"]), "agreement"] = 1
    return pairs


def agreement(case: Case) -> Any:
    """gegravity from the data to the effects of the agreement: baseline, experiment, results."""
    solved = model(case)
    with _quiet():
        solved.define_experiment(with_agreement(case))
        solved.simulate()
    return solved


def costs(pairs: pd.DataFrame, countries: tuple[str, ...]) -> np.ndarray:
    """Trade costs to the power 1 - sigma, (N, N) [n, i]."""
    weighed = np.exp(sum(beta * pairs[name] for name, beta in COEFFICIENTS.items()))
    table = pairs.assign(cost=weighed).pivot(index="importer", columns="exporter", values="cost")
    return table.loc[list(countries), list(countries)].to_numpy()


class Modelled(NamedTuple):
    """What a solved model implies at its baseline. trade (N, N) [n, i]; output, P, Pi (N,): inward and outward
    resistance."""

    trade: np.ndarray
    output: np.ndarray
    P: np.ndarray
    Pi: np.ndarray


def modelled(solved: Any, case: Case, pairs: pd.DataFrame) -> Modelled:
    """X_ni = t_ni^(1 - sigma) E_n Y_i / Y  /  (P_n Pi_i)^(1 - sigma), with gegravity's resistances."""
    order = list(case.countries)
    found = solved.baseline_mr.loc[order]
    P, Pi = found["baseline imr"].to_numpy(float), found["baseline omr"].to_numpy(float)
    Y = pairs.groupby("exporter")["output"].first().loc[order].to_numpy()
    E = pairs.groupby("importer")["spending"].first().loc[order].to_numpy()
    power = 1.0 - SIGMA
    return Modelled(costs(pairs, case.countries) * np.outer(E * P**-power, Y * Pi**-power) / Y.sum(), Y, P, Pi)


def factory_gate(before: Modelled, after: Modelled) -> np.ndarray:
    """Change of factory-gate prices between two baselines of one economy, (N,), in the reference importer's price
    index: p^(1 - sigma) is in proportion to a country's share of output over its outward resistance to that power."""
    power = 1.0 - SIGMA
    share = [m.output / m.output.sum() * m.Pi**-power for m in (before, after)]
    return (share[1] / share[0]) ** (1.0 / power)


def at(case: Case, output: np.ndarray, spending: np.ndarray) -> tuple[Any, pd.DataFrame]:
    """gegravity's baseline once the agreement holds and output and spending (N,) are as given; and its pairs."""
    place = {c: k for k, c in enumerate(case.countries)}
    pairs = with_agreement(case)
    pairs["output"] = output[pairs["exporter"].map(place)]
    pairs["spending"] = spending[pairs["importer"].map(place)]
    return model(case, pairs), pairs


def world(case: Case, trade: np.ndarray) -> World:
    """The same economy for our engine: one industry, no inputs, elasticity sigma - 1. trade (N, N) [n, i]."""
    N = len(case.countries)
    return World.from_arrays(
        list(case.countries),
        ["goods"],
        trade=trade[:, :, None],
        input_use=np.zeros((N, 1, 1)),
        elasticity=[SIGMA - 1.0],
        name="gravity",
    )


def iceberg(case: Case) -> np.ndarray:
    """What the agreement does to iceberg costs, as a ratio. (N, N, 1)"""
    change = costs(with_agreement(case), case.countries) / costs(case.pairs, case.countries)
    return (change ** (1.0 / (1.0 - SIGMA)))[:, :, None]

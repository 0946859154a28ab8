"""Estimating the elasticity of substitution between origins of crude from the panel.

Needs pyfixest (``pip install "multialign[estimation]"``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from multialign.errors import InputError, MultialignError
from multialign.ties import crude_data as data
from multialign.ties.elasticity import WHY, CrudeElasticity, Estimate, Sanction, published
from multialign.ties.embargoes import UNRECORDED, embargoed, ever_refused
from multialign.world import panels

if TYPE_CHECKING:
    import pandas as pd

GRID = np.exp(np.linspace(np.log(0.5), np.log(200.0), 2000))
"""Values of sigma over which the evidence is weighed."""


def flow_table(first: int, last: int) -> pd.DataFrame:
    """Crude by year, buyer and origin with a credible price: tonnes, value, log price over Brent (lp). Long table.

    Raises InputError for years outside the panel.
    """
    import pandas as pd

    data.year_place(first, field="years")
    data.year_place(last, field="years")
    names = list(data.axis())[:-1]
    parts = []
    for year in range(first, last + 1):
        brent = panels.brent_by_year().get(year)
        if brent is None:
            continue
        flows = data.cube()[:, data.year_place(year), :-1, :-1].copy()
        np.einsum("inn->in", flows)[...] = 0.0
        price = data.prices(flows)
        fits = np.asarray(data.credible(np.nan_to_num(price, nan=-1.0), brent))
        n, i = np.nonzero(fits)
        parts.append(
            pd.DataFrame(
                {
                    "year": year,
                    "buyer": [names[k] for k in n],
                    "origin": [names[k] for k in i],
                    "tonnes": flows[2][n, i],
                    "value": flows[0][n, i],
                    "lp": np.log(price[n, i] / brent),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def with_zeros(table: pd.DataFrame) -> pd.DataFrame:
    """The same with a zero for every year in which a pair that trades in the table did not. No price there."""
    import pandas as pd

    pairs = table[["buyer", "origin"]].drop_duplicates()
    years = pd.DataFrame({"year": sorted(set(table["year"]))})
    out = pairs.merge(years, how="cross").merge(table, how="left", on=["year", "buyer", "origin"])
    return out.assign(tonnes=out["tonnes"].fillna(0.0))


def ppml(table: pd.DataFrame) -> Estimate:
    """Tonnes on the log unit value: PPML, fixed effects of buyer x year and of pair, SE clustered by pair.

    Flows under an embargo, and Russian crude after 2021, are left out: their demand was moved by more than the price.
    """
    use = table[~((table["origin"] == "RUS") & (table["year"] >= 2022))]
    use = use[[embargoed(b, o, y) == 0 for b, o, y in zip(use["buyer"], use["origin"], use["year"], strict=True)]]
    fit = _fixest().fepois("tonnes ~ lp | buyer_year + pair", _effects(use), vcov={"CRV1": "pair"})
    b, se = (float(fit.tidy().loc["lp", c]) for c in ("Estimate", "Std. Error"))
    return Estimate(
        method="ppml",
        years=(int(use["year"].min()), int(use["year"].max())),
        sigma=-b,
        se=se,
        low=-b - 1.2816 * se,
        high=-b + 1.2816 * se,
        flows=int(fit._N),
        clusters=int(use.groupby(["buyer", "origin"]).ngroups),
        note="unit values as they are: biased towards zero by their noise and by demand that raises prices",
    )


def embargo(table: pd.DataFrame) -> tuple[Estimate, Sanction, np.ndarray]:
    """The embargoes of 2022 as the mover of the price of Russian crude for buyers who may still take it.

    Reduced form: PPML of tonnes (zeros included) on `displaced` (Russian, from 2022, buyer under no embargo) and
    `refused` (the embargo's part of the year), fixed effects of buyer x year and of pair. First stage: the log unit
    value on the same, weighted by tonnes. sigma is minus their ratio; its SE takes the two as independent. Also
    returns (quantity, its SE, price, its SE), which `combined` weighs.
    """
    last = int(table["year"].max())
    full = _effects(with_zeros(table))
    full = full[[(b, o) not in UNRECORDED for b, o in zip(full["buyer"], full["origin"], strict=True)]]
    russian = (full["origin"] == "RUS") & (full["year"] >= 2022)
    refuses = np.array([ever_refused(b, "RUS", last) for b in full["buyer"]])
    full = full.assign(
        displaced=(russian & ~refuses).astype(float),
        refused=[
            embargoed(b, "RUS", y) if r else 0.0 for b, y, r in zip(full["buyer"], full["year"], russian, strict=True)
        ],
    )
    fx = _fixest()
    reduced = fx.fepois("tonnes ~ displaced + refused | buyer_year + pair", full, vcov={"CRV1": "pair"}).tidy()
    priced = full.dropna(subset=["lp"])
    first = fx.feols(
        "lp ~ displaced + refused | buyer_year + pair", priced, weights="tonnes", vcov={"CRV1": "pair"}
    ).tidy()

    def read(fit: Any, name: str) -> tuple[float, float]:
        return float(fit.loc[name, "Estimate"]), float(fit.loc[name, "Std. Error"])

    q, q_se = read(reduced, "displaced")
    p, p_se = read(first, "displaced")
    gone, gone_se = read(reduced, "refused")
    sigma = -q / p
    se = abs(sigma) * float(np.hypot(q_se / q, p_se / p))
    estimate = Estimate(
        method="embargo",
        years=(int(table["year"].min()), last),
        sigma=sigma,
        se=se,
        low=sigma - 1.2816 * se,
        high=sigma + 1.2816 * se,
        flows=len(full),
        clusters=int(full["pair"].nunique()),
        note="carried by the few buyers of Russian crude under no embargo, India and China above all",
    )
    sanction = Sanction(
        refused_pct=100.0 * (np.exp(gone) - 1.0),
        refused_se=100.0 * float(np.exp(gone)) * gone_se,
        displaced_pct=100.0 * (np.exp(q) - 1.0),
        displaced_se=100.0 * float(np.exp(q)) * q_se,
        displaced_discount_pct=100.0 * (np.exp(p) - 1.0),
        displaced_discount_se=100.0 * float(np.exp(p)) * p_se,
        flows=len(full),
        note="purchases of Russian crude from 2022 relative to the buyer's other origins: under a year of embargo, and "
        "by buyers under none; Turkey and Belarus left out, whose trade is no longer reported",
    )
    return estimate, sanction, np.array([q, q_se, p, p_se])


def combined(evidence: np.ndarray, years: tuple[int, int], flows: int) -> Estimate:
    """What the embargoes say, weighed with what others have found (Bayes' rule on a grid of log sigma).

    The prior is normal in log sigma, with mean and standard deviation of the published figures. The likelihood is that
    of Anderson & Rubin (1949): at the true sigma, quantity + sigma x price is zero but for its standard error, which
    holds also where the price has hardly moved. evidence: as `embargo` returns it. sigma: the median; low, high: 80 %.
    """
    known = np.log([p.sigma for p in published()])
    prior = -0.5 * ((np.log(GRID) - known.mean()) / known.std(ddof=1)) ** 2
    q, q_se, p, p_se = evidence
    spread = np.hypot(q_se, GRID * p_se)
    likelihood = -0.5 * ((q + GRID * p) / spread) ** 2 - np.log(spread)
    weight = np.exp(prior + likelihood - (prior + likelihood).max())
    share = np.cumsum(weight) / weight.sum()
    low, down, middle, up, high = (float(np.interp(x, share, GRID)) for x in (0.1, 0.16, 0.5, 0.84, 0.9))
    return Estimate(
        method="combined",
        years=years,
        sigma=middle,
        se=(up - down) / 2,
        low=low,
        high=high,
        flows=flows,
        clusters=len(known),
        note="the embargo estimate's evidence, weighed with the published figures; SE: half the middle 68 %",
    )


def estimate_crude(first: int = data.FIRST_YEAR, last: int | None = None) -> CrudeElasticity:
    """All estimates anew from the panel as it is now, the user's own years included.

    The PPML also on the years to 2021 alone, which is what the forecast of 2022-2024 was made with. Raises InputError
    for years that the panel lacks or too few of them, and MultialignError without pyfixest.
    """
    last = panels.ENERGY_YEARS[1] if last is None else last
    if first > 2018 or last < 2023:
        raise InputError(
            f"are {first} to {last}", field="years", hint="three years before and two after the embargoes of 2022"
        )
    table = flow_table(first, last)
    shifted, sanction, evidence = embargo(table)
    chosen = combined(evidence, shifted.years, shifted.flows)
    fx = _fixest()
    return CrudeElasticity(
        sigma=chosen.sigma,
        low=chosen.low,
        high=chosen.high,
        used=f"combined, {chosen.years[0]}-{chosen.years[1]}",
        why=WHY,
        estimates=(ppml(table[table["year"] <= 2021]), ppml(table), shifted, chosen),
        sanction=sanction,
        published=published(),
        made_from=panels.source_of("energy"),
        software=f"pyfixest {fx.__version__}, numpy {np.__version__}",
    )


def _effects(table: pd.DataFrame) -> pd.DataFrame:
    """The same with its fixed effects as labels: buyer_year, pair."""
    pair = table["buyer"] + "<" + table["origin"]
    return table.assign(buyer_year=table["buyer"] + table["year"].astype(str), pair=pair).reset_index(drop=True)


def _fixest() -> Any:
    try:
        import pyfixest
    except ModuleNotFoundError as cause:
        raise MultialignError(
            "estimating needs pyfixest, which is not installed; pip install 'multialign[estimation]'"
        ) from cause
    return pyfixest

"""The elasticity of substitution between origins of crude: the shipped estimates, and published ones beside them.

`scripts/estimate_crude.py` makes the file; `estimate.estimate_crude` makes it again from the panel as it is now.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from multialign.world import panels

Method = Literal["ppml", "embargo", "combined"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Estimate(_Record):
    """One estimate of sigma: q_i / q_j between two origins changes by -sigma % for each % that p_i / p_j changes.

    method: ``ppml``: tonnes on the log unit value by Poisson pseudo-maximum likelihood with fixed effects of buyer x
    year and of pair; ``embargo``: the same with the price moved by the embargoes of 2022 (reduced form over first
    stage); ``combined``: the embargoes' evidence weighed with the published figures.
    se: clustered by pair (ppml, embargo), or half the middle 68 % (combined). low, high: 80 % interval.
    """

    method: Method
    years: tuple[int, int]
    sigma: float
    se: float
    low: float
    high: float
    flows: int
    clusters: int
    note: str


class Sanction(_Record):
    """What the embargoes of 2022 did to purchases of Russian crude, by PPML with zeros: changes in %, and their SE."""

    refused_pct: float
    refused_se: float
    displaced_pct: float
    displaced_se: float
    displaced_discount_pct: float
    displaced_discount_se: float
    flows: int
    note: str


class Published(_Record):
    """A published elasticity of substitution for crude. `sigma` is 1 + theta where a trade elasticity was given."""

    name: str
    sigma: float
    as_given: str
    source: str


class CrudeElasticity(_Record):
    """All estimates, which one the forecasts use, and published ones.

    sigma, low, high: the estimate that responses use, with its 80 % interval, and `used` its method and years.
    """

    version: Literal[1] = 1
    kind: Literal["crude_elasticity"] = "crude_elasticity"
    sigma: float
    low: float
    high: float
    used: str
    why: str
    estimates: tuple[Estimate, ...]
    sanction: Sanction
    published: tuple[Published, ...]
    made_from: str
    software: str = Field(description="versions that the estimates were made with")

    def estimate(self, method: Method, last: int) -> Estimate:
        """The estimate by a method on the years up to `last`."""
        return next(e for e in self.estimates if e.method == method and e.years[1] == last)

    def to_dict(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return self.model_dump(mode="json")


WHY = (
    "The plain PPML on unit values is near zero, as it must be where a yearly unit value is mostly noise and where an "
    "origin that is wanted more also costs more; it is a lower bound. The embargoes of 2022 move the price from "
    "outside and speak for a large elasticity, but few pairs carry them and the interval is wide. So responses use "
    "what the embargoes say, weighed with the published figures."
)

_PAPERS = {
    "CP": "Caliendo & Parro (2015), Review of Economic Studies",
    "FGO": "Fontagne, Guimbard & Orefice (2022), Journal of International Economics",
    "BSY": "Bagwell, Staiger & Yurukoglu (2021), Econometrica",
    "GYY": "Giri, Yi & Yilmazkuday (2021), Journal of International Economics",
    "Shap": "Shapiro (2016), American Economic Journal: Economic Policy",
    "LL": "Lashkaripour & Lugovskyy (2023), American Economic Review",
}


@cache
def published() -> tuple[Published, ...]:
    """Published elasticities: the embedded sets' figures for oil and gas (B06), and GTAP's for oil."""
    row = panels.elasticity_sets().loc["B06"]
    out = [
        Published(
            name=name, sigma=1.0 + float(row[name]), as_given=f"trade elasticity {row[name]:g}, mining", source=paper
        )
        for name, paper in _PAPERS.items()
    ]
    out.append(
        Published(
            name="GTAP",
            sigma=10.4,
            as_given="substitution among imports of oil 10.4 (twice the 5.2 against home oil)",
            source="Hertel, Hummels, Ivanic & Keeney (2007), Economic Modelling",
        )
    )
    return tuple(sorted(out, key=lambda p: p.sigma))


@cache
def crude_elasticity() -> CrudeElasticity:
    """The shipped estimates (embedded panel, 2015-2024), with published ones."""
    return CrudeElasticity.model_validate({**panels.crude_elasticity(), "published": published()})

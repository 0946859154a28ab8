"""How a buyer's purchases of an origin's crude answer to a discount, a sanction, a tariff threat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from multialign.errors import InputError
from multialign.ties import crude_data as data
from multialign.ties import redistribution as spread
from multialign.ties.crude import crude_from
from multialign.ties.crude_model import CONTAINS, CrudeOrigin, CrudePaid, CrudePath
from multialign.ties.elasticity import CrudeElasticity, crude_elasticity
from multialign.world import panels


class Range(BaseModel):
    """A figure at the elasticity used, and at the ends of its 80 % interval, in order of the elasticity."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    central: float
    low: float
    high: float


class CrudeResponse(BaseModel):
    """What a change does to a buyer's purchases of one origin, its total purchases held.

    question: what changes, in words. share, share_after: of the buyer's barrels; barrels, barrels_after: million.
    price_change: what the origin's delivered price moves by, USD a barrel, under the question itself.
    short_run: share_after at the plain year-to-year elasticity (`elasticity.Method` ppml), a lower bound of the answer.
    years: base year. elasticity: what `share_after` was found with (low, central, high).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    kind: Literal["crude_response"] = "crude_response"
    buyer: str
    origin: str
    year: int
    question: str
    share: float
    share_after: Range
    short_run: float
    barrels: float
    barrels_after: Range
    price_change: float
    elasticity: Range
    assumptions: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return self.model_dump(mode="json")


class CrudePathReport(CrudePath):
    """`CrudePath` as the command line writes it: with what a unit value still contains, the source, and answers."""

    version: Literal[1] = 1
    kind: Literal["crude_path"] = "crude_path"
    contains: tuple[str, ...] = CONTAINS
    source: str
    answers: tuple[CrudeResponse, ...] = ()

    @classmethod
    def of(cls, path: CrudePath, answers: Sequence[CrudeResponse] = ()) -> CrudePathReport:
        """The report of a path, with answers to questions asked with it."""
        return cls(**dict(path), source=panels.source_of("energy"), answers=tuple(answers))


def crude_schema() -> dict[str, Any]:
    """JSON schema of what `multialign crude --json` writes: by `kind`, a year, a path, or the estimates."""
    kinds = Annotated[CrudePaid | CrudePathReport | CrudeElasticity, Field(discriminator="kind")]
    adapter: TypeAdapter[Any] = TypeAdapter(kinds)
    schema = adapter.json_schema(mode="serialization")
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def if_discount(buyer: str, origin: str, usd_per_barrel: float, year: int | None = None) -> CrudeResponse:
    """Purchases if the origin gives `usd_per_barrel` more off (negative: less), all other prices as they are.

    Raises InputError where the buyer takes none from the origin or the price would not stay above zero.
    """
    own = _own(buyer, origin, year)
    return _priced(
        buyer,
        own,
        -usd_per_barrel,
        f"{abs(usd_per_barrel):g} USD a barrel {'more' if usd_per_barrel >= 0 else 'less'} off",
        ("The other origins' prices and the buyer's total purchases stay as they are.",),
    )


def if_tariff_threat(
    buyer: str,
    origin: str,
    tariff: float,
    exports: float,
    *,
    probability: float = 1.0,
    absorbed: float = 1.0,
    year: int | None = None,
) -> CrudeResponse:
    """Purchases if a third power threatens a tariff on the buyer's exports to it for as long as it buys this crude.

    Parameters
    ----------
    tariff: extra ad-valorem rate (0.25 = 25 points). exports: what the buyer sells to the third power, million USD.
    probability: that the threat is carried out. absorbed: part of the tariff that the buyer's exporters bear.

    The expected bill over the barrels bought is what each of them costs more in the buyer's eyes. Raises InputError.
    """
    for name, value in (("probability", probability), ("absorbed", absorbed)):
        if not 0 <= value <= 1:
            raise InputError(f"is {value:g}", field=name, hint="right is a part of one, 0 to 1")
    if tariff < 0 or exports < 0:
        raise InputError("is negative", field="tariff" if tariff < 0 else "exports")
    own = _own(buyer, origin, year)
    cost = probability * absorbed * tariff * exports / own.barrels
    return _priced(
        buyer,
        own,
        cost,
        f"a threat of {100 * tariff:g} points on exports of {exports:,.0f} million USD, at {100 * probability:g} %",
        (
            "The threat is read as a cost on each barrel bought: the expected tariff bill over today's barrels.",
            "If the tariff falls whole as long as any is bought, the choice is all or nothing: see the break-even.",
        ),
    )


def if_sanction(origin: str, by: tuple[str, ...], buyer: str, year: int | None = None) -> CrudeResponse:
    """A buyer's purchases if others (`by`) refuse the origin's crude and it still sells all that it sold.

    What the refusers took goes to everyone under no embargo by the size of its demand (`redistribution.placed`).
    `price_change` is the mark-down at which the buyer would take its part of it. Raises InputError where the buyer
    takes none, or refuses itself.
    """
    own = _own(buyer, origin, year)
    e = crude_elasticity()
    me = data.party(buyer, field="buyer")
    free = spread.kept_open(origin, own.year)
    for code in by:
        free[list(data.party(code, field="by").places)] = 0.0
    mine = list(me.places)
    if not free[mine].any():
        raise InputError(f"'{buyer}' is among those who refuse", field="by", hint="name others")
    tonnes, demand = spread.volumes(origin, own.year), spread.open_demand(origin, own.year)
    share = np.divide(tonnes, demand, out=np.zeros_like(tonnes), where=demand > 0)
    sold, whole = float(tonnes.sum()), float(demand[mine].sum())

    def after(sigma: float) -> tuple[float, float]:
        there = spread.placed(share, np.zeros_like(share), demand, free, sold, sigma)
        s0, s1 = float(tonnes[mine].sum()) / whole, float(there[mine].sum()) / whole
        factor = (s1 / (1.0 - s1)) / (s0 / (1.0 - s0)) if 0 < s0 < 1 and s1 < 1 else 1.0
        # Weights are mended in the demand; the buyer's own share stays the recorded one.
        told = float(own.share_of_barrels or 0.0) * s1 / s0 if s0 > 0 else s1
        return min(told, 1.0), float((factor ** (-1.0 / sigma) - 1.0) * (own.price or 0.0))

    found = [after(s) for s in (e.low, e.sigma, e.high)]
    names = ", ".join(data.party(c).code for c in by)
    return _response(
        own,
        buyer,
        f"{names} refuse crude from {own.name}, which goes on selling as much",
        [f[0] for f in found],
        found[1][0],
        found[1][1],
        (
            "The origin sells as much as before; where it would sell less, less is redirected.",
            "How much a buyer takes does not hang on the elasticity here, the mark-down does.",
        ),
    )


def _own(buyer: str, origin: str, year: int | None) -> CrudeOrigin:
    year = panels.ENERGY_YEARS[1] if year is None else year
    own = crude_from(buyer, origin, year)
    if not own.price or not own.barrels or own.share_of_barrels is None:
        raise InputError(f"has no recorded price or weight in {year}", field="origin", hint="give another year")
    return own


def _priced(buyer: str, own: CrudeOrigin, change: float, question: str, assumptions: tuple[str, ...]) -> CrudeResponse:
    """The answer to a price that moves by `change`, USD a barrel."""
    price, share = float(own.price or 0.0), float(own.share_of_barrels or 0.0)
    if price + change <= 0:
        raise InputError(f"leaves a price of {price + change:.1f} USD a barrel", field="discount", hint="give less")
    e = crude_elasticity()
    shift = np.log((price + change) / price)

    def after(sigma: float) -> float:
        if share >= 1.0:
            return 1.0
        odds = share / (1.0 - share) * np.exp(-sigma * shift)
        return float(odds / (1.0 + odds))

    found = [after(s) for s in (e.low, e.sigma, e.high)]
    plain = after(max(e.estimate("ppml", e.estimates[-1].years[1]).sigma, 0.0))
    return _response(own, buyer, question, found, plain, change, assumptions)


def _response(
    own: CrudeOrigin,
    buyer: str,
    question: str,
    shares: list[float],
    short_run: float,
    change: float,
    assumptions: tuple[str, ...],
) -> CrudeResponse:
    e = crude_elasticity()
    share = float(own.share_of_barrels or 0.0)
    total = own.barrels / share
    return CrudeResponse(
        buyer=data.party(buyer).code,
        origin=own.origin,
        year=own.year,
        question=question,
        share=share,
        share_after=Range(low=shares[0], central=shares[1], high=shares[2]),
        short_run=short_run,
        barrels=own.barrels,
        barrels_after=Range(low=shares[0] * total, central=shares[1] * total, high=shares[2] * total),
        price_change=change,
        elasticity=Range(low=e.low, central=e.sigma, high=e.high),
        assumptions=assumptions,
    )

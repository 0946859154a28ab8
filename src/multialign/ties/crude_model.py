"""What a buyer paid for crude, as records: frozen, ready for JSON."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from multialign.errors import InputError
from multialign.ties.crude_data import BARRELS_PER_TONNE

CONTAINS = (
    "Free on board: freight and insurance are not in the price, and what a longer way costs comes on top of it.",
    "Grades differ: the usual discount is what the origin's crude cost less than others' in 2015-2021.",
    "A year's mean: months of dear and of cheap Brent are mixed by when the cargoes were bought.",
    f"{BARRELS_PER_TONNE} barrels a tonne for all: true values run from about 6.8 to 7.8 by grade.",
)
"""What a unit value still contains, said with every result."""


class CrudeOrigin(BaseModel):
    """One origin's crude in one buyer's year. Prices and discounts in USD a barrel.

    value: million USD; barrels: million, of the flows whose weight is recorded.
    others_price: what the buyer paid all its other sellers together; discount_to_others: that less `price`
    (positive = cheaper); discount_to_brent: Brent's year average less `price`.
    discount_low, discount_high: 80 % interval of `discount_to_others`, from how far recorded prices of flows of the
    same size scatter (`crude_data.scatter`).
    saving_to_others, saving_to_brent: discount x barrels, million USD; saving_low, saving_high: the interval's.
    usual_discount: the origin's mean discount to other origins in 2015-2021, in % of Brent, at this year's Brent: what
    its grade is worth less. `usual_basis` says whether this buyer's purchases or all buyers' were looked at.
    discount_beyond_usual: discount_to_others less usual_discount.
    credible: whether `price` lies within half and twice Brent's year average. Where it does not, the recorded weight
        cannot be that of the recorded value.
    others_price_screened, discount_screened: as `others_price` and `discount_to_others`, with only those other
        sellers whose price is credible; one seller's wrong weight can move `others_price` by more than a dollar.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    origin: str
    name: str
    year: int
    value: float
    barrels: float
    price: float | None
    share_of_value: float | None
    share_of_barrels: float | None
    others_price: float | None
    discount_to_others: float | None
    discount_low: float | None
    discount_high: float | None
    discount_to_brent: float | None
    saving_to_others: float | None
    saving_low: float | None
    saving_high: float | None
    saving_to_brent: float | None
    usual_discount: float | None
    usual_basis: Literal["this buyer", "all buyers"] | None
    discount_beyond_usual: float | None
    credible: bool | None
    others_price_screened: float | None
    discount_screened: float | None


class CrudePaid(BaseModel):
    """A buyer's crude in one year, by origin, largest value first. `price`: USD a barrel, all origins."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    kind: Literal["crude"] = "crude"
    buyer: str
    buyer_name: str
    year: int
    value: float
    barrels: float
    price: float | None
    brent: float | None
    origins: tuple[CrudeOrigin, ...]
    status: Literal["observed"] = "observed"
    source: str
    contains: tuple[str, ...] = Field(CONTAINS, description="what a unit value still contains")

    def origin(self, code: str) -> CrudeOrigin:
        """One origin's figures. Raises InputError where the buyer took none from it."""
        for origin in self.origins:
            if origin.origin == code.upper():
                return origin
        raise InputError(
            f"{self.buyer} bought no crude from '{code}' in {self.year}",
            field="origin",
            hint=f"it bought from: {', '.join(o.origin for o in self.origins) or 'nobody'}",
        )

    def to_dict(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return self.model_dump(mode="json")


class CrudePath(BaseModel):
    """One origin's crude in a buyer's imports over the years.

    slope: change of `discount_to_others`, USD a barrel and year, over `window` (least squares, years
    weighted by barrels, so that a year of token purchases counts for little); trend: its direction,
    'steady' within +-0.5. slope_low, slope_high: 80 % interval, the years' errors taken as independent, which errs
    on the wide side.
    latest_change: the last year's discount less that of the year before.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    buyer: str
    origin: str
    years: tuple[CrudeOrigin, ...]
    window: tuple[int, int] | None
    slope: float | None
    slope_low: float | None = None
    slope_high: float | None = None
    trend: Literal["narrowing", "widening", "steady"] | None
    latest_change: float | None
    text: str

    def to_dict(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return self.model_dump(mode="json")

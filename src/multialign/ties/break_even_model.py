"""What `break_even` gives back: frozen records, ready for JSON, pandas and xarray."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BreakEvenPoint(_Record):
    """One tariff. bill: million USD a year that the buyer's exporters bear by accounting.

    accounting_usd: bill over barrels, USD a barrel; accounting_pct: the same in % of the price.
    ge_usd: discount at which real income is as without both, for the first elasticity set; ge_low, ge_high: 80 % of
    all sets. Null where no discount that was solved is enough (or general equilibrium was left out).
    """

    tariff: float
    bill: float
    accounting_usd: float
    accounting_pct: float
    ge_usd: float | None
    ge_low: float | None
    ge_high: float | None


class GeneralEquilibrium(_Record):
    """Why the two ways differ, for the first elasticity set.

    loss: the buyer's loss of real income under `tariff` alone, million USD; loss_per_bill: over the tariff's bill at
    today's trade. worth: its gain from a discount of `discount_pct` % alone; worth_per_dollar: over what the same
    discount saves on today's barrels. The break-even is near accounting x loss_per_bill / worth_per_dollar.
    """

    tariff: float
    loss: float
    loss_per_bill: float
    discount_pct: float
    worth: float
    worth_per_dollar: float


class NetMap(_Record):
    """The buyer's net gain, million USD a year, by discount (rows, USD a barrel) and tariff (columns, fractions).

    `general`: real income, exact at 20 nodes and interpolated between; `accounting`: barrels x discount less the bill.
    """

    tariffs: tuple[float, ...]
    discounts: tuple[float, ...]
    general: tuple[tuple[float, ...], ...]
    accounting: tuple[tuple[float, ...], ...]


class BreakEven(_Record):
    """The discount on crude that just pays for a third power's tariff, as a curve and as a map.

    price (USD a barrel), barrels (million a year) and today's discount are of `year` (observed); exports (million USD,
    goods to the third power) of `exports_year` (estimated). absorbed: part of the tariff that accounting lets the
    buyer bear.
    """

    version: Literal[1] = 1
    kind: Literal["break_even"] = "break_even"
    buyer: str
    seller: str
    pressure: str
    names: dict[str, str]
    year: int
    price: float
    barrels: float
    exports: float
    exports_year: int
    absorbed: float
    today: float | None = Field(description="discount to all other origins in `year`, USD a barrel")
    today_screened: float | None
    today_low: float | None
    today_high: float | None
    points: tuple[BreakEvenPoint, ...]
    general: GeneralEquilibrium | None
    map: NetMap | None
    elasticities: tuple[str, ...]
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return self.model_dump(mode="json")

    def to_frame(self) -> pd.DataFrame:
        """The curve: one row for each tariff, columns as in `BreakEvenPoint`."""
        import pandas as pd

        return pd.DataFrame([p.model_dump() for p in self.points], columns=list(BreakEvenPoint.model_fields))

    def to_xarray(self) -> xr.DataArray:
        """The map: axes reckoning (general, accounting), discount (USD a barrel), tariff. InputError without one."""
        import numpy as np
        import xarray as xr

        from multialign.errors import InputError

        if self.map is None:
            raise InputError("has no map", hint="general equilibrium was left out")
        return xr.DataArray(
            np.array([self.map.general, self.map.accounting]),
            dims=("reckoning", "discount", "tariff"),
            coords={
                "reckoning": ["general", "accounting"],
                "discount": list(self.map.discounts),
                "tariff": list(self.map.tariffs),
            },
            name="net_gain_musd",
        )


def break_even_schema() -> dict[str, Any]:
    """JSON schema of `BreakEven.to_dict()`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **BreakEven.model_json_schema(mode="serialization"),
    }

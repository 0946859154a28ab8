"""The result of a solve: labelled, frozen, with the residuals of every equation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from multialign.trade.economy import Economy
from multialign.trade.scenario import Scenario

VERSION = 1


@dataclass(frozen=True)
class Solution:
    """The world under a scenario, against the base year.

    Attributes
    ----------
    data: xarray.Dataset with
        real_income (country) ratio to the base; equivalent_variation (country) million USD at base prices;
        terms_of_trade, volume_of_trade (country) first-order, % of base income;
        wage, price_index (country) ratios; cost, price_intermediate, price_final (country, sector) ratios;
        intermediate_trade, final_trade, and base_trade (importer, exporter, sector) million USD at producer prices;
        output (country, sector), income, tariff_revenue, export_tax_revenue (country) million USD.
        Nominal values are in the numeraire: the world's labour income is that of the base year.
    residuals: largest miss of each equation, relative.
    steps: evaluations of the equations that the solve took.
    scenario: what was asked.
    economy: the base it was measured from; for the economy that the scenario leads to, see `trade.after`.
    """

    data: xr.Dataset
    residuals: dict[str, float]
    steps: int
    scenario: Scenario
    economy: Economy

    @property
    def welfare_pct(self) -> pd.Series:
        """Change of real income, %, by ISO3."""
        return pd.Series(self.data["real_income"].to_series() * 100.0 - 100.0, name="welfare_pct")

    @property
    def welfare_usd(self) -> pd.Series:
        """Equivalent variation, million USD a year at base prices, by ISO3."""
        return pd.Series(self.data["equivalent_variation"].to_series(), name="welfare_musd")

    @property
    def trade(self) -> xr.DataArray:
        """Trade for both uses, million USD at producer prices. Axes importer, exporter, sector."""
        return self.data["intermediate_trade"] + self.data["final_trade"]

    def pairs(self) -> pd.DataFrame:
        """Trade by pair of different countries: importer, exporter, base and new value (million USD), change in %."""
        base = self.data["base_trade"].sum("sector").to_series()
        new = self.trade.sum("sector").to_series()
        table = pd.DataFrame({"base_musd": base, "new_musd": new}).reset_index()
        table = table[table["importer"] != table["exporter"]]
        change = np.where(table["base_musd"] > 0, table["new_musd"] / table["base_musd"] * 100 - 100, np.nan)
        return table.assign(change_pct=change).reset_index(drop=True)

    def to_dict(self, *, pairs: int | None = None) -> dict[str, Any]:
        """The JSON form; `pairs` limits trade by pair to the largest absolute changes."""
        d = self.data
        table = self.pairs()
        order = (table["new_musd"] - table["base_musd"]).abs().sort_values(ascending=False).index
        table = table.loc[order if pairs is None else order[:pairs]]

        def column(name: str, scale: float = 1.0, shift: float = 0.0) -> dict[str, float]:
            return {str(c): float(v) * scale + shift for c, v in d[name].to_series().items()}

        return {
            "version": VERSION,
            "kind": "solution",
            "scenario": self.scenario.model_dump(mode="json"),
            "unit": "USD million a year at the base year's prices; % against the base",
            "welfare_pct": column("real_income", 100.0, -100.0),
            "welfare_musd": column("equivalent_variation"),
            "terms_of_trade_pct": column("terms_of_trade", 1.0),
            "volume_of_trade_pct": column("volume_of_trade", 1.0),
            "wage_pct": column("wage", 100.0, -100.0),
            "price_index_pct": column("price_index", 100.0, -100.0),
            "tariff_revenue_musd": column("tariff_revenue"),
            "trade": [
                {
                    "importer": r.importer,
                    "exporter": r.exporter,
                    "base_musd": float(r.base_musd),
                    "new_musd": float(r.new_musd),
                    "change_pct": None if np.isnan(r.change_pct) else float(r.change_pct),
                }
                for r in table.itertuples()
            ],
            "residuals": self.residuals,
            "steps": self.steps,
        }

"""The result of a solve: labelled, frozen, with the residuals of every equation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from multialign.trade.economy import Economy
from multialign.trade.equations import Closure, Kernels
from multialign.trade.kernels import prepare
from multialign.trade.scenario import Scenario
from multialign.trade.shock import Shock
from multialign.trade.solver import Solved
from multialign.trade.welfare import decompose, exact, first_order
from multialign.world.model import coordinates

VERSION = 1


@dataclass(frozen=True, eq=False)
class Solution:
    """The world under a scenario, against the base year.

    Attributes
    ----------
    scenario: what was asked. economy: the base it was measured from; for the economy that the scenario leads to, see
    `trade.after`. shock, closure, kernels, solved: the solver's own view of it. countries, sectors: labels.

    What people want is in `data`, `welfare_pct`, `welfare_usd`, `trade`, `pairs` and `residuals`; each is worked out
    when it is first asked for.
    """

    scenario: Scenario
    economy: Economy
    shock: Shock
    closure: Closure
    kernels: Kernels
    solved: Solved
    countries: list[str]
    sectors: list[str]

    @property
    def residuals(self) -> dict[str, float]:
        """Largest miss of each equation, relative."""
        return self.solved.worst

    @property
    def steps(self) -> int:
        """Evaluations of the equations that the solve took."""
        return self.solved.steps

    @cached_property
    def levels(self) -> dict[str, np.ndarray]:
        """Levels and hats by country (N,) or country and industry (N, S), in million USD and the numeraire."""
        f, x = self.solved.flows, self.solved.state
        unit = float(self.economy.wL.sum()) / self.numeraire_price
        log_unit = np.log(self.numeraire_price)
        money = {
            n: _plain(getattr(f, n)) * unit
            for n in ("E_m", "E_f", "Y", "I", "tariff_revenue", "export_tax_revenue", "transfer")
        }
        logs = {n: _plain(getattr(f, n)) - log_unit for n in ("log_c", "log_P_m", "log_P_f")}
        return {**money, **logs, "wage": np.exp(_plain(x.log_w) - log_unit)}

    @cached_property
    def numeraire_price(self) -> float:
        """What the numeraire is worth in the world's labour income, against the base year."""
        if self.closure.numeraire == "labour":
            return 1.0
        if self.closure.numeraire == "income":
            new = float(np.asarray(self.solved.state.X).sum()) * float(self.economy.wL.sum())
            return new / float(self.economy.I.sum())
        return float(np.exp(np.asarray(self.solved.state.log_w)[int(self.closure.numeraire), 0]))

    @cached_property
    def data(self) -> xr.Dataset:
        """xarray.Dataset with

        real_income (country) ratio to the base; equivalent_variation (country) million USD at base prices;
        gain_final, gain_inputs, gain_revenue, gain_transfers (country) the exact parts of the log change of real
        income, %; terms_of_trade, volume_of_trade (country) first-order, % of base income;
        wage, price_index (country) ratios; cost, price_intermediate, price_final (country, sector) ratios;
        intermediate_trade, final_trade, and base_trade (importer, exporter, sector) million USD at producer prices;
        output (country, sector), income, base_income, tariff_revenue, export_tax_revenue, deficit (country) million
        USD;
        miss_prices, miss_sales (country, sector), miss_income, miss_labour (country) residuals of the equations.
        Nominal values are in the numeraire.
        """
        return _dataset(self)

    @property
    def welfare_pct(self) -> pd.Series:
        """Change of real income, %, by ISO3."""
        return pd.Series(self._welfare[0] * 100.0 - 100.0, index=self._index, name="welfare_pct")

    @property
    def welfare_usd(self) -> pd.Series:
        """Equivalent variation, million USD a year at base prices, by ISO3."""
        return pd.Series(self._welfare[1], index=self._index, name="welfare_musd")

    @property
    def _index(self) -> pd.Index:
        return pd.Index(self.countries, name="country")

    @cached_property
    def _welfare(self) -> tuple[np.ndarray, np.ndarray]:
        eco, levels = self.economy, self.levels
        return exact(levels["I"] / eco.I, levels["log_P_f"], eco.alpha, eco.I)

    @cached_property
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
            "numeraire": d.attrs["numeraire"],
            "welfare_pct": column("real_income", 100.0, -100.0),
            "welfare_musd": column("equivalent_variation"),
            "gain_final_pct": column("gain_final"),
            "gain_inputs_pct": column("gain_inputs"),
            "gain_revenue_pct": column("gain_revenue"),
            "gain_transfers_pct": column("gain_transfers"),
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

    def save(self, path: str | Path) -> Path:
        """Write the result to a NetCDF file; `load_solution` gets it back without loss."""
        from multialign.trade.saved import save

        return save(self, path)


def _plain(a: Any) -> np.ndarray:
    """The solver's (S, N, 1) or (N, 1) as (N, S) or (N,)."""
    return np.asarray(a)[..., 0].T


def trade_flows(s: Solution, *, shares: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """(7) Trade after a scenario [CP 6], by use, (N, N, S): pi'^u_nis = K^u_nis c_is^-theta / sum_i, the shares, or
    million USD at producer prices, in the numeraire."""
    N, S = len(s.countries), len(s.sectors)
    f = s.solved.flows
    M = np.asarray(f.M)[:, :, 0]
    kernel = np.asarray(s.kernels.K if shares else s.kernels.Q)
    uses = kernel.shape[1] // N
    spending = np.concatenate([np.asarray(f.E_m), np.asarray(f.E_f)], axis=1)[:, :, 0]
    a = np.asarray(f.a)[:, :, 0]
    if uses == 1:
        a = np.concatenate([a, a], axis=1) * _part(spending, N)
    unit = 1.0 if shares else float(s.economy.wL.sum()) / s.numeraire_price
    if shares:
        Phi = np.einsum("sri,si->sr", kernel, M)
        a = 1.0 / np.concatenate([Phi, Phi], axis=1) if uses == 1 else 1.0 / Phi
    out = []
    for u in range(2):
        part = kernel[:, -N:] if u or uses == 1 else kernel[:, :N]
        flow = np.empty((N, N, S))
        np.multiply(part, (unit * M)[:, None, :], out=flow.transpose(2, 0, 1))
        flow *= a[:, u * N : (u + 1) * N].T[:, None, :]
        out.append(flow)
    return out[0], out[1]


def _part(spending: np.ndarray, N: int) -> np.ndarray:
    """The part of spending that each use has. (S, 2 N)"""
    total = spending[:, :N] + spending[:, N:]
    share = np.divide(spending[:, :N], total, out=np.zeros_like(total), where=total > 0)
    return np.concatenate([share, 1.0 - share], axis=1)


def _dataset(s: Solution) -> xr.Dataset:
    eco, levels, shock = s.economy, s.levels, s.shock
    trade_m, trade_f = trade_flows(s)
    base_trade = prepare(eco).trade
    real, ev = s._welfare
    c_hat = np.exp(levels["log_c"])
    e_new, d = shock.everywhere("e", eco.e), shock.everywhere("d", np.ones_like(eco.t))
    tot, vot = first_order(
        base_trade, trade_m + trade_f, c_hat, eco.t, eco.I, export_tax=eco.e, export_tax_new=e_new, friction=d
    )
    parts = decompose(eco, levels)
    cs, c, nis = ("country", "sector"), ("country",), ("importer", "exporter", "sector")
    misses = {f"miss_{n}": (cs if np.ndim(r) == 3 else c, _plain(r)) for n, r in s.solved.residuals.items()}
    numeraire = {"labour": "world labour income of the base year", "income": "world income of the base year"}
    return xr.Dataset(
        {
            "real_income": (c, real),
            "equivalent_variation": (c, ev),
            **{f"gain_{name}": (c, 100.0 * part) for name, part in parts._asdict().items()},
            "terms_of_trade": (c, 100.0 * tot),
            "volume_of_trade": (c, 100.0 * vot),
            "wage": (c, levels["wage"]),
            "price_index": (c, np.exp((eco.alpha * levels["log_P_f"]).sum(axis=1))),
            "cost": (cs, c_hat),
            "price_intermediate": (cs, np.exp(levels["log_P_m"])),
            "price_final": (cs, np.exp(levels["log_P_f"])),
            "output": (cs, levels["Y"]),
            "income": (c, levels["I"]),
            "base_income": (c, np.asarray(eco.I)),
            "tariff_revenue": (c, levels["tariff_revenue"]),
            "export_tax_revenue": (c, levels["export_tax_revenue"]),
            "deficit": (c, levels["transfer"]),
            "intermediate_trade": (nis, trade_m),
            "final_trade": (nis, trade_f),
            "base_trade": (nis, base_trade),
            **misses,
        },
        coords=coordinates(tuple(s.countries), tuple(s.sectors), axes=("country", "importer", "exporter", "sector")),
        attrs={"numeraire": numeraire.get(str(s.scenario.numeraire), f"wage of {s.scenario.numeraire}")},
    )

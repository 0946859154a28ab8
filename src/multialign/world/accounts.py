"""The identities that a World's numbers keep, and how far a set of numbers is from keeping them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from multialign.errors import InputError


@dataclass(frozen=True)
class Residual:
    """The worst cell of one identity: where, how large in million USD and relative to the country's sales."""

    identity: str
    country: str
    sector: str
    supply: float
    use: float
    relative: float


@dataclass(frozen=True)
class Accounts:
    """Residuals of the three identities, worst cell of each.

    1. production: sales of an industry = its inputs + its value added;
    2. inputs: inputs used by industries = intermediate purchases, with tariffs and export taxes;
    3. final use: final expenditure = final purchases, with tariffs and export taxes.
    """

    residuals: tuple[Residual, ...]

    @property
    def worst(self) -> Residual:
        return max(self.residuals, key=lambda r: r.relative)

    def balanced(self, tolerance: float) -> bool:
        return self.worst.relative <= tolerance

    def require(self, tolerance: float) -> None:
        """Raise InputError naming the worst cell where an identity misses by more than `tolerance`."""
        if not self.balanced(tolerance):
            w = self.worst
            raise InputError(
                f"{w.identity} of {w.country}, {w.sector} do not balance: {w.supply:.6g} against {w.use:.6g} "
                f"million USD ({w.relative:.2g} of the country's sales)",
                field="accounts",
                hint=f"allowed is {tolerance:g}; mend the table, or take it as shares with accounts='coefficients'",
            )


def check_accounts(arrays: Mapping[str, np.ndarray], countries: Sequence[str], sectors: Sequence[str]) -> Accounts:
    """Hold the arrays of a World (see `model.AXES`) against the three identities."""
    wedge = (1.0 + arrays["export_tax"]) * (1.0 + arrays["tariff"])
    sales = (arrays["intermediate_trade"] + arrays["final_trade"]).sum(axis=0)
    scale = np.maximum(sales.sum(axis=1), np.finfo(float).tiny)[:, None]
    pairs = {
        "sales and costs": (sales, arrays["input_use"].sum(axis=1) + arrays["value_added"]),
        "input purchases and uses": (
            (arrays["intermediate_trade"] * wedge).sum(axis=1),
            arrays["input_use"].sum(axis=2),
        ),
        "final purchases and uses": ((arrays["final_trade"] * wedge).sum(axis=1), arrays["final_use"]),
    }
    residuals = []
    for identity, (supply, use) in pairs.items():
        relative = np.abs(supply - use) / scale
        c, s = (int(x) for x in np.unravel_index(int(np.argmax(relative)), relative.shape))
        residuals.append(
            Residual(
                identity,
                str(countries[c]),
                str(sectors[s]),
                float(supply[c, s]),
                float(use[c, s]),
                float(relative[c, s]),
            )
        )
    return Accounts(tuple(residuals))

"""The `World`: one labelled, checked, read-only set of arrays, and nothing that computes on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import xarray as xr

from multialign.errors import InputError
from multialign.world.accounts import Accounts, check_accounts

AXES: dict[str, tuple[str, ...]] = {
    "intermediate_trade": ("importer", "exporter", "sector"),
    "final_trade": ("importer", "exporter", "sector"),
    "input_use": ("country", "input", "sector"),
    "value_added": ("country", "sector"),
    "tariff": ("importer", "exporter", "sector"),
    "export_tax": ("importer", "exporter", "sector"),
    "elasticity": ("sector",),
    "deficit": ("country",),
    "final_use": ("country", "sector"),
}
"""Name of each array of a World -> its axes."""

LABELS = {"importer": "country", "exporter": "country", "country": "country", "sector": "sector", "input": "sector"}
"""Name of each axis -> what its labels name."""

UNITS = {
    "intermediate_trade": "million USD, producer prices, tariffs and export taxes excluded",
    "final_trade": "million USD, producer prices, tariffs and export taxes excluded",
    "input_use": "million USD, purchaser prices, tariffs and export taxes included",
    "value_added": "million USD",
    "tariff": "ad-valorem rate on the price with export tax",
    "export_tax": "ad-valorem rate on the producer price",
    "elasticity": "trade elasticity theta, > 0",
    "deficit": "million USD, imports less exports",
    "final_use": "million USD, purchaser prices",
}
"""Name of each array of a World -> its unit."""


@dataclass(frozen=True)
class World:
    """What is known of the world economy in one year.

    `data` holds the arrays of `AXES`, in the units of `UNITS`; its coordinates are the labels. The arrays are
    read-only. Make one with `World.from_arrays` or `load_world`; both check it.

    Attributes
    ----------
    data: the labelled arrays.
    balanced: whether the accounts hold (see `accounts.py`). Where they do not, the arrays are taken as
        coefficients of technology and taste, and the engine first finds the equilibrium that they imply.
    """

    data: xr.Dataset
    balanced: bool = True

    @property
    def countries(self) -> list[str]:
        return [str(c) for c in self.data["importer"].values]

    @property
    def sectors(self) -> list[str]:
        return [str(s) for s in self.data["sector"].values]

    @property
    def name(self) -> str:
        return str(self.data.attrs.get("name", "unnamed world"))

    @property
    def trade(self) -> xr.DataArray:
        """Trade for both uses, million USD at producer prices. Axes importer, exporter, sector."""
        return self.data["intermediate_trade"] + self.data["final_trade"]

    def array(self, name: str) -> np.ndarray:
        """One array without its labels."""
        return np.asarray(self.data[name].values)

    def accounts(self) -> Accounts:
        """How well supply equals use, per country and industry."""
        return check_accounts({k: self.array(k) for k in AXES}, self.countries, self.sectors)

    def with_elasticity(self, theta: Sequence[float] | np.ndarray, label: str = "given") -> World:
        """The same world with other trade elasticities. Shape (sector,).

        Raises InputError where one is not a positive number.
        """
        values = _checked("elasticity", theta, (len(self.sectors),), low=None)
        _elasticity_positive(values, self.sectors)
        data = self.data.assign(elasticity=("sector", values)).assign_attrs(elasticity_set=label)
        return World(_frozen(data), self.balanced)

    @classmethod
    def from_arrays(
        cls,
        countries: Sequence[str],
        sectors: Sequence[str],
        *,
        input_use: Any,
        elasticity: Any,
        trade: Any = None,
        intermediate_trade: Any = None,
        final_trade: Any = None,
        final_use: Any = None,
        value_added: Any = None,
        tariff: Any = None,
        export_tax: Any = None,
        accounts: str = "check",
        tolerance: float = 1e-6,
        name: str = "user world",
        attrs: Mapping[str, Any] | None = None,
    ) -> World:
        """A World from a user's own arrays; N countries, S sectors, million USD throughout.

        Parameters
        ----------
        trade: (N, N, S) for both uses together, [importer, exporter, sector]; or else
        intermediate_trade, final_trade: (N, N, S), the same by use.
        input_use: (N, S, S), [country, input, using sector], purchaser prices (tariffs included).
        final_use: (N, S), purchaser prices; by default what trade supplies to final users. Needed with
            `accounts="coefficients"` where `trade` is one array that does not cover `input_use`.
        value_added: (N, S); by default sales less inputs.
        tariff, export_tax: (N, N, S) rates; by default zero.
        elasticity: (S,) trade elasticities, or one number for all.
        accounts: ``"check"`` demands that supply equals use within `tolerance` (relative to the country's
            sales); ``"coefficients"`` takes the arrays as shares only, as Caliendo & Parro (2015) do.

        Raises InputError for a wrong shape, a number that is not finite, a negative value, a duplicate or
        missing label, a country without value added or final use, or accounts that do not balance.
        """
        countries, sectors = _labels("countries", countries), _labels("sectors", sectors)
        N, S = len(countries), len(sectors)
        if accounts not in ("check", "coefficients"):
            raise InputError(f"accounts is {accounts!r}", hint="right are 'check' and 'coefficients'")
        # Published tables of coefficients hold a few small negative inputs (Caliendo & Parro's among them).
        use = _checked("input_use", input_use, (N, S, S), low=0.0 if accounts == "check" else None)
        t = _checked("tariff", np.zeros((N, N, S)) if tariff is None else tariff, (N, N, S), low=-0.999)
        e = _checked("export_tax", np.zeros((N, N, S)) if export_tax is None else export_tax, (N, N, S), low=-0.999)
        theta = np.broadcast_to(np.asarray(elasticity, dtype=float), (S,)) if np.ndim(elasticity) == 0 else elasticity
        theta = _checked("elasticity", theta, (S,), low=None)
        _elasticity_positive(theta, sectors)
        wedge = (1.0 + e) * (1.0 + t)

        if trade is not None:
            if intermediate_trade is not None or final_trade is not None:
                raise InputError("trade is given both as one array and by use", hint="give one or the other")
            both = _checked("trade", trade, (N, N, S))
            bought = use.sum(axis=2)
            total = (
                bought + _checked("final_use", final_use, (N, S))
                if final_use is not None
                else (both * wedge).sum(axis=1)
            )
            share = np.divide(bought, total, out=np.zeros_like(bought), where=total > 0)
            if (share > 1 + tolerance).any():
                n, s = np.unravel_index(int(np.argmax(share)), share.shape)
                raise InputError(
                    f"industries of {countries[n]} use {bought[n, s]:.6g} of {sectors[s]}, "
                    f"more than the {total[n, s]:.6g} that trade supplies",
                    field="input_use",
                    hint="input_use is at purchaser prices, in the unit of trade"
                    if accounts == "check"
                    else "give final_use: it then says which part of the trade is for final users",
                )
            share = np.clip(share, 0.0, 1.0)  # a sum of negative coefficients is no purchase
            intermediate, final = both * share[:, None, :], both * (1.0 - share)[:, None, :]
        else:
            if intermediate_trade is None or final_trade is None:
                raise InputError("no trade given", hint="give trade, or intermediate_trade and final_trade")
            intermediate = _checked("intermediate_trade", intermediate_trade, (N, N, S))
            final = _checked("final_trade", final_trade, (N, N, S))

        sales = (intermediate + final).sum(axis=0)
        if value_added is None:
            va = sales - use.sum(axis=1)
            _non_negative("value_added (sales less inputs)", va, (countries, sectors))
        else:
            va = _checked("value_added", value_added, (N, S))
        arrays = {
            "intermediate_trade": intermediate,
            "final_trade": final,
            "input_use": use,
            "value_added": va,
            "tariff": t,
            "export_tax": e,
            "elasticity": theta,
            "deficit": _deficit(intermediate + final, e),
            "final_use": (final * wedge).sum(axis=1) if final_use is None else _checked("final_use", final_use, (N, S)),
        }
        for field in ("value_added", "final_use"):
            _every_country_has(field, arrays[field], countries)
        if accounts == "check":
            check_accounts(arrays, countries, sectors).require(tolerance)
        data = xr.Dataset(
            {k: (AXES[k], v, {"unit": UNITS[k]}) for k, v in arrays.items()},
            coords=coordinates(tuple(countries), tuple(sectors)),
            attrs={"name": name, "accounts": accounts, **(attrs or {})},
        )
        return cls(_frozen(data), accounts == "check")


@lru_cache(maxsize=16)
def coordinates(
    countries: tuple[str, ...], sectors: tuple[str, ...], *, axes: tuple[str, ...] = tuple(LABELS)
) -> xr.Coordinates:
    """The labels of some axes, made once for all data sets that share them."""
    labels = {axis: list(sectors if LABELS[axis] == "sector" else countries) for axis in axes}
    return xr.Dataset(coords=labels).coords


def _deficit(trade: np.ndarray, export_tax: np.ndarray) -> np.ndarray:
    """Imports less exports at border prices (export tax included). Shape (N,)."""
    border = (trade * (1.0 + export_tax)).sum(axis=2)
    return np.asarray(border.sum(axis=1) - border.sum(axis=0))


def _frozen(data: xr.Dataset) -> xr.Dataset:
    for variable in data.variables.values():
        if isinstance(variable.values, np.ndarray):
            variable.values.flags.writeable = False
    return data


def _labels(kind: str, labels: Sequence[str]) -> list[str]:
    out = [str(x) for x in labels]
    if not out:
        raise InputError(f"no {kind} given", field=kind)
    seen: set[str] = set()
    for label in out:
        if label in seen:
            raise InputError(f"'{label}' stands twice", field=kind, hint="each label once")
        seen.add(label)
    return out


def _checked(name: str, value: Any, shape: tuple[int, ...], low: float | None = 0.0) -> np.ndarray:
    try:
        array = np.array(value, dtype=float)
    except (TypeError, ValueError) as cause:
        raise InputError("is not an array of numbers", field=name) from cause
    if array.shape != shape:
        axes = ", ".join(AXES.get(name, AXES["final_trade"]))
        raise InputError(f"has shape {array.shape}", field=name, hint=f"right is {shape}, axes ({axes})")
    if not np.isfinite(array).all():
        place = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise InputError(f"is {array[place]} at {place}", field=name, hint="every number must be finite")
    if low is not None and (array < low).any():
        place = tuple(int(i) for i in np.argwhere(array < low)[0])
        least = "zero or more" if low == 0 else f"more than {low}"
        raise InputError(f"is {array[place]:.6g} at {place}", field=name, hint=f"every number must be {least}")
    return array


def _non_negative(name: str, array: np.ndarray, labels: tuple[list[str], list[str]]) -> None:
    if (array < 0).any():
        c, s = np.unravel_index(int(np.argmin(array)), array.shape)
        raise InputError(
            f"is {array[c, s]:.6g} for {labels[0][c]}, {labels[1][s]}",
            field=name,
            hint="an industry's inputs cannot cost more than its sales",
        )


def _every_country_has(name: str, array: np.ndarray, countries: Sequence[str]) -> None:
    for country, total in zip(countries, array.sum(axis=1), strict=True):
        if not total > 0:
            raise InputError(
                f"{country} has no {name.replace('_', ' ')}",
                field=name,
                hint="every country earns and spends something; mend it, or leave the country out",
            )


def _elasticity_positive(theta: np.ndarray, sectors: Sequence[str]) -> None:
    for s, value in enumerate(theta):
        if not value > 0:
            raise InputError(
                f"elasticity of {sectors[s]} is {value:g}",
                field="elasticity",
                hint="a trade elasticity is greater than zero (usual values: 1 to 20)",
            )

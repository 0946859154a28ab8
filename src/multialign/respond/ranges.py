"""The unknown weights: their names, their ranges before they are held to what states do, and what users may fix."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from multialign.errors import InputError, unknown

Range = Annotated[tuple[float, float], Field(description="least and greatest value")]


@dataclass(frozen=True)
class Unknown:
    """A number that no data give.

    name, label; low, high: its range before anything is revealed; scale: how it is spread over it. least, most: what
    a user may give. low_means, high_means: its ends in words. source: where the range comes from.
    """

    name: str
    label: str
    low: float
    high: float
    scale: Literal["log", "uniform"]
    least: float
    most: float
    low_means: str
    high_means: str
    source: str

    def at(
        self, u: np.ndarray, low: np.ndarray | float | None = None, high: np.ndarray | float | None = None
    ) -> np.ndarray:
        """The value at a place u in [0, 1] of its range, or of the range given. (R,) -> (R,)"""
        a = self.low if low is None else low
        b = self.high if high is None else high
        if self.scale == "log":
            a, b = np.maximum(a, 1e-12), np.maximum(b, 1e-12)
            return np.asarray(np.exp(np.log(a) + u * (np.log(b) - np.log(a))))
        return np.asarray(a + u * (np.asarray(b) - a))


UNKNOWNS: dict[str, Unknown] = {
    u.name: u
    for u in (
        Unknown(
            "autonomy", "how much autonomy is worth", 0.05, 5.0, "log", 0.0, 100.0, "little", "much",
            "assumed: what falling from evenly spread ties to one partner would cost, % of real income",
        ),
        Unknown(
            "offerer_autonomy", "how much autonomy is worth to the offerer", 0.05, 5.0, "log", 0.0, 100.0, "little",
            "much", "assumed, as for the focal state",
        ),
        Unknown(
            "step", "how touchy {third} is", 0.05, 0.5, "uniform", 1e-3, 1.0, "answers early", "answers late",
            "assumed: the mean rise of depth that calls forth the reply on record",
        ),
        Unknown(
            "reach", "how much of 'without limits' arrives in trade", 0.3, 1.0, "uniform", 0.0, 1.5, "little", "all",
            "Head & Mayer (2014): log2 of the factor by which agreements raise trade, 0.4 at the median of structural "
            "estimates, 0.85 at the mean of all; Baier & Bergstrand (2007): 1",
        ),
        Unknown(
            "tie", "what the tie itself is worth", 0.0, 0.1, "uniform", 0.0, 100.0, "little", "much",
            "assumed: arms and diplomacy together at most a tenth of what the tie's trade is worth",
        ),
        Unknown(
            "limited", "whether today's depth was as far as the offerer would go", 0.0, 1.0, "uniform", 0.0, 1.0,
            "the focal state chose it", "the offerer set it", "assumed: even chances",
        ),
        Unknown(
            "sanctions", "how much dearer sanctions are to {third} than its tariff", 1.0, 10.0, "log", 1.0, 100.0,
            "little", "much", "at least what makes the reply on record its choice; the upper end is assumed",
        ),
        Unknown(
            "dislike", "how much {third} would pay to undo the tie", 1.0, 10.0, "log", 0.0, 1000.0, "little", "much",
            "at least what the reply on record costs it; the upper end is assumed",
        ),
        Unknown(
            "outbid", "what a dollar of counter-offer costs {third}", 0.5, 50.0, "log", 0.0, 100.0,
            "little", "much", "assumed, USD for each that the focal state gains",
        ),
        Unknown(
            "oil", "the price of oil against the base year's", 0.0, 0.0, "uniform", 0.05, 5.0, "cheap", "dear",
            "Brent, months of the last two years in the panel over the mean of 2022",
        ),
        Unknown(
            "discount", "the offerer's further discount on crude", 0.0, 0.0, "uniform", 0.0, 0.5, "small", "large",
            "CEPII BACI, with the 80 % interval of recorded prices",
        ),
        Unknown(
            "data", "how far the tables are off", 0.9, 1.1, "uniform", 0.1, 10.0, "too high", "too low",
            "assumed: real-income effects of a domain within a tenth (bilateral cells of the tables come out within "
            "3 % of the full ones in goods, and reporters differ by more)",
        ),
    )
}  # fmt: skip
"""By name. Where low = high = 0 the range comes from data."""


def check_weights(given: dict[str, float | Range]) -> None:
    """Raise InputError for a weight that does not exist, or whose value or bounds cannot be."""
    for name, value in given.items():
        base, _, domain = name.partition(".")
        if base not in UNKNOWNS or (domain and base not in ("tie", "limited", "data")):
            raise unknown("weight", name, list(UNKNOWNS), field=f"weights.{name}")
        u = UNKNOWNS[base]
        low, high = bounds(value)
        if not np.isfinite(low) or not np.isfinite(high) or low > high:
            raise InputError(
                f"at least {low:g} and at most {high:g} contradict each other",
                field=f"weights.{name}",
                hint="give one number, or two with the smaller first",
            )
        if low < u.least or high > u.most:
            raise InputError(
                f"{low:g} to {high:g}" if low < high else f"{low:g}",
                field=f"weights.{name}",
                hint=f"{u.label.replace('{third}', 'the third power')}: from {u.least:g} to {u.most:g}",
            )
        if base == "tie" and domain:
            from multialign.respond.question import known_domains

            known_domains((domain,), f"weights.{name}")
            if domain not in ("arms", "diplomacy"):
                raise InputError(
                    f"{domain} has no free weight", field=f"weights.{name}",
                    hint="markets say what its trade is worth; arms and diplomacy have one",
                )  # fmt: skip


def bounds(value: float | Range) -> tuple[float, float]:
    """A user's number or pair as a pair."""
    if isinstance(value, tuple | list):
        return float(value[0]), float(value[1])
    return float(value), float(value)


def range_of(name: str, given: dict[str, float | Range], domain: str | None = None) -> tuple[float, float] | None:
    """What the user gave for a weight, the domain's own first; None where nothing."""
    for key in ((f"{name}.{domain}",) if domain else ()) + (name,):
        if key in given:
            return bounds(given[key])
    return None

"""What a reader hands on: flows summed from an input-output table, and what was found and mended on the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from multialign.errors import InputError

VERSION = 1
MAX_ELEMENTS = 60_000_000
"""Largest N*N*S + N*S*S of a world that is built: about half a gigabyte for each array."""

Step = Callable[[str, float], None]
"""Called with what is being done and how far it is (0 to 1)."""


def silent(text: str, fraction: float) -> None:
    """A `Step` that says nothing."""


@dataclass(frozen=True)
class Finding:
    """One thing that a table held and a World does not, with its size.

    what: its name in JSON. text: what was found and done. count: how many cells. musd: their sum in million USD.
    share: `musd` as a part of what `of` names. where: the largest cell.
    """

    what: str
    text: str
    count: int
    musd: float
    share: float
    of: str
    where: str = ""

    def to_dict(self) -> dict[str, Any]:
        return {k: getattr(self, k) for k in ("what", "text", "count", "musd", "share", "of", "where")}


@dataclass(frozen=True)
class RawTable:
    """Flows of an input-output table at basic prices, million USD; N countries, S industries.

    intermediate: (N, N, S) [importer, exporter, industry], zero or more. final: (N, N, S), the same for all final uses
    together; may be negative where stocks were drawn down. inputs: (N, S, S) [country, input, using industry], its sum
    over users being `intermediate` summed over exporters; None where the table does not say who used what.
    value_added: (N, S), None where not given. source: what kind of table. numeric_isic: whether industry codes without
    a letter are divisions of ISIC, revision 4.
    """

    countries: tuple[str, ...]
    sectors: tuple[str, ...]
    intermediate: np.ndarray
    final: np.ndarray
    inputs: np.ndarray | None
    value_added: np.ndarray | None
    source: str
    file: Path
    year: int | None
    numbers: int
    findings: tuple[Finding, ...] = ()
    numeric_isic: bool = False


@dataclass(frozen=True)
class BuildReport:
    """What was built from which file, and every repair with its size. `to_dict` gives the JSON form."""

    source: str
    file: str
    sha256: str
    year: int | None
    countries: int
    industries: int
    numbers: int
    elasticity: str
    findings: tuple[Finding, ...]
    miss: float

    def to_dict(self) -> dict[str, Any]:
        return {
            "version": VERSION,
            "kind": "world_build",
            "source": self.source,
            "file": self.file,
            "sha256": self.sha256,
            "year": self.year,
            "countries": self.countries,
            "industries": self.industries,
            "numbers_read": self.numbers,
            "elasticity": self.elasticity,
            "findings": [f.to_dict() for f in self.findings],
            "accounts_miss_share_of_sales": self.miss,
        }


def require_size(countries: Sequence[str], sectors: Sequence[str], file: Path) -> None:
    """Raise InputError where a world of this size would not fit."""
    N, S = len(countries), len(sectors)
    if N * N * S + N * S * S > MAX_ELEMENTS:
        raise InputError(
            f"has {N} countries and {S} industries", file=file, hint=f"at most {MAX_ELEMENTS:,} numbers are held"
        )


class Collector:
    """Sums the rows of an input-output table as they come, so that the table itself is never held.

    node_country, node_sector: country and industry of each column of intermediate use; final_country: country of each
    column of final use.
    """

    def __init__(
        self,
        countries: Sequence[str],
        sectors: Sequence[str],
        node_country: Sequence[int] | np.ndarray,
        node_sector: Sequence[int] | np.ndarray,
        final_country: Sequence[int] | np.ndarray,
    ) -> None:
        N, S = len(countries), len(sectors)
        self.countries, self.sectors = tuple(countries), tuple(sectors)
        self.intermediate, self.final = np.zeros((N, N, S)), np.zeros((N, N, S))
        self.inputs = np.zeros((N, S, S))
        self._country, self._node = np.asarray(node_country), np.asarray(node_country) * S + np.asarray(node_sector)
        self._final = np.asarray(final_country)
        self._dropped, self._count = 0.0, 0
        self._worst: tuple[float, str] = (0.0, "")

    def add(self, i: int, s: int, uses: np.ndarray, final: np.ndarray) -> None:
        """The sales of industry `s` of country `i`: to each industry, and to each final use."""
        N, S = len(self.countries), len(self.sectors)
        negative = uses < 0
        if negative.any():
            k = int(np.argmin(uses))
            buyer = f"{self.countries[self._node[k] // S]}, {self.sectors[self._node[k] % S]}"
            self._dropped -= float(uses[negative].sum())
            self._count += int(negative.sum())
            self._worst = min(
                self._worst, (float(uses[k]), f"{self.sectors[s]} from {self.countries[i]} to {buyer}: {uses[k]:.4g}")
            )
            uses = np.where(negative, 0.0, uses)
        self.intermediate[:, i, s] += np.bincount(self._country, uses, N)
        self.inputs[:, s, :] += np.bincount(self._node, uses, N * S).reshape(N, S)
        self.final[:, i, s] += np.bincount(self._final, final, N)

    def findings(self) -> list[Finding]:
        """What was dropped from intermediate use."""
        if not self._count:
            return []
        total = float(self.intermediate.sum())
        text = "negative intermediate flows set to zero"
        return [
            Finding(
                "negative_intermediate",
                text,
                self._count,
                self._dropped,
                self._dropped / total,
                "intermediate trade",
                self._worst[1],
            )
        ]


def differences(
    what: str,
    text: str,
    given: np.ndarray,
    found: np.ndarray,
    of: str,
    countries: Sequence[str],
    sectors: Sequence[str],
) -> Finding | None:
    """A Finding of how far two (N, S) arrays are apart; None where rounding explains it (1e-5 of the whole)."""
    gap = np.abs(given - found)
    total = float(np.abs(given).sum())
    if total == 0 or float(gap.sum()) <= 1e-5 * total:
        return None
    n, s = (int(x) for x in np.unravel_index(int(np.argmax(gap)), gap.shape))
    where = f"{countries[n]}, {sectors[s]}: {given[n, s]:.6g} against {found[n, s]:.6g}"
    count = int((gap > 1e-5 * np.maximum(np.abs(given), 1.0)).sum())
    return Finding(what, text, count, float(gap.sum()), float(gap.sum()) / total, of, where)


def some(finding: Finding | None) -> list[Finding]:
    """A list of one, or of none."""
    return [finding] if finding is not None else []

"""What a backtest gives back: a table, scores, and what went right and wrong in words made from them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class Row(BaseModel):
    """One line of a backtest's table: label, and numbers by column (None where there is none)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str
    values: dict[str, float | None]


class Backtest(BaseModel):
    """A backtest. calibrated_on: what the model knew. held_to: what it is held to. scores: name -> number. said:
    right and wrong, in sentences. caveats: what the comparison cannot show."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    kind: Literal["backtest"] = "backtest"
    name: str
    title: str
    calibrated_on: str
    held_to: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    scores: dict[str, float]
    said: tuple[str, ...]
    caveats: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return self.model_dump(mode="json")


def ranks(values: list[float]) -> list[float]:
    """Places from the smallest (1) up, ties shared."""
    ordered = sorted(values)
    return [sum(i + 1 for i, v in enumerate(ordered) if v == x) / ordered.count(x) for x in values]


def spearman(a: list[float], b: list[float]) -> float:
    """Spearman's rank correlation; zero where one side does not vary."""
    import numpy as np

    x, y = np.array(ranks(a)), np.array(ranks(b))
    if x.std() == 0 or y.std() == 0:
        return 0.0
    return float(np.corrcoef(x, y)[0, 1])

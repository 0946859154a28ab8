"""Backtests: the model calibrated on what was known at one time, held to what came later. One command each:
``multialign backtest NAME``, or ``python -m multialign.respond.backtests NAME``."""

from __future__ import annotations

from collections.abc import Callable

from multialign.errors import unknown
from multialign.respond.backtests.model import Backtest

NAMES = ("russian-crude", "india-tariff", "readiness")

__all__ = ["NAMES", "Backtest", "run"]


def run(name: str, progress: Callable[[str, float], None] | None = None) -> Backtest:
    """Run a backtest by name. Raises InputError for one that there is not."""
    if name not in NAMES:
        raise unknown("backtest", name, NAMES)
    from importlib import import_module

    module = import_module(f"multialign.respond.backtests.{name.replace('-', '_')}")
    return module.run(progress or (lambda text, done: None))  # type: ignore[no-any-return]

"""Multialign: how far should a state go with a great power's offer, in which domain, at what cost to whom?

The public names below are loaded when first used, so that ``import multialign`` costs almost nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PUBLIC = {
    "World": "multialign.world",
    "load_world": "multialign.world",
    "Scenario": "multialign.trade",
    "Tariff": "multialign.trade",
    "ExportTax": "multialign.trade",
    "Friction": "multialign.trade",
    "Embargo": "multialign.trade",
    "Discount": "multialign.trade",
    "Subsidy": "multialign.trade",
    "solve": "multialign.trade",
    "solve_many": "multialign.trade",
    "gradient": "multialign.trade",
    "ties": "multialign.ties",
    "power": "multialign.ties",
    "read": "multialign.reading",
    "respond": "multialign.respond",
    "brief": "multialign.report",
    "MultialignError": "multialign.errors",
    "InputError": "multialign.errors",
    "ConvergenceError": "multialign.errors",
}

__all__ = ["__version__", *_PUBLIC]


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        room = import_module(_PUBLIC[name])
        # `ties` and `respond` are rooms that can be called themselves (see _room.py).
        return room if _PUBLIC[name] == f"multialign.{name}" else getattr(room, name)
    raise AttributeError(f"module 'multialign' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)

"""What people see on paper: the brief, its figures and its words.

The names below are loaded when first used: a table on a terminal needs neither the engine nor the templates.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multialign.report.make import brief
    from multialign.report.model import Brief, brief_schema

_PUBLIC = {
    "Brief": "multialign.report.model",
    "brief": "multialign.report.make",
    "brief_schema": "multialign.report.model",
}

__all__ = ["Brief", "brief", "brief_schema"]


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'multialign.report' has no attribute '{name}'")

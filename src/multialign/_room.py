"""Rooms that share a name with the one function they are for.

``multialign.ties`` and ``multialign.respond`` are packages, and ``multialign.ties("IND")`` is also the natural way
to call what they do. A room's ``__init__`` therefore ends with ``callable_room(__name__, function)``, which lets the
module object itself be called; everything else about it stays an ordinary module.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any


def callable_room(module_name: str, function: Callable[..., Any]) -> None:
    """Make the module named `module_name` callable, as `function`."""

    class Room(ModuleType):
        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            return function(*args, **kwargs)

    Room.__doc__ = function.__doc__
    sys.modules[module_name].__class__ = Room

"""Names on their way out: they go on working, warn, and say what to use instead.

A name that `docs/reference/api.md` lists is deprecated for one minor version at least before it goes.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

GOES = "1.0"
"""The version in which deprecated names go, where nothing else is said."""


def deprecated(since: str, *, instead: str, goes: str = GOES) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A function that warns when it is called. `instead` names what to use."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            warnings.warn(
                f"{function.__name__} is deprecated since {since} and goes in {goes}; use {instead}",
                DeprecationWarning,
                stacklevel=2,
            )
            return function(*args, **kwargs)

        call.__doc__ = f"{function.__doc__ or ''}\n\nDeprecated since {since}: use {instead}."
        return call

    return decorate


def renamed(since: str, *, goes: str = GOES, **names: str) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """A function some of whose keyword arguments have new names: ``renamed("0.3", old="new")``. The old ones warn.

    Raises TypeError where both are given.
    """

    def decorate(function: Callable[..., R]) -> Callable[..., R]:
        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> R:
            for old, new in names.items():
                if old in kwargs:
                    if new in kwargs:
                        raise TypeError(f"{function.__name__}: both '{old}' and '{new}' are given")
                    warnings.warn(
                        f"{function.__name__}: '{old}' is deprecated since {since} and goes in {goes}; use '{new}'",
                        DeprecationWarning,
                        stacklevel=2,
                    )
                    kwargs[new] = kwargs.pop(old)
            return function(*args, **kwargs)

        return call

    return decorate

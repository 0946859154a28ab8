"""The state of a page as the search part of its address, and back; what comes back is not trusted."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode

from multialign.errors import InputError

LONGEST = 6_000
"""Longest search part that is looked at, characters."""
MOST = 60
"""Most fields in one."""


def fields(search: str | None) -> dict[str, list[str]]:
    """Field -> its values, in order. Raises InputError for an address that is too long or has too many fields."""
    text = (search or "").lstrip("?")
    if len(text) > LONGEST:
        raise InputError(f"the address holds {len(text):,} characters", hint=f"at most {LONGEST:,} are read")
    try:
        pairs = parse_qsl(text, max_num_fields=MOST, errors="replace")
    except ValueError:
        raise InputError(f"the address holds more than {MOST} fields", hint="open the page without them") from None
    out: dict[str, list[str]] = {}
    for name, value in pairs:
        out.setdefault(name, []).append(value[:500])
    return out


def first(given: dict[str, list[str]], name: str) -> str | None:
    """The first value of a field; None where there is none."""
    return given[name][0] if given.get(name) else None


def search(pairs: Iterable[tuple[str, object]]) -> str:
    """``?name=value&...`` of the pairs whose value is neither None nor empty."""
    kept = [(k, str(v)) for k, v in pairs if v is not None and v != ""]
    return "?" + urlencode(kept, safe=",:@") if kept else ""


def number(given: dict[str, list[str]], name: str, low: float, high: float) -> float | None:
    """A field as a number between two bounds; None where it is not given. Raises InputError for anything else."""
    text = first(given, name)
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise InputError(f"'{text[:40]}' in the address", field=name, hint=f"a number from {low:g} to {high:g}")
    return value

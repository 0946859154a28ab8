"""Divisions of ISIC, revision 4, behind an industry's code: what makes published elasticities fit other tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from multialign.errors import InputError, nearest, unknown
from multialign.world import panels

SECTIONS = {
    **{"A": (1, 3), "B": (5, 9), "C": (10, 33), "D": (35, 35), "E": (36, 39), "F": (41, 43), "G": (45, 47)},
    **{"H": (49, 53), "I": (55, 56), "J": (58, 63), "K": (64, 66), "L": (68, 68), "M": (69, 75), "N": (77, 82)},
    **{"O": (84, 84), "P": (85, 85), "Q": (86, 88), "R": (90, 93), "S": (94, 96), "T": (97, 98), "U": (99, 99)},
}
"""Section -> its first and last division (United Nations, ISIC revision 4)."""

FIRST_SERVICE = 35


def divisions(code: str, *, numeric: bool = False) -> frozenset[int]:
    """Divisions of a code such as ``C10T12``, ``C17_18``, ``C24A``, ``C10-C12``, ``J``; with `numeric` also ``10T12``.

    Empty where the code is none of ISIC revision 4 (a section that does not hold the division, for one).
    """
    out: set[int] = set()
    section = ""
    # A T between figures is a range; alone it is a section.
    for part in re.split(r"_", re.sub(r"(?<=\d)T(?=\d)", "-", code.strip().upper())):
        ends = [re.fullmatch(r"([A-U]?)(\d{2})?\d?([A-Z]?)", end) for end in part.split("-")]
        if not 1 <= len(ends) <= 2 or not all(ends):
            return frozenset()
        span = []
        for end in ends:
            assert end is not None  # noqa: S101
            letter, digits, tail = end.groups()
            if tail and not digits:
                return frozenset()
            section = letter or section
            if not section and not (numeric and digits):
                return frozenset()
            low, high = SECTIONS[section] if section else (1, 99)
            low, high = (int(digits),) * 2 if digits else (low, high)
            if section and not SECTIONS[section][0] <= low <= high <= SECTIONS[section][1]:
                return frozenset()
            span += [low, high]
        if span[0] > span[-1]:
            return frozenset()
        out |= set(range(span[0], span[-1] + 1))
    return frozenset(out)


def published_elasticities(name: str, sectors: Sequence[str], *, numeric: bool = False) -> np.ndarray:
    """Trade elasticities of a published set for the industries of another table. Shape (sector,).

    `name` is a set or ``median`` (see `load.elasticity`). An industry gets the plain mean of those embedded industries
    that share a division of ISIC with it; any other service gets the sets' figure for services. Raises InputError for
    an unknown set, or an industry whose code is none of ISIC.
    """
    table = panels.elasticity_sets()
    if name != "median" and name not in table:
        raise unknown("elasticity set", name, ["median", *table], field="elasticity")
    values = table.median(axis=1) if name == "median" else table[name]
    known = {s: divisions(s) for s in table.index}
    services = float(values[[s for s in table.index if min(known[s]) >= FIRST_SERVICE]].median())
    out = np.zeros(len(sectors))
    for k, sector in enumerate(sectors):
        wanted = divisions(sector, numeric=numeric)
        alike = [sector] if sector in known else [s for s in table.index if known[s] & wanted]
        if alike:
            out[k] = float(values[alike].mean())
        elif wanted and min(wanted) >= FIRST_SERVICE:
            out[k] = services
        else:
            close = nearest(sector, list(known))
            raise InputError(
                f"industry '{sector}' is not in the published sets" + (f" (the nearest is {close})" if close else ""),
                field="elasticity",
                hint="give one number, or a file with columns sector and elasticity",
            )
    return out

"""Who refuses whose crude, by law or declared commitment, and for how much of a year."""

from __future__ import annotations

from datetime import date
from functools import cache

from multialign.world import codes, panels

UNRECORDED = (("TUR", "RUS"), ("BLR", "RUS"))
"""Buyer and origin whose trade goes on and is no longer reported: their zeros are no zeros."""


@cache
def _rows() -> tuple[tuple[str, str, date, date | None, float], ...]:
    table = panels.crude_embargoes()
    return tuple(
        (
            str(r.buyer),
            str(r.origin),
            date.fromisoformat(str(r.since)),
            date.fromisoformat(str(r.until)) if r.until else None,
            float(r.covered),
        )
        for r in table.itertuples()
    )


@cache
def embargoed(buyer: str, origin: str, year: int) -> float:
    """The part of a year's crude from `origin` that the law keeps from `buyer`: days in force x part covered. [0, 1].

    A member of the European Union is under the Union's rows unless it has one of its own for that origin.
    """
    own = [r for r in _rows() if r[0] == buyer and r[1] == origin]
    rows = own or [r for r in _rows() if r[0] == "EU27" and r[1] == origin and buyer in codes.EU27]
    start, end = date(year, 1, 1), date(year + 1, 1, 1)
    out = 0.0
    for _, _, since, until, covered in rows:
        days = (min(until or end, end) - max(since, start)).days
        out += covered * max(days, 0) / (end - start).days
    return min(out, 1.0)


def ever_refused(buyer: str, origin: str, last: int) -> bool:
    """Whether a buyer was under an embargo of an origin in any year up to `last` since 2010."""
    return any(embargoed(buyer, origin, year) > 0 for year in range(2010, last + 1))

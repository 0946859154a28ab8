"""Cooperation and conflict in a record of statements, given as a plain table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from multialign.errors import InputError
from multialign.ties.actors import Actor, order
from multialign.ties.records import StatementsYear

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("date", "source", "target", "valence")


def statements_table(record: pd.DataFrame | Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """A record as a table with year, source, target, valence; rows without a date or a party are left out.

    record: a table, or rows, with `date` (or its year), `source` and `target` (ISO3), and `valence` (above zero for
    cooperation, below for conflict). Raises InputError for a missing column or a value that is no number.
    """
    import pandas as pd

    table = record if isinstance(record, pd.DataFrame) else pd.DataFrame([dict(r) for r in record])
    if table.empty:
        return pd.DataFrame(columns=["year", "source", "target", "valence"])
    for column in COLUMNS:
        if column not in table:
            found = ", ".join(map(str, table.columns))
            raise InputError(f"has no column '{column}'", field="record", hint=f"it has: {found}")
    valence = pd.to_numeric(table["valence"], errors="coerce")
    bad = valence.isna() & table["valence"].notna()
    if bad.any():
        wrong = table.loc[bad, "valence"].iloc[0]
        raise InputError(f"found '{wrong}'", field="record.valence", hint="right is a number")
    year = pd.to_numeric(table["date"].astype(str).str[:4], errors="coerce")
    out = table.assign(year=year, valence=valence)[["year", "source", "target", "valence"]].dropna()
    return out.assign(year=out["year"].astype(int))


def by_year(table: pd.DataFrame, who: Actor, partner: Actor) -> tuple[StatementsYear, ...]:
    """What a record holds of a pair, year by year; a union counts as its members and itself."""
    names = list(order())

    def codes_of(a: Actor) -> set[str]:
        return {a.code, *(names[m] for m in a.members)}

    mine, theirs = codes_of(who), codes_of(partner)
    there = table[table["source"].isin(mine) & table["target"].isin(theirs)]
    back = table[table["source"].isin(theirs) & table["target"].isin(mine)]
    out = []
    for year in sorted(set(there["year"]) | set(back["year"])):
        a, b = there.loc[there["year"] == year, "valence"], back.loc[back["year"] == year, "valence"]
        both = [*a, *b]
        out.append(
            StatementsYear(
                year=int(year),
                cooperation=int((a > 0).sum()),
                conflict=int((a < 0).sum()),
                from_cooperation=int((b > 0).sum()),
                from_conflict=int((b < 0).sum()),
                balance=float(sum(both) / len(both)),
            )
        )
    return tuple(out)

"""Ideal points from votes in the UN General Assembly: the authors' own table, country by session."""

from __future__ import annotations

from pathlib import Path

from multialign.errors import InputError
from multialign.world import codes
from multialign.world.refresh.store import Entry, put, sha256
from multialign.world.refresh.tables import numbers, read_table

WHAT = "IdealpointestimatesAll_*.csv of the voting data, with iso3c, session (or year) and IdealPointAll"
FIRST_SESSION = 1945
FIRST_YEAR = 1990
LEAST_STATES = 60
CITATION = (
    "Bailey, M. A., A. Strezhnev and E. Voeten (2017), Estimating Dynamic State Preferences from United Nations Voting "
    "Data, Journal of Conflict Resolution 61(2), 430-456"
)


def add_votes(path: Path) -> Entry:
    """Take the table of ideal points into the user's data; it stands in for the embedded one from 1990 on.

    A session counts as the year in which it began (session 1 in 1946). Raises InputError for another layout.
    """
    needed = (("iso3c", "iso3", "country"), ("session", "year"), ("IdealPointAll", "idealpointall", "ideal_point"))
    table, first = read_table(path, needed, what=WHAT)
    when = numbers(table, "session", path, first)
    point = numbers(table, "IdealPointAll", path, first, blank=True)
    table = table.assign(
        country=table["iso3c"].str.strip().str.upper(),
        # The same file comes by session (1 to about 80) and by year.
        year=when.where(when > 1000, when + FIRST_SESSION).astype(int),
        ideal_point=point,
    )
    known = set(codes.countries()) - {"ROW"}
    table = table[table["country"].isin(known) & table["ideal_point"].notna() & (table["year"] >= FIRST_YEAR)]
    if table.empty or table["country"].nunique() < LEAST_STATES:
        raise InputError(
            f"has ideal points of {table['country'].nunique()} known states since {FIRST_YEAR}",
            file=path,
            hint=f"the authors' table has all of the United Nations; right is {WHAT}",
        )
    wide = table["ideal_point"].abs().max()
    if wide > 10:
        raise InputError(f"has an ideal point of {wide:g}", file=path, hint="they lie within about -3 and 3")
    # Two sessions can begin in one calendar year's table; their mean stands for the year.
    out = table.groupby(["country", "year"], as_index=False)["ideal_point"].mean().sort_values(["country", "year"])
    last = int(out["year"].max())
    entry = Entry(
        kind="votes",
        file="votes.csv",
        years=(int(out["year"].min()), last),
        rows=len(out),
        source="Bailey, Strezhnev & Voeten, ideal points from UN General Assembly votes",
        edition=path.stem,
        licence="figures of a public research data set; cite the authors",
        citation=CITATION,
        source_file=path.name,
        source_sha256=sha256(path),
        checks=(f"{out['country'].nunique()} of {len(known)} states, {out['year'].nunique()} years",),
    )
    return put(entry, lambda p: out.to_csv(p, index=False, float_format="%.6g"))

"""The OECD's inter-country input-output tables: one year's trade, by use and industry."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from multialign.errors import InputError
from multialign.world import codes
from multialign.world.parquet import write_parquet
from multialign.world.refresh.store import Entry, put, sha256

LEAST_STATES = 40
CITATION = "OECD, Inter-Country Input-Output Database, oe.cd/icio"


def add_icio(path: Path, year: int | None = None) -> Entry:
    """Take one year's ICIO table into the user's data: trade by importer, exporter, industry and use.

    The ties then show trade and technology over time; the World that the engine solves stays the embedded one (build
    one of your own with ``multialign world build``). Raises InputError, as `readers.read_icio`, and for a table without
    a year or of another list of countries or industries.
    """
    import pandas as pd

    from multialign.world.readers import read_icio

    raw = read_icio(path, year=year)
    if raw.year is None:
        raise InputError("does not say its year", file=path, field="year", hint="give it with --year")
    known = {c for c in raw.countries if c in codes.countries()}
    if len(known) < LEAST_STATES:
        raise InputError(f"has {len(known)} of the embedded states", file=path, hint=f"at least {LEAST_STATES}")
    strange = [s for s in raw.sectors if s not in codes.industries()]
    if strange:
        raise InputError(
            f"has the industry '{strange[0]}'",
            file=path,
            hint="right are the industries of the 2025 edition, as embedded",
        )
    place = [c if c in known else "ROW" for c in raw.countries]
    off = ~np.eye(len(place), dtype=bool)
    n, i = np.nonzero(off)
    rows = []
    for s, sector in enumerate(raw.sectors):
        z, f = raw.intermediate[n, i, s], raw.final[n, i, s]
        use = (z + f) > 1e-6
        rows.append(
            pd.DataFrame(
                {
                    "importer": [place[k] for k in n[use]],
                    "exporter": [place[k] for k in i[use]],
                    "sector": sector,
                    "intermediate": z[use].astype("float32"),
                    "final": f[use].astype("float32"),
                }
            )
        )
    table = pd.concat(rows, ignore_index=True).assign(year=raw.year)
    out = table.groupby(["year", "importer", "exporter", "sector"], as_index=False)[["intermediate", "final"]].sum()
    total = float(out["intermediate"].sum() + out["final"].sum())
    entry = Entry(
        kind="icio",
        file=f"icio_{raw.year}.parquet",
        years=(raw.year, raw.year),
        rows=len(out),
        source="OECD ICIO",
        edition=path.stem,
        licence="OECD terms and conditions (attribution)",
        citation=CITATION,
        source_file=path.name,
        source_sha256=sha256(path),
        checks=(
            f"{len(raw.countries)} countries, {len(raw.sectors)} industries, trade of {total / 1e6:,.2f} trillion USD",
            *(f.text for f in raw.findings),
        ),
    )
    return put(entry, lambda p: write_parquet(out, p, order=("importer", "exporter", "sector")))

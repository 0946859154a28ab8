"""The OECD's inter-country input-output tables: one year's trade, by use and industry."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from multialign.errors import InputError
from multialign.world import codes
from multialign.world.refresh.store import Entry, put, sha256

LEAST_STATES = 40
CITATION = "OECD, Inter-Country Input-Output Database, oe.cd/icio"


def add_icio(path: Path, year: int | None = None) -> Entry:
    """Take one year's ICIO table into the user's data, as a World with its accounts balanced.

    The ties then show trade and technology over time; a year after the embedded one also becomes the World that ties
    and engine start from (`own_world`). Raises InputError, as `readers.read_icio` and `readers.build_world`, and for a
    table without a year or of another list of countries or industries.
    """
    from multialign.world.load import save_world
    from multialign.world.readers import build_world, read_icio

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
    merged = {c: c if c in known else "ROW" for c in raw.countries}
    world, report = build_world(
        raw,
        mapping={"country": merged, "industry": None} if set(merged.values()) != set(raw.countries) else None,
        name=f"{raw.source}, {raw.year}",
    )
    off = ~np.eye(len(world.countries), dtype=bool)
    total = float(world.trade.values[off].sum())
    entry = Entry(
        kind="icio",
        file=f"icio_{raw.year}.nc",
        years=(raw.year, raw.year),
        rows=int((world.trade.values[off] > 0).sum()),
        source="OECD ICIO",
        edition=path.stem,
        licence="OECD terms and conditions (attribution)",
        citation=CITATION,
        source_file=path.name,
        source_sha256=sha256(path),
        checks=(
            f"{len(raw.countries)} countries, {len(raw.sectors)} industries, trade of {total / 1e6:,.2f} trillion USD",
            *(f"{f.text}: {100 * f.share:.2g} % of {f.of}" for f in report.findings),
        ),
    )
    return put(entry, lambda p: save_world(world, p))

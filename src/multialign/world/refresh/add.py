"""`add`: one of the publishers' files into the user's data folder, by kind."""

from __future__ import annotations

from pathlib import Path

from multialign.errors import unknown
from multialign.world.refresh.arms import add_arms
from multialign.world.refresh.baci import add_baci
from multialign.world.refresh.icio import add_icio
from multialign.world.refresh.store import Entry
from multialign.world.refresh.tariffs import add_tariffs
from multialign.world.refresh.votes import add_votes

KINDS = ("baci", "icio", "votes", "arms", "tariffs")


def add(
    kind: str,
    path: str | Path,
    *,
    country_codes: str | Path | None = None,
    year: int | None = None,
    source: str | None = None,
) -> Entry:
    """Take a file into the user's data, where the panels read it before the embedded data.

    Parameters
    ----------
    kind: one of `KINDS`. path: the publisher's own file, unchanged.
    country_codes: for ``baci``, its country table where it does not lie beside the file.
    year: for ``icio``, its year where the file's name does not say it.
    source: for ``tariffs``, whose figures they are, as it shall be cited.

    Nothing is changed unless the whole file is right. Raises InputError naming file, line, field and what is right.
    """
    path = Path(path)
    if kind == "baci":
        return add_baci(path, Path(country_codes) if country_codes is not None else None)
    if kind == "icio":
        return add_icio(path, year)
    if kind == "votes":
        return add_votes(path)
    if kind == "arms":
        return add_arms(path)
    if kind == "tariffs":
        return add_tariffs(path, source=source)
    raise unknown("kind of data", kind, KINDS, field="kind")

"""Where the record lies: the place given, the one that the environment names, or the user's own data folder."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "MULTIALIGN_RECORD"


def place(given: str | Path | None = None) -> Path:
    """The record's file: `given`, else ``$MULTIALIGN_RECORD``, else ``record.duckdb`` in the user's data folder."""
    if given is not None:
        return Path(given)
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path("multialign", appauthor=False) / "record.duckdb"

"""The data that a brief rests on, as the manifests of the embedded world and its panels name them."""

from __future__ import annotations

import re

from multialign.report.model import Source
from multialign.world.load import manifest
from multialign.world.panels import panels_manifest


def sources() -> tuple[Source, ...]:
    """The embedded world's sources, then those of the panels beside it."""
    world = [
        Source(
            what=_first(_without_files(s["what"])),
            publisher=_first(s["publisher"]),
            edition=s["edition"],
            licence=s["licence"],
            cite=s["cite"],
        )
        for s in manifest()["sources"]
    ]
    panels = [
        Source(
            what=_first(entry["content"].split(";")[0]),
            publisher=_first(_without_files(entry["source"])),
            edition=entry["edition"],
            licence=entry["licence"],
            cite=entry["citation"],
        )
        for file, entry in panels_manifest().items()
        if file != "trade_elasticities.csv"  # already among the world's
    ]
    return (*world, *panels)


def _without_files(text: str) -> str:
    """The text without file names in brackets and without how the data were carried."""
    text = re.sub(r"\s*\([^()]*(\.csv|\.npz|\.nc|\.db|\.parquet)[^()]*\)", "", text)
    return re.sub(r", as carried by PyPI [^;]*", "", text)


def _first(text: str) -> str:
    return text[:1].upper() + text[1:]

"""The data that a brief rests on, as the manifests of the embedded world and its panels name them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from multialign.report.model import Source
from multialign.world.load import manifest
from multialign.world.panels import panels_manifest

MAP = Source(
    what="Shapes of countries, 1:110 million, in Equal Earth",
    publisher="Natural Earth",
    edition="as carried by npm world-atlas 2.0.2",
    licence="public domain",
    cite="Made with Natural Earth",
)


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
    return (*world, *panels, MAP)


TOPICS: tuple[tuple[str, str], ...] = (
    (r"\bUN votes?\b|ideal points", "ideal points"),
    (r"\barms\b|SIPRI", "SIPRI"),
    (r"\benergy\b|\bcrude\b|\bbarrels?\b|\bdiscounts?\b|BACI", "BACI"),
    (r"\bBrent\b", "Brent"),
    (
        r"goods and services|\btechnology\b|buys from|sells to|Input-Output|input-output|Trade, all|OECD",
        "Inter-Country",
    ),
    (r"\btariffs?\b", "Tariff Database"),
    (r"elasticit", "elasticities"),
    (r"Natural Earth", "Natural Earth"),
)
"""What a sentence speaks of (a pattern), and the word by which its source is known in the list of sources."""
MODEL = r"real income|\bdraws?\b|\bdepth\b|is worth|would lose|would gain|uses up|Multialign|evenness"
"""A sentence that speaks of these rests on the model and its assumptions."""


@dataclass(frozen=True)
class Reference:
    """A place in the brief where a number's source is named: the id that a link leads to, its mark, and its title."""

    goal: str
    mark: str
    title: str


def references(text: str, known: Sequence[Source]) -> tuple[Reference, ...]:
    """The sources that the numbers in a sentence rest on, in the order of the list; none for one without a number."""
    if not re.search(r"\d", text):
        return ()
    found: dict[int, Reference] = {}
    for pattern, word in TOPICS:
        if re.search(pattern, text):
            for k, s in enumerate(known, start=1):
                if word.lower() in f"{s.what} {s.publisher} {s.cite}".lower():
                    found[k] = Reference(f"source-{k}", str(k), f"{s.what} ({s.publisher})")
                    break
    out = [found[k] for k in sorted(found)]
    if re.search(MODEL, text):
        out.append(Reference("method", "M", "Computed: see the method and what is assumed"))
    return tuple(out)


def _without_files(text: str) -> str:
    """The text without file names in brackets and without how the data were carried."""
    text = re.sub(r"\s*\([^()]*(\.csv|\.npz|\.nc|\.db|\.parquet)[^()]*\)", "", text)
    return re.sub(r", as carried by PyPI [^;]*", "", text)


def _first(text: str) -> str:
    return text[:1].upper() + text[1:]

"""What is said: English text to coded statements and offers, each tied to the stretch that it rests on.

``read`` a file or a text; ``record`` keeps readings in an embedded database.
"""

from __future__ import annotations

from multialign.reading import record
from multialign.reading.gazetteer import check_actors, use_actors
from multialign.reading.model import (
    DOMAINS,
    EVENTS,
    MODES,
    RELATIONS,
    VALENCE,
    Offer,
    Reading,
    Statement,
    reading_schema,
)
from multialign.reading.reader import read, read_text
from multialign.reading.tables import check_tables

__all__ = [
    "DOMAINS",
    "EVENTS",
    "MODES",
    "RELATIONS",
    "VALENCE",
    "Offer",
    "Reading",
    "Statement",
    "check_actors",
    "check_tables",
    "read",
    "read_text",
    "reading_schema",
    "record",
    "use_actors",
]

"""The record: readings kept in one DuckDB file, to which documents are added and from which series are drawn.

A document's identity is the hash of its text: adding it again changes nothing, whoever read it. Documents go in by
batches, each whole or not at all, so that a run that is killed loses at most the batch in hand and can be started
again. Spans, speakers and conditions are kept as read, so any row can be traced to its words.
"""

from __future__ import annotations

from multialign.reading.record.place import place
from multialign.reading.record.rows import Rows, rows
from multialign.reading.record.series import Dyad, Month
from multialign.reading.record.store import SCHEMA_VERSION, Record

__all__ = ["SCHEMA_VERSION", "Dyad", "Month", "Record", "Rows", "place", "rows"]

"""Reading an archive of documents on a cluster, into one record.

Documents are found and handed out here, read by the workers, and added here in the order of the input by the one
writer that a record has. What is there already is not sent out again, so a run that was stopped can be repeated; the
record is the same as one process would have made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from multialign.reading import bulk
from multialign.reading.bulk import Batch
from multialign.reading.documents import Source
from multialign.reading.inputs import Refused
from multialign.reading.record import Rows
from multialign.sweep import cluster


def record_rows(
    items: Iterable[Source | Refused],
    *,
    scheduler: str | None = None,
    workers: int | None = None,
    known: Callable[[list[str]], set[str]] | None = None,
) -> Iterator[Batch[Rows | Refused]]:
    """Batches of the record's rows, in order, read by a Dask cluster. As `reading.bulk.record_rows`.

    Parameters
    ----------
    items: documents, as `reading.inputs.sources` gives them; their text travels to the workers.
    scheduler: address of a Dask scheduler; without it a cluster of `workers` processes on this machine.
    known: says which hashes need not be read.

    Raises InputError where Dask or the scheduler is not there, MultialignError where the work was cut off.
    """
    aside: list[tuple[list[Refused], int]] = []

    def batches() -> Iterator[list[Source]]:
        for sources, refused, skipped in bulk._batches(items, known):
            aside.append((refused, skipped))
            yield sources

    with cluster.client(scheduler, workers) as connected:
        for results in cluster.ordered(connected, bulk.rows_batch, batches()):
            refused, skipped = aside.pop(0)
            yield Batch(results, refused, skipped)

"""Work in many processes by Dask: a cluster of this machine's own, or any scheduler by its address.

Processes may die: Dask starts them anew and gives their tasks to others. What is handed out at a time is bounded, so a
million tasks need no more memory than a few.
"""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from typing import Any, TypeVar

from multialign._machine import processors
from multialign.errors import InputError, MultialignError

T = TypeVar("T")
A = TypeVar("A")

DEATHS = 10
"""How many processes may die over one task before it is given up."""

ANSWER = "10s"
"""How long a scheduler may take to answer at first."""

PATIENCE = 120.0
"""Seconds that a cluster of this machine's own may be without any process before it is given up."""

SINGLE = {"PJRT_NPROC": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""Settings under which a process keeps to one processor: there is one process for each."""


def has_dask() -> bool:
    """Whether the extra 'scale' is installed."""
    from importlib.util import find_spec

    return find_spec("distributed") is not None


@contextlib.contextmanager
def client(scheduler: str | None = None, workers: int | None = None) -> Iterator[Any]:
    """A Dask client: of the scheduler at an address, or of a cluster on this machine that ends with it.

    Raises InputError where Dask is not installed, or no scheduler answers at the address.
    """
    if not has_dask():
        raise InputError(
            "Dask is not installed", field="--scheduler" if scheduler else "--workers",
            hint="pip install 'multialign[scale]'",
        )  # fmt: skip
    import logging

    import dask
    from distributed import Client, LocalCluster

    for name in ("asyncio", *logging.root.manager.loggerDict):  # what goes wrong is said in our own words
        if name.partition(".")[0] in ("distributed", "tornado", "asyncio"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
    with dask.config.set(
        {
            "distributed.scheduler.allowed-failures": DEATHS,
            "distributed.comm.timeouts.connect": "120s",  # a busy machine may be slow to start a process
            "distributed.admin.log-length": 0,
        }
    ):
        if scheduler is not None:
            try:
                connected = Client(scheduler, timeout=ANSWER, set_as_default=False)
            except (OSError, TimeoutError, ValueError) as error:
                raise InputError(
                    f"no scheduler answers at '{scheduler}'", field="--scheduler",
                    hint="right is an address such as tcp://127.0.0.1:8786",
                ) from error  # fmt: skip
            with connected:
                yield connected
            return
        with (
            LocalCluster(
                n_workers=workers or processors(), threads_per_worker=1, processes=True, dashboard_address=None,
                memory_limit=0, env=SINGLE, host="127.0.0.1", silence_logs=logging.CRITICAL,
            ) as cluster,
            Client(cluster, set_as_default=False) as connected,
        ):  # fmt: skip
            yield connected


def unordered(connected: Any, work: Callable[[A], T], items: Iterable[A]) -> Iterator[T]:
    """Results of `work` on each item, as they come. Raises what `work` raised, and MultialignError where the scheduler
    went away or a task's processes kept dying."""
    queue = iter(items)
    watch = _Watch(connected)
    with _told():
        waiting = {connected.submit(work, a, pure=False) for _, a in zip(range(watch.ahead), queue, strict=False)}
        while waiting:
            for future in watch.some(waiting):
                waiting.discard(future)
                yield future.result()
                for item in queue:
                    waiting.add(connected.submit(work, item, pure=False))
                    break


def ordered(connected: Any, work: Callable[[A], T], items: Iterable[A]) -> Iterator[T]:
    """Results of `work` on each item, in the order of the items. Errors as in `unordered`."""
    waiting: deque[Any] = deque()
    watch = _Watch(connected)
    with _told():
        for item in items:
            waiting.append(connected.submit(work, item, pure=False))
            while len(waiting) > watch.ahead:
                watch.some({waiting[0]})
                yield waiting.popleft().result()
        while waiting:
            watch.some({waiting[0]})
            yield waiting.popleft().result()


class _Watch:
    """Waits for tasks, and looks now and then whether anybody is there to do them."""

    def __init__(self, connected: Any) -> None:
        self.client = connected
        self.own = connected.cluster is not None
        self.ahead = 2 * max(1, sum(connected.nthreads().values())) + 2
        self.seen = time.monotonic()

    def some(self, futures: set[Any]) -> set[Any]:
        """Those that are done, one at least. Raises MultialignError where a cluster of our own has no processes left,
        or the scheduler is gone."""
        from distributed import wait

        while True:
            try:
                with self.client.as_current():
                    return set(wait(futures, timeout=2, return_when="FIRST_COMPLETED").done)
            except TimeoutError:
                self.look()

    def look(self) -> None:
        if self.client.status not in ("running", "connecting"):
            raise CancelledError
        now = time.monotonic()
        if self.client.nthreads():
            self.seen = now
        elif self.own and now - self.seen > PATIENCE:
            raise MultialignError(
                "no process is left to work; what was finished before is kept, and the same command goes on from there"
            )


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Dask's own troubles in our words."""
    from distributed import KilledWorker
    from distributed.client import FutureCancelledError
    from distributed.comm import CommClosedError

    try:
        yield
    except KilledWorker as error:
        raise MultialignError(
            f"{DEATHS + 1} processes ended over one task (out of memory?); what was finished before is kept, and the "
            "same command goes on from there"
        ) from error
    except (CancelledError, FutureCancelledError, CommClosedError) as error:
        raise MultialignError(
            "the scheduler went away; what was finished before is kept, and the same command goes on from there"
        ) from error

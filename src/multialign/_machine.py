"""What the machine gives this process."""

from __future__ import annotations

import os


def processors() -> int:
    """Processors that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


MOST_THREADS = 4
"""Solves at once in one process: each holds kernels of its own, some 0.3 GB for the embedded world."""


def threads() -> int:
    """Threads for solves that go beside each other: no more than the process was told to keep to by ``PJRT_NPROC``, as
    the workers of a cluster are."""
    told = os.environ.get("PJRT_NPROC", "")
    return min(processors(), MOST_THREADS, int(told) if told.isdigit() and int(told) else MOST_THREADS)

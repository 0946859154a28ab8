"""Long work off the request's thread: started by key, watched, cancelled between two steps, its result kept."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Literal

from multialign.errors import InputError, MultialignError

State = Literal["unknown", "waiting", "running", "done", "failed", "cancelled"]
Report = Callable[[str, float], None]
Work = Callable[[Report], Any]
log = logging.getLogger("multialign.app")


class Cancelled(Exception):
    """Raised from the progress callback of a job that was told to stop."""


@dataclass(frozen=True)
class Snapshot:
    """How a job stands: text and fraction done of its last step, the error's one line, the result once done."""

    state: State
    text: str = ""
    done: float = 0.0
    error: str = ""
    result: Any = None

    @property
    def active(self) -> bool:
        return self.state in ("waiting", "running")


@dataclass
class _Job:
    now: Snapshot = field(default_factory=lambda: Snapshot("waiting"))
    stop: threading.Event = field(default_factory=threading.Event)


class Jobs:
    """Jobs by key. The same key twice is one job; its result is kept, the oldest dropped beyond `keep`.

    Parameters
    ----------
    workers: jobs that run at once. One, as a solve uses all cores. keep: finished jobs remembered.
    waiting: jobs that may stand in line; InputError beyond that.
    """

    def __init__(self, workers: int = 1, keep: int = 16, waiting: int = 8) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="job")
        self._jobs: OrderedDict[str, _Job] = OrderedDict()
        self._lock = threading.Lock()
        self._keep, self._waiting = keep, waiting

    def start(self, key: str, work: Work) -> None:
        """Begin `work(report)` unless a job of that key is in hand or done. Raises InputError when the line is full."""
        with self._lock:
            old = self._jobs.get(key)
            if old and not old.stop.is_set() and (old.now.active or old.now.state == "done"):
                self._jobs.move_to_end(key)
                return
            if sum(j.now.state == "waiting" for j in self._jobs.values()) >= self._waiting:
                raise InputError(f"{self._waiting} questions are waiting already", hint="cancel one, or wait")
            job = self._jobs[key] = _Job()
            self._jobs.move_to_end(key)
            finished = [k for k, j in self._jobs.items() if not j.now.active]
            for k in finished[: max(0, len(self._jobs) - self._keep)]:
                del self._jobs[k]
        self._pool.submit(self._run, job, work)

    def look(self, key: str) -> Snapshot:
        """How the job of that key stands; state 'unknown' where there is none."""
        with self._lock:
            job = self._jobs.get(key)
            return job.now if job else Snapshot("unknown")

    def cancel(self, key: str) -> None:
        """Tell a job to stop: at once when it waits, else at its next report. Nothing happens to a finished one."""
        with self._lock:
            job = self._jobs.get(key)
            if job and job.now.active:
                job.stop.set()
                if job.now.state == "waiting":
                    job.now = Snapshot("cancelled")

    def close(self) -> None:
        """Stop all jobs and take no more."""
        with self._lock:
            for job in self._jobs.values():
                job.stop.set()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, job: _Job, work: Work) -> None:
        def report(text: str, done: float) -> None:
            if job.stop.is_set():
                raise Cancelled
            self._set(job, Snapshot("running", text, min(max(done, 0.0), 1.0)))

        try:
            report("starting", 0.0)
            result = work(report)
        except Cancelled:
            self._set(job, Snapshot("cancelled"))
        except MultialignError as error:
            self._set(job, Snapshot("failed", error=str(error)))
        except Exception:
            log.exception("a job failed")
            line = "something went wrong inside the workbench; its terminal shows the details"
            self._set(job, Snapshot("failed", error=line))
        else:
            self._set(job, Snapshot("done", done=1.0, result=result))

    def _set(self, job: _Job, now: Snapshot) -> None:
        with self._lock:
            job.now = now

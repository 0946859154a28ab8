"""Jobs run once, report, stop when told, and say what went wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from multialign.app.jobs import Jobs, Report, Snapshot
from multialign.errors import InputError

LONG = 5.0


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs(keep=2, waiting=2)
    yield made
    made.close()


def until(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + LONG
    while not ready():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.005)


def finished(jobs: Jobs, key: str) -> Snapshot:
    until(lambda: not jobs.look(key).active)
    return jobs.look(key)


def test_result_is_kept_and_work_done_once(jobs: Jobs) -> None:
    calls = []

    def work(report: Report) -> int:
        calls.append(1)
        report("half", 0.5)
        return 42

    jobs.start("a", work)
    assert finished(jobs, "a") == Snapshot("done", done=1.0, result=42)
    jobs.start("a", work)
    assert jobs.look("a").result == 42 and len(calls) == 1
    assert jobs.look("b").state == "unknown"


def test_progress_can_be_watched(jobs: Jobs) -> None:
    go, seen = threading.Event(), threading.Event()

    def work(report: Report) -> None:
        report("solving", 0.25)
        seen.set()
        go.wait(LONG)

    jobs.start("a", work)
    assert seen.wait(LONG)
    assert jobs.look("a") == Snapshot("running", "solving", 0.25)
    go.set()
    assert finished(jobs, "a").state == "done"


def test_cancel_stops_at_the_next_report_and_may_begin_again(jobs: Jobs) -> None:
    steps, begun = [], threading.Event()

    def endless(report: Report) -> None:
        while True:
            report("step", 0.1)
            steps.append(1)
            begun.set()
            time.sleep(0.005)

    jobs.start("a", endless)
    assert begun.wait(LONG)
    jobs.cancel("a")
    assert finished(jobs, "a").state == "cancelled"
    after = len(steps)
    time.sleep(0.03)
    assert len(steps) == after
    jobs.start("a", lambda report: 1)
    assert finished(jobs, "a").result == 1


def test_cancel_of_one_that_waits(jobs: Jobs) -> None:
    go, ran = threading.Event(), []
    jobs.start("a", lambda report: go.wait(LONG))
    jobs.start("b", lambda report: ran.append(1))
    jobs.cancel("b")
    assert jobs.look("b").state == "cancelled"
    go.set()
    finished(jobs, "a")
    jobs.start("c", lambda report: None)
    finished(jobs, "c")
    assert not ran


def test_errors(jobs: Jobs, caplog: pytest.LogCaptureFixture) -> None:
    def user(report: Report) -> None:
        raise InputError("'XYZ' is not a country", hint="try IND")

    def ours(report: Report) -> None:
        raise ZeroDivisionError("secret detail")

    jobs.start("a", user)
    assert finished(jobs, "a").error == "'XYZ' is not a country; try IND"
    jobs.start("b", ours)
    assert finished(jobs, "b").state == "failed"
    assert "secret" not in jobs.look("b").error
    assert "secret detail" in caplog.text


def test_line_and_memory_are_bounded(jobs: Jobs) -> None:
    go = threading.Event()
    jobs.start("a", lambda report: go.wait(LONG))
    until(lambda: jobs.look("a").state == "running")
    jobs.start("b", lambda report: None)
    jobs.start("c", lambda report: None)
    with pytest.raises(InputError, match="waiting"):
        jobs.start("d", lambda report: None)
    go.set()
    for key in ("a", "b", "c"):
        finished(jobs, key)
    jobs.start("e", lambda report: None)
    finished(jobs, "e")
    assert jobs.look("a").state == "unknown" and jobs.look("c").state == "done"

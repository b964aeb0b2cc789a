"""Jobs run in threads, say how far they are, and can be taken back by whoever started them."""

from __future__ import annotations

import threading
from typing import cast

import pytest

from shroff.errors import ConfigError, DataError, EngineError
from shroff.store.engine import Engine
from shroff.web.jobs import Finished, Job, Jobs, JobState

WHO = "ana"


def _wait(job: Job, gate: threading.Event | None = None) -> None:
    if gate is not None:
        gate.set()
    assert job._future is not None
    job._future.exception(timeout=30)


def test_a_job_gives_what_its_work_came_to() -> None:
    jobs = Jobs()

    def work(job: Job) -> Finished:
        job.tick(3, 4)
        return Finished(record={"n": 7})

    job = jobs.start("count", work, who=WHO)
    _wait(job)
    assert (job.state, job.done, job.of) == (JobState.DONE, 3, 4)
    assert job.result is not None
    assert job.result.record == {"n": 7}
    assert job.fault is None
    jobs.close()


def test_a_fault_is_told_and_is_no_result() -> None:
    jobs = Jobs()

    def work(_: Job) -> Finished:
        raise DataError("no ad", hint="ingest some")

    job = jobs.start("count", work, who=WHO)
    _wait(job)
    assert job.state is JobState.FAILED
    assert job.fault is not None
    assert job.fault.cause == "no ad"
    assert job.result is None
    jobs.close()


def test_what_is_cancelled_stops_where_it_next_says_how_far_it_is() -> None:
    jobs, begun, gate, ended = Jobs(), threading.Event(), threading.Event(), threading.Event()

    def work(job: Job) -> Finished:
        begun.set()
        gate.wait(30)
        job.tick(1, 2)
        ended.set()
        return Finished(record={})

    job = jobs.start("count", work, who=WHO)
    assert begun.wait(30)
    job.cancel()
    _wait(job, gate)
    assert job.state is JobState.CANCELLED
    assert job.result is None
    assert not ended.is_set()
    jobs.close()


def test_the_engine_of_what_is_cancelled_is_stopped() -> None:
    jobs, begun, stopped = Jobs(), threading.Event(), threading.Event()

    class Slow:
        def stop(self) -> None:
            stopped.set()

    def work(job: Job) -> Finished:
        with job.holding(cast("Engine", Slow())):
            begun.set()
            assert stopped.wait(30)
            raise EngineError("taken back")

    job = jobs.start("count", work, who=WHO)
    assert begun.wait(30)
    job.cancel()
    _wait(job)
    assert (job.state, job.fault) == (JobState.CANCELLED, None)
    jobs.close()


def test_what_waits_is_cancelled_without_having_begun() -> None:
    jobs, gate, begun = Jobs(), threading.Event(), threading.Semaphore(0)

    def slow(_: Job) -> Finished:
        begun.release()
        gate.wait(30)
        return Finished(record={})

    busy = [jobs.start("slow", slow, who=WHO) for _ in range(2)]
    assert all(begun.acquire(timeout=30) for _ in busy)
    waiting = jobs.start("slow", slow, who=WHO)
    assert waiting.state is JobState.WAITING
    waiting.cancel()
    gate.set()
    for each in busy:
        _wait(each)
    assert str(waiting.state) == "cancelled"
    assert not begun.acquire(blocking=False)
    jobs.close()


def test_nobody_sees_the_job_of_another() -> None:
    jobs = Jobs()
    job = jobs.start("count", lambda _: Finished(record={}), who=WHO)
    assert jobs.find(job.id, who="ben") is None
    assert jobs.find(job.id, who=WHO) is job
    jobs.close()


def test_too_many_waiting_jobs_are_refused() -> None:
    jobs, gate, begun = Jobs(), threading.Event(), threading.Semaphore(0)

    def slow(_: Job) -> Finished:
        begun.release()
        gate.wait(30)
        return Finished(record={})

    for place in range(22):
        jobs.start("slow", slow, who=WHO)
        assert place >= 2 or begun.acquire(timeout=30)  # two are worked on, the others wait
    with pytest.raises(ConfigError, match="wait already"):
        jobs.start("slow", slow, who=WHO)
    gate.set()
    jobs.close()

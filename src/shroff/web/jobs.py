"""Work that takes longer than a page may wait for: started, watched, cancelled, kept for a while."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

from shroff.errors import ConfigError, ShroffError
from shroff.report.document import Section
from shroff.store.engine import Engine
from shroff.web.taking_back import Stoppable

__all__ = ["Finished", "Job", "JobState", "Jobs", "StoppedError", "Work"]

_WORKERS = 2
_KEPT = 100
_WAITING = 20


class StoppedError(Exception):
    """Someone took the work back."""


class JobState(StrEnum):
    """What has become of a job."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """What work came to.

    Parameters
    ----------
    record : mapping
        The result, JSON-ready.
    sections : tuple of Section
        The result to read, with its charts; empty where the record is all there is.
    """

    record: Mapping[str, object]
    sections: tuple[Section, ...] = ()


@dataclass(slots=True)
class Job:
    """One piece of work.

    Parameters
    ----------
    id : str
        Its name, which nobody can guess.
    kind : str
        What is worked out.
    who : str
        For whom.
    since : float
        When it was asked for, by the monotonic clock.
    done, of : int
        How far it is; ``of`` is 0 where nobody can tell.
    """

    id: str
    kind: str
    who: str
    since: float = field(default_factory=time.monotonic)
    done: int = 0
    of: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _future: Future[Finished] | None = None
    _ended: float = 0.0
    _engine: Engine | None = None

    def tick(self, done: int, of: int) -> None:
        """Say how far the work is; stops it here where it was taken back.

        Parameters
        ----------
        done, of : int
            How much of how much.

        Raises
        ------
        StoppedError
            If someone took it back.
        """
        self.done, self.of = done, of
        if self._stop.is_set():
            raise StoppedError

    @property
    def seconds(self) -> float:
        """Tell how long it took, or has taken so far."""
        return (self._ended or time.monotonic()) - self.since

    @property
    def state(self) -> JobState:
        """Tell what has become of it."""
        future = self._future
        if self._stop.is_set():
            return JobState.CANCELLED
        if future is None or not (future.running() or future.done()):
            return JobState.WAITING
        if not future.done():
            return JobState.WORKING
        return JobState.FAILED if future.exception() is not None else JobState.DONE

    @property
    def result(self) -> Finished | None:
        """Give the result, once it is done."""
        future = self._future
        return future.result() if future is not None and self.state is JobState.DONE else None

    @property
    def fault(self) -> ShroffError | None:
        """Give what went wrong, where it did; a fault of our own is raised."""
        future = self._future
        if future is None or self.state is not JobState.FAILED:
            return None
        fault = future.exception()
        if fault is not None and not isinstance(fault, ShroffError):
            raise fault
        return fault

    def begin(self, pool: ThreadPoolExecutor, work: Work) -> None:
        """Put it into the queue of a pool."""
        self._future = pool.submit(self._run, work)

    @contextmanager
    def holding(self, engine: Engine) -> Generator[None]:
        """Work with an engine that is stopped, whatever it answers, when the job is taken back.

        Parameters
        ----------
        engine : Engine
            The engine.

        Yields
        ------
        None
            While the work goes on.
        """
        self._engine = engine
        try:
            self.tick(self.done, self.of)
            yield
        finally:
            self._engine = None

    def cancel(self) -> None:
        """Take it back: its engine stops, or it stops where it next says how far it is."""
        if self._future is not None and not self._future.done():
            self._stop.set()
            engine = self._engine
            if not self._future.cancel() and isinstance(engine, Stoppable):
                engine.stop()

    def _run(self, work: Work) -> Finished:
        try:
            self.tick(self.done, self.of)
            return work(self)
        finally:
            self._ended = time.monotonic()


Work = Callable[[Job], Finished]
"""Does the work of a job; tells it how far it is."""


@dataclass
class Jobs:
    """Jobs of one workspace; the newest are kept, finished ones too."""

    _jobs: OrderedDict[str, Job] = field(default_factory=OrderedDict[str, Job])
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _pool: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(_WORKERS, thread_name_prefix="job")
    )

    def start(self, kind: str, work: Work, *, who: str) -> Job:
        """Start work.

        Parameters
        ----------
        kind : str
            What is worked out.
        work : Work
            Does it, in a thread.
        who : str
            For whom.

        Returns
        -------
        Job
            What can be watched and cancelled.

        Raises
        ------
        ConfigError
            If too much waits already.
        """
        job = Job(secrets.token_urlsafe(16), kind, who)
        with self._lock:
            waiting = sum(each.state is JobState.WAITING for each in self._jobs.values())
            if waiting >= _WAITING:
                raise ConfigError(
                    f"{waiting} jobs wait already", hint="try again when some are done"
                )
            self._jobs[job.id] = job
            while len(self._jobs) > _KEPT:
                self._jobs.popitem(last=False)[1].cancel()
            job.begin(self._pool, work)
        return job

    def find(self, job_id: str, *, who: str) -> Job | None:
        """Find a job of a person."""
        with self._lock:
            job = self._jobs.get(job_id)
        return job if job is not None and job.who == who else None

    def close(self) -> None:
        """Stop working."""
        with self._lock:
            for job in self._jobs.values():
                job.cancel()
        self._pool.shutdown(wait=False, cancel_futures=True)

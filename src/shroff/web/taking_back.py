"""Questions taken back: who waits for an answer, and what stops when nobody does."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from typing import Protocol, runtime_checkable

from shroff.store.engine import Engine

__all__ = ["Stoppable", "Waiting"]

_GONE_SECONDS = 20.0
"""After how long a reader who asked no more is taken to have left; pages ask every ten seconds."""


@runtime_checkable
class Stoppable(Protocol):
    """An engine that can give a question up while it answers it."""

    def stop(self) -> None:
        """Give up what is asked now, and refuse what is asked later; from any thread."""
        ...


class Waiting:
    """Who waits for which answer, and the engines that work on them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._readers: dict[str, dict[str, float]] = {}
        self._engines: dict[str, Engine] = {}

    def waits(self, answer: str, reader: str) -> None:
        """Remember that a reader waits for an answer."""
        with self._lock:
            self._readers.setdefault(answer, {})[reader] = time.monotonic()

    @contextmanager
    def working(self, answer: str, engine: Engine) -> Generator[None]:
        """Work on an answer with an engine that is stopped when nobody waits for it."""
        with self._lock:
            self._engines[answer] = engine
        try:
            yield
        finally:
            with self._lock:
                self._engines.pop(answer, None)
                self._readers.pop(answer, None)

    def leave(self, answer: str, reader: str) -> bool:
        """Let a reader wait no more.

        Parameters
        ----------
        answer : str
            What they waited for.
        reader : str
            Who.

        Returns
        -------
        bool
            Whether nobody else waits, so that the work may stop.
        """
        since = time.monotonic() - _GONE_SECONDS
        with self._lock:
            readers = self._readers.get(answer, {})
            readers.pop(reader, None)
            return not any(seen > since for seen in readers.values())

    def stop(self, answer: str) -> bool:
        """Stop the engine that works on an answer; False where none does, or it cannot stop."""
        with self._lock:
            engine = self._engines.get(answer)
        if not isinstance(engine, Stoppable):
            return False
        engine.stop()
        return True

"""Writes the reports that are due while the dashboard runs."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime
from pathlib import Path

from shroff.errors import ShroffError
from shroff.workspace import Workspace

__all__ = ["ReportWatch"]

_EVERY_SECONDS = 30.0
_LOG = logging.getLogger("shroff")


class _ClosingError(Exception):
    """The dashboard stops."""


class ReportWatch:
    """Looks now and then whether a report is due, in a thread of its own.

    Parameters
    ----------
    root : Path
        Folder of the workspace.
    every : float
        Seconds between two looks.
    """

    def __init__(self, root: Path, *, every: float = _EVERY_SECONDS) -> None:
        self._root, self._every = root, every
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="due-reports", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Stop; a report that is being written stops where it next says how far it is."""
        self._closing.set()
        self._thread.join(timeout=self._every)

    def _run(self) -> None:
        while not self._closing.wait(self._every):
            try:
                Workspace.open(self._root).reporter.run_due(now=datetime.now(UTC), tick=self._tick)
            except _ClosingError:
                return
            except ShroffError as fault:  # the settings may be half-edited: look again later
                _LOG.warning("no due report could be looked for: %s", fault)

    def _tick(self, done: int, whole: int) -> None:
        del done, whole
        if self._closing.is_set():
            raise _ClosingError

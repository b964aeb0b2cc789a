"""What is true of a workspace whatever a page looks at: worked out once for each state of it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from shroff.store.health import check_health
from shroff.store.health_findings import Health
from shroff.web.bench import Bench
from shroff.web.kept_answers import KeptAnswers
from shroff.web.reminders import Reminder, reminders
from shroff.web.viewing import View
from shroff.web.workspace_state import WorkspaceState
from shroff.workspace import Workspace

__all__ = ["Whole"]

_KEPT = 16
_Told = TypeVar("_Told")


class Whole:
    """Health of the logs and what waits for someone.

    Parameters
    ----------
    state : WorkspaceState
        Tells when something has changed.
    kept : KeptAnswers
        Where it is kept for the next time the dashboard is served.
    """

    def __init__(self, state: WorkspaceState, kept: KeptAnswers) -> None:
        self._state, self._disk = state, kept
        self._found: OrderedDict[str, Future[object]] = OrderedDict()
        self._lock = threading.Lock()

    def health(self, workspace: Workspace) -> Health:
        """Tell what is wrong with all logs.

        Parameters
        ----------
        workspace : Workspace
            The workspace, as who asks may see it.

        Returns
        -------
        Health
            The findings.
        """

        def work() -> Health:
            with workspace.engine() as engine:
                return check_health(engine, settings=workspace.settings, lake=workspace.lake)

        return self._once(f"health {_seen(workspace)} {self._state.logs()}", work, Health)

    def reminders(self, workspace: Workspace) -> tuple[Reminder, ...]:
        """Tell what waits for someone, whatever ads are looked at.

        Parameters
        ----------
        workspace : Workspace
            The workspace, as who asks may see it.

        Returns
        -------
        tuple of Reminder
            At most five.
        """

        def work() -> tuple[Reminder, ...]:
            with workspace.engine() as engine:
                return reminders(Bench(workspace, engine, View(), self.health))

        name = f"reminders {_seen(workspace)} {self._state.everything()}"
        return self._once(name, work, tuple)

    def _once(self, name: str, work: Callable[[], _Told], kind: type[_Told]) -> _Told:
        """Work something out once; who asks meanwhile waits for it."""
        with self._lock:
            future = self._found.get(name)
            mine = future is None
            if future is None:
                future = self._found[name] = Future()
                while len(self._found) > _KEPT:
                    self._found.popitem(last=False)
        if mine:
            self._work(name, work, future)
        found = future.result()
        if not isinstance(found, kind):
            raise TypeError(name)
        return found

    def _work(self, name: str, work: Callable[[], _Told], future: Future[object]) -> None:
        try:
            found: object = self._disk.get(name)
            if found is None:
                found = work()
                self._disk.put(name, found)
            future.set_result(found)
        except BaseException as fault:
            with self._lock:
                self._found.pop(name, None)  # the next one tries again
            future.set_exception(fault)
            raise


def _seen(workspace: Workspace) -> str:
    """Name what is hidden from who asks."""
    return ",".join(sorted(workspace.hidden))

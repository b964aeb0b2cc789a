"""Opens the logs as a page looks at them, for work that a page starts."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from shroff.web.bench import Bench
from shroff.web.viewing import View
from shroff.workspace import Workspace

__all__ = ["benched"]


@contextmanager
def benched(workspace: Workspace, view: View) -> Generator[Bench]:
    """Open the logs, narrowed to what a view looks at.

    Parameters
    ----------
    workspace : Workspace
        Where they are.
    view : View
        What is looked at.

    Yields
    ------
    Bench
        What to work on; its engine is closed afterwards.
    """
    with workspace.engine() as engine:
        bench = Bench(workspace, engine, view)
        bench.narrow()
        yield bench

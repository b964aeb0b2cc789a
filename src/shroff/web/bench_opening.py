"""Opens the logs as a page looks at them, for work that a page starts."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager, nullcontext

from shroff.web.bench import Bench
from shroff.web.jobs import Job
from shroff.web.viewing import View
from shroff.workspace import Workspace

__all__ = ["benched"]


@contextmanager
def benched(workspace: Workspace, view: View, *, job: Job | None = None) -> Generator[Bench]:
    """Open the logs, narrowed to what a view looks at.

    Parameters
    ----------
    workspace : Workspace
        Where they are.
    view : View
        What is looked at.
    job : Job, optional
        The work; its engine stops when it is taken back.

    Yields
    ------
    Bench
        What to work on; its engine is closed afterwards.
    """
    with workspace.engine() as engine, job.holding(engine) if job else nullcontext():
        bench = Bench(workspace, engine, view)
        bench.narrow()
        yield bench

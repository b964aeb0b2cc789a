"""Progress on a terminal; nothing in a pipe."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from shroff.cli.console import errors, is_terminal

if TYPE_CHECKING:
    from shroff.domain.messages import Language, Message
    from shroff.store.ingest import IngestProgress
    from shroff.workspace import Workspace

__all__ = ["counted", "ingest_progress", "reading", "step", "watching"]


@contextmanager
def ingest_progress(table: str) -> Generator[Callable[[IngestProgress], None] | None]:
    """Show how far the ingest of a table is.

    Parameters
    ----------
    table : str
        Canonical table.

    Yields
    ------
    callable or None
        To be told; None where nobody watches.
    """
    if not is_terminal():
        yield None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[rows]:>12,} rows"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=errors(), transient=True) as progress:
        task = progress.add_task(table, rows=0, total=None)

        def tell(now: IngestProgress) -> None:
            progress.update(
                task,
                description=f"{table}: {now.step}",
                total=max(now.bytes, 1),
                completed=now.bytes_done,
                rows=now.rows,
            )

        yield tell


@contextmanager
def counted(title: str) -> Generator[Callable[[int, int], None] | None]:
    """Show how many of how many are done.

    Parameters
    ----------
    title : str
        What is done.

    Yields
    ------
    callable or None
        To be told done and all; None where nobody watches.
    """
    if not is_terminal():
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=errors(), transient=True) as progress:
        task = progress.add_task(title, total=None)

        def tell(done: int, whole: int) -> None:
            progress.update(task, completed=done, total=whole)

        yield tell


@contextmanager
def watching(workspace: Workspace, title: str) -> Generator[Workspace]:
    """Show that something is under way, and how far the counting is that a workspace keeps.

    Parameters
    ----------
    workspace : Workspace
        The workspace.
    title : str
        What is done.

    Yields
    ------
    Workspace
        The same, being watched; as it is where nobody watches.
    """
    if not is_terminal():
        yield workspace
        return
    with counted(title) as tell:
        watch = _Counting(workspace.settings.workspace.language, tell)
        yield replace(workspace, watch=watch)
    for line in watch.lines:
        errors().print(line, style="dim", markup=False, highlight=False)


@dataclass
class _Counting:
    """Is told of counting that is kept."""

    language: Language
    tell: Callable[[int, int], None] | None
    lines: list[str] = field(default_factory=list[str])

    def parts(self, done: int, whole: int) -> None:
        if self.tell is not None:
            self.tell(done, whole)

    def said(self, what: Message) -> None:
        self.lines.append(what.text(self.language))


@contextmanager
def step(title: str) -> Generator[None]:
    """Show that something is under way.

    Parameters
    ----------
    title : str
        What is done.

    Yields
    ------
    None
        While it is.
    """
    if not is_terminal():
        yield
        return
    with errors().status(title):
        yield


@contextmanager
def reading(title: str) -> Generator[None]:
    """Show that texts are read, and that the first reading of a version compiles.

    Parameters
    ----------
    title : str
        What is done.

    Yields
    ------
    None
        While it is.
    """
    if not is_terminal():
        yield
        return
    with errors().status(title) as shown:
        from shroff.text.first_use import compiles_first

        if compiles_first():
            shown.update(f"{title} (first use of this version: compiling, up to a minute)")
        yield

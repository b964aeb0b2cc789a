"""The logs on disk: one Delta table a log, in plain Parquet files."""

from __future__ import annotations

import re
import secrets
import shutil
import tempfile
from collections.abc import Callable, Generator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from shroff.errors import EngineError
from shroff.store import delta, views
from shroff.store.connection import Connection, connect, first_value, records, translated
from shroff.store.delta import NewFile
from shroff.store.kept import KeptStore
from shroff.store.lock import only_writer
from shroff.store.parquet import move_in, write_many
from shroff.store.schema import TABLES, table
from shroff.store.snapshot import DataFile, Snapshot, pin, scan

__all__ = ["QUARANTINE", "Lake", "new_ingest_id"]

QUARANTINE = "_quarantine"
_STAGING = "_staging"
_ENCODED = re.compile("%[0-9A-Fa-f]{2}")
_HISTORY = "_history"
_SMALL_BYTES = 32_000_000
_KEEP_DAYS = 7


def new_ingest_id() -> str:
    """Make an id for a piece of work; ids sort by time."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{secrets.token_hex(3)}"


class Lake:
    """The logs of one workspace.

    Parameters
    ----------
    root : Path
        Folder of the lake; made by the first write.

    Raises
    ------
    EngineError
        If the path holds what looks like an encoded character, such as ``%20``: the Delta library
        would look elsewhere.
    """

    def __init__(self, root: Path) -> None:
        self.root = Path(root).resolve()
        self._known: dict[str, dict[int, Snapshot]] = {}
        if _ENCODED.search(str(self.root)):
            raise EngineError(
                "the path holds what looks like an encoded character",
                where=str(self.root),
                hint="move the workspace to a folder without % and two hexadecimal digits",
            )

    def snapshot(self) -> dict[str, int]:
        """Name the version each canonical table is at; a table without logs is absent."""
        states = {name: self.state(name) for name in TABLES}
        return {name: state.version for name, state in states.items() if state is not None}

    def state(self, name: str, *, version: int | None = None) -> Snapshot | None:
        """Pin a table.

        Parameters
        ----------
        name : str
            Table.
        version : int, optional
            Version wanted; the latest when absent.

        Returns
        -------
        Snapshot or None
            None when no log came in yet.
        """
        known = self._known.setdefault(name, {})
        state = pin(self.root / name, version=version, known=known)
        if state is not None:
            known[state.version] = state
        return state

    def files(self, name: str, version: int | None = None) -> list[str]:
        """List the Parquet files of a table, as paths that any engine can read."""
        state = self.state(name, version=version)
        return [file.path for file in state.files] if state else []

    def rows(self, name: str) -> int:
        """Count the rows of a table, each in its latest version only."""
        state = self.state(name)
        if state is None:
            return 0
        if not state.corrected:
            return state.rows
        query = views.latest(table(name), state)
        # not in the staging folder: whoever holds the lock may clean that up
        with (
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as spill,
            closing(connect(spill=Path(spill))) as connection,
        ):
            return first_value(connection, f"SELECT count(*) FROM ({query}) AS latest")

    @contextmanager
    def lock(self) -> Generator[None]:
        """Be the only writer; what a killed writer left behind is cleaned up first."""
        with only_writer(self.root):
            self._recover()
            yield

    @contextmanager
    def staging(self, work: str) -> Generator[Path]:
        """Give a folder for files that are not yet part of the lake.

        Parameters
        ----------
        work : str
            Id of the piece of work (`new_ingest_id`).

        Yields
        ------
        Path
            The folder; it goes when the work ends, however it ends.
        """
        folder = self.root / _STAGING / work
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            self._discard(folder)

    def publish(
        self, name: str, files: Sequence[NewFile], *, columns: dict[str, str], work: str
    ) -> int:
        """Make staged files part of a table, all in one commit.

        Parameters
        ----------
        name : str
            Table.
        files : sequence of NewFile
            Files in the staging folder of `work`; at least one.
        columns : dict of str
            SQL type of each column in them.
        work : str
            Id of the piece of work.

        Returns
        -------
        int
            Version of the table after it.
        """
        folder = self.root / name
        delta.create(folder, columns)
        delta.widen(folder, columns)
        return delta.add(folder, move_in(files, folder, name=work))

    def append(self, name: str, rows: pa.Table, *, columns: dict[str, str]) -> int:
        """Append rows that have no key, such as quarantine entries; hold the lock.

        Parameters
        ----------
        name : str
            Table.
        rows : Table
            Rows, at least one.
        columns : dict of str
            SQL type of each column.

        Returns
        -------
        int
            Version of the table after it.
        """
        work = new_ingest_id()
        with self.staging(work) as folder:
            path = folder / "rows.parquet"
            pq.write_table(rows, path)
            return self.publish(
                name, [NewFile(path, rows.num_rows, 0)], columns=columns, work=work
            )

    def compact(self, name: str) -> int:
        """Move superseded rows to ``<table>_history`` and join small files.

        A compaction that is killed loses nothing: rows are in the history before they leave the
        table, and the next run does not copy them twice. Files of states younger than seven days
        stay for readers.

        Parameters
        ----------
        name : str
            Canonical table.

        Returns
        -------
        int
            Superseded rows moved.
        """
        contract = table(name)
        with self.lock(), self._work() as (work, connection), translated(where=name):
            state = self.state(name)
            if state is None:
                return 0
            moved = self._move_superseded(connection, name, state, work)
            stale = set(views.files_with_superseded(contract, state, connection=connection))
            small = {file.path for file in state.files if _size(file) < _SMALL_BYTES}
            chosen = stale | (small if len(small) > 1 else set())
            if chosen:
                query = views.latest_stored(contract, state, only=frozenset(chosen))
                self._swap(
                    connection,
                    name,
                    state,
                    chosen,
                    query=query,
                    work=work,
                    commit=delta.rearrange,
                )
            delta.forget_replaced(self.root / name, hours=24 * _KEEP_DAYS)
            return moved

    def purge(self, name: str, where_sql: str) -> int:
        """Remove rows for good: from the table, its history, and the files of every old state.

        What was counted from them and kept goes too.

        Readers pinned at an older state lose their files: for ``forget`` only.

        Parameters
        ----------
        name : str
            Canonical table (its history is purged too) or ``_quarantine``.
        where_sql : str
            Condition over the table's columns; rows for which it is true go.

        Returns
        -------
        int
            Rows removed, over all versions.
        """
        removed = 0
        kept = KeptStore(self.root)
        with self.lock(), kept.closed(), self._work() as (work, connection):
            for each in (name, name + _HISTORY):
                state = self.state(each)
                if state is None:
                    continue
                removed += self._purge(connection, each, state, where_sql=where_sql, work=work)
                self._drop_unnamed(each)
            if removed:
                kept.drop()
        return removed

    def _purge(
        self, connection: Connection, name: str, state: Snapshot, *, where_sql: str, work: str
    ) -> int:
        matching = scan(state.columns, state.files, extra=", filename=true")
        with translated(where=name, hint="the condition is SQL over the columns of the table"):
            hits = (
                records(
                    connection,
                    f"SELECT filename, count(*) AS n FROM ({matching}) AS rows_ "
                    f"WHERE ({where_sql}) GROUP BY filename",
                )
                if state.files
                else []
            )
        chosen = {str(hit["filename"]) for hit in hits}
        if chosen:
            kept = tuple(file for file in state.files if file.path in chosen)
            query = (
                f"SELECT * FROM ({scan(state.columns, kept)}) AS rows_ "
                f"WHERE NOT coalesce(({where_sql}), FALSE)"
            )
            self._swap(
                connection, name, state, chosen, query=query, work=work, commit=delta.replace
            )
        return sum(int(str(hit["n"])) for hit in hits)

    def _move_superseded(
        self, connection: Connection, name: str, state: Snapshot, work: str
    ) -> int:
        if not state.corrected:
            return 0
        folder = self.root / _STAGING / work / "history"
        history = self.state(name + _HISTORY)
        query = views.superseded(table(name), state, history=history)
        files = write_many(connection, query, folder=folder)
        if files:
            self.publish(name + _HISTORY, files, columns=state.columns, work=work)
        return sum(file.rows for file in files)

    def _swap(
        self,
        connection: Connection,
        name: str,
        state: Snapshot,
        chosen: set[str],
        *,
        query: str,
        work: str,
        commit: Callable[..., int],
    ) -> None:
        folder = self.root / name
        fresh = write_many(connection, query, folder=self.root / _STAGING / work / f"new-{name}")
        files = move_in(fresh, folder, name=f"{work}-{name}")
        old = [Path(file.path).name for file in state.files if file.path in chosen]
        commit(folder, old=old, new=files)

    @contextmanager
    def _work(self) -> Generator[tuple[str, Connection]]:
        work = new_ingest_id()
        with self.staging(work) as folder:
            connection = connect(spill=folder / "spill")
            try:
                yield work, connection
            finally:
                connection.close()

    def _recover(self) -> None:
        for left in sorted((self.root / _STAGING).glob("*/")):
            self._discard(left)

    def _discard(self, staging: Path) -> None:
        """Drop a piece of work: its staged files, and those moved in but never committed."""
        for orphan in self.root.glob(f"*/part-{staging.name}-*.parquet"):
            state = self.state(orphan.parent.name)
            if state is None or str(orphan) not in {file.path for file in state.files}:
                orphan.unlink(missing_ok=True)
        shutil.rmtree(staging, ignore_errors=True)

    def _drop_unnamed(self, name: str) -> None:
        """Delete every file that the present state does not name."""
        present = set(self.files(name))
        for file in (self.root / name).glob("*.parquet"):
            if str(file) not in present:
                file.unlink(missing_ok=True)


def _size(file: DataFile) -> int:
    return Path(file.path).stat().st_size

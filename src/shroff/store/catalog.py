"""What was done in a workspace: runs, ingests, reports and erasures."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from shroff.errors import EngineError

__all__ = ["Audit", "Catalog", "Run"]

_MIGRATIONS = (
    """
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY, command TEXT NOT NULL, args TEXT NOT NULL, started TEXT NOT NULL,
        finished TEXT, status TEXT NOT NULL, snapshot TEXT NOT NULL
    );
    CREATE TABLE ingests (
        ingest_id TEXT PRIMARY KEY, run_id INTEGER REFERENCES runs(id), at TEXT NOT NULL,
        table_name TEXT NOT NULL, summary TEXT NOT NULL
    );
    CREATE TABLE reports (
        id INTEGER PRIMARY KEY, run_id INTEGER REFERENCES runs(id), at TEXT NOT NULL,
        path TEXT NOT NULL, period TEXT NOT NULL
    );
    CREATE TABLE audit (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL,
        detail TEXT NOT NULL
    );
    """,
)
"""One script a schema version; a new version appends, none is ever edited."""

_PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One command that computed something.

    Parameters
    ----------
    id : int
        Number.
    command : str
        Command.
    args : str
        Its arguments as JSON.
    started, finished : str
        Times, ISO 8601 in UTC; ``finished`` is empty while it runs.
    status : str
        ``running``, ``done``, ``failed`` or ``stopped``.
    snapshot : str
        Version of each table of the lake it read, as JSON.
    """

    id: int
    command: str
    args: str
    started: str
    finished: str
    status: str
    snapshot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Something done to the logs that must be remembered.

    Parameters
    ----------
    at : str
        When, ISO 8601 in UTC.
    kind : str
        ``forget advertiser``, ``forget reviewer`` or ``retention``.
    subject : str
        Keyed hash of whom it was about, or a table; never the id itself.
    detail : str
        What was removed, as JSON.
    """

    at: str
    kind: str
    subject: str
    detail: str


class Catalog:
    """The workspace's memory: one SQLite file, one short transaction a change.

    Parameters
    ----------
    path : Path
        The file; made when missing.

    Raises
    ------
    EngineError
        If it cannot be opened or was written by a newer Shroff.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._change() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        self._migrate()

    @contextmanager
    def _change(self) -> Generator[sqlite3.Connection]:
        try:
            connection = sqlite3.connect(self.path, timeout=_PATIENCE_SECONDS)
            with closing(connection), connection:
                # the bytes of what is deleted must not linger in free pages
                connection.execute("PRAGMA secure_delete = ON")
                yield connection
        except sqlite3.Error as error:
            raise EngineError(
                f"the catalog cannot be used: {error}",
                where=str(self.path),
                hint="is another program holding it, or the disk full?",
            ) from error

    def _migrate(self) -> None:
        with self._change() as connection:
            connection.execute("BEGIN IMMEDIATE")
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version > len(_MIGRATIONS):
                raise EngineError(
                    f"the catalog has version {version}, this Shroff knows {len(_MIGRATIONS)}",
                    where=str(self.path),
                    hint="update Shroff",
                )
            for script in _MIGRATIONS[version:]:
                for statement in filter(str.strip, script.split(";")):
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {len(_MIGRATIONS)}")

    @contextmanager
    def run(
        self, command: str, *, args: Mapping[str, object], snapshot: Mapping[str, int]
    ) -> Generator[int]:
        """Remember a command: that it began, and how it ended.

        Parameters
        ----------
        command : str
            Command.
        args : mapping
            Arguments, JSON-ready and without any id of a person.
        snapshot : mapping
            Version of each table of the lake.

        Yields
        ------
        int
            Number of the run.

        Raises
        ------
        KeyboardInterrupt
            Passed on, after the run is marked as stopped.
        """
        with self._change() as connection:
            run = connection.execute(
                "INSERT INTO runs (command, args, started, status, snapshot) VALUES (?,?,?,?,?)",
                (command, _json(args), _now(), "running", _json(snapshot)),
            ).lastrowid
        status = "failed"
        try:
            yield int(run or 0)
            status = "done"
        except KeyboardInterrupt:
            status = "stopped"
            raise
        finally:
            with self._change() as connection:
                connection.execute(
                    "UPDATE runs SET finished = ?, status = ? WHERE id = ?", (_now(), status, run)
                )

    def add_ingest(
        self, ingest_id: str, *, table: str, summary: Mapping[str, object], run: int | None = None
    ) -> None:
        """Remember an ingest.

        Parameters
        ----------
        ingest_id : str
            Its id in the lake.
        table : str
            Canonical table.
        summary : mapping
            How many rows went where.
        run : int, optional
            Run that did it.
        """
        with self._change() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO ingests VALUES (?,?,?,?,?)",
                (ingest_id, run, _now(), table, _json(summary)),
            )

    def add_report(self, path: Path, *, period: str, run: int) -> None:
        """Remember a file of a report.

        Parameters
        ----------
        path : Path
            The file.
        period : str
            Period it speaks of.
        run : int
            Run that wrote it; names the state of the lake.
        """
        with self._change() as connection:
            connection.execute(
                "INSERT INTO reports (run_id, at, path, period) VALUES (?,?,?,?)",
                (run, _now(), str(path), period),
            )

    def add_audit(self, kind: str, *, subject: str, detail: Mapping[str, object]) -> None:
        """Remember that rows were removed.

        Parameters
        ----------
        kind : str
            What was done.
        subject : str
            Keyed hash of whom, or a table.
        detail : mapping
            How many rows of what.
        """
        with self._change() as connection:
            connection.execute(
                "INSERT INTO audit (at, kind, subject, detail) VALUES (?,?,?,?)",
                (_now(), kind, subject, _json(detail)),
            )

    def runs(self, *, limit: int = 20) -> tuple[Run, ...]:
        """List the newest runs, newest first.

        Parameters
        ----------
        limit : int
            At most so many.

        Returns
        -------
        tuple of Run
            The runs.
        """
        rows = self._rows(
            "SELECT id, command, args, started, COALESCE(finished, ''), status, snapshot"
            " FROM runs ORDER BY id DESC LIMIT ?",
            (limit,),
        )
        names = ("id", "command", "args", "started", "finished", "status", "snapshot")
        return tuple(Run(**dict(zip(names, row, strict=True))) for row in rows)

    def audits(self) -> tuple[Audit, ...]:
        """List what was removed, oldest first."""
        rows = self._rows("SELECT at, kind, subject, detail FROM audit ORDER BY id", ())
        return tuple(Audit(at=at, kind=kind, subject=who, detail=it) for at, kind, who, it in rows)

    def reports(self) -> tuple[str, ...]:
        """List the files of the reports written, oldest first."""
        return tuple(path for (path,) in self._rows("SELECT path FROM reports ORDER BY id", ()))

    def _rows(self, sql: str, values: Sequence[object]) -> list[tuple]:  # type: ignore[type-arg] # SQLite rows are of mixed types
        with self._change() as connection:
            return connection.execute(sql, tuple(values)).fetchall()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _json(value: Mapping[str, object] | Mapping[str, int]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, sort_keys=True, default=str)

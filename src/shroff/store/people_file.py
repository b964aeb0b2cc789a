"""The file that holds who may come in: one SQLite file that only its owner can read."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shroff.errors import EngineError

__all__ = ["PEOPLE_FILE", "PeopleFile", "instant"]

PEOPLE_FILE = "people.sqlite"
"""Its name in a workspace; apart from the catalog, which more people may read."""

_PATIENCE_SECONDS = 30.0
_OWNER_ONLY = 0o600
_TABLES = (
    """
    CREATE TABLE accounts (
        name TEXT PRIMARY KEY, role TEXT NOT NULL, password TEXT NOT NULL, issuer TEXT NOT NULL,
        subject TEXT NOT NULL, added TEXT NOT NULL, added_by TEXT NOT NULL, removed TEXT NOT NULL
    );
    CREATE UNIQUE INDEX account_of_subject ON accounts (issuer, subject) WHERE issuer <> '';
    CREATE TABLE sessions (
        hash TEXT PRIMARY KEY, name TEXT NOT NULL, begun TEXT NOT NULL, seen TEXT NOT NULL,
        until TEXT NOT NULL, address TEXT NOT NULL, agent TEXT NOT NULL
    );
    CREATE INDEX sessions_of_name ON sessions (name);
    CREATE TABLE tokens (
        prefix TEXT PRIMARY KEY, hash TEXT NOT NULL, name TEXT NOT NULL, scopes TEXT NOT NULL,
        note TEXT NOT NULL, made TEXT NOT NULL, until TEXT NOT NULL, used TEXT NOT NULL,
        revoked TEXT NOT NULL
    );
    CREATE TABLE tries (id INTEGER PRIMARY KEY, key TEXT NOT NULL, at TEXT NOT NULL);
    CREATE INDEX tries_of_key ON tries (key, at);
    CREATE TABLE audit (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, did TEXT NOT NULL,
        what TEXT NOT NULL, detail TEXT NOT NULL, hash TEXT NOT NULL
    );
    CREATE TRIGGER audit_stays BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
    CREATE TRIGGER audit_keeps BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
    """,
)
"""One script a version of the file; a new version appends, none is ever edited."""


def instant(at: datetime | None = None) -> str:
    """Write an instant, now by default, so that texts stand in the order of time."""
    return (at or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="milliseconds")


class PeopleFile:
    """Accounts, sessions, tokens and the audit log of a workspace.

    Parameters
    ----------
    root : Path
        Folder of the workspace. The file is made when something is first written.
    """

    def __init__(self, root: Path) -> None:
        self.path = root / PEOPLE_FILE

    @contextmanager
    def change(self) -> Generator[sqlite3.Connection]:
        """Open the file for one short transaction.

        Yields
        ------
        Connection
            In a transaction that no other writer is in; kept where nothing was raised.

        Raises
        ------
        EngineError
            If it cannot be written, or a newer Shroff wrote it.
        """
        try:
            self._make()
            connection = sqlite3.connect(self.path, timeout=_PATIENCE_SECONDS)
            with closing(connection), connection:
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("PRAGMA synchronous = NORMAL")
                connection.execute("BEGIN IMMEDIATE")
                self._bring_up(connection)
                yield connection
        except (sqlite3.Error, OSError) as fault:
            raise EngineError(
                f"the file of people cannot be used: {fault}",
                where=str(self.path),
                hint="is the disk full, or may this user not write here?",
            ) from fault

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Give the rows of a query; none where the file was never made.

        Parameters
        ----------
        sql : str
            The query.
        values : sequence
            Values of its marks.

        Returns
        -------
        list of tuple
            The rows.

        Raises
        ------
        EngineError
            If it cannot be read.
        """
        if not self.path.exists():
            return []
        try:
            with closing(sqlite3.connect(self.path, timeout=_PATIENCE_SECONDS)) as connection:
                if connection.execute("PRAGMA user_version").fetchone() == (0,):
                    return []  # it is being made
                return connection.execute(sql, tuple(values)).fetchall()
        except sqlite3.Error as fault:
            raise EngineError(
                f"the file of people cannot be read: {fault}",
                where=str(self.path),
                hint="it belongs to the user who serves the dashboard",
            ) from fault

    def _make(self) -> None:
        """Make the file before SQLite does: its journals take over who may read it."""
        if self.path.exists():
            return
        os.close(os.open(self.path, os.O_RDWR | os.O_CREAT, _OWNER_ONLY))
        with closing(sqlite3.connect(self.path, timeout=_PATIENCE_SECONDS)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")

    def _bring_up(self, connection: sqlite3.Connection) -> None:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > len(_TABLES):
            raise EngineError(
                f"the file of people has version {version}, this Shroff knows {len(_TABLES)}",
                where=str(self.path),
                hint="update Shroff",
            )
        for script in _TABLES[version:]:
            for statement in _statements(script):
                connection.execute(statement)
        if version < len(_TABLES):
            connection.execute(f"PRAGMA user_version = {len(_TABLES)}")


def _statements(script: str) -> list[str]:
    """Cut a script where SQLite would: a trigger holds a semicolon of its own."""
    found: list[str] = []
    begun = ""
    for part in script.split(";"):
        begun += part + ";"
        if sqlite3.complete_statement(begun):
            found.append(begun)
            begun = ""
    return found

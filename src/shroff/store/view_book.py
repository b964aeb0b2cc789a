"""What people keep of their looking: saved views and dated notes, in one small SQLite file.

Apart from the catalog, whose every change makes the dashboard's answers be worked out anew.
"""

from __future__ import annotations

import re
import secrets
import sqlite3
from collections.abc import Generator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

from shroff.errors import ConfigError, EngineError

__all__ = ["VIEWS_FILE", "Note", "SavedView", "ViewBook"]

VIEWS_FILE = "views.sqlite"
"""Its name in a workspace."""

_PATIENCE_SECONDS = 30.0
_MOST = 200
_TABLES = (
    """
    CREATE TABLE views (
        id TEXT PRIMARY KEY, who TEXT NOT NULL, name TEXT NOT NULL, page TEXT NOT NULL,
        query TEXT NOT NULL, at TEXT NOT NULL, UNIQUE (who, name)
    );
    CREATE TABLE notes (
        id TEXT PRIMARY KEY, day TEXT NOT NULL, text TEXT NOT NULL, who TEXT NOT NULL,
        at TEXT NOT NULL
    );
    CREATE INDEX notes_of_day ON notes (day);
    """,
)
"""One script a version of the file; a new version appends, none is ever edited."""


_TOLD = {"views": "SELECT id, name, query FROM views", "notes": "SELECT id, text FROM notes"}
"""What may name somebody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """A page as somebody wants to find it again.

    Parameters
    ----------
    id : str
        Its name in addresses.
    who : str
        Whose it is.
    name : str
        What they call it.
    page : str
        Id of the page.
    query : str
        What the page was asked for, as in its address.
    """

    id: str
    who: str
    name: str
    page: str
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What somebody knows of a day, for all who look at its figures.

    Parameters
    ----------
    id : str
        Its name in addresses.
    day : date
        The day.
    text : str
        What happened.
    who : str
        Who wrote it.
    at : str
        When it was written, ISO 8601 in UTC.
    """

    id: str
    day: date
    text: str
    who: str
    at: str


@dataclass(frozen=True, slots=True)
class ViewBook:
    """Saved views and notes of a workspace.

    Parameters
    ----------
    root : Path
        Folder of the workspace; the file is made when something is first kept.
    """

    root: Path

    def save(self, who: str, name: str, *, page: str, query: str) -> SavedView:
        """Keep a view; one of that name, of the same person, is replaced.

        Parameters
        ----------
        who : str
            Whose it is.
        name : str
            What they call it.
        page : str
            Id of the page.
        query : str
            What the page was asked for.

        Returns
        -------
        SavedView
            As it is kept.

        Raises
        ------
        ConfigError
            If somebody keeps more than can be listed.
        """
        made = SavedView(id=secrets.token_hex(8), who=who, name=name, page=page, query=query)
        with self._change() as connection:
            connection.execute("DELETE FROM views WHERE who = ? AND name = ?", (who, name))
            _room_for_more(connection, "SELECT COUNT(*) FROM views WHERE who = ?", (who,))
            connection.execute(
                "INSERT INTO views VALUES (?,?,?,?,?,?)",
                (made.id, who, name, page, query, _now()),
            )
        return made

    def views(self, who: str) -> tuple[SavedView, ...]:
        """List the views somebody keeps, by name."""
        sql = "SELECT id, who, name, page, query FROM views WHERE who = ? ORDER BY name"
        rows = self._rows(sql, (who,))
        return tuple(
            SavedView(id=row[0], who=row[1], name=row[2], page=row[3], query=row[4])
            for row in rows
        )

    def drop_view(self, name: str, *, who: str) -> bool:
        """Let go of a view; of nobody else's."""
        with self._change() as connection:
            found = connection.execute("DELETE FROM views WHERE id = ? AND who = ?", (name, who))
            return bool(found.rowcount)

    def note(self, day: date, text: str, *, who: str) -> Note:
        """Write down what happened on a day.

        Parameters
        ----------
        day : date
            The day.
        text : str
            What happened.
        who : str
            Who says so.

        Returns
        -------
        Note
            As it is kept.

        Raises
        ------
        ConfigError
            If the day has more notes than can be read.
        """
        made = Note(id=secrets.token_hex(8), day=day, text=text, who=who, at=_now())
        with self._change() as connection:
            _room_for_more(connection, "SELECT COUNT(*) FROM notes WHERE day = ?", (str(day),))
            connection.execute(
                "INSERT INTO notes VALUES (?,?,?,?,?)", (made.id, str(day), text, who, made.at)
            )
        return made

    def notes(self) -> tuple[Note, ...]:
        """List all notes, by day."""
        rows = self._rows("SELECT id, day, text, who, at FROM notes ORDER BY day, at", ())
        return tuple(
            Note(id=row[0], day=date.fromisoformat(row[1]), text=row[2], who=row[3], at=row[4])
            for row in rows
        )

    def drop_note(self, name: str, *, who: str | None) -> bool:
        """Let go of a note: of one's own, or of anybody's where ``who`` is None."""
        with self._change() as connection:
            found = connection.execute(
                "DELETE FROM notes WHERE id = ? AND (? IS NULL OR who = ?)", (name, who, who)
            )
            return bool(found.rowcount)

    def forget(self, ids: Sequence[str]) -> int:
        """Remove views and notes that name somebody who is forgotten.

        Parameters
        ----------
        ids : sequence of str
            Ids of advertisers or ads, as the logs hold them.

        Returns
        -------
        int
            How many were removed.
        """
        gone = [
            (table, name)
            for table, sql in _TOLD.items()
            for name, *texts in self._rows(sql, ())
            for told in [" ".join(map(unquote_plus, texts))]
            if any(each and each in told and _names(told, each) for each in ids)
        ]
        if gone:
            with self._change() as connection:
                for table, name in gone:
                    connection.execute(f"DELETE FROM {table} WHERE id = ?", (name,))
        return len(gone)

    @property
    def _path(self) -> Path:
        return self.root / VIEWS_FILE

    @contextmanager
    def _change(self) -> Generator[sqlite3.Connection]:
        try:
            connection = sqlite3.connect(self._path, timeout=_PATIENCE_SECONDS)
            with closing(connection), connection:
                # the bytes of what is deleted must not linger in free pages
                connection.execute("PRAGMA secure_delete = ON")
                connection.execute("BEGIN IMMEDIATE")
                self._bring_up(connection)
                yield connection
        except sqlite3.Error as fault:
            raise EngineError(
                f"saved views and notes cannot be used: {fault}",
                where=str(self._path),
                hint="is the disk full, or may this user not write here?",
            ) from fault

    def _bring_up(self, connection: sqlite3.Connection) -> None:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > len(_TABLES):
            raise EngineError(
                f"the file has version {version}, this Shroff knows {len(_TABLES)}",
                where=str(self._path),
                hint="update Shroff",
            )
        for script in _TABLES[version:]:
            for statement in filter(str.strip, script.split(";")):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(_TABLES)}")

    def _rows(self, sql: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        if not self._path.exists():
            return []
        try:
            address = f"{self._path.resolve().as_uri()}?mode=ro"
            with closing(sqlite3.connect(address, uri=True, timeout=_PATIENCE_SECONDS)) as stored:
                return stored.execute(sql, values).fetchall()
        except sqlite3.Error as fault:
            raise EngineError(
                f"saved views and notes cannot be read: {fault}", where=str(self._path)
            ) from fault


def _names(told: str, identity: str) -> bool:
    """Tell whether a text names somebody, and not only somebody whose id is longer."""
    return re.search(rf"(?<!\w){re.escape(identity)}(?!\w)", told) is not None


def _room_for_more(connection: sqlite3.Connection, sql: str, values: Sequence[object]) -> None:
    (kept,) = connection.execute(sql, values).fetchone()
    if kept >= _MOST:
        raise ConfigError(
            f"{kept} are kept already", hint="let some go first; more could not be read"
        )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

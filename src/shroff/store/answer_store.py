"""Answers of models that were paid for, and requests under way: kept so that a kill loses nothing.

One SQLite file beside the catalog. Every change is on the disk before it is confirmed; changes
that come while one is written go together with the next.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shroff.errors import EngineError

__all__ = [
    "ANSWERS_FILE",
    "AnswerStore",
    "Asked",
    "KeptAnswer",
    "expire_answers",
    "forget_answers",
]

ANSWERS_FILE = "answers.sqlite"
"""The file, in the workspace's folder."""

_TABLES = """
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, run TEXT NOT NULL, endpoint TEXT NOT NULL, ad_id TEXT NOT NULL,
    state TEXT NOT NULL, at TEXT NOT NULL, answer TEXT
);
CREATE INDEX IF NOT EXISTS answers_of_ad ON answers (ad_id);
CREATE INDEX IF NOT EXISTS answers_under_way ON answers (endpoint) WHERE state = 'sent';
"""
_AT_ONCE = 500
_PATIENCE_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that is about to be sent.

    Parameters
    ----------
    key : str
        Hash of everything that is asked.
    run : str
        Run that asks.
    endpoint : str
        Endpoint asked.
    ad_id : str
        An ad with that wording: when it is forgotten, so is the answer.
    """

    key: str
    run: str
    endpoint: str
    ad_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """What is kept of a request.

    Parameters
    ----------
    state : str
        ``sent``: under way when the run ended, so that nobody knows whether it was charged;
        ``answered``; ``failed``: it may be asked again.
    run : str
        Run that asked.
    answer : mapping
        The answer as it was kept.
    """

    state: str
    run: str
    answer: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(slots=True)
class _Change:
    sql: str
    values: tuple[object, ...]


class AnswerStore:
    """Answers of a workspace, for any number of threads.

    Parameters
    ----------
    path : Path
        The file; made when missing.

    Raises
    ------
    EngineError
        If it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Condition()
        self._file = threading.Lock()
        self._waiting: list[_Change] = []
        self._writing = False
        self._written = self._asked = 0
        self._fault: sqlite3.Error | None = None
        try:
            self._connection = sqlite3.connect(
                path, timeout=_PATIENCE_SECONDS, check_same_thread=False, isolation_level=None
            )
            self._connection.executescript(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;"
                + _TABLES
            )
        except sqlite3.Error as error:
            raise _unusable(path, error) from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> AnswerStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def known(self, keys: Iterable[str]) -> dict[str, KeptAnswer]:
        """Look up requests.

        Parameters
        ----------
        keys : iterable of str
            Hashes of requests.

        Returns
        -------
        dict of KeptAnswer
            Those that are known, by key.
        """
        wanted = list(keys)
        found: dict[str, KeptAnswer] = {}
        with self._file:
            for at in range(0, len(wanted), _AT_ONCE):
                part = wanted[at : at + _AT_ONCE]
                marks = ",".join("?" * len(part))
                rows = self._connection.execute(
                    f"SELECT key, state, run, answer FROM answers WHERE key IN ({marks})",
                    part,
                ).fetchall()
                for key, state, run, answer in rows:
                    kept = json.loads(answer) if answer else {}
                    found[key] = KeptAnswer(state=state, run=run, answer=kept)
        return found

    def begin(self, asked: Asked) -> None:
        """Write down that a request is sent now; it is on the disk when this returns."""
        self._write(
            "INSERT INTO answers VALUES (?,?,?,?,'sent',?,NULL) ON CONFLICT (key) DO UPDATE SET"
            " run = excluded.run, endpoint = excluded.endpoint, state = 'sent', at = excluded.at,"
            " answer = NULL",
            (asked.key, asked.run, asked.endpoint, asked.ad_id, _now()),
        )

    def finish(self, key: str, answer: Mapping[str, object]) -> None:
        """Keep an answer; it is on the disk when this returns."""
        told = json.dumps(dict(answer), ensure_ascii=False)
        self._write(
            "UPDATE answers SET state = 'answered', at = ?, answer = ? WHERE key = ?",
            (_now(), told, key),
        )

    def fail(self, key: str) -> None:
        """Write down that a request brought nothing and may be sent again."""
        self._write("UPDATE answers SET state = 'failed', at = ? WHERE key = ?", (_now(), key))

    def keep(self, asked: Sequence[Asked], answers: Sequence[Mapping[str, object]]) -> None:
        """Keep many answers at once, such as those of a batch file."""
        now = _now()
        with self._file:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany(
                "INSERT OR REPLACE INTO answers VALUES (?,?,?,?,'answered',?,?)",
                [
                    (
                        a.key,
                        a.run,
                        a.endpoint,
                        a.ad_id,
                        now,
                        json.dumps(dict(b), ensure_ascii=False),
                    )
                    for a, b in zip(asked, answers, strict=True)
                ],
            )
            self._connection.execute("COMMIT")

    def under_way(self, endpoint: str) -> int:
        """Count requests of earlier runs of which nobody knows whether they were charged."""
        with self._file:
            (count,) = self._connection.execute(
                "SELECT COUNT(*) FROM answers WHERE state = 'sent' AND endpoint = ?", (endpoint,)
            ).fetchone()
        return int(count)

    def _write(self, sql: str, values: tuple[object, ...]) -> None:
        """Commit a change together with those of other threads that wait."""
        with self._lock:
            self._waiting.append(_Change(sql, values))
            self._asked += 1
            mine = self._asked
            while self._written < mine:
                if self._writing:
                    self._lock.wait()
                    continue
                self._commit()
            if self._fault is not None:
                raise _unusable(self.path, self._fault) from self._fault

    def _commit(self) -> None:
        """Write what waits; called with the lock held, which others may take meanwhile."""
        changes, self._waiting = self._waiting, []
        self._writing = True
        self._lock.release()
        fault: sqlite3.Error | None = None
        try:
            with self._file:
                self._connection.execute("BEGIN IMMEDIATE")
                for change in changes:
                    self._connection.execute(change.sql, change.values)
                self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            fault = error
        finally:
            self._lock.acquire()
            self._writing = False
            self._written += len(changes)
            self._fault = self._fault or fault
            self._lock.notify_all()


def forget_answers(path: Path, ads: Sequence[str]) -> int:
    """Remove the answers about ads that are forgotten.

    Parameters
    ----------
    path : Path
        The file; nothing is done when there is none.
    ads : sequence of str
        Their ids.

    Returns
    -------
    int
        Answers removed.

    Raises
    ------
    EngineError
        If the file cannot be changed.
    """
    if not path.exists() or not ads:
        return 0
    try:
        with closing(sqlite3.connect(path, timeout=_PATIENCE_SECONDS)) as connection, connection:
            connection.execute("PRAGMA secure_delete = ON")
            before = connection.total_changes
            connection.executemany(
                "DELETE FROM answers WHERE ad_id = ?", [(each,) for each in ads]
            )
            removed = connection.total_changes - before
        with closing(sqlite3.connect(path)) as connection:
            # what is deleted must not linger in the log beside the file
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        told = _unusable(path, error)
        raise EngineError(told.cause, where=told.where, hint=told.hint) from error
    return removed


def expire_answers(path: Path, *, before: datetime) -> int:
    """Remove the answers that are older than judgements may be.

    Parameters
    ----------
    path : Path
        The file; nothing is done when there is none.
    before : datetime
        Answers from before that time are removed.

    Returns
    -------
    int
        Answers removed.
    """
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path, timeout=_PATIENCE_SECONDS)) as connection, connection:
        connection.execute("PRAGMA secure_delete = ON")
        moment = before.astimezone(UTC).isoformat(timespec="milliseconds")
        return connection.execute("DELETE FROM answers WHERE at < ?", (moment,)).rowcount


def _unusable(path: Path, error: sqlite3.Error) -> EngineError:
    return EngineError(
        f"the answers cannot be kept: {error}",
        where=str(path),
        hint="is another program holding the file, or the disk full?",
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")

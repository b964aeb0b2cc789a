"""Who saw and changed what: a log that is only added to, each line sealed with those before it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shroff.store.people_file import PeopleFile, instant

__all__ = ["AuditLine", "AuditTrail", "Checked"]

_START = "0" * 64
_PART = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """One thing that someone did.

    Parameters
    ----------
    id : int
        Number of the line, from 1.
    at : str
        When, ISO 8601 in UTC.
    who : str
        Name of the person; empty where nobody was signed in.
    did : str
        Kind of act, such as ``saw``, ``changed`` or ``signed in``.
    what : str
        What it was done to: mostly an address.
    detail : mapping
        What more is known, JSON-ready.
    hash : str
        Seal over this line and all before it.
    """

    id: int
    at: str
    who: str
    did: str
    what: str
    detail: Mapping[str, Any] = field(default_factory=dict[str, Any])
    hash: str = ""

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "id": self.id,
            "at": self.at,
            "who": self.who,
            "did": self.did,
            "what": self.what,
            "detail": dict(self.detail),
            "hash": self.hash,
        }


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether the log is as it was written.

    Parameters
    ----------
    lines : int
        Lines that were read.
    head : str
        Seal of the last one; noted elsewhere, it proves later that nothing was taken away.
    broken : int
        Number of the first line whose seal does not fit; 0 where all do.
    known : bool
        Whether the seal asked for is in the log; True where none was.
    """

    lines: int
    head: str
    broken: int
    known: bool

    @property
    def whole(self) -> bool:
        """Tell whether nothing is wrong."""
        return not self.broken and self.known

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "lines": self.lines,
            "head": self.head,
            "broken": self.broken or None,
            "known": self.known,
            "whole": self.whole,
        }


@dataclass(frozen=True, slots=True)
class AuditTrail:
    """The audit log of a workspace.

    Parameters
    ----------
    file : PeopleFile
        Where it is; triggers there refuse to change or delete a line.
    """

    file: PeopleFile

    def add(
        self, who: str, did: str, what: str = "", *, detail: Mapping[str, object] | None = None
    ) -> None:
        """Add a line."""
        with self.file.change() as connection:
            self.add_within(connection, (who, did, what), detail or {})

    @staticmethod
    def add_within(
        connection: sqlite3.Connection, said: tuple[str, str, str], detail: Mapping[str, object]
    ) -> None:
        """Add a line in a transaction that changes something besides: both are kept, or none."""
        told = json.dumps(dict(detail), ensure_ascii=True, sort_keys=True, default=str)
        last = connection.execute("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
        number, before = last or (0, _START)
        line = (number + 1, instant(), *said, told)
        connection.execute(
            "INSERT INTO audit VALUES (?,?,?,?,?,?,?)", (*line, _seal(before, line))
        )

    def lines(
        self, *, limit: int = 100, before: int = 0, who: str = "", did: str = ""
    ) -> tuple[AuditLine, ...]:
        """List lines, newest first.

        Parameters
        ----------
        limit : int
            At most so many.
        before : int
            Only lines of a smaller number; any when 0.
        who, did : str
            Only what this person did, or acts of this kind; any when empty.

        Returns
        -------
        tuple of AuditLine
            The lines.
        """
        rows = self.file.rows(
            "SELECT id, at, who, did, what, detail, hash FROM audit WHERE (? = 0 OR id < ?)"
            " AND ? IN ('', who) AND ? IN ('', did) ORDER BY id DESC LIMIT ?",
            (before, before, who, did, limit),
        )
        return tuple(
            AuditLine(
                id=row[0], at=row[1], who=row[2], did=row[3], what=row[4],
                detail=json.loads(row[5]), hash=row[6],
            )
            for row in rows
        )  # fmt: skip

    def check(self, head: str = "") -> Checked:
        """Seal every line again and tell whether the log is as it was written.

        Parameters
        ----------
        head : str
            Seal that was noted earlier; it must be in the log. None when empty.

        Returns
        -------
        Checked
            The first line that does not fit, where there is one.
        """
        number, seal, known = 0, _START, not head
        while True:
            part = self.file.rows(
                "SELECT id, at, who, did, what, detail, hash FROM audit WHERE id > ?"
                " ORDER BY id LIMIT ?",
                (number, _PART),
            )
            if not part:
                return Checked(number, seal if number else "", 0, known)
            for *line, kept in part:
                if line[0] != number + 1 or _seal(seal, tuple(line)) != kept:
                    return Checked(number, seal if number else "", number + 1, known)
                number, seal = number + 1, kept
                known = known or seal == head


def _seal(before: str, line: tuple[object, ...]) -> str:
    return hashlib.sha256(json.dumps([before, *line], ensure_ascii=True).encode()).hexdigest()

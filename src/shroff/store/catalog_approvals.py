"""What a workspace remembers of steps that take the word of a second person."""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeAlias

from shroff.errors import ConfigError

__all__ = ["ApprovalBook", "ApprovalRequest"]

_Row: TypeAlias = tuple[Any, ...]
_COLUMNS = "request_id, at, kind, subject, asked, who, why, state, settled, by_whom, note"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRequest:
    """A step that someone asked for, and what became of it.

    Parameters
    ----------
    id : str
        Its name.
    kind : str
        ``rule``, ``lines`` or ``advice``.
    subject : str
        What it is about: a rule, a proposal, a recommendation.
    asked : mapping
        Everything it takes to do it, JSON-ready.
    who, why : str
        Who asked, and the reason given.
    at : str
        When, ISO 8601 in UTC.
    state : str
        ``waiting``, ``approved`` or ``refused``.
    settled, by, note : str
        When it was approved or refused, by whom, and what they said.
    """

    id: str = ""
    kind: str
    subject: str
    asked: Mapping[str, Any] = field(default_factory=dict[str, Any])
    who: str
    why: str
    at: str = ""
    state: str = "waiting"
    settled: str = ""
    by: str = ""
    note: str = ""

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "id": self.id,
            "kind": self.kind,
            "subject": self.subject,
            "asked": dict(self.asked),
            "who": self.who,
            "why": self.why,
            "at": self.at,
            "state": self.state,
            "settled": self.settled or None,
            "by": self.by or None,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class ApprovalBook:
    """The part of the catalog that is about approvals.

    Parameters
    ----------
    change : callable
        Opens the catalog for a short change.
    read : callable
        Gives the rows of a query.
    """

    change: Callable[[], AbstractContextManager[sqlite3.Connection]]
    read: Callable[[str, Sequence[object]], list[_Row]]

    def ask(self, request: ApprovalRequest) -> ApprovalRequest:
        """Let a step wait for a second person; the same step asked for again waits once.

        Parameters
        ----------
        request : ApprovalRequest
            The step.

        Returns
        -------
        ApprovalRequest
            As it waits, with its name.
        """
        for known in self.requests("waiting"):
            if (known.kind, known.subject, known.asked, known.who) == (
                request.kind, request.subject, dict(request.asked), request.who,
            ):  # fmt: skip
                return known
        made = replace(request, id=f"ask-{secrets.token_hex(4)}", at=_now(), state="waiting")
        told = json.dumps(dict(made.asked), ensure_ascii=False, sort_keys=True, default=str)
        with self.change() as connection:
            connection.execute(
                "INSERT INTO approvals VALUES (?,?,?,?,?,?,?,'waiting','','','')",
                (made.id, made.at, made.kind, made.subject, told, made.who, made.why),
            )
        return self.find(made.id)

    def settle(self, request_id: str, state: str, *, by: str, note: str = "") -> ApprovalRequest:
        """Approve or refuse a step that waits.

        Parameters
        ----------
        request_id : str
            Its name.
        state : str
            ``approved`` or ``refused``; ``waiting`` where it could not be done after all.
        by : str
            Who says so; nobody approves what they asked for themselves.
        note : str
            What they say.

        Returns
        -------
        ApprovalRequest
            As it stands now.

        Raises
        ------
        ConfigError
            If it does not wait, or its approver asked for it.
        """
        known = self.find(request_id)
        if state == "approved" and by == known.who:
            raise ConfigError(
                f"{by} asked for this, so somebody else must approve it",
                where=request_id,
                hint="ask another approver",
            )
        before = "approved" if state == "waiting" else "waiting"
        with self.change() as connection:
            settled = connection.execute(
                "UPDATE approvals SET state = ?, settled = ?, by_whom = ?, note = ?"
                " WHERE request_id = ? AND state = ?",
                (state, _now(), by, note, request_id, before),
            ).rowcount
        if not settled:
            raise ConfigError(
                f"{request_id} is {self.find(request_id).state} already", where=request_id
            )
        return self.find(request_id)

    def find(self, request_id: str) -> ApprovalRequest:
        """Find a step by its name.

        Parameters
        ----------
        request_id : str
            Its name.

        Returns
        -------
        ApprovalRequest
            The step.

        Raises
        ------
        ConfigError
            If there is none of that name.
        """
        found = next((each for each in self.requests() if each.id == request_id), None)
        if found is None:
            raise ConfigError(
                f"nothing called {request_id!r} waits or waited", hint="shroff people waiting"
            )
        return found

    def requests(self, *states: str) -> tuple[ApprovalRequest, ...]:
        """List the steps, newest first; only those of some states where they are named."""
        rows = self.read(f"SELECT {_COLUMNS} FROM approvals ORDER BY rowid DESC", ())
        found = (
            ApprovalRequest(
                id=row[0], at=row[1], kind=row[2], subject=row[3], asked=json.loads(row[4]),
                who=row[5], why=row[6], state=row[7], settled=row[8], by=row[9], note=row[10],
            )
            for row in rows
        )  # fmt: skip
        return tuple(each for each in found if not states or each.state in states)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

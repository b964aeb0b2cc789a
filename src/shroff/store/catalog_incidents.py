"""What a workspace remembers of incidents: what changed, and what people made of it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias

from shroff.errors import ConfigError

__all__ = ["Incident", "IncidentBook", "IncidentStep"]

_Row: TypeAlias = tuple[Any, ...]
_HINT = "shroff watch incidents lists them"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One event, however many series show it.

    Parameters
    ----------
    id : str
        Its name.
    kind : str
        ``spike``, ``drop``, ``level`` and so on.
    subject : str
        Metric and slice that show it best.
    onset : str
        First day, ISO date.
    detail : mapping
        What is known of it, JSON-ready.
    state : str
        ``open``, ``acknowledged``, ``closed`` or ``resolved``.
    opened_at : str
        When it was first found, ISO 8601 in UTC; empty means now.
    who, why : str
        Who last changed its state, and the reason given.
    """

    id: str
    kind: str
    subject: str
    onset: str
    detail: Mapping[str, Any] = field(default_factory=dict[str, Any])
    state: str = "open"
    opened_at: str = ""
    who: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentStep:
    """A change of the state of an incident.

    Parameters
    ----------
    at : str
        When, ISO 8601 in UTC.
    incident_id : str
        The incident.
    state : str
        The state it came into.
    who, why : str
        Who did it, and the reason given.
    """

    at: str
    incident_id: str
    state: str
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class IncidentBook:
    """The part of the catalog that is about incidents.

    Parameters
    ----------
    change : callable
        Opens the catalog for a short change.
    read : callable
        Gives the rows of a query.
    """

    change: Callable[[], AbstractContextManager[sqlite3.Connection]]
    read: Callable[[str, Sequence[object]], list[_Row]]

    def open(self, incident: Incident, *, who: str = "") -> bool:
        """Open an incident; of one that is known, what is known of it is renewed, not its state.

        Parameters
        ----------
        incident : Incident
            The incident.
        who : str
            Who looked.

        Returns
        -------
        bool
            Whether it was not known.
        """
        now = incident.opened_at or _now()
        with self.change() as connection:
            connection.execute("BEGIN IMMEDIATE")
            known = connection.execute(
                "UPDATE incidents SET detail = ? WHERE incident_id = ?",
                (_json(incident.detail), incident.id),
            ).rowcount
            if known:
                return False
            connection.execute(
                "INSERT INTO incidents VALUES (?,?,?,?,?,?,?,?,?)",
                (
                    incident.id,
                    now,
                    incident.state,
                    incident.subject,
                    incident.kind,
                    incident.onset,
                    _json(incident.detail),
                    who,
                    "",
                ),
            )
            _note(connection, (now, incident.id, incident.state, who, ""))
        return True

    def move(self, incident_id: str, *, state: str, who: str, why: str) -> None:
        """Change the state of an incident, and remember who did and why.

        Parameters
        ----------
        incident_id : str
            The incident.
        state : str
            ``open``, ``acknowledged``, ``closed`` or ``resolved``.
        who, why : str
            Who does it, and the reason.

        Raises
        ------
        ConfigError
            If there is no such incident.
        """
        with self.change() as connection:
            connection.execute("BEGIN IMMEDIATE")
            known = connection.execute(
                "UPDATE incidents SET state = ?, who = ?, why = ? WHERE incident_id = ?",
                (state, who, why, incident_id),
            ).rowcount
            if known:
                _note(connection, (_now(), incident_id, state, who, why))
        if not known:
            raise ConfigError(_unknown(incident_id), hint=_HINT)

    def incidents(self, *states: str) -> tuple[Incident, ...]:
        """List incidents, newest onset first; only those in some states where they are named."""
        rows = self.read(
            "SELECT incident_id, opened_at, state, subject, kind, onset, detail, who, why"
            " FROM incidents ORDER BY onset DESC, rowid",
            (),
        )
        return tuple(
            Incident(
                id=row[0],
                opened_at=row[1],
                state=row[2],
                subject=row[3],
                kind=row[4],
                onset=row[5],
                detail=json.loads(row[6]),
                who=row[7],
                why=row[8],
            )
            for row in rows
            if not states or row[2] in states
        )

    def incident(self, incident_id: str) -> Incident:
        """Find an incident by its name, or by a beginning of it that only one has.

        Parameters
        ----------
        incident_id : str
            Its name.

        Returns
        -------
        Incident
            The incident.

        Raises
        ------
        ConfigError
            If there is none, or more than one.
        """
        found = [one for one in self.incidents() if one.id.startswith(incident_id)]
        if len(found) != 1 or not incident_id:
            raise ConfigError(_unknown(incident_id), hint=_HINT)
        return found[0]

    def steps(self, incident_id: str) -> tuple[IncidentStep, ...]:
        """List what became of an incident, oldest first."""
        rows = self.read(
            "SELECT at, incident_id, state, who, why FROM incident_states"
            " WHERE incident_id = ? ORDER BY id",
            (incident_id,),
        )
        return tuple(
            IncidentStep(at=row[0], incident_id=row[1], state=row[2], who=row[3], why=row[4])
            for row in rows
        )


def _note(connection: sqlite3.Connection, step: tuple[str, str, str, str, str]) -> None:
    connection.execute(
        "INSERT INTO incident_states (at, incident_id, state, who, why) VALUES (?,?,?,?,?)", step
    )


def _unknown(incident_id: str) -> str:
    return f"there is no one incident {incident_id!r}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, sort_keys=True, default=str)

"""What a workspace remembers of reports: those written, and when which are to be written again."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias

from shroff.errors import ConfigError

__all__ = ["ReportBook", "ReportWriting", "Schedule", "Turn"]

_Row: TypeAlias = tuple[Any, ...]
_HINT = "shroff report schedules lists them"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWriting:
    """A report that was written.

    Parameters
    ----------
    run : int
        Number of the run that wrote it.
    at : str
        When, ISO 8601 in UTC.
    period : str
        The days it speaks of.
    args : mapping
        What was asked for: audience, languages, formats.
    files : tuple of str
        Its files.
    """

    run: int
    at: str
    period: str
    args: Mapping[str, Any]
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A report that is written again and again.

    Parameters
    ----------
    id : str
        Its name.
    cron : str
        When: minute, hour, day of the month, month, day of the week.
    zone : str
        Time zone of it, e.g. ``Asia/Shanghai``.
    order : mapping
        What is written, JSON-ready.
    sends : bool
        Whether the webhook of the settings is told.
    who : str
        Who asked for it.
    until : str
        Up to when what was due is written, ISO 8601 in UTC.
    """

    id: str
    cron: str
    zone: str
    order: Mapping[str, Any] = field(default_factory=dict[str, Any])
    sends: bool = False
    who: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One time that a scheduled report was due.

    Parameters
    ----------
    id : int
        Number.
    schedule_id : str
        Which report.
    due : str
        When it was due, ISO 8601 in UTC.
    at : str
        When it was begun.
    state : str
        ``working``, ``done``, ``failed``, or ``interrupted`` where its process is no more.
    detail : mapping
        What came of it: the files, or the fault.
    """

    id: int
    schedule_id: str
    due: str
    at: str
    state: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReportBook:
    """The part of the catalog that is about reports.

    Parameters
    ----------
    change : callable
        Opens the catalog for a short change.
    read : callable
        Gives the rows of a query.
    """

    change: Callable[[], AbstractContextManager[sqlite3.Connection]]
    read: Callable[[str, Sequence[object]], list[_Row]]

    def written(self, *, limit: int = 50) -> tuple[ReportWriting, ...]:
        """List the reports written, newest first."""
        rows = self.read(
            "SELECT runs.id, MAX(reports.at), reports.period, runs.args,"
            " json_group_array(reports.path) FROM reports JOIN runs ON runs.id = reports.run_id"
            " GROUP BY runs.id, reports.period, runs.args ORDER BY runs.id DESC LIMIT ?",
            (limit,),
        )
        return tuple(
            ReportWriting(
                run=row[0],
                at=row[1],
                period=row[2],
                args=json.loads(row[3]),
                files=tuple(json.loads(row[4])),
            )
            for row in rows
        )

    def writing(self, run: int) -> ReportWriting:
        """Find a report by the number of its run.

        Parameters
        ----------
        run : int
            The number.

        Returns
        -------
        ReportWriting
            The report.

        Raises
        ------
        ConfigError
            If that run wrote none.
        """
        found = next((each for each in self.written(limit=-1) if each.run == run), None)
        if found is None:
            raise ConfigError(f"there is no report {run}", hint="shroff report list lists them")
        return found

    def schedules(self) -> tuple[Schedule, ...]:
        """List what is scheduled, in the order in which it was asked for."""
        rows = self.read(
            "SELECT schedule_id, cron, zone, ordered, sends, who, until FROM report_schedules"
            " ORDER BY rowid",
            (),
        )
        return tuple(
            Schedule(
                id=row[0],
                cron=row[1],
                zone=row[2],
                order=json.loads(row[3]),
                sends=bool(row[4]),
                who=row[5],
                until=row[6],
            )
            for row in rows
        )

    def add_schedule(self, schedule: Schedule) -> None:
        """Remember a schedule."""
        with self.change() as connection:
            connection.execute(
                "INSERT INTO report_schedules VALUES (?,?,?,?,?,?,?,?)",
                (
                    schedule.id,
                    _now(),
                    schedule.who,
                    schedule.cron,
                    schedule.zone,
                    json.dumps(dict(schedule.order), ensure_ascii=False, sort_keys=True),
                    int(schedule.sends),
                    schedule.until,
                ),
            )

    def remove_schedule(self, schedule_id: str) -> None:
        """Forget a schedule; what it wrote is kept.

        Parameters
        ----------
        schedule_id : str
            Its name.

        Raises
        ------
        ConfigError
            If there is none of this name.
        """
        with self.change() as connection:
            gone = connection.execute(
                "DELETE FROM report_schedules WHERE schedule_id = ?", (schedule_id,)
            ).rowcount
        if not gone:
            raise ConfigError(f"there is no schedule {schedule_id!r}", hint=_HINT)

    def claim(self, schedule: Schedule, *, due: str) -> int | None:
        """Take a turn on, unless another process has taken it.

        Parameters
        ----------
        schedule : Schedule
            The schedule, as it was read.
        due : str
            When it was due.

        Returns
        -------
        int or None
            Number of the turn; None where somebody else has it.
        """
        with self.change() as connection:
            connection.execute("BEGIN IMMEDIATE")
            mine = connection.execute(
                "UPDATE report_schedules SET until = ? WHERE schedule_id = ? AND until = ?",
                (due, schedule.id, schedule.until),
            ).rowcount
            if not mine:
                return None
            return connection.execute(
                "INSERT INTO report_turns (at, schedule_id, due, state, detail, pid)"
                " VALUES (?,?,?,?,?,?)",
                (_now(), schedule.id, due, "working", "{}", os.getpid()),
            ).lastrowid

    def end(self, turn: int, *, state: str, detail: Mapping[str, object]) -> None:
        """Remember what came of a turn."""
        with self.change() as connection:
            connection.execute(
                "UPDATE report_turns SET state = ?, detail = ? WHERE id = ?",
                (state, json.dumps(dict(detail), ensure_ascii=False, default=str), turn),
            )

    def turns(self, *, limit: int = 50) -> tuple[Turn, ...]:
        """List what was due and what came of it, newest first."""
        rows = self.read(
            "SELECT id, schedule_id, due, at, state, detail, pid FROM report_turns"
            " ORDER BY id DESC LIMIT ?",
            (limit,),
        )
        return tuple(
            Turn(
                id=row[0],
                schedule_id=row[1],
                due=row[2],
                at=row[3],
                state="interrupted" if row[4] == "working" and not _alive(row[6]) else row[4],
                detail=json.loads(row[5]),
            )
            for row in rows
        )


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's
    return True


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

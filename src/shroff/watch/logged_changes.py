"""The log of changes: what was done to policies, models, rules and staff, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from shroff.domain.slices import Period
from shroff.store.engine import Engine
from shroff.store.sql import literal

__all__ = ["LoggedChange", "logged_changes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedChange:
    """One line of the log of changes.

    Parameters
    ----------
    id : str
        Its id.
    day : date
        When, in UTC.
    kind : str
        ``policy``, ``model``, ``rule``, ``threshold``, ``staffing`` and so on.
    what, scope, note : str
        What changed, where, and what was noted of it.
    """

    id: str
    day: date
    kind: str
    what: str = ""
    scope: str = ""
    note: str = ""

    @property
    def text(self) -> str:
        """Say it in a line, in the words of the log."""
        said = " · ".join(part for part in (self.what, self.scope, self.note) if part)
        return f"{self.kind}: {said}" if said else self.kind

    def record(self) -> dict[str, str]:
        """Give it as a JSON-ready record."""
        return {
            "id": self.id,
            "day": str(self.day),
            "kind": self.kind,
            "what": self.what,
            "scope": self.scope,
            "note": self.note,
        }


def logged_changes(engine: Engine, period: Period) -> tuple[LoggedChange, ...]:
    """Read the log of changes.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    period : Period
        Days wanted.

    Returns
    -------
    tuple of LoggedChange
        In order of time; none where no such log is kept.
    """
    start, end = (
        literal(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - literal() reads it as UTC
        for day in (period.start, period.end)
    )
    rows = engine.query(
        "SELECT c.change_id, CAST(c.at AS DATE) AS day, c.kind, c.what, c.scope, c.note"
        f" FROM changes AS c WHERE c.at >= {start} AND c.at < {end} ORDER BY c.at, c.change_id"
    ).to_pylist()
    return tuple(
        LoggedChange(
            id=str(row["change_id"]),
            day=row["day"],
            kind=row["kind"] or "",
            what=row["what"] or "",
            scope=row["scope"] or "",
            note=row["note"] or "",
        )
        for row in rows
    )

"""Which days the logs cover."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from shroff.domain.slices import Period
from shroff.errors import DataError
from shroff.store.engine import Engine
from shroff.store.sql import literal

__all__ = ["Covered", "covered"]

USUAL_DAYS = 28
_SLACK = timedelta(days=1)
"""How far ahead of the clock a moment may be, as clocks and zones differ."""
_LAST_HOUR = 23


@dataclass(frozen=True, slots=True)
class Covered:
    """What the logs cover.

    Parameters
    ----------
    first, last : date
        First and last day with a machine decision.
    as_of : datetime
        Latest event of any log: where open tasks and appeals are censored.
    """

    first: date
    last: date
    as_of: datetime

    @property
    def complete_until(self) -> date:
        """Give the day after the last complete one: a day is complete if its last hour has rows."""
        ends = datetime.combine(self.last, datetime.min.time(), UTC) + timedelta(hours=_LAST_HOUR)
        return self.last + timedelta(days=1) if self.as_of >= ends else self.last

    @property
    def last_complete(self) -> date:
        """Give the last complete day."""
        return max(self.complete_until - timedelta(days=1), self.first)

    def usual(self) -> Period:
        """Give the last four complete weeks, or what there is."""
        end = max(self.complete_until, self.first + timedelta(days=1))
        return Period(max(self.first, end - timedelta(days=USUAL_DAYS)), end)


def covered(engine: Engine, *, now: datetime | None = None) -> Covered:
    """Ask which days the logs cover.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    now : datetime, optional
        Present time; that of the clock when left out.

    Returns
    -------
    Covered
        Days and end.

    Raises
    ------
    DataError
        If there is no decision yet.

    Notes
    -----
    A moment more than a day ahead is a mistake, which `shroff check` tells of: one such row would
    move the end of the logs past all others. It does not count, unless there are only such rows.
    """
    row = engine.query(_sql(limit=(now or datetime.now(UTC)) + _SLACK)).to_pylist()[0]
    if row["first_day"] is None:
        raise DataError(
            "there is no machine decision to measure",
            where="decisions",
            hint="ingest decisions first: shroff ingest decisions FILES",
        )
    wide = "_any" if row["decided"] is None else ""
    logs = ("decided", "reviewed", "appealed")
    ends = [end.astimezone(UTC) for name in logs if (end := row[name + wide]) is not None]
    return Covered(row["first_day"], ends[0].date(), max(ends))


def _sql(*, limit: datetime) -> str:
    last = {
        name: f"MAX({at}) AS {name}_any, MAX(CASE WHEN {at} <= {literal(limit)} THEN {at} END)"
        for name, at in (
            ("decided", "decided_at"),
            ("reviewed", "COALESCE(decided_at, started_at, enqueued_at)"),
            ("appealed", "COALESCE(decided_at, filed_at)"),
        )
    }
    return f"""
SELECT * FROM (SELECT CAST(MIN(decided_at) AS DATE) AS first_day, {last["decided"]} AS decided
FROM decisions WHERE NOT COALESCE(shadow, FALSE) AND source <> 'human') AS d
CROSS JOIN (SELECT {last["reviewed"]} AS reviewed FROM reviews) AS r
CROSS JOIN (SELECT {last["appealed"]} AS appealed FROM appeals) AS a
"""

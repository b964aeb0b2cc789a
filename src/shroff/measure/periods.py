"""Which days the logs cover."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from shroff.domain.slices import Period
from shroff.errors import DataError
from shroff.store.engine import Engine

__all__ = ["Covered", "covered"]

USUAL_DAYS = 28
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


def covered(engine: Engine) -> Covered:
    """Ask which days the logs cover.

    Parameters
    ----------
    engine : Engine
        Where the logs are.

    Returns
    -------
    Covered
        Days and end.

    Raises
    ------
    DataError
        If there is no decision yet.
    """
    row = engine.query(
        """
SELECT CAST(MIN(decided_at) AS DATE) AS first_day, CAST(MAX(decided_at) AS DATE) AS last_day,
       MAX(decided_at) AS decided,
       (SELECT MAX(COALESCE(decided_at, started_at, enqueued_at)) FROM reviews) AS reviewed,
       (SELECT MAX(COALESCE(decided_at, filed_at)) FROM appeals) AS appealed
FROM decisions WHERE NOT COALESCE(shadow, FALSE) AND source <> 'human'
"""
    ).to_pylist()[0]
    if row["first_day"] is None:
        raise DataError(
            "there is no machine decision to measure",
            where="decisions",
            hint="ingest decisions first: shroff ingest decisions FILES",
        )
    ends = [row[name] for name in ("decided", "reviewed", "appealed") if row[name] is not None]
    return Covered(row["first_day"], row["last_day"], max(ends).astimezone(UTC))

"""Which days are watched when nobody says which."""

from __future__ import annotations

from datetime import timedelta

from shroff.domain.slices import Period
from shroff.measure.periods import Covered

__all__ = ["last_weeks", "with_days_ahead"]

WEEKS = 13


def last_weeks(known: Covered, *, weeks: int = WEEKS) -> Period:
    """Give the last weeks of the logs, the days that are not complete yet among them."""
    end = known.last + timedelta(days=1)
    return Period(max(known.first, end - timedelta(weeks=weeks)), end)


def with_days_ahead(period: Period, days: int) -> Period:
    """Lengthen a period by some days."""
    return Period(period.start, period.end + timedelta(days=days))

"""Days on which ads were submitted, from what a user writes."""

from __future__ import annotations

from shroff.domain.calendar import parse_period
from shroff.domain.slices import Period
from shroff.errors import DataError
from shroff.store.engine import Engine

__all__ = ["submitted_days"]


def submitted_days(engine: Engine, period: str, *, week_starts: str = "monday") -> Period | None:
    """Read a period of days on which ads were submitted.

    Parameters
    ----------
    engine : Engine
        The logs.
    period : str
        Such as ``2026-W20`` or ``last-month``; all days when empty or ``all``.
    week_starts : str
        First day of a week.

    Returns
    -------
    Period or None
        None for all.

    Raises
    ------
    DataError
        If there is no ad, or none can be of these days.
    """
    if not period or period == "all":
        return None
    days = engine.query(
        "SELECT CAST(MIN(created_at) AS DATE) AS first_day,"
        " CAST(MAX(created_at) AS DATE) AS last_day FROM ads"
    ).to_pylist()[0]
    if days["first_day"] is None:
        raise DataError("there is no ad", where="ads", hint="shroff ingest ads FILES")
    first, last = days["first_day"], days["last_day"]
    found = parse_period(period, first=first, last=last, week_starts=week_starts)
    if found.end <= first or found.start > last:
        raise DataError(
            f"no ad was submitted in {found.label()}",
            where="--period",
            hint=f"ads were submitted from {first} to {last}",
        )
    return found

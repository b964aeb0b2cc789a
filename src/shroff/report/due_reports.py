"""When a scheduled report is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from shroff.errors import ConfigError
from shroff.store.catalog_reports import Schedule

__all__ = ["due_at", "next_at", "require_cron"]

_BACK = timedelta(days=366)
"""A report that nobody wrote for longer is due once, from here."""


def require_cron(cron: str, zone: str) -> None:
    """See that times can be understood, and ever come.

    Parameters
    ----------
    cron : str
        Minute, hour, day of the month, month, day of the week.
    zone : str
        Time zone.

    Raises
    ------
    ConfigError
        If they cannot.
    """
    try:
        next(CronSim(cron, datetime.now(_zone(zone))))
    except (CronSimError, StopIteration):
        raise ConfigError(
            f"{cron!r} does not say when",
            where="when",
            hint='minute, hour, day, month, weekday: "0 8 * * 1" is Mondays at 08:00',
        ) from None


def due_at(schedule: Schedule, *, now: datetime) -> str:
    """Tell when a report was due last and is not written yet.

    Parameters
    ----------
    schedule : Schedule
        The schedule.
    now : datetime
        The time, with its zone.

    Returns
    -------
    str
        ISO 8601 in UTC; "" where nothing is due.
    """
    zone = _zone(schedule.zone)
    since = max(datetime.fromisoformat(schedule.until), now - _BACK)
    last = None
    for time in CronSim(schedule.cron, since.astimezone(zone)):
        if time > now:
            break
        last = time
    return last.astimezone(UTC).isoformat(timespec="seconds") if last else ""


def next_at(schedule: Schedule, *, now: datetime) -> str:
    """Tell when a report is due next, ISO 8601 in the zone of its schedule."""
    return next(CronSim(schedule.cron, now.astimezone(_zone(schedule.zone)))).isoformat(
        timespec="minutes"
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigError(
            f"there is no time zone {name!r}", where="zone", hint="e.g. Asia/Shanghai or UTC"
        ) from None

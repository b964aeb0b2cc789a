"""When a scheduled report is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from shroff.errors import ConfigError
from shroff.store.catalog_reports import Schedule, Turn

__all__ = ["due_at", "next_at", "require_cron", "schedule_record", "turn_record"]

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


def schedule_record(schedule: Schedule, *, now: datetime) -> dict[str, object]:
    """Give a schedule as a JSON-ready record, with when it is due next."""
    return {
        "id": schedule.id,
        "when": schedule.cron,
        "zone": schedule.zone,
        "next": next_at(schedule, now=now),
        "sends": schedule.sends,
        "who": schedule.who,
        **schedule.order,
    }


def turn_record(turn: Turn) -> dict[str, object]:
    """Give a turn as a JSON-ready record, with what it came to in a sentence."""
    return {
        "schedule": turn.schedule_id,
        "due": turn.due,
        "at": turn.at,
        "state": turn.state,
        "told": turn.detail.get("headline") or turn.detail.get("cause") or "",
        "run": turn.detail.get("run"),
    }


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigError(
            f"there is no time zone {name!r}", where="zone", hint="e.g. Asia/Shanghai or UTC"
        ) from None

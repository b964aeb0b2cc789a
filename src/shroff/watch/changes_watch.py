"""What changed: every watched series looked at, events told once, incidents kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from shroff.measure.brief import Brief
from shroff.measure.periods import Covered
from shroff.measure.recalling import Kept
from shroff.store.catalog import Catalog
from shroff.store.engine import Engine
from shroff.watch.change_candidates import candidates
from shroff.watch.daily_gathering import Daily, DailyAsked, gather_daily
from shroff.watch.holidays import Holiday, on_holiday
from shroff.watch.incident_desk import Changes, incident_of, keep
from shroff.watch.incident_grouping import Event, grouped, is_over_a_holiday
from shroff.watch.logged_changes import LoggedChange, logged_changes
from shroff.watch.watched_metrics import WATCHED

__all__ = ["events_in", "watch_changes"]


def events_in(
    daily: Daily, *, logged: Sequence[LoggedChange] = (), holidays: Sequence[Holiday] = ()
) -> tuple[tuple[Event, ...], int, int]:
    """Find the events in series by day.

    Parameters
    ----------
    daily : Daily
        The series.
    logged : sequence of LoggedChange
        The log of changes: the days after each are looked at without paying for a search.
    holidays : sequence of Holiday
        Holidays.

    Returns
    -------
    tuple of Event, int, int
        The events, clearest first; series looked at; changes left out for a holiday.
    """
    first, days = daily.period.start, daily.period.days
    closed = on_holiday(holidays, first=first, days=days, market=None)
    found, series = candidates(
        daily,
        marked=[each.day for each in logged],
        holidays=[first + timedelta(days=int(n)) for n in closed.nonzero()[0]],
    )
    until = daily.period.end - timedelta(days=1)
    kept = [each for each in found if not is_over_a_holiday(each, holidays, until=until)]
    return grouped(kept), series, len(found) - len(kept)


def watch_changes(
    engine: Engine,
    brief: Brief,
    asked: DailyAsked,
    *,
    known: Covered,
    catalog: Catalog,
    holidays: Sequence[Holiday] = (),
    kept: Kept | None = None,
) -> Changes:
    """Find what changed, and keep it as incidents.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, designs, metrics.
    asked : DailyAsked
        Which series to look at.
    known : Covered
        Which days the logs cover.
    catalog : Catalog
        What remembers incidents.
    holidays : sequence of Holiday
        Holidays.
    kept : Kept or None
        Cubes that are up to date.

    Returns
    -------
    Changes
        The incidents, those that are new among them.
    """
    daily = gather_daily(engine, brief, asked, known=known, kept=kept)
    logged = logged_changes(engine, brief.period)
    events, series, left = events_in(daily, logged=logged, holidays=holidays)
    reported = keep(catalog, [incident_of(each, logged) for each in events])
    return Changes(
        period=brief.period,
        reported=reported,
        series=series,
        on_holiday=left,
        metrics={**brief.metrics, **WATCHED},
        queries=daily.queries,
    )

"""What changed: every watched series looked at, events told once, incidents kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from shroff.measure.brief import Brief
from shroff.measure.families import Query
from shroff.measure.periods import Covered
from shroff.measure.recalling import Kept
from shroff.store.catalog import Catalog
from shroff.store.engine import Engine
from shroff.watch.account_led import AccountLed, told_apart
from shroff.watch.change_candidates import Candidate, candidates
from shroff.watch.daily_gathering import Daily, DailyAsked, gather_daily
from shroff.watch.holidays import Holiday, on_holiday
from shroff.watch.incident_desk import Changes, incident_of, keep
from shroff.watch.incident_grouping import Event, grouped, is_over_a_holiday
from shroff.watch.logged_changes import LoggedChange, logged_changes
from shroff.watch.scoped_changes import scoped_blocks
from shroff.watch.telling_slice import retold
from shroff.watch.watched_metrics import WATCHED

__all__ = ["Found", "Parting", "events_in", "watch_changes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What changed in series.

    Parameters
    ----------
    events : tuple of Event
        The events, clearest first.
    series : int
        Series looked at.
    on_holiday : int
        Changes left out because they came and went with a holiday.
    led : tuple of AccountLed
        Changes that are one account's.
    queries : tuple of Query
        The SQL that was run to tell them apart.
    """

    events: tuple[Event, ...]
    series: int
    on_holiday: int
    led: tuple[AccountLed, ...] = ()
    queries: tuple[Query, ...] = ()


Parting: TypeAlias = Callable[
    [Sequence[Candidate]], tuple[list[Candidate], tuple[AccountLed, ...], tuple[Query, ...]]
]
"""Tells changes that are one account's from others, as `told_apart` does."""

Telling: TypeAlias = Callable[[Sequence[Event]], tuple[tuple[Event, ...], tuple[Query, ...]]]
"""Tells each event by the slice that changed, as `retold` does."""


def events_in(
    daily: Daily,
    *,
    logged: Sequence[LoggedChange] = (),
    holidays: Sequence[Holiday] = (),
    parting: Parting | None = None,
    telling: Telling | None = None,
) -> Found:
    """Find the events in series by day.

    Parameters
    ----------
    daily : Daily
        The series.
    logged : sequence of LoggedChange
        The log of changes: the days after each are looked at without paying for a search.
    holidays : sequence of Holiday
        Holidays.
    parting : callable or None
        Tells changes that are one account's apart; without it, they are events like others.
    telling : callable or None
        Names the slice that changed among those that show an event; without it, the widest clear one.

    Returns
    -------
    Found
        The events, and what was left out.
    """
    first, days = daily.period.start, daily.period.days
    closed = on_holiday(holidays, first=first, days=days, market=None)
    found, series = candidates(
        daily,
        logged=logged,
        holidays=[first + timedelta(days=int(n)) for n in closed.nonzero()[0]],
        scoped=scoped_blocks(daily.blocks, logged),
    )
    until = daily.period.end - timedelta(days=1)
    kept = [each for each in found if not is_over_a_holiday(each, holidays, until=until)]
    left = len(found) - len(kept)
    kept, led, queries = parting(kept) if parting else (kept, (), ())
    events = grouped(kept)
    if telling is not None:
        events, more = telling(events)
        queries = (*queries, *more)
    return Found(events=events, series=series, on_holiday=left, led=led, queries=queries)


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
    found = events_in(
        daily,
        logged=logged,
        holidays=holidays,
        parting=lambda changes: told_apart(engine, brief, changes, ground=daily.ground),
        telling=lambda events: retold(engine, brief, events, ground=daily.ground),
    )
    reported = keep(catalog, [incident_of(each, logged) for each in found.events])
    return Changes(
        period=brief.period,
        reported=reported,
        series=found.series,
        on_holiday=found.on_holiday,
        led=found.led,
        metrics={**brief.metrics, **WATCHED},
        queries=(*daily.queries, *found.queries),
    )

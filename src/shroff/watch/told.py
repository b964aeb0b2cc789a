"""What a report tells of watching: trends, and what changed."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shroff.domain.slices import Period
from shroff.measure.brief import Brief
from shroff.measure.periods import covered
from shroff.store.catalog import Catalog
from shroff.store.engine import Engine
from shroff.store.settings_watch import WatchSettings
from shroff.watch.changes_watch import watch_changes
from shroff.watch.holidays import holidays_of
from shroff.watch.incident_desk import Changes
from shroff.watch.trend_lines import TrendQuestion, Trends
from shroff.watch.trends import trends
from shroff.watch.watched_days import last_weeks, with_days_ahead
from shroff.watch.watched_slices import asked_for_changes

__all__ = ["Told", "told"]

_WEEKS, _FEWEST_DAYS = 26, 56
_AHEAD = 14
_DRAWN = ("violating_ad_share", "violating_impression_share", "leakage", "reject_rate",
          "queue_in_rate", "queue_inflow", "appeals_filed")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What a report tells of watching.

    Parameters
    ----------
    trends : Trends
        Lines over everything.
    changes : Changes
        Incidents of the last 26 weeks before the end of the report's period.
    """

    trends: Trends
    changes: Changes


def told(
    engine: Engine, brief: Brief, *, settings: WatchSettings, catalog: Catalog
) -> Told | None:
    """Watch the logs up to the end of a report's period; session tables are replaced.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        The report's: period, slices, designs.
    settings : WatchSettings
        Holidays.
    catalog : Catalog
        What remembers incidents.

    Returns
    -------
    Told or None
        None where fewer than eight weeks are known: too few to tell a change from chance.
    """
    known = covered(engine)
    whole = last_weeks(known, weeks=_WEEKS)
    days = Period(whole.start, max(whole.start, min(whole.end, brief.period.end)))
    if days.days < _FEWEST_DAYS:
        return None
    watched = replace(brief, period=days)
    holidays = holidays_of(settings, with_days_ahead(days, _AHEAD))
    lines = trends(
        engine,
        watched,
        TrendQuestion(metrics=_DRAWN, within={}, ahead=_AHEAD),
        known=known,
        holidays=holidays,
    )
    changed = watch_changes(
        engine,
        watched,
        asked_for_changes(engine, watched),
        known=known,
        catalog=catalog,
        holidays=holidays,
    )
    return Told(lines, changed)

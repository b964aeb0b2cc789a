"""Why did a figure change? Rate or mix, which slices, and what was done about that time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from shroff.domain.messages import Message
from shroff.domain.slices import Period
from shroff.errors import ConfigError, DesignError
from shroff.measure.periods import Covered
from shroff.stats.proportions import Floats
from shroff.store.engine import Engine
from shroff.watch.logged_changes import LoggedChange, logged_changes
from shroff.watch.why_cells import search_counts, search_ratio
from shroff.watch.why_findings import Cause, Why, WhyQuestion
from shroff.watch.why_logs import count_by_day
from shroff.watch.why_sources import Gathered, Windows, gather, metric_of
from shroff.watch.why_splits import Totals, causes_of, splits_of, totals_of

__all__ = ["last_two_weeks", "why"]

_DATED = 6
_NEAR = timedelta(days=10)
_SURE = 6.0


def last_two_weeks(known: Covered) -> tuple[Period, Period]:
    """Give the last seven complete days, and the seven before them.

    Parameters
    ----------
    known : Covered
        Which days the logs cover.

    Returns
    -------
    (Period, Period)
        The later and the earlier.

    Raises
    ------
    DesignError
        If the logs do not hold two complete days.
    """
    until = known.complete_until
    days = min(7, (until - known.first).days // 2)
    if days < 1:
        raise DesignError(
            "the logs hold less than two complete days",
            where="period",
            hint="a change is from one period to another: ingest more days",
        )
    later = Period(until - timedelta(days=days), until)
    return later, later.before()


def why(engine: Engine, windows: Windows, question: WhyQuestion) -> Why:
    """Explain a change.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    windows : Windows
        The two periods.
    question : WhyQuestion
        Metric, dimensions, depth.

    Returns
    -------
    Why
        The change, its parts by each dimension, the slices that explain it, and suspects.

    Raises
    ------
    ConfigError
        If the periods overlap, or the metric or a dimension is not known.
    DesignError
        If one of the periods holds nothing to measure.
    """
    _require(windows, question)
    metric = metric_of(question.metric, windows.after.metrics)
    found = gather(engine, windows, metric, by=question.by)
    ratio = metric.unit != "per_day"
    length = 1.0 if ratio else windows.period.days / windows.against.days
    _require_rows(found, windows)
    how = {"ratio": ratio, "length": length, "level": question.level}
    totals = totals_of(found.periods, **how)  # type: ignore[arg-type]
    searched = (
        search_ratio(found.periods, depth=question.depth)
        if ratio
        else search_counts(found.periods, length=length, depth=question.depth)
    )
    causes, unlisted = causes_of(found.periods, searched, totals, **how)  # type: ignore[arg-type]
    logged = logged_changes(engine, _around(windows))
    causes = _suspected(engine, windows, found, causes, logged=logged)
    return Why(
        metric=metric,
        period=windows.period,
        against=windows.against,
        before=totals.before,
        after=totals.after,
        change=totals.change,
        n_before=totals.n_before,
        n_after=totals.n_after,
        sampled=found.counting is None,
        proxy=found.proxy,
        level=question.level,
        splits=splits_of(found.periods, totals, **how),  # type: ignore[arg-type]
        factor=searched.factor,
        causes=causes,
        unlisted=unlisted,
        slices=searched.slices,
        suspect=_nearest(logged, windows.period.start, within=_around(windows)),
        notes=(*found.notes, *_notes(found, totals)),
        queries=found.queries,
        snapshot=dict(engine.snapshot),
    )


def _require(windows: Windows, question: WhyQuestion) -> None:
    first, last = sorted((windows.period, windows.against))
    if first.end > last.start:
        raise ConfigError(
            f"{windows.period.label()} and {windows.against.label()} share days",
            where="against",
            hint="hold a period against another one, e.g. --against 2026-W19",
        )
    if question.depth is not None and question.depth < 1:
        raise ConfigError(f"a depth of {question.depth}", where="depth", hint="1 or more")
    if not 0 < question.level < 1:
        raise ConfigError(f"the level {question.level} is not between 0 and 1", where="level")


def _require_rows(found: Gathered, windows: Windows) -> None:
    for later, period in ((False, windows.against), (True, windows.period)):
        if not (found.periods.observed.later == later).any():
            raise DesignError(
                f"nothing is counted or labelled in {period.label()}",
                where="period" if later else "against",
                hint="choose a longer period, or another to hold against it",
            )


def _notes(found: Gathered, totals: Totals) -> list[Message]:
    notes = []
    if found.counting is None:
        notes.append(Message("why.sampled"))
    else:
        notes.append(Message("why.counted"))
    if not totals.change.sure:
        notes.append(Message("why.within_chance"))
    return notes


def _around(windows: Windows) -> Period:
    start = min(windows.against.start, windows.period.start)
    return Period(start, max(windows.against.end, windows.period.end))


def _suspected(
    engine: Engine,
    windows: Windows,
    found: Gathered,
    causes: tuple[Cause, ...],
    *,
    logged: tuple[LoggedChange, ...],
) -> tuple[Cause, ...]:
    """Date the first causes by their days, and name what was done nearest to that day."""
    dated = []
    for place, cause in enumerate(causes):
        since = None
        if found.counting is not None and place < _DATED and windows.against < windows.period:
            days, above, below = count_by_day(
                engine, found.counting, columns=found.periods.columns, terms=cause.slice.terms,
                period=windows.period, against=windows.against,
            )  # fmt: skip
            since = _onset(days, above, below if found.counting.below else None)
        day = since or windows.period.start
        near = _Scoped(cause).nearest(logged, day)
        dated.append(replace(cause, since=since, suspect=near))
    return tuple(dated)


def _onset(days: list[object], above: Floats, below: Floats | None) -> date | None:
    """Find the day that cuts a slice's days best in two; None where no cut tells enough."""
    if len(days) < 4 or not above.sum():
        return None
    base = np.ones(len(above)) if below is None else below
    best, at = _SURE, None
    whole = _likelihood(above.sum(), base.sum(), shares=below is not None)
    for cut in range(1, len(days)):
        parts = (slice(0, cut), slice(cut, None))
        told = sum(
            _likelihood(above[p].sum(), base[p].sum(), shares=below is not None) for p in parts
        )
        if told - whole > best:
            best, at = told - whole, cut
    day = days[at] if at is not None else None
    return day if isinstance(day, date) else None


def _likelihood(above: float, base: float, *, shares: bool) -> float:
    """Give the log-likelihood of a rate at its best: of events by day, or of a share."""
    if above <= 0 or base <= 0:
        return 0.0
    told = above * np.log(above / base)
    rest = base - above
    if shares and rest > 0:
        told += rest * np.log(rest / base)
    return float(told)


@dataclass(frozen=True, slots=True)
class _Scoped:
    """Looks for what may have moved a slice."""

    cause: Cause

    def nearest(self, logged: tuple[LoggedChange, ...], day: date) -> LoggedChange | None:
        """Take the nearest entry; one whose words name a value of the slice goes before others."""
        values = [value for _, value in self.cause.slice.terms if value]
        near = [each for each in logged if abs(each.day - day) <= _NEAR]
        named = [each for each in near if any(value in each.text.split() for value in values)]
        return min(named or near, key=lambda each: abs(each.day - day), default=None)


def _nearest(
    logged: tuple[LoggedChange, ...], day: date, *, within: Period
) -> LoggedChange | None:
    inside = [each for each in logged if within.start <= each.day < within.end]
    return min(inside, key=lambda each: abs(each.day - day), default=None)

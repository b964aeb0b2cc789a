"""How does a figure move from day to day, and what is to be expected of the coming days?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from shroff.domain.messages import Message
from shroff.domain.metrics import Metric, Needs
from shroff.errors import ConfigError, DataError
from shroff.measure.brief import Brief
from shroff.measure.periods import Covered
from shroff.measure.population import dimensions
from shroff.measure.recalling import Kept
from shroff.measure.tasks import task_dimensions
from shroff.store.engine import Engine
from shroff.watch.daily_gathering import DailyAsked, gather_daily
from shroff.watch.daily_series import DailyBlock, DailySeries
from shroff.watch.forecasting import Forecast, forecast
from shroff.watch.holidays import Holiday, on_holiday
from shroff.watch.largest_changes import largest_changes
from shroff.watch.logged_changes import logged_changes
from shroff.watch.trend_lines import Trend, TrendQuestion, Trends
from shroff.watch.watched_metrics import HITS, WATCHED

__all__ = ["trends"]

_DETECTOR = ("detector",)
_MOST_SERIES = 12


def trends(
    engine: Engine,
    brief: Brief,
    question: TrendQuestion,
    *,
    known: Covered,
    holidays: Sequence[Holiday] = (),
    kept: Kept | None = None,
) -> Trends:
    """Draw lines of metrics by day.

    Parameters
    ----------
    engine : Engine
        Where the logs are.
    brief : Brief
        Period, designs, metrics.
    question : TrendQuestion
        What is wanted.
    known : Covered
        Which days the logs cover.
    holidays : sequence of Holiday
        Days that tell nothing of others; forecasts leave them out.
    kept : Kept or None
        Cubes that are up to date.

    Returns
    -------
    Trends
        The lines; of more slices than can be read, those with the most events.

    Raises
    ------
    ConfigError
        If there is no such metric, or a column that it cannot be cut by.
    """
    metrics = _metrics(brief, question)
    asked = _asked(engine, brief, question, metrics)
    daily = gather_daily(engine, brief, asked, known=known, kept=kept)
    lines: list[Trend] = []
    notes: list[Message] = []
    for metric in metrics:
        found = [block for block in daily.blocks if _is_wanted(block, metric, question)]
        if not found:
            notes.append(Message("trends.not_daily", {"metric": metric.id}))
            continue
        chosen, left = _chosen(found[0], question)
        if left:
            notes.append(Message("trends.left_out", {"metric": metric.id, "slices": left}))
        lines += [_trend(metric, each, question, holidays=holidays) for each in chosen]
    return Trends(
        period=brief.period,
        question=question,
        lines=tuple(lines),
        logged=logged_changes(engine, brief.period),
        holidays=tuple(holidays),
        notes=tuple(notes),
        queries=daily.queries,
    )


def _metrics(brief: Brief, question: TrendQuestion) -> list[Metric]:
    every = {**brief.metrics, **WATCHED}
    for name in question.metrics:
        if name not in every:
            close = get_close_matches(name, list(every), n=1)
            hint = f"did you mean {close[0]!r}? " if close else ""
            raise ConfigError(
                f"there is no metric {name!r}",
                hint=f"{hint}shroff metrics lists those of the scorecard; further: "
                + ", ".join(WATCHED),
            )
    return [every[name] for name in question.metrics]


def _asked(
    engine: Engine, brief: Brief, question: TrendQuestion, metrics: Sequence[Metric]
) -> DailyAsked:
    slicing = question.slicing
    ads = {*dimensions(engine, brief.derived)}
    tasks = {*task_dimensions(engine), "policy_family"}
    strange = [n for n in slicing if n not in ads | tasks | {*_DETECTOR}]
    if strange:
        close = get_close_matches(strange[0], sorted(ads | tasks), n=1)
        raise ConfigError(
            f"there is no dimension {strange[0]!r} to slice by",
            hint=(f"did you mean {close[0]!r}? " if close else "")
            + "dimensions: "
            + ", ".join(sorted(ads | tasks)),
        )
    wanted = (slicing,)
    of_ads = wanted if set(slicing) <= ads else ()
    labelled = any(metric.needs is Needs.TRUTH for metric in metrics)
    return DailyAsked(
        metrics=frozenset(metric.id for metric in metrics),
        ads=of_ads or ((),),
        labels=of_ads if labelled else (),
        tasks=wanted if set(slicing) <= tasks else (),
    )


def _is_wanted(block: DailyBlock, metric: Metric, question: TrendQuestion) -> bool:
    if block.metric != metric.id:
        return False
    if metric.id == HITS:
        return set(question.slicing) <= {*_DETECTOR}
    return set(block.dimensions) == set(question.slicing)


def _chosen(block: DailyBlock, question: TrendQuestion) -> tuple[list[DailySeries], int]:
    """Take the slices asked for that have the most events, and count those left out."""
    places = [
        place
        for place, part in enumerate(block.slices)
        if all(dict(part.terms).get(n) == v for n, v in question.within.items())
    ]
    if question.within and not places:
        raise ConfigError(
            "no ad of the period is in the slice "
            + ", ".join(f"{n}={v}" for n, v in question.within.items()),
            where="--slice",
        )
    events = block.above.sum(axis=1)
    places.sort(key=lambda place: (-events[place], block.slices[place].dimensions))
    return [block.at(place) for place in places[:_MOST_SERIES]], max(len(places) - _MOST_SERIES, 0)


def _trend(
    metric: Metric,
    series: DailySeries,
    question: TrendQuestion,
    *,
    holidays: Sequence[Holiday],
) -> Trend:
    large = () if question.by else largest_changes(series)
    if not question.ahead:
        return Trend(metric=metric, series=series, ahead=None, largest=large)
    usual = ~on_holiday(
        holidays,
        first=series.first,
        days=len(series.above),
        market=dict(series.slice.terms).get("market"),
    )
    ahead = _ahead(series, usual, question)
    return Trend(metric=metric, series=series, ahead=ahead, largest=large)


def _ahead(
    series: DailySeries, usual: NDArray[np.bool_], question: TrendQuestion
) -> Forecast | None:
    """Forecast from usual, complete days; days that are not complete yet are foreseen too."""
    settled = np.flatnonzero(series.settled)
    if not len(settled):
        return None
    end = int(settled[-1]) + 1
    late = len(series.above) - end
    known = series.settled[:end] & usual[:end]
    try:
        found = forecast(
            series.above[:end],
            None if series.below is None else series.below[:end],
            known=known,
            weekday=series.first.weekday(),
            days=late + question.ahead,
            level=question.level,
        )
    except DataError:
        return None
    return replace(found, value=found.value[late:], low=found.low[late:], high=found.high[late:])

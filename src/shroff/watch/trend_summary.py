"""A line in a few figures: where it stands, where it stood, what is expected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import beta

from shroff.domain.messages import Message
from shroff.watch.daily_series import DailySeries
from shroff.watch.trend_lines import Trend
from shroff.watch.watched_metrics import shown

__all__ = ["TrendSummary", "expected", "summary_of"]

_NOW, _BEFORE = 7, 28
_TAIL = 0.025


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendSummary:
    """A line in a few figures.

    Parameters
    ----------
    now : float or None
        The figure over the last seven complete days.
    now_low, now_high : float or None
        Its 95% interval, where it is estimated from labels; None for a count.
    before : float or None
        The figure over the 28 days before them.
    weeks : tuple of float or None
        The figure of each seven complete days, the last first known at the end.
    ahead, low, high : float or None
        What is expected of a day on average; lowest and highest end of a day's interval.
    """

    now: float | None
    now_low: float | None
    now_high: float | None
    before: float | None
    weeks: tuple[float | None, ...]
    ahead: float | None
    low: float | None
    high: float | None


def summary_of(line: Trend) -> TrendSummary:
    """Put a line into a few figures.

    Parameters
    ----------
    line : Trend
        The line.

    Returns
    -------
    TrendSummary
        Means over complete days, weighted by their denominators.
    """
    places = np.flatnonzero(line.series.settled)
    weeks = [places[max(end - _NOW, 0) : end] for end in range(len(places), 0, -_NOW)][::-1]
    ahead = line.ahead
    low, high = _interval(line.series, places[-_NOW:])
    return TrendSummary(
        now=_mean(line.series, places[-_NOW:]),
        now_low=low,
        now_high=high,
        before=_mean(line.series, places[-_NOW - _BEFORE : -_NOW]),
        weeks=tuple(_mean(line.series, week) for week in weeks),
        ahead=None if ahead is None else float(ahead.value.mean()),
        low=None if ahead is None else float(ahead.low.min()),
        high=None if ahead is None else float(ahead.high.max()),
    )


def _mean(series: DailySeries, places: np.ndarray) -> float | None:
    if not len(places):
        return None
    above = float(series.above[places].sum())
    if series.below is None:
        return above / len(places)
    below = float(series.below[places].sum())
    return above / below if below > 0 else None


def _interval(series: DailySeries, places: np.ndarray) -> tuple[float | None, float | None]:
    """Give Clopper and Pearson's interval on as many labels as tell as much."""
    if series.low is None or series.below is None:
        return None, None
    above, below = float(series.above[places].sum()), float(series.below[places].sum())
    if below <= 0:
        return None, None
    rest = max(below - above, 0.0)
    low = 0.0 if above <= 0 else float(beta.ppf(_TAIL, above, rest + 1))
    high = 1.0 if rest <= 0 else float(beta.ppf(1 - _TAIL, above + 1, rest))
    return low, high


def expected(line: Trend) -> Message | None:
    """Say what is expected of the coming days; None where nothing is."""
    told = summary_of(line)
    if line.ahead is None:
        return None
    return Message(
        "trends.expected",
        {
            "days": len(line.ahead.value),
            "value": shown(line.metric, told.ahead),
            "low": shown(line.metric, told.low),
            "high": shown(line.metric, told.high),
            "level": f"{100 * line.ahead.level:g}%",
        },
    )

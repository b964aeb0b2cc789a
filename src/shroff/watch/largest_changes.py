"""The largest changes of one line: between which days it ran apart from all its other days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from shroff.domain.messages import Message
from shroff.domain.metrics import Metric
from shroff.watch.daily_series import DailySeries, Floats
from shroff.watch.episode_scan import Parted, scan

__all__ = ["LargeChange", "largest_changes"]

_SURE = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeChange:
    """Days on which a line ran apart from its other days.

    Parameters
    ----------
    first, last : date
        First and last day.
    first_low, first_high : date
        Days between which the first one lies, with 95%.
    ratio, ratio_low, ratio_high : float
        Events over those on other days, with a 95% interval.
    """

    first: date
    last: date
    first_low: date
    first_high: date
    ratio: float
    ratio_low: float
    ratio_high: float

    def text(self, metric: Metric) -> Message:
        """Say it in a sentence."""
        return Message(
            "trends.large",
            {
                "metric": f"{metric.name_en}|{metric.name_zh}",
                "first": str(self.first),
                "last": str(self.last),
                "low": str(self.first_low),
                "high": str(self.first_high),
                "ratio": f"{self.ratio:.2f}",
                "ratio_low": f"{self.ratio_low:.2f}",
                "ratio_high": f"{self.ratio_high:.2f}",
            },
        )

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "first": str(self.first),
            "last": str(self.last),
            "first_low": str(self.first_low),
            "first_high": str(self.first_high),
            "ratio": self.ratio,
            "ratio_low": self.ratio_low,
            "ratio_high": self.ratio_high,
        }


def largest_changes(series: DailySeries, *, most: int = 3) -> tuple[LargeChange, ...]:
    """Find the stretches of days that stand out most from all others of a line.

    Parameters
    ----------
    series : DailySeries
        The line.
    most : int
        Stretches at most.

    Returns
    -------
    tuple of LargeChange
        The clearest first; none where chance explains what moved, or too little is known. The
        first two weeks are never the beginning of one.
    """
    below = _usual(series) if series.below is None else series.below
    parted = Parted(
        above=series.above[None, :],
        below=below[None, :],
        rest_above=None,
        rest_below=None,
        settled=series.settled,
    )
    found = sorted(scan(parted, most=2 * most), key=lambda each: -abs(each.z))
    days = series.days
    return tuple(
        LargeChange(
            first=days[each.first],
            last=days[each.last],
            first_low=days[each.first_low],
            first_high=days[each.first_high],
            ratio=each.ratio,
            ratio_low=each.ratio_low,
            ratio_high=each.ratio_high,
        )
        for each in found[:most]
        if each.p < _SURE
    )


def _usual(series: DailySeries) -> Floats:
    """Give how much of a week's count each day usually has, by its day of the week."""
    weekday = (series.first.weekday() + np.arange(len(series.above))) % 7
    known = series.settled
    share: Floats = np.ones(7)
    for day in range(7):
        mine = known & (weekday == day)
        if mine.any() and series.above[known].sum() > 0:
            share[day] = max(series.above[mine].mean() / series.above[known].mean(), 0.05)
    usual: Floats = share[weekday]
    return usual

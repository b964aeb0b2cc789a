"""The largest changes of one line: between which days it ran apart from all its other days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

import numpy as np

from shroff.domain.messages import Message
from shroff.domain.metrics import Metric
from shroff.watch.daily_series import DailySeries, Floats
from shroff.watch.episode_scan import Episode, Parted, scan
from shroff.watch.watched_metrics import shown

__all__ = ["LargeChange", "largest_changes"]

_SURE = 0.01
_SHORTEST = 42
"""Days of a line without which no stretch is looked for in a part of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LargeChange:
    """Days on which a line ran apart from its other days.

    Parameters
    ----------
    first, last : date
        First and last day.
    first_low, first_high : date
        Days between which the first one lies, with 95%.
    inside, outside : float
        The figure on these days and on its other complete ones: events a day, or the share.
    ratio, ratio_low, ratio_high : float
        One over the other, with a 95% interval.
    of : tuple of date, or None
        First and last of the days that it is held against, itself among them; None for all of the line.
    """

    first: date
    last: date
    first_low: date
    first_high: date
    inside: float
    outside: float
    ratio: float
    ratio_low: float
    ratio_high: float
    of: tuple[date, date] | None = None

    def cells(self, metric: Metric) -> tuple[str, ...]:
        """Write it as cells: from, between, to, then, other days, times."""
        return (
            str(self.first),
            f"{self.first_low} … {self.first_high}",
            str(self.last),
            shown(metric, self.inside),
            shown(metric, self.outside),
            f"{self.ratio:.2f} ({self.ratio_low:.2f}–{self.ratio_high:.2f})",
        )

    def part(self) -> Message | None:
        """Say against which part of the line it is held; None where against all of it."""
        if self.of is None:
            return None
        told = {"first": self.first, "last": self.last, "of_first": self.of[0]}
        told["of_last"] = self.of[1]
        return Message("trends.largest.part", {name: str(day) for name, day in told.items()})

    def record(self) -> dict[str, object]:
        """Give it as a JSON-ready record."""
        return {
            "first": str(self.first),
            "last": str(self.last),
            "first_low": str(self.first_low),
            "first_high": str(self.first_high),
            "inside": self.inside,
            "outside": self.outside,
            "ratio": self.ratio,
            "ratio_low": self.ratio_low,
            "ratio_high": self.ratio_high,
            "of": None if self.of is None else [str(day) for day in self.of],
        }


def largest_changes(series: DailySeries, *, most: int = 3) -> tuple[LargeChange, ...]:
    """Find the stretches of days that stand out most from the other days of a line.

    Parameters
    ----------
    series : DailySeries
        The line.
    most : int
        Stretches at most.

    Returns
    -------
    tuple of LargeChange
        The clearest first; none where chance explains what moved, or too little is known. Where
        fewer stand out of the whole line, they are followed by those that stand out of the days
        between the ends of the first ones. The first two weeks are never the beginning of one.
    """
    days = len(series.above)
    found = _stretches(series, 0, days)[:most]
    ends = sorted({0, days, *(each.first for each in found), *(each.last + 1 for each in found)})
    told = [_told(series, each, None) for each in found]
    if found and len(found) < most:
        parts = [(a, b) for a, b in pairwise(ends) if b - a >= _SHORTEST]
        inner = [(each, part) for part in parts for each in _stretches(series, *part)]
        inner.sort(key=lambda pair: -abs(pair[0].z))
        told += [_told(series, *pair) for pair in inner[: most - len(found)]]
    return tuple(told)


def _stretches(series: DailySeries, start: int, end: int) -> list[Episode]:
    """Find the stretches that stand out of some days of a line, the clearest first."""
    below = _usual(series) if series.below is None else series.below
    parted = Parted(
        above=series.above[None, start:end],
        below=below[None, start:end],
        rest_above=None,
        rest_below=None,
        settled=series.settled[start:end],
    )
    found = [each for each in scan(parted, most=6) if each.p < _SURE]
    names = ("first", "last", "first_low", "first_high")
    moved = [replace(e, **{name: getattr(e, name) + start for name in names}) for e in found]
    return sorted(moved, key=lambda each: -abs(each.z))


def _told(series: DailySeries, each: Episode, part: tuple[int, int] | None) -> LargeChange:
    """Hold a stretch against all other complete days, as anybody can count them."""
    start, end = part or (0, len(series.above))
    places = np.arange(len(series.above))
    known = series.settled & (places >= start) & (places < end)
    within = known & (places >= each.first) & (places <= each.last)
    below = np.ones(len(places)) if series.below is None else series.below
    inside, outside = (
        float(series.above[here].sum() / max(below[here].sum(), 1e-9))
        for here in (within, known & ~within)
    )
    events = float(series.above[within].sum()) + 0.5
    ratio = events / (outside * float(below[within].sum()) + 0.5)
    days = series.days
    return LargeChange(
        first=days[each.first],
        last=days[each.last],
        first_low=days[each.first_low],
        first_high=days[each.first_high],
        inside=inside,
        outside=outside,
        ratio=ratio,
        ratio_low=ratio * each.ratio_low / each.ratio,
        ratio_high=ratio * each.ratio_high / each.ratio,
        of=None if part is None else (days[start], days[end - 1]),
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

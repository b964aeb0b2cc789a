"""Where a passage is said far more often than usual: a scan over markets and days."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from shroff.text.kernel_cache import kernel

__all__ = ["scan_bursts"]


@kernel
def _likelihood(inside: float, expected: float, total: float) -> float:
    """Give the log likelihood ratio of a window against none (Kulldorff)."""
    if inside <= expected or expected <= 0:
        return 0.0
    found = inside * math.log(inside / expected)
    if inside < total:
        found += (total - inside) * math.log((total - inside) / (total - expected))
    return found


@kernel
def scan_bursts(
    at: NDArray[np.int64], day: NDArray[np.int32], place: NDArray[np.int32],
    usual: NDArray[np.float64], longest: int, least: int, found: NDArray[np.float64],
) -> None:  # fmt: skip
    """Find for each series the days in which it is most above its share of all ads.

    Parameters
    ----------
    at : array of int64, shape (series + 1,)
        Where the events of each series begin.
    day : array of int32
        Days of the events, sorted within each series.
    place : array of int32, shape (series,)
        Row of ``usual`` that a series is held against.
    usual : array of float, shape (places, days + 1)
        Ads of a place before each day.
    longest : int
        Most days of a window.
    least : int
        Fewest events in a window.
    found : array of float, shape (series, 5)
        Filled: log likelihood ratio, first and last day, events inside, and share of the place's ads
        that fell into the window.
    """
    for series in range(len(place)):
        begin, end, row = at[series], at[series + 1], usual[place[series]]
        total, everything = float(end - begin), row[len(row) - 1]
        found[series, :] = 0.0
        first = begin
        while first < end:
            last = first
            while last < end and day[last] - day[first] < longest:
                while last + 1 < end and day[last + 1] == day[last]:
                    last += 1
                inside = float(last + 1 - first)
                if inside >= least and everything > 0:
                    share = (row[day[last] + 1] - row[day[first]]) / everything
                    ratio = _likelihood(inside, total * share, total)
                    if ratio > found[series, 0]:
                        found[series, 0], found[series, 1] = ratio, day[first]
                        found[series, 2], found[series, 3] = day[last], inside
                        found[series, 4] = share
                last += 1
            opened = day[first]
            while first < end and day[first] == opened:
                first += 1

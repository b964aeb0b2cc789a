"""How sure is a comparison of two periods? By leaving out one day after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit

from shroff.errors import DesignError
from shroff.stats.proportions import Floats

__all__ = ["Jackknifed", "jackknifed"]

Statistic = Callable[[Floats, Floats], Floats]

_FEWEST_DAYS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Jackknifed:
    """Statistics of two periods; arrays of shape (statistics,).

    Parameters
    ----------
    value : array
        As computed.
    corrected : array
        Less the bias that leaving days out shows.
    low, high : array
        Interval around ``corrected``.
    level : float
        Coverage it aims at, in (0, 1).
    days : tuple of int
        Days of each period.
    """

    value: Floats
    corrected: Floats
    low: Floats
    high: Floats
    level: float
    days: tuple[int, int]


def jackknifed(statistic: Statistic, before: Floats, after: Floats, *, level: float) -> Jackknifed:
    """Compute statistics of two periods from sums by day, with intervals.

    Parameters
    ----------
    statistic : callable
        From the sums over the days of each period to an array of statistics.
    before, after : array of shape (days, ...)
        Sums of each day; days without anything do not count.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Jackknifed
        The statistics, their bias taken off, and intervals.

    Raises
    ------
    DesignError
        If a period has fewer than five days with anything.

    Notes
    -----
    Each period is a stratum of days; days vary by what is alike within a day, such as advertisers'
    bursts, which counting ads would not see. A distance that cannot be negative, such as the
    population stability index, is not zero between two samples of the same: its bias goes with one
    over the days, and is taken off. Intervals by Student's t with one degree less than the shorter
    period has days.

    References
    ----------
    Shao and Tu, The Jackknife and Bootstrap (1995), ch. 2 and 6.
    """
    sides = [_with_something(side) for side in (before, after)]
    if min(len(side) for side in sides) < _FEWEST_DAYS:
        raise DesignError(
            f"each period needs {_FEWEST_DAYS} days with data; these have"
            f" {len(sides[0])} and {len(sides[1])}",
            hint="take longer periods",
        )
    totals = [side.sum(axis=0) for side in sides]
    value = statistic(totals[0], totals[1])
    bias, variance = np.zeros(value.shape), np.zeros(value.shape)
    for place, side in enumerate(sides):
        without = np.array(
            [
                statistic(*((totals[at] - day) if at == place else totals[at] for at in (0, 1)))
                for day in side
            ]
        )
        days = len(side)
        middle = without.mean(axis=0)
        bias += (days - 1) * (middle - value)
        variance += (days - 1) / days * ((without - middle) ** 2).sum(axis=0)
    corrected = value - bias
    reach = -stdtrit(min(len(side) for side in sides) - 1, (1 - level) / 2) * np.sqrt(variance)
    return Jackknifed(
        value=value,
        corrected=corrected,
        low=corrected - reach,
        high=corrected + reach,
        level=level,
        days=(len(sides[0]), len(sides[1])),
    )


def _with_something(side: Floats) -> Floats:
    flat = side.reshape(len(side), -1) if len(side) else side
    return side[np.asarray(flat.any(axis=1), bool)] if len(side) else side

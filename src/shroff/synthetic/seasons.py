"""Days of the platform: growth, the week and the hours of a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from shroff.synthetic.dice import Floats, Ints

__all__ = ["DAY", "HOUR", "Seasons"]

DAY = 86_400
HOUR = 3_600

_WEEK = (1.06, 1.12, 1.1, 1.08, 1.04, 0.84, 0.76)
_GROWTH = 0.3
_HOURS = (
    *(0.5, 0.6, 0.9, 1.1, 1.2, 1.2, 1.1, 1.2),
    *(1.3, 1.3, 1.2, 1.0, 0.9, 1.1, 1.2, 1.2),
    *(1.1, 1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.5),
)


@dataclass(frozen=True, slots=True)
class Seasons:
    """The days that the logs cover.

    Parameters
    ----------
    end : date
        Last day.
    days : int
        How many days; at least 28.
    """

    end: date
    days: int

    @property
    def first(self) -> date:
        """Give the first day."""
        return self.end - timedelta(days=self.days - 1)

    @property
    def opens(self) -> int:
        """Give the first second, counted from 1970."""
        return int(datetime.combine(self.first, datetime.min.time(), tzinfo=UTC).timestamp())

    @property
    def closes(self) -> int:
        """Give the second after the last one: nothing later is in the logs."""
        return self.opens + self.days * DAY

    def date_of(self, day: int) -> date:
        """Give the date of a day counted from 0."""
        return self.first + timedelta(days=day)

    def shares(self) -> Floats:
        """Give each day's share of the volume: growth times the week."""
        days = np.arange(self.days)
        week = np.array(_WEEK)[(self.first.weekday() + days) % 7]
        weights = week * (1 + _GROWTH * days / self.days)
        shares: Floats = weights / weights.sum()
        return shares

    def counts(self, ads: int) -> Ints:
        """Split a number of ads over the days."""
        ends = np.rint(np.cumsum(self.shares()) * ads).astype(np.int64)
        return np.diff(ends, prepend=0)

    def moments(self, days: Ints, chance: Floats) -> Ints:
        """Give a second within each day, busier hours more often.

        Parameters
        ----------
        days : array of int
            Days counted from 0.
        chance : array of float
            One number in (0, 1) for each.

        Returns
        -------
        array of int
            Seconds since 1970.
        """
        ends = np.concatenate([[0.0], np.cumsum(hours_of_day())])
        seconds = np.interp(chance, ends, np.arange(25) * HOUR).astype(np.int64)
        moments: Ints = self.opens + days * DAY + np.minimum(seconds, DAY - 1)
        return moments


def hours_of_day() -> Floats:
    """Give each hour's share of a day (UTC)."""
    shares: Floats = np.array(_HOURS) / sum(_HOURS)
    return shares

"""Series by day: what is counted of each slice on each day, and how complete each day is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from shroff.domain.slices import Period, Slice
from shroff.measure.counts import Cube

__all__ = [
    "SETTLED",
    "DailyBlock",
    "DailySeries",
    "Floats",
    "aligned",
    "complete_days",
    "spread",
]

Floats = NDArray[np.float64]

SETTLED = 0.95
"""Share of a day's events that must be in before the day is taken to be complete."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DailySeries:
    """One figure day by day.

    Parameters
    ----------
    metric : str
        Id of the metric.
    slice : Slice
        Which ads.
    first : date
        First day.
    above : array, shape (T,)
        Numerator of each day; of labels drawn at random, as many as tell as much.
    below : array, shape (T,), or None
        Denominator of each day; None for a count by day.
    low, high : array, shape (T,), or None
        Interval of each day's figure, where it is estimated from labels.
    complete : array, shape (T,)
        Share of each day's events that are in, as far as past days tell, in [0, 1].
    """

    metric: str
    slice: Slice
    first: date
    above: Floats
    below: Floats | None
    low: Floats | None
    high: Floats | None
    complete: Floats

    @property
    def value(self) -> Floats:
        """Give each day's figure; NaN where nothing is in its denominator."""
        if self.below is None:
            return self.above
        known = self.below > 0
        share: Floats = np.full(len(self.above), np.nan)
        np.divide(self.above, self.below, out=share, where=known)
        return share

    @property
    def settled(self) -> NDArray[np.bool_]:
        """Tell which days are complete."""
        return self.complete >= SETTLED

    @property
    def days(self) -> tuple[date, ...]:
        """List its days."""
        return tuple(self.first + timedelta(days=n) for n in range(len(self.above)))


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyBlock:
    """One metric over all slices of one slicing, day by day; see `DailySeries`.

    Parameters
    ----------
    metric : str
        Id of the metric.
    dimensions : tuple of str
        The slicing; empty for everything.
    slices : tuple of Slice
        Its slices.
    first : date
        First day.
    above : array, shape (slices, T)
        Numerators.
    below : array, shape (slices, T), or None
        Denominators.
    complete : array, shape (T,)
        Share of each day's events that are in.
    low, high : array, shape (slices, T), or None
        Intervals.
    """

    metric: str
    dimensions: tuple[str, ...]
    slices: tuple[Slice, ...]
    first: date
    above: Floats
    below: Floats | None
    complete: Floats
    low: Floats | None = None
    high: Floats | None = None

    def __len__(self) -> int:
        """Count the slices."""
        return len(self.slices)

    def at(self, place: int) -> DailySeries:
        """Give the series of one slice."""

        def row(values: Floats | None) -> Floats | None:
            return None if values is None else values[place]

        return DailySeries(
            metric=self.metric,
            slice=self.slices[place],
            first=self.first,
            above=self.above[place],
            below=row(self.below),
            low=row(self.low),
            high=row(self.high),
            complete=self.complete,
        )

    def __iter__(self) -> Iterator[DailySeries]:
        """Give every series."""
        return (self.at(place) for place in range(len(self.slices)))


def spread(cube: Cube, span: tuple[int, int], name: str, *, days: int) -> Floats:
    """Lay one aggregate of a cube out by slice and day.

    Parameters
    ----------
    cube : Cube
        Aggregates with the key ``day_number``.
    span : (int, int)
        First slice and the one after the last.
    name : str
        The aggregate.
    days : int
        Days; rows of other days are left out.

    Returns
    -------
    array, shape (slices, days)
        The sums, 0 where nothing was counted.
    """
    day = cube.columns["day_number"].astype(np.int64)
    mine = (cube.group >= span[0]) & (cube.group < span[1]) & (day >= 0) & (day < days)
    table: Floats = np.zeros((span[1] - span[0], days))
    np.add.at(table, (cube.group[mine] - span[0], day[mine]), cube.columns[name][mine])
    return table


def aligned(table: Floats, slices: Sequence[Slice], *, wanted: Sequence[Slice]) -> Floats:
    """Put the rows of some slices into the order of others; a slice that is missing has zeros."""
    places = {part: place for place, part in enumerate(slices)}
    found: Floats = np.zeros((len(wanted), table.shape[1]))
    for row, part in enumerate(wanted):
        if part in places:
            found[row] = table[places[part]]
    return found


def complete_days(period: Period, *, until: date) -> Floats:
    """Give 1 for each day before ``until`` and 0 for the others."""
    known = np.arange(period.days) < (until - period.start).days
    return known.astype(np.float64)

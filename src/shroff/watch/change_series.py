"""Daily series to be watched: what was counted, of how many, and on which days that is complete."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from shroff.errors import DesignError

__all__ = ["Family", "Heed", "Series", "SeriesBatch", "stacked"]

Days = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class Family(StrEnum):
    """What a day's figure is: events, a share of trials, or a measured value."""

    COUNT = "count"
    RATIO = "ratio"
    VALUE = "value"


class Heed(StrEnum):
    """Whether a series could be judged, and if not, why."""

    JUDGED = "judged"
    EMPTY = "empty"
    MISSING = "missing"
    SHORT = "short"
    CONSTANT = "constant"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesBatch:
    """Series of the same days.

    Parameters
    ----------
    numerator : array, float64, (series, days)
        Events of a day, or what was measured. NaN on a missing day.
    denominator : array, float64, (series, days), or None
        Trials of a day: the numerator is a part of them. None for counts and measured values. A day
        without trials is a missing day.
    first_day : date
        The day of the first column.
    complete : array, bool, (series, days) or (days,)
        False on hollow days: the last ones whose events are still coming in, and holes in the log.
    family : Family, optional
        What a figure is; by default a ratio where there is a denominator, else a count.

    Raises
    ------
    DesignError
        If shapes differ, or if a numerator is negative or exceeds its denominator.
    """

    numerator: Days
    denominator: Days | None
    first_day: date
    complete: Flags
    family: Family | None = None

    def __post_init__(self) -> None:
        shape = self.numerator.shape
        shapes = {shape, np.broadcast_shapes(self.complete.shape, shape)}
        if self.denominator is not None:
            shapes.add(self.denominator.shape)
        if len(shape) != 2 or len(shapes) > 1:
            raise DesignError(
                "the arrays of a batch of series differ in shape",
                where=f"numerator {shape}, complete {self.complete.shape}",
                hint="give each the shape (series, days)",
            )
        if (self.family is Family.RATIO) != (self.denominator is not None) and self.family:
            raise DesignError(
                f"a {self.family} has no use for its denominator"
                if self.denominator is not None
                else "a ratio needs a denominator",
                hint="leave the family out, or give what the numerator is a part of",
            )
        if self.kind is not Family.VALUE:
            self._check_counts()

    @property
    def kind(self) -> Family:
        """What a figure of these series is."""
        if self.family is not None:
            return self.family
        return Family.COUNT if self.denominator is None else Family.RATIO

    def _check_counts(self) -> None:
        open_days = self.open_days()
        seen = np.where(open_days, self.numerator, 0.0)
        if (seen < 0).any():
            row, day = np.argwhere(seen < 0)[0]
            raise DesignError("a count is negative", where=f"series {row}, day {day}")
        if self.denominator is not None:
            over = open_days & (seen > self.denominator * (1 + 1e-9))
            if over.any():
                row, day = np.argwhere(over)[0]
                raise DesignError(
                    "a numerator exceeds its denominator",
                    where=f"series {row}, day {day}",
                    hint="the numerator must count a part of what the denominator counts",
                )

    def open_days(self, *, as_of: date | None = None, closed: Collection[date] = ()) -> Flags:
        """Tell which days may be judged.

        Parameters
        ----------
        as_of : date, optional
            Later days are not looked at, whatever they hold.
        closed : collection of date
            Days that are not judged, such as holidays.

        Returns
        -------
        array of bool, (series, days)
            True where the day is complete and holds a figure.
        """
        shape = self.numerator.shape
        opened = np.broadcast_to(self.complete, shape) & np.isfinite(self.numerator)
        if self.denominator is not None:
            opened = opened & (np.nan_to_num(self.denominator, posinf=0.0) > 0)
        else:
            opened = opened.copy()
        for day in closed:
            column = (day - self.first_day).days
            if 0 <= column < shape[1]:
                opened[:, column] = False
        if as_of is not None:
            opened[:, max(0, (as_of - self.first_day).days + 1) :] = False
        return opened

    def day(self, column: float) -> date:
        """Give the date of a column."""
        return self.first_day + timedelta(days=int(column))

    def heed(self, *, as_of: date | None = None, history: int = 28) -> tuple[Heed, ...]:
        """Tell for each series whether it can be judged.

        Parameters
        ----------
        as_of : date, optional
            Later days are not looked at.
        history : int
            Days that a first baseline needs.

        Returns
        -------
        tuple of Heed
            One for each series. A constant series is judged too: it is named as there is nothing
            to see in it.
        """
        opened = self.open_days(as_of=as_of)
        return tuple(self._heed(row, opened[row], history) for row in range(len(opened)))

    def _heed(self, row: int, opened: Flags, history: int) -> Heed:
        if not opened.size:
            return Heed.EMPTY
        if not opened.any():
            return Heed.MISSING
        if np.count_nonzero(opened) <= history:
            return Heed.SHORT
        rates = self.numerator[row, opened]
        if self.denominator is not None:
            rates = rates / self.denominator[row, opened]
        return Heed.CONSTANT if np.ptp(rates) == 0 else Heed.JUDGED


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One series, day by day.

    Parameters
    ----------
    numerator : array, float64, (days,)
        As `SeriesBatch`.
    denominator : array, float64, (days,), or None
        As `SeriesBatch`.
    first_day : date
        The day of the first figure.
    complete : array, bool, (days,)
        False on hollow days.
    family : Family, optional
        As `SeriesBatch`.
    """

    numerator: Days
    denominator: Days | None
    first_day: date
    complete: Flags
    family: Family | None = None

    def batch(self) -> SeriesBatch:
        """Make a batch of this one series.

        Returns
        -------
        SeriesBatch
            With one row.
        """
        return SeriesBatch(
            numerator=self.numerator[None, :],
            denominator=None if self.denominator is None else self.denominator[None, :],
            first_day=self.first_day,
            complete=self.complete[None, :],
            family=self.family,
        )


def stacked(series: Sequence[Series]) -> SeriesBatch:
    """Stack series of the same days and family into one batch.

    Parameters
    ----------
    series : sequence of Series
        At least one.

    Returns
    -------
    SeriesBatch
        In the same order.

    Raises
    ------
    DesignError
        If their days, or whether they have denominators, differ.
    """
    alike = {
        (each.first_day, each.numerator.shape, each.denominator is None, each.family)
        for each in series
    }
    if len(alike) != 1:
        raise DesignError(
            "series of different days or families cannot be one batch",
            hint="cut them to the same days; keep counts and ratios apart",
        )
    first = series[0]
    lower = [each.denominator for each in series if each.denominator is not None]
    return SeriesBatch(
        numerator=np.stack([each.numerator for each in series]),
        denominator=np.stack(lower) if lower else None,
        first_day=first.first_day,
        complete=np.stack([each.complete for each in series]),
        family=first.family,
    )

"""From days to the series that a change is judged by: days or weeks, with the noise of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from shroff.advise.outcome_question import OutcomeQuestion, Rollout
from shroff.errors import DataError
from shroff.stats.rollout_panel import Panel
from shroff.stats.step_series import StepSeries
from shroff.watch.daily_series import SETTLED, DailyBlock, Floats

__all__ = ["Binned", "binned"]

_DAILY_LABELS = 30
_WEEK = 7
_LEAST_WEEKS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Binned:
    """Series of some slices, by day or by week.

    Parameters
    ----------
    names : tuple of str
        Value of the column of the roll-out in each slice; empty texts where there is none.
    value, variance, below : array, shape (slices, T)
        Figures, the variance of each by its labels alone, and the labels or ads it rests on.
    start : int
        First bin with the change.
    first : date
        First day of the first bin.
    width : int
        Days of a bin.
    left_out : int
        Days at the end whose labels are not in yet.
    """

    names: tuple[str, ...]
    value: Floats
    variance: Floats
    below: Floats
    start: int
    first: date
    width: int
    left_out: int

    @property
    def season(self) -> int:
        """Days have a week; weeks have none."""
        return _WEEK if self.width == 1 else 1

    @property
    def days(self) -> tuple[date, ...]:
        """Give the first day of each bin."""
        count = self.value.shape[1]
        return tuple(self.first + timedelta(days=self.width * n) for n in range(count))

    @property
    def labels(self) -> tuple[int, int]:
        """Count what it rests on, before and after."""
        return (
            round(float(self.below[:, : self.start].sum())),
            round(float(self.below[:, self.start :].sum())),
        )

    def step_series(self) -> StepSeries:
        """Give the first series, with a line beside the step where days are enough to tell it."""
        return StepSeries(
            value=self.value[0],
            variance=self.variance[0],
            start=self.start,
            season=self.season,
            trend=self.start * self.width >= 8 * _WEEK,
        )

    def panel(self, question: OutcomeQuestion) -> tuple[Panel, tuple[str, ...]]:
        """Give the markets for judging a roll-out by market, and those that are left out.

        Parameters
        ----------
        question : OutcomeQuestion
            What is asked.

        Returns
        -------
        Panel, tuple of str
            Markets known at all times; names of the others.

        Raises
        ------
        DataError
            If a market with the change is not known, or not at all times.
        """
        treated = np.isin(np.array(self.names), question.values)
        missing = sorted(set(question.values) - set(self.names))
        if missing:
            raise DataError(
                f"there is no {question.column} {missing[0]!r} in these days",
                hint=f"known: {', '.join(self.names[:12])}",
            )
        whole = np.logical_and.reduce(np.isfinite(self.value), axis=1)
        if not whole[treated].all():
            name = self.names[int(np.flatnonzero(treated & ~whole)[0])]
            raise DataError(
                f"{question.column} {name} has days or weeks without a label",
                hint="more labels, fewer weeks (--weeks), or a metric that is counted in full",
            )
        panel = Panel(
            value=self.value[whole],
            variance=self.variance[whole],
            size=self.below[whole].sum(axis=1),
            treated=treated[whole],
            start=self.start,
            season=self.season,
        )
        gone = tuple(name for name, kept in zip(self.names, whole, strict=True) if not kept)
        return panel, gone


def binned(block: DailyBlock, question: OutcomeQuestion) -> Binned:
    """Put days together as far as their labels ask for it.

    Parameters
    ----------
    block : DailyBlock
        Series by day.
    question : OutcomeQuestion
        Which slices, and when the change began.

    Returns
    -------
    Binned
        Days where each rests on 30 labels or more, as a rule; weeks that begin with the change
        otherwise.

    Raises
    ------
    DataError
        If nothing is known before or after the change.
    """
    kept, names = _wanted(block, question)
    if not kept:
        raise DataError("no ad is in the part asked for", hint="check --slice")
    known = int(np.sum(np.cumprod(block.complete >= SETTLED)))
    start = (question.on - block.first).days
    if known <= start:
        raise DataError(
            f"no day from {question.on} on has all its labels yet",
            hint="look again later; shroff watch trends shows which days are complete",
        )
    above = block.above[kept, :known]
    below = np.ones_like(above) if block.below is None else block.below[kept, :known]
    counted = block.below is None
    few = not counted and np.median(below) < _DAILY_LABELS
    weeks = start // _WEEK >= _LEAST_WEEKS and (known - start) // _WEEK >= 2
    width = _WEEK if few and weeks else 1
    offset = start % width
    above, below = (_summed(each[:, offset:], width) for each in (above, below))
    value = np.full(above.shape, np.nan)
    np.divide(above, below, out=value, where=below > 0)
    return Binned(
        names=names,
        value=value,
        variance=_variance(above, below, counted=counted),
        below=below,
        start=start // width,
        first=block.first + timedelta(days=offset),
        width=width,
        left_out=len(block.complete) - known,
    )


def _wanted(block: DailyBlock, question: OutcomeQuestion) -> tuple[list[int], tuple[str, ...]]:
    """Find the slices asked for, and the part of the roll-out each is."""
    kept: list[int] = []
    names: list[str] = []
    for place, part in enumerate(block.slices):
        terms = dict(part.terms)
        if any(terms.get(name) != value for name, value in question.within):
            continue
        name = terms.get(question.column) if question.rollout is Rollout.MARKETS else ""
        if name is not None:
            kept.append(place)
            names.append(name)
    return kept, tuple(names)


def _summed(table: Floats, width: int) -> Floats:
    if width == 1:
        return table
    whole = table.shape[1] // width
    summed: Floats = table[:, : whole * width].reshape(len(table), whole, width).sum(axis=2)
    return summed


def _variance(above: Floats, below: Floats, *, counted: bool) -> Floats:
    """Give the variance that counting alone leaves: binomial, or Poisson's for counts by day."""
    share = (above.sum(axis=1) + 0.5) / (below.sum(axis=1) + 1)
    if counted:
        spread = np.maximum(above.mean(axis=1), 1.0)
        return np.repeat(spread[:, None], above.shape[1], axis=1)
    unit = np.where(share < 1, share * (1 - share), share)
    found: Floats = unit[:, None] / np.maximum(below, 1.0)
    return found

"""What changed in a daily series, since when, by how much, and is it still so?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from math import erfc, expm1, sqrt
from statistics import NormalDist

import numpy as np

from shroff.errors import DesignError
from shroff.watch.change_series import Family, Heed, Series, SeriesBatch, stacked
from shroff.watch.change_sizes import Sizes, sizes_of
from shroff.watch.change_table_kernel import (
    BEGAN,
    DEVIATE,
    FOUND,
    HIGH,
    LAST,
    LOW,
    RAMP,
    SETTLED,
    VARIED,
)
from shroff.watch.change_walk_kernel import walk_all

__all__ = [
    "ChangeKind", "Detected", "Detection", "Family", "Heed", "Series", "SeriesBatch", "detect", "stacked",
]  # fmt: skip

_LOOKS = 0.38
"""Independent looks that a day's windows are worth: fitted to simulated quiet series. Windows of four
days pay least for the search, as what has to be known within three days is judged by these."""

_LASTING = 7


class ChangeKind(StrEnum):
    """What happened: a short rise, a short fall, or a change of level, slope or variance."""

    SPIKE = "spike"
    DROP = "drop"
    LEVEL_SHIFT = "level_shift"
    SLOPE_CHANGE = "slope_change"
    VARIANCE_CHANGE = "variance_change"


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """How series are judged.

    Parameters
    ----------
    false_per_series_year : float
        False changes allowed per series and year, in (0, 1].
    history : int
        Complete days before a first judgement; at least two periods.
    period : int
        Days of a season.
    phases : int or None
        Parts of a season that are told apart; by default as many as it has days.
    horizon : int
        Days that level and slope are fitted to where 50 events a day are expected; fewer where there are
        more, up to three tenths more where there are fewer.
    memory : int
        Days that the season is learnt from; noise is learnt from twice as many.
    settle : int
        Days after which a change that has not ended is the new level.
    widths : tuple of int
        Numbers of last days that are held against the days before, ascending.
    level : float
        Coverage of intervals, in (0, 1).
    """

    false_per_series_year: float = 0.01
    history: int = 28
    period: int = 7
    phases: int | None = None
    horizon: int = 140
    memory: int = 364
    settle: int = 14
    widths: tuple[int, ...] = (1, 2, 3, 4, 5, 7, 10, 14, 21, 28, 42)
    level: float = 0.95

    @property
    def threshold(self) -> float:
        """The deviate from which a change is called one."""
        looks = 365.25 * _LOOKS
        return -NormalDist().inv_cdf(self.false_per_series_year / looks / 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """One change of one series.

    Parameters
    ----------
    series : int
        Row in the batch.
    kind : ChangeKind
        What happened. A change that has lasted less than a week so far is a spike or a drop.
    onset, onset_low, onset_high : date
        First day of the change, and the days between which it lies with 95%.
    found : date
        The day by whose evening this was known.
    last : date or None
        Last day of a spike or drop; None where it has not ended.
    settled : date or None
        The day from which the new level counts as normal.
    ongoing : bool
        Whether it had neither ended nor settled on the last day judged.
    days : int
        Complete days that the size rests on.
    size : Sizes
        Observed, expected, their ratio and difference, with intervals.
    deviate : float
        How far the days lie from the baseline, as a standard normal deviate.
    p_value : float
        Chance that a quiet series shows as much within a year.
    """

    series: int
    kind: ChangeKind
    onset: date
    onset_low: date
    onset_high: date
    found: date
    last: date | None
    settled: date | None
    ongoing: bool
    days: int
    size: Sizes
    deviate: float
    p_value: float


def detect(
    batch: SeriesBatch,
    *,
    holidays: Collection[date] = (),
    as_of: date | None = None,
    settings: Detection | None = None,
) -> tuple[Detected, ...]:
    """Find what changed in each series.

    Parameters
    ----------
    batch : SeriesBatch
        The series.
    holidays : collection of date
        Days that are neither judged nor learnt from.
    as_of : date, optional
        Last day to look at: what was known by its evening. By default all days. `Detected.found` is
        the same whatever later day is looked from.
    settings : Detection, optional
        How to judge.

    Returns
    -------
    tuple of Detected
        By series, then in the order in which they were found. A series that cannot be judged has
        none: `SeriesBatch.heed` says why.

    Raises
    ------
    DesignError
        If the settings contradict each other.

    Notes
    -----
    See docs/concepts/changes.md.
    """
    chosen = settings or Detection()
    _check(chosen)
    opened = batch.open_days(as_of=as_of, closed=holidays)
    if not opened.any():
        return ()
    seen, exposure, turned = _arrays(batch, opened)
    widths = np.array(chosen.widths, np.int64)
    rules = _rules(batch.kind, chosen)
    rows, owners = walk_all((seen, exposure, opened.astype(np.float64)), rules, widths)
    last_open = np.array([np.flatnonzero(each)[-1] if each.any() else -1 for each in opened])
    sizes = sizes_of(rows, turned[owners], family=batch.kind, level=chosen.level)
    return tuple(
        _detected(
            batch,
            row,
            size,
            owner=int(owner),
            last_open=int(last_open[owner]),
            turned=bool(turned[owner]),
        )
        for row, owner, size in zip(rows, owners, sizes, strict=True)
    )


def _check(settings: Detection) -> None:
    if not 0 < settings.false_per_series_year <= 1:
        raise DesignError("false changes per series and year must lie in (0, 1]")
    if settings.history < 2 * settings.period:
        raise DesignError("a first baseline needs at least two periods of history")
    if list(settings.widths) != sorted(set(settings.widths)) or settings.widths[0] < 1:
        raise DesignError("widths must be ascending numbers of days, from 1")


def _arrays(
    batch: SeriesBatch, opened: np.ndarray[tuple[int, int], np.dtype[np.bool_]]
) -> tuple[
    np.ndarray[tuple[int, int], np.dtype[np.float64]],
    np.ndarray[tuple[int, int], np.dtype[np.float64]],
    np.ndarray[tuple[int], np.dtype[np.bool_]],
]:
    """Give what is counted and of how many; a share above one half is turned to its complement."""
    seen = np.where(opened, batch.numerator, 0.0)
    if batch.denominator is None:
        return seen, np.ones_like(seen), np.zeros(len(seen), np.bool_)
    exposure = np.where(opened, batch.denominator, 0.0)
    turned = seen.sum(axis=1) > 0.5 * exposure.sum(axis=1)
    seen = np.where(turned[:, None], exposure - seen, seen)
    return seen, np.where(opened, exposure, 1.0), turned


def _rules(family: Family, settings: Detection) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    order = (Family.COUNT, Family.RATIO, Family.VALUE)
    smallest = 0.0 if family is Family.VALUE else 5.0
    floor = 1e-12 if family is Family.VALUE else 1.0
    return np.array(
        [
            order.index(family), settings.period, settings.history, settings.horizon,
            settings.memory, settings.settle, settings.threshold, smallest, floor,
            settings.phases or settings.period,
        ],
        np.float64,
    )  # fmt: skip


def _detected(
    batch: SeriesBatch,
    row: np.ndarray[tuple[int], np.dtype[np.float64]],
    size: Sizes,
    *,
    owner: int,
    last_open: int,
    turned: bool,
) -> Detected:
    settled = batch.day(row[SETTLED]) if row[SETTLED] >= 0 else None
    last = batch.day(row[LAST]) if row[LAST] >= 0 else None
    ended = row[LAST] if last else last_open
    rough = row[VARIED] > 0
    deviate = float(-row[DEVIATE] if turned and not rough else row[DEVIATE])
    kind = _kind(row, deviate=deviate, days=ended - row[BEGAN] + 1)
    return Detected(
        series=owner,
        kind=kind,
        onset=batch.day(row[BEGAN]),
        onset_low=batch.day(row[LOW]),
        onset_high=batch.day(row[HIGH]),
        found=batch.day(row[FOUND]),
        last=last,
        settled=settled,
        ongoing=last is None and settled is None,
        days=size.days,
        size=size,
        deviate=deviate,
        p_value=-expm1(-365.25 * _LOOKS * erfc(abs(deviate) / sqrt(2))),
    )


def _kind(
    row: np.ndarray[tuple[int], np.dtype[np.float64]], *, deviate: float, days: float
) -> ChangeKind:
    if row[VARIED] > 0:
        return ChangeKind.VARIANCE_CHANGE
    if row[RAMP] > 0:
        return ChangeKind.SLOPE_CHANGE
    if row[SETTLED] >= 0 or days >= _LASTING:
        return ChangeKind.LEVEL_SHIFT
    return ChangeKind.SPIKE if deviate > 0 else ChangeKind.DROP

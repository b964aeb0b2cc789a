"""Between which days did a slice part from the rest? A scan over all stretches of days.

Each day so far is known, so that a stretch of weeks is told from the days before and after it; the
detector of `shroff.watch.change_detection` looks from the evening of each day and cannot.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from shroff.watch.daily_series import Floats

__all__ = ["Episode", "Parted", "scan"]

_LENGTHS = (5, 7, 10, 14, 18, 23, 28, 35, 42, 56, 70, 91, 126)
_FEWEST_DAYS, _FEWEST_EVENTS, _OUTSIDE = 21, 25, 10
_REACH = 126
"""Days before and after a stretch that it is held against."""
_LOOKS_A_DAY = 3.0
"""Stretches for each day that are as good as independent ones; see the tests."""
_MEDIAN_CHI2 = 0.4549
_SCALES = (7, 14, 28)
_PROFILE = 1.92
_UNDER = 14
"""Days before a known change that it is held against, at least."""
_WORTH = 0.01
_LEAST_LEFT = 0.05
"""Least that a share's variance is taken to be of a count's."""
_MANY = 8
"""Series from which on months tell what they add to weeks."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parted:
    """Events of slices, and those of the rest that each is held against.

    Parameters
    ----------
    above, below : array, shape (S, T)
        Events of each slice and what they are out of.
    rest_above, rest_below : array, shape (S, T), or None
        The same of the rest; None where there is none, and a slice is held against its own days.
    settled : array of bool, shape (T,)
        Days that are complete.
    marked : tuple of int
        Days on which something is known to have been changed: for these no search is paid for.
    shares : bool
        Whether events are some of what they are out of, so that they vary as a binomial does and
        not as a Poisson count.
    """

    above: Floats
    below: Floats
    rest_above: Floats | None
    rest_below: Floats | None
    settled: NDArray[np.bool_]
    marked: tuple[int, ...] = ()
    shares: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A stretch of days on which a slice parted from the rest.

    Parameters
    ----------
    series : int
        Its row.
    first, last : int
        First and last day.
    first_low, first_high : int
        Days between which the first one lies, with 95%.
    ongoing : bool
        Whether it reaches to the last complete day.
    ratio, ratio_low, ratio_high : float
        Events over those expected, with a 95% interval.
    observed, expected : float
        Events.
    z : float
        How far beyond chance, as a standard normal deviate, over-dispersion taken off.
    p : float
        Chance that a quiet series shows as much anywhere, in [0, 1].
    marked : bool
        Whether it was found at a day on which something was changed.
    """

    series: int
    first: int
    last: int
    first_low: int
    first_high: int
    ongoing: bool
    ratio: float
    ratio_low: float
    ratio_high: float
    observed: float
    expected: float
    z: float
    p: float
    marked: bool = False


def scan(parted: Parted, *, most: int = 3, searched: bool = True) -> tuple[Episode, ...]:
    """Find the stretches that stand out most.

    Parameters
    ----------
    parted : Parted
        The series.
    most : int
        Stretches of one series at most; further ones are looked for in the days left.
    searched : bool
        Whether stretches are searched; otherwise only known changes are held against what was.

    Returns
    -------
    tuple of Episode
        By series, the clearest first; each with its chance, which the caller judges.

    Notes
    -----
    Events in a stretch are held against those expected from the same slice on other days, times
    what the rest did on these days: a ratio of ratios, so that what moves everything moves
    nothing here. The deviate is the signed root of the Poisson likelihood ratio, over the
    over-dispersion at that length (by the median of squared residuals of blocks of one, two and
    four weeks, over all slices) and over the doubt about what was expected. A search over all
    stretches is paid for by three looks a day, which simulation shows to be enough. Kulldorff,
    Communications in Statistics 26 (1997), for the scan.
    """
    days = np.flatnonzero(parted.settled)
    if len(days) < _FEWEST_DAYS or not len(parted.above):
        return ()
    sums = _Sums(parted, days)
    spreads = _spreads(sums)
    found: list[Episode] = []
    free = np.ones((len(parted.above), len(days)), dtype=bool)
    alive = sums.total >= _FEWEST_EVENTS
    marks = [m for day in parted.marked if _UNDER <= (m := _at(days, day)) <= len(days) - 7]
    for turn in range(most if searched else 1):
        if turn and not alive.any():
            break
        z, first, size = _best(sums, spreads, free=free, alive=alive & searched)
        told = alive & (2 * norm.sf(np.abs(z)) * _LOOKS_A_DAY * sums.days < 1)
        known = _at_marks(sums, spreads, marks) if not turn else {}
        for row in sorted({*np.flatnonzero(told).tolist(), *known}):
            one = _Row(sums, spreads, row)
            chosen = _closer(one, int(first[row]), int(size[row])) if told[row] else None
            if row in known and (chosen is None or known[row][1] < chosen.p):
                mark, p = known[row]
                chosen = one.told(mark, sums.days, onset=(mark, mark), p=p, marked=True)
            if chosen is not None:
                found.append(_dated(chosen, days))
                free[row, chosen.first : chosen.last + 1] = False
        alive = alive & told
    return tuple(found)


def _at(days: NDArray[np.intp], day: int) -> int:
    return int(np.searchsorted(days, day))


class _Sums:
    """Running sums over complete days."""

    def __init__(self, parted: Parted, days: NDArray[np.intp]) -> None:
        def running(table: Floats) -> Floats:
            sums: Floats = np.zeros((len(table), len(days) + 1))
            np.cumsum(table[:, days], axis=1, out=sums[:, 1:])
            return sums

        self.days = len(days)
        self.above, self.below = running(parted.above), running(parted.below)
        self.total: Floats = self.above[:, -1]
        self.left: Floats = np.ones(len(self.total))
        if parted.shares:
            with np.errstate(divide="ignore", invalid="ignore"):
                left = 1 - self.total / self.below[:, -1]
            self.left = np.clip(np.nan_to_num(left, nan=1.0), _LEAST_LEFT, 1.0)
        self.rested = parted.rest_above is not None
        if parted.rest_above is not None and parted.rest_below is not None:
            self.rest_above = running(parted.rest_above)
            self.rest_below = running(parted.rest_below)

    def of(self, rows: NDArray[np.intp]) -> _Sums:
        """Give those of some series."""
        part = object.__new__(_Sums)
        part.days, part.rested = self.days, self.rested
        names = (
            "above",
            "below",
            "total",
            "left",
            *(("rest_above", "rest_below") if self.rested else ()),
        )
        for name in names:
            setattr(part, name, getattr(self, name)[rows])
        return part

    def spread(self, spreads: Floats, size: int) -> Floats:
        """Give by how much events of a stretch vary, as a multiple of a count's variance."""
        return _spread_at(spreads, size) * self.left

    def expected(
        self, first: int, last: int, *, reach: int = _REACH
    ) -> tuple[Floats, Floats, Floats]:
        """Give events of a stretch, those expected, and the variance of the log of the latter."""
        low, high = max(0, first - reach), min(self.days, last + reach)

        def apart(sums: Floats) -> tuple[Floats, Floats]:
            inside = sums[:, last] - sums[:, first]
            return inside, sums[:, high] - sums[:, low] - inside

        seen, elsewhere = apart(self.above)
        base, other = apart(self.below)
        with np.errstate(divide="ignore", invalid="ignore"):
            want = base * (elsewhere + 0.5) / other
            doubt = 1 / (elsewhere + 0.5)
            if self.rested:
                rest, rest_elsewhere = apart(self.rest_above)
                rest_base, rest_other = apart(self.rest_below)
                want = want * ((rest + 0.5) / rest_base) / ((rest_elsewhere + 0.5) / rest_other)
                doubt = doubt + 1 / (rest + 0.5) + 1 / (rest_elsewhere + 0.5)
        good = np.isfinite(want) & (want > 0) & (elsewhere >= _OUTSIDE)
        return seen, np.where(good, want, np.nan), doubt


def _deviate(seen: Floats, want: Floats, doubt: Floats, *, spread: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(seen > 0, seen * np.log(seen / want), 0.0)
        root = np.sqrt(np.maximum(2 * (logs - (seen - want)), 0.0)) * np.sign(seen - want)
        z: Floats = root / np.sqrt(spread * (1 + want * doubt))
    return z


def _spreads(sums: _Sums) -> Floats:
    """Tell over-dispersion of each series at each scale, shape (S, 3), at least 1."""
    # a series' own is told from its weeks; what months add only many series can tell: a change
    # that lasts is most of a series' own months
    alive = sums.total >= _FEWEST_EVENTS
    weekly, shared = _squares(sums, _SCALES[0], alive=alive)
    own: Floats = np.ones((len(sums.total), len(_SCALES)))
    own[alive, 0] = np.maximum((weekly + shared) / 2, shared)
    grown = 1.0
    for place, size in enumerate(_SCALES[1:], start=1):
        if alive.sum() >= _MANY:
            grown = max(grown, _squares(sums, size, alive=alive)[1] / shared)
        own[:, place] = own[:, 0] * grown
    rising: Floats = np.maximum(own, 1.0)
    return rising


def _squares(sums: _Sums, size: int, *, alive: NDArray[np.bool_]) -> tuple[Floats, float]:
    """Give the median squared residual of blocks beside their neighbours: of each series, of all."""
    squares = []
    for first in range(sums.days % size, sums.days - size + 1, size):
        seen, want, doubt = sums.expected(first, first + size, reach=size)
        with np.errstate(divide="ignore", invalid="ignore"):
            usual = (want + want**2 * doubt) * sums.left
            squares.append(((seen - want) ** 2 / usual)[alive])
    table = np.array(squares)
    table = np.where(np.isfinite(table), table, 1.0) / _MEDIAN_CHI2
    if not table.size:
        return np.ones(int(alive.sum())), 1.0
    # a median of few squares scatters: each is drawn half way to what all series say
    return np.median(table, axis=0), max(float(np.median(table)), 1.0)


def _spread_at(spreads: Floats, size: int) -> Floats:
    log = np.log(np.array(_SCALES, dtype=float))
    at = float(np.clip(np.interp(np.log(size), log, np.arange(len(_SCALES))), 0, 2))
    low = int(at)
    high = min(low + 1, len(_SCALES) - 1)
    mixed: Floats = spreads[:, low] * (1 - at + low) + spreads[:, high] * (at - low)
    return mixed


def _best(
    sums: _Sums, spreads: Floats, *, free: NDArray[np.bool_], alive: NDArray[np.bool_]
) -> tuple[Floats, Ints, Ints]:
    """Find the stretch of each series whose deviate is largest, among days that are free."""
    whole, rows = len(sums.total), np.flatnonzero(alive)
    sums, spreads, free = sums.of(rows), spreads[rows], free[rows]
    size = len(rows)
    best: Floats = np.zeros(size)
    where, wide = np.zeros(size, np.int64), np.zeros(size, np.int64)
    taken = np.zeros((size, sums.days + 1), np.int64)
    np.cumsum(~free, axis=1, out=taken[:, 1:])
    for first in range(_UNDER, sums.days - _LENGTHS[0] + 1):
        lengths = [n for n in _LENGTHS if first + n < sums.days and n <= sums.days // 2]
        for length in (*lengths, sums.days - first):
            last = first + length
            z = _deviate(*sums.expected(first, last), spread=sums.spread(spreads, length))
            open_ = taken[:, last] == taken[:, first]
            better = open_ & (np.nan_to_num(np.abs(z)) > np.abs(best))
            best[better], where[better], wide[better] = z[better], first, length
    told = (np.zeros(whole), np.zeros(whole, np.int64), np.zeros(whole, np.int64))
    for table, found in zip(told, (best, where, wide), strict=True):
        table[rows] = found
    return told


def _closer(one: _Row, first: int, size: int) -> Episode:
    """Look more closely around the best stretch of one series."""
    whole = one.days
    ends = [first + size] if first + size == whole else _near(first + size, whole, 4)
    tried = [
        (abs(one.z(a, b)), a, b)
        for a in _near(first, whole - 3, 4)
        if a >= _UNDER
        for b in ends
        if _LENGTHS[0] <= b - a < whole - 2
    ]
    most, first, last = max(tried)
    p = min(1.0, 2 * float(norm.sf(most)) * _LOOKS_A_DAY * whole)
    return one.told(first, last, onset=one.onset(first, last), p=p, marked=False)


def _near(place: int, highest: int, reach: int) -> range:
    return range(max(place - reach, 0), min(place + reach, highest) + 1)


class _Row:
    """One series of a batch, looked at closely."""

    def __init__(self, sums: _Sums, spreads: Floats, row: int) -> None:
        self.row, self.spreads, self.days = row, spreads[row : row + 1], sums.days
        self.sums = sums.of(np.array([row]))

    def z(self, first: int, last: int) -> float:
        spread = self.sums.spread(self.spreads, last - first)
        return float(np.nan_to_num(_deviate(*self.sums.expected(first, last), spread=spread)[0]))

    def onset(self, first: int, last: int) -> tuple[int, int]:
        """Give the first days that are nearly as likely, the last day being given."""
        best = self.z(first, last) ** 2 / 2
        tried = range(max(first - 14, _UNDER), min(first + 14, last - 2) + 1)
        near = [a for a in tried if self.z(a, last) ** 2 / 2 >= best - _PROFILE]
        return min(near, default=first), max(near, default=first)

    def told(
        self, first: int, last: int, *, onset: tuple[int, int], p: float, marked: bool
    ) -> Episode:
        seen, want, doubt = (float(each[0]) for each in self.sums.expected(first, last))
        spread = float(self.sums.spread(self.spreads, last - first)[0])
        ratio = (seen + 0.5) / (want + 0.5)
        reach = 1.96 * float(np.sqrt(spread * (1 / (seen + 0.5) + doubt)))
        return Episode(
            series=self.row,
            first=first,
            last=last - 1,
            first_low=onset[0],
            first_high=onset[1],
            ongoing=last >= self.days,
            ratio=ratio,
            ratio_low=ratio * float(np.exp(-reach)),
            ratio_high=ratio * float(np.exp(reach)),
            observed=seen,
            expected=want,
            z=self.z(first, last),
            p=p,
            marked=marked,
        )


def _at_marks(sums: _Sums, spreads: Floats, marks: list[int]) -> dict[int, tuple[int, float]]:
    """Hold the days after each known change, to the end, against those before it."""
    found: dict[int, tuple[int, float]] = {}
    for mark in marks:
        spread = sums.spread(spreads, sums.days - mark)
        z = np.nan_to_num(_deviate(*sums.expected(mark, sums.days), spread=spread))
        chance = np.minimum(2 * norm.sf(np.abs(z)) * len(marks), 1.0)
        for row in np.flatnonzero((chance < _WORTH) & (sums.total >= _FEWEST_EVENTS)):
            if int(row) not in found or chance[row] < found[int(row)][1]:
                found[int(row)] = (mark, float(chance[row]))
    return found


def _dated(episode: Episode, days: NDArray[np.intp]) -> Episode:
    """Turn places among complete days into days of the series."""
    return replace(
        episode,
        first=int(days[episode.first]),
        last=int(days[episode.last]),
        first_low=int(days[episode.first_low]),
        first_high=int(days[episode.first_high]),
    )

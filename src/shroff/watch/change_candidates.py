"""From series by day to what changed in each: by the detector, and by a scan of all stretches."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from shroff.domain.slices import Slice
from shroff.watch.change_detection import Detected, SeriesBatch, detect
from shroff.watch.daily_gathering import Daily
from shroff.watch.daily_series import DailyBlock, Floats
from shroff.watch.episode_scan import Episode, Parted, scan
from shroff.watch.logged_changes import LoggedChange
from shroff.watch.scoped_changes import ScopedBlock
from shroff.watch.watched_metrics import ACTED, FIRST_REVIEWED, OVERTURNED, TRAFFIC

__all__ = ["FALSE_A_RUN", "Candidate", "candidates"]

_FEWEST = 60
"""Events of a series, and of its rest, without which it is not looked at."""
FALSE_A_RUN = 0.1
"""False changes that the scan of stretches may raise in one look at all series."""
_SHARED_SCOPES = ("policy", "policy_family")
_BY_EXPOSURE = ("violating_impression_share",)
_REVIEWED = (FIRST_REVIEWED, OVERTURNED)
_TOLD_TO_REVIEWERS = frozenset({"guideline", "staffing"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A change of one series.

    Parameters
    ----------
    metric : str
        Its metric.
    slice : Slice
        Its slice.
    kind : str
        ``spike``, ``drop``, ``level_shift`` or ``passing`` (a level that came and went).
    onset, onset_low, onset_high : date
        First day, and the days between which it lies with 95%.
    last : date or None
        Last day; None where it goes on.
    ratio, ratio_low, ratio_high : float
        Observed over expected, with a 95% interval.
    observed, expected : float
        Events.
    z : float
        How far beyond chance, as a standard normal deviate; negative for a fall.
    p : float
        Chance that so many quiet series show as much.
    by : str
        ``detector`` or ``scan``.
    against : str
        What it is held against: ``rest`` or ``before``.
    marked : bool
        Whether it was found at a day on which the log says that something was changed.
    """

    metric: str
    slice: Slice
    kind: str
    onset: date
    onset_low: date
    onset_high: date
    last: date | None
    ratio: float
    ratio_low: float
    ratio_high: float
    observed: float
    expected: float
    z: float
    p: float
    by: str
    against: str
    marked: bool = False


def candidates(
    daily: Daily,
    *,
    logged: Sequence[LoggedChange] = (),
    holidays: Collection[date] = (),
    scoped: Sequence[ScopedBlock] = (),
    allowed: float = FALSE_A_RUN,
) -> tuple[tuple[Candidate, ...], int]:
    """Find what changed in each series.

    Parameters
    ----------
    daily : Daily
        The series.
    logged : sequence of LoggedChange
        The log of changes: its days are looked at without paying for a search. What only reviewers
        are told of (guidelines, staffing) is no reason for the machine to change.
    holidays : collection of date
        Days that all markets rest: neither judged nor learnt from.
    scoped : sequence of ScopedBlock
        Series of what logged changes name: each is looked at from its change on only, so that few
        series pay for themselves.
    allowed : float
        False changes that the scan of stretches may raise in one look at all series, and the look at
        logged changes as many; the detector raises one in a hundred years of a series.

    Returns
    -------
    tuple of Candidate, int
        The changes that chance does not explain, the number of series being paid for; and how
        many series were looked at.
    """
    looked = [(block, _alive(block)) for block in daily.blocks if _is_told(block)]
    series = sum(len(places) for _, places in looked)
    found: list[Candidate] = []
    for block, places in looked:
        if not len(places):
            continue
        if _is_scanned(block):
            marked = _marks(block.metric, logged)
            found += _scanned(block, places, marked=marked, count=(series, allowed))
        else:
            found += _detected(block, places, holidays=holidays, series=series)
    return tuple(found + _since(scoped, allowed=allowed)), series


def _marks(metric: str, logged: Sequence[LoggedChange]) -> list[date]:
    """Name the days of changes that can move a metric."""
    return [
        each.day for each in logged if metric in _REVIEWED or each.kind not in _TOLD_TO_REVIEWERS
    ]


def _since(scoped: Sequence[ScopedBlock], *, allowed: float) -> list[Candidate]:
    """Hold what a logged change names against the days before it, group by group."""
    looked = [(each, _alive(each.block)) for each in scoped]
    series = sum(len(places) for _, places in looked)
    found: list[Candidate] = []
    for each, places in looked:
        if len(places):
            how = {"marked": [each.change.day], "count": (series, allowed)}
            found += _scanned(each.block, places, searched=False, **how)  # type: ignore[arg-type]
    return found


def _is_told(block: DailyBlock) -> bool:
    """Leave out what another series tells better: of a policy, all actions together are enough."""
    if block.metric in _BY_EXPOSURE:  # few ads have most of what is seen: a slice is noise
        return not block.dimensions
    return not set(block.dimensions) & {*_SHARED_SCOPES} or block.metric in {ACTED, *_REVIEWED}


def _is_scanned(block: DailyBlock) -> bool:
    """Tell whether stretches are searched: rates of slices, which the rest can be held against."""
    return block.below is not None and bool(block.dimensions) and block.metric != TRAFFIC


def _alive(block: DailyBlock) -> np.ndarray:
    """Name the slices with enough events, on both sides of a share."""
    above = block.above.sum(axis=1)
    least = above
    if block.below is not None:
        least = np.minimum(above, (block.below - block.above).sum(axis=1))
    told = [all(v is not None for _, v in part.terms) for part in block.slices]
    named = np.array(told, dtype=bool)
    return np.flatnonzero((least >= _FEWEST) & named)


def _rest(block: DailyBlock) -> tuple[Floats, Floats] | None:
    """Give the rest: other policies of the same slice, other groups of the same policy family."""
    if block.below is None or not block.dimensions or block.metric == TRAFFIC:
        return None
    scope: Sequence[str] = ()
    if len(block.dimensions) > 1:
        scope = [name for name in block.dimensions if name != "policy"]
        if "policy_family" in block.dimensions:
            scope = ["policy_family"]
    keys = [tuple(dict(part.terms)[name] for name in scope) for part in block.slices]
    places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    group = np.array([places[key] for key in keys])
    sums = []
    for table in (block.above, block.below):
        whole = np.zeros((len(places), table.shape[1]))
        np.add.at(whole, group, table)
        sums.append(whole[group] - table)
    return sums[0], sums[1]


def _scanned(
    block: DailyBlock,
    places: np.ndarray,
    *,
    marked: Sequence[date],
    count: tuple[int, float],
    searched: bool = True,
) -> list[Candidate]:
    if block.below is None:
        return []
    series, most = count
    rest = _rest(block)
    settled = block.complete >= 0.95
    if rest is not None:
        places = places[rest[0][places].sum(axis=1) >= _FEWEST]
    parted = Parted(
        above=block.above[places],
        below=block.below[places],
        rest_above=None if rest is None else rest[0][places],
        rest_below=None if rest is None else rest[1][places],
        settled=settled,
        marked=tuple(
            place
            for day in dict.fromkeys(marked)
            if 0 <= (place := (day - block.first).days) < len(settled)
        ),
        shares=block.metric in _REVIEWED,
    )
    against = "before" if rest is None else "rest"
    return [
        _of_episode(block, int(places[each.series]), each, series=series, against=against)
        for each in scan(parted, searched=searched)
        if each.p * series <= most
    ]


def _of_episode(
    block: DailyBlock, place: int, found: Episode, *, series: int, against: str
) -> Candidate:
    def day(number: int) -> date:
        return block.first + timedelta(days=number)

    return Candidate(
        metric=block.metric,
        slice=block.slices[place],
        kind="level_shift" if found.ongoing else "passing",
        onset=day(found.first),
        onset_low=day(found.first_low),
        onset_high=day(found.first_high),
        last=None if found.ongoing else day(found.last),
        ratio=found.ratio,
        ratio_low=found.ratio_low,
        ratio_high=found.ratio_high,
        observed=found.observed,
        expected=found.expected,
        z=found.z,
        p=min(found.p * series, 1.0),
        by="scan",
        against=against,
        marked=found.marked,
    )


def _detected(
    block: DailyBlock, places: np.ndarray, *, holidays: Collection[date], series: int
) -> Iterable[Candidate]:
    below = None if block.below is None else block.below[places]
    above = block.above[places]
    batch = SeriesBatch(
        numerator=above if below is None else np.minimum(above, below),
        denominator=below,
        first_day=block.first,
        complete=block.complete >= 0.95,
    )
    return [
        _of_detected(block, int(places[each.series]), each, series=series)
        for each in detect(batch, holidays=holidays)
    ]


def _of_detected(block: DailyBlock, place: int, found: Detected, *, series: int) -> Candidate:
    size = found.size
    ratio = size.ratio if size.ratio is not None else float("nan")
    return Candidate(
        metric=block.metric,
        slice=block.slices[place],
        kind=str(found.kind),
        onset=found.onset,
        onset_low=found.onset_low,
        onset_high=found.onset_high,
        last=found.last,
        ratio=ratio,
        ratio_low=size.ratio_low if size.ratio_low is not None else float("nan"),
        ratio_high=size.ratio_high if size.ratio_high is not None else float("nan"),
        observed=size.observed,
        expected=size.expected,
        z=found.deviate,
        p=min(found.p_value * series, 1.0),
        by="detector",
        against="before",
    )

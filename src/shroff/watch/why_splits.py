"""What each value, and each slice that moved, adds to a change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from shroff.domain.slices import Slice
from shroff.stats.dense import Flags, Ints
from shroff.stats.proportions import Floats
from shroff.watch.decomposition import Observed, Parts, decompose, within_groups
from shroff.watch.why_cells import Searched
from shroff.watch.why_findings import Cause, Contribution, Moved, Split, SplitPart
from shroff.watch.why_logs import TwoPeriods

__all__ = ["Totals", "causes_of", "splits_of", "totals_of"]

_MOST_PARTS = 12
_NORMAL = NormalDist()
_HELD = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """A figure in two periods.

    Parameters
    ----------
    before, after : float
        The figure.
    change : Contribution
        By how much it changed.
    n_before, n_after : int
        Ads or labels.
    """

    before: float
    after: float
    change: Contribution
    n_before: int
    n_after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Adding:
    """How contributions of groups are found: of a ratio, or of a count."""

    periods: TwoPeriods
    ratio: bool
    length: float
    level: float

    def parts(self, group: Ints, groups: int, *, scale: float) -> list[SplitPart]:
        """Give what each group adds; of a count, beyond what it held before times scale."""
        if self.ratio:
            found = decompose(self.periods.observed, group, groups=groups)
            return [self._of_ratio(found, g) for g in range(groups)]
        return self._of_counts(group, groups, scale=scale)

    def _of_ratio(self, found: Parts, g: int) -> SplitPart:
        def told(values: Floats, errors: Floats) -> Contribution:
            low, high = found.ends(values, errors, level=self.level)
            return Contribution(float(values[g]), float(low[g]), float(high[g]))

        def known(value: float) -> float | None:
            return None if np.isnan(value) else float(value)

        return SplitPart(
            value=None,
            others=0,
            before=known(found.before[g]),
            after=known(found.after[g]),
            share_before=float(found.share_before[g]),
            share_after=float(found.share_after[g]),
            n_before=int(found.n_before[g]),
            n_after=int(found.n_after[g]),
            rate=told(found.rate, found.rate_error),
            mix=told(found.mix, found.mix_error),
            total=told(found.total, found.error),
        )

    def _of_counts(self, group: Ints, groups: int, *, scale: float) -> list[SplitPart]:
        before, after = _by_period(self.periods.observed, group, groups)
        added = after - scale * before
        reach = _quantile(self.level) * np.sqrt(
            self.dispersion() * (after + scale**2 * before + 0.5)
        )
        whole = np.maximum([before.sum(), after.sum()], np.finfo(float).tiny)
        return [
            SplitPart(
                value=None,
                others=0,
                before=float(self.length * before[g]),
                after=float(after[g]),
                share_before=float(before[g] / whole[0]),
                share_after=float(after[g] / whole[1]),
                n_before=int(before[g]),
                n_after=int(after[g]),
                rate=None,
                mix=None,
                total=Contribution(
                    float(added[g]), float(added[g] - reach[g]), float(added[g] + reach[g])
                ),
            )
            for g in range(groups)
        ]

    def dispersion(self) -> float:
        """Say how much more than chance single values of dimensions stray, at least 1."""
        strayed: list[Floats] = []
        for column in self.periods.codes.T:
            groups = int(column.max(initial=0)) + 1
            before, after = _by_period(self.periods.observed, column.astype(np.intp), groups)
            scale = after.sum() / max(before.sum(), 1e-9)
            expected = scale * before
            held = (expected >= _HELD) & (after >= _HELD)
            variance = after[held] + scale * expected[held]
            strayed.append((after[held] - expected[held]) ** 2 / variance)
        found = np.concatenate(strayed or [np.empty(0)])
        return max(1.0, float(np.quantile(found, 0.25)) / 0.1015) if len(found) >= 8 else 1.0


def _quantile(level: float) -> float:
    return _NORMAL.inv_cdf(0.5 + level / 2)


def _by_period(observed: Observed, group: Ints, groups: int) -> tuple[Floats, Floats]:
    at = observed.later * groups + group
    found = np.bincount(at, observed.total * observed.above, minlength=2 * groups)
    return found[:groups].astype(float), found[groups:].astype(float)


def totals_of(periods: TwoPeriods, *, ratio: bool, length: float, level: float) -> Totals:
    """Give the figure of both periods.

    Parameters
    ----------
    periods : TwoPeriods
        What they are made of.
    ratio : bool
        Whether the metric is a ratio.
    length : float
        Days of the later period over days of the earlier.
    level : float
        Coverage of the interval.

    Returns
    -------
    Totals
        The figures, and the change with its interval.
    """
    everything = np.zeros(len(periods.codes), np.intp)
    if not ratio:
        adding = _Adding(periods=periods, ratio=False, length=length, level=level)
        (part,) = adding.parts(everything, 1, scale=length)
        return Totals(
            before=part.before or 0.0,
            after=part.after or 0.0,
            change=part.total,
            n_before=part.n_before,
            n_after=part.n_after,
        )
    found = decompose(periods.observed, everything, groups=1)
    reach = _quantile(level) * found.overall_error
    return Totals(
        before=found.overall[0],
        after=found.overall[1],
        change=Contribution(found.change, found.change - reach, found.change + reach),
        n_before=int(found.n_before[0]),
        n_after=int(found.n_after[0]),
    )


def splits_of(
    periods: TwoPeriods, totals: Totals, *, ratio: bool, length: float, level: float
) -> tuple[Split, ...]:
    """Split a change over the values of each dimension.

    Parameters
    ----------
    periods, ratio, length, level
        As for `totals_of`.
    totals : Totals
        The figures of both periods.

    Returns
    -------
    tuple of Split
        One a dimension, in their order.
    """
    adding = _Adding(periods=periods, ratio=ratio, length=length, level=level)
    return tuple(
        _split(adding, place, name, totals=totals) for place, name in enumerate(periods.columns)
    )


def _split(adding: _Adding, place: int, name: str, *, totals: Totals) -> Split:
    group = adding.periods.codes[:, place].astype(np.intp)
    words = adding.periods.words[place]
    to, kept = _largest(adding.periods.observed, group, len(words), totals=totals)
    groups = len(kept) + (len(kept) < len(words))
    parts = adding.parts(to[group], groups, scale=adding.length)
    named = [_named(part, words[code], 0) for part, code in zip(parts, kept, strict=False)]
    named.sort(key=lambda part: -abs(part.total.value))
    named += [_named(part, None, len(words) - len(kept)) for part in parts[len(kept) :]]
    within = None
    if adding.ratio:
        value, error = within_groups(adding.periods.observed, group, groups=len(words))
        reach = _quantile(adding.level) * error
        within = Contribution(value, value - reach, value + reach)
    return Split(
        dimension=name,
        within=within,
        parts=tuple(named),
        reversed=within is not None
        and within.sure
        and totals.change.sure
        and within.value * totals.change.value < 0,
    )


def _named(part: SplitPart, value: str | None, others: int) -> SplitPart:
    return SplitPart(
        value=value,
        others=others,
        before=part.before,
        after=part.after,
        share_before=part.share_before,
        share_after=part.share_after,
        n_before=part.n_before,
        n_after=part.n_after,
        rate=part.rate,
        mix=part.mix,
        total=part.total,
    )


def _largest(
    observed: Observed, group: Ints, groups: int, *, totals: Totals
) -> tuple[Ints, list[int]]:
    """Keep the values that add most, and put the others together."""
    if groups <= _MOST_PARTS:
        return np.arange(groups), list(range(groups))
    above = np.stack(_by_period(observed, group, groups))
    at = observed.later * groups + group
    below = np.bincount(at, observed.total, minlength=2 * groups).reshape(2, groups)
    whole = below.sum(axis=1)[:, None]
    shares = (above - (totals.before + totals.after) / 2 * below) / whole
    if observed.above.all():
        shares = above / 1.0
    added = np.abs(shares[1] - shares[0])
    kept = np.argsort(-added)[: _MOST_PARTS - 1]
    to = np.full(groups, len(kept))
    to[kept] = np.arange(len(kept))
    return to, [int(code) for code in kept]


def causes_of(
    periods: TwoPeriods,
    searched: Searched,
    totals: Totals,
    *,
    ratio: bool,
    length: float,
    level: float,
) -> tuple[tuple[Cause, ...], int]:
    """Say what each slice that moved adds, and which are worth telling.

    Parameters
    ----------
    periods, ratio, length, level
        As for `totals_of`.
    searched : Searched
        The slices found.
    totals : Totals
        The figures of both periods.

    Returns
    -------
    tuple of Cause, int
        Slices that add at least a fiftieth of the change, surely, the largest first; and how many
        further slices moved.
    """
    group, moved = _apart(periods, searched)
    adding = _Adding(periods=periods, ratio=ratio, length=length, level=level)
    parts = adding.parts(group, len(moved) + 1, scale=length * (1 if ratio else searched.factor))
    causes = [
        _cause(periods, each, part, change=totals.change.value)
        for each, part in zip(moved, parts, strict=False)
    ]
    size = max([abs(totals.change.value), *(abs(c.total.value) for c in causes)])
    told = [c for c in causes if c.total.sure and abs(c.total.value) >= size / 50]
    told.sort(key=lambda cause: -abs(cause.total.value))
    return tuple(told[:_MOST_PARTS]), len(causes) - len(told[:_MOST_PARTS])


Found = tuple[tuple[tuple[int, int], ...], Moved, float]


def _apart(periods: TwoPeriods, searched: Searched) -> tuple[Ints, list[Found]]:
    """Give each row the first slice that holds it, or none; slices left without rows go."""
    group = np.full(len(periods.codes), len(searched.found), np.intp)
    free: Flags = np.ones(len(group), bool)
    moved: list[Found] = []
    for found in searched.found:
        inside = free.copy()
        for d, code in found[0]:
            inside &= periods.codes[:, d] == code
        if inside.any():
            group[inside] = len(moved)
            free &= ~inside
            moved.append(found)
    group[free] = len(moved)
    return group, moved


def _cause(periods: TwoPeriods, found: Found, part: SplitPart, *, change: float) -> Cause:
    terms, moved, gain = found
    named: Sequence[tuple[str, str | None]] = [
        (periods.columns[d], periods.words[d][code]) for d, code in terms
    ]
    return Cause(
        slice=Slice(tuple(named)),
        moved=moved,
        before=part.before,
        after=part.after,
        share_before=part.share_before,
        share_after=part.share_after,
        n_before=part.n_before,
        n_after=part.n_after,
        rate=part.rate,
        mix=part.mix,
        total=part.total,
        share=part.total.value / change if change else 0.0,
        gain=gain,
    )

"""Which of two versions is better, judged on the same ads?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import bdtr, ndtr, ndtri

from shroff.errors import DesignError
from shroff.stats.clusters import LabelRows, clustered_ratios_many
from shroff.stats.dense import Flags, Ints, add_up, divide
from shroff.stats.estimate import Estimates
from shroff.stats.paired_doubt import PairedLabels, covariance
from shroff.stats.proportions import Floats, require_level
from shroff.stats.sampling import Cells, Ratio, Strata, ratios_many

__all__ = ["METRICS", "Comparison", "compare_paired", "mcnemar", "move", "read_off"]

METRICS = ("recall", "precision", "fpr")
"""What is compared of two ways to act on ads."""

_BAD, _FIRST, _SECOND = 4, 2, 1
_CODES = np.arange(8)
_KNOWN = _CODES & 3
_IS_BAD, _IS_FIRST, _IS_SECOND = (_CODES & bit > 0 for bit in (_BAD, _FIRST, _SECOND))
_HALF = 0.5
_WAYS = np.array([_BAD | _FIRST, _BAD | _SECOND, _BAD | _FIRST | _SECOND])
_TRACE = 1e-9  # of a label: enough to be possible


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One metric of two versions, in every slice.

    Parameters
    ----------
    metric : str
        One of `METRICS`.
    first, second : Estimates
        Each version's figure.
    difference : Estimates
        Second minus first, on the same ads; ``n`` counts the labels where they differ.
    p : array of shape (groups,)
        Two-sided p-value; NaN where there is no label in a denominator.
    exact : array of bool, shape (groups,)
        The p-value is McNemar's exact one.
    """

    metric: str
    first: Estimates
    second: Estimates
    difference: Estimates
    p: Floats
    exact: Flags


def compare_paired(
    labels: PairedLabels,
    *,
    first: Flags,
    second: Flags,
    group: Ints,
    groups: int,
    level: float = 0.95,
) -> tuple[Comparison, ...]:
    """Compare recall, precision and false-positive rate of two versions on the same ads.

    Parameters
    ----------
    labels : PairedLabels
        Labelled ads.
    first, second : array of bool, shape (k,)
        Each version acts on the ad.
    group : array of int, shape (k,)
        Slice of each label; -1 outside.
    groups : int
        Number of slices.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    tuple of Comparison
        In the order of `METRICS`.

    Raises
    ------
    DesignError
        If the level is not one.

    Notes
    -----
    Of two recalls, ads on which the versions agree cancel. The difference is the share gained (the
    second alone catches) less the share lost. Each gets the interval of
    `shroff.stats.sampling.ratios`, which holds for a handful of labels at unequal weights and
    for clusters, and the two are joined by MOVER with their correlation (Zou, Psychological Methods
    12, 2007). Precisions have different denominators: their own two intervals are joined, with the
    correlation of their linearised residuals, to which half a label is added for each way to
    differ. Where the ads on which versions differ all have one weight, and nothing comes in
    clusters, the p-value is McNemar's exact one; elsewhere it is read off the interval.
    """
    require_level(level)
    cell = _BAD * labels.bad + _FIRST * first + _SECOND * second
    work = _Work(labels, cell.astype(np.intp), group, groups, level)
    return (
        work.of_class("recall", _IS_BAD),
        work.precision(),
        work.of_class("fpr", ~_IS_BAD),
    )


def mcnemar(gained: Floats, lost: Floats) -> Floats:
    """Say how surprising the labels are on which two versions differ, if both are as good.

    Parameters
    ----------
    gained, lost : array
        Labels that the second alone, and the first alone, gets right; equally weighted.

    Returns
    -------
    array
        Exact two-sided p-values; 1 where nothing differs.

    References
    ----------
    McNemar, Psychometrika 12 (1947); ``gained ~ Binomial(gained + lost, 1/2)``.

    Examples
    --------
    >>> mcnemar(np.array([8.0, 0.0]), np.array([1.0, 0.0])).round(6).tolist()
    [0.039062, 1.0]
    """
    whole = gained + lost
    fewer = np.minimum(gained, lost)
    tail = np.asarray(bdtr(fewer, np.maximum(whole, 1).astype(np.int64), 0.5), dtype=np.float64)
    p: Floats = np.where(whole > 0, np.minimum(2 * tail, 1.0), 1.0)
    return p


@dataclass(frozen=True, slots=True)
class _Work:
    labels: PairedLabels
    cell: Ints
    group: Ints
    groups: int
    level: float

    def shares(self, wanted: Sequence[Ratio]) -> tuple[Estimates, ...]:
        """Estimate shares under the design."""
        labels = self.labels
        size = len(labels.kind)
        held = np.bincount(labels.stratum, minlength=size).astype(np.float64)
        ads = add_up(labels.stratum, labels.w, size=size)
        strata = Strata(kind=labels.kind, population=ads, labels=held)
        if labels.cluster is not None:
            # without known classes: a way to differ that no cluster shows can still turn up
            rows = LabelRows(
                group=self.group,
                stratum=labels.stratum,
                cluster=labels.cluster,
                cell=self.cell,
                w=labels.weight,
            )
            return clustered_ratios_many(
                rows, strata, metrics=wanted, groups=self.groups, level=self.level
            )
        found = ratios_many(
            self._cells(), strata, metrics=wanted, groups=self.groups + 1, level=self.level
        )
        return tuple(each.part(0, self.groups) for each in found)

    def _cells(self) -> Cells:
        """Give the labels, and in a slice of its own what could have turned up beside them."""
        # a way to differ that no label of a stratum shows is not impossible there, if a version
        # acts there at all
        labels, inside = self.labels, self.group >= 0
        acted = np.unique(labels.stratum[inside & (_KNOWN[self.cell] > 0)])
        more = np.repeat(acted, len(_WAYS))
        n, weight = int(inside.sum()), labels.weight[inside]
        own = np.maximum(labels.w[inside], 1.0) if labels.share is not None else weight
        own = np.where(own > 0, own, 1.0)
        return Cells(
            group=np.concatenate([self.group[inside], np.full(len(more), self.groups)]),
            stratum=np.concatenate([labels.stratum[inside], more]),
            cell=np.concatenate([self.cell[inside], np.tile(_WAYS, len(acted))]),
            n=np.concatenate([np.ones(n), np.full(len(more), _TRACE)]),
            w=np.concatenate([weight, np.zeros(len(more))]),
            # a draw's own chance, and not the share it counts with, tells what is left to chance
            w2=np.concatenate([weight**2 * (1 - 1 / own) + weight, np.zeros(len(more))]),
            known=_KNOWN,
        )

    def of_class(self, metric: str, able: Flags) -> Comparison:
        """Compare which share of the violating, or of the compliant, ads is acted on."""
        gained = Ratio(numerator=able & _IS_SECOND & ~_IS_FIRST, denominator=able)
        lost = Ratio(numerator=able & _IS_FIRST & ~_IS_SECOND, denominator=able)
        own = [Ratio(numerator=able & acts, denominator=able) for acts in (_IS_FIRST, _IS_SECOND)]
        one, two, gain, loss = self.shares([*own, gained, lost])
        tied = self.correlation(gained, lost, gain=gain, loss=loss)
        found = move(loss, gain, tied=np.minimum(tied, 0.0))
        found = replace(found, n=self._count(gained) + self._count(lost))
        exact, p = self._p(found, gained, lost)
        return Comparison(metric=metric, first=one, second=two, difference=found, p=p, exact=exact)

    def precision(self) -> Comparison:
        """Compare which share of the ads acted on violates."""
        wanted = [
            Ratio(numerator=acts & _IS_BAD, denominator=acts) for acts in (_IS_FIRST, _IS_SECOND)
        ]
        one, two = self.shares(wanted)
        tied = self.correlation(*wanted, gain=one, loss=two)
        found = move(one, two, tied=tied)
        differ = Ratio(numerator=_IS_FIRST ^ _IS_SECOND, denominator=_IS_FIRST | _IS_SECOND)
        known = np.isfinite(found.value)
        found = replace(found, n=np.where(known, self._count(differ), 0))
        return Comparison(
            metric="precision",
            first=one,
            second=two,
            difference=found,
            p=read_off(found),
            exact=np.zeros(self.groups, dtype=bool),
        )

    def _count(self, ratio: Ratio) -> Ints:
        hit = (self.group >= 0) & ratio.numerator[self.cell]
        return np.bincount(self.group[hit], minlength=self.groups)

    def _p(self, found: Estimates, gained: Ratio, lost: Ratio) -> tuple[Flags, Floats]:
        """Give McNemar's p-value where labels allow it, and the interval's elsewhere."""
        exact = self._even() & np.isfinite(found.value)
        counts = (self._count(gained).astype(np.float64), self._count(lost).astype(np.float64))
        return exact, np.where(exact, mcnemar(*counts), read_off(found))

    def _even(self) -> Flags:
        """Tell in which slices all ads on which versions differ have one weight, on their own."""
        labels = self.labels
        if labels.cluster is not None or self.groups == 0:
            return np.zeros(self.groups, dtype=bool)
        differ = (self.group >= 0) & (_IS_FIRST ^ _IS_SECOND)[self.cell]
        where, w = self.group[differ], labels.weight[differ]
        most, least = np.zeros(self.groups), np.full(self.groups, np.inf)
        np.maximum.at(most, where, w)
        np.minimum.at(least, where, w)
        # labels of a census leave nothing to chance: a test would have nothing to test
        drawn = add_up(where, labels.random[differ].astype(np.float64), size=self.groups)
        even: Flags = (most <= least * (1 + 1e-9)) & (drawn > 0)
        return even

    def correlation(
        self, first: Ratio, second: Ratio, *, gain: Estimates, loss: Estimates
    ) -> Floats:
        """Say how the errors of two shares go together, a little less than the labels show."""
        x, y = self._residual(first, gain.value), self._residual(second, loss.value)
        both, own, other = (
            covariance(a, b, labels=self.labels, group=self.group, groups=self.groups)
            for a, b in ((x, y), (x, x), (y, y))
        )
        more = self._unseen(first.denominator | second.denominator)
        spread = np.sqrt(np.maximum(own + more, 0.0) * np.maximum(other + more, 0.0))
        return np.clip(np.nan_to_num(divide(both, spread)), -1.0, 1.0)

    def _residual(self, ratio: Ratio, value: Floats) -> Floats:
        inside = self.group >= 0
        share = np.where(inside, np.nan_to_num(value)[self.group], 0.0)
        above, below = ratio.numerator[self.cell], ratio.denominator[self.cell]
        total = add_up(self.group[inside], (self.labels.weight * below)[inside], size=self.groups)
        unit = np.where(inside, total[self.group], 0.0)
        weighed = self.labels.weight * (above - share * below) * inside
        found: Floats = np.divide(weighed, unit, out=np.zeros(len(weighed)), where=unit > 0)
        return found

    def _unseen(self, below: Flags) -> Floats:
        """Give the variance that half a label for each way to differ would add."""
        inside = (self.group >= 0) & below[self.cell] & self.labels.random
        w, where = self.labels.weight[inside], self.group[inside]
        total = add_up(where, w, size=self.groups)
        squares = add_up(where, w**2, size=self.groups)
        # half a label above and half below the line, with a residual of one half each
        one: Floats = np.nan_to_num(divide(squares, total) / np.maximum(total, 1e-300))
        return (_HALF * one) ** 2


def move(first: Estimates, second: Estimates, *, tied: Floats) -> Estimates:
    """Say how much larger the second figure is, when both come from the same labels.

    Parameters
    ----------
    first, second : Estimates
        Figures of the same slices, at the same level.
    tied : array of shape (groups,)
        Correlation of their errors, in [-1, 1].

    Returns
    -------
    Estimates
        Second minus first, in [-1, 1]; NaN where one of them is not known.

    Raises
    ------
    DesignError
        If the levels or the numbers of slices differ.

    References
    ----------
    Zou, Psychological Methods 12 (2007), 399-413.
    """
    if first.level != second.level or len(first) != len(second):
        raise DesignError(
            "two columns of figures that do not match",
            hint="compute both for the same slices and at the same level",
        )
    value = second.value - first.value
    fall = _joint(second.value - second.low, first.high - first.value, tied=tied)
    rise = _joint(second.high - second.value, first.value - first.low, tied=tied)
    nothing = np.full(len(first), np.nan)
    return Estimates(
        value=value,
        low=np.maximum(value - fall, -1.0),
        high=np.minimum(value + rise, 1.0),
        n=np.minimum(first.n, second.n),
        n_effective=np.fmin(first.n_effective, second.n_effective),
        design_effect=nothing,
        numerator=nothing,
        denominator=nothing,
        level=first.level,
        method="paired-mover",
    )


def _joint(one: Floats, two: Floats, *, tied: Floats) -> Floats:
    reach: Floats = np.sqrt(np.maximum(one**2 + two**2 - 2 * tied * one * two, 0.0))
    return reach


def read_off(found: Estimates) -> Floats:
    """Read two-sided p-values off how far intervals of differences reach towards zero.

    Parameters
    ----------
    found : Estimates
        Differences.

    Returns
    -------
    array of shape (groups,)
        P-values; NaN where there is no difference.
    """
    z = float(ndtri(0.5 + found.level / 2))
    reach = np.where(found.value > 0, found.value - found.low, found.high - found.value)
    away = np.abs(found.value)
    score = np.divide(
        z * away, reach, out=np.where(away > 0, np.inf, 0.0), where=np.nan_to_num(reach) > 0
    )
    p: Floats = np.where(np.isnan(found.value), np.nan, 2 * ndtr(-score))
    return p

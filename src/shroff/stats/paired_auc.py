"""Which of two versions ranks violating ads higher, at no threshold in particular?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri, stdtrit

from shroff.errors import DesignError
from shroff.stats.dense import Flags, Ints, add_up, divide
from shroff.stats.estimate import Estimates
from shroff.stats.paired_doubt import PairedLabels, covariance
from shroff.stats.proportions import Floats, require_level

__all__ = ["AucComparison", "compare_auc", "placements"]

_METHOD = "delong-design"
_HALF = 0.5
_LEAST = 0.0625  # found by benchmarks/model_comparison.py


@dataclass(frozen=True, slots=True, kw_only=True)
class AucComparison:
    """Area under the ROC curve of two versions, in every slice.

    Parameters
    ----------
    first, second : Estimates
        Each version's area: the chance that a violating ad scores higher than a compliant one.
    difference : Estimates
        Second minus first, on the same ads.
    p : array of shape (groups,)
        Two-sided p-value; NaN where one class has no label.
    """

    first: Estimates
    second: Estimates
    difference: Estimates
    p: Floats


def compare_auc(
    labels: PairedLabels,
    *,
    first: Floats,
    second: Floats,
    group: Ints,
    groups: int,
    level: float = 0.95,
) -> AucComparison:
    """Compare how well two versions rank, on the same ads.

    Parameters
    ----------
    labels : PairedLabels
        Labelled ads.
    first, second : array of shape (k,)
        Scores of each version; any numbers, not only from 0 to 1.
    group : array of int, shape (k,)
        Slice of each label; -1 outside.
    groups : int
        Number of slices.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    AucComparison
        Areas and their difference; NaN where one of the classes has no label.

    Raises
    ------
    DesignError
        If a score is not a number, or the level is not one.

    Notes
    -----
    DeLong's placement values, weighted by 1 / inclusion probability and with the variance of the
    design in place of that of a simple random sample; Student's quantile at as many degrees of
    freedom as labels of the rarer class count after weighing, less one. The variance is computed
    as if each stratum showed half a violating and half a compliant label more, at the scores of
    its ads: a violating ad that scores low counts for thousands, and few are drawn. A label's own
    share is added, so that rankings that no label tells apart are not taken to be alike.

    References
    ----------
    DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988); Yao, Li and Graubard, Biostatistics 16
    (2015) for complex samples.
    """
    require_level(level)
    if not (np.isfinite(first).all() and np.isfinite(second).all()):
        raise DesignError(
            "a score that is not a number", hint="leave out ads that a version gave no score"
        )
    counts = _Counts.of(labels, group, groups)
    ranks = (_Ranked.of(labels, first, counts), _Ranked.of(labels, second, counts))
    one, two = (rank.area for rank in ranks)
    gap = two - one
    unsure = _doubt(labels, _Ranked.less(*ranks), counts)
    difference = _around(gap, unsure, counts, level=level, bounds=(-1.0, 1.0))
    with np.errstate(invalid="ignore", divide="ignore"):
        score = np.where(
            unsure > 0, np.abs(gap) / np.sqrt(unsure), np.where(gap == 0, 0.0, np.inf)
        )
        # what Student's quantile adds is taken off again, so that both say the same
        score = score * float(ndtri(0.5 + level / 2)) / counts.quantiles(level)
    return AucComparison(
        first=_area(labels, ranks[0], counts, level=level),
        second=_area(labels, ranks[1], counts, level=level),
        difference=difference,
        p=np.where(np.isnan(gap), np.nan, 2 * ndtr(-np.nan_to_num(score))),
    )


@dataclass(frozen=True, slots=True)
class _Counts:
    """Labels of both classes by slice."""

    group: Ints
    groups: int
    n: Ints
    freedom: Floats
    least: Floats

    @staticmethod
    def of(labels: PairedLabels, group: Ints, groups: int) -> _Counts:
        effective: list[Floats] = []
        for mine in (labels.bad, ~labels.bad):
            kept = mine & (group >= 0)
            where, w = _units(labels, group, kept)
            total, squares = (add_up(where, v, size=groups) for v in (w, w**2))
            effective.append(np.nan_to_num(divide(total**2, squares)))
        drawn = add_up(
            np.maximum(group, 0), ((group >= 0) & labels.random).astype(np.float64), size=groups
        )
        fewest = np.minimum(*effective)
        inside = group >= 0
        return _Counts(
            group=group,
            groups=groups,
            n=np.bincount(group[inside], minlength=groups),
            freedom=np.maximum(np.floor(fewest) - 1, 1.0),
            least=np.where(drawn > 0, _LEAST / (fewest + 1) ** 2, 0.0),
        )

    def quantiles(self, level: float) -> Floats:
        """Look up Student's quantiles."""
        values, where = np.unique(self.freedom, return_inverse=True)
        found: Floats = -stdtrit(values, (1 - level) / 2)
        return found[where]


def _units(labels: PairedLabels, group: Ints, kept: Flags) -> tuple[Ints, Floats]:
    """Give slice and weight of what was drawn: labels, or clusters of them."""
    where, w = group[kept], labels.weight[kept]
    if labels.cluster is None:
        return where, w
    keys = np.column_stack([where, labels.stratum[kept], labels.cluster[kept]])
    units, place = np.unique(keys, axis=0, return_inverse=True)
    return units[:, 0], add_up(place.reshape(-1), w, size=len(units))


def placements(
    score: Floats, *, w: Floats, bad: Flags, group: Ints, groups: int
) -> tuple[Floats, Floats]:
    """Say, of each ad, which share of either class it would be on the right side of.

    Parameters
    ----------
    score, w : array of shape (k,)
        Scores and weights.
    bad : array of bool, shape (k,)
        The ad violates.
    group : array of int, shape (k,)
        Slice, 0..groups-1.
    groups : int
        Number of slices.

    Returns
    -------
    if_bad : array of shape (k,)
        The weighted share of compliant ads that score lower; ties count half.
    if_good : array of shape (k,)
        The weighted share of violating ads that score higher.
    """
    _, level = np.unique(score, return_inverse=True)
    width = int(level.max(initial=0)) + 1
    codes, place = np.unique(group * width + level, return_inverse=True)
    owner = codes // width
    bad_here = add_up(place, w * bad, size=len(codes))
    good_here = add_up(place, w * ~bad, size=len(codes))
    bad_sum, good_sum = (add_up(owner, v, size=groups) for v in (bad_here, good_here))
    lower = np.cumsum(good_here) - good_here / 2 - (np.cumsum(good_sum) - good_sum)[owner]
    below = np.cumsum(bad_here) - bad_here / 2 - (np.cumsum(bad_sum) - bad_sum)[owner]
    if_bad = np.nan_to_num(divide(lower, good_sum[owner]))
    if_good = np.nan_to_num(divide(bad_sum[owner] - below, bad_sum[owner]))
    return np.clip(if_bad, 0.0, 1.0)[place], np.clip(if_good, 0.0, 1.0)[place]


@dataclass(frozen=True, slots=True)
class _Ranked:
    """How one version ranks: the area of each slice, and what labels do to its error.

    ``if_bad`` and ``if_good`` are what each label would add, its weight left out, if it were of
    that class.
    """

    area: Floats
    if_bad: Floats
    if_good: Floats

    @staticmethod
    def of(labels: PairedLabels, score: Floats, counts: _Counts) -> _Ranked:
        inside = counts.group >= 0
        where, bad, w = counts.group[inside], labels.bad[inside], labels.weight[inside]
        if_bad, if_good = placements(
            score[inside], w=w, bad=bad, group=where, groups=counts.groups
        )
        bad_sum, good_sum = (add_up(where, w * of, size=counts.groups) for of in (bad, ~bad))
        area = divide(add_up(where, w * if_bad * bad, size=counts.groups), bad_sum)
        area = np.where(good_sum > 0, area, np.nan)
        told = []
        for placed, total in ((if_bad, bad_sum), (if_good, good_sum)):
            column = np.zeros(len(score))
            column[inside] = np.nan_to_num(divide(placed - area[where], total[where]))
            told.append(column)
        return _Ranked(area, told[0], told[1])

    @staticmethod
    def less(first: _Ranked, second: _Ranked) -> _Ranked:
        return _Ranked(
            second.area - first.area,
            second.if_bad - first.if_bad,
            second.if_good - first.if_good,
        )


def _doubt(labels: PairedLabels, told: _Ranked, counts: _Counts) -> Floats:
    """Give the variance under the design, with half a label more of each class in each stratum."""
    spread = labels.weight * np.where(labels.bad, told.if_bad, told.if_good)
    plain = covariance(spread, spread, labels=labels, group=counts.group, groups=counts.groups)
    inside = (counts.group >= 0) & labels.random
    size = len(labels.kind)
    pairs, place = np.unique(
        counts.group[inside] * size + labels.stratum[inside], return_inverse=True
    )
    w = labels.weight[inside]
    chance = 1 / np.maximum(labels.w[inside], 1.0)
    whole = w**2 * (1 - chance) * (told.if_bad[inside] ** 2 + told.if_good[inside] ** 2)
    held = np.bincount(place, minlength=len(pairs))
    more = add_up(place, whole, size=len(pairs)) / np.maximum(held, 1)
    unseen = add_up(pairs // size, _HALF * more, size=counts.groups)
    return np.maximum(plain, 0.0) + unseen + counts.least


def _around(
    value: Floats,
    unsure: Floats,
    counts: _Counts,
    *,
    level: float,
    bounds: tuple[float, float],
) -> Estimates:
    reach = counts.quantiles(level) * np.sqrt(unsure)
    return _columns(
        value,
        low=np.maximum(value - reach, bounds[0]),
        high=np.minimum(value + reach, bounds[1]),
        counts=counts,
        level=level,
    )


def _area(labels: PairedLabels, rank: _Ranked, counts: _Counts, *, level: float) -> Estimates:
    """Put an interval around one area, on the scale of its odds."""
    area, unsure = rank.area, _doubt(labels, rank, counts)
    near = np.clip(area, 0.01, 0.99)
    reach = counts.quantiles(level) * np.sqrt(unsure) / (near * (1 - near))
    odds = np.log(near / (1 - near))
    with np.errstate(over="ignore"):
        low, high = (1 / (1 + np.exp(-(odds + sign * reach))) for sign in (-1, 1))
    sure = unsure <= 0
    return _columns(
        area,
        low=np.where(sure, area, np.minimum(low, area)),
        high=np.where(sure, area, np.maximum(high, area)),
        counts=counts,
        level=level,
    )


def _columns(
    value: Floats, *, low: Floats, high: Floats, counts: _Counts, level: float
) -> Estimates:
    known = np.isfinite(value)
    nothing = np.full(counts.groups, np.nan)
    return Estimates(
        value=value,
        low=np.where(known, low, np.nan),
        high=np.where(known, high, np.nan),
        n=np.where(known, counts.n, 0),
        n_effective=np.where(known, counts.freedom + 1, np.nan),
        design_effect=nothing,
        numerator=nothing,
        denominator=nothing,
        level=level,
        method=_METHOD,
    )

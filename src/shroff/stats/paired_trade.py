"""Where must a version's threshold be to be as precise as another, and what does it catch there?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from scipy.special import ndtri, stdtrit

from shroff.stats.dense import Flags, add_up, divide
from shroff.stats.estimate import Estimates
from shroff.stats.paired import compare_paired
from shroff.stats.paired_doubt import PairedLabels, covariance
from shroff.stats.proportions import Floats

__all__ = ["Match", "Unmatched", "match_precision", "same_precision"]

_STEPS = (0.3, 0.5, 0.7, 0.9)
_TELLING = 40
_STEEPEST = 8.0
_FEWEST = 10


class Unmatched(StrEnum):
    """Why no threshold makes the second version as precise.

    ``NOTHING``: the first acts on no labelled ad, or none that violates; ``BELOW``: the second is
    less precise at every threshold; ``ABOVE``: it is more precise at every one; ``FLAT``: its
    precision does not tell thresholds apart.
    """

    NOTHING = "nothing"
    BELOW = "below"
    ABOVE = "above"
    FLAT = "flat"


@dataclass(frozen=True, slots=True)
class Match:
    """Where the second version is as precise as the first.

    Parameters
    ----------
    threshold : float
        Score from which it acts there.
    price : float
        Recall that it gives up there for one point of precision; 0 or more.
    """

    threshold: float
    price: float


def match_precision(labels: PairedLabels, *, first: Flags, score: Floats) -> Match | Unmatched:
    """Find the threshold at which the second version is as precise as the first.

    Parameters
    ----------
    labels : PairedLabels
        Labelled ads.
    first : array of bool, shape (k,)
        The first version acts on the ad.
    score : array of shape (k,)
        Scores of the second version.

    Returns
    -------
    Match or Unmatched
        The threshold nearest to that of equal volume, or why there is none.
    """
    acted = float((labels.weight * first).sum())
    caught = float((labels.weight * (first & labels.bad)).sum())
    if caught <= 0:
        return Unmatched.NOTHING
    curve = _Curve.of(labels, score)
    place = curve.crossing(caught / acted, near=acted)
    if isinstance(place, Unmatched):
        return place
    price = curve.price(place)
    return Unmatched.FLAT if price is None else Match(float(curve.at[place]), price)


def same_precision(
    labels: PairedLabels, *, first: Flags, score: Floats, match: Match, level: float = 0.95
) -> Estimates:
    """Compare recalls at equal precision, the threshold's own doubt included.

    Parameters
    ----------
    labels : PairedLabels
        Labelled ads.
    first : array of bool, shape (k,)
        The first version acts on the ad.
    score : array of shape (k,)
        Scores of the second version.
    match : Match
        Where both are as precise.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Estimates
        One figure: recall of the second there, less that of the first.

    Notes
    -----
    The threshold rests on the same labels. By the implicit function theorem the difference of
    recalls at equal precision varies as ``dR + k dP`` does at a fixed threshold, with dR and dP the
    differences of recall and precision and k the price, read off the second version's own curve
    at volumes 30% smaller and larger, or more where fewer than 40 labels of a class lie between.
    The intervals of dR and dP are joined by MOVER with the correlation of their linearised
    residuals, and widened by Student's quantile at half as many degrees of freedom as labels of
    the rarer class are among those acted on: they are what tells the slope.
    """
    second, price = score >= match.threshold, match.price
    group = np.zeros(len(labels), dtype=np.intp)
    recall, precision, _ = compare_paired(
        labels, first=first, second=second, group=group, groups=1, level=level
    )
    one, two = recall.difference, precision.difference
    tied = _tied(labels, first, second)
    wide = _student(labels, second, level=level)
    value = one.value + price * two.value
    fall = wide * _sum(one.value - one.low, price * (two.value - two.low), tied=tied)
    rise = wide * _sum(one.high - one.value, price * (two.high - two.value), tied=tied)
    return replace(
        one,
        value=np.clip(value, -1.0, 1.0),
        low=np.maximum(value - fall, -1.0),
        high=np.minimum(value + rise, 1.0),
        method="paired-mover at equal precision",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Curve:
    """The second version at every threshold, from the highest down."""

    at: Floats
    volume: Floats
    recall: Floats
    precision: Floats
    labels: Floats
    bad_labels: Floats

    @staticmethod
    def of(labels: PairedLabels, score: Floats) -> _Curve:
        levels, place = np.unique(-score, return_inverse=True)
        size, w = len(levels), labels.weight
        volume = np.cumsum(add_up(place, w, size=size))
        caught = np.cumsum(add_up(place, w * labels.bad, size=size))
        return _Curve(
            at=-levels,
            volume=volume,
            recall=caught / caught[-1],
            precision=np.nan_to_num(divide(caught, volume)),
            labels=np.cumsum(np.bincount(place, minlength=size)).astype(np.float64),
            bad_labels=np.cumsum(add_up(place, labels.bad.astype(np.float64), size=size)),
        )

    def crossing(self, aim: float, *, near: float) -> int | Unmatched:
        """Find the threshold of that precision, nearest to a volume."""
        start = int(np.clip(np.searchsorted(self.volume, near), 0, len(self.at) - 1))
        enough = (self.precision >= aim) & (self.labels >= _FEWEST)
        if self.precision[start] >= aim:
            after = np.flatnonzero(self.precision[start:] < aim)
            if not len(after):
                return Unmatched.ABOVE
            return self._nearer(start + int(after[0]) - 1, aim)
        before = np.flatnonzero(enough[:start])
        return self._nearer(int(before[-1]), aim) if len(before) else Unmatched.BELOW

    def _nearer(self, place: int, aim: float) -> int:
        """Choose between two thresholds of which one is more precise and the next is less."""
        gaps = np.abs(self.precision[place : place + 2] - aim)
        return place + int(np.argmin(gaps))

    def price(self, place: int) -> float | None:
        """Say how much recall one point of precision costs there."""
        found: float | None = None
        for step in _STEPS:
            low, high = (self._at_volume(place, by=by) for by in (1 - step, 1 + step))
            gain = self.recall[high] - self.recall[low]
            loss = self.precision[low] - self.precision[high]
            found = float(gain / loss) if loss > 0 and gain <= _STEEPEST * loss else None
            bad = self.bad_labels[high] - self.bad_labels[low]
            fewest = min(bad, self.labels[high] - self.labels[low] - bad)
            if found is not None and fewest >= _TELLING:
                break
        return found

    def _at_volume(self, place: int, *, by: float) -> int:
        near = np.searchsorted(self.volume, self.volume[place] * by)
        return int(np.clip(near, 0, len(self.at) - 1))


def _student(labels: PairedLabels, acts: Flags, *, level: float) -> float:
    """Say how much wider Student's interval is for the labels that tell the slope."""
    fewest = min(int((acts & labels.bad).sum()), int((acts & ~labels.bad).sum()))
    tail = (1 - level) / 2
    return float(stdtrit(max(fewest // 2, 2), tail) / ndtri(tail))


def _sum(one: Floats, two: Floats, *, tied: float) -> Floats:
    reach: Floats = np.sqrt(np.maximum(one**2 + two**2 + 2 * tied * one * two, 0.0))
    return reach


def _tied(labels: PairedLabels, first: Flags, second: Flags) -> float:
    """Give the correlation of the two differences, recall's and precision's."""

    def less(below_first: Flags, below_second: Flags) -> Floats:
        return _error(labels, second & labels.bad, below_second) - _error(
            labels, first & labels.bad, below_first
        )

    recall, precision = less(labels.bad, labels.bad), less(first, second)
    group = np.zeros(len(labels), dtype=np.intp)
    both, own, other = (
        float(covariance(x, y, labels=labels, group=group, groups=1)[0])
        for x, y in ((recall, precision), (recall, recall), (precision, precision))
    )
    return float(np.clip(both / np.sqrt(own * other), -1.0, 1.0)) if own > 0 and other > 0 else 0.0


def _error(labels: PairedLabels, above: Flags, below: Flags) -> Floats:
    """Give what each label adds to the error of one share."""
    total = float((labels.weight * below).sum())
    if total <= 0:
        return np.zeros(len(labels))
    share = float((labels.weight * above).sum()) / total
    weighed: Floats = labels.weight * (above - share * below) / total
    return weighed

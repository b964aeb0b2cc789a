"""Where must a version's threshold be to be as precise as another, and what does it catch there?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.special import ndtri, stdtrit

from shroff.stats.dense import Flags, add_up
from shroff.stats.estimate import Estimates
from shroff.stats.paired import compare_paired, read_off
from shroff.stats.paired_doubt import PairedLabels, covariance
from shroff.stats.proportions import Floats

__all__ = ["Trade", "Unmatched", "same_precision"]

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Trade:
    """The second version at the first one's precision.

    Parameters
    ----------
    threshold : float
        Where the second version is as precise; NaN when unmatched.
    difference : Estimates or None
        Recall of the second there, less that of the first: one figure.
    p : float
        Two-sided p-value; NaN when unmatched.
    unmatched : Unmatched or None
        Why there is no such threshold.
    """

    threshold: float
    difference: Estimates | None
    p: float
    unmatched: Unmatched | None = None


def same_precision(
    labels: PairedLabels, *, first: Flags, score: Floats, level: float = 0.95
) -> Trade:
    """Compare recalls at equal precision, the threshold's own doubt included.

    Parameters
    ----------
    labels : PairedLabels
        Labelled ads.
    first : array of bool, shape (k,)
        The first version acts on the ad.
    score : array of shape (k,)
        Scores of the second version.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Trade
        Threshold and difference of recalls, or why there is none.

    Notes
    -----
    The threshold is the one, nearest to that of equal volume, at which the weighted precisions are
    equal. It rests on the same labels. By the implicit function theorem the difference of recalls
    there varies as ``dR + k dP`` at a fixed threshold, with dR and dP the differences of recall and
    precision and k the recall that the second version gives up for one point of precision, read
    off its own curve at volumes 30% smaller and larger, or more where fewer than 40 labels of a
    class lie between. The intervals of dR and dP are joined by MOVER with the correlation of their
    linearised residuals, and widened by Student's quantile at as many degrees of freedom as labels
    of the rarer class are among those acted on, less one: they are what tells the slope.
    """
    curve = _Curve.of(labels, score)
    aim = _precision(labels, first)
    if not np.isfinite(aim) or aim <= 0:
        return _none(Unmatched.NOTHING)
    place = curve.crossing(aim, near=float((labels.w * first).sum()))
    if isinstance(place, Unmatched):
        return _none(place)
    price = curve.price(place)
    if price is None:
        return _none(Unmatched.FLAT)
    threshold = float(curve.at[place])
    return _judged(
        labels, first, score >= threshold, price=price, threshold=threshold, level=level
    )


def _none(why: Unmatched) -> Trade:
    return Trade(threshold=np.nan, difference=None, p=np.nan, unmatched=why)


def _precision(labels: PairedLabels, acts: Flags) -> float:
    total = float((labels.w * acts).sum())
    return float((labels.w * (acts & labels.bad)).sum()) / total if total > 0 else np.nan


@dataclass(frozen=True, slots=True)
class _Curve:
    """The second version at every threshold, from the highest down."""

    at: Floats
    volume: Floats
    caught: Floats
    labels: Floats
    bad_labels: Floats
    everything: float

    @staticmethod
    def of(labels: PairedLabels, score: Floats) -> _Curve:
        levels, place = np.unique(-score, return_inverse=True)
        size = len(levels)
        return _Curve(
            at=-levels,
            volume=np.cumsum(add_up(place, labels.w, size=size)),
            caught=np.cumsum(add_up(place, labels.w * labels.bad, size=size)),
            labels=np.cumsum(np.bincount(place, minlength=size)).astype(np.float64),
            bad_labels=np.cumsum(add_up(place, labels.bad.astype(np.float64), size=size)),
            everything=float((labels.w * labels.bad).sum()),
        )

    @property
    def precision(self) -> Floats:
        """Give the precision at each threshold."""
        return np.divide(
            self.caught, self.volume, out=np.zeros(len(self.volume)), where=self.volume > 0
        )

    def crossing(self, aim: float, *, near: float) -> int | Unmatched:
        """Find the threshold of that precision, nearest to a volume."""
        start = int(np.clip(np.searchsorted(self.volume, near), 0, len(self.at) - 1))
        precision = self.precision
        if precision[start] >= aim:
            after = np.flatnonzero(precision[start:] < aim)
            return start + int(after[0]) - 1 if len(after) else Unmatched.ABOVE
        before = np.flatnonzero((precision[:start] >= aim) & (self.labels[:start] >= _FEWEST))
        return int(before[-1]) if len(before) else Unmatched.BELOW

    def price(self, place: int) -> float | None:
        """Say how much recall one point of precision costs there."""
        found: float | None = None
        for step in _STEPS:
            low, high = (self._at_volume(place, by=by) for by in (1 - step, 1 + step))
            gain = (self.caught[high] - self.caught[low]) / self.everything
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


def _judged(
    labels: PairedLabels,
    first: Flags,
    second: Flags,
    *,
    price: float,
    threshold: float,
    level: float,
) -> Trade:
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
    low, high = np.maximum(value - fall, -1.0), np.minimum(value + rise, 1.0)
    found = Estimates(
        value=np.clip(value, -1.0, 1.0),
        low=low,
        high=high,
        n=one.n,
        n_effective=one.n_effective,
        design_effect=one.design_effect,
        numerator=one.numerator,
        denominator=one.denominator,
        level=level,
        method="paired-mover at equal precision",
    )
    return Trade(threshold=threshold, difference=found, p=float(read_off(found)[0]))


def _student(labels: PairedLabels, acts: Flags, *, level: float) -> float:
    """Say how much wider Student's interval is for the labels that tell the slope."""
    fewest = min(int((acts & labels.bad).sum()), int((acts & ~labels.bad).sum()))
    tail = (1 - level) / 2
    return float(stdtrit(max(fewest - 1, 1), tail) / ndtri(tail))


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
    total = float((labels.w * below).sum())
    if total <= 0:
        return np.zeros(len(labels))
    share = float((labels.w * above).sum()) / total
    weighed: Floats = labels.w * (above - share * below) / total
    return weighed

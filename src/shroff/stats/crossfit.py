"""What a score says of an ad, learnt from the labels of other ads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import isotonic_regression

from shroff.errors import DesignError
from shroff.stats.checks import require_index, require_sums
from shroff.stats.dense import Flags, Ints
from shroff.stats.proportions import Floats

__all__ = ["FOLDS", "ScoreTotals", "ScoredLabels", "Shape", "chances", "face_value"]

FOLDS = 8
"""Parts that ads are put in, by a hash of their id or of the cluster they were drawn with."""
_FEWEST = 20  # labels that a curve is drawn through


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How labels and totals are numbered.

    Parameters
    ----------
    classes : int
        Known classes, such as the machine's actions.
    bins : int
        Bins of the score, rising; ads without a score are in one more, numbered ``bins``.
    folds : int
        Folds.
    silent : array of bool, shape (classes,)
        Classes that are labelled in full: there is nothing to predict.
    """

    classes: int
    bins: int
    folds: int
    silent: Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredLabels:
    """Labels one by one, with the score of each ad.

    Parameters
    ----------
    group : array of int, shape (k,)
        Slice 0..G-1; -1 for a label outside every slice.
    stratum, known, bin, fold : array of int, shape (k,)
        Stratum of the draw, known class, bin of the score, fold.
    violating : array of bool, shape (k,)
        What the label says.
    w : array of shape (k,)
        1 / inclusion probability.
    m : array of shape (k,), optional
        Exposure; ads count one each without it.
    cluster : array of int, shape (k,), optional
        Cluster that each was drawn with; none where ads were drawn one by one.
    """

    group: Ints
    stratum: Ints
    known: Ints
    bin: Ints
    fold: Ints
    violating: Flags
    w: Floats
    m: Floats | None = None
    cluster: Ints | None = None

    @property
    def total(self) -> Floats:
        """What each label stands for: ads, or exposure."""
        return self.w if self.m is None else self.w * self.m


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreTotals:
    """All ads, labelled or not, counted by slice, known class, fold and bin of the score.

    Parameters
    ----------
    group, known, fold, bin : array of int, shape (r,)
        As in `ScoredLabels`.
    total : array of shape (r,)
        Ads, or their exposure.
    """

    group: Ints
    known: Ints
    fold: Ints
    bin: Ints
    total: Floats


def chances(labels: ScoredLabels, shape: Shape) -> Floats:
    """Say how likely an ad of each fold is to violate, from the labels of the other folds.

    Parameters
    ----------
    labels : ScoredLabels
        Labels.
    shape : Shape
        How they are numbered.

    Returns
    -------
    array of shape (folds, classes, bins + 1)
        Chances in [0, 1]; never learnt from the fold they are for.

    Raises
    ------
    DesignError
        If a number is out of its range, or all labels weigh nothing.

    Notes
    -----
    For each class, isotonic regression of the labels on the score, by design weight (Zadrozny and
    Elkan, KDD 2002). A class with fewer than 20 such labels, or with violating or compliant
    ones alone, has one chance whatever the score: its share with half a label more of each kind.
    Only the order of scores matters.
    """
    _require(labels, shape)
    table = np.zeros((shape.folds, shape.classes, shape.bins + 1))
    for fold in range(shape.folds):
        others = labels.fold != fold
        for known in range(shape.classes):
            mine = others & (labels.known == known)
            table[fold, known] = _curve(
                labels.bin[mine], labels.violating[mine], labels.w[mine], bins=shape.bins
            )
    return table


def _curve(place: Ints, violating: Flags, w: Floats, *, bins: int) -> Floats:
    usual = _share(violating, w)
    curve = np.full(bins + 1, usual)
    bare = place == bins
    if np.count_nonzero(bare) >= _FEWEST:
        curve[bins] = _share(violating[bare], w[bare])
    place, violating, w = place[~bare], violating[~bare], w[~bare]
    if len(place) < _FEWEST or violating.all() or not violating.any():
        return curve
    weight = np.bincount(place, weights=w, minlength=bins)
    hits = np.bincount(place, weights=w * violating, minlength=bins)
    there = np.flatnonzero(weight > 0)
    rising = isotonic_regression(hits[there] / weight[there], weights=weight[there]).x
    curve[:bins] = np.interp(np.arange(bins), there, rising)
    return curve


def _share(violating: Flags, w: Floats) -> float:
    """Give the weighted share with half an average label more of each kind."""
    if not len(w) or w.sum() <= 0:
        return 0.5  # nothing is known: what is learnt from nothing is not followed either
    usual = float(w.mean())
    return float((w[violating].sum() + usual / 2) / (w.sum() + usual))


def face_value(shape: Shape) -> Floats:
    """Take scores for chances, where there is no label to learn from.

    Parameters
    ----------
    shape : Shape
        How ads are numbered; bins cut 0 to 1 evenly.

    Returns
    -------
    array of shape (folds, classes, bins + 1)
        Middles of the bins; NaN for ads without a score.
    """
    middles = np.append((np.arange(shape.bins) + 0.5) / shape.bins, np.nan)
    return np.broadcast_to(middles, (shape.folds, shape.classes, shape.bins + 1)).copy()


def _require(labels: ScoredLabels, shape: Shape) -> None:
    require_index("known", labels.known, size=shape.classes, where="labels")
    require_index("bin", labels.bin, size=shape.bins + 1, where="labels")
    require_index("fold", labels.fold, size=shape.folds, where="labels")
    require_sums("weight", labels.w, where="labels", hint="leave out labels without a probability")
    if len(labels.w) and labels.w.max() <= 0:
        raise DesignError(
            "all labels weigh nothing",
            where="labels",
            hint="a weight is 1 / the chance of being drawn; check sampling_prob",
        )

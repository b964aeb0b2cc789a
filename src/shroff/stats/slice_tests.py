"""Is a slice worse than the rest by more than chance? P-values that hold for few, heavy labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from scipy.special import betainc

from shroff.errors import DesignError
from shroff.stats.lattice import CodedLabels, SliceSums
from shroff.stats.proportions import Floats

__all__ = ["Shuffle", "effective_labels", "log_p_values", "shuffle_of"]

_Rounding: TypeAlias = Callable[[Floats], Floats]
_STEP = 1e-3  # weights within a tenth of a per cent are taken as one, to the safe side
_GRID = 1.2
_LEAST = 1e-300


@dataclass(frozen=True, slots=True, kw_only=True)
class Tilted:
    """The residuals of labels, each counted ``exp(tilt residual)`` times; arrays over the tilts.

    A label's residual is its errors less what the share everywhere makes of its weight.

    Parameters
    ----------
    tilt : array
        Exponents, per unit of weight; negative for low sums.
    log_mean : array
        Log of the mean of ``exp(tilt residual)``.
    spread : array
        Standard deviation of the residuals.
    step : array
        Size of an error, the larger counting more: sums come in such steps.
    """

    tilt: Floats
    log_mean: Floats
    spread: Floats
    step: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Shuffle:
    """What drawing slices at random from these labels would give.

    Parameters
    ----------
    labels : int
        Labels.
    weight, errors, own_weight2, own_errors2 : float
        Their sums, as in `SliceSums`.
    inflation : float
        How many times their variance is what it would be without clusters, at least 1.
    up, down : Tilted
        What sums over some labels, and over the rest of them, are held against.
    """

    labels: int
    weight: float
    errors: float
    own_weight2: float
    own_errors2: float
    inflation: float
    up: Tilted
    down: Tilted

    @property
    def share(self) -> float:
        """Share of errors among all labels."""
        return self.errors / self.weight


def shuffle_of(labels: CodedLabels) -> Shuffle:
    """Describe the labels that slices are drawn from.

    Parameters
    ----------
    labels : CodedLabels
        All labels.

    Returns
    -------
    Shuffle
        What chance would make of a slice of any size.

    Raises
    ------
    DesignError
        If no label has a weight.
    """
    w, wrong = labels.w, labels.w[labels.error]
    weight, errors = float(w.sum()), float(wrong.sum())
    if not weight > 0:
        raise DesignError(
            "no label has a weight",
            where="labels",
            hint="a weight is one over the chance of the label, times its exposure",
        )
    share = errors / weight
    right = w[~labels.error]
    upper = _residuals(wrong, right, share=share, outwards=(np.ceil, np.floor))
    lower = _residuals(wrong, right, share=share, outwards=(np.floor, np.ceil))
    tilt = _tilts(wrong * (1 - share))
    return Shuffle(
        labels=len(w),
        weight=weight,
        errors=errors,
        own_weight2=float(np.square(w).sum()),
        own_errors2=float(np.square(wrong).sum()),
        inflation=_inflation_everywhere(labels, share=share),
        up=_tilted(*upper, tilt=tilt, share=share),
        down=_tilted(*lower, tilt=-tilt, share=share),
    )


def _residuals(
    wrong: Floats, right: Floats, *, share: float, outwards: tuple[_Rounding, _Rounding]
) -> tuple[Floats, Floats]:
    """List the residuals that occur, rounded so that sums reach further, and how often each does."""
    sizes, many = _binned(wrong, outwards[0])
    others, few = _binned(right, outwards[1])
    residual = np.concatenate([sizes * (1 - share), -share * others])
    mass = np.concatenate([many, few])
    return residual[mass > 0], mass[mass > 0] / mass.sum()


def _binned(w: Floats, rounding: _Rounding) -> tuple[Floats, Floats]:
    """Count weights by size on a fine logarithmic scale; the first is zero."""
    some = w[w > 0]
    if not len(some):
        return np.zeros(1), np.array([float(len(w))])
    place = rounding(np.log(some) / _STEP).astype(np.int64)
    first = int(place.min())
    counts = np.bincount(place - first).astype(np.float64)
    there = np.flatnonzero(counts)
    sizes = np.exp((there + first) * _STEP)
    return np.append(0.0, sizes), np.append(float(len(w) - len(some)), counts[there])


def _tilts(reach: Floats) -> Floats:
    """Try exponents from those that matter to the largest errors to those of the smallest."""
    some = reach[reach > 0]
    if not len(some):
        return np.zeros(1)
    low, high = 1e-4 / float(some.max()), 40.0 / float(some.min())
    found: Floats = np.geomspace(low, high, int(np.log(high / low) / np.log(_GRID)) + 2)
    return found


def _tilted(residual: Floats, mass: Floats, *, tilt: Floats, share: float) -> Tilted:
    size = np.where(residual > 0, residual, 0.0) / max(1 - share, _LEAST)
    found = np.zeros((3, len(tilt)))
    for place, each in enumerate(tilt):
        power = each * residual
        top = float(power.max())  # without overflow
        odds = np.exp(power - top) * mass
        total = float(odds.sum())
        mean = float(odds @ residual) / total
        spread = np.sqrt(float(odds @ (residual - mean) ** 2) / total)
        squares = float(odds @ size**2)
        step = float(odds @ size**3) / squares if squares > 0 else float(size.max())
        found[:, place] = top + np.log(total), spread, step
    return Tilted(tilt=tilt, log_mean=found[0], spread=found[1], step=found[2])


def _inflation_everywhere(labels: CodedLabels, *, share: float) -> float:
    if labels.cluster is None:
        return 1.0
    residual = labels.w * (labels.error - share)
    own = float(np.square(residual).sum())
    lumps = np.square(np.bincount(labels.cluster, weights=residual)).sum()
    return max(1.0, float(lumps) / own) if own > 0 else 1.0


def log_p_values(sums: SliceSums, shuffle: Shuffle) -> Floats:
    """Say how surprising the errors of each slice are, if it is no worse than the rest.

    Parameters
    ----------
    sums : SliceSums
        Sums by slice.
    shuffle : Shuffle
        All labels.

    Returns
    -------
    array of shape (slices,)
        Natural logarithm of one-sided p-values; 0 for a slice that is not worse.

    Notes
    -----
    The larger of two. *By chance*: if a slice has nothing to do with errors, its labels are as
    good as drawn at random from all. Chernoff's bound over that draw,
    ``exp(-sup_t (t S - m log mean exp(t e)))`` for m labels whose residuals e add up to S, holds
    at any size, however rare errors are and however unequal the weights, also without
    replacement (Hoeffding). It is several times too large; Bahadur and Rao's factor for sums that
    come in steps brings it near the chance itself, where that is small. *By itself*: a slice may differ in other ways (its strata, its
    weights) and yet be no worse. Then the errors of the slice and of the rest are each put at
    their effective number, and compared as Korn and Graubard's interval compares them, given
    their sum; where labels were drawn together, at as much less as their clusters ask.

    References
    ----------
    Bahadur and Rao, Ann. Math. Statist. 31 (1960); Hoeffding, J. Am. Stat. Assoc. 58 (1963), sections 2 and 6; Korn and Graubard, Survey
    Methodology 24 (1998).
    """
    inflation = _inflation(sums, shuffle.share)
    chance = _by_chance(sums, shuffle) / inflation
    found: Floats = np.minimum(np.maximum(chance, _by_itself(sums, shuffle, inflation)), 0.0)
    return found


def _by_chance(sums: SliceSums, shuffle: Shuffle) -> Floats:
    residual = sums.errors - shuffle.share * sums.weight
    above = _reach(residual, sums.labels, side=shuffle.up)
    below = _reach(-residual, shuffle.labels - sums.labels, side=shuffle.down)
    return np.where(residual > 0, np.minimum(above, below), 0.0)


def _reach(total: Floats, labels: Floats, *, side: Tilted) -> Floats:
    """Bound the log of the chance that so many residuals add up to a total, or go beyond."""
    best, where = np.zeros(len(total)), np.zeros(len(total), np.intp)
    for place, (tilt, mean) in enumerate(zip(side.tilt, side.log_mean, strict=True)):
        gain = tilt * total - labels * mean
        where[gain > best] = place
        np.maximum(best, gain, out=best)
    tilt, step = np.abs(side.tilt[where]), side.step[where]
    width = side.spread[where] * np.sqrt(2 * np.pi * np.maximum(labels, 1.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        least = np.log(step / -np.expm1(-tilt * step) / width)
    return np.where(best > 0, np.minimum(np.nan_to_num(least, posinf=0.0), 0.0) - best, 0.0)


def _inflation(sums: SliceSums, share: float) -> Floats:
    """Say how many times a slice's variance is what it would be without clusters."""
    lumps = sums.errors2 - 2 * share * sums.cross + share**2 * sums.weight2
    own = sums.own_errors2 * (1 - 2 * share) + share**2 * sums.own_weight2
    ratio = np.divide(lumps, own, out=np.ones(len(own)), where=own > 0)
    return np.maximum(ratio, 1.0)


def effective_labels(sums: SliceSums, share: float) -> Floats:
    """Count the labels of a simple random sample that would know each slice's share as well.

    Parameters
    ----------
    sums : SliceSums
        Sums by slice.
    share : float
        Share of errors everywhere; clusters are judged by how far they are from it.

    Returns
    -------
    array of shape (slices,)
        Effective labels; 0 for a slice without weight.
    """
    return _effective(sums) / _inflation(sums, share)


def _effective(sums: SliceSums) -> Floats:
    r = sums.share
    square = sums.own_errors2 * (1 - 2 * r) + r**2 * sums.own_weight2
    own = np.divide(r * (1 - r) * sums.weight**2, square, out=np.zeros(len(r)), where=square > 0)
    kish = np.divide(
        sums.weight**2, sums.own_weight2, out=np.zeros(len(r)), where=sums.own_weight2 > 0
    )
    return np.where((r > 0) & (r < 1), own, kish)


def _by_itself(sums: SliceSums, shuffle: Shuffle, inflation: Floats) -> Floats:
    rest = _rest(sums, shuffle)
    here = _effective(sums) / inflation
    there = _effective(rest) / shuffle.inflation
    bad, bad_there = here * sums.share, there * rest.share
    both = np.maximum(here + there, _LEAST)
    part, share = here / both, (bad + bad_there) / both
    few = _tail(bad, bad_there, part=part, scale=1 - share)  # errors are few: too many of them
    many = _tail(there - bad_there, here - bad, part=1 - part, scale=share)  # right ones too few
    p = np.where(share <= 0.5, few, many)
    found: Floats = np.log(np.maximum(p, _LEAST))
    return np.where(sums.share > rest.share, found, 0.0)


def _tail(more: Floats, less: Floats, *, part: Floats, scale: Floats) -> Floats:
    """Give the chance that so many of all that there are fall into a part, or more."""
    # scaled so that a binomial has the variance of the hypergeometric that it stands for
    unit = np.maximum(scale, 1e-9)
    some = np.maximum(more, 1e-12) / unit
    p: Floats = betainc(some, np.maximum(less, 0.0) / unit + 1, np.clip(part, 0.0, 1.0))
    return np.where(more > 0, p, 1.0)


def _rest(sums: SliceSums, shuffle: Shuffle) -> SliceSums:
    """Give the sums of all labels outside each slice."""
    weight = np.maximum(shuffle.weight - sums.weight, 0.0)
    errors = np.clip(shuffle.errors - sums.errors, 0.0, weight)
    weight2 = np.maximum(shuffle.own_weight2 - sums.own_weight2, 0.0)
    errors2 = np.maximum(shuffle.own_errors2 - sums.own_errors2, 0.0)
    return SliceSums(
        labels=shuffle.labels - sums.labels,
        weight=weight,
        errors=errors,
        own_weight2=weight2,
        own_errors2=errors2,
        weight2=weight2,
        cross=errors2,
        errors2=errors2,
    )

"""Differences between figures, and what remains of them when many are looked at."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import ndtr, ndtri

from shroff.errors import DesignError
from shroff.stats.estimate import Estimate, Estimates, Status
from shroff.stats.proportions import Floats, require_level

__all__ = [
    "benjamini_hochberg",
    "benjamini_yekutieli",
    "difference",
    "differences",
    "holm",
    "p_values",
]


def difference(first: Estimate, second: Estimate) -> Estimate:
    """Say how much a figure changed, from the first to the second.

    Parameters
    ----------
    first, second : Estimate
        Figures from independent labels, such as two periods, at the same level.

    Returns
    -------
    Estimate
        Second minus first; UNKNOWN where one of them is not known, BOUNDS where one is bounds.

    Notes
    -----
    Newcombe's square-and-add (MOVER): each end of the difference comes from the ends of both
    intervals, so the doubt of a small share keeps its lopsided shape. Labels of the two must not
    overlap; for two detectors on the same labels it is too wide.

    References
    ----------
    Newcombe, Statistics in Medicine 17 (1998); Donner and Zou, Statistics in Medicine 21 (2002).
    """
    pair = (_column(first), _column(second))
    found = differences(pair[0], pair[1])
    proxy = Status.PROXY in {first.status, second.status}
    return found.at(0, status=Status.PROXY if proxy else Status.ESTIMATE, design=second.design)


def differences(first: Estimates, second: Estimates) -> Estimates:
    """Say how much many figures changed, slice by slice; see `difference`.

    Parameters
    ----------
    first, second : Estimates
        Figures of the same slices in the same order, at the same level.

    Returns
    -------
    Estimates
        Second minus first; NaN where one of them is not known.

    Raises
    ------
    DesignError
        If the levels or the numbers of slices differ.
    """
    if first.level != second.level or len(first) != len(second):
        raise DesignError(
            "two columns of figures that do not match",
            hint="compute both for the same slices and at the same level",
        )
    value = second.value - first.value
    fall = np.hypot(second.value - second.low, first.high - first.value)
    rise = np.hypot(second.high - second.value, first.value - first.low)
    bounded = np.isnan(value)  # without a value, only the ends can be set against each other
    return Estimates(
        value=value,
        low=np.where(bounded, second.low - first.high, value - fall),
        high=np.where(bounded, second.high - first.low, value + rise),
        n=np.minimum(first.n, second.n),
        n_effective=np.fmin(first.n_effective, second.n_effective),
        design_effect=np.full(len(first), np.nan),
        numerator=np.full(len(first), np.nan),
        denominator=np.full(len(first), np.nan),
        level=first.level,
        method="mover",
    )


def p_values(first: Estimates, second: Estimates) -> Floats:
    """Say how surprising each change would be if nothing had changed.

    Parameters
    ----------
    first, second : Estimates
        Figures of the same slices in the same order, at the same level.

    Returns
    -------
    array of shape (groups,)
        Two-sided p-values, read off the interval's reach towards zero; NaN where a figure is
        missing. One for a change of zero.
    """
    found = differences(first, second)
    z = float(ndtri(0.5 + require_level(found.level) / 2))
    reach = np.where(found.value > 0, found.value - found.low, found.high - found.value)
    away = np.abs(found.value)
    score = np.divide(
        z * away, reach, out=np.where(away > 0, np.inf, 0.0), where=np.nan_to_num(reach) > 0
    )
    p: Floats = np.where(np.isnan(found.value), np.nan, 2 * ndtr(-score))
    return p


def holm(p: Floats) -> Floats:
    """Adjust p-values so that the chance of even one false alarm stays below the threshold.

    Parameters
    ----------
    p : array
        P-values; NaN are left alone and not counted.

    Returns
    -------
    array
        Adjusted p-values, in the same order.

    Examples
    --------
    >>> holm(np.array([0.01, 0.04, 0.03])).tolist()
    [0.03, 0.06, 0.06]
    """
    looks = np.arange(int(np.isfinite(p).sum()), 0, -1)
    return _ordered(p, lambda rising: np.maximum.accumulate(rising * looks))


def benjamini_hochberg(p: Floats) -> Floats:
    """Adjust p-values so that the share of false alarms among alarms stays below the threshold.

    Parameters
    ----------
    p : array
        P-values of independent or positively dependent looks; NaN are left alone and not counted.

    Returns
    -------
    array
        Adjusted p-values, in the same order.

    Examples
    --------
    >>> benjamini_hochberg(np.array([0.01, 0.04, 0.03])).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    return _stepped_up(p, penalty=1.0)


def benjamini_yekutieli(p: Floats) -> Floats:
    """Adjust p-values as `benjamini_hochberg` does, for slices that overlap in any way.

    Parameters
    ----------
    p : array
        P-values; NaN are left alone and not counted.

    Returns
    -------
    array
        Adjusted p-values, in the same order.
    """
    looks = int(np.isfinite(p).sum())
    harmonic = float(np.sum(1 / np.arange(1, looks + 1)))
    return _stepped_up(p, penalty=harmonic)


def _stepped_up(p: Floats, *, penalty: float) -> Floats:
    looks = int(np.isfinite(p).sum())
    factor = penalty * looks / np.arange(1, looks + 1)
    return _ordered(p, lambda rising: np.minimum.accumulate((rising * factor)[::-1])[::-1])


def _ordered(p: Floats, adjust: Callable[[Floats], Floats]) -> Floats:
    """Adjust the p-values that are there, from the smallest up, and put them back."""
    there = np.flatnonzero(np.isfinite(p))
    order = there[np.argsort(p[there], kind="stable")]
    adjusted = np.full(p.shape, np.nan)
    adjusted[order] = np.minimum(adjust(p[order]), 1.0)
    return adjusted


def _column(figure: Estimate) -> Estimates:
    """Make a column of one figure."""

    def one(number: float | None) -> Floats:
        return np.array([np.nan if number is None else number])

    return Estimates(
        value=one(figure.value),
        low=one(figure.low),
        high=one(figure.high),
        n=one(figure.n),
        n_effective=one(figure.n_effective),
        design_effect=one(figure.design_effect),
        numerator=one(figure.numerator),
        denominator=one(figure.denominator),
        level=figure.level,
        method=figure.method,
    )

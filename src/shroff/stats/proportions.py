"""Shares from simple random samples: exact and near-exact intervals for yes/no labels."""

from __future__ import annotations

from math import log
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtri

from shroff.errors import DesignError
from shroff.stats.estimate import Estimate, Status

__all__ = [
    "Floats",
    "beta_ends",
    "beta_odds",
    "clopper_pearson",
    "jeffreys",
    "labels_for_zero",
    "require_level",
    "wilson",
    "zero_found",
]

Floats: TypeAlias = NDArray[np.float64]


def clopper_pearson(hits: int, labels: int, *, level: float = 0.95) -> Estimate:
    """Estimate a share with an interval that never covers less than it says.

    Parameters
    ----------
    hits : int
        Labels that say yes; ``0 <= hits <= labels``.
    labels : int
        Labels drawn, each ad once.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Estimate
        Share in [0, 1].

    Notes
    -----
    Assumes that every ad had the same chance of being drawn; for stratified or weighted labels
    use `shroff.stats.sampling`. It is exact, so wider than `wilson` when labels are few.

    References
    ----------
    Clopper and Pearson, Biometrika 26 (1934).

    Examples
    --------
    >>> round(clopper_pearson(0, 300).high, 4)
    0.0122
    """
    _require_counts(hits, labels)
    low, high = beta_ends(np.array([float(hits)]), np.array([float(labels)]), level=level)
    return _share(hits, labels, ends=(float(low[0]), float(high[0])), level=level, method="exact")


def wilson(hits: int, labels: int, *, level: float = 0.95) -> Estimate:
    """Estimate a share with an interval that covers what it says on average.

    Parameters
    ----------
    hits : int
        Labels that say yes; ``0 <= hits <= labels``.
    labels : int
        Labels drawn, each ad once.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Estimate
        Share in [0, 1].

    Notes
    -----
    Assumes that every ad had the same chance of being drawn; for stratified or weighted labels
    use `shroff.stats.sampling`.

    References
    ----------
    Wilson, JASA 22 (1927).

    Examples
    --------
    >>> round(wilson(18, 20).low, 4)
    0.699
    """
    _require_counts(hits, labels)
    z = float(ndtri(0.5 + require_level(level) / 2))
    share, slack = hits / labels, z * z / labels
    middle = (share + slack / 2) / (1 + slack)
    reach = z * (share * (1 - share) / labels + slack / (4 * labels)) ** 0.5 / (1 + slack)
    ends = max(0.0, min(share, middle - reach)), min(1.0, max(share, middle + reach))
    return _share(hits, labels, ends=ends, level=level, method="wilson")


def jeffreys(hits: int, labels: int, *, level: float = 0.95) -> Estimate:
    """Estimate a share with the interval of an even-handed Bayesian.

    Parameters
    ----------
    hits : int
        Labels that say yes; ``0 <= hits <= labels``.
    labels : int
        Labels drawn, each ad once.
    level : float
        Probability wanted, in (0, 1).

    Returns
    -------
    Estimate
        Share in [0, 1].

    Notes
    -----
    Quantiles of Beta(hits + 1/2, misses + 1/2), with the end at 0 or 1 where nothing or everything
    says yes. Assumes that every ad had the same chance of being drawn.

    References
    ----------
    Brown, Cai and DasGupta, Statistical Science 16 (2001).

    Examples
    --------
    >>> round(jeffreys(18, 20).low, 4)
    0.7161
    """
    _require_counts(hits, labels)
    tail = (1 - require_level(level)) / 2
    yes, no, share = hits + 0.5, labels - hits + 0.5, hits / labels
    low = 0.0 if hits == 0 else min(share, float(betaincinv(yes, no, tail)))
    high = 1.0 if hits == labels else max(share, float(betaincinv(yes, no, 1 - tail)))
    return _share(hits, labels, ends=(low, high), level=level, method="jeffreys")


def zero_found(labels: int, *, level: float = 0.95) -> float:
    """Say how large a share may still be when no label said yes.

    Parameters
    ----------
    labels : int
        Labels drawn, none of which said yes.
    level : float
        Confidence that the share is below the answer, in (0, 1).

    Returns
    -------
    float
        Upper bound, one-sided: about ``3 / labels`` at 95%.

    Raises
    ------
    DesignError
        If there is no label.

    Examples
    --------
    >>> round(zero_found(300), 4)
    0.0099
    """
    if labels < 1:
        raise DesignError("no labels", hint="a share nobody looked at is unknown, not zero")
    return 1.0 - float((1 - require_level(level)) ** (1 / labels))


def labels_for_zero(share: float, *, level: float = 0.95) -> int:
    """Count the labels, none of them a yes, that prove a share to be below a limit.

    Parameters
    ----------
    share : float
        Limit to prove, in (0, 1).
    level : float
        Confidence wanted, in (0, 1).

    Returns
    -------
    int
        Labels.

    Raises
    ------
    DesignError
        If the limit is not between 0 and 1.

    Examples
    --------
    >>> labels_for_zero(0.01)
    299
    """
    if not 0 < share < 1:
        raise DesignError(f"a share of {share} cannot be proved", hint="give a limit in (0, 1)")
    return int(np.ceil(log(1 - require_level(level)) / log(1 - share)))


def beta_ends(hits: Floats, labels: Floats, *, level: float) -> tuple[Floats, Floats]:
    """Give Clopper-Pearson ends for many shares at once; counts may be fractions.

    Parameters
    ----------
    hits, labels : array
        Counts of the same shape, ``0 <= hits <= labels``; NaN gives NaN.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    tuple of array
        Low and high ends.
    """
    tail = (1 - require_level(level)) / 2
    misses = np.maximum(labels - hits, 0.0)
    known = labels > 0
    share = np.divide(hits, labels, out=np.full(hits.shape, np.nan), where=known)
    low = np.where(known, 0.0, np.nan)
    high = np.where(known, 1.0, np.nan)
    some, short = known & (hits > 0), known & (misses > 0)
    low[some] = betaincinv(hits[some], misses[some] + 1, tail)
    high[short] = betaincinv(hits[short] + 1, misses[short], 1 - tail)
    # with millions of labels the ends meet the share to the last bit, on either side of it
    return np.minimum(low, share), np.maximum(high, share)


def beta_odds(hits: Floats, misses: Floats, *, tail: float) -> Floats:
    """Give the odds that a Beta(hits, misses) variable stays below with probability ``tail``.

    Parameters
    ----------
    hits, misses : array
        Positive counts, which may be fractions and very unequal; NaN gives NaN.
    tail : float
        Probability, in (0, 1).

    Returns
    -------
    array
        Odds.
    """
    # the smaller side is the one that keeps its digits
    turned = hits > misses
    small, large = np.minimum(hits, misses), np.maximum(hits, misses)
    share = np.full(hits.shape, np.nan)
    known = np.isfinite(small + large)
    chance = np.where(turned, 1 - tail, tail)
    share[known] = betaincinv(small[known], large[known], chance[known])
    # a share too near 0 or 1 for a double is as good as the nearest
    share = np.clip(share, 1e-150, 1 - np.finfo(float).epsneg)
    odds: Floats = np.where(turned, (1 - share) / share, share / (1 - share))
    return odds


def require_level(level: float) -> float:
    """Refuse a coverage that is not between 0 and 1.

    Parameters
    ----------
    level : float
        Coverage wanted.

    Returns
    -------
    float
        The same level.

    Raises
    ------
    DesignError
        If it is not in (0, 1).
    """
    if not 0 < level < 1:
        raise DesignError(f"a level of {level} is not a coverage", hint="0.95 means 95%")
    return level


def _require_counts(hits: int, labels: int) -> None:
    if labels < 1:
        raise DesignError("no labels", hint="a share nobody looked at is unknown, not zero")
    if not 0 <= hits <= labels:
        raise DesignError(f"{hits} hits among {labels} labels", hint="count each ad once")


def _share(
    hits: int, labels: int, *, ends: tuple[float, float], level: float, method: str
) -> Estimate:
    return Estimate(
        value=hits / labels,
        low=ends[0],
        high=ends[1],
        level=level,
        status=Status.ESTIMATE,
        method=method,
        n=labels,
        n_effective=float(labels),
        design_effect=1.0,
        numerator=float(hits),
        denominator=float(labels),
    )

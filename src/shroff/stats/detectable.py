"""How small a difference between two versions would a comparison find, before it is made?"""

from __future__ import annotations

import numpy as np
from scipy.special import bdtr, betaln, ndtri, xlog1py, xlogy

from shroff.errors import DesignError
from shroff.stats.proportions import Floats, require_level

__all__ = ["detectable_difference", "mcnemar_power"]

_MOST = 20_000
_STEPS = 40


def detectable_difference(
    labels: float, disagreement: float, *, level: float = 0.95, power: float = 0.8
) -> float | None:
    """Say which difference a paired comparison finds with a good chance, if it is there.

    Parameters
    ----------
    labels : float
        Labels of the class compared (violating ads, for recall) that it will rest on; of unequal
        weights, how many equal ones tell as much.
    disagreement : float
        Share of them on which the versions differ, in [0, 1].
    level : float
        1 less the test's level, in (0, 1).
    power : float
        Chance wanted to find it, in (0, 1).

    Returns
    -------
    float or None
        Smallest difference of shares, in (0, disagreement]; None when even one version's being
        right on all that differs would not be found.

    Raises
    ------
    DesignError
        If the disagreement or a chance is not one.

    Notes
    -----
    Exact power of McNemar's exact test: the labels that differ are binomial, and so is who is right
    on them.

    Examples
    --------
    >>> round(detectable_difference(300, 0.1), 3)
    0.053
    >>> detectable_difference(20, 0.1) is None
    True
    """
    if not (0 <= disagreement <= 1 and 0 < power < 1 and labels >= 0):
        raise DesignError(
            "a share of disagreement, a power or a number of labels that is not one",
            hint="0.1 means that versions differ on one ad in ten; power is between 0 and 1",
        )
    size = min(int(labels), _MOST)
    if mcnemar_power(size, disagreement, disagreement, level=level) < power:
        return None
    low, high = 0.0, disagreement
    for _ in range(_STEPS):
        middle = (low + high) / 2
        found = mcnemar_power(size, disagreement, middle, level=level)
        low, high = (low, middle) if found >= power else (middle, high)
    # with more labels than are worth counting, power goes by their square root
    return high * float(np.sqrt(size / labels)) if labels > size else high


def mcnemar_power(
    labels: int, disagreement: float, difference: float, *, level: float = 0.95
) -> float:
    """Say how likely McNemar's exact test finds a difference.

    Parameters
    ----------
    labels : int
        Labels.
    disagreement : float
        Share on which the versions differ, in [0, 1].
    difference : float
        Share that one is right on less the share that the other is, in [0, disagreement].
    level : float
        1 less the test's level, in (0, 1).

    Returns
    -------
    float
        Probability of a p-value of at most 1 - level.

    Examples
    --------
    >>> mcnemar_power(100, 0.2, 0.0) <= 0.05
    True
    """
    tail = (1 - require_level(level)) / 2
    if labels < 1 or disagreement <= 0:
        return 0.0
    differ = np.arange(labels + 1, dtype=np.float64)
    often = _binomial(differ, labels, disagreement)
    kept = often > 1e-12
    whole, often = differ[kept], often[kept]
    right = (1 + difference / disagreement) / 2
    most = _most(whole, tail=tail)
    able, size = most >= 0, np.maximum(whole, 1).astype(np.int64)
    below = bdtr(np.maximum(most, 0), size, right)
    above = bdtr(np.maximum(most, 0), size, 1 - right)
    return float(np.sum(often * np.where(able, below + above, 0.0)))


def _most(whole: Floats, *, tail: float) -> Floats:
    """Find the most labels on the losing side for which the test still finds a difference."""
    # by the symmetry of a fair coin the quantile is near; a step either way makes it exact
    near = np.floor(whole / 2 + float(ndtri(tail)) * np.sqrt(whole) / 2) - 4
    found: Floats = np.maximum(near, -1.0)
    size = np.maximum(whole, 1).astype(np.int64)
    for _ in range(12):
        more = found + 1
        fits = (more <= whole) & (bdtr(np.minimum(more, whole), size, 0.5) <= tail)
        fits &= whole > 0
        if not fits.any():
            break
        found = np.where(fits, more, found)
    return found


def _binomial(k: Floats, n: int, share: float) -> Floats:
    if share >= 1:
        whole: Floats = (k == n).astype(np.float64)
        return whole
    ways = -np.log(n + 1) - betaln(n - k + 1, k + 1)
    chance: Floats = np.exp(ways + xlogy(k, share) + xlog1py(n - k, -share))
    return chance

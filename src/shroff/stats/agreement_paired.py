"""Is one way of settling labels right more often than another, on the same items?"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from shroff.errors import DesignError
from shroff.stats.estimate import Estimate, Status
from shroff.stats.proportions import Floats, require_level

__all__ = ["credit", "paired_difference"]


def credit(chances: Floats, truth: np.ndarray) -> Floats:
    """Tell how far the likeliest class is the true one.

    Parameters
    ----------
    chances : array of shape (n, C)
        Chance, or share of votes, of each class.
    truth : array of int, shape (n,)
        True class.

    Returns
    -------
    array of shape (n,)
        1 where it is, 0 where not; where several classes are equally likely, what a toss among
        them would earn.
    """
    best = chances >= chances.max(axis=1, keepdims=True) - 1e-12
    right = best[np.arange(len(truth)), truth]
    earned: Floats = right / best.sum(axis=1)
    return earned


def paired_difference(first: Floats, second: Floats, *, level: float = 0.95) -> Estimate:
    """Say how much more often the second is right than the first, on the same items.

    Parameters
    ----------
    first, second : array of shape (n,)
        Credit of the two on each item, in [0, 1].
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Estimate
        Second minus first; ``n`` counts items, ``n_effective`` those on which the two differ.

    Raises
    ------
    DesignError
        If there is no item, or the two are not of the same items.

    Notes
    -----
    Items on which both are right or both wrong say nothing of the difference. Bonett and Price's
    interval adds one item to each way of differing. It is about items like these, drawn alike,
    and takes the two ways of settling as they are.

    References
    ----------
    Bonett and Price, Journal of Educational and Behavioral Statistics 37 (2012).

    Examples
    --------
    >>> found = paired_difference(np.repeat([0.0, 1.0, 1.0], [12, 4, 84]), np.repeat([1.0, 0, 1], [12, 4, 84]))
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (0.08, -0.002, 0.159)
    """
    z = float(ndtri(0.5 + require_level(level) / 2))
    n = len(first)
    if n == 0 or len(second) != n:
        raise DesignError("no items to compare on", hint="have an expert settle some items")
    gap = second - first
    won, lost = float(np.maximum(gap, 0).sum()), float(np.maximum(-gap, 0).sum())
    up, down = (won + 1) / (n + 2), (lost + 1) / (n + 2)
    reach = z * ((up + down - (up - down) ** 2) / (n + 2)) ** 0.5
    value = float(gap.mean())
    return Estimate(
        value=value,
        low=max(-1.0, min(value, up - down - reach)),
        high=min(1.0, max(value, up - down + reach)),
        level=level,
        status=Status.ESTIMATE,
        method="bonett-price",
        n=n,
        n_effective=float(np.count_nonzero(gap)),
        numerator=won - lost,
        denominator=float(n),
    )

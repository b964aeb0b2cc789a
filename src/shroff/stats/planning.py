"""How many labels a question needs when they are drawn evenly; see `allocation` for strata."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

import numpy as np
from scipy.special import bdtr

from shroff.errors import DesignError
from shroff.stats.proportions import beta_odds, require_level

__all__ = ["labels_for_width", "labels_to_show_below"]

_MOST = 1 << 30


def labels_for_width(
    share: float, width: float, *, level: float = 0.95, design_effect: float = 1.0
) -> int:
    """Count the labels that make a share's interval as narrow as wanted.

    Parameters
    ----------
    share : float
        Share expected, in [0, 1]; 0.5 if nothing is known.
    width : float
        Width of the whole interval, in (0, 1).
    level : float
        Coverage wanted, in (0, 1).
    design_effect : float
        Labels of the design that know as much as one of a simple random sample.

    Returns
    -------
    int
        Labels.

    Raises
    ------
    DesignError
        If the share or the width is not one.

    Examples
    --------
    >>> labels_for_width(0.9, 0.1)
    158
    """
    if not (0 <= share <= 1 and 0 < width < 1):
        raise DesignError("a share or a width outside 0 to 1", hint="0.05 means 5 points")
    tail = (1 - require_level(level)) / 2

    def narrow(labels: int) -> bool:
        low, high = _expected_ends(share, labels, tail=tail)
        return high - low <= width

    return ceil(_smallest(narrow) * design_effect)


def labels_to_show_below(
    limit: float, share: float, *, level: float = 0.95, power: float = 0.8
) -> int:
    """Count the labels that will show a share to be below a limit, if it is.

    Parameters
    ----------
    limit : float
        Goal, such as a leakage of at most 0.01.
    share : float
        Share believed, below the limit.
    level : float
        Level of the interval whose high end must be below the limit.
    power : float
        Chance that the sample will show it, in (0, 1).

    Returns
    -------
    int
        Labels of a simple random sample.

    Raises
    ------
    DesignError
        If the share is not below the limit: then no sample shows it.

    Examples
    --------
    >>> labels_to_show_below(0.01, 0.0)
    368
    """
    if not 0 <= share < limit < 1:
        raise DesignError(
            f"a share of {share} is not below {limit}",
            hint="no sample proves what is not so; choose a goal above the share expected",
        )
    tail = (1 - require_level(level)) / 2

    def shows(labels: int) -> bool:
        # most hits that leave the high end below the limit; Clopper-Pearson inverted
        hits = _most_hits(limit, labels, tail=tail)
        return hits >= 0 and float(bdtr(hits, labels, share)) >= power

    return _smallest(shows)


def _smallest(enough: Callable[[int], bool]) -> int:
    high = 1
    while not enough(high):
        high *= 2
        if high > _MOST:
            raise DesignError(
                "no number of labels is enough", hint="ask for a wider interval or another goal"
            )
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _expected_ends(share: float, labels: int, *, tail: float) -> tuple[float, float]:
    hits = np.array([share * labels])
    misses = labels - hits
    low = beta_odds(np.where(hits > 0, hits, np.nan), misses + 1, tail=tail)[0]
    high = beta_odds(hits + 1, np.where(misses > 0, misses, np.nan), tail=1 - tail)[0]
    return (
        0.0 if np.isnan(low) else float(low / (1 + low)),
        1.0 if np.isnan(high) else float(high / (1 + high)),
    )


def _most_hits(limit: float, labels: int, *, tail: float) -> int:
    low, high = -1, labels
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if bdtr(middle, labels, limit) <= tail else (low, middle)
    return low

"""How many labels a question needs, and where to draw them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

import numpy as np
from scipy.special import bdtr, ndtri

from shroff.errors import DesignError
from shroff.stats.proportions import Floats, beta_odds, require_level

__all__ = ["Batch", "audit_batch", "labels_for_width", "labels_to_show_below"]

_MOST = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A sample to draw: labels by stratum, and how wide the answer will be.

    Parameters
    ----------
    labels : array of int, shape (S,)
        Ads to draw at random from each stratum.
    width : float
        Width of the interval to expect.
    """

    labels: np.ndarray
    width: float

    @property
    def total(self) -> int:
        """Count its labels."""
        return int(self.labels.sum())


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


def audit_batch(
    population: Floats,
    share: Floats,
    *,
    width: float,
    level: float = 0.95,
    floor: int = 30,
) -> Batch:
    """Plan the smallest sample that tells the overall share to a width.

    Parameters
    ----------
    population : array of shape (S,)
        Ads of each stratum.
    share : array of shape (S,)
        Share expected in each stratum; 0.5 where nothing is known.
    width : float
        Width wanted of the overall share's interval, in (0, 1).
    level : float
        Coverage wanted, in (0, 1).
    floor : int
        Labels that each stratum gets at least, or all its ads if it has fewer.

    Returns
    -------
    Batch
        Labels by stratum, Neyman's allocation with the floor, and the width to expect.

    Notes
    -----
    A stratum is drawn in proportion to its ads times the standard deviation expected there, half a
    hit and half a miss added so that a stratum believed clean is still looked at. The floor is
    there because beliefs are wrong.

    References
    ----------
    Neyman, Journal of the Royal Statistical Society 97 (1934).

    Examples
    --------
    >>> audit_batch(np.array([9000.0, 1000.0]), np.array([0.01, 0.6]), width=0.02).labels.tolist()
    [892, 307]
    """
    _require_strata(population, share, width=width)
    shy = (share * floor + 0.5) / (floor + 1)
    spread = population * np.sqrt(shy * (1 - shy))
    least = np.minimum(population, floor)
    z = float(ndtri(0.5 + require_level(level) / 2))

    def drawn(total: int) -> Floats:
        return _allocate(total, spread, least=least, most=population)

    def reach(labels: Floats) -> float:
        left = np.maximum(population - labels, 0) / np.maximum(population, 1)
        squares = np.divide(spread**2 * left, labels, out=np.zeros(len(labels)), where=labels > 0)
        return 2 * z * float(np.sqrt(squares.sum())) / float(population.sum())

    everything = int(np.ceil(population.sum()))
    total = _smallest(lambda labels: labels >= everything or reach(drawn(labels)) <= width)
    labels = np.ceil(drawn(total)).astype(np.intp)
    return Batch(labels=labels, width=reach(labels.astype(float)))


def _allocate(total: int, spread: Floats, *, least: Floats, most: Floats) -> Floats:
    """Share out labels in proportion, between a floor and everything there is."""

    def given(scale: float) -> Floats:
        return np.clip(scale * spread, least, most)

    low, high = 0.0, 1.0
    while given(high).sum() < min(total, most.sum()) and high < _MOST:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if given(middle).sum() < total else (low, middle)
    return given(high)


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


def _require_strata(population: Floats, share: Floats, *, width: float) -> None:
    if len(population) == 0 or not np.all(population >= 0) or population.sum() <= 0:
        raise DesignError("no ads to draw from", hint="choose a period with decisions")
    if not (np.all((share >= 0) & (share <= 1)) and 0 < width < 1):
        raise DesignError("a share or a width outside 0 to 1", hint="0.05 means 5 points")

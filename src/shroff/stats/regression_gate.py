"""Is a new version worse beyond noise, and could the test have seen it if it were?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from shroff.errors import DesignError
from shroff.stats.estimate import Estimate

__all__ = ["POWER", "Drop", "drop_of", "each_level", "shortfall_of"]

POWER = 0.8
"""Chance with which a gate would have caught the smallest regression it names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop:
    """One check of a gate.

    Parameters
    ----------
    fails : bool
        Whether the figure is worse beyond noise.
    value, low, high : float
        By how much it is worse, with its interval; negative where it is better.
    smallest : float
        Smallest regression that the check would have caught four times in five.
    needed : float
        Labels with which it would catch the one that matters; as many as there are where it does.
    """

    fails: bool
    value: float
    low: float
    high: float
    smallest: float
    needed: float


def each_level(alpha: float, checks: int) -> float:
    """Give the level of each interval, so that a gate of several checks seldom fails by chance.

    Parameters
    ----------
    alpha : float
        Chance that the gate fails although nothing is worse, in (0, 0.5).
    checks : int
        Number of checks.

    Returns
    -------
    float
        Level of a two-sided interval whose one end is looked at (Bonferroni).

    Raises
    ------
    DesignError
        If alpha is not such a chance.

    Examples
    --------
    >>> each_level(0.05, 2)
    0.95
    """
    if not 0 < alpha < 0.5:
        raise DesignError(
            f"{alpha:g} is no chance of failing by mistake", hint="such as --alpha 0.05"
        )
    return 1 - 2 * alpha / max(checks, 1)


def drop_of(
    difference: Estimate, *, higher_is_better: bool, margin: float, matters: float
) -> Drop | None:
    """Say whether a new version is worse than another beyond noise.

    Parameters
    ----------
    difference : Estimate
        New less old, on the same ads.
    higher_is_better : bool
        Which way is worse.
    margin : float
        How much worse it may be.
    matters : float
        Regression beyond the margin that should be caught.

    Returns
    -------
    Drop or None
        The check; None where nothing is known.

    Notes
    -----
    It fails where the whole interval is worse than the margin. Where it just does not, the reach
    of the interval tells the noise: a regression of the margin and (z of the level + z of the
    power) standard errors would have failed with that power.
    """
    if difference.value is None or difference.low is None or difference.high is None:
        return None
    worse = (difference.value, difference.low, difference.high)
    if higher_is_better:
        worse = (-difference.value, -difference.high, -difference.low)
    return _check(worse, bar=margin, level=difference.level, n=difference.n, matters=matters)


def shortfall_of(
    figure: Estimate, *, higher_is_better: bool, floor: float, matters: float
) -> Drop | None:
    """Say whether a figure misses its floor (or passes its ceiling) beyond noise.

    Parameters
    ----------
    figure : Estimate
        The new version's figure.
    higher_is_better : bool
        Whether the bar is a floor.
    floor : float
        The bar.
    matters : float
        How far below it a figure should be caught.

    Returns
    -------
    Drop or None
        The check; None where nothing is known.
    """
    if figure.value is None or figure.low is None or figure.high is None:
        return None
    short = (floor - figure.value, floor - figure.high, floor - figure.low)
    if not higher_is_better:
        short = (figure.value - floor, figure.low - floor, figure.high - floor)
    return _check(short, bar=0.0, level=figure.level, n=figure.n, matters=matters)


def _check(
    worse: tuple[float, float, float], *, bar: float, level: float, n: int, matters: float
) -> Drop:
    value, low, high = worse
    z = float(ndtri(0.5 + level / 2))
    error = max(value - low, 0.0) / z
    reach = (z + float(ndtri(POWER))) * error
    enough = reach <= matters
    needed = n if enough or matters <= 0 else float(np.ceil(n * (reach / matters) ** 2))
    return Drop(
        fails=low > bar,
        value=value,
        low=low,
        high=high,
        smallest=bar + reach,
        needed=needed,
    )

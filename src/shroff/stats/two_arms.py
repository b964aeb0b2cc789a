"""Ads that a hash put on either side: how far do the two sides differ?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, stdtr, stdtrit

from shroff.errors import DesignError
from shroff.stats.proportions import Floats, require_level

__all__ = ["ArmRows", "Arms", "compare_arms"]

_LEAST_CLUSTERS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmRows:
    """Labelled ads of both sides.

    Parameters
    ----------
    above, below : array, shape (n,)
        What each adds to the numerator and denominator of the figure.
    weight : array, shape (n,)
        1 / chance of having been labelled.
    treated : array of bool, shape (n,)
        Whether the hash put it on the side with the change.
    cluster : array of int, shape (n,)
        Whose ad it is: ads of an advertiser err together.
    """

    above: Floats
    below: Floats
    weight: Floats
    treated: NDArray[np.bool_]
    cluster: NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arms:
    """Two sides beside each other.

    Parameters
    ----------
    treated, control : float
        The figure of either side.
    effect, low, high : float
        Treated minus control, with the ends of its interval.
    relative : tuple of float or None
        The same as a share of the control's, with ends; None where the control has none.
    p : float
        Two-sided: how surprising it would be if nothing differed.
    n_treated, n_control, clusters : int
        Ads in the denominator of either side, and whose they are.
    freedom : float
        Degrees of freedom of the interval.
    level : float
        Coverage the interval aims at.
    """

    treated: float
    control: float
    effect: float
    low: float
    high: float
    relative: tuple[float, float, float] | None
    p: float
    n_treated: int
    n_control: int
    clusters: int
    freedom: float
    level: float


def compare_arms(rows: ArmRows, *, level: float = 0.95) -> Arms:
    """Say how far the side with a change differs from the side without.

    Parameters
    ----------
    rows : ArmRows
        Labelled ads of both sides.
    level : float
        Coverage of the interval, in (0, 1).

    Returns
    -------
    Arms
        The difference and its share, with intervals.

    Raises
    ------
    DesignError
        If a side has nothing in its denominator, or there are fewer than ten advertisers.

    Notes
    -----
    Both figures are ratios of weighted sums, linearised together: an advertiser may have ads on
    both sides. Errors are added up by advertiser; degrees of freedom follow the fourth moment of
    these sums, so that a few heavy advertisers are not taken for many. The share is worked out on
    a logarithmic scale. Where the treated side counted nothing, its end is that of an exact
    binomial interval at the labels that would tell as much.
    """
    require_level(level)
    figures, errors, counts = zip(*(_side(rows, side) for side in (True, False)), strict=True)
    (treated, control), (n_treated, n_control) = figures, counts
    names, place = np.unique(rows.cluster, return_inverse=True)
    if len(names) < _LEAST_CLUSTERS:
        raise DesignError(
            f"{len(names)} advertisers are too few to tell the two sides apart",
            hint=f"{_LEAST_CLUSTERS} are the least",
        )
    sums: list[Floats] = [
        np.bincount(place, weights=each, minlength=len(names)).astype(np.float64)
        for each in errors
    ]
    sd, freedom = _doubt(sums[0] - sums[1])
    reach = float(stdtrit(freedom, 0.5 + level / 2)) * sd
    effect = treated - control
    return Arms(
        treated=treated,
        control=control,
        effect=effect,
        low=effect - reach,
        high=effect + reach,
        relative=_relative(rows, (treated, control), sums, level=level),
        p=float(2 * stdtr(freedom, -abs(effect) / sd)) if sd > 0 else 1.0,
        n_treated=n_treated,
        n_control=n_control,
        clusters=len(names),
        freedom=freedom,
        level=level,
    )


def _side(rows: ArmRows, treated: bool) -> tuple[float, Floats, int]:  # noqa: FBT001 - a side
    """Give the figure of a side, each ad's share of its error, and its ads."""
    mine = rows.treated == treated
    below = np.where(mine, rows.weight * rows.below, 0.0)
    above = np.where(mine, rows.weight * rows.above, 0.0)
    if below.sum() <= 0:
        name = "with" if treated else "without"
        raise DesignError(f"the side {name} the change has no labelled ad to count")
    figure = float(above.sum() / below.sum())
    return figure, (above - figure * below) / below.sum(), int(np.sum(below > 0))


def _doubt(sums: Floats) -> tuple[float, float]:
    """Give the standard error of a sum over clusters, and its degrees of freedom."""
    many = len(sums)
    away = sums - sums.mean()
    second = float(np.sum(away**2))
    fourth = float(np.sum(away**4))
    freedom = min(3 * second**2 / fourth, many - 1.0) if fourth > 0 else many - 1.0
    return float(np.sqrt(many / (many - 1) * second)), max(freedom, 1.0)


def _relative(
    rows: ArmRows, figures: tuple[float, float], sums: list[Floats], *, level: float
) -> tuple[float, float, float] | None:
    treated, control = figures
    if control <= 0:
        return None
    if treated > 0:
        sd, freedom = _doubt(sums[0] / treated - sums[1] / control)
        middle = float(np.log(treated / control))
        reach = float(stdtrit(freedom, 0.5 + level / 2)) * sd
        value, low, high = (
            float(np.expm1(each)) for each in (middle, middle - reach, middle + reach)
        )
        return value, low, high
    below = rows.weight * rows.below * rows.treated
    effective = float(below.sum() ** 2 / np.sum(below**2))
    top = float(betaincinv(1.0, max(effective, 1.0), 0.5 + level / 2))
    return -1.0, -1.0, top / control - 1

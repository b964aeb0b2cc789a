"""Has the way people judge changed: over weeks, and from one guideline to the next?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, ndtr, ndtri

from shroff.stats.checks import require_index, require_sums
from shroff.stats.estimate import Estimates
from shroff.stats.linearise import Ints, add_up, divide
from shroff.stats.proportions import Floats, beta_ends, require_level

__all__ = ["Pairs", "adjusted_difference", "homogeneity", "surprises"]

_FEWEST = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Counts of two kinds of answers beside each other, a row for each stratum of the mix.

    Parameters
    ----------
    group : array of int, shape (k,)
        Figure 0..G-1 that the stratum is part of.
    first_hits, first, second_hits, second : array of shape (k,)
        Answers of the first kind that are a hit, all of them; the same of the second kind.
    """

    group: Ints
    first_hits: Floats
    first: Floats
    second_hits: Floats
    second: Floats


def adjusted_difference(pairs: Pairs, *, groups: int, level: float = 0.95) -> Estimates:
    """Say how far two shares are apart on the same mix of ads, second minus first.

    Parameters
    ----------
    pairs : Pairs
        Counts by stratum.
    groups : int
        Number of figures.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Estimates
        One difference per group; ``n`` counts answers in strata where both kinds are found. NaN
        where there is no such stratum: then the two have no ads in common to be compared on.

    Notes
    -----
    Mantel and Haenszel's difference: each stratum counts by what it can tell, a stratum with
    answers of one kind only not at all. Each kind's share on that mix gets Korn and Graubard's
    interval, with a variance in which small strata are drawn to their kind's usual share, and the
    two are set against each other by square-and-add. Each ad should be there once for each kind.

    References
    ----------
    Greenland and Robins, Biometrics 41 (1985); Newcombe, Statistics in Medicine 17 (1998).
    """
    require_level(level)
    require_index("group", pairs.group, size=groups, where="pairs")
    counts = (pairs.first_hits, pairs.first, pairs.second_hits, pairs.second)
    for values in counts:
        require_sums("count", values, where="pairs", hint="count answers, each once")
    hits_1, n_1, hits_2, n_2 = counts
    both = (n_1 > 0) & (n_2 > 0)
    pull = np.where(both, n_1 * n_2 / np.maximum(n_1 + n_2, 1e-12), 0.0)
    informing = add_up(pairs.group, pull, size=groups)
    sides = [
        _side(pairs.group, hits, count, pull=pull, groups=groups, level=level)
        for hits, count in ((hits_1, n_1), (hits_2, n_2))
    ]
    (one, low_1, high_1), (two, low_2, high_2) = sides
    value = np.where(informing > 0, two - one, np.nan)
    n = add_up(pairs.group, np.where(both, n_1 + n_2, 0.0), size=groups)
    nothing = np.full(groups, np.nan)
    return Estimates(
        value=value,
        low=value - np.hypot(two - low_2, high_1 - one),
        high=value + np.hypot(high_2 - two, one - low_1),
        n=np.round(n).astype(np.int64),
        n_effective=np.where(informing > 0, n, np.nan),
        design_effect=nothing,
        numerator=nothing,
        denominator=nothing,
        level=level,
        method="mantel-haenszel",
    )


def _side(
    group: Ints, hits: Floats, count: Floats, *, pull: Floats, groups: int, level: float
) -> tuple[Floats, Floats, Floats]:
    """Give the share of one kind on the common mix, with its ends."""
    inside = pull > 0
    total = add_up(group, pull, size=groups)
    each = np.divide(hits, count, out=np.zeros(len(hits)), where=inside)
    share = divide(add_up(group, pull * each, size=groups), total)
    whole = add_up(group, np.where(inside, hits, 0.0), size=groups) + 0.5
    usual = whole / (add_up(group, np.where(inside, count, 0.0), size=groups) + 1)
    some = ((share > 0) & (share < 1))[group]
    drawn = np.where(some, (hits + usual[group]) / (count + 1), usual[group])
    spread = np.where(inside, pull**2 * drawn * (1 - drawn) / np.maximum(count, 1e-12), 0.0)
    variance = divide(add_up(group, spread, size=groups), total**2)
    base = np.where((share > 0) & (share < 1), share, usual)
    effective = np.nan_to_num(divide(base * (1 - base), variance))
    low, high = beta_ends(share * effective, effective, level=level)
    return share, low, high


def surprises(differences: Estimates) -> Floats:
    """Say how surprising each difference would be if there were none.

    Parameters
    ----------
    differences : Estimates
        Differences of shares.

    Returns
    -------
    array of shape (groups,)
        Two-sided p-values, read off the interval's reach towards zero; NaN where nothing is known.
    """
    z = float(ndtri(0.5 + require_level(differences.level) / 2))
    value = differences.value
    reach = np.where(value > 0, value - differences.low, differences.high - value)
    score = np.divide(
        z * np.abs(value),
        reach,
        out=np.where(np.abs(value) > 0, np.inf, 0.0),
        where=np.nan_to_num(reach) > 0,
    )
    p: Floats = np.where(np.isnan(value), np.nan, 2 * ndtr(-score))
    return p


def homogeneity(figures: Estimates) -> float:
    """Say how surprising it would be for shares to differ so, if nothing had changed.

    Parameters
    ----------
    figures : Estimates
        Shares of one kind, e.g. of weeks, from labels that do not overlap.

    Returns
    -------
    float
        P-value of a chi-squared test on effective labels; NaN with fewer than two figures of
        two effective labels or more.
    """
    known = np.isfinite(figures.value) & (np.nan_to_num(figures.n_effective) >= _FEWEST)
    if np.count_nonzero(known) < 2:
        return float("nan")
    n, share = figures.n_effective[known], figures.value[known]
    middle = (np.sum(n * share) + 0.5) / (np.sum(n) + 1)
    statistic = np.sum(n * (share - np.sum(n * share) / np.sum(n)) ** 2) / (middle * (1 - middle))
    return float(chdtrc(len(n) - 1, statistic))

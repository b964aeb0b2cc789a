"""Does a phrase rise beyond chance, and how much? Counts of two groups of ads held against each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaincinv, xlogy

__all__ = ["Growth", "Rise", "adjusted_phrases", "growth_of", "least_growth", "rises", "root_g2"]

Floats = NDArray[np.float64]

_LEAST_P = 1e-300
_PRIOR, _LOWER = 5.0, 0.025


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """Counts of phrases in a first group of ads and in a background; arrays of shape (phrases,).

    Parameters
    ----------
    here, there : array
        Ads with the phrase in the first group and in the background.
    expected : array
        Ads with the phrase that would be of the first group if they were as those of their strata.
    effect : array
        How many times the variance is what it would be if every ad were another advertiser's, at
        least 1.
    """

    here: Floats
    there: Floats
    expected: Floats
    effect: Floats

    @property
    def share(self) -> Floats:
        """Chance that an ad with the phrase is of the first group if nothing rose."""
        return np.clip(self.expected / np.maximum(self.here + self.there, 1e-9), 1e-12, 1 - 1e-12)

    def taken(self, places: NDArray[np.intp]) -> Rise:
        """Take some phrases."""
        columns = (self.here, self.there, self.expected, self.effect)
        here, there, expected, effect = (column[places] for column in columns)
        return Rise(here=here, there=there, expected=expected, effect=effect)


def root_g2(rise: Rise) -> Floats:
    """Score phrases: the signed root of the likelihood ratio, over the design effect.

    Parameters
    ----------
    rise : Rise
        Counts.

    Returns
    -------
    array
        About a standard normal where nothing rose; negative for phrases that fell.

    References
    ----------
    Dunning, Computational Linguistics 19 (1993).
    """
    here, there, total = rise.here, rise.there, rise.here + rise.there
    usual = total * rise.share
    g2 = 2 * (
        xlogy(here, here / np.maximum(usual, 1e-12))
        + xlogy(there, there / np.maximum(total - usual, 1e-12))
    )
    found: Floats = np.sign(here - usual) * np.sqrt(np.maximum(g2, 0) / rise.effect)
    return found


def rises(rise: Rise, *, least: int) -> Floats:
    """Give the p-value of each phrase: could so many be in the first group by chance?

    Parameters
    ----------
    rise : Rise
        Counts of phrases that are in at least ``least`` ads of the first group.
    least : int
        What phrases were chosen by.

    Returns
    -------
    array
        One-sided p-values that hold for phrases that were chosen so.

    Notes
    -----
    Of ``n`` ads with a phrase a binomial number is of the first group. Looking only at phrases with
    ``least`` ads there leaves the upper end of that distribution, and the tail is divided by its
    mass. Ads of one advertiser are no independent draws: both counts are divided by the design
    effect, the sum of squares of advertisers' counts over their sum.
    """
    here, there = rise.here / rise.effect, rise.there / rise.effect
    floor = np.minimum(least / rise.effect, here)
    tail = _tail(here, there, rise.share)
    chosen = _tail(floor, here + there - floor, rise.share)
    return np.asarray(np.clip(tail / np.maximum(chosen, _LEAST_P), _LEAST_P, 1.0))


def _tail(here: Floats, there: Floats, share: Floats) -> Floats:
    """Chance of so many or more among ``here + there``; not only whole numbers."""
    return np.asarray(betainc(np.maximum(here, 1e-9), there + 1, share), np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How many times as frequent phrases are among the first group's ads; arrays (phrases,).

    Parameters
    ----------
    value, low, high : array
        Ratio and interval; infinite where the background has none.
    level : float
        Coverage of each interval.
    """

    value: Floats
    low: Floats
    high: Floats
    level: float


def growth_of(rise: Rise, *, level: float) -> Growth:
    """Estimate how many times as frequent phrases are in the first group as in the background.

    Parameters
    ----------
    rise : Rise
        Counts.
    level : float
        Coverage wanted of each interval, in (0, 1).

    Returns
    -------
    Growth
        Ratios within strata.

    Notes
    -----
    The exact interval of a binomial share (Clopper and Pearson, Biometrika 1934) of the counts over
    their design effect, as odds against those expected.
    """
    here, there = rise.here / rise.effect, rise.there / rise.effect
    usual = rise.share / (1 - rise.share)
    tail = (1 - level) / 2
    low = betaincinv(np.maximum(here, 1e-9), there + 1, tail)
    high = np.where(there > 0, betaincinv(here + 1, np.maximum(there, 1e-9), 1 - tail), 1.0)
    with np.errstate(divide="ignore"):
        return Growth(
            value=here / there / usual,
            low=low / (1 - low) / usual,
            high=high / (1 - high) / usual,
            level=level,
        )


def adjusted_phrases(p: Floats, *, looked_at: int) -> Floats:
    """Adjust p-values of phrases that were put together from many more pieces.

    Parameters
    ----------
    p : array
        P-values of phrases.
    looked_at : int
        Pieces looked at.

    Returns
    -------
    array
        At most this share of the phrases with no larger value is false, on average.

    Notes
    -----
    A phrase that rises gives dozens of pieces that rise, so that controlling the share of false
    ones among pieces lets far more through among phrases. Here false phrases, which are at most as
    many as the ``looked_at * p`` pieces expected by chance, are held against the phrases found.
    """
    order = np.argsort(p, kind="stable")
    share = p[order] * looked_at / np.arange(1, len(p) + 1)
    found = np.empty(len(p))
    found[order] = np.minimum(np.minimum.accumulate(share[::-1])[::-1], 1.0)
    return found


def least_growth(rise: Rise) -> Floats:
    """Score phrases: how many times as frequent they are at least, drawn towards no growth.

    Parameters
    ----------
    rise : Rise
        Counts.

    Returns
    -------
    array
        Logarithm of the lower end of a 95% credible interval of the growth; the prior is worth
        five ads that came as expected. Zero or less where nothing is known to have risen.

    Notes
    -----
    Chosen on terms planted in real text, brand new and known before (benchmarks/keyness.py): the
    likelihood ratio puts frequent words that drift above rarer terms that double, and log-odds with
    a prior put what is brand new below both.
    """
    share = rise.share
    here = rise.here / rise.effect + _PRIOR * share
    there = rise.there / rise.effect + _PRIOR * (1 - share)
    low = np.clip(betaincinv(here, there, _LOWER), 1e-12, 1 - 1e-12)
    found: Floats = np.log(low / (1 - low)) - np.log(share / (1 - share))
    return found

"""How far apart two periods are: distances of what came in, and what they do to precision and recall."""

from __future__ import annotations

import numpy as np

from shroff.stats.proportions import Floats

__all__ = ["cohens_h", "distances", "ordered_distances", "rate_and_mix", "shares"]

_ADDED = 0.5


def shares(counts: Floats) -> Floats:
    """Give the share of each value, half an ad added to each."""
    found: Floats = (counts + _ADDED) / (counts.sum() + _ADDED * len(counts))
    return found


def distances(before: Floats, after: Floats) -> Floats:
    """Tell how far the mix of values moved.

    Parameters
    ----------
    before, after : array of shape (values,)
        Ads of each value.

    Returns
    -------
    array of shape (2,)
        Population stability index (symmetric Kullback-Leibler divergence, at least 0) and total
        variation (the share of ads that would have to change their value, 0 to 1).
    """
    first, second = shares(before), shares(after)
    index = float(((second - first) * np.log(second / first)).sum())
    return np.array([index, float(np.abs(second - first).sum()) / 2])


def ordered_distances(before: Floats, after: Floats) -> Floats:
    """Tell how far scores moved.

    Parameters
    ----------
    before, after : array of shape (bins,)
        Ads by score, in bins of equal width from lowest to highest.

    Returns
    -------
    array of shape (4,)
        Population stability index; Wasserstein distance and change of the mean, as shares of the
        range of scores; Kolmogorov and Smirnov's distance.
    """
    first, second = before / before.sum(), after / after.sum()
    steps = np.cumsum(second - first)
    places = (np.arange(len(before)) + 0.5) / len(before)
    return np.array(
        [
            float(distances(before, after)[0]),
            float(np.abs(steps[:-1]).sum()) / len(before),
            float((places * (second - first)).sum()),
            float(np.abs(steps).max()),
        ]
    )


def cohens_h(before: Floats, after: Floats) -> Floats:
    """Tell how far a share moved: ``2 asin(sqrt(p1)) - 2 asin(sqrt(p0))``.

    Parameters
    ----------
    before, after : array of shape (2,)
        What is above and below the line of the share.

    Returns
    -------
    array of shape (1,)
        Cohen's h; 0.2 is called small, 0.5 medium, 0.8 large.
    """
    angles = [
        2 * np.arcsin(np.sqrt(np.clip(side[0] / max(side[1], 1e-12), 0, 1)))
        for side in (before, after)
    ]
    return np.array([float(angles[1] - angles[0])])


def rate_and_mix(before: Floats, after: Floats) -> Floats:
    """Split the change of a ratio into what values' own ratios did and what their mix did.

    Parameters
    ----------
    before, after : array of shape (values, 2)
        What is above and below the line, by value.

    Returns
    -------
    array of shape (5,)
        Ratio before and after, the change, and its parts by rate and by mix, which sum to it.

    Notes
    -----
    The mix is what the change would be had every value kept its ratio (the mean of both periods):
    each value's ratio is weighed by the mix before and after. A value that is in one period only
    keeps the ratio it has there.
    """
    below = np.stack([before[:, 1], after[:, 1]])
    above = np.stack([before[:, 0], after[:, 0]])
    share = below / np.maximum(below.sum(axis=1, keepdims=True), 1e-12)
    ratio = np.divide(above, below, out=np.full(below.shape, np.nan), where=below > 0)
    ratio = np.nan_to_num(np.where(np.isnan(ratio), ratio[::-1], ratio))
    ends = (share * ratio).sum(axis=1)
    rate = float((share.mean(axis=0) * (ratio[1] - ratio[0])).sum())
    mix = float((ratio.mean(axis=0) * (share[1] - share[0])).sum())
    return np.array([ends[0], ends[1], ends[1] - ends[0], rate, mix])

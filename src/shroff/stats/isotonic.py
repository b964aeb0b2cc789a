"""The rising curve that fits labels best: from scores to chances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shroff.errors import DesignError
from shroff.stats.dense import add_up
from shroff.stats.proportions import Floats

__all__ = ["Rising", "pooled", "rising"]


@dataclass(frozen=True, slots=True)
class Rising:
    """A curve that rises in straight pieces and is level beyond its ends.

    Parameters
    ----------
    at, value : array of shape (k,)
        Corners, ascending.
    """

    at: Floats
    value: Floats

    def __call__(self, scores: Floats) -> Floats:
        """Give the curve's value at some scores."""
        found: Floats = np.interp(scores, self.at, self.value)
        return found


def pooled(values: Floats, weights: Floats) -> Floats:
    """Pool adjacent violators: the closest values that never fall.

    Parameters
    ----------
    values : array of shape (n,)
        Values in order.
    weights : array of shape (n,)
        What each counts, above zero.

    Returns
    -------
    array of shape (n,)
        Least-squares values that never fall.

    References
    ----------
    Ayer et al., Annals of Mathematical Statistics 26 (1955).
    """
    means: list[float] = []
    masses: list[float] = []
    sizes: list[int] = []
    for value, weight in zip(values.tolist(), weights.tolist(), strict=True):
        mean, mass, size = value, weight, 1
        while means and means[-1] >= mean:
            whole = masses[-1] + mass
            mean = (means.pop() * masses[-1] + mean * mass) / whole
            mass, size = masses.pop() + mass, sizes.pop() + size
        means.append(mean)
        masses.append(mass)
        sizes.append(size)
    return np.repeat(np.array(means), sizes)


def rising(scores: Floats, hits: Floats, weights: Floats, *, ends: float = 0.0) -> Rising:
    """Fit a curve from scores to chances that never falls.

    Parameters
    ----------
    scores : array of shape (n,)
        Scores.
    hits : array of shape (n,)
        Part of each row's weight that is violating, 0 to 1.
    weights : array of shape (n,)
        Sum of 1 / inclusion probability of each row.
    ends : float
        Weight of one violating label at the lowest score and one compliant label at the highest:
        with it no chance is 0 or 1.

    Returns
    -------
    Rising
        One corner for each level, at the mean score of its labels.

    Raises
    ------
    DesignError
        If no row has a weight above zero.

    Notes
    -----
    Levels are those of weighted isotonic regression. Between the middles of two levels the curve is
    straight, so that scores within a level keep their order.
    """
    some = weights > 0
    if not some.any():
        raise DesignError("all weights are zero", hint="a weight is 1 / the chance of a label")
    scores, hits, weights = scores[some], hits[some], weights[some]
    at, which = np.unique(scores, return_inverse=True)
    mass = add_up(which, weights, size=len(at))
    violating = add_up(which, weights * hits, size=len(at))
    violating[0] += ends
    mass[0] += ends
    mass[-1] += ends
    levels = pooled(violating / mass, mass)
    value, level = np.unique(levels, return_inverse=True)
    middle = add_up(level, at * mass, size=len(value)) / add_up(level, mass, size=len(value))
    return Rising(middle, value)

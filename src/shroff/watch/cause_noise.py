"""How far do cells stray from what was expected when nothing happens? Learned from the quiet side."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from shroff.stats.dense import Flags
from shroff.stats.proportions import Floats
from shroff.watch.cause_kernel import calmer_spread, gaussian, largest_of_sides

__all__ = ["Noise", "middle_of", "noise_of"]

_BAND = 500
_BANDS = 12
_FLOOR = 0.01
_RANK = 8
_ALIKE = 0.02
_FEWEST = 100
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Noise:
    """How far each cell strays when nothing happens.

    Parameters
    ----------
    scale : array of shape (cells,)
        Standard deviation of the relative deviation of each cell.
    tail : float
        How much heavier the tails are than a normal distribution's: Tukey's h, at least 0.
    learned : array
        What was learned for each band of cells of like size.
    """

    scale: Floats
    tail: float
    learned: Floats

    def standardised(self, deviation: Floats) -> Floats:
        """Give relative deviations in units of noise, with normal tails.

        Parameters
        ----------
        deviation : array of shape (cells,)
            Relative deviations.

        Returns
        -------
        array of shape (cells,)
            About standard normal where nothing happened.
        """
        out = np.empty(len(deviation))
        gaussian(deviation / self.scale, self.tail, out)
        return out

    def like(self, other: Noise) -> bool:
        """Say whether another noise comes to the same, for all that a search would see of it.

        Parameters
        ----------
        other : Noise
            Of the same cells.

        Returns
        -------
        bool
            True where scales are within 2% of each other, and tails alike.
        """
        if len(self.learned) != len(other.learned) or abs(self.tail - other.tail) > _ALIKE / 10:
            return False
        return bool((np.abs(self.learned / other.learned - 1) < _ALIKE).all())


def noise_of(
    deviation: Floats, log_size: Floats, *, least: Floats, calm: Flags, known: bool = False
) -> Noise:
    """Learn the noise of cells by their size.

    Parameters
    ----------
    deviation : array of shape (cells,)
        Relative deviation, in [-2, 2]; cells are in order of their size.
    log_size : array of shape (cells,)
        Natural log of the mean of expected and actual, rising.
    least : array of shape (cells,)
        Standard deviation there is in any case: of counting, or of rounding.
    calm : array of bool, shape (cells,)
        Cells that no cause found so far explains.
    known : bool
        Whether ``least`` is what chance makes of each cell, so that noise is a multiple of it, at
        least 1; else noise adds to it.

    Returns
    -------
    Noise
        Scale of each cell, and one tail for all.

    Notes
    -----
    Causes mostly push one way, and may hold more than half of all cells. So the scale is read off
    the calmer side of zero: the smaller of the medians of the positive and of the negative
    deviations, in up to 12 bands of cells of like size. The tail is that of the calmer side too,
    from its eighth largest value: a heavier one of the two may be a cause.
    """
    if not calm.any():
        return Noise(np.maximum(least, _FLOOR), 0.0, np.empty(0))
    whole = bool(calm.all())
    d, low, m = (x if whole else x[calm] for x in (deviation, least, log_size))
    parts = [slice(a, b) for a, b in itertools.pairwise(_cuts(m))]
    middle = np.array([m[part].mean() for part in parts])
    if known:
        spread = np.maximum([_of_calmer(d[part] / low[part]) for part in parts], 1.0)
        scale = least * np.exp(np.interp(log_size, middle, np.log(spread)))
    else:
        spread = np.maximum([_calm_side(d[part], low[part]) for part in parts], _FLOOR)
        learned = np.exp(np.interp(log_size, middle, np.log(spread)))
        scale = np.sqrt(learned * learned + least * least)
    return Noise(scale, _tail(d / (scale if whole else scale[calm])), spread)


def _cuts(log_size: Floats) -> list[int]:
    """Cut cells in order of size into bands of like size, none of them small."""
    grid = np.linspace(log_size[0], log_size[-1], _BANDS + 1)[1:-1]
    cuts = [0]
    for at in np.searchsorted(log_size, grid).tolist():
        if at - cuts[-1] >= _BAND and len(log_size) - at >= _BAND:
            cuts.append(at)
    return [*cuts, len(log_size)]


def _calm_side(d: Floats, least: Floats) -> float:
    """Give the standard deviation beyond what there is in any case, from the calmer side."""
    return math.sqrt(max(0.0, _of_calmer(d) ** 2 - middle_of(least) ** 2))


def _of_calmer(d: Floats) -> float:
    return float(calmer_spread(d, max(5.0, 0.02 * len(d)), np.empty(len(d))))


def _tail(z: Floats) -> float:
    top = np.empty((2, _RANK))
    up = largest_of_sides(z, top)
    found = []
    for count, seen in ((up, top[0, 0]), (int(np.count_nonzero(z)) - up, top[1, 0])):
        if count > _FEWEST:
            normal = _NORMAL.inv_cdf(1 - (_RANK - 0.3) / (2 * count))
            found.append(max(0.0, 2 * math.log(max(float(seen), 1e-9) / normal) / normal**2))
    return min(found, default=0.0)


def middle_of(values: Floats) -> float:
    """Give the median, of an even number the upper of the middle two; a third of numpy's cost."""
    at = len(values) // 2
    return float(np.partition(values, at)[at])

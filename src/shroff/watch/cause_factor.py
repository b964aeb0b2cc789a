"""By what did everything move alike? The factor that most slices agree on."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from shroff.stats.proportions import Floats

__all__ = ["common_factor"]

_LEAST = 30.0
_FEWEST = 20
_DEEPEST = 3
_POWER = 0.25
_QUORUM = 0.2
_SURE = 3.0
_CLOSE = 0.01


def common_factor(codes: NDArray[np.int32], actual: Floats, expected: Floats) -> float:
    """Say by what everything moved alike.

    Parameters
    ----------
    codes : array of shape (cells, dimensions)
        Value of each dimension, from 0.
    actual, expected : array of shape (cells,)
        What happened, and what was expected; at least 0.

    Returns
    -------
    float
        Factor from expected to actual that slices have in common; 1 where they have none, or
        it is within a hundredth of 1 or of chance.

    Notes
    -----
    A cause moves some slices by much, and dilutes into those that cross it, the less the smaller
    they are; all others stay together. So the factor is the mode, by half-sample (Robertson and
    Cryer, 1974), of the log ratios of the slices of three dimensions that hold 30 or more, or of
    fewer dimensions where there are not enough of these; then the mean log ratio of slices near
    the mode. A mean, or a median, of all would lean to the cause. Where less than a fifth of what
    there is moved alike, nothing did.
    """
    ratio, size, combinations = _ratios(codes, actual, expected)
    if len(ratio) < _FEWEST:
        return 1.0
    order = np.argsort(ratio)
    middle = _mode(ratio[order], size[order] ** _POWER)
    near = np.abs(ratio - middle) < 2 * np.sqrt(2 / size) + _CLOSE / 2
    if size[near].sum() < _QUORUM * size.sum():
        return 1.0
    log = float(np.average(ratio[near], weights=size[near]))
    doubt = float(np.sqrt(2 * combinations / size[near].sum()))
    return float(np.exp(log)) if abs(log) > max(_CLOSE, _SURE * doubt) else 1.0


def _ratios(
    codes: NDArray[np.int32], actual: Floats, expected: Floats
) -> tuple[Floats, Floats, int]:
    """Give log ratios and sizes of small slices that hold enough, and in how many ways all is cut."""
    dims = codes.shape[1]
    for layer in range(min(dims, _DEEPEST), 0, -1):
        ways = list(itertools.combinations(range(dims), layer))
        found = [_of_one_way(codes[:, list(way)], actual, expected) for way in ways]
        ratio, size = (np.concatenate(parts) for parts in zip(*found, strict=True))
        if len(ratio) >= _FEWEST:
            return ratio, size, len(ways)
    return np.empty(0), np.empty(0), 1


def _of_one_way(
    codes: NDArray[np.int32], actual: Floats, expected: Floats
) -> tuple[Floats, Floats]:
    place = np.zeros(len(codes), np.int64)
    for column in codes.T:
        place = place * (int(column.max(initial=0)) + 1) + column
    _, place = np.unique(place, return_inverse=True)
    v, f = (np.bincount(place, values) for values in (actual, expected))
    held = (v >= _LEAST) & (f >= _LEAST)
    return np.log(v[held] / f[held]), (v[held] + f[held]) / 2


def _mode(values: Floats, weights: Floats) -> float:
    """Halve the weight again and again, keeping the shortest half."""
    while len(values) > 3:
        total = np.concatenate([[0.0], np.cumsum(weights)])
        last = np.searchsorted(total, total[:-1] + total[-1] / 2 * (1 - 1e-12))
        fits = last <= len(values)
        first = np.flatnonzero(fits & (last >= 1))
        span = values[np.minimum(last[first], len(values)) - 1] - values[first]
        start = int(first[np.argmin(span)])
        stop = int(last[start])
        if stop - start >= len(values):
            break
        values, weights = values[start:stop], weights[start:stop]
    return float(np.average(values, weights=weights))

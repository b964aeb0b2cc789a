"""Rows of a design for curves over a score, and the chances that their log odds give."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

__all__ = ["coefficient_kinds", "design_rows", "log_odds", "logit_of", "rising", "root_of"]

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_SUREST = 30.0  # log odds


def logit_of(chances: Floats) -> Floats:
    """Give log odds."""
    kept = np.clip(chances, 1e-9, 1 - 1e-9)
    odds: Floats = np.log(kept / (1 - kept))
    return odds


def coefficient_kinds(common: int, levels: Ints) -> Ints:
    """Say of each coefficient what it is: 0 free, 1 a bend, then values and tilts of columns."""
    parts = [np.array([0, 0, *[1] * (common - 2)])]
    for place, size in enumerate(levels):
        parts += [np.full(size, 2 + 2 * place), np.full(size, 3 + 2 * place)]
    return np.concatenate(parts)


def design_rows(common: Floats, factors: Ints, *, levels: Ints, bin: Ints, tilt: Floats) -> Floats:  # noqa: A002
    """Write the coefficients' rows of labels."""
    parts = [common[bin]]
    for place, size in enumerate(levels):
        mine = (factors[:, place, None] == np.arange(size)).astype(np.float64)
        parts += [mine, mine * tilt[bin][:, None]]
    return np.hstack(parts)


def log_odds(
    common: Floats, factors: Ints, *, tilt: Floats, values: Floats, own: Floats
) -> Floats:
    """Give the log odds of every cell and bin."""
    start = common.shape[1]
    base, slope = own.copy(), np.zeros(len(factors))
    for place in range(factors.shape[1]):
        size = int(factors[:, place].max()) + 1
        base += values[start : start + size][factors[:, place]]
        slope += values[start + size : start + 2 * size][factors[:, place]]
        start += 2 * size
    line: Floats = common @ values[: common.shape[1]]
    return line[None, :] + base[:, None] + slope[:, None] * tilt[None, :]


def rising(odds: Floats) -> Floats:
    """Turn log odds into chances that never fall with the score."""
    up = np.maximum.accumulate(odds, axis=1)
    down = np.minimum.accumulate(odds[:, ::-1], axis=1)[:, ::-1]
    chances: Floats = 1 / (1 + np.exp(-np.clip((up + down) / 2, -_SUREST, _SUREST)))
    return chances


def root_of(covariance: Floats) -> Floats:
    """Give a square root of a covariance."""
    values, vectors = np.linalg.eigh(covariance)
    root: Floats = vectors * np.sqrt(np.maximum(values, 0.0))
    return root

"""How far a sum of days lies from what was expected of it, in standard normal deviates."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from shroff.text.kernel_cache import kernel

__all__ = [
    "COUNT",
    "RATIO",
    "VALUE",
    "normal_of_t",
    "season_tail",
    "signed_root",
    "spread_of_sums",
]

COUNT, RATIO, VALUE = 0, 1, 2
"""Events a day; events among trials; measured values."""


@kernel
def signed_root(seen: float, mean: float, variance: float, family: int) -> float:
    """Tell how far a sum lies from its mean: standard normal where the model holds.

    It is the signed root of the deviance. A sum of counts is negative binomial where its variance exceeds its mean, binomial where it is
    less (n = mean^2 / (mean - variance)), Poisson between; a sum of values is normal. Half an event
    is taken off for continuity where no more than 50 are expected, and less the more there are.

    Returns
    -------
    float
        The deviate.
    """
    away = seen - mean
    if family == VALUE:
        return away / math.sqrt(variance)
    side = 1.0 if away > 0 else -1.0
    seen -= 0.5 * side * min(1.0, 50 / mean)
    if (seen - mean) * side <= 0:
        return 0.0
    first = seen * math.log(seen / mean) if seen > 0 else 0.0
    excess = variance - mean
    if abs(excess) < 1e-9 * mean:
        second = seen - mean
    else:
        size = mean * mean / excess
        if seen + size == 0 or (seen + size) / (mean + size) <= 0:
            return side * 40.0
        second = (seen + size) * math.log((seen + size) / (mean + size))
    return side * math.sqrt(max(2 * (first - second), 0.0))


@kernel
def normal_of_t(deviate: float, freedom: float) -> float:
    """Give the normal deviate with about the tail of a t deviate (Wallace 1959)."""
    inside = math.log(1 + deviate * deviate / freedom) * freedom
    narrowed = math.sqrt(inside) * (8 * freedom + 1) / (8 * freedom + 3)
    return narrowed if deviate > 0 else -narrowed


@kernel
def spread_of_sums(table: npt.NDArray[np.float64], first: float, decay: float) -> None:
    """Fill variances of sums of 1, 2, ... days over those of as many independent days.

    Correlations are ``first * decay**(lag - 1)``; ``table[w]`` is for w days.
    """
    inner, weighted, lagged = 0.0, 0.0, first
    for days in range(1, len(table)):
        table[days] = 1 + 2 * (inner - weighted / days)
        inner += lagged
        weighted += days * lagged
        lagged *= decay


@kernel
def season_tail(days: int, period: int) -> float:
    """Tell how much of the doubt about one phase of the season a sum of days keeps."""
    return 0.0 if days >= period else (1.0 / days - 1.0 / period)

"""How large is a change: observed against expected, with an interval."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from shroff.watch.change_series import Family
from shroff.watch.change_table_kernel import (
    COUNTED,
    DOUBT,
    EXPECTED,
    EXPOSED,
    OBSERVED,
    VARIANCE,
    VARIED,
)

__all__ = ["Sizes", "sizes_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """The size of a change.

    That of a change of variance is in variances of a day, as multiples of what independent events
    would have; for measured values in their unit squared.

    Parameters
    ----------
    observed, expected : float
        Events a day, a share of trials, or the mean value, over the days of the change.
    difference, difference_low, difference_high : float
        Observed less expected, in the same unit.
    ratio, ratio_low, ratio_high : float or None
        Observed over expected; None for measured values.
    days : int
        Complete days it rests on.
    trials : float or None
        Denominator of a ratio over these days.
    """

    observed: float
    expected: float
    difference: float
    difference_low: float
    difference_high: float
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    days: int
    trials: float | None


def sizes_of(
    rows: npt.NDArray[np.float64], turned: npt.NDArray[np.bool_], *, family: Family, level: float
) -> tuple[Sizes, ...]:
    """Measure changes.

    Parameters
    ----------
    rows : array, (changes, fields)
        What the walk noted of each.
    turned : array of bool, (changes,)
        Whether the complement of a share was judged.
    family : Family
        What a figure is.
    level : float
        Coverage, in (0, 1).

    Returns
    -------
    tuple of Sizes
        One for each row. Intervals of ratios are those of a logarithm (half an event is added to
        what was observed), intervals of differences are normal; both hold the doubt about what was
        expected.
    """
    reach = NormalDist().inv_cdf(0.5 + level / 2)
    return tuple(
        _size(row, family, turned=bool(flag), reach=reach)
        for row, flag in zip(rows, turned, strict=True)
    )


def _size(row: npt.NDArray[np.float64], family: Family, *, turned: bool, reach: float) -> Sizes:
    if row[VARIED] > 0:
        return _roughness(row, reach)
    trials = float(row[EXPOSED])
    seen, expected = float(row[OBSERVED]), float(row[EXPECTED])
    if turned:
        seen, expected = trials - seen, trials - expected
    unit = trials if family is Family.RATIO else float(row[COUNTED])
    apart = reach * float(np.sqrt(row[VARIANCE] + row[DOUBT]))
    ratio = low = high = None
    if family is not Family.VALUE and expected > 0:
        ratio = seen / expected
        raised = seen + 0.5
        width = reach * float(np.sqrt(row[VARIANCE] / raised**2 + row[DOUBT] / expected**2))
        low, high = raised / expected * np.exp(-width), raised / expected * np.exp(width)
        low, high = min(float(low), ratio), float(high)
    return Sizes(
        observed=seen / unit,
        expected=expected / unit,
        difference=(seen - expected) / unit,
        difference_low=(seen - expected - apart) / unit,
        difference_high=(seen - expected + apart) / unit,
        ratio=ratio,
        ratio_low=low,
        ratio_high=high,
        days=int(row[COUNTED]),
        trials=trials if family is Family.RATIO else None,
    )


def _roughness(row: npt.NDArray[np.float64], reach: float) -> Sizes:
    """Compare the variances of days after and before, by the logarithm of their ratio."""
    seen, expected = float(row[OBSERVED]), float(row[EXPECTED])
    width = reach * float(np.sqrt(row[VARIANCE] + row[DOUBT]))
    low, high = float(np.exp(-width)), float(np.exp(width))
    return Sizes(
        observed=seen,
        expected=expected,
        difference=seen - expected,
        difference_low=seen * low - expected,
        difference_high=seen * high - expected,
        ratio=seen / expected,
        ratio_low=seen / expected * low,
        ratio_high=seen / expected * high,
        days=int(row[COUNTED]),
        trials=None,
    )

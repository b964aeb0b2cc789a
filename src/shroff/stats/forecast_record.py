"""Have forecasts been worth believing? What was said, beside what came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import betaincinv, ndtr, ndtri

from shroff.stats.proportions import Floats, require_level

__all__ = ["Scored", "Track", "surprise", "track_record"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A forecast beside what came.

    Parameters
    ----------
    forecast, observed : (float, float, float)
        Value, low end and high end of either.
    level : float
        Coverage both aim at.
    """

    forecast: tuple[float, float, float]
    observed: tuple[float, float, float]
    level: float = 0.95

    @property
    def sd(self) -> float:
        """Give how far apart both may well lie, by the widths of both intervals."""
        said, came = (each[2] - each[1] for each in (self.forecast, self.observed))
        return float(np.hypot(said, came)) / (2 * float(ndtri(0.5 + self.level / 2)))

    @property
    def gap(self) -> float:
        """Give how far apart they lie, in units of what their doubt allows.

        Notes
        -----
        Of each interval the side counts that faces the other: those of ratios reach further up than
        down.

        References
        ----------
        Zou and Donner, Statistics in Medicine 27 (2008): the difference of two figures by the
        variance recovered from the near ends of their intervals.
        """
        away = self.observed[0] - self.forecast[0]
        low, high = (self.forecast, self.observed) if away > 0 else (self.observed, self.forecast)
        doubt = float(np.hypot(low[2] - low[0], high[0] - high[1]))
        doubt /= float(ndtri(0.5 + self.level / 2))
        return away / doubt if doubt > 0 else 0.0 if away == 0 else np.inf * np.sign(away)

    @property
    def kept(self) -> bool:
        """Tell whether what came is what was said, as far as both can tell."""
        return abs(self.gap) <= float(ndtri(0.5 + self.level / 2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """How all forecasts so far did.

    Parameters
    ----------
    tried, kept : int
        Forecasts that were scored, and those that came as said.
    share, low, high : float
        Share of them that came as said, with an exact interval; it should be ``level``.
    slope, slope_low, slope_high : float or None
        What came for each unit that was forecast: 1 where forecasts are right on average, 0.7
        where they promise too much. None where no forecast said anything but zero.
    same_way : int
        Those whose sign was right.
    level : float
        Coverage the forecasts aim at.
    """

    tried: int
    kept: int
    share: float
    low: float
    high: float
    slope: float | None
    slope_low: float | None
    slope_high: float | None
    same_way: int
    level: float


def track_record(scored: Sequence[Scored], *, level: float = 0.95) -> Track | None:
    """Sum up how forecasts did.

    Parameters
    ----------
    scored : sequence of Scored
        Forecasts beside what came.
    level : float
        Coverage of the intervals, in (0, 1).

    Returns
    -------
    Track or None
        None before the first was scored.
    """
    require_level(level)
    if not scored:
        return None
    kept = sum(each.kept for each in scored)
    tried, tail = len(scored), (1 - level) / 2
    slope = _slope(scored, level=level)
    return Track(
        tried=tried,
        kept=kept,
        share=kept / tried,
        low=float(betaincinv(kept, tried - kept + 1, tail)) if kept else 0.0,
        high=float(betaincinv(kept + 1, tried - kept, 1 - tail)) if kept < tried else 1.0,
        slope=slope and slope[0],
        slope_low=slope and slope[1],
        slope_high=slope and slope[2],
        same_way=sum(each.forecast[0] * each.observed[0] > 0 for each in scored),
        level=scored[0].level,
    )


def _slope(scored: Sequence[Scored], *, level: float) -> tuple[float, float, float] | None:
    """Draw a line through zero, each forecast weighing by how well both of its sides are known."""
    said, came, sd = (
        np.array(column, dtype=np.float64)
        for column in zip(*((s.forecast[0], s.observed[0], s.sd) for s in scored), strict=True)
    )
    used = (said != 0) & (sd > 0)
    if not used.any():
        return None
    weight: Floats = 1 / sd[used] ** 2
    total = float(weight @ said[used] ** 2)
    middle = float(weight @ (said[used] * came[used])) / total
    reach = float(ndtri(0.5 + level / 2)) / total**0.5
    return middle, middle - reach, middle + reach


def surprise(scored: Scored) -> float:
    """Say how surprising what came would be if the forecast were right: two-sided p."""
    return float(2 * ndtr(-abs(scored.gap)))

"""Times with an end that has not come yet: turnaround of open tasks, appeals still to be filed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.special import ndtri

from shroff.errors import DesignError
from shroff.stats.checks import require_index, require_sums
from shroff.stats.estimate import Estimates
from shroff.stats.linearise import Ints
from shroff.stats.proportions import Floats, require_level

__all__ = ["Durations", "cumulative_incidence", "percentile"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Durations:
    """Counts of times by slice; rows that repeat a slice and value add up.

    Parameters
    ----------
    group : array of int, shape (k,)
        Slice 0..G-1.
    value : array of shape (k,)
        Time, in any unit, 0 or more.
    ended : array of shape (k,)
        Cases that ended at that time: tasks decided, actions appealed.
    censored : array of shape (k,)
        Cases seen for that long and not ended: tasks still open, actions too recent to judge.
    """

    group: Ints
    value: Floats
    ended: Floats
    censored: Floats


def percentile(
    durations: Durations, *, share: float, groups: int, level: float = 0.95
) -> Estimates:
    """Say within which time a share of cases ends, open cases counted as open.

    Parameters
    ----------
    durations : Durations
        Counted times.
    share : float
        0.5 for the median, 0.9 for P90.
    groups : int
        Number of slices.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Estimates
        Times. ``value`` is NaN where fewer than the share are seen to end; ``low`` then still says
        how long it takes at least. ``high`` is infinite where the data set no bound.

    Raises
    ------
    DesignError
        If the share is not in (0, 1).

    Notes
    -----
    Kaplan and Meier's curve, with Brookmeyer and Crowley's interval on the log-log scale. It takes
    open cases to be like the others of their age; a queue that leaves the hard ones open breaks
    that. Cases are taken as independent.

    References
    ----------
    Kaplan and Meier, JASA 53 (1958); Brookmeyer and Crowley, Biometrics 38 (1982).
    """
    if not 0 < share < 1:
        raise DesignError(f"a percentile of {share}", hint="0.9 means P90")
    z = float(ndtri(0.5 + require_level(level) / 2))
    found = np.full((3, groups), np.nan)
    curves = _curves(durations, groups=groups)
    for group, curve in enumerate(curves):
        if curve is not None:
            found[:, group] = curve.crossing(1 - share, z=z)
    ended = np.array([0.0 if curve is None else curve.ended for curve in curves])
    return _figures(found, curves, numerator=ended, level=level, method="kaplan-meier")


def cumulative_incidence(
    durations: Durations, *, horizon: float, groups: int, level: float = 0.95
) -> Estimates:
    """Say which share of cases ends within a time, recent cases counted for as long as seen.

    Parameters
    ----------
    durations : Durations
        Counted times.
    horizon : float
        Time, in the unit of the values; an event at the horizon counts.
    groups : int
        Number of slices.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Estimates
        Shares; NaN where nobody was followed to the horizon.

    Notes
    -----
    One minus Kaplan and Meier's curve, Greenwood's variance on the log-log scale; the exact
    interval where nothing ended. With no case censored before the horizon the value is the plain
    share.

    References
    ----------
    Greenwood (1926); Kalbfleisch and Prentice (2002), ch. 1.
    """
    z = float(ndtri(0.5 + require_level(level) / 2))
    found = np.full((3, groups), np.nan)
    curves = _curves(durations, groups=groups)
    for group, curve in enumerate(curves):
        if curve is not None:
            found[:, group] = curve.ended_by(horizon, z=z, level=level)
    cases = np.array([0.0 if curve is None else curve.cases for curve in curves])
    return _figures(found, curves, numerator=found[0] * cases, level=level, method="greenwood")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Curve:
    """Share of one slice's cases that are still open, after each time at which one ended."""

    time: Floats
    open: Floats
    error: Floats  # standard error of log(-log(open)); NaN where open is 0 or 1
    cases: float
    ended: float
    longest: float  # how long the longest case was followed

    def crossing(self, still_open: float, *, z: float) -> tuple[float, float, float]:
        """Find when the curve falls to a height, and where its interval allows it to."""
        value = self._first(self.open <= still_open + 1e-12)
        inner = (self.open > 0) & (self.open < 1)
        away: Floats = np.where(self.open <= 0, np.inf, -np.inf)
        height = float(np.log(-np.log(still_open)))
        away[inner] = (np.log(-np.log(self.open[inner])) - height) / self.error[inner]
        low, high = self._first(away >= -z), self._first(away > z)
        if np.isnan(value):
            return value, min(low, self.longest) if np.isfinite(low) else self.longest, np.inf
        return value, min(low, value), max(np.inf if np.isnan(high) else high, value)

    def ended_by(self, horizon: float, *, z: float, level: float) -> tuple[float, float, float]:
        """Give the share ended by a time, NaN if nobody was followed that long."""
        at = int(np.searchsorted(self.time, horizon, side="right")) - 1
        if self.longest < horizon and (at < 0 or self.open[at] > 0):
            return np.nan, np.nan, np.nan
        if at < 0:
            return 0.0, 0.0, 1 - ((1 - level) / 2) ** (1 / self.cases)
        left, error = float(self.open[at]), float(self.error[at])
        if left <= 0:
            return 1.0, ((1 - level) / 2) ** (1 / self.cases), 1.0
        return 1 - left, 1 - left ** np.exp(-z * error), 1 - left ** np.exp(z * error)

    def _first(self, reached: np.ndarray) -> float:
        where = np.flatnonzero(reached)
        return float(self.time[where[0]]) if len(where) else np.nan


def _curves(durations: Durations, *, groups: int) -> list[_Curve | None]:
    _require(durations, groups=groups)
    order = np.lexsort((durations.value, durations.group))
    edges = np.searchsorted(durations.group[order], np.arange(groups + 1))
    return [
        _curve(durations, order[first:last]) if last > first else None
        for first, last in pairwise(edges)
    ]


def _curve(durations: Durations, rows: Ints) -> _Curve | None:
    times, where = np.unique(durations.value[rows], return_inverse=True)
    ended = np.bincount(where, weights=durations.ended[rows])
    leaving = ended + np.bincount(where, weights=durations.censored[rows])
    cases = float(leaving.sum())
    if cases <= 0:
        return None
    at_risk: Floats = leaving[::-1].cumsum()[::-1]
    event = ended > 0
    risk, gone = at_risk[event], ended[event]
    still = np.cumprod(1 - gone / risk).astype(np.float64)
    left = np.where(risk > gone, risk - gone, np.nan)
    greenwood = np.cumsum(np.nan_to_num(gone / (risk * left)))
    inner = (still > 0) & (still < 1)
    error = np.full(len(still), np.nan)
    error[inner] = np.sqrt(greenwood[inner]) / -np.log(still[inner])
    return _Curve(
        time=times[event],
        open=still,
        error=error,
        cases=cases,
        ended=float(gone.sum()),
        longest=float(times[leaving > 0][-1]),
    )


def _figures(
    found: Floats, curves: list[_Curve | None], *, numerator: Floats, level: float, method: str
) -> Estimates:
    cases = np.array([0.0 if curve is None else curve.cases for curve in curves])
    return Estimates(
        value=found[0],
        low=found[1],
        high=found[2],
        n=cases,
        n_effective=cases,
        design_effect=np.where(cases > 0, 1.0, np.nan),
        numerator=numerator,
        denominator=cases,
        level=level,
        method=method,
    )


def _require(durations: Durations, *, groups: int) -> None:
    require_index("group", durations.group, size=groups, where="durations")
    clocks = "check the clocks: a task cannot end before it begins"
    require_sums("time", durations.value, where="durations", hint=clocks)
    for name, values in (("count", durations.ended), ("censored count", durations.censored)):
        require_sums(name, values, where="durations", hint="count cases, each once")

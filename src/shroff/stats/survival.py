"""How long things take, and how many happen in time, when some are still open."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from shroff.errors import DesignError
from shroff.stats.estimate import Estimates

__all__ = ["incidence_at", "percentile"]

Array = np.ndarray
_SLACK = 1e-12


@dataclass(frozen=True, slots=True)
class _Curve:
    """Share that has happened by each time, with its interval; arrays of shape (times,)."""

    time: Array
    share: Array
    low: Array
    high: Array
    observed: float
    total: float


def _curves(
    *, group: Array, time: Array, events: Array, censored: Array, groups: int, level: float
) -> list[_Curve]:
    if not 0 < level < 1:
        raise DesignError(f"the level {level} is not between 0 and 1")
    if np.any(events < 0) or np.any(censored < 0) or np.any(time < 0):
        raise DesignError("negative times or counts", hint="give counts by time since the start")
    order = np.lexsort((time, group))
    ends = np.searchsorted(group[order], np.arange(groups + 1))
    return [
        _curve(time[mine], events[mine], censored[mine], level)
        for mine in (order[ends[g] : ends[g + 1]] for g in range(groups))
    ]


def _curve(time: Array, events: Array, censored: Array, level: float) -> _Curve:
    """Kaplan-Meier with Greenwood's variance on the log(-log) scale."""
    moments, where = np.unique(time, return_inverse=True)
    happened = np.bincount(where, weights=events, minlength=len(moments))
    left = np.bincount(where, weights=events + censored, minlength=len(moments))
    at_risk = left[::-1].cumsum()[::-1]
    rate = np.divide(happened, at_risk, out=np.zeros(len(moments)), where=at_risk > 0)
    stays = np.cumprod(1 - rate)
    room = at_risk * np.maximum(at_risk - happened, 0)
    greenwood = np.cumsum(np.divide(happened, room, out=np.zeros(len(moments)), where=room > 0))
    low, high = _loglog(stays, greenwood, level)
    return _Curve(moments, 1 - stays, low, high, float(happened.sum()), float(left.sum()))


def _loglog(stays: Array, greenwood: Array, level: float) -> tuple[Array, Array]:
    """Bound the share that has happened; where nobody or everybody has, the share itself."""
    z = NormalDist().inv_cdf(0.5 + level / 2)
    inner = (stays > _SLACK) & (stays < 1 - _SLACK)
    log = np.log(np.where(inner, stays, 0.5))
    reach = z * np.sqrt(greenwood) / np.abs(log)
    low = np.where(inner, 1 - np.exp(log * np.exp(-reach)), 1 - stays)
    high = np.where(inner, 1 - np.exp(log * np.exp(reach)), 1 - stays)
    return low, high


def percentile(
    *,
    group: Array,
    time: Array,
    events: Array,
    censored: Array,
    share: float,
    groups: int,
    level: float = 0.95,
) -> Estimates:
    """Say how long it takes until a share has happened, open cases counted as still waiting.

    Parameters
    ----------
    group : array of int, shape (k,)
        Slice of each row, 0..groups-1.
    time : array of shape (k,)
        Time since the start, not negative.
    events, censored : array of shape (k,)
        Cases that ended at this time, and cases last seen still open then.
    share : float
        Share of cases, in (0, 1): 0.9 for the 90th percentile.
    groups : int
        Number of slices.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Estimates
        Times; NaN where the share is not reached, and an upper end of NaN where it cannot be told.

    Raises
    ------
    DesignError
        If a time or count is negative.

    Notes
    -----
    Kaplan-Meier; the interval is Brookmeyer and Crowley's with the log(-log) transform. It assumes
    that open cases end like those that waited as long.

    References
    ----------
    Kaplan and Meier, JASA 53 (1958); Brookmeyer and Crowley, Biometrics 38 (1982).
    """
    curves = _curves(
        group=group, time=time, events=events, censored=censored, groups=groups, level=level
    )
    reached = np.array(
        [[_first(c.time, ends, share) for ends in (c.share, c.high, c.low)] for c in curves]
    ).reshape(groups, 3)
    value, low, high = reached.T
    return _estimates(curves, value=value, low=low, high=high, level=level)


def _first(time: Array, share: Array, wanted: float) -> float:
    over = np.flatnonzero(share >= wanted - _SLACK)
    return float(time[over[0]]) if len(over) else float("nan")


def incidence_at(
    *,
    group: Array,
    time: Array,
    events: Array,
    censored: Array,
    horizon: float,
    groups: int,
    level: float = 0.95,
) -> Estimates:
    """Say which share happens within a time, cases not followed that long being censored.

    Parameters
    ----------
    group : array of int, shape (k,)
        Slice of each row, 0..groups-1.
    time : array of shape (k,)
        Time since the start, not negative.
    events, censored : array of shape (k,)
        Cases in which it happened at this time, and cases last seen without it then.
    horizon : float
        Time allowed, in the unit of ``time``.
    groups : int
        Number of slices.
    level : float
        Coverage wanted, in (0, 1).

    Returns
    -------
    Estimates
        Shares; NaN for slices without cases.

    Raises
    ------
    DesignError
        If a time or count is negative.

    Notes
    -----
    Kaplan-Meier with Greenwood's variance and the log(-log) transform.
    """
    curves = _curves(
        group=group, time=time, events=events, censored=censored, groups=groups, level=level
    )
    ends = np.array([_at(curve, horizon) for curve in curves]).reshape(groups, 3)
    value, low, high = ends.T
    return _estimates(curves, value=value, low=low, high=high, level=level)


def _at(curve: _Curve, horizon: float) -> tuple[float, float, float]:
    if not curve.total:
        return float("nan"), float("nan"), float("nan")
    last = int(np.searchsorted(curve.time, horizon, side="right")) - 1
    if last < 0:
        return 0.0, 0.0, 0.0
    return float(curve.share[last]), float(curve.low[last]), float(curve.high[last])


def _estimates(
    curves: list[_Curve], *, value: Array, low: Array, high: Array, level: float
) -> Estimates:
    total = np.array([curve.total for curve in curves])
    nothing = np.full(len(curves), np.nan)
    return Estimates(
        value=value,
        low=low,
        high=high,
        n=total.astype(np.int64),
        n_effective=nothing,
        design_effect=nothing,
        numerator=np.array([curve.observed for curve in curves]),
        denominator=total,
        level=level,
        method="kaplan-meier",
    )

"""Times with an end that has not come yet: turnaround of open tasks, appeals still to be filed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from scipy.special import betainc, betaincinv

from shroff.errors import DesignError
from shroff.stats.checks import require_index, require_sums
from shroff.stats.estimate import Estimates
from shroff.stats.linearise import Ints, add_up
from shroff.stats.proportions import Floats, require_level

__all__ = ["Durations", "cumulative_incidence", "percentile"]

_HALVINGS = 50


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
    Kaplan and Meier's curve; the interval holds the times at which the interval of
    `cumulative_incidence` holds the share, so it has no upper end where the slowest cases are too
    few to set one (P95 of fewer than 72 cases). It takes open cases to be like the others of their
    age; a queue that leaves the hard ones open breaks that. Cases are taken as independent.

    References
    ----------
    Kaplan and Meier, JASA 53 (1958); Brookmeyer and Crowley, Biometrics 38 (1982).
    """
    if not 0 < share < 1:
        raise DesignError(f"a percentile of {share}", hint="0.9 means P90")
    tail = (1 - require_level(level)) / 2
    found = np.full((3, groups), np.nan)
    curves = _curves(durations, groups=groups)
    for group, curve in enumerate(curves):
        if curve is not None:
            found[:, group] = curve.crossing(1 - share, tail=tail)
    ended = np.array([0.0 if curve is None else curve.ended for curve in curves])
    return _figures(found, curves, numerator=ended, level=level, method="beta-product")


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
    One minus Kaplan and Meier's curve. The interval is Fay, Brittain and Proschan's product of
    betas by the method of moments, in its mid-p form, which holds with few events where
    Greenwood's variance on the log-log scale does not; it is exact where nothing or everything
    ended. With no case censored before the horizon the value is the plain share and the interval
    the binomial mid-p one. Cases are taken as independent, and being censored as having nothing to
    do with what would have followed.

    References
    ----------
    Kaplan and Meier, JASA 53 (1958); Fay, Brittain and Proschan, Biostatistics 14 (2013); Fay and
    Brittain, Statistics in Medicine 35 (2016).
    """
    tail = (1 - require_level(level)) / 2
    value = np.full(groups, np.nan)
    betas = np.full((2, 2, groups), np.nan)
    curves = _curves(durations, groups=groups)
    for group, curve in enumerate(curves):
        if curve is not None:
            value[group], betas[0, :, group], betas[1, :, group] = curve.ended_by(horizon)
    low = np.where(value <= 0, 0.0, np.fmin(_middle(betas[0], betas[1], chance=tail), value))
    high = np.where(value >= 1, 1.0, np.fmax(_middle(betas[0], betas[1], chance=1 - tail), value))
    found: Floats = np.stack([value, low, high])
    cases = np.array([0.0 if curve is None else curve.cases for curve in curves])
    return _figures(found, curves, numerator=value * cases, level=level, method="beta-product")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Curve:
    """Share of one slice's cases that are still open, after each time at which one was last seen.

    The share has two distributions, products of betas: one that leans high, and one that leans
    low because the next case may end at once. ``shrunk`` and ``spread`` tell the first: logs of
    its mean and of one plus its squared coefficient of variation.
    """

    time: Floats
    open: Floats
    risk: Floats  # cases open just before
    gone: Floats  # of them, ended then
    shrunk: Floats
    spread: Floats
    cases: float
    ended: float

    def crossing(self, still_open: float, *, tail: float) -> tuple[float, float, float]:
        """Find when the curve falls to a height, and where its interval allows it to."""
        fallen = np.flatnonzero(self.open <= still_open + 1e-12)
        value = float(self.time[fallen[0]]) if len(fallen) else np.nan
        low = self._first(still_open, chance=1 - tail)
        if np.isnan(value):
            return value, min(low, float(self.time[-1])), np.inf
        return value, min(low, value), max(self._first(still_open, chance=tail), value)

    def ended_by(self, horizon: float) -> tuple[float, _Beta, _Beta]:
        """Give the share ended by a time and its distributions, NaN if not followed that long."""
        at = int(np.searchsorted(self.time, horizon, side="right")) - 1
        if self.time[-1] < horizon and self.open[-1] > 0:
            return np.nan, _NOWHERE, _NOWHERE
        if at < 0:
            return 0.0, _NOWHERE, _beta(0.0, 0.0, left=self.cases)
        early, late = self._betas(at, left=self._left(at, horizon))
        return 1 - float(self.open[at]), early, late

    def _left(self, at: int, when: float) -> float:
        """Count the cases seen to be open at a time from ``time[at]`` to before the next."""
        if when > self.time[at]:
            return float(self.risk[at + 1]) if at + 1 < len(self.risk) else 0.0
        return float(self.risk[at] - self.gone[at])

    def _betas(self, at: int, *, left: float) -> tuple[_Beta, _Beta]:
        """Match a beta to each distribution of the share that ended."""
        shrunk, spread = float(self.shrunk[at]), float(self.spread[at])
        early = _NOWHERE if spread <= 0 else _beta(shrunk, spread, left=np.inf)
        return early, _NOWHERE if left <= 0 else _beta(shrunk, spread, left=left)

    def _first(self, still_open: float, *, chance: float) -> float:
        """Find the time from which the share open is above a height with less than a chance."""
        first, last = 0, len(self.time)
        while first < last:
            middle = (first + last) // 2
            if self._above(middle, still_open) < chance:
                last = middle
            else:
                first = middle + 1
        return float(self.time[first]) if first < len(self.time) else np.inf

    def _above(self, at: int, still_open: float) -> float:
        """Give the chance that the share open is above a height."""
        betas = self._betas(at, left=self._left(at, self.time[at]))
        sides = [float(betainc(*beta, 1 - still_open)) for beta in betas if beta is not _NOWHERE]
        return sum(sides) / len(sides)


_Beta: TypeAlias = tuple[float, float]
_NOWHERE: _Beta = (np.nan, np.nan)  # the distribution that lies wholly at 0 or at 1


def _beta(shrunk: float, spread: float, *, left: float) -> _Beta:
    """Match a beta to a share ended, with as many cases left of which the next may end at once."""
    if np.isfinite(left):
        shrunk += np.log1p(-1 / (left + 1))
        spread += np.log1p(1 / (left * (left + 2)))
    still, ended = np.exp(shrunk), -np.expm1(shrunk)
    size = ended / (still * np.expm1(spread)) - 1
    return float(ended * size), float(still * size)


def _middle(early: Floats, late: Floats, *, chance: float) -> Floats:
    """Find the share below which both distributions, half each, have so much chance."""
    alone = np.where(np.isnan(early), late, early), np.where(np.isnan(late), early, late)
    ends = [betaincinv(beta[0], beta[1], chance) for beta in alone]
    low, high = np.minimum(*ends), np.maximum(*ends)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        below = sum(betainc(beta[0], beta[1], middle) for beta in alone) / 2 < chance
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    found: Floats = (low + high) / 2
    return found


def _curves(durations: Durations, *, groups: int) -> list[_Curve | None]:
    _require(durations, groups=groups)
    order = np.lexsort((durations.value, durations.group))
    edges = np.searchsorted(durations.group[order], np.arange(groups + 1))
    return [
        _curve(durations, order[first:last]) if last > first else None
        for first, last in pairwise(edges)
    ]


def _curve(durations: Durations, rows: Ints) -> _Curve | None:
    rows = rows[durations.ended[rows] + durations.censored[rows] > 0]
    if not len(rows):
        return None
    times, where = np.unique(durations.value[rows], return_inverse=True)
    gone = add_up(where, durations.ended[rows], size=len(times))
    leaving = gone + add_up(where, durations.censored[rows], size=len(times))
    risk: Floats = leaving[::-1].cumsum()[::-1]
    return _Curve(
        time=times,
        open=np.cumprod(1 - gone / risk).astype(np.float64),
        risk=risk,
        gone=gone,
        shrunk=np.cumsum(np.log1p(-gone / (risk + 1))),
        spread=np.cumsum(np.log1p(gone / ((risk - gone + 1) * (risk + 2)))),
        cases=float(leaving.sum()),
        ended=float(gone.sum()),
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

"""Did a series step up or down on a day? With noise that remembers, and its memory not known."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import solve_triangular
from scipy.special import stdtr

from shroff.errors import DesignError
from shroff.stats.proportions import Floats, require_level

__all__ = ["Step", "StepSeries", "step_of"]

_MEMORY = np.array([0.0, 0.15, 0.3, 0.45, 0.6, 0.7, 0.8, 0.88, 0.94, 0.98])
_LASTING = np.array([0.05, 0.2, 0.4, 0.6, 0.8, 1.0])
_BELIEF = np.array([0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.5, 2.0, 2.0])
_LONG = 0.8
_LEAST_BEFORE, _LEAST_AFTER, _SPARE = 5, 2, 3
_WEEK = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSeries:
    """A series and the time from which something held.

    Parameters
    ----------
    value : array, shape (T,)
        The series; NaN where nothing is known.
    variance : array, shape (T,)
        How noisy each value is by itself, on any scale: labels of a day. All equal where unknown.
    start : int
        First place at which the change held.
    season : int
        Length of the season, 7 for days, 1 for none.
    trend : bool
        Whether a straight line runs through the series beside the step.
    forgets : float
        How much likelier than any other one memory it is, to begin with, that there is none.
    lingers : float
        How many times likelier long memories are, to begin with, than they usually are.
    """

    value: Floats
    variance: Floats
    start: int
    season: int = 1
    trend: bool = False
    forgets: float = 10.0
    lingers: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How far a series stepped.

    Parameters
    ----------
    effect, low, high : float
        The step in the unit of the series, with the ends of its interval.
    sd : float
        Its standard deviation.
    p : float
        Two-sided: how surprising it would be if nothing had changed.
    after : float
        What the series was after the start, on average.
    memory : float
        How much of a deviation is left one place later, on average over what the series allows.
    n_before, n_after : int
        Places known before and after.
    level : float
        Coverage the interval aims at.
    """

    effect: float
    low: float
    high: float
    sd: float
    p: float
    after: float
    memory: float
    n_before: int
    n_after: int
    level: float

    @property
    def score(self) -> float:
        """Give the step in units of its standard deviation."""
        return self.effect / self.sd if self.sd > 0 else 0.0

    @property
    def relative(self) -> tuple[float, float, float] | None:
        """Give the step as a share of what would have been, with its ends.

        None where what would have been may be zero.
        """
        without = [self.after - each for each in (self.effect, self.low, self.high)]
        if min(without) <= 0:
            return None
        value, low, high = (self.after / each - 1 for each in without)
        return value, low, high


def step_of(series: StepSeries, *, level: float = 0.95) -> Step:
    """Say how far a series stepped at a time, with an interval that allows for its memory.

    Parameters
    ----------
    series : StepSeries
        The series.
    level : float
        Coverage of the interval, in (0, 1).

    Returns
    -------
    Step
        The step.

    Raises
    ------
    DesignError
        If fewer than five values are known before the start, or fewer than two after it.

    Notes
    -----
    The series is a level, a season, maybe a line, and the step; what is left is noise of its own
    (of the given variances, up to a factor) and noise that remembers, a share of which is left
    from one place to the next. Share and memory are not known: the step is worked out for each
    of a grid of both by generalised least squares, and what comes out is mixed by the restricted
    likelihood of each. So a series that seems to remember little but might remember much gets an
    interval that says so. Flat priors on share, memory, coefficients and log variance.
    """
    require_level(level)
    known = np.flatnonzero(np.isfinite(series.value))
    before = int(np.sum(known < series.start))
    after = len(known) - before
    if before < _LEAST_BEFORE or after < _LEAST_AFTER:
        raise DesignError(
            f"{before} values before the change and {after} after it are too few",
            hint=f"{_LEAST_BEFORE} before and {_LEAST_AFTER} after are the least",
        )
    design = _design(series, known)
    value = series.value[known]
    if float(np.ptp(value)) == 0.0:
        raise DesignError("the series never moves", hint="nothing was counted, or it is constant")
    belief = np.where(_MEMORY == 0, series.forgets, _BELIEF)
    belief = np.where(_MEMORY >= _LONG, belief * series.lingers, belief)
    mixture = _mixed(design, value, variance=series.variance[known], at=known, belief=belief)
    low, high = (mixture.quantile(each) for each in ((1 - level) / 2, (1 + level) / 2))
    below = mixture.below(0.0)
    return Step(
        effect=mixture.mean,
        low=low,
        high=high,
        sd=mixture.sd,
        p=float(min(1.0, 2 * min(below, 1 - below))),
        after=float(np.average(value[known >= series.start])),
        memory=mixture.memory,
        n_before=before,
        n_after=after,
        level=level,
    )


def _design(series: StepSeries, known: NDArray[np.intp]) -> Floats:
    """Lay out step, level, season and line; the step comes first."""
    columns = [(known >= series.start).astype(np.float64), np.ones(len(known))]
    if series.trend:
        columns.append((known - series.start) / max(len(series.value), 1))
    spare = len(known) - len(columns) - _SPARE
    if 1 < series.season <= spare // 2 and len(known) >= 3 * series.season:
        place = known % series.season
        columns += [
            (place == each).astype(np.float64) - (place == 0) for each in range(1, series.season)
        ]
    return np.column_stack(columns)


@dataclass(frozen=True, slots=True)
class _Mixture:
    """Student's distributions, one for each noise that is allowed, with their weights."""

    weight: Floats
    centre: Floats
    scale: Floats
    freedom: int
    memories: Floats

    @property
    def mean(self) -> float:
        return float(self.weight @ self.centre)

    @property
    def sd(self) -> float:
        wide = max(self.freedom / (self.freedom - 2), 1.0) if self.freedom > 2 else 3.0
        second = float(self.weight @ (wide * self.scale**2 + self.centre**2))
        return math.sqrt(max(second - self.mean**2, 0.0))

    @property
    def memory(self) -> float:
        return float(self.weight @ self.memories)

    def below(self, point: float) -> float:
        away = (point - self.centre) / self.scale
        return float(self.weight @ stdtr(self.freedom, away))

    def quantile(self, share: float) -> float:
        low = float(np.min(self.centre - 60 * self.scale))
        high = float(np.max(self.centre + 60 * self.scale))
        for _ in range(80):
            middle = (low + high) / 2
            low, high = (middle, high) if self.below(middle) < share else (low, middle)
        return (low + high) / 2


def _mixed(
    design: Floats, value: Floats, *, variance: Floats, at: NDArray[np.intp], belief: Floats
) -> _Mixture:
    own = np.diag(variance / np.mean(variance))
    apart = np.abs(at[:, None] - at[None, :])
    fits = [
        (*_fitted(design, value, share * memory**apart + (1 - share) * own), share * memory)
        for memory in _MEMORY
        # without memory it matters only how the values' own noise is shared out
        for share in (_LASTING if memory else (0.0, 0.5, 1.0))
    ]
    table = np.array(fits)
    likely = table[:, 2]
    # each memory has the same weight to begin with, however many shares it is tried with
    tried = [3] + [len(_LASTING)] * (len(_MEMORY) - 1)
    prior = np.repeat(np.log(belief / tried), tried)
    weight = np.exp(likely + prior - np.max(likely + prior))
    freedom = len(value) - design.shape[1]
    return _Mixture(weight / weight.sum(), table[:, 0], table[:, 1], freedom, table[:, 3])


def _fitted(design: Floats, value: Floats, noise: Floats) -> tuple[float, float, float]:
    """Give the step, its scale and the restricted log-likelihood under one noise."""
    root = np.linalg.cholesky(noise + 1e-10 * np.eye(len(noise)))
    whitened = solve_triangular(root, np.column_stack([design, value]), lower=True)
    columns, target = whitened[:, :-1], whitened[:, -1]
    upper = np.linalg.qr(columns, mode="r")
    inverse = np.linalg.inv(upper)
    slopes = inverse @ (inverse.T @ (columns.T @ target))
    rest = target - columns @ slopes
    freedom = len(value) - design.shape[1]
    spread = max(float(rest @ rest) / freedom, 1e-300)
    scale = float(np.sqrt(spread * (inverse[0] @ inverse[0])))
    likely = -(
        np.sum(np.log(np.diag(root)))
        + np.sum(np.log(np.abs(np.diag(upper))))
        + 0.5 * freedom * np.log(spread)
    )
    return float(slopes[0]), scale, float(likely)

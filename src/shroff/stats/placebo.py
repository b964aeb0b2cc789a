"""Would the same method have found something where nothing was changed?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from shroff.errors import DesignError
from shroff.stats.proportions import Floats
from shroff.stats.rollout_panel import Panel, Versus
from shroff.stats.step_series import StepSeries, step_of

__all__ = ["Placebo", "over_markets", "over_starts", "over_times"]

_MOST = 60
_LEAST_BEFORE = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Placebo:
    """What the method finds where nothing was changed.

    Parameters
    ----------
    kind : str
        ``markets`` or ``times``.
    tried : int
        How often it was tried.
    as_far : int
        How often it found as much as where something was changed, in units of its doubt.
    alarms : int
        How often its interval left out zero.
    """

    kind: str
    tried: int
    as_far: int
    alarms: int

    @property
    def p(self) -> float:
        """Give the share of tries, the real one among them, that went as far."""
        return (1 + self.as_far) / (1 + self.tried)


def over_markets(
    panel: Panel, found: Versus, judge: Callable[[Panel], Versus], *, seed: int = 0
) -> Placebo:
    """Pretend that the change was made in other markets.

    Parameters
    ----------
    panel : Panel
        The markets.
    found : Versus
        What was found where it was made.
    judge : callable
        The method.
    seed : int
        Which markets are tried where there are too many ways to choose them.

    Returns
    -------
    Placebo
        As many markets at a time as were treated, from those that were not; at most 60 choices.
        With few markets the smallest p there can be is far from zero.
    """
    others = np.flatnonzero(~panel.treated)
    many = int(panel.treated.sum())
    kept = ~panel.treated
    scores = []
    for chosen in _choices(others, many=many, seed=seed):
        treated = np.zeros(len(panel.treated), dtype=bool)
        treated[list(chosen)] = True
        try:
            scores.append(judge(panel.among(treated, kept)).step)
        except DesignError:
            continue
    return _placebo("markets", found.step.score, [(s.score, s.low <= 0 <= s.high) for s in scores])


def _choices(others: NDArray[np.intp], *, many: int, seed: int) -> Iterator[tuple[int, ...]]:
    if len(others) <= many:
        return
    if comb(len(others), many) <= _MOST:
        yield from combinations(others.tolist(), many)
        return
    dice = np.random.default_rng(seed)
    for _ in range(_MOST):
        yield tuple(dice.choice(others, size=many, replace=False).tolist())


def over_times(panel: Panel, found: Versus, judge: Callable[[Panel], Versus]) -> Placebo:
    """Pretend that the change was made earlier, when nothing was changed.

    Parameters
    ----------
    panel : Panel
        The markets.
    found : Versus
        What was found when it was made.
    judge : callable
        The method.

    Returns
    -------
    Placebo
        Every earlier start that leaves enough before it; neighbours share days, so that they do
        not count as so many independent tries.
    """
    after = panel.value.shape[1] - panel.start
    scores = []
    for start, end in _starts(panel.start, after=after):
        try:
            scores.append(judge(panel.until(end, start=start)).step)
        except DesignError:
            continue
    return _placebo("times", found.step.score, [(s.score, s.low <= 0 <= s.high) for s in scores])


def over_starts(series: StepSeries, *, score: float) -> Placebo:
    """Pretend of one series that the change was made earlier; see `over_times`."""
    after = len(series.value) - series.start
    scores = []
    for start, end in _starts(series.start, after=after):
        shorter = StepSeries(
            value=series.value[:end],
            variance=series.variance[:end],
            start=start,
            season=series.season,
            trend=series.trend,
        )
        try:
            scores.append(step_of(shorter))
        except DesignError:
            continue
    return _placebo("times", score, [(s.score, s.low <= 0 <= s.high) for s in scores])


def _starts(start: int, *, after: int) -> Iterator[tuple[int, int]]:
    least = min(_LEAST_BEFORE, start // 2)
    length = min(after, max(start - least, 1))
    places = list(range(least, start - length + 1))
    step = max(1, -(-len(places) // _MOST))
    for place in places[::step]:
        yield place, place + length


def _placebo(kind: str, score: float, tried: list[tuple[float, bool]]) -> Placebo:
    scores: Floats = np.array([each for each, _ in tried])
    return Placebo(
        kind=kind,
        tried=len(tried),
        as_far=int(np.sum(np.abs(scores) >= abs(score))),
        alarms=sum(not covered for _, covered in tried),
    )

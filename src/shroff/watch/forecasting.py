"""What is to be expected of the coming days, with an interval, from the days that are known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import nbinom

from shroff.errors import DataError
from shroff.watch.daily_series import Floats

__all__ = ["FEWEST_DAYS", "FEWEST_EVENTS", "Forecast", "forecast"]

FEWEST_DAYS, FEWEST_EVENTS = 21, 30
"""Complete days, and events in them, without which nothing is forecast."""

_STEPS = np.array([0.0, 0.004, 0.01, 0.02, 0.04, 0.08])
_SPREADS = np.array([0.35, 0.6, 1.0, 1.4, 2.0, 3.0, 5.0, 9.0, 16.0, 30.0])
_DAMPED, _SLOPE, _LEVEL, _WEEKDAY = 0.98, 0.005, 1.0, 0.3
_LEVEL_AT, _SLOPE_AT, _WEEK_AT, _STATES = 0, 1, 2, 8
_SMALLEST = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """Figures to be expected, one a day.

    Parameters
    ----------
    value : array, shape (H,)
        What is expected.
    low, high : array, shape (H,)
        Interval of what will be seen that day.
    level : float
        Coverage of each day's interval, in (0, 1).
    dispersion : float
        Variance of a day's count over that of pure chance, as the past days tell it.
    """

    value: Floats
    low: Floats
    high: Floats
    level: float
    dispersion: float


def forecast(
    above: Floats,
    below: Floats | None,
    *,
    known: NDArray[np.bool_],
    weekday: int,
    days: int = 14,
    level: float = 0.9,
) -> Forecast:
    """Forecast a count or a share by day.

    Parameters
    ----------
    above : array, shape (T,)
        Numerators, or counts.
    below : array, shape (T,), or None
        Denominators; None for a count.
    known : array of bool, shape (T,)
        Days that are complete; the others tell nothing.
    weekday : int
        Day of the week of the first day, Monday being 0.
    days : int
        Days wanted, at least 1, from the one after the last of the series.
    level : float
        Coverage of each day's interval, in (0, 1).

    Returns
    -------
    Forecast
        What is expected, and between what the figures of single days will lie.

    Raises
    ------
    DataError
        If fewer than 21 days are complete, or fewer than 30 events are in them.

    Notes
    -----
    A structural time series on the log scale: a level that walks at random, a damped slope and a
    fixed effect of each weekday; counts scatter around it with a variance of so many times their
    mean. Both unknown variances are averaged over a grid by their likelihood, so that the
    intervals hold what is not known of them. A share over one half is forecast by its rest. Ends
    are those of a negative binomial of the mean and variance foreseen. Harvey (1989), ch. 2;
    Durbin and Koopman (2012), ch. 10 for the linearised filter.
    """
    events, base, turned = _rarer(above, below, known)
    used = known & (base > 0)
    if used.sum() < FEWEST_DAYS or events[used].sum() < FEWEST_EVENTS:
        raise DataError(
            f"{int(used.sum())} complete days with {events[used].sum():.0f} events are too few to"
            " forecast from",
            hint=f"at least {FEWEST_DAYS} days and {FEWEST_EVENTS} events",
        )
    ahead = _coming_base(base, used, days=days)
    filtered = _filtered(events, base, used=used, weekday=weekday)
    mean, spread, dispersion = _foreseen(
        filtered, ahead, weekday=(weekday + len(events)) % 7, days=days
    )
    low, high = _ends(mean, spread, level=level)
    value, low, high = mean / ahead, low / ahead, high / ahead
    if below is not None:
        value, low, high = (np.clip(each, 0.0, 1.0) for each in (value, low, high))
    if turned:
        value, low, high = 1 - value, 1 - high, 1 - low
    return Forecast(value=value, low=low, high=high, level=level, dispersion=dispersion)


def _rarer(
    above: Floats, below: Floats | None, known: NDArray[np.bool_]
) -> tuple[Floats, Floats, bool]:
    """Give the events of the rarer side, what they are out of, and whether sides were changed."""
    if below is None:
        return above, np.ones(len(above)), False
    turned = bool(above[known].sum() > 0.5 * below[known].sum())
    return (below - above if turned else above), below, turned


def _coming_base(base: Floats, used: NDArray[np.bool_], *, days: int) -> Floats:
    """Expect as large a denominator as on the same weekday of the last four weeks."""
    found = np.empty(days)
    size = len(base)
    for ahead in range(days):
        same = np.arange((size + ahead) % 7, size, 7)
        past = base[same[used[same]]][-4:]
        found[ahead] = past.mean() if len(past) else base[used].mean()
    return np.maximum(found, _SMALLEST)


def _rows(weekday: int, days: int) -> Floats:
    """Write how the states add up to the log of each day's mean; weekdays sum to zero."""
    rows = np.zeros((days, _STATES))
    rows[:, _LEVEL_AT] = 1.0
    for day in range(days):
        today = (weekday + day) % 7
        if today == 6:
            rows[day, _WEEK_AT:] = -1.0
        else:
            rows[day, _WEEK_AT + today] = 1.0
    return rows


@dataclass(frozen=True, slots=True)
class _Filtered:
    """Where the states are after the last day, for each pair of variances, and how likely it is."""

    state: Floats
    doubt: Floats
    step: Floats
    spread: Floats
    weight: Floats


def _step_matrix() -> Floats:
    matrix: Floats = np.eye(_STATES)
    matrix[_LEVEL_AT, _SLOPE_AT] = 1.0
    matrix[_SLOPE_AT, _SLOPE_AT] = _DAMPED
    return matrix


def _filtered(events: Floats, base: Floats, *, used: NDArray[np.bool_], weekday: int) -> _Filtered:
    step, spread = (each.ravel() for each in np.meshgrid(_STEPS, _SPREADS))
    size = len(step)
    head = np.flatnonzero(used)[:28]
    start = np.log(max(events[head].sum(), 0.5) / base[head].sum())
    state = np.zeros((size, _STATES))
    state[:, _LEVEL_AT] = start
    doubt = np.tile(np.diag([_LEVEL**2, _SLOPE**2, *[_WEEKDAY**2] * (_STATES - 2)]), (size, 1, 1))
    move, fit = _step_matrix(), np.zeros(size)
    for day, row in enumerate(_rows(weekday, len(events))):
        state = state @ move.T
        doubt = move @ doubt @ move.T
        doubt[:, _LEVEL_AT, _LEVEL_AT] += step**2
        if not used[day]:
            continue
        reach = doubt @ row
        wide = reach @ row
        mean = base[day] * np.exp(np.clip(state @ row, -30.0, 30.0))
        noise = spread * mean + mean**2 * wide
        miss = events[day] - mean
        fit -= 0.5 * (np.log(noise) + miss**2 / noise)
        gain = reach * (mean / noise)[:, None]
        state = state + gain * np.clip(miss, -4 * noise**0.5, 4 * noise**0.5)[:, None]
        doubt = doubt - gain[:, :, None] * (reach * mean[:, None])[:, None, :]
    weight = np.exp(fit - fit.max())
    return _Filtered(state, doubt, step, spread, weight / weight.sum())


def _foreseen(
    filtered: _Filtered, ahead: Floats, *, weekday: int, days: int
) -> tuple[Floats, Floats, float]:
    """Give mean and variance of each coming day's count, over all pairs of variances."""
    state, doubt, move = filtered.state, filtered.doubt, _step_matrix()
    mean, spread = np.empty(days), np.empty(days)
    for day, row in enumerate(_rows(weekday, days)):
        state = state @ move.T
        doubt = move @ doubt @ move.T
        doubt[:, _LEVEL_AT, _LEVEL_AT] += filtered.step**2
        wide = np.clip((doubt @ row) @ row, 0.0, 4.0)
        each = ahead[day] * np.exp(np.clip(state @ row, -30.0, 30.0) + wide / 2)
        around = filtered.spread * each + each**2 * np.expm1(wide)
        mean[day] = filtered.weight @ each
        spread[day] = filtered.weight @ (around + each**2) - mean[day] ** 2
    return mean, spread, float(filtered.weight @ filtered.spread)


def _ends(mean: Floats, spread: Floats, *, level: float) -> tuple[Floats, Floats]:
    wide = np.maximum(spread, mean * 1.0001)
    chance = mean / wide
    size = mean * chance / (1 - chance)
    tail = (1 - level) / 2
    low, high = nbinom.ppf(tail, size, chance), nbinom.ppf(1 - tail, size, chance)
    # less scattered than chance alone: a share over few hundredths, where the binomial is narrower
    narrow = np.sqrt(np.clip(spread / wide, 0.0, 1.0))
    return mean + (low - mean) * narrow, mean + (high - mean) * narrow

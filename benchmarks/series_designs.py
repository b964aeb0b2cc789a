"""Daily series of two years that never change, and such that change on a known day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from shroff.watch.change_detection import SeriesBatch

__all__ = ["CHANGES", "DAYS", "FIRST", "HOLIDAYS", "NULLS", "Change", "Null", "made"]

Rng = np.random.Generator
Grid = npt.NDArray[np.float64]

DAYS = 730
FIRST = date(2024, 1, 1)
WEEK = np.array([1.1, 1.15, 1.1, 1.05, 1.0, 0.8, 0.8])
STEEP = np.array([1.5, 1.5, 1.4, 1.3, 1.2, 0.3, 0.2]) * 7 / 7.4
_HOLIDAY_COLUMNS = tuple(
    day for day in range(DAYS) if day % 365 in {40, 41, 42, 96, 121, 270, 271, 272, 358}
)
HOLIDAYS = tuple(FIRST + timedelta(days=day) for day in _HOLIDAY_COLUMNS)


def week(days: int = DAYS, shape: Grid = WEEK) -> Grid:
    return shape[np.arange(days) % 7]


def negative_binomial(rng: Rng, mean: Grid, over: float) -> Grid:
    """Draw counts whose variance is ``over`` times their mean."""
    size = mean / (over - 1)
    return rng.poisson(rng.gamma(size, over - 1)).astype(np.float64)


def beta_binomial(rng: Rng, trials: Grid, share: Grid | float, alike: float) -> Grid:
    """Draw shares whose trials are alike with this correlation within a day."""
    scale = 1 / alike - 1
    wide = np.broadcast_to(np.asarray(share, np.float64), trials.shape)
    chance = rng.beta(wide * scale, (1 - wide) * scale)
    return rng.binomial(trials.astype(np.int64), chance).astype(np.float64)


def wandering(rng: Rng, shape: tuple[int, int], near: float, spread: float) -> Grid:
    """Draw stationary logarithms that hang together from day to day."""
    fresh = rng.normal(size=shape) * spread
    state = fresh.copy()
    for day in range(1, shape[1]):
        state[:, day] = near * state[:, day - 1] + np.sqrt(1 - near * near) * fresh[:, day]
    return state - spread * spread / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Null:
    """A way to draw series that never change: numerators, and denominators of ratios."""

    kind: str
    name: str
    draw: Callable[[Rng, int], tuple[Grid, Grid | None]]
    asked: bool = True
    holidays: tuple[date, ...] = ()


def _counts(mean: Grid | float, over: float = 1.0) -> Callable[[Rng, int], tuple[Grid, None]]:
    def draw(rng: Rng, many: int) -> tuple[Grid, None]:
        wide = np.broadcast_to(np.asarray(mean, np.float64), (many, DAYS))
        if over > 1:
            return negative_binomial(rng, wide, over), None
        return rng.poisson(wide).astype(np.float64), None

    return draw


def _alike(mean: float, near: float, spread: float) -> Callable[[Rng, int], tuple[Grid, None]]:
    def draw(rng: Rng, many: int) -> tuple[Grid, None]:
        state = wandering(rng, (many, DAYS), near, spread)
        return rng.poisson(mean * week() * np.exp(state)).astype(np.float64), None

    return draw


def _shares(trials: float, share: float, alike: float) -> Callable[[Rng, int], tuple[Grid, Grid]]:
    def draw(rng: Rng, many: int) -> tuple[Grid, Grid]:
        lower = rng.poisson(trials * week(), (many, DAYS)).astype(np.float64)
        if alike == 0:
            return rng.binomial(lower.astype(np.int64), share).astype(np.float64), lower
        return beta_binomial(rng, lower, share, alike), lower

    return draw


def _alike_shares(rng: Rng, many: int) -> tuple[Grid, Grid]:
    lower = rng.poisson(500 * week(), (many, DAYS)).astype(np.float64)
    chance = 0.08 * np.exp(wandering(rng, (many, DAYS), 0.6, 0.15))
    return rng.binomial(lower.astype(np.int64), chance).astype(np.float64), lower


def _holidays(rng: Rng, many: int) -> tuple[Grid, None]:
    mean = 60 * week()
    mean[list(_HOLIDAY_COLUMNS)] *= 0.4
    return rng.poisson(mean, (many, DAYS)).astype(np.float64), None


def _yearly(mean: float) -> Callable[[Rng, int], tuple[Grid, None]]:
    def draw(rng: Rng, many: int) -> tuple[Grid, None]:
        turn = np.arange(DAYS) / 365 + rng.random((many, 1))
        return rng.poisson(mean * week() * (1 + 0.2 * np.sin(2 * np.pi * turn))).astype(
            float
        ), None

    return draw


def _walking(rng: Rng, many: int) -> tuple[Grid, None]:
    state = np.cumsum(rng.normal(size=(many, DAYS)) * 0.003, axis=1)
    return rng.poisson(1000 * week() * np.exp(state)).astype(np.float64), None


def _holed(rng: Rng, many: int) -> tuple[Grid, None]:
    seen = rng.poisson(50 * week(), (many, DAYS)).astype(np.float64)
    seen[rng.random(seen.shape) < 0.1] = np.nan
    return seen, None


_GROWN = np.exp(0.03 * (np.arange(DAYS) - DAYS / 2) / 7)
_SHRUNK = np.exp(-0.01 * (np.arange(DAYS) - DAYS / 2) / 7)

NULLS = (
    Null(kind="independent", name="Poisson, 50 a day", draw=_counts(50)),
    Null(kind="independent", name="Poisson, 1,000 a day", draw=_counts(1000)),
    Null(kind="independent", name="5% of 200 a day", draw=_shares(200, 0.05, 0)),
    Null(kind="independent", name="50 a day, one day in ten missing", draw=_holed),
    Null(
        kind="seasonal",
        name="weekend at a fifth of weekdays, 50 a day",
        draw=_counts(50 * week(shape=STEEP)),
    ),
    Null(
        kind="seasonal",
        name="week and known holidays at 40%, 60 a day",
        draw=_holidays,
        holidays=HOLIDAYS,
    ),
    Null(kind="seasonal", name="year of +-20%, 50 a day", draw=_yearly(50)),
    Null(kind="seasonal", name="year of +-20%, 1,000 a day", draw=_yearly(1000)),
    Null(kind="growing", name="3% a week, 200 a day", draw=_counts(200 * week() * _GROWN)),
    Null(kind="growing", name="-1% a week, 1,000 a day", draw=_counts(1000 * week() * _SHRUNK)),
    Null(
        kind="over-dispersed",
        name="negative binomial, 50 a day, variance 1.2 times",
        draw=_counts(50 * week(), 1.2),
    ),
    Null(
        kind="over-dispersed",
        name="negative binomial, 50 a day, 2 times",
        draw=_counts(50 * week(), 2),
    ),
    Null(
        kind="over-dispersed",
        name="negative binomial, 1,000 a day, 10 times",
        draw=_counts(1000 * week(), 10),
    ),
    Null(
        kind="over-dispersed",
        name="beta-binomial, 30% of 300, correlation 0.02",
        draw=_shares(300, 0.3, 0.02),
    ),
    Null(
        kind="over-dispersed",
        name="beta-binomial, 20% of 2,000, correlation 0.005",
        draw=_shares(2000, 0.2, 0.005),
    ),
    Null(kind="autocorrelated", name="AR 0.3 of SD 15%, 50 a day", draw=_alike(50, 0.3, 0.15)),
    Null(kind="autocorrelated", name="AR 0.6 of SD 5%, 50 a day", draw=_alike(50, 0.6, 0.05)),
    Null(kind="autocorrelated", name="AR 0.6 of SD 30%, 50 a day", draw=_alike(50, 0.6, 0.3)),
    Null(kind="autocorrelated", name="AR 0.6 of SD 10%, 1,000 a day", draw=_alike(1000, 0.6, 0.1)),
    Null(kind="autocorrelated", name="AR 0.6 of SD 30%, 5 a day", draw=_alike(5, 0.6, 0.3)),
    Null(kind="autocorrelated", name="8% of 500, AR 0.6 of SD 15%", draw=_alike_shares),
    Null(kind="low counts", name="Poisson, 0.2 a day", draw=_counts(0.2)),
    Null(kind="low counts", name="Poisson, 1 a day", draw=_counts(1)),
    Null(kind="low counts", name="Poisson, 5 a day", draw=_counts(5 * week())),
    Null(
        kind="low counts",
        name="negative binomial, 0.5 a day, 2 times",
        draw=_counts(0.5 * week(), 2),
    ),
    Null(
        kind="low counts", name="negative binomial, 2 a day, 2 times", draw=_counts(2 * week(), 2)
    ),
    Null(kind="low counts", name="10% of 20", draw=_shares(20, 0.1, 0)),
    Null(kind="low counts", name="5% of 5", draw=_shares(5, 0.05, 0)),
    Null(
        kind="beyond",
        name="AR 0.8 of SD 10%, 1,000 a day",
        draw=_alike(1000, 0.8, 0.1),
        asked=False,
    ),
    Null(kind="beyond", name="random walk of 0.3% a day, 1,000 a day", draw=_walking, asked=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of known day and size; ``draw`` takes the factor by which each day is multiplied."""

    name: str
    factor: float
    draw: Callable[[Rng, Grid], tuple[Grid, Grid | None]]
    days: int = DAYS
    asked: bool = True


def _poisson(mean: Grid | float) -> Callable[[Rng, Grid], tuple[Grid, None]]:
    return lambda rng, factor: (rng.poisson(mean * factor).astype(np.float64), None)


def _rough(mean: float, over: float) -> Callable[[Rng, Grid], tuple[Grid, None]]:
    return lambda rng, factor: (negative_binomial(rng, mean * factor, over), None)


def _part(rng: Rng, factor: Grid) -> tuple[Grid, Grid]:
    lower = rng.poisson(1000, factor.shape).astype(np.float64)
    return rng.binomial(lower.astype(np.int64), 0.05 * factor).astype(np.float64), lower


CHANGES = (
    Change(name="-80%, 50 a day", factor=0.2, draw=_poisson(50)),
    Change(name="-80%, 50 a day, variance 2 times", factor=0.2, draw=_rough(50, 2)),
    Change(name="-80%, 5% of 1,000", factor=0.2, draw=_part),
    Change(name="x1.5, 50 a day", factor=1.5, draw=_poisson(50)),
    Change(
        name="x1.5, 50 a day at the weekend, more in the week",
        factor=1.5,
        draw=_poisson(50 * week() / 0.8),
    ),
    Change(name="x1.5, 5% of 1,000", factor=1.5, draw=_part),
    Change(name="x1.5, 100 a day", factor=1.5, draw=_poisson(100)),
    Change(name="x1.5, 50 a day, variance 2 times", factor=1.5, draw=_rough(50, 2), asked=False),
    Change(name="x1.5, 100 a day, variance 2 times", factor=1.5, draw=_rough(100, 2), asked=False),
    Change(name="x3 for three days, 20 a day", factor=3.0, draw=_poisson(20), days=3, asked=False),
    Change(name="x1.2, 200 a day", factor=1.2, draw=_poisson(200), asked=False),
    Change(name="x1.1, 1,000 a day", factor=1.1, draw=_poisson(1000), asked=False),
)


def made(figures: tuple[Grid, Grid | None]) -> SeriesBatch:
    """Make a batch of what was drawn; all days are complete."""
    return SeriesBatch(
        numerator=figures[0],
        denominator=figures[1],
        first_day=FIRST,
        complete=np.ones(figures[0].shape, np.bool_),
    )

"""Forecasts hold what they promise: on series that are made by chance, and on odd ones."""

from __future__ import annotations

import numpy as np
import pytest

from shroff.errors import DataError
from shroff.watch.forecasting import Forecast, forecast

WEEK = np.array([0.06, 0.1, 0.08, 0.05, 0.03, -0.15, -0.17])
AHEAD = 14


def made(
    rng: np.random.Generator,
    *,
    kind: str,
    mean: float,
    dispersion: float,
    walk: float = 0.0,
    slope: float = 0.0,
    days: int = 120,
) -> tuple[np.ndarray, np.ndarray | None]:
    """A series with a week, a level that walks, a slope, and more scatter than chance."""
    steps = rng.normal(0, walk, days + AHEAD).cumsum() if walk else 0.0
    log = np.log(mean) + steps + slope * np.arange(days + AHEAD) + np.resize(WEEK, days + AHEAD)
    centre = np.exp(log)
    if dispersion > 1:
        centre = rng.gamma(centre / (dispersion - 1), dispersion - 1)
    if kind == "count":
        return rng.poisson(centre).astype(float), None
    base = rng.poisson(40 * mean, days + AHEAD)
    return rng.binomial(base, np.clip(centre / (40 * mean), 0, 1)).astype(float), base.astype(
        float
    )


def covered(kind: str, *, runs: int, seed: int, **how: float) -> float:
    rng = np.random.default_rng(seed)
    inside = []
    for _ in range(runs):
        above, below = made(rng, kind=kind, **how)  # type: ignore[arg-type]
        past = (above[:-AHEAD], None if below is None else below[:-AHEAD])
        found = forecast(*past, known=np.ones(len(past[0]), bool), weekday=0, days=AHEAD)
        seen = above[-AHEAD:] if below is None else above[-AHEAD:] / below[-AHEAD:]
        inside.append((seen >= found.low - 1e-9) & (seen <= found.high + 1e-9))
    return float(np.mean(inside))


CASES = {
    "plain counts": {"kind": "count", "mean": 200.0, "dispersion": 1.0},
    "few counts": {"kind": "count", "mean": 3.0, "dispersion": 1.0},
    "over-dispersed": {"kind": "count", "mean": 300.0, "dispersion": 6.0},
    "a walking level": {"kind": "count", "mean": 200.0, "dispersion": 2.0, "walk": 0.02},
    "a slope": {"kind": "count", "mean": 200.0, "dispersion": 2.0, "slope": 0.004},
    "shares": {"kind": "share", "mean": 60.0, "dispersion": 1.0},
    "over-dispersed shares": {"kind": "share", "mean": 60.0, "dispersion": 4.0},
}


@pytest.mark.parametrize("name", CASES)
def test_intervals_cover_what_comes(name: str) -> None:
    share = covered(runs=25, seed=5, **CASES[name])  # type: ignore[arg-type]
    assert 0.83 <= share <= 0.985


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_intervals_cover_what_comes_over_many_runs(name: str) -> None:
    share = covered(runs=300, seed=6, **CASES[name])  # type: ignore[arg-type]
    assert 0.87 <= share <= 0.975


def flat(days: int = 60, value: float = 50.0) -> Forecast:
    above = np.full(days, value)
    return forecast(above, None, known=np.ones(days, bool), weekday=3)


def test_a_constant_series_is_expected_to_stay() -> None:
    found = flat()
    assert np.allclose(found.value, 50, rtol=0.05)
    assert (found.low < 50).all()
    assert (found.high > 50).all()


def test_the_week_is_foreseen() -> None:
    above = np.tile([100.0, 100, 100, 100, 100, 50, 50], 12)
    found = forecast(above, None, known=np.ones(84, bool), weekday=0, days=7)
    assert found.value[:5].min() > 1.7 * found.value[5:].max()


def test_incomplete_days_tell_nothing() -> None:
    above = np.full(60, 100.0)
    known = np.ones(60, bool)
    above[-5:], known[-5:] = 3, False
    assert forecast(above, None, known=known, weekday=0).value.min() > 90


def test_a_share_near_one_stays_under_one() -> None:
    below = np.full(60, 1000.0)
    found = forecast(np.full(60, 995.0), below, known=np.ones(60, bool), weekday=0)
    assert (found.high <= 1).all()
    assert (found.low > 0.98).all()


@pytest.mark.parametrize(
    ("above", "days"), [(np.zeros(100), 100), (np.full(20, 9.0), 20), (np.zeros(0), 0)]
)
def test_too_little_to_go_by_is_told(above: np.ndarray, days: int) -> None:
    with pytest.raises(DataError, match="too few to forecast"):
        forecast(above, None, known=np.ones(days, bool), weekday=0)

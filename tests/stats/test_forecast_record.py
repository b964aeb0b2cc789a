"""Forecasts beside what came."""

from __future__ import annotations

import numpy as np
import pytest

from shroff.stats.forecast_record import Scored, surprise, track_record


def said(value: float, sd: float) -> tuple[float, float, float]:
    return value, value - 1.96 * sd, value + 1.96 * sd


def test_nothing_is_said_before_the_first() -> None:
    assert track_record([]) is None


def test_a_forecast_that_came_is_kept() -> None:
    one = Scored(forecast=(-0.18, -0.26, -0.1), observed=(-0.14, -0.22, -0.05))
    assert one.kept
    assert surprise(one) > 0.05


def test_a_forecast_that_did_not_come_is_told() -> None:
    one = Scored(forecast=said(-0.4, 0.03), observed=said(-0.1, 0.05))
    assert not one.kept
    assert one.gap > 4


def test_honest_forecasts_are_kept_as_often_as_they_say_and_promise_what_comes() -> None:
    dice = np.random.default_rng(1)
    scored = []
    for _ in range(2000):
        truth = dice.normal(-0.2, 0.2)
        scored.append(
            Scored(
                forecast=said(truth + dice.normal(0, 0.05), 0.05),
                observed=said(truth + dice.normal(0, 0.1), 0.1),
            )
        )
    track = track_record(scored)
    assert track is not None
    assert track.low <= 0.95 <= track.high
    assert track.slope == pytest.approx(1, abs=0.06)


def test_a_change_that_may_be_anything_does_not_fit_one_that_is_sure() -> None:
    one = Scored(forecast=(-0.87, -0.97, -0.69), observed=(-0.16, -0.45, 1.06))
    assert not one.kept


def test_honest_forecasts_of_ratios_are_kept_as_often_as_they_say() -> None:
    dice = np.random.default_rng(4)

    def ratio(log: float, sd: float) -> tuple[float, float, float]:
        return tuple(float(np.expm1(log + place * sd)) for place in (0, -1.96, 1.96))  # type: ignore[return-value]

    kept = []
    for _ in range(4000):
        truth = dice.normal(-0.5, 0.5)
        forecast = ratio(truth + dice.normal(0, 0.15), 0.15)
        observed = ratio(truth + dice.normal(0, 0.4), 0.4)
        kept.append(Scored(forecast=forecast, observed=observed).kept)
    assert 0.93 <= np.mean(kept) <= 0.97


def test_forecasts_that_promise_too_much_are_seen() -> None:
    dice = np.random.default_rng(2)
    truths = dice.normal(-0.2, 0.1, 60)
    track = track_record(
        [
            Scored(forecast=said(2 * t, 0.02), observed=said(t + dice.normal(0, 0.02), 0.02))
            for t in truths
        ]
    )
    assert track is not None
    assert track.slope_high is not None
    assert track.slope_high < 0.7
    assert track.high < 0.9

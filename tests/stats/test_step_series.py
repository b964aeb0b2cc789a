"""A step is found where there is one, and its interval holds however much the noise remembers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.stats.rollout_worlds import stepping

from shroff.errors import DesignError
from shroff.stats.step_series import StepSeries, step_of


def covered(runs: int, *, memory: float, effect: float = -1.0) -> tuple[float, float]:
    dice = np.random.default_rng(20261123)
    inside = alarms = 0
    for _ in range(runs):
        found = step_of(stepping(dice, effect=effect, memory=memory))
        inside += found.low <= effect <= found.high
        alarms += not found.low <= 0 <= found.high
    return inside / runs, alarms / runs


def test_a_clear_step_is_found_with_its_size() -> None:
    found = step_of(stepping(np.random.default_rng(1), effect=-5.0, memory=0.2))
    assert found.low < -5 < found.high
    assert found.p < 0.001
    assert found.relative is not None
    assert found.relative[1] < found.relative[0] < found.relative[2] < 0


def test_the_share_is_of_what_would_have_been() -> None:
    found = step_of(stepping(np.random.default_rng(1), effect=-5.0, memory=0.2))
    assert found.relative is not None
    without = found.after - found.effect
    assert found.relative[0] == pytest.approx(found.after / without - 1)


def test_without_noise_generalised_least_squares_is_the_difference_of_means() -> None:
    dice = np.random.default_rng(3)
    value = np.r_[dice.normal(1, 1e-3, 40), dice.normal(3, 1e-3, 20)]
    found = step_of(StepSeries(value=value, variance=np.ones(60), start=40))
    assert found.effect == pytest.approx(value[40:].mean() - value[:40].mean(), abs=1e-3)


def test_the_scale_of_the_series_and_of_its_variances_does_not_matter() -> None:
    series = stepping(np.random.default_rng(4), effect=-1.0, memory=0.5)
    plain = step_of(series)
    scaled = step_of(replace(series, value=1000 * series.value, variance=7 * series.variance))
    assert scaled.low == pytest.approx(1000 * plain.low, rel=1e-6)
    assert scaled.p == pytest.approx(plain.p, rel=1e-6)


def test_days_without_a_figure_are_left_out_and_keep_their_place() -> None:
    series = stepping(np.random.default_rng(5), effect=-3.0, memory=0.5)
    value = series.value.copy()
    value[[3, 4, 30, 60]] = np.nan
    found = step_of(replace(series, value=value))
    assert (found.n_before, found.n_after) == (53, 27)
    assert found.high < 0


def test_intervals_hold_whatever_the_memory() -> None:
    for memory in (0.0, 0.6):
        share, _ = covered(80, memory=memory)
        assert share >= 0.87  # 95% of 80, less three standard errors


def test_noise_that_remembers_makes_wider_intervals() -> None:
    dice = np.random.default_rng(6)
    wide = [
        np.mean(
            [
                found.high - found.low
                for _ in range(15)
                for found in [step_of(stepping(dice, effect=0.0, memory=memory))]
            ]
        )
        for memory in (0.0, 0.8)
    ]
    assert wide[1] > 1.3 * wide[0]


@pytest.mark.slow
@pytest.mark.parametrize("memory", [0.0, 0.3, 0.6, 0.8])
def test_coverage_is_between_93_and_98_per_cent(memory: float) -> None:
    share, _ = covered(1000, memory=memory)
    assert 0.925 <= share <= 0.99


@pytest.mark.slow
def test_nothing_is_found_where_nothing_happened_more_often_than_said() -> None:
    share, alarms = covered(1000, memory=0.3, effect=0.0)
    assert alarms <= 0.07
    assert share == pytest.approx(1 - alarms)


@pytest.mark.parametrize(("start", "size"), [(4, 40), (39, 40), (40, 40)])
def test_too_few_values_on_a_side_are_refused(start: int, size: int) -> None:
    value = np.random.default_rng(0).normal(size=size)
    with pytest.raises(DesignError, match="too few"):
        step_of(StepSeries(value=value, variance=np.ones(size), start=start))


def test_a_series_that_never_moves_is_refused() -> None:
    with pytest.raises(DesignError, match="never moves"):
        step_of(StepSeries(value=np.zeros(40), variance=np.ones(40), start=20))


def test_a_share_of_nothing_is_not_told() -> None:
    dice = np.random.default_rng(2)
    found = step_of(StepSeries(value=dice.normal(0, 1, 60), variance=np.ones(60), start=40))
    assert found.relative is None

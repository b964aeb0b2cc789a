"""Markets with a change beside markets without: effects are found, and none where there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from tests.stats.rollout_worlds import markets

from shroff.errors import DesignError
from shroff.stats.rollout_panel import (
    Panel,
    Versus,
    difference_in_differences,
    synthetic_control,
)

Judge = Callable[[Panel], Versus]
METHODS = pytest.mark.parametrize("judge", [difference_in_differences, synthetic_control])


def rates(judge: Judge, runs: int, **world: float) -> tuple[float, float]:
    """Give how often the truth is in the interval, and how often zero is not."""
    dice = np.random.default_rng(20261123)
    inside = alarms = 0
    for _ in range(runs):
        found = judge(markets(dice, **world)).step.relative
        assert found is not None
        inside += found[1] <= world["effect"] <= found[2]
        alarms += not found[1] <= 0 <= found[2]
    return inside / runs, alarms / runs


@METHODS
def test_a_true_effect_is_found_and_covered(judge: Judge) -> None:
    inside, found = rates(judge, 40, effect=-0.25)
    assert inside >= 0.84
    assert found >= 0.9


@METHODS
def test_a_placebo_is_rejected(judge: Judge) -> None:
    _, alarms = rates(judge, 60, effect=0.0)
    assert alarms <= 0.13


@pytest.mark.slow
@METHODS
@pytest.mark.parametrize("effect", [0.0, -0.2])
def test_coverage_holds_and_placebos_are_rejected_as_often_as_said(
    judge: Judge, effect: float
) -> None:
    inside, alarms = rates(judge, 600, effect=effect)
    assert 0.93 <= inside <= 0.99
    assert alarms <= 0.07 if effect == 0 else alarms >= 0.9


@pytest.mark.slow
def test_a_synthetic_control_still_covers_where_markets_move_by_different_factors() -> None:
    inside, _ = rates(synthetic_control, 400, effect=-0.2, loads=2.0, treated=1)
    assert inside >= 0.9


def test_the_difference_is_that_of_the_four_means_when_noise_is_small() -> None:
    dice = np.random.default_rng(1)
    value = np.full((3, 40), 0.02) * (1 + 1e-4 * dice.normal(size=(3, 40)))
    value[0, 20:] *= 0.8
    panel = Panel(
        value=value,
        variance=np.full((3, 40), 1e-9),
        size=np.ones(3),
        treated=np.array([True, False, False]),
        start=20,
    )
    found = difference_in_differences(panel)
    assert found.step.effect == pytest.approx(-0.004, abs=1e-5)
    assert found.step.relative is not None
    assert found.step.relative[0] == pytest.approx(-0.2, abs=1e-3)


def test_weights_are_a_mix_and_follow_the_market_that_moves_alike() -> None:
    dice = np.random.default_rng(2)
    value = 0.02 * np.exp(0.3 * dice.normal(size=(4, 60)).cumsum(axis=1) / 5)
    value[0] = value[2] * np.exp(0.01 * dice.normal(size=60))
    panel = Panel(
        value=value,
        variance=np.full((4, 60), 1e-8),
        size=np.ones(4),
        treated=np.array([True, False, False, False]),
        start=40,
    )
    found = synthetic_control(panel)
    assert found.weight[0] == 0
    assert found.weight.sum() == pytest.approx(1)
    assert np.all(found.weight >= 0)
    assert found.weight[2] > 0.6
    assert found.fit > 0.5


@METHODS
def test_nothing_to_compare_with_is_refused(judge: Judge) -> None:
    panel = markets(np.random.default_rng(3), effect=0.0)
    with pytest.raises(DesignError, match="every market"):
        judge(replace(panel, treated=np.ones(12, dtype=bool)))
    with pytest.raises(DesignError, match="no market is named"):
        judge(replace(panel, treated=np.zeros(12, dtype=bool)))
    with pytest.raises(DesignError, match=r"nothing was counted|anything to count"):
        judge(replace(panel, value=np.zeros_like(panel.value)))

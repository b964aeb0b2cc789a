"""What a method finds where nothing was changed."""

from __future__ import annotations

import numpy as np
import pytest
from tests.stats.rollout_worlds import markets, stepping

from shroff.stats.placebo import over_markets, over_starts, over_times
from shroff.stats.rollout_panel import difference_in_differences
from shroff.stats.step_series import step_of


def test_a_true_effect_goes_further_than_every_placebo_market() -> None:
    panel = markets(np.random.default_rng(1), effect=-0.4, treated=1)
    found = difference_in_differences(panel)
    placebo = over_markets(panel, found, difference_in_differences)
    assert (placebo.tried, placebo.as_far) == (11, 0)
    assert placebo.p == pytest.approx(1 / 12)


def test_many_ways_to_choose_markets_are_drawn_and_stay_the_same() -> None:
    panel = markets(np.random.default_rng(2), effect=-0.4, treated=4)
    found = difference_in_differences(panel)
    once, again = (over_markets(panel, found, difference_in_differences) for _ in range(2))
    assert once == again
    assert once.tried == 60


def test_earlier_starts_are_tried_before_the_change_only() -> None:
    panel = markets(np.random.default_rng(3), effect=-0.4, treated=3)
    found = difference_in_differences(panel)
    placebo = over_times(panel, found, difference_in_differences)
    assert placebo.tried == 15
    assert placebo.as_far == 0


def test_one_series_is_tried_at_earlier_starts() -> None:
    series = stepping(np.random.default_rng(4), effect=-4.0, memory=0.2)
    placebo = over_starts(series, score=step_of(series).score)
    assert placebo.tried > 5
    assert placebo.as_far == 0


@pytest.mark.slow
def test_placebo_markets_reject_no_more_often_than_said() -> None:
    dice = np.random.default_rng(5)
    far = 0
    runs = 150
    for _ in range(runs):
        panel = markets(dice, effect=0.0, treated=1)
        found = difference_in_differences(panel)
        far += over_markets(panel, found, difference_in_differences).p <= 1 / 12 + 1e-9
    assert far / runs <= 1 / 12 + 3 * np.sqrt(1 / 12 * 11 / 12 / runs)

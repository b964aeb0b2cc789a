"""Two sides of a hash: the difference holds though ads of an advertiser err together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.stats.rollout_worlds import two_sides

from shroff.errors import DesignError
from shroff.stats.two_arms import ArmRows, compare_arms


def rates(runs: int, *, effect: float, by_advertiser: bool) -> tuple[float, float]:
    dice = np.random.default_rng(20261123)
    inside = alarms = 0
    for _ in range(runs):
        found = compare_arms(two_sides(dice, effect=effect, by_advertiser=by_advertiser))
        assert found.relative is not None
        inside += found.relative[1] <= effect <= found.relative[2]
        alarms += found.p < 0.05
    return inside / runs, alarms / runs


@pytest.mark.parametrize("by_advertiser", [False, True])
def test_intervals_cover_and_placebos_are_rejected(by_advertiser: bool) -> None:
    inside, alarms = rates(300, effect=0.0, by_advertiser=by_advertiser)
    assert inside >= 0.91
    assert alarms <= 0.09


@pytest.mark.slow
@pytest.mark.parametrize("by_advertiser", [False, True])
@pytest.mark.parametrize("effect", [0.0, -0.4])
def test_coverage_is_between_93_and_97_per_cent(effect: float, by_advertiser: bool) -> None:
    inside, alarms = rates(3000, effect=effect, by_advertiser=by_advertiser)
    assert 0.93 <= inside <= 0.97
    if effect == 0:
        assert 0.03 <= alarms <= 0.07


def test_ignoring_advertisers_would_be_too_sure() -> None:
    rows = two_sides(np.random.default_rng(7), effect=0.0, rate=0.1, by_advertiser=True)
    alone = replace(rows, cluster=np.arange(len(rows.cluster)))
    assert compare_arms(rows).high - compare_arms(rows).low > 1.3 * (
        compare_arms(alone).high - compare_arms(alone).low
    )


def test_weights_count_as_so_many_ads_in_the_figure() -> None:
    rows = ArmRows(
        above=np.array([1.0, 0.0] * 20),
        below=np.ones(40),
        weight=np.array([3.0, 1.0] * 20),
        treated=np.arange(40) < 20,
        cluster=np.arange(40),
    )
    found = compare_arms(rows)
    assert found.treated == found.control == pytest.approx(0.75)
    assert found.p == pytest.approx(1.0)


def test_a_side_with_no_violation_has_an_end_all_the_same() -> None:
    above = np.zeros(400)
    above[200:230] = 1
    found = compare_arms(
        ArmRows(
            above=above,
            below=np.ones(400),
            weight=np.ones(400),
            treated=np.arange(400) < 200,
            cluster=np.arange(400),
        )
    )
    assert found.relative is not None
    assert found.relative[:2] == (-1.0, -1.0)
    assert -1 < found.relative[2] < -0.8


def test_empty_sides_and_a_handful_of_advertisers_are_refused() -> None:
    rows = two_sides(np.random.default_rng(8), effect=0.0)
    with pytest.raises(DesignError, match="with the change has no labelled ad"):
        compare_arms(replace(rows, treated=np.zeros(len(rows.treated), dtype=bool)))
    with pytest.raises(DesignError, match="too few"):
        compare_arms(replace(rows, cluster=rows.cluster % 5))

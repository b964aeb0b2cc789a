"""What became of a campaign: outcomes, contradictions, returns after a reject with their lag."""

from __future__ import annotations

import numpy as np
from tests.watch.campaign_scene import Scene

from shroff.watch.campaign_story import outcomes_of, returns_of, summed


def scene_of(*rows: tuple[str, float, int, int]) -> Scene:
    scene = Scene()
    for account, day, action, reviewed in rows:
        scene.add("x", account=account, day=day, action=action, reviewed=reviewed)
    return scene


def test_outcomes_count_people_where_the_machine_asked_them() -> None:
    ads = scene_of(
        ("a", 0, 0, -1), ("b", 1, 1, 0), ("c", 2, 1, 1), ("d", 3, 1, -1), ("e", 4, 3, -1)
    ).ads()
    found = outcomes_of(ads, np.arange(5), np.arange(5))
    assert (found.approved, found.rejected, found.restricted, found.open) == (2, 1, 1, 1)


def test_an_approved_ad_contradicts_only_a_rejected_one_that_says_the_same() -> None:
    ads = scene_of(("a", 0, 0, -1), ("b", 1, 2, -1), ("c", 2, 0, -1)).ads()
    found = outcomes_of(ads, np.arange(3), np.array([7, 7, 8]))
    assert found.contradicted == 1


def test_returns_are_told_by_whose_reject_they_follow_and_how_long_after() -> None:
    ads = scene_of(
        ("a", 0, 0, -1),  # before any reject
        ("a", 1, 2, -1),
        ("b", 3, 0, -1),  # after another's
        ("a", 4, 0, -1),  # after its own
        ("b", 5, 2, -1),
        ("b", 5.5, 2, -1),  # after its own
    ).ads()
    back, since = returns_of(ads, np.arange(6))
    assert back.tolist() == [0, 0, 2, 1, 2, 1]
    np.testing.assert_allclose(since[2:], [2, 3, 4, 0.5])
    assert np.isnan(since[:2]).all()
    told = summed(ads, np.arange(6), back=back, since=since)
    assert (told.same, told.other, told.same_approved, told.other_approved) == (2, 2, 1, 1)
    assert (told.same_days, told.other_days) == (1.75, 3.0)


def test_rows_may_come_in_any_order() -> None:
    ads = scene_of(("a", 4, 0, -1), ("a", 1, 2, -1)).ads()
    back, _ = returns_of(ads, np.array([0, 1]))
    assert back.tolist() == [1, 0]


def test_without_a_reject_nothing_comes_back() -> None:
    ads = scene_of(("a", 0, 0, -1), ("b", 1, 0, -1)).ads()
    back, since = returns_of(ads, np.arange(2))
    told = summed(ads, np.arange(2), back=back, since=since)
    assert (told.same, told.other, told.same_days, told.other_days) == (0, 0, None, None)

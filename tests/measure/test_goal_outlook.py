"""Where a metric will be when its goal is due."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from shroff.domain.slices import Period
from shroff.measure.brief import Goal
from shroff.measure.goal_outlook import inside_sql, outlook_of, told_of
from shroff.stats.estimate import Estimate, Status

START = date(2026, 7, 1)
PERIOD = Period(START, START + timedelta(days=56))


def figure(value: float, labels: float) -> Estimate:
    return Estimate(
        value=value, low=0.0, high=1.0, level=0.95, status=Status.ESTIMATE, method="",
        n=int(labels), n_effective=labels,
    )  # fmt: skip


def looks(first: float, lately: float) -> list[tuple[date, Estimate]]:
    """Four weeks at one share, four at another, 500 labels each."""
    return [
        (START + timedelta(days=27), figure(first, 500)),
        (START + timedelta(days=55), figure((first + lately) / 2, 1000)),
    ]


def goal(days: int = 112, **bar: float) -> Goal:
    bars = bar or {"at_most": 0.05}
    return Goal("leakage", due=START + timedelta(days=days - 1), **bars)  # type: ignore[arg-type] # by name


def test_what_was_lately_goes_on() -> None:
    found = outlook_of(goal(), looks(0.08, 0.04), PERIOD)
    assert found is not None
    assert found.lately == pytest.approx(0.04)
    assert found.value == pytest.approx((0.06 + 0.04) / 2)
    assert found.low < found.value < found.high


def test_a_goal_well_within_reach_is_nearly_sure_and_one_far_off_is_not() -> None:
    near = outlook_of(goal(at_most=0.2), looks(0.08, 0.04), PERIOD)
    far = outlook_of(goal(at_least=0.2), looks(0.08, 0.04), PERIOD)
    assert near is not None
    assert far is not None
    assert near.chance > 0.99
    assert far.chance < 0.01


def test_further_ahead_is_less_sure() -> None:
    soon = outlook_of(goal(60), looks(0.06, 0.06), PERIOD)
    late = outlook_of(goal(365), looks(0.06, 0.06), PERIOD)
    assert soon is not None
    assert late is not None
    assert late.high - late.low > soon.high - soon.low


def test_nothing_is_said_without_a_day_ahead_or_with_few_labels() -> None:
    assert outlook_of(Goal("leakage", at_most=0.05), looks(0.1, 0.1), PERIOD) is None
    assert outlook_of(goal(10), looks(0.1, 0.1), PERIOD) is None
    assert outlook_of(goal(), [(PERIOD.end, figure(0.1, 10))], PERIOD) is None
    assert outlook_of(goal(), [], PERIOD) is None


def test_which_labels_a_goal_speaks_of_is_quoted() -> None:
    assert inside_sql(Goal("leakage")) == "TRUE"
    assert "'it''s'" in inside_sql(Goal("leakage", where=(("market", "it's"),)))
    assert told_of(figure(0.1, 10))["n_effective"] == 10

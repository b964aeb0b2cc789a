"""Intervals of differences hold, and tests of equal versions keep their level, in simulation."""

from __future__ import annotations

import pytest
from benchmarks.model_comparison import CASES, Case, covered, falsely_named

FEW = next(case for case in CASES if case.name == "few labels")


def held(case: Case, *, repetitions: int, least: float) -> None:
    for found in covered(case, repetitions=repetitions, seed=11):
        assert found.held >= least, (case.name, found)


def test_intervals_of_few_labels_hold_in_a_short_simulation() -> None:
    # 40 draws: 34 or fewer hold once in a thousand at 95%
    held(FEW, repetitions=40, least=0.85)


def test_equal_versions_are_seldom_told_apart_in_a_short_simulation() -> None:
    found = falsely_named(FEW, repetitions=40, seed=12)
    assert max(*found.alone.values(), found.slices) <= 0.175


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_intervals_hold(case: Case) -> None:
    # three standard errors of 200 draws below 95%
    held(case, repetitions=200, least=0.904)


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_equal_versions_are_told_apart_no_more_often_than_said(case: Case) -> None:
    found = falsely_named(case, repetitions=200, seed=12)
    assert max(*found.alone.values(), found.slices) <= 0.096

"""Shifts laid out over the hours of a period."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.advise.proposal import DAYS, Shift
from shroff.advise.review_load import shift_hours
from shroff.domain.slices import Period

_WEEK = Period(date(2026, 6, 1), date(2026, 6, 8))  # a Monday to the next


def test_a_shift_is_on_duty_in_its_hours() -> None:
    hours = shift_hours((Shift(days=("tue",), start=9.5, end=12.0, reviewers=4),), _WEEK)
    assert hours[24 + 8] == 0
    assert hours[24 + 9] == 2
    assert hours[24 + 10] == hours[24 + 11] == 4
    assert hours.sum() == 4 * 2.5


def test_a_night_shift_goes_on_after_midnight() -> None:
    hours = shift_hours((Shift(days=("sun",), start=22.0, end=6.0, reviewers=1),), _WEEK)
    assert hours[:6].tolist() == [1] * 6  # of the Sunday before
    assert hours[-2:].tolist() == [1, 1]
    assert hours.sum() == 8


@given(
    st.lists(st.sampled_from(DAYS), min_size=1, max_size=7, unique=True),
    st.integers(0, 95),
    st.integers(1, 96),
    st.floats(0, 50),
)
def test_whole_weeks_have_all_their_hours(
    days: list[str], start: int, end: int, reviewers: float
) -> None:
    if start == end:
        return
    shift = Shift(days=tuple(days), start=start / 4, end=end / 4, reviewers=reviewers)
    weeks = Period(date(2026, 6, 3), date(2026, 6, 24))
    hours = shift_hours((shift,), weeks)
    assert hours.sum() == pytest.approx(3 * len(days) * shift.hours * reviewers)
    assert np.all(hours >= 0)

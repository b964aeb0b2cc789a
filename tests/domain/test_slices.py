"""A period holds whole days, a slice some values."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.domain.slices import EVERYTHING, Period, Slice
from shroff.errors import ConfigError

DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def test_a_period_without_a_day_is_refused() -> None:
    with pytest.raises(ConfigError, match="holds no day"):
        Period(date(2026, 3, 2), date(2026, 3, 2))


@given(DAYS, DAYS)
def test_the_period_before_is_as_long_and_ends_where_this_one_starts(one: date, two: date) -> None:
    if one == two:
        return
    period = Period(min(one, two), max(one, two))
    assert period.before().days == period.days
    assert period.before().end == period.start


def test_a_period_is_written_with_both_of_its_ends_included() -> None:
    assert Period(date(2026, 3, 2), date(2026, 3, 9)).label() == "2026-03-02 – 2026-03-08"


def test_a_slice_names_its_dimensions_and_keeps_a_missing_value() -> None:
    one = Slice((("market", "US"), ("language", None)))
    assert one.dimensions == ("market", "language")
    assert one.record() == {"market": "US", "language": None}
    assert EVERYTHING.record() == {}

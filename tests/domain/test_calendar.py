from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.domain.calendar import parse_period, week_of
from shroff.domain.slices import Period
from shroff.errors import ConfigError

FIRST, LAST = date(2026, 2, 3), date(2026, 5, 20)  # a Tuesday and a Wednesday


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("all", FIRST, date(2026, 5, 21)),
        ("2026-W20", date(2026, 5, 11), date(2026, 5, 18)),
        ("2026-w20", date(2026, 5, 11), date(2026, 5, 18)),
        ("2026-05", date(2026, 5, 1), date(2026, 6, 1)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        ("2026-05-01", date(2026, 5, 1), date(2026, 5, 2)),
        ("2026-05-01..2026-05-31", date(2026, 5, 1), date(2026, 6, 1)),
        ("last-week", date(2026, 5, 11), date(2026, 5, 18)),
        ("last-month", date(2026, 4, 1), date(2026, 5, 1)),
        ("last-28-days", date(2026, 4, 23), date(2026, 5, 21)),
    ],
)
def test_a_period_is_read_as_people_write_it(text: str, start: date, end: date) -> None:
    assert parse_period(text, first=FIRST, last=LAST) == Period(start, end)


def test_the_last_week_is_the_one_that_the_logs_end_with_when_it_is_whole() -> None:
    sunday = date(2026, 5, 17)
    assert parse_period("last-week", first=FIRST, last=sunday).end == date(2026, 5, 18)


def test_the_last_month_is_the_one_that_the_logs_end_with_when_it_is_whole() -> None:
    assert parse_period("last-month", first=FIRST, last=date(2026, 4, 30)).end == date(2026, 5, 1)


def test_weeks_may_start_on_sunday() -> None:
    period = parse_period("2026-W20", first=FIRST, last=LAST, week_starts="sunday")
    assert period.start == date(2026, 5, 10)
    assert week_of(date(2026, 5, 16), week_starts="saturday").start == date(2026, 5, 16)


@pytest.mark.parametrize("text", ["soon", "2026-W60", "2026-13", "2026-05-01..", "", "last--days"])
def test_what_is_not_a_period_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ConfigError, match=r"write e\.g\. 2026-W20"):
        parse_period(text, first=FIRST, last=LAST)


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ConfigError, match="ends before it begins"):
        parse_period("2026-05-02..2026-04-01", first=FIRST, last=LAST)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.sampled_from(["monday", "sunday"]))
def test_a_day_lies_in_its_own_week(day: date, week_starts: str) -> None:
    week = week_of(day, week_starts=week_starts)
    assert week.start <= day < week.end == week.start + timedelta(days=7)

"""Holidays: the calendar, the user's own, and which days of a series they are."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from shroff.domain.slices import Period
from shroff.store.settings_watch import HolidaySpec, WatchSettings
from shroff.watch.holidays import YEARS, holidays_of, on_holiday

SPRING = Period(date(2026, 2, 1), date(2026, 3, 1))


def test_the_calendar_knows_spring_festival_in_china_only() -> None:
    found = holidays_of(WatchSettings(), SPRING)
    days = {m: on_holiday(found, first=SPRING.start, days=28, market=m) for m in ("CN", "US")}
    assert days["CN"][16]
    assert not days["US"].any()


def test_every_year_of_the_calendar_has_every_holiday() -> None:
    for year in YEARS:
        found = holidays_of(WatchSettings(), Period(date(year, 1, 1), date(year + 1, 1, 1)))
        named = {each.id for each in found}
        assert {"spring_festival", "singles_day", "ramadan", "eid_al_fitr", "christmas"} <= named


def test_all_markets_together_rest_only_when_all_do() -> None:
    found = holidays_of(WatchSettings(), Period(date(2026, 12, 20), date(2027, 1, 3)))
    days = on_holiday(found, first=date(2026, 12, 20), days=14, market=None)
    assert list(days.nonzero()[0]) == [11, 12]


def test_own_holidays_come_beside_the_calendar_or_instead() -> None:
    own = HolidaySpec(first=date(2026, 2, 3), last=date(2026, 2, 4), markets=("US",))
    for calendar in (True, False):
        settings = WatchSettings(calendar=calendar, holidays={"launch party": own})
        found = holidays_of(settings, SPRING)
        assert [each.name("en") for each in found if each.first == own.first] == ["launch party"]
        assert (len(found) > 1) is calendar
        days = on_holiday(found, first=SPRING.start, days=28, market="US")
        assert list(days.nonzero()[0]) == [2, 3]


def test_a_holiday_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValidationError, match="before it begins"):
        HolidaySpec(first=date(2026, 2, 3), last=date(2026, 2, 1))


@pytest.mark.parametrize(
    ("webhook", "hosts", "said"),
    [
        ("ftp://a.example/x", ("a.example",), "https address"),
        ("https://a.example/x", ("b.example",), "not among the hosts"),
        ("http://a.example/x", ("a.example",), "for this machine only"),
    ],
)
def test_a_webhook_goes_to_named_hosts_only(
    webhook: str, hosts: tuple[str, ...], said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        WatchSettings(webhook=webhook, hosts=hosts)

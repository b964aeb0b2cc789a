"""Which days the logs cover."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from shroff.domain.slices import Period
from shroff.errors import DataError
from shroff.measure.periods import Covered, covered

if TYPE_CHECKING:
    from conftest import Story


def test_days_are_those_with_machine_decisions_and_the_end_is_the_last_event(
    tell: Callable[[], Story],
) -> None:
    story = tell()
    story.decided("people", "reject", source="human", decided_at="2026-01-01 10:00:00")
    story.decided("shadow", "reject", shadow=True, decided_at="2026-09-01 10:00:00")
    story.decided("a", "approve", decided_at="2026-05-01 10:00:00")
    story.decided("b", "approve", decided_at="2026-05-20 10:00:00")
    story.reviewed("b", "violating", decided_at="2026-05-21 12:00:00")
    story.appealed("b", None, filed_at="2026-05-22 09:30:00")
    known = covered(story.opened())
    assert (known.first, known.last) == (date(2026, 5, 1), date(2026, 5, 20))
    assert known.as_of == datetime(2026, 5, 22, 9, 30, tzinfo=UTC)


def test_a_moment_that_has_not_come_does_not_move_the_end(tell: Callable[[], Story]) -> None:
    story, now = tell(), datetime(2026, 5, 21, 0, tzinfo=UTC)
    story.decided("a", "approve", decided_at="2026-05-01 10:00:00")
    story.decided("b", "reject", decided_at="2026-05-20 10:00:00")
    story.decided("typo", "approve", decided_at="2062-05-20 10:00:00")
    story.reviewed("b", "violating", decided_at="2026-05-21 20:00:00")
    story.appealed("b", None, filed_at="2126-05-22 09:30:00")
    known = covered(story.opened(), now=now)
    assert (known.first, known.last) == (date(2026, 5, 1), date(2026, 5, 20))
    assert known.as_of == datetime(2026, 5, 21, 20, tzinfo=UTC)


def test_logs_of_which_all_is_ahead_of_the_clock_are_covered(tell: Callable[[], Story]) -> None:
    story = tell()
    story.decided("a", "approve", decided_at="2026-05-20 10:00:00")
    story.reviewed("a", "violating", decided_at="2026-05-21 12:00:00")
    known = covered(story.opened(), now=datetime(2020, 1, 1, tzinfo=UTC))
    assert known.last == date(2026, 5, 20)
    assert known.as_of == datetime(2026, 5, 21, 12, tzinfo=UTC)


def test_logs_without_a_machine_decision_cannot_be_measured(tell: Callable[[], Story]) -> None:
    story = tell()
    story.decided("people", "reject", source="human")
    with pytest.raises(DataError, match="no machine decision"):
        covered(story.opened())


@pytest.mark.parametrize(("hour", "complete"), [(22, 19), (23, 20)])
def test_a_day_is_complete_when_its_last_hour_has_rows(hour: int, complete: int) -> None:
    as_of = datetime(2026, 5, 20, hour, 30, tzinfo=UTC)
    known = Covered(date(2026, 5, 1), date(2026, 5, 20), as_of)
    assert known.last_complete == date(2026, 5, complete)


def test_the_usual_period_is_four_complete_weeks() -> None:
    known = Covered(date(2026, 1, 1), date(2026, 5, 20), datetime(2026, 5, 20, 5, tzinfo=UTC))
    assert known.usual() == Period(date(2026, 4, 22), date(2026, 5, 20))


def test_the_usual_period_of_young_logs_is_all_there_is() -> None:
    only = date(2026, 5, 20)
    known = Covered(only, only, datetime(2026, 5, 20, 5, tzinfo=UTC))
    assert known.usual() == Period(only, date(2026, 5, 21))

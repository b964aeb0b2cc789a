"""What changed between two periods."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest

from shroff.domain.slices import Period
from shroff.measure.brief import Brief
from shroff.measure.changes import Change, changes
from shroff.measure.scorecard import scorecard
from shroff.stats.estimate import Status
from shroff.store.duckdb import DuckDBEngine

if TYPE_CHECKING:
    from conftest import Story

Ask = Callable[..., Brief]
Found = dict[tuple[str, tuple[str, ...]], Change]
APRIL, MAY = Period(date(2026, 4, 1), date(2026, 5, 1)), Period(date(2026, 5, 1), date(2026, 6, 1))


@pytest.fixture(scope="module")
def worse(tell: Callable[[], Story]) -> DuckDBEngine:
    """400 approved ads a month, half of them labelled: 2 in 200 leak in April, 40 in 200 in May."""
    story = tell()
    for month, bad in (("04", 4), ("05", 80)):
        for number in range(400):
            name, at = f"{month}-{number}", f"2026-{month}-05 10:00:00"
            story.ad(name, market="US" if number < 200 else "JP")
            story.decided(name, "approve" if number else "reject", decided_at=at)
            if number % 2:
                verdict = "violating" if number < bad else "compliant"
                story.reviewed(name, verdict, sampling_prob=0.5, stratum=month)
    story.ad("new", market="FR")
    story.decided("new", "approve", decided_at="2026-05-06 10:00:00")
    return story.opened()


@pytest.fixture(scope="module")
def found(worse: DuckDBEngine, ask_may: Ask) -> Found:
    wanted = ("leakage", "reject_rate", "recall_any")
    before, after = (
        scorecard(worse, ask_may(period=period, by=(("market",),), wanted=wanted))
        for period in (APRIL, MAY)
    )
    return {
        (c.metric, tuple(str(value) for _, value in c.slice.terms)): c
        for c in changes(before, after)
    }


def test_a_change_that_is_clear_is_said_to_be(found: Found) -> None:
    change = found["leakage", ()]
    assert (change.before.value, change.after.value) == (pytest.approx(0.01), pytest.approx(0.2))
    assert change.difference.value == pytest.approx(0.19)
    assert 0.1 < change.difference.low < 0.19 < change.difference.high < 0.3
    assert change.clear


def test_a_change_within_the_doubt_is_not_clear(found: Found) -> None:
    change = found["leakage", ("JP",)]
    assert change.difference.low <= 0 <= change.difference.high
    assert not change.clear


def test_what_cannot_be_known_in_one_period_is_no_change(found: Found) -> None:
    change = found["leakage", ("US",)]
    assert change.clear
    assert change.difference.status is Status.ESTIMATE
    bounded = found["recall_any", ()]
    assert bounded.difference.value is None
    assert not bounded.clear


def test_slices_of_one_period_alone_are_left_out(found: Found) -> None:
    assert ("leakage", ("FR",)) not in found
    assert {place for metric, place in found if metric == "leakage"} == {(), ("US",), ("JP",)}

"""How long ads wait for people, and how busy people are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from shroff.errors import ConfigError
from shroff.measure.brief import Brief
from shroff.measure.scorecard import Scorecard, scorecard
from shroff.measure.tasks import task_dimensions
from shroff.stats.estimate import Estimate, Status
from shroff.store.duckdb import DuckDBEngine

if TYPE_CHECKING:
    from conftest import Story

Ask = Callable[..., Brief]
METRICS = (
    "turnaround_p50",
    "turnaround_p90",
    "turnaround_p95",
    "backlog_share",
    "handle_minutes",
    "occupancy",
)
START = datetime(2026, 5, 4, 10, tzinfo=UTC)


def _card(engine: DuckDBEngine, ask_may: Ask, **more: object) -> Scorecard:
    return scorecard(engine, ask_may(wanted=METRICS, **more))


def _figure(card: Scorecard, metric: str, **where: str | None) -> Estimate:
    figure = card.figure(metric, **where)
    assert figure is not None, metric
    return figure.estimate


def _task(story: Story, ad_id: str, hours: float | None, **more: object) -> None:
    done = None if hours is None else (START + timedelta(hours=hours)).isoformat()
    usual = {"queue": "live", "enqueued_at": START.isoformat(), "decided_at": done}
    story.queued(ad_id, "compliant" if done else None, **{**usual, **more})


@pytest.fixture(scope="module")
def desk(tell: Callable[[], Story]) -> DuckDBEngine:
    """Twenty live tasks decided after 1 to 20 hours of one minute's work each, and what is not live."""
    story = tell()
    story.decided("a0", "review")
    for number in range(1, 21):
        story.ad(f"a{number}", market="US" if number <= 10 else "JP", language="en")
        _task(story, f"a{number}", number, active_ms=60_000, reviewer_id=f"p{number % 3}")
    _task(story, "a1", 500, queue_reason="random", queue="audit", active_ms=60_000)
    _task(story, "a2", 500, queue_reason="recheck", queue="audit")
    _task(story, "a3", 500, role="LLM")
    _task(story, "a4", 500, enqueued_at="2026-04-30 23:00:00", queue="before", active_ms=60_000)
    hours = {"2026-05-04": 0.5, "2026-05-05": 0.25, "2026-06-02": 9}
    for day, duty in hours.items():
        story.put(
            "staffing", queue="live", language="en", hour=f"{day} 08:00:00", reviewer_hours=duty
        )
    story.put(
        "staffing", queue="idle", language="en", hour="2026-05-04 08:00:00", reviewer_hours=1
    )
    return story.opened()


def test_percentiles_are_those_of_live_tasks_of_the_period(
    desk: DuckDBEngine, ask_may: Ask
) -> None:
    card = _card(desk, ask_may)
    for metric, hours in (("turnaround_p50", 10), ("turnaround_p90", 18), ("turnaround_p95", 19)):
        figure = _figure(card, metric)
        assert (figure.value, figure.n, figure.status) == (hours, 20, Status.ESTIMATE)
        assert figure.low <= hours
        assert figure.high is None or figure.high >= hours


def test_every_task_decided_is_no_backlog(desk: DuckDBEngine, ask_may: Ask) -> None:
    figure = _figure(_card(desk, ask_may), "backlog_share")
    assert (figure.value, figure.numerator, figure.denominator) == (0, 0, 20)


def test_work_of_an_audit_is_work_but_no_wait(desk: DuckDBEngine, ask_may: Ask) -> None:
    figure = _figure(_card(desk, ask_may), "occupancy")
    # 22 timed tasks were decided in May: an audit and one queued in April among them
    assert figure.numerator == pytest.approx(22 / 60)
    assert figure.denominator == pytest.approx(1.75)
    assert _figure(_card(desk, ask_may), "handle_minutes").value == pytest.approx(1.0)


def test_load_is_sliced_where_staffing_is_logged_and_nowhere_else(
    desk: DuckDBEngine, ask_may: Ask
) -> None:
    card = _card(desk, ask_may, by=(("queue",), ("market",), ("language", "queue")))
    assert _figure(card, "occupancy", queue="live").value == pytest.approx(20 / 60 / 0.75)
    assert _figure(card, "occupancy", queue="idle").value == 0.0
    assert card.block("occupancy", "market") is None
    assert _figure(card, "occupancy", queue="live", language="en").numerator == pytest.approx(
        1 / 3
    )


def test_tasks_are_sliced_by_their_ad_and_never_by_reviewer(
    desk: DuckDBEngine, ask_may: Ask
) -> None:
    card = _card(desk, ask_may, by=(("market",), ("queue",)))
    assert _figure(card, "turnaround_p50", market="US").value == 5
    assert _figure(card, "turnaround_p50", market="JP").value == 15
    assert "reviewer_id" not in task_dimensions(desk)
    with pytest.raises(ConfigError, match="no dimension 'reviewer_id'"):
        _card(desk, ask_may, by=(("reviewer_id",),))


def test_columns_of_the_users_that_are_named_like_those_of_tasks_do_not_disturb_them(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    story = tell()
    names = ("week", "done", "minutes", "capped_ms", "entered", "left_queue", "done_code")
    story.ad("a", **dict.fromkeys(names, "theirs"))
    story.decided("a", "review")
    _task(story, "a", 3, week="theirs", minutes=7)
    figure = _figure(_card(story.opened(), ask_may), "turnaround_p50")
    assert (figure.value, figure.n) == (3, 1)


def _with_open(story: Story, *, still: int) -> DuckDBEngine:
    """Tell of ten tasks decided after 1 to 10 hours and some still open when the logs end."""
    story.decided("a", "review")
    for number in range(1, 11):
        _task(story, f"a{number}", number, active_ms=120_000)
    for number in range(still):
        _task(story, f"o{number}", None)
    return story.opened()


def test_open_tasks_are_censored_not_missing(tell: Callable[[], Story], ask_may: Ask) -> None:
    card = _card(_with_open(tell(), still=5), ask_may)
    median = _figure(card, "turnaround_p50")
    assert (median.value, median.n) == (8, 15)  # half of fifteen, not half of ten
    (note,) = median.caveats
    assert (note.id, dict(note.params)) == ("scorecard.tasks_open", {"open": 5, "tasks": 15})
    assert _figure(card, "backlog_share").value == pytest.approx(1 / 3)
    assert _figure(card, "handle_minutes").value == pytest.approx(2.0)


def test_a_percentile_that_is_not_reached_says_how_long_at_least(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    as_of = START + timedelta(hours=30)
    card = _card(_with_open(tell(), still=5), ask_may, as_of=as_of)
    figure = _figure(card, "turnaround_p90")
    assert (figure.status, figure.value, figure.high) == (Status.BOUNDS, None, None)
    assert 10 <= figure.low <= 30
    assert [note.id for note in figure.caveats][-1] == "scorecard.not_reached"
    assert len(_figure(card, "turnaround_p50").caveats) == 1


def test_an_open_task_counts_for_as_long_as_the_logs_go(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    story = tell()
    story.decided("a", "review")
    for number in range(1, 11):
        _task(story, f"a{number}", number)
    for number in range(10):
        _task(story, f"new{number}", None, enqueued_at=(START + timedelta(hours=9)).isoformat())
    figure = _figure(
        _card(story.opened(), ask_may, as_of=START + timedelta(hours=10)), "turnaround_p50"
    )
    assert figure.value == 6  # ten open tasks have waited an hour: of later hours they say nothing
    assert figure.n == 20


def test_a_clock_that_runs_backwards_is_no_negative_wait(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    story = tell()
    story.decided("a", "review")
    _task(story, "a", -2)
    assert _figure(_card(story.opened(), ask_may), "turnaround_p50").value == 0


def test_an_idle_tab_is_not_work(tell: Callable[[], Story], ask_may: Ask) -> None:
    story = tell()
    story.decided("a", "review")
    _task(story, "a", 3, active_ms=5 * 3_600_000)
    _task(story, "b", 3, active_ms=None)
    figure = _figure(_card(story.opened(), ask_may), "handle_minutes")
    assert (figure.value, figure.denominator) == (30.0, 1)

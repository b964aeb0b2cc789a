"""How right the machine is to queue ads, and first reviewers to decide them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from shroff.measure.brief import Brief
from shroff.measure.scorecard import scorecard
from shroff.stats.estimate import Estimate, Status
from shroff.store.duckdb import DuckDBEngine

if TYPE_CHECKING:
    from conftest import Story

Ask = Callable[..., Brief]


def _figure(engine: DuckDBEngine, brief: Brief, metric: str, **where: str | None) -> Estimate:
    figure = scorecard(engine, brief).figure(metric, **where)
    assert figure is not None, metric
    return figure.estimate


def test_open_tasks_widen_queue_in_precision_both_ways(
    worked_queue: DuckDBEngine, ask_may: Ask
) -> None:
    brief = ask_may(by=(("policy",),), wanted=("queue_in_precision",))
    for where in ({}, {"policy": "drugs"}):
        figure = _figure(worked_queue, brief, "queue_in_precision", **where)
        assert (figure.value, figure.n) == (0.75, 8)
        assert (figure.low, figure.high) == (0.6, 0.8)
        notes = {note.id: note.params for note in figure.caveats}
        assert notes["scorecard.backlog"] == {"open": 2, "queued": 10}


def test_a_queue_nobody_worked_has_no_precision(tell: Callable[[], Story], ask_may: Ask) -> None:
    story = tell()
    story.decided("a", "review")
    story.queued("a", None)
    brief = ask_may(wanted=("queue_in_precision",))
    figure = _figure(story.opened(), brief, "queue_in_precision")
    assert (figure.status, figure.value, figure.n) == (Status.UNKNOWN, None, 0)


def _rechecked(story: Story, *, chances: tuple[float | None, float | None]) -> DuckDBEngine:
    """Tell of 8 hard first reviews, all overturned, and 40 easy ones, none overturned, rechecked."""
    story.decided("a", "review")
    for number in range(48):
        hard = number < 8
        story.queued(f"a{number}", "violating", reviewer_group="night" if hard else "day")
        story.reviewed(
            f"a{number}",
            "compliant" if hard else "violating",
            queue_reason="recheck",
            role="L2",
            decided_at="2026-05-06 10:00:00",
            sampling_prob=chances[0] if hard else chances[1],
        )
    return story.opened()


def test_re_reviews_with_a_probability_are_weighed_by_it(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    brief = ask_may(wanted=("first_review_overturn_rate",), by=(("reviewer_group",),))
    engine = _rechecked(tell(), chances=(0.8, 0.1))
    figure = _figure(engine, brief, "first_review_overturn_rate")
    assert figure.value == pytest.approx(10 / 410)
    assert figure.low < figure.value < figure.high
    assert (figure.status, figure.n) == (Status.ESTIMATE, 48)
    night = _figure(engine, brief, "first_review_overturn_rate", reviewer_group="night")
    assert night.value == 1.0


def test_re_reviews_as_they_came_are_a_proxy(tell: Callable[[], Story], ask_may: Ask) -> None:
    engine = _rechecked(tell(), chances=(None, None))
    brief = ask_may(wanted=("first_review_overturn_rate",))
    figure = _figure(engine, brief, "first_review_overturn_rate")
    assert (figure.value, figure.status) == (pytest.approx(8 / 48), Status.PROXY)
    assert [note.id for note in figure.caveats] == ["scorecard.recheck_proxy"]


def test_only_the_first_review_before_the_last_re_review_is_compared(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    story = tell()
    story.decided("a", "review")
    recheck = {"queue_reason": "recheck", "role": "L2"}
    story.queued("twice", "violating", decided_at="2026-05-05 10:00:00")
    story.queued("twice", "compliant", decided_at="2026-05-05 11:00:00")
    story.reviewed("twice", "compliant", decided_at="2026-05-06 10:00:00", **recheck)
    story.queued("settled", "violating", decided_at="2026-05-05 10:00:00")
    story.reviewed("settled", "compliant", decided_at="2026-05-06 10:00:00", **recheck)
    story.reviewed("settled", "violating", decided_at="2026-05-07 10:00:00", **recheck)
    story.queued("before", "violating", decided_at="2026-05-05 10:00:00")
    story.reviewed("before", "compliant", decided_at="2026-05-04 10:00:00", **recheck)
    story.queued("unclear", "violating", decided_at="2026-05-05 10:00:00")
    story.reviewed("unclear", "unclear", decided_at="2026-05-06 10:00:00", **recheck)
    brief = ask_may(wanted=("first_review_overturn_rate",))
    figure = _figure(story.opened(), brief, "first_review_overturn_rate")
    assert (figure.numerator, figure.n) == (1, 2)


def test_reviews_without_a_reason_are_the_queue_unless_drawn(
    tell: Callable[[], Story], ask_may: Callable[..., Brief]
) -> None:
    story = tell()
    for number in range(10):
        story.decided(f"a{number}", "review", policy_id="drugs")
        told = {"queue_reason": None, "queue": None, "blind": False}
        chance = 0.5 if number >= 8 else (1 if number % 2 else None)
        story.reviewed(f"a{number}", "violating", sampling_prob=chance, **told)
    figure = scorecard(story.opened(), ask_may()).figure("queue_in_precision")
    assert figure is not None
    assert figure.estimate.n == 8

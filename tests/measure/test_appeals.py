"""Who appealed and who won, by the cohort of the action."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from shroff.measure.brief import Brief
from shroff.measure.scorecard import Scorecard, scorecard
from shroff.stats.estimate import Estimate, Status
from shroff.store.duckdb import DuckDBEngine

if TYPE_CHECKING:
    from conftest import Story

Ask = Callable[..., Brief]
METRICS = ("appeal_rate", "overturns_per_appeal", "appeal_error_floor")


def _card(engine: DuckDBEngine, ask_may: Ask, **more: object) -> Scorecard:
    return scorecard(engine, ask_may(wanted=METRICS, **more))


def _figure(card: Scorecard, metric: str, **where: str | None) -> Estimate:
    figure = card.figure(metric, **where)
    assert figure is not None
    return figure.estimate


@pytest.fixture(scope="module")
def decided(tell: Callable[[], Story]) -> DuckDBEngine:
    """Ten rejects and one restriction of 4 May; who appealed is told case by case."""
    story = tell()
    for number in range(10):
        market = "US" if number < 5 else "JP"
        story.decided(f"x{number}", "reject", decision_id=f"x{number}", market=market)
    story.decided("limited", "restrict", decision_id="limited", market="US")
    story.decided("passed", "approve", decision_id="passed", market="US")
    story.decided("queued", "review", decision_id="queued", market="US")
    story.decided("queued", "reject", decision_id="by people", source="human", market="US")
    story.appealed("x0", "reversed", decision_id="x0")
    story.appealed("x1", "upheld", decision_id="x1")
    story.appealed("x1", "partly_reversed", decision_id="x1", filed_at="2026-05-09 10:00:00")
    story.appealed("x2", "reversed", decision_id="x2", edited_resubmit=True)
    story.appealed("x2", "reversed", decision_id="x2", filed_at="2026-05-12 10:00:00")
    story.appealed("x3", None, decision_id="x3")
    story.appealed("x4", "reversed", decision_id=None)
    story.appealed("x5", "upheld", decision_id="x5", filed_at="2026-06-15 10:00:00")
    story.appealed("x6", "omitted", decision_id="x6")
    story.appealed("limited", "upheld", decision_id="limited")
    story.appealed("queued", "reversed", decision_id="by people")
    story.appealed("nobody's", "reversed", decision_id="unknown")
    story.appealed("passed", "reversed", decision_id="passed")
    return story.opened()


def test_overturns_are_among_decided_appeals_without_an_edit(
    decided: DuckDBEngine, ask_may: Ask
) -> None:
    figure = _figure(_card(decided, ask_may), "overturns_per_appeal")
    # won: x0, x1 at the second go, x2 at the second go, x4; lost: x1, x5, x6, limited
    assert (figure.numerator, figure.denominator, figure.value) == (4, 8, 0.5)
    assert figure.status is Status.COUNT


def test_open_and_edited_appeals_are_said(decided: DuckDBEngine, ask_may: Ask) -> None:
    figure = _figure(_card(decided, ask_may), "overturns_per_appeal")
    notes = {note.id: note.params for note in figure.caveats}
    assert notes["scorecard.appeal_open"] == {"open": 1, "filed": 10}
    assert notes["scorecard.appeal_edited"] == {"edited": 1}


def test_an_action_overturned_twice_is_one_wrong_action(
    decided: DuckDBEngine, ask_may: Ask
) -> None:
    figure = _figure(_card(decided, ask_may), "appeal_error_floor")
    assert (figure.numerator, figure.denominator) == (4, 11)


def test_the_appeal_rate_counts_actions_within_the_window(
    decided: DuckDBEngine, ask_may: Ask
) -> None:
    figure = _figure(_card(decided, ask_may), "appeal_rate")
    # x0 to x4, x6 and the restriction; x5 came after thirty days
    assert figure.value == pytest.approx(7 / 11)
    assert (figure.status, figure.low, figure.high) == (Status.COUNT, figure.value, figure.value)


def test_a_longer_window_takes_in_later_appeals(decided: DuckDBEngine, ask_may: Ask) -> None:
    figure = _figure(_card(decided, ask_may, appeal_window_days=45), "appeal_rate")
    assert figure.value == pytest.approx(8 / 11)


def test_appeals_are_sliced_by_what_was_decided(decided: DuckDBEngine, ask_may: Ask) -> None:
    card = _card(decided, ask_may, by=(("market",), ("action",)))
    assert _figure(card, "appeal_error_floor", market="US").numerator == 4
    assert _figure(card, "appeal_error_floor", market="JP").numerator == 0
    assert _figure(card, "appeal_rate", action="restrict").value == 1.0
    assert _figure(card, "overturns_per_appeal", market="JP").value == 0.0


def test_nobody_appealing_leaves_the_overturn_rate_unknown(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    story = tell()
    story.decided("a", "reject", market="US")
    story.decided("b", "reject", market="JP")
    story.appealed("b", "reversed")
    card = _card(story.opened(), ask_may, by=(("market",),))
    assert _figure(card, "overturns_per_appeal", market="US").status is Status.UNKNOWN
    assert _figure(card, "appeal_rate", market="US").value == 0.0


def test_an_appeal_without_a_decision_is_against_the_action_taken(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    story = tell()
    story.decided("both", "approve", decision_id="1", market="US")
    story.decided("both", "reject", decision_id="2", market="JP")
    story.appealed("both", "reversed", decision_id=None)
    figure = _figure(_card(story.opened(), ask_may), "appeal_error_floor")
    assert (figure.numerator, figure.denominator) == (1, 1)


def test_an_appeal_against_an_action_of_another_period_is_not_counted(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    story = tell()
    story.decided("old", "reject", decided_at="2026-04-01 10:00:00", decision_id="old")
    story.decided("new", "reject", decision_id="new")
    story.appealed("old", "reversed", decision_id="old")
    figure = _figure(_card(story.opened(), ask_may), "appeal_error_floor")
    assert (figure.numerator, figure.denominator) == (0, 1)


def _staggered(story: Story) -> DuckDBEngine:
    """Tell of 100 rejects a day on 1, 11 and 21 May; 20 of each appealed after 5 days, 10 after 15."""
    for day in (1, 11, 21):
        for number in range(100):
            name = f"{day}-{number}"
            at = f"2026-05-{day:02d} 12:00:00"
            story.decided(name, "reject", decision_id=name, decided_at=at)
            wait = 5 if number < 20 else 15 if number < 30 else None
            if wait and day + wait <= 31:
                filed = f"2026-05-{day + wait:02d} 12:00:00"
                story.appealed(name, None, decision_id=name, filed_at=filed)
    return story.opened()


def test_actions_whose_window_is_open_are_censored_not_taken_as_not_appealed(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    engine = _staggered(tell())
    as_of = datetime(2026, 5, 31, 12, tzinfo=UTC)
    figure = _figure(_card(engine, ask_may, as_of=as_of, appeal_window_days=20), "appeal_rate")
    naive = 80 / 300  # the third day's later appeals are still to come
    assert figure.value == pytest.approx(0.3, abs=1e-9)
    assert figure.value > naive
    assert figure.low < figure.value < figure.high
    assert figure.status is Status.ESTIMATE
    (note,) = figure.caveats
    assert note.id == "scorecard.appeal_window"
    assert (note.params["young"], note.params["actions"]) == (70 + 10, 300)


def test_while_no_window_has_closed_the_rate_so_far_is_a_proxy(
    tell: Callable[[], Story], ask_may: Ask
) -> None:
    engine = _staggered(tell())
    as_of = datetime(2026, 5, 31, 12, tzinfo=UTC)
    figure = _figure(_card(engine, ask_may, as_of=as_of, appeal_window_days=40), "appeal_rate")
    assert figure.status is Status.PROXY
    assert "scorecard.appeal_short" in {note.id for note in figure.caveats}

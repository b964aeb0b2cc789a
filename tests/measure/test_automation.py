"""How much is automated where the machine is known to be good enough."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

import pytest

from shroff.domain.slices import Period
from shroff.measure.brief import Brief, Goal
from shroff.measure.scorecard import scorecard
from shroff.stats.estimate import Estimate, Status
from shroff.store.duckdb import DuckDBEngine

if TYPE_CHECKING:
    from conftest import Story

Ask = Callable[..., Brief]
GOALS = (Goal("leakage", at_most=0.05), Goal("reject_precision", at_least=0.8))


@pytest.fixture(scope="module")
def uneven(tell: Callable[[], Story]) -> DuckDBEngine:
    """Three markets of 200 approvals and 20 rejects; clean, leaking, and barely labelled."""
    story = tell()
    for market, leaking, labels in (("CN", 0, 200), ("LK", 100, 200), ("FEW", 0, 5)):
        for number in range(220):
            name = f"{market}{number}"
            story.ad(name, market=market)
            rejected = number >= 200
            story.decided(name, "reject" if rejected else "approve")
            if rejected or number < labels:
                bad = rejected or number < leaking
                story.reviewed(
                    name,
                    "violating" if bad else "compliant",
                    sampling_prob=1.0 if rejected else labels / 200,
                    stratum=f"{market}{rejected}",
                )
    return story.opened()


def _safe(engine: DuckDBEngine, brief: Brief) -> Estimate:
    figure = scorecard(engine, brief).figure("safe_automation_rate")
    assert figure is not None
    return figure.estimate


def test_only_slices_known_to_clear_the_goal_count_and_unrefuted_ones_are_the_upper_end(
    uneven: DuckDBEngine, ask_may: Ask
) -> None:
    figure = _safe(uneven, ask_may(by=(("market",),), goals=GOALS))
    sure = 200 + 3 * 20  # the clean market's approvals and every market's rejects
    assert figure.value == figure.low == pytest.approx(sure / 660)
    assert figure.high == pytest.approx((sure + 200) / 660)  # few labels refute nothing
    assert figure.denominator == 660
    assert figure.status is Status.ESTIMATE


def test_without_goals_it_says_which_to_set(uneven: DuckDBEngine, ask_may: Ask) -> None:
    figure = _safe(uneven, ask_may(goals=GOALS[:1]))
    assert (figure.status, figure.value) == (Status.UNKNOWN, None)
    assert [note.id for note in figure.caveats] == ["scorecard.no_goals"]


def test_a_period_without_decisions_is_unknown_and_no_fault(
    uneven: DuckDBEngine, ask_may: Ask
) -> None:
    july = Period(date(2026, 7, 1), date(2026, 8, 1))
    assert _safe(uneven, ask_may(period=july, goals=GOALS)).status is Status.UNKNOWN

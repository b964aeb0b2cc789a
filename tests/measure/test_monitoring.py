"""A goal is met or missed when the labels so far say so, and not before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from shroff.domain.metric_catalogue import CATALOGUE
from shroff.domain.metrics import Direction, Metric, Needs
from shroff.domain.slices import Period
from shroff.measure.brief import Brief, Design, Goal
from shroff.measure.monitoring import Look, Progress, Verdict, goal_periods, judge, monitor
from shroff.stats.estimate import Estimate, Status
from shroff.store.duckdb import DuckDBEngine

FIRST, UNTIL = date(2026, 5, 1), date(2026, 6, 1)


def estimate(low: float | None, high: float | None, *, value: float = 0.1) -> Estimate:
    return Estimate(
        value=value, low=low, high=high, level=0.95, status=Status.ESTIMATE, method="x", n=9
    )


@pytest.mark.parametrize(
    ("goal", "low", "high", "verdict"),
    [
        (Goal("m", at_most=0.2), 0.1, 0.2, "met"),
        (Goal("m", at_most=0.2), 0.1, 0.21, "not_yet_known"),
        (Goal("m", at_most=0.2), 0.21, 0.3, "missed"),
        (Goal("m", at_least=0.2), 0.2, 0.3, "met"),
        (Goal("m", at_least=0.2), 0.1, 0.3, "not_yet_known"),
        (Goal("m", at_least=0.2), 0.1, 0.19, "missed"),
    ],
)
def test_the_whole_interval_decides(goal: Goal, low: float, high: float, verdict: str) -> None:
    assert judge(estimate(low, high), goal).value == verdict


def test_a_figure_counted_in_full_is_judged_by_its_value() -> None:
    assert judge(estimate(None, None), Goal("m", at_most=0.1)) is Verdict.MET
    nothing = replace(estimate(None, None), value=None)
    assert judge(nothing, Goal("m", at_most=0.1)) is Verdict.UNKNOWN


def test_it_is_known_since_the_first_day_of_the_verdict_that_stands() -> None:
    verdicts = [Verdict.UNKNOWN, Verdict.MET, Verdict.UNKNOWN, Verdict.MISSED, Verdict.MISSED]
    looks = [
        Look(FIRST + timedelta(days=n), estimate(0, 1), verdict)
        for n, verdict in enumerate(verdicts)
    ]
    progress = Progress(
        goal=Goal("leakage", at_most=0.1),
        metric=CATALOGUE["leakage"],
        period=Period(FIRST, UNTIL),
        figure=estimate(0, 1),
        looks=tuple(looks),
    )
    assert progress.verdict is Verdict.MISSED
    assert progress.known_since == date(2026, 5, 4)
    assert replace(progress, looks=tuple(looks[:3])).known_since is None


def test_a_goal_starts_on_its_day_or_with_the_quarter() -> None:
    goals = [
        Goal("a", at_most=1),
        Goal("b", at_most=1, since=date(2026, 5, 9)),
        Goal("c", at_most=1, since=UNTIL),
    ]
    found = goal_periods(goals, first=date(2026, 1, 1), until=UNTIL)
    assert found == {
        Period(date(2026, 4, 1), UNTIL): goals[:1],
        Period(date(2026, 5, 9), UNTIL): [goals[1]],
    }
    later = goal_periods(goals[:1], first=date(2026, 4, 20), until=UNTIL)
    assert list(later) == [Period(date(2026, 4, 20), UNTIL)]


def test_every_day_is_looked_at_and_the_last_look_knows_all_labels(
    biased_review_sample: DuckDBEngine, ask_may: Callable[..., Brief]
) -> None:
    goals = (Goal("leakage", at_most=0.3), Goal("reject_precision", at_least=0.999))
    (leakage, precision) = monitor(
        biased_review_sample, ask_may(goals=goals), first=FIRST, until=UNTIL
    )
    assert leakage.verdict is Verdict.MET
    assert leakage.known_since == date(2026, 5, 4)  # every ad was decided on that Monday
    assert [look.verdict for look in leakage.looks[:3]] == [Verdict.UNKNOWN] * 3
    last, plain = leakage.looks[-1].estimate, leakage.figure
    assert last.value == pytest.approx(plain.value)
    assert (last.n, len(leakage.looks)) == (94, 31)
    assert last.low is not None
    assert plain.low is not None
    assert last.low < plain.low
    assert precision.verdict is Verdict.MISSED  # audited whole: 30 of 40, without doubt
    assert precision.record()["known_since"] == "2026-05-04"


def test_ads_that_err_together_are_looked_at_too(
    biased_review_sample: DuckDBEngine, ask_may: Callable[..., Brief]
) -> None:
    goals = (Goal("leakage", at_most=0.5),)
    together = ask_may(goals=goals, designs=(Design(id="audit", cluster="market"),))
    alone = ask_may(goals=goals, designs=(Design(id="audit"),))
    (found,) = monitor(biased_review_sample, together, first=FIRST, until=UNTIL)
    (single,) = monitor(biased_review_sample, alone, first=FIRST, until=UNTIL)
    assert 1 < len(found.looks) <= 13
    assert found.looks[-1].day == date(2026, 5, 31)
    assert found.looks[-1].estimate.value == pytest.approx(single.looks[-1].estimate.value)
    assert found.looks[-1].estimate.width != single.looks[-1].estimate.width


def test_a_goal_on_counts_is_judged_without_doubt_and_others_say_why_not(
    biased_review_sample: DuckDBEngine,
    no_probability: DuckDBEngine,
    ask_may: Callable[..., Brief],
) -> None:
    asked = ask_may(goals=(Goal("reject_rate", at_most=0.05), Goal("leakage", at_most=0.5)))
    counted, _ = monitor(biased_review_sample, asked, first=FIRST, until=UNTIL)
    assert (counted.verdict, counted.looks) == (Verdict.MET, ())
    assert counted.note is not None
    assert counted.note.id == "goals.counted"
    _, unknown = monitor(no_probability, asked, first=FIRST, until=UNTIL)
    assert unknown.verdict is Verdict.UNKNOWN
    assert unknown.note is not None
    assert unknown.note.id == "goals.cannot_tell"


def test_a_metric_of_the_users_own_is_looked_at_every_day(
    biased_review_sample: DuckDBEngine, ask_may: Callable[..., Brief]
) -> None:
    own = Metric(
        id="jp_leaks",
        name_en="JP leaks",
        name_zh="JP leaks",
        definition_en="",
        definition_zh="",
        numerator="violating AND action = 'approve'",
        denominator="action = 'approve' AND market = 'JP'",
        needs=Needs.TRUTH,
        direction=Direction.DOWN_GOOD,
        custom=True,
    )
    asked = ask_may(goals=(Goal("jp_leaks", at_most=0.5),), metrics={**CATALOGUE, "jp_leaks": own})
    (found,) = monitor(biased_review_sample, asked, first=FIRST, until=UNTIL)
    assert len(found.looks) == 31
    assert found.looks[-1].estimate.value == pytest.approx(found.figure.value)

"""Did it work: judged on series whose truth is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import numpy as np
import pytest

from shroff.advise.outcome import judge, period_of
from shroff.advise.outcome_question import Forecast, OutcomeQuestion, Rollout
from shroff.advise.outcome_result import Outcome
from shroff.domain.metric_catalogue import CATALOGUE
from shroff.domain.slices import EVERYTHING, Period, Slice
from shroff.errors import DataError, DesignError
from shroff.measure.periods import Covered
from shroff.watch.daily_series import DailyBlock

FIRST = date(2026, 1, 5)
ON = FIRST + timedelta(days=84)
MARKETS = tuple("ABCDEFGHIJ")


def block(
    *, effect: float, labels: int, markets: tuple[str, ...] = (), days: int = 126, seed: int = 1
) -> DailyBlock:
    """Leakage of 3% by day; in the first two markets, or everywhere, it changes on `ON`."""
    dice = np.random.default_rng(seed)
    rows = max(len(markets), 1)
    rate = 0.03 * np.exp(0.1 * np.sin(np.arange(days) / 9))[None, :] * np.ones((rows, 1))
    rate[: 2 if markets else 1, 84:] *= 1 + effect
    below = np.full((rows, days), float(labels))
    return DailyBlock(
        metric="leakage",
        dimensions=("market",) if markets else (),
        slices=tuple(Slice((("market", name),)) for name in markets) or (EVERYTHING,),
        first=FIRST,
        above=dice.binomial(labels, rate).astype(float),
        below=below,
        complete=np.ones(days),
    )


def question(rollout: Rollout = Rollout.ALL, **told: object) -> OutcomeQuestion:
    return OutcomeQuestion(metric="leakage", on=ON, rollout=rollout, values=("A", "B"), **told)  # type: ignore[arg-type] # by name


def outcome_of(found: object, asked: OutcomeQuestion) -> Outcome:
    return Outcome(
        question=asked,
        metric=CATALOGUE["leakage"],
        period=Period(FIRST, FIRST + timedelta(days=126)),
        came=found,  # type: ignore[arg-type] # what judge gave
    )


def test_markets_with_the_change_are_held_against_the_others() -> None:
    asked = question(Rollout.MARKETS, forecast=Forecast(value=-0.3, low=-0.45, high=-0.15))
    came = judge(block(effect=-0.3, labels=2000, markets=MARKETS), asked)
    assert came.relative is not None
    assert came.relative[1] <= -0.3 <= came.relative[2] < 0
    told = outcome_of(came, asked)
    assert told.scored is not None
    assert told.scored.kept
    assert "forecast -30% (95% -45% … -15%), observed -" in told.lead().text()
    assert came.method == "synthetic control"
    kinds = {placebo.kind: placebo for placebo in came.placebos}
    assert kinds["markets"].as_far == 0


def test_difference_in_differences_can_be_asked_for() -> None:
    asked = question(Rollout.MARKETS, method="difference")
    came = judge(block(effect=-0.3, labels=2000, markets=MARKETS), asked)
    assert came.method == "difference in differences"
    assert came.relative is not None
    assert came.relative[1] <= -0.3 <= came.relative[2]


def test_a_change_made_at_once_is_told_to_be_weaker() -> None:
    asked = question()
    came = judge(block(effect=-0.6, labels=3000), asked)
    assert came.relative is not None
    assert came.relative[1] <= -0.6 <= came.relative[2] < 0
    told = " ".join(note.text() for note in outcome_of(came, asked).remarks())
    assert "weakest way" in told


def test_no_effect_is_not_claimed() -> None:
    asked = question(Rollout.MARKETS)
    came = judge(block(effect=0.0, labels=500, markets=MARKETS), asked)
    assert came.effect[1] <= 0 <= came.effect[2]
    assert outcome_of(came, asked).verdict().id == "outcome.not_told"


def test_few_labels_a_day_become_weeks() -> None:
    asked = question()
    came = judge(block(effect=-0.5, labels=8), asked)
    assert len(came.points) == 18
    assert came.points[12].day == ON
    assert any(note.id == "outcome.by_week" for note in came.notes)


def test_a_forecast_that_promised_too_much_is_told() -> None:
    asked = question(Rollout.MARKETS, forecast=Forecast(value=-0.6, low=-0.65, high=-0.55))
    came = judge(block(effect=-0.2, labels=3000, markets=MARKETS), asked)
    assert outcome_of(came, asked).verdict().id == "outcome.less"


def test_days_whose_labels_are_not_in_do_not_count() -> None:
    series = block(effect=-0.3, labels=3000)
    complete = np.ones(126)
    complete[120:] = 0.5
    came = judge(replace(series, complete=complete), question())
    assert len(came.points) == 120
    assert any(note.id == "outcome.not_settled" for note in came.notes)


def test_nothing_complete_after_the_change_is_refused() -> None:
    series = block(effect=-0.3, labels=3000)
    complete = (np.arange(126) < 84).astype(float)
    with pytest.raises(DataError, match="has all its labels"):
        judge(replace(series, complete=complete), question())


def test_a_market_that_is_not_there_is_refused() -> None:
    asked = replace(question(Rollout.MARKETS), values=("A", "ZZ"))
    with pytest.raises(DataError, match="'ZZ'"):
        judge(block(effect=0.0, labels=500, markets=MARKETS), asked)


def test_markets_all_of_them_leave_nothing_to_compare_with() -> None:
    asked = replace(question(Rollout.MARKETS), values=MARKETS)
    with pytest.raises(DesignError, match="every market"):
        judge(block(effect=0.0, labels=500, markets=MARKETS), asked)


def test_a_series_without_a_violation_is_refused() -> None:
    series = block(effect=0.0, labels=500)
    with pytest.raises(DesignError, match="never moves"):
        judge(replace(series, above=np.zeros_like(series.above)), question())


def test_days_outside_the_logs_are_refused() -> None:
    known = Covered(FIRST, ON, datetime.fromisoformat(f"{ON}T23:30:00+00:00"))
    with pytest.raises(DataError, match="nothing can have come"):
        period_of(replace(question(), on=ON + timedelta(days=5)), known)
    with pytest.raises(DataError, match="nothing is known from before"):
        period_of(replace(question(), on=FIRST), known)


def test_one_outcome_is_one_however_often_it_is_looked_at() -> None:
    asked = question(Rollout.MARKETS)
    came = judge(block(effect=-0.3, labels=500, markets=MARKETS), asked)
    again = replace(asked, weeks=20, level=0.9)
    assert outcome_of(came, asked).id == outcome_of(came, again).id

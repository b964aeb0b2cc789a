"""What changed: hand cases, stated answers for degenerate series, and what must never matter."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from shroff.errors import DesignError
from shroff.watch.change_detection import (
    ChangeKind,
    Detected,
    Detection,
    Family,
    Heed,
    Series,
    SeriesBatch,
    detect,
    stacked,
)

FIRST = date(2025, 1, 6)
WEEK = np.array([1.1, 1.15, 1.1, 1.05, 1.0, 0.8, 0.8])
DAYS = 300


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def batch(
    seen: np.ndarray, lower: np.ndarray | None = None, *, family: Family | None = None
) -> SeriesBatch:
    figures = np.atleast_2d(np.asarray(seen, np.float64))
    return SeriesBatch(
        numerator=figures,
        denominator=None if lower is None else np.atleast_2d(np.asarray(lower, np.float64)),
        first_day=FIRST,
        complete=np.ones(figures.shape, np.bool_),
        family=family,
    )


def steady(seed: int, factor: np.ndarray | float = 1.0) -> np.ndarray:
    week = WEEK[np.arange(DAYS) % 7]
    return np.random.default_rng(seed).poisson(60 * week * factor).astype(np.float64)


def between(first: int, until: int, factor: float) -> np.ndarray:
    days = np.arange(DAYS)
    return np.where((days >= first) & (days < until), factor, 1.0)


def only(found: tuple[Detected, ...]) -> Detected:
    assert len(found) == 1
    return found[0]


def test_a_steady_series_has_no_change() -> None:
    assert detect(batch(steady(1))) == ()


def test_a_spike_has_an_onset_a_last_day_and_a_size() -> None:
    spike = only(detect(batch(steady(2, between(200, 203, 3.0)))))
    assert spike.kind is ChangeKind.SPIKE
    assert (spike.onset, spike.last, spike.found) == (day(200), day(202), day(200))
    assert spike.size.ratio_low is not None
    assert spike.size.ratio_high is not None
    assert spike.size.ratio_low < 3.0 < spike.size.ratio_high
    assert not spike.ongoing


def test_a_fall_for_some_days_is_a_drop() -> None:
    drop = only(detect(batch(steady(3, between(200, 204, 0.2)))))
    assert drop.kind is ChangeKind.DROP
    assert (drop.onset, drop.last) == (day(200), day(203))
    assert drop.size.difference_high < 0
    assert drop.deviate < 0


def test_a_lasting_rise_is_a_level_shift_that_settles() -> None:
    shift = only(detect(batch(steady(4, between(200, DAYS, 1.6)))))
    assert shift.kind is ChangeKind.LEVEL_SHIFT
    assert shift.onset_low <= day(200) <= shift.onset_high
    assert shift.settled == shift.onset + timedelta(days=13)
    assert shift.last is None
    assert not shift.ongoing
    assert shift.size.expected == pytest.approx(60, rel=0.1)


def test_a_change_on_the_last_days_is_ongoing() -> None:
    change = only(detect(batch(steady(5, between(DAYS - 3, DAYS, 3.0)))))
    assert change.ongoing
    assert change.kind is ChangeKind.SPIKE
    assert change.last is None


def test_a_share_near_one_is_judged_by_its_complement() -> None:
    rng = np.random.default_rng(6)
    trials = rng.poisson(500, DAYS)
    passed = rng.binomial(trials, np.where(np.arange(DAYS) >= 250, 0.90, 0.97))
    fall = only(detect(batch(passed, trials)))
    assert fall.deviate < 0
    assert fall.size.expected == pytest.approx(0.97, abs=0.01)
    assert fall.size.observed == pytest.approx(0.90, abs=0.01)
    assert fall.size.difference_low < -0.07 < fall.size.difference_high


def test_measured_values_may_be_negative() -> None:
    values = np.random.default_rng(7).normal(-20, 1, DAYS)
    values[200:203] += 15
    spike = only(detect(batch(values, family=Family.VALUE)))
    assert (spike.onset, spike.last) == (day(200), day(202))
    assert spike.size.ratio is None
    assert spike.size.difference == pytest.approx(15, abs=2)


def test_what_was_known_on_a_day_does_not_depend_on_later_days() -> None:
    figures = batch(np.stack([steady(seed, between(200, DAYS, 1.7)) for seed in range(8)]))
    whole = {(each.series, each.found) for each in detect(figures)}
    for last in (200, 201, 203, 220):
        known = {(each.series, each.found) for each in detect(figures, as_of=day(last))}
        assert known == {pair for pair in whole if pair[1] <= day(last)}


def test_hollow_and_missing_days_never_alarm() -> None:
    seen = steady(8)
    complete = np.ones((1, DAYS), np.bool_)
    seen[-2:], complete[0, -2:] = 3, False
    seen[150] = np.nan
    holes = SeriesBatch(numerator=seen[None], denominator=None, first_day=FIRST, complete=complete)
    assert detect(holes) == ()


def test_holidays_are_not_judged() -> None:
    seen = steady(9, between(200, 203, 0.2))
    assert detect(batch(seen), holidays=[day(200), day(201), day(202)]) == ()
    assert len(detect(batch(seen))) == 1


@pytest.mark.parametrize(
    ("seen", "answer"),
    [
        (np.empty(0), Heed.EMPTY),
        (np.full(100, np.nan), Heed.MISSING),
        (np.array([5.0]), Heed.SHORT),
        (np.zeros(100), Heed.CONSTANT),
        (np.full(100, 7.0), Heed.CONSTANT),
        (np.arange(100.0), Heed.JUDGED),
    ],
)
def test_a_degenerate_series_has_a_stated_answer(seen: np.ndarray, answer: Heed) -> None:
    figures = batch(seen.reshape(1, -1))
    assert figures.heed() == (answer,)
    assert detect(figures) == ()


def test_figures_dated_after_today_are_not_looked_at() -> None:
    seen = steady(10, between(250, DAYS, 5.0))
    assert detect(batch(seen), as_of=day(249)) == ()
    assert batch(seen).heed(as_of=FIRST - timedelta(days=1)) == (Heed.MISSING,)
    assert detect(batch(seen), as_of=FIRST - timedelta(days=1)) == ()


def test_events_after_a_year_of_none_are_a_change() -> None:
    seen = np.zeros(DAYS)
    seen[200:] = np.random.default_rng(11).poisson(8, DAYS - 200)
    change = only(detect(batch(seen)))
    assert change.onset == day(200)
    assert change.size.expected < 0.1


def test_series_of_the_same_days_are_stacked() -> None:
    one, two = (
        Series(
            numerator=steady(seed, between(200, 203, 3.0)),
            denominator=None,
            first_day=FIRST,
            complete=np.ones(DAYS, np.bool_),
        )
        for seed in (12, 13)
    )
    assert [each.series for each in detect(stacked([one, two]))] == [0, 1]
    assert detect(one.batch()) == detect(stacked([one]))


def test_series_of_other_days_are_not_stacked() -> None:
    short = Series(
        numerator=np.ones(3), denominator=None, first_day=FIRST, complete=np.ones(3, np.bool_)
    )
    later = Series(
        numerator=np.ones(3), denominator=None, first_day=day(1), complete=np.ones(3, np.bool_)
    )
    with pytest.raises(DesignError, match="different days"):
        stacked([short, later])


def test_faults_in_the_figures_are_named() -> None:
    with pytest.raises(DesignError, match="negative"):
        batch(np.array([1.0, -1.0]))
    with pytest.raises(DesignError, match="exceeds its denominator"):
        batch(np.array([1.0, 3.0]), np.array([2.0, 2.0]))
    with pytest.raises(DesignError, match="differ in shape"):
        batch(np.ones(3), np.ones(2))
    with pytest.raises(DesignError, match="needs a denominator"):
        batch(np.ones(3), family=Family.RATIO)
    with pytest.raises(DesignError, match="no use for its denominator"):
        batch(np.ones(3), np.ones(3), family=Family.COUNT)


@pytest.mark.parametrize(
    "settings",
    [
        Detection(false_per_series_year=0.0),
        Detection(history=10),
        Detection(widths=(3, 2)),
    ],
)
def test_settings_that_contradict_each_other_are_refused(settings: Detection) -> None:
    with pytest.raises(DesignError):
        detect(batch(steady(1)), settings=settings)


def test_a_rarer_false_alarm_needs_a_greater_deviate() -> None:
    strict, lax = Detection(false_per_series_year=0.001), Detection(false_per_series_year=0.1)
    assert strict.threshold > Detection().threshold > lax.threshold > 3

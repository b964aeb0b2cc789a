"""Quiet series, changed series: how often the detector errs, and what must never matter to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from benchmarks.series_changes import change_row, false_changes
from benchmarks.series_designs import CHANGES, NULLS, WEEK, Change, Null
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from shroff.watch.change_detection import Detected, Family, SeriesBatch, detect

FIRST = date(2025, 1, 6)
ASKED = [null for null in NULLS if null.asked]
WANTED = [change for change in CHANGES if change.asked]


def by_name(null: Null | Change) -> str:
    return null.name


def most(expected: float) -> int:
    """Count what a thousandth of simulations would exceed at one per hundred series-years."""
    return int(poisson.ppf(0.999, expected))


@pytest.mark.parametrize("null", [NULLS[0], NULLS[11], NULLS[17], NULLS[22]], ids=by_name)
def test_quiet_series_seldom_have_a_change(null: Null) -> None:
    found, years = false_changes(null, 150, 1)
    assert found <= most(years / 100)


@pytest.mark.parametrize("change", [CHANGES[0], CHANGES[4]], ids=by_name)
def test_a_large_change_is_found_within_three_days(change: Change) -> None:
    assert change_row(change, 150, 2)["third"] >= 0.92


@pytest.mark.slow
@pytest.mark.parametrize("null", ASKED, ids=by_name)
def test_false_changes_are_at_most_one_per_hundred_series_years(null: Null) -> None:
    found, years = false_changes(null, 1500, 3)
    assert years > 2500
    assert found <= most(years / 100)


@pytest.mark.slow
@pytest.mark.parametrize("change", WANTED, ids=by_name)
def test_changes_are_found_by_the_third_day_after_as_often_as_is_said(change: Change) -> None:
    told = change_row(change, 2000, 4)
    said = 0.94 if change.name == "x1.5, 50 a day" else 0.95
    assert told["third"] >= said - 3 * np.sqrt(said * (1 - said) / 2000)
    assert told["size"] >= 0.9
    assert told["near"] >= 0.9


def drawn(seed: int, many: int = 6, days: int = 260) -> tuple[np.ndarray, np.ndarray]:
    """Draw shares of 400 trials a day, half of which change on some day."""
    rng = np.random.default_rng(seed)
    trials = rng.poisson(400 * WEEK[np.arange(days) % 7], (many, days)).astype(np.float64)
    onset = rng.integers(60, days, (many, 1))
    factor = np.where(np.arange(days) >= onset, rng.choice([1.0, 1.8], (many, 1)), 1.0)
    return rng.binomial(trials.astype(np.int64), 0.1 * factor).astype(np.float64), trials


def batch(
    seen: np.ndarray, lower: np.ndarray | None, *, family: Family | None = None
) -> SeriesBatch:
    return SeriesBatch(
        numerator=seen,
        denominator=lower,
        first_day=FIRST,
        complete=np.ones(seen.shape, np.bool_),
        family=family,
    )


def story(found: tuple[Detected, ...]) -> list[tuple[object, ...]]:
    return [
        (
            each.series,
            each.kind,
            each.onset,
            each.onset_low,
            each.onset_high,
            each.found,
            each.last,
        )
        for each in found
    ]


SEEDS = st.integers(0, 10_000)


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_a_series_is_judged_alike_in_any_company(seed: int) -> None:
    seen, lower = drawn(seed)
    whole = detect(batch(seen, lower))
    for row in range(len(seen)):
        alone = detect(batch(seen[[row]], lower[[row]]))
        assert [replace(each, series=row) for each in alone] == [
            each for each in whole if each.series == row
        ]


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, hollow=st.integers(1, 5))
def test_hollow_days_at_the_end_change_nothing(seed: int, hollow: int) -> None:
    seen, lower = drawn(seed)
    longer = np.concatenate([seen, np.zeros((len(seen), hollow))], axis=1)
    wider = np.concatenate([lower, np.full((len(seen), hollow), 400.0)], axis=1)
    figures = batch(longer, wider)
    figures.complete[:, -hollow:] = False
    assert detect(figures) == detect(batch(seen, lower))


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, last=st.integers(40, 259))
def test_what_was_found_by_a_day_was_found_whatever_came_later(seed: int, last: int) -> None:
    seen, lower = drawn(seed)
    figures, day = batch(seen, lower), FIRST + timedelta(days=last)
    known = {(each.series, each.found) for each in detect(figures, as_of=day)}
    assert known == {(each.series, each.found) for each in detect(figures) if each.found <= day}


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_a_share_and_its_complement_change_on_the_same_days(seed: int) -> None:
    seen, lower = drawn(seed)
    one, other = detect(batch(seen, lower)), detect(batch(lower - seen, lower))
    assert [(e.series, e.onset, e.found) for e in one] == [
        (e.series, e.onset, e.found) for e in other
    ]
    assert [e.size.difference for e in one] == pytest.approx([-e.size.difference for e in other])


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, scale=st.sampled_from([0.001, 3.0, 1e6]), offset=st.sampled_from([0.0, -50.0]))
def test_the_unit_of_a_measured_value_does_not_matter(
    seed: int, scale: float, offset: float
) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(10, 1, (4, 200))
    values[:2, 120:] += 6
    one = detect(batch(values, None, family=Family.VALUE))
    other = detect(batch((values + offset) * scale, None, family=Family.VALUE))
    assert story(one) == story(other)


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS)
def test_a_change_is_placed_on_days_that_were_judged(seed: int) -> None:
    seen, lower = drawn(seed)
    complete = np.random.default_rng(seed).random(seen.shape) > 0.2
    figures = SeriesBatch(numerator=seen, denominator=lower, first_day=FIRST, complete=complete)
    for each in detect(figures):
        row = complete[each.series]
        assert row[(each.found - FIRST).days]
        assert row[(each.onset - FIRST).days]
        assert each.onset_low <= each.onset <= each.onset_high
        assert each.onset <= each.found
        assert each.size.difference_low <= each.size.difference <= each.size.difference_high

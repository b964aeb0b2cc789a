"""Deviates against the exact tails of Poisson, binomial and negative binomial; sums by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from shroff.watch.change_noise_kernel import (
    COUNT,
    VALUE,
    normal_of_t,
    signed_root,
    spread_of_sums,
)


@pytest.mark.parametrize("mean", [0.5, 2.0, 10.0, 50.0])
def test_a_sum_of_independent_events_has_the_deviate_of_its_exact_tail(mean: float) -> None:
    spread = np.sqrt(mean)
    for seen in (round(mean + 5 + 3 * spread), round(mean + 6 + 4 * spread)):
        exact = stats.norm.isf(stats.poisson.sf(seen - 1, mean))
        assert signed_root(seen, mean, mean, COUNT) == pytest.approx(exact, abs=0.15)


def test_too_few_events_have_the_deviate_of_the_lower_tail() -> None:
    for seen in (5, 15, 25):
        exact = stats.norm.ppf(stats.poisson.cdf(seen, 50))
        assert signed_root(seen, 50, 50, COUNT) == pytest.approx(exact, abs=0.15)


def test_a_sum_of_over_dispersed_events_is_negative_binomial() -> None:
    mean, over = 40.0, 3.0
    for seen in (90, 110):
        tail = stats.nbinom.sf(seen - 1, mean / (over - 1), 1 / over)
        exact = stats.norm.isf(tail)
        assert signed_root(seen, mean, mean * over, COUNT) == pytest.approx(exact, abs=0.15)


def test_a_sum_with_less_variance_than_its_mean_is_binomial() -> None:
    for seen in (45, 50):
        exact = stats.norm.isf(stats.binom.sf(seen - 1, 100, 0.3))
        assert signed_root(seen, 30, 21, COUNT) == pytest.approx(exact, abs=0.15)


def test_a_measured_sum_is_normal() -> None:
    assert signed_root(-3.0, 1.0, 4.0, VALUE) == -2.0


def test_what_is_within_half_an_event_does_not_deviate() -> None:
    assert signed_root(10.4, 10.0, 10.0, COUNT) == 0.0


def test_no_event_where_many_are_expected_is_far_away() -> None:
    assert signed_root(0.0, 50.0, 50.0, COUNT) < -8
    assert np.isfinite(signed_root(0.0, 50.0, 500.0, COUNT))


@pytest.mark.parametrize("freedom", [20.0, 100.0, 400.0])
def test_a_deviate_of_estimated_noise_has_the_tail_of_t(freedom: float) -> None:
    for deviate in (-5.0, -3.0, 4.0, 6.0):
        exact = -stats.norm.ppf(stats.t.sf(deviate, freedom))
        assert normal_of_t(deviate, freedom) == pytest.approx(exact, abs=0.06)


@pytest.mark.parametrize(("first", "decay"), [(0.0, 0.7), (0.3, 0.7), (0.6, 0.6)])
def test_days_that_are_alike_spread_sums_as_their_covariances_say(
    first: float, decay: float
) -> None:
    table = np.ones(15)
    spread_of_sums(table, first, decay)
    for days in (1, 2, 5, 14):
        lags = abs(np.subtract.outer(np.arange(days), np.arange(days)))
        alike = np.where(lags == 0, 1.0, first * decay ** np.maximum(lags - 1, 0))
        assert table[days] == pytest.approx(alike.sum() / days)

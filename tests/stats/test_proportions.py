"""Shares from simple random samples."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta, binom

from shroff.errors import DesignError
from shroff.stats.estimate import Estimate
from shroff.stats.proportions import (
    beta_odds,
    clopper_pearson,
    jeffreys,
    labels_for_zero,
    wilson,
    zero_found,
)

METHODS = [clopper_pearson, wilson, jeffreys]
Method = Callable[..., Estimate]
COUNTS = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@pytest.mark.parametrize("method", METHODS)
@given(counts=COUNTS, level=st.floats(0.5, 0.999))
def test_the_share_lies_within_its_ends(
    method: Method, counts: tuple[int, int], level: float
) -> None:
    figure = method(*counts, level=level)
    assert 0 <= figure.low <= figure.value <= figure.high <= 1


@pytest.mark.parametrize("method", METHODS)
@given(counts=COUNTS)
def test_counting_the_misses_turns_the_interval_around(
    method: Method, counts: tuple[int, int]
) -> None:
    hits, labels = counts
    one, other = method(hits, labels), method(labels - hits, labels)
    assert (one.low, one.high) == pytest.approx((1 - other.high, 1 - other.low), abs=1e-9)


@pytest.mark.parametrize(("hits", "labels"), [(0, 10), (3, 40), (40, 40), (17, 900)])
def test_clopper_and_pearson_leave_half_the_doubt_on_each_side(hits: int, labels: int) -> None:
    figure = clopper_pearson(hits, labels)
    if hits > 0:
        assert binom.sf(hits - 1, labels, figure.low) == pytest.approx(0.025)
    if hits < labels:
        assert binom.cdf(hits, labels, figure.high) == pytest.approx(0.025)


def test_wilson_is_as_published() -> None:
    # Newcombe (1998), 81 of 263: 0.2553 to 0.3662
    figure = wilson(81, 263)
    assert (round(figure.low, 4), round(figure.high, 4)) == (0.2553, 0.3662)


def test_jeffreys_is_a_beta_quantile() -> None:
    figure = jeffreys(18, 20)
    assert (figure.low, figure.high) == pytest.approx(
        (beta.ppf(0.025, 18.5, 2.5), beta.ppf(0.975, 18.5, 2.5))
    )


def test_nothing_found_in_300_labels_leaves_one_percent() -> None:
    assert (1 - zero_found(300)) ** 300 == pytest.approx(0.05)


@given(share=st.floats(1e-5, 0.9))
def test_the_labels_for_zero_are_just_enough(share: float) -> None:
    labels = labels_for_zero(share)
    assert zero_found(labels) <= share * (1 + 1e-9)
    assert labels == 1 or zero_found(labels - 1) > share


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("hits", "labels"), [(0, 0), (5, 4), (-1, 4)])
def test_impossible_counts_are_refused(method: Method, hits: int, labels: int) -> None:
    with pytest.raises(DesignError):
        method(hits, labels)


def test_a_share_nobody_looked_at_is_refused() -> None:
    with pytest.raises(DesignError, match="no labels"):
        zero_found(0)
    with pytest.raises(DesignError, match="cannot be proved"):
        labels_for_zero(0.0)


@pytest.mark.parametrize("level", [0.0, 1.0, 95.0])
def test_a_level_outside_zero_and_one_is_refused(level: float) -> None:
    with pytest.raises(DesignError, match="level"):
        wilson(1, 2, level=level)


@given(hits=st.floats(0.5, 1e9), misses=st.floats(0.5, 1e9), tail=st.sampled_from([0.025, 0.975]))
def test_beta_odds_have_the_probability_asked_for(hits: float, misses: float, tail: float) -> None:
    odds = float(beta_odds(np.array([hits]), np.array([misses]), tail=tail)[0])
    assert np.isfinite(odds)
    if 1e-100 < odds < 1e15:
        # the smaller side keeps its digits, so ask about that one
        below = (
            beta.cdf(odds / (1 + odds), hits, misses)
            if odds < 1
            else beta.sf(1 / (1 + odds), misses, hits)
        )
        assert below == pytest.approx(tail, abs=1e-6)

"""Recall at the same precision: by hand, and where no threshold gives it."""

from __future__ import annotations

import numpy as np
import pytest

from shroff.domain.labels import DesignKind
from shroff.stats.paired_doubt import PairedLabels
from shroff.stats.paired_trade import Match, Unmatched, match_precision, same_precision
from shroff.stats.sampling import kind_codes

BLOCK = 20


def labels_of(bad: np.ndarray, w: float = 3.0) -> PairedLabels:
    return PairedLabels(
        stratum=np.zeros(len(bad), np.intp),
        w=np.full(len(bad), w),
        bad=bad,
        kind=kind_codes([DesignKind.POISSON]),
    )


def shares(*violating: int) -> np.ndarray:
    """Blocks of 20 ads, of which so many violate."""
    return np.concatenate([np.arange(BLOCK) < each for each in violating])


def blocks(size: int) -> np.ndarray:
    """A score for each block, falling from the first to the last."""
    return np.repeat(np.arange(size, 0.0, -1.0), BLOCK)


def test_the_threshold_is_where_precisions_are_equal() -> None:
    bad = shares(20, 16, 12, 4, 0)
    first = np.repeat([True, False, True, False, False], BLOCK)
    # the first acts on blocks 1 and 3: 32 of 40; the second is at 48 of 60 after three blocks
    found = match_precision(labels_of(bad), first=first, score=blocks(5))
    assert isinstance(found, Match)
    assert found.threshold == 3.0
    recalls = same_precision(labels_of(bad), first=first, score=blocks(5), match=found)
    assert recalls.value[0] == pytest.approx((48 - 32) / 52)
    assert recalls.low[0] < recalls.value[0] < recalls.high[0]


def test_the_price_is_the_slope_of_the_versions_own_curve() -> None:
    bad = shares(20, 16, 12, 4, 0)
    first = np.repeat([True, False, True, False, False], BLOCK)
    found = match_precision(labels_of(bad), first=first, score=blocks(5))
    assert isinstance(found, Match)
    assert found.price > 0


def test_a_version_that_acts_on_no_violating_ad_has_no_match() -> None:
    bad = shares(0, 10)
    first = np.repeat([True, False], BLOCK)
    assert match_precision(labels_of(bad), first=first, score=blocks(2)) is Unmatched.NOTHING
    assert (
        match_precision(labels_of(bad), first=~(first | True), score=blocks(2))
        is Unmatched.NOTHING
    )


def test_a_version_that_is_never_so_precise_has_no_match() -> None:
    bad = shares(4, 4, 20)
    first = np.repeat([False, False, True], BLOCK)
    assert match_precision(labels_of(bad), first=first, score=blocks(3)) is Unmatched.BELOW


def test_a_version_that_is_always_more_precise_has_no_match() -> None:
    bad = shares(20, 20, 20, 1)
    first = np.repeat([False, False, False, True], BLOCK)
    assert match_precision(labels_of(bad), first=first, score=blocks(4)) is Unmatched.ABOVE


def test_constant_scores_have_no_match_or_a_flat_one() -> None:
    bad = shares(10, 10)
    first = np.repeat([True, False], BLOCK)
    found = match_precision(labels_of(bad), first=first, score=np.full(2 * BLOCK, 0.5))
    assert isinstance(found, Unmatched)

"""Today's lines, read from what was done with each score."""

from __future__ import annotations

from math import isinf

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shroff.advise.strategy_lines import lines_of_counts
from shroff.stats.score_cells import PLACES


def _counts(review: int, reject: int, *, odd: int = 0) -> np.ndarray:
    """Count 10 ads at each place, decided by lines at two thousandths, some of them otherwise."""
    counts = np.zeros((3, PLACES))
    for place in range(1, PLACES - 1):
        tier = 2 if place > reject else 1 if place > review else 0
        counts[tier, place] = 10
    counts[0, 900 : 900 + odd] += 10
    return counts


@given(st.integers(1, 998), st.integers(1, 998))
def test_lines_that_were_followed_are_found(first: int, second: int) -> None:
    review, reject, explained = lines_of_counts(_counts(min(first, second), max(first, second)))
    assert explained == 1
    assert reject == max(first, second) / 1000
    if first != second:
        assert review == min(first, second) / 1000


def test_exceptions_are_left_unexplained() -> None:
    review, reject, explained = lines_of_counts(_counts(500, 800, odd=5))
    assert (review, reject) == (0.5, 0.8)
    assert 0.99 < explained < 1


def test_where_nothing_was_rejected_there_is_no_such_line() -> None:
    counts = np.zeros((3, PLACES))
    counts[0, 1:500] = 10
    counts[1, 500:] = 10
    review, reject, _ = lines_of_counts(counts)
    assert review == 0.499
    assert isinf(reject)

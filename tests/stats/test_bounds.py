"""What a ratio can be when some ads were never labelled."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.errors import DesignError
from shroff.stats.bounds import Unlabelled, bounds
from shroff.stats.estimate import Estimates, Status
from shroff.stats.sampling import Ratio

# approved and violating, approved and compliant, rejected and violating, rejected and compliant
KNOWN = np.array([0, 0, 1, 1])
APPROVED, REJECTED = 0, 1
LEAKAGE = Ratio(
    numerator=np.array([True, False, False, False]),
    denominator=np.array([True, True, False, False]),
)
RECALL = Ratio(
    numerator=np.array([False, False, True, False]),
    denominator=np.array([True, False, True, False]),
)


def exact(hits: float, labels: float) -> Estimates:
    share = np.array([hits / labels if labels else np.nan])
    return Estimates(
        value=share,
        low=share,
        high=share,
        n=np.array([labels]),
        n_effective=np.array([labels]),
        design_effect=np.array([0.0]),
        numerator=np.array([hits]),
        denominator=np.array([labels]),
        level=0.95,
        method="korn-graubard",
    )


def unlabelled(approved: int, rejected: int) -> Unlabelled:
    return Unlabelled(
        group=np.zeros(2, np.intp),
        known=np.array([APPROVED, REJECTED]),
        count=np.array([float(approved), float(rejected)]),
    )


def brute(metric: Ratio, *, hits: int, labels: int, approved: int, rejected: int) -> tuple:
    """Try every outcome of every unlabelled ad."""
    found = []
    for ads in product(*([(0, 1)] * approved + [(2, 3)] * rejected)):
        above = hits + sum(bool(metric.numerator[cell]) for cell in ads)
        below = labels + sum(bool(metric.denominator[cell]) for cell in ads)
        if below:
            found.append(above / below)
    return min(found), max(found)


@pytest.mark.parametrize("metric", [LEAKAGE, RECALL], ids=["leakage", "recall"])
@given(
    hits=st.integers(0, 4),
    misses=st.integers(0, 4),
    approved=st.integers(0, 4),
    rejected=st.integers(0, 4),
)
def test_the_ends_are_those_of_all_outcomes(
    metric: Ratio, hits: int, misses: int, approved: int, rejected: int
) -> None:
    labels = hits + misses
    if labels == 0:
        labels, hits = 1, 1
    found = bounds(exact(hits, labels), unlabelled(approved, rejected), metric=metric, known=KNOWN)
    least, most = brute(metric, hits=hits, labels=labels, approved=approved, rejected=rejected)
    assert (found.low[0], found.high[0]) == pytest.approx((least, most))


def test_a_stratum_never_sampled_leaves_bounds_and_no_value() -> None:
    figure = bounds(exact(1, 10), unlabelled(10, 0), metric=LEAKAGE, known=KNOWN).at(0)
    assert figure.status is Status.BOUNDS
    assert figure.value is None
    assert (figure.low, figure.high) == (0.05, 0.55)


def test_unlabelled_ads_that_do_not_matter_change_nothing() -> None:
    figure = bounds(exact(1, 10), unlabelled(0, 500), metric=LEAKAGE, known=KNOWN).at(0)
    assert figure.status is Status.ESTIMATE
    assert figure.value == 0.1


def test_without_any_label_everything_is_possible() -> None:
    figure = bounds(exact(0, 0), unlabelled(10, 0), metric=LEAKAGE, known=KNOWN).at(0)
    assert (figure.status, figure.low, figure.high) == (Status.BOUNDS, 0.0, 1.0)


def test_without_any_label_recall_can_be_anything_too() -> None:
    figure = bounds(exact(0, 0), unlabelled(10, 10), metric=RECALL, known=KNOWN).at(0)
    assert (figure.low, figure.high) == (0.0, 1.0)


def test_the_sample_s_own_doubt_widens_the_ends() -> None:
    sampled = exact(1, 10)
    sampled = Estimates(
        value=sampled.value,
        low=np.array([0.0]),
        high=np.array([0.4]),
        n=sampled.n,
        n_effective=sampled.n_effective,
        design_effect=sampled.design_effect,
        numerator=sampled.numerator,
        denominator=sampled.denominator,
        level=0.95,
        method="korn-graubard",
    )
    found = bounds(sampled, unlabelled(10, 0), metric=LEAKAGE, known=KNOWN)
    assert (found.low[0], found.high[0]) == pytest.approx((0.0, 0.7))


@pytest.mark.parametrize(
    ("group", "known", "count", "cause"),
    [(1, 0, 1.0, "group"), (0, 7, 1.0, "class"), (0, 0, -1.0, "count")],
)
def test_counts_that_make_no_sense_are_refused(
    group: int, known: int, count: float, cause: str
) -> None:
    odd = Unlabelled(group=np.array([group]), known=np.array([known]), count=np.array([count]))
    with pytest.raises(DesignError, match=cause):
        bounds(exact(1, 10), odd, metric=LEAKAGE, known=KNOWN)

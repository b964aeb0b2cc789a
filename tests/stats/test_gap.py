"""How far a published proxy stands from what random labels say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shroff.stats.estimate import Estimate, Status
from shroff.stats.gap import gap

PROXY = Estimate(
    value=0.97, low=None, high=None, level=0.95, status=Status.PROXY, method="count", n=400
)
KNOWN = Estimate(
    value=0.60, low=0.5, high=0.72, level=0.9, status=Status.ESTIMATE, method="x", n=80, design="audit"
)  # fmt: skip


def test_the_gap_is_the_proxy_less_the_figure_and_carries_the_figures_doubt() -> None:
    found = gap(PROXY, KNOWN)
    assert found.value == pytest.approx(0.37)
    assert (found.low, found.high) == (pytest.approx(0.25), pytest.approx(0.47))
    assert found.status is Status.ESTIMATE
    assert (found.level, found.n, found.design) == (0.9, 80, "audit")


def test_the_interval_of_the_gap_holds_the_true_gap_whenever_the_figures_holds_the_truth() -> None:
    for truth in (0.5, 0.55, 0.72):
        found = gap(PROXY, KNOWN)
        assert found.low is not None
        assert found.high is not None
        assert found.low - 1e-12 <= 0.97 - truth <= found.high + 1e-12


def test_bounds_leave_bounds_of_the_gap_and_no_value() -> None:
    bounds = replace(KNOWN, value=None, status=Status.BOUNDS, low=0.1, high=0.8)
    found = gap(PROXY, bounds)
    assert found.status is Status.BOUNDS
    assert found.value is None
    assert (found.low, found.high) == (pytest.approx(0.17), pytest.approx(0.87))


@pytest.mark.parametrize("status", [Status.PROXY, Status.UNKNOWN, Status.SUPPRESSED])
def test_without_random_labels_the_gap_is_not_known(status: Status) -> None:
    found = gap(PROXY, replace(KNOWN, status=status))
    assert found.status is Status.UNKNOWN
    assert found.value is found.low is found.high is None


def test_a_proxy_with_nothing_in_its_denominator_has_no_gap() -> None:
    found = gap(replace(PROXY, value=None, status=Status.UNKNOWN), KNOWN)
    assert found.status is Status.UNKNOWN

"""Figures of several independent draws, pooled."""

from __future__ import annotations

import numpy as np
import pytest

from shroff.domain.labels import DesignKind
from shroff.stats.estimate import Estimates
from shroff.stats.paired_doubt import PairedLabels
from shroff.stats.paired_pooling import pool_estimates, worth
from shroff.stats.sampling import kind_codes


def figures(value: float, reach: float) -> Estimates:
    nothing = np.full(1, np.nan)
    return Estimates(
        value=np.array([value]),
        low=np.array([value - reach]),
        high=np.array([value + reach]),
        n=np.array([10]),
        n_effective=np.array([5.0]),
        design_effect=nothing,
        numerator=nothing,
        denominator=nothing,
        level=0.95,
        method="paired-mover",
    )


def test_doubts_add_in_squares() -> None:
    found = pool_estimates([figures(0.1, 0.03), figures(0.3, 0.04)], [np.ones(1), np.ones(1)])
    assert found.value[0] == pytest.approx(0.2)
    assert found.high[0] - found.value[0] == pytest.approx(0.025)
    assert found.n[0] == 20


def test_a_draw_without_labels_leaves_the_other_as_it_is() -> None:
    nothing = figures(np.nan, np.nan)
    found = pool_estimates([figures(0.1, 0.03), nothing], [np.ones(1), np.ones(1)])
    assert (found.value[0], found.low[0]) == pytest.approx((0.1, 0.07))


def test_no_draw_with_labels_is_unknown() -> None:
    nothing = figures(np.nan, np.nan)
    found = pool_estimates([nothing, nothing], [np.ones(1), np.ones(1)])
    assert np.isnan([found.value[0], found.low[0], found.high[0]]).all()


def test_draws_worth_nothing_count_the_same() -> None:
    found = pool_estimates([figures(0.0, 0.1), figures(0.2, 0.1)], [np.zeros(1), np.zeros(1)])
    assert found.value[0] == pytest.approx(0.1)


def test_worth_counts_labels_that_differ() -> None:
    labels = PairedLabels(
        stratum=np.zeros(4, np.intp),
        w=np.array([2.0, 2.0, 50.0, 50.0]),
        bad=np.ones(4, bool),
        kind=kind_codes([DesignKind.POISSON]),
    )
    differ = np.array([True, True, False, False])
    found = worth(labels, differ, group=np.zeros(4, np.intp), groups=1)
    assert found[0] == pytest.approx(2.0, abs=0.01)

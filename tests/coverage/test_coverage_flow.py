"""A small, seeded part of the coverage of re-checks, appeals, turnaround, spend and changes."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.coverage import PURE, VIEWS, Case, run, run_change
from benchmarks.coverage_flow import (
    Appeals,
    Rechecks,
    Turnaround,
    run_appeals,
    run_rechecks,
    run_turnaround,
)
from benchmarks.coverage_rows import row

from shroff.domain.labels import DesignKind
from shroff.stats.estimate import Estimates

REPETITIONS = 300
MOST = 0.99
LOWEST = 0.91  # once in 500 looks by chance; the seeds are fixed


@pytest.mark.parametrize("overturned", [0.05, 0.005])
@pytest.mark.parametrize("even", [True, False])
def test_overturn_rates_of_re_checks_cover(overturned: float, *, even: bool) -> None:
    case = Rechecks(labels=1200, overturned=overturned, even=even)
    rows = run_rechecks(case, repetitions=REPETITIONS)
    assert all(found.coverage >= LOWEST for found in rows), rows
    assert all(found.coverage <= MOST for found in rows if found.enough), rows


@pytest.mark.parametrize("appealed", [0.05, 0.005])
def test_appeal_rates_cover_with_windows_still_open(appealed: float) -> None:
    rows = run_appeals(Appeals(actions=2000, appealed=appealed), repetitions=REPETITIONS)
    assert all(found.coverage >= LOWEST for found in rows), rows


def test_turnaround_covers_with_tasks_still_open_even_where_slow_ones_are_few() -> None:
    rows = run_turnaround(Turnaround(tasks=600, spread=1.6), repetitions=REPETITIONS)
    assert all(found.coverage >= LOWEST for found in rows), rows


def test_shares_of_spend_cover_when_ads_are_drawn_by_impressions() -> None:
    case = Case(
        strata=VIEWS, kind=DesignKind.POISSON, labels=1200, prevalence=0.05, weight="spend"
    )
    rows = run(case, repetitions=REPETITIONS)
    assert all(found.coverage >= LOWEST - 0.01 for found in rows), rows  # 36 looks, a thin market
    assert all(found.coverage <= MOST for found in rows if found.enough), rows


def test_shares_of_impressions_keep_to_their_known_limit_beside_a_worked_queue() -> None:
    case = Case(
        strata=PURE, kind=DesignKind.CENSUS, labels=300, prevalence=0.05, weight="impressions"
    )
    rows = run(case, repetitions=100)
    assert all(found.coverage >= 0.84 for found in rows), min(rows, key=lambda one: one.coverage)


def test_changes_between_periods_cover() -> None:
    rows = run_change((0.05, 0.06), 300, repetitions=REPETITIONS)
    assert all(found.coverage >= LOWEST for found in rows), min(rows, key=lambda one: one.coverage)


def test_a_row_counts_misses_on_either_side_and_holds_an_open_end_to_cover() -> None:
    ends = np.array([[0.1, 0.2], [0.3, 0.5], [0.6, 0.9], [0.2, np.inf]])
    nothing = np.full(4, np.nan)
    figures = Estimates(
        value=nothing,
        low=ends[:, 0],
        high=ends[:, 1],
        n=nothing,
        n_effective=nothing,
        design_effect=nothing,
        numerator=nothing,
        denominator=nothing,
        level=0.95,
        method="",
    )
    found = row(figures, case="", metric="", part="", truth=0.4, thinnest=9.0, effective=7.0)
    assert (found.coverage, found.below, found.above) == (0.5, 0.25, 0.25)
    assert found.width == pytest.approx(0.2)

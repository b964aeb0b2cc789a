"""Cubes as dense rows: how unequal exposures are, and on whom few labels lean."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from shroff.domain.labels import DesignKind
from shroff.stats.dense import Blocks, Moments, blocks_of
from shroff.stats.sampling import (
    Cells,
    ExposureSums,
    Strata,
    exposure_ratios,
    kind_codes,
    ratios,
)

YES, NO = range(2)


def cube(exposures: list[tuple[int, int, list[float]]], *, alike: float) -> Blocks:
    """Arrange (stratum, outcome, exposures) of one slice; every outcome is a class of its own."""
    stratum, cell = (np.array([row[at] for row in exposures]) for at in (0, 1))
    sums = np.array([[sum(row[2]), sum(m * m for m in row[2])] for row in exposures])
    moments = Moments(
        total=sums[:, 0],
        square=sums[:, 1],
        spread=sums[:, 1],
        centre=np.zeros(int(stratum.max()) + 1),
        random=np.ones(int(stratum.max()) + 1, bool),
        alike=alike,
    )
    return blocks_of(
        group=np.zeros(len(exposures), np.intp),
        stratum=stratum.astype(np.intp),
        cell=cell.astype(np.intp),
        n=np.array([float(len(row[2])) for row in exposures]),
        moments=moments,
        class_of=np.array([0, 1]),
        groups=1,
    )


def test_equal_exposures_are_even() -> None:
    blocks = cube([(0, YES, [3.0] * 4), (0, NO, [7.0] * 9)], alike=50.0)
    assert blocks.unevenness().tolist() == pytest.approx([1.0, 1.0])


def test_with_nobody_to_lean_on_unevenness_is_mean_square_over_squared_mean() -> None:
    blocks = cube([(0, YES, [1.0, 1.0, 4.0]), (0, NO, [1.0] * 5)], alike=0.0)
    assert blocks.unevenness().tolist() == pytest.approx([6 / 4, 1.0])


def test_few_labels_lean_on_their_stratum_and_that_on_its_slice() -> None:
    blocks = cube([(0, YES, [5.0] * 2), (0, NO, [1.0, 3.0]), (1, NO, [0.0, 8.0])], alike=10.0)
    own = np.array([1.0, 10 / 8, 2.0])
    whole = own.mean()
    strata = np.array([(4 * own[:2].mean() + 10 * whole) / 14, (2 * own[2] + 10 * whole) / 12])
    wanted = (2 * own + 10 * strata[[0, 0, 1]]) / 12
    assert blocks.unevenness().tolist() == pytest.approx(wanted.tolist())


def test_exposures_of_nothing_count_for_no_unevenness() -> None:
    blocks = cube([(0, YES, [0.0] * 3), (0, NO, [2.0] * 3)], alike=10.0)
    assert blocks.unevenness().tolist() == pytest.approx([1.0, 1.0])


def shares(violating: list[float], compliant: list[float]) -> tuple[float, float]:
    sums = np.array([[sum(part), sum(m * m for m in part)] for part in (violating, compliant)])
    n = np.array([float(len(violating)), float(len(compliant))])
    cells = Cells(
        group=np.zeros(2, np.intp),
        stratum=np.zeros(2, np.intp),
        cell=np.array([YES, NO]),
        n=n,
        w=n * 1000,
        w2=n * 1000**2,
        exposure=ExposureSums(
            wm=sums[:, 0] * 1000, wm2=sums[:, 1] * 1000, w2m2=sums[:, 1] * 1000**2
        ),
    )
    strata = Strata(
        kind=kind_codes([DesignKind.STRATIFIED]),
        population=np.array([n.sum() * 1000]),
        labels=np.array([n.sum()]),
    )
    found = exposure_ratios(
        cells,
        strata,
        numerator=np.array([True, False]),
        denominator=np.array([True, True]),
        groups=1,
    )
    return float(found.low[0]), float(found.high[0])


def test_ten_ads_that_happen_to_be_seen_alike_are_no_surer_than_ads_around_them_allow() -> None:
    among_even = shares([50.0] * 10, [50.0] * 1000)
    among_uneven = shares([50.0] * 10, [20.0] * 900 + [320.0] * 100)  # the same mean
    assert among_uneven[1] > 1.2 * among_even[1]
    assert among_uneven[0] < 0.8 * among_even[0]


def test_many_labels_tell_of_their_own_outcome_whatever_those_around() -> None:
    even, uneven = [50.0] * 1000, [20.0] * 900 + [320.0] * 100
    kept = np.subtract(*shares(even * 3, even * 30))
    assert np.subtract(*shares(even * 3, uneven * 30)) == pytest.approx(kept, rel=0.25)


def test_a_census_leans_on_nobody() -> None:
    blocks = cube([(0, YES, [1.0, 9.0]), (1, NO, [2.0] * 3)], alike=10.0)
    random = np.array([False, True])[blocks.pair_stratum[blocks.pair]]
    found = replace(blocks, random=random).unevenness()
    assert found.tolist() == pytest.approx([1.0, 1.0])


def rejects_in_two_markets(*, first: float, second: float) -> tuple[float, float, float]:
    """Measure, of good ads, those rejected in the second market; strata are not by action."""
    rejected, approved = range(2)
    counted = [
        (0, rejected, first),
        (0, approved, 200.0),
        (1, rejected, second),
        (1, approved, 100.0),
    ]
    group, cell, n = (
        np.array(part) for part in zip(*(row for row in counted if row[2]), strict=True)
    )
    cells = Cells(
        group=group,
        stratum=np.zeros(len(n), np.intp),
        cell=cell,
        n=n,
        w=n * 50,
        w2=n * 50**2,
        known=np.array([0, 1]),
    )
    strata = Strata(
        kind=kind_codes([DesignKind.STRATIFIED]),
        population=np.array([20_000.0]),
        labels=np.array([400.0]),
    )
    found = ratios(
        cells,
        strata,
        numerator=np.array([True, False]),
        denominator=np.array([True, True]),
        groups=2,
    )
    return float(found.low[1]), float(found.value[1]), float(found.high[1])


def test_a_market_that_shows_no_reject_by_chance_may_have_some() -> None:
    low, value, high = rejects_in_two_markets(first=6.0, second=0.0)
    assert (low, value) == (0.0, 0.0)
    assert high == pytest.approx(3.69 / 100, rel=0.1)  # nothing in a hundred


def test_an_action_that_a_stratum_shows_nowhere_cannot_occur_in_it() -> None:
    assert rejects_in_two_markets(first=0.0, second=0.0) == (0.0, 0.0, 0.0)

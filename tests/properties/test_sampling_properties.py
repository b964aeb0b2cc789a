"""What must hold of shares under unequal sampling, whatever the cube."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.domain.labels import DesignKind
from shroff.stats.clusters import LabelRows, clustered_errors
from shroff.stats.estimate import Estimates
from shroff.stats.sampling import Cells, Ratio, Strata, kind_codes, ratios, taylor_errors

Case = tuple[Cells, Strata]
GROUPS, STRATA, OUTCOMES = 3, 3, 4


@st.composite
def cubes(draw: st.DrawFn) -> tuple[Cells, Strata]:
    """Draw labels of three overlapping slices in three strata of any kinds."""
    shape = (GROUPS, STRATA, OUTCOMES)
    counts = np.array(
        draw(st.lists(st.integers(0, 9), min_size=36, max_size=36)), dtype=float
    ).reshape(shape)
    kinds = draw(st.lists(st.sampled_from(DesignKind), min_size=STRATA, max_size=STRATA))
    weight = np.array(
        [1.0 if kind is DesignKind.CENSUS else draw(st.floats(1.0, 500.0)) for kind in kinds]
    )
    group, stratum, cell = (index.ravel() for index in np.indices(shape))
    n = counts.ravel()
    labels = counts.sum(axis=2).max(axis=0) + draw(st.integers(0, 20))
    cells = Cells(
        group=group,
        stratum=stratum,
        cell=cell,
        n=n,
        w=n * weight[stratum],
        w2=n * weight[stratum] ** 2,
        known=np.array(draw(st.sampled_from([[0, 0, 0, 0], [0, 0, 1, 1], [0, 1, 2, 2]]))),
    )
    strata = Strata(kind=kind_codes(kinds), population=np.full(STRATA, np.nan), labels=labels)
    return cells, strata


@st.composite
def metrics(draw: st.DrawFn) -> Ratio:
    flags = st.lists(st.booleans(), min_size=OUTCOMES, max_size=OUTCOMES).map(np.array)
    denominator = draw(flags)
    return Ratio(numerator=denominator & draw(flags), denominator=denominator)


def estimate(cells: Cells, strata: Strata, metric: Ratio, *, groups: int = GROUPS) -> Estimates:
    return ratios(
        cells, strata, numerator=metric.numerator, denominator=metric.denominator, groups=groups
    )


def assert_same(one: Estimates, other: Estimates) -> None:
    for name in ("value", "low", "high", "n", "n_effective", "design_effect"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-6, nan_ok=True)


@given(case=cubes(), metric=metrics())
def test_a_share_lies_within_its_ends_and_the_ends_within_zero_and_one(
    case: Case, metric: Ratio
) -> None:
    found = estimate(*case, metric)
    known = np.isfinite(found.value)
    assert np.array_equal(known, found.denominator > 0)
    assert np.array_equal(known, np.isfinite(found.low) & np.isfinite(found.high))
    assert np.all(found.low[known] >= 0)
    assert np.all(found.low[known] <= found.value[known])
    assert np.all(found.value[known] <= found.high[known])
    assert np.all(found.high[known] <= 1)


@given(case=cubes(), metric=metrics(), seed=st.integers(0, 99))
def test_the_order_of_the_rows_does_not_matter(case: Case, metric: Ratio, seed: int) -> None:
    cells, strata = case
    order = np.random.default_rng(seed).permutation(len(cells.n))
    mixed = replace(
        cells,
        **{
            name: getattr(cells, name)[order]
            for name in ("group", "stratum", "cell", "n", "w", "w2")
        },
    )
    assert_same(estimate(cells, strata, metric), estimate(mixed, strata, metric))


@given(case=cubes(), metric=metrics())
def test_rows_split_in_two_add_up_to_the_same(case: Case, metric: Ratio) -> None:
    cells, strata = case
    twice = {name: np.tile(getattr(cells, name), 2) for name in ("group", "stratum", "cell")}
    halves = {name: np.tile(getattr(cells, name) / 2, 2) for name in ("n", "w", "w2")}
    assert_same(
        estimate(cells, strata, metric),
        estimate(replace(cells, **twice, **halves), strata, metric),
    )


@given(case=cubes(), metric=metrics())
def test_slices_do_not_touch_each_other(case: Case, metric: Ratio) -> None:
    cells, strata = case
    # the population is told, or the weights of the other slices would tell it
    strata = replace(strata, population=strata.labels * 50)
    whole = estimate(cells, strata, metric)
    for group in range(GROUPS):
        mine = cells.group == group
        alone = replace(
            cells,
            group=cells.group[mine] * 0,
            **{name: getattr(cells, name)[mine] for name in ("stratum", "cell", "n", "w", "w2")},
        )
        one = estimate(alone, strata, metric, groups=1)
        assert one.low[0] == pytest.approx(whole.low[group], nan_ok=True)
        assert one.value[0] == pytest.approx(whole.value[group], nan_ok=True)


@given(case=cubes(), metric=metrics())
def test_counting_the_misses_turns_the_interval_around(case: Case, metric: Ratio) -> None:
    other = Ratio(numerator=metric.denominator & ~metric.numerator, denominator=metric.denominator)
    one, turned = estimate(*case, metric), estimate(*case, other)
    assert one.low == pytest.approx(1 - turned.high, abs=1e-6, nan_ok=True)
    assert one.high == pytest.approx(1 - turned.low, abs=1e-6, nan_ok=True)


@given(case=cubes(), metric=metrics(), scale=st.floats(1.5, 100))
def test_draws_with_replacement_do_not_care_for_the_scale_of_weights(
    case: Case, metric: Ratio, scale: float
) -> None:
    cells, strata = case
    strata = replace(strata, kind=kind_codes([DesignKind.PPS] * STRATA))
    scaled = replace(cells, w=cells.w * scale, w2=cells.w2 * scale**2)
    assert_same(estimate(cells, strata, metric), estimate(scaled, strata, metric))


@given(case=cubes(), metric=metrics())
def test_a_higher_level_is_never_narrower(case: Case, metric: Ratio) -> None:
    wide = ratios(
        *case,
        numerator=metric.numerator,
        denominator=metric.denominator,
        groups=GROUPS,
        level=0.99,
    )
    usual = estimate(*case, metric)
    known = np.isfinite(usual.value)
    assert np.all(wide.low[known] <= usual.low[known] + 1e-12)
    assert np.all(wide.high[known] >= usual.high[known] - 1e-12)


@given(case=cubes(), metric=metrics())
def test_a_census_of_everything_is_exact(case: Case, metric: Ratio) -> None:
    cells, strata = case
    census = replace(strata, kind=kind_codes([DesignKind.CENSUS] * STRATA))
    plain = replace(cells, w=cells.n, w2=cells.n)
    found = estimate(plain, census, metric)
    known = np.isfinite(found.value)
    assert np.array_equal(found.low[known], found.value[known])
    assert np.array_equal(found.high[known], found.value[known])


@given(
    rows=st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 3), st.floats(1, 50)), min_size=4, max_size=40
    ),
    metric=metrics(),
)
def test_clusters_of_one_label_each_have_the_error_of_single_labels(
    rows: list[tuple[int, int, float]], metric: Ratio
) -> None:
    stratum, cell, weight = (np.array(column) for column in zip(*rows, strict=True))
    single = LabelRows(
        group=np.zeros(len(rows), np.intp),
        stratum=stratum,
        cluster=np.arange(len(rows)),
        cell=cell,
        w=weight,
    )
    cells = Cells(
        group=single.group,
        stratum=stratum,
        cell=cell,
        n=np.ones(len(rows)),
        w=weight,
        w2=weight**2,
    )
    labels = np.bincount(stratum, minlength=3).astype(float)
    strata = Strata(
        kind=kind_codes([DesignKind.PPS] * 3), population=np.full(3, np.nan), labels=labels
    )
    ours = clustered_errors(single, strata, metric=metric, groups=1)
    theirs = taylor_errors(cells, strata, metric=metric, groups=1)
    assert ours == pytest.approx(theirs, abs=1e-9, nan_ok=True)

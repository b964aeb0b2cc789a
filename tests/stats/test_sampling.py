"""Shares under unequal sampling: against hand calculation, brute force and `svy`."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
import svy
from scipy.stats import beta

from shroff.domain.labels import DesignKind
from shroff.errors import DesignError
from shroff.stats.estimate import Status
from shroff.stats.sampling import (
    Cells,
    ExposureSums,
    Ratio,
    Strata,
    exposure_ratios,
    kind_codes,
    ratios,
    ratios_many,
    taylor_errors,
)

YES, NO, OUT = range(3)
SHARE = Ratio(numerator=np.array([True, False, False]), denominator=np.array([True, True, False]))


def strata_of(*kinds: DesignKind, population: list[float], labels: list[float]) -> Strata:
    return Strata(kind=kind_codes(kinds), population=np.array(population), labels=np.array(labels))


def cells_of(rows: pl.DataFrame, *, group: str | None = None) -> Cells:
    """Count rows with columns h (stratum), x (outcome), w and m into a cube."""
    frame = rows.with_columns(g=pl.lit(0) if group is None else pl.col(group))
    cube = (
        frame.group_by("g", "h", "x")
        .agg(
            n=pl.len().cast(float),
            w=pl.col("w").sum(),
            w2=(pl.col("w") ** 2).sum(),
            wm=(pl.col("w") * pl.col("m")).sum(),
            wm2=(pl.col("w") * pl.col("m") ** 2).sum(),
            w2m2=((pl.col("w") * pl.col("m")) ** 2).sum(),
        )
        .sort("g", "h", "x")
    )
    part = {name: cube[name].to_numpy() for name in cube.columns}
    return Cells(
        group=part["g"].astype(np.intp),
        stratum=part["h"].astype(np.intp),
        cell=part["x"].astype(np.intp),
        n=part["n"],
        w=part["w"],
        w2=part["w2"],
        exposure=ExposureSums(wm=part["wm"], wm2=part["wm2"], w2m2=part["w2m2"]),
    )


@pytest.fixture
def three_bands() -> pl.DataFrame:
    rng = np.random.default_rng(11)
    size = [40, 55, 25]
    return pl.DataFrame(
        {
            "h": np.repeat([0, 1, 2], size),
            "w": np.repeat([50.0, 20.0, 4.0], size),
            "N": np.repeat([2000.0, 1100.0, 100.0], size),
            "x": rng.choice(3, 120, p=[0.3, 0.5, 0.2]),
            "m": np.ceil(rng.lognormal(3, 1, 120)),
            "g": rng.integers(0, 2, 120),
        }
    )


BANDS = strata_of(
    DesignKind.STRATIFIED,
    DesignKind.STRATIFIED,
    DesignKind.STRATIFIED,
    population=[2000.0, 1100.0, 100.0],
    labels=[40.0, 55.0, 25.0],
)


def oracle(
    rows: pl.DataFrame, *, by: str | None = None, exposed: str = "one"
) -> list[svy.ParamEst]:
    frame = rows.with_columns(
        one=pl.lit(1.0),
        stratum=pl.col("h").cast(str),
    ).with_columns(
        a=(pl.col("x") == YES).cast(float) * pl.col(exposed),
        b=(pl.col("x") != OUT).cast(float) * pl.col(exposed),
    )
    sample = svy.Sample(frame, svy.Design(stratum="stratum", wgt="w", pop_size="N"))
    return sample.estimation.ratio(y="a", x="b", by=by).estimates


def test_a_stratified_share_and_its_error_agree_with_svy(three_bands: pl.DataFrame) -> None:
    cells = cells_of(three_bands)
    ours = ratios(cells, BANDS, numerator=SHARE.numerator, denominator=SHARE.denominator, groups=1)
    error = taylor_errors(cells, BANDS, metric=SHARE, groups=1)
    theirs = oracle(three_bands)[0]
    assert ours.value[0] == pytest.approx(theirs.est, abs=1e-12)
    assert error[0] == pytest.approx(theirs.se, abs=1e-8)


def test_an_exposure_weighted_share_and_its_error_agree_with_svy(
    three_bands: pl.DataFrame,
) -> None:
    cells = cells_of(three_bands)
    ours = exposure_ratios(
        cells, BANDS, numerator=SHARE.numerator, denominator=SHARE.denominator, groups=1
    )
    weighted = Cells(
        group=cells.group,
        stratum=cells.stratum,
        cell=cells.cell,
        n=cells.n,
        w=cells.exposure.wm,
        w2=cells.exposure.w2m2,
    )
    error = taylor_errors(weighted, BANDS, metric=SHARE, groups=1)
    theirs = oracle(three_bands, exposed="m")[0]
    assert ours.value[0] == pytest.approx(theirs.est, abs=1e-12)
    assert error[0] == pytest.approx(theirs.se, abs=1e-8)


def test_a_slice_is_a_domain_whose_errors_agree_with_svy_over_all_labels(
    three_bands: pl.DataFrame,
) -> None:
    cells = cells_of(three_bands, group="g")
    error = taylor_errors(cells, BANDS, metric=SHARE, groups=2)
    ours = ratios(cells, BANDS, numerator=SHARE.numerator, denominator=SHARE.denominator, groups=2)
    for number in (0, 1):
        # zeros outside the slice keep every label of every stratum in the sample
        outside = pl.when(pl.col("g") == number).then(pl.col("x")).otherwise(OUT)
        theirs = oracle(three_bands.with_columns(x=outside))[0]
        assert ours.value[number] == pytest.approx(theirs.est, abs=1e-12)
        assert error[number] == pytest.approx(theirs.se, abs=1e-8)
        assert oracle(three_bands, by="g")[number].est == pytest.approx(theirs.est, abs=1e-12)


def test_two_strata_by_hand() -> None:
    # 10 of 20 labels from 200 ads, and 4 of 40 from 4,000: T = 100 + 400 of 4,200
    cells = Cells(
        group=np.zeros(4, np.intp),
        stratum=np.array([0, 0, 1, 1]),
        cell=np.array([0, 1, 0, 1]),
        n=np.array([10.0, 10.0, 4.0, 36.0]),
        w=np.array([100.0, 100.0, 400.0, 3600.0]),
        w2=np.array([1000.0, 1000.0, 40000.0, 360000.0]),
    )
    both = DesignKind.STRATIFIED
    strata = strata_of(both, both, population=[200.0, 4000.0], labels=[20.0, 40.0])
    metric = Ratio(numerator=np.array([True, False]), denominator=np.array([True, True]))
    found = ratios(
        cells, strata, numerator=metric.numerator, denominator=metric.denominator, groups=1
    )
    assert found.value[0] == pytest.approx(500 / 4200)
    variance = (200**2 * 0.9 * 0.25 / 19 + 4000**2 * 0.99 * 0.09 / 39) / 4200**2
    assert taylor_errors(cells, strata, metric=metric, groups=1)[0] ** 2 == pytest.approx(variance)
    assert (found.numerator[0], found.denominator[0], found.n[0]) == (500, 4200, 60)


def test_a_poisson_variance_is_the_sum_over_labels() -> None:
    weight = np.array([1.0, 2.0, 5.0, 10.0, 10.0, 3.0])
    hit = np.array([1, 0, 1, 0, 1, 0])
    cells = Cells(
        group=np.zeros(6, np.intp),
        stratum=np.zeros(6, np.intp),
        cell=1 - hit,
        n=np.ones(6),
        w=weight,
        w2=weight**2,
    )
    strata = strata_of(DesignKind.POISSON, population=[np.nan], labels=[6.0])
    metric = Ratio(numerator=np.array([True, False]), denominator=np.array([True, True]))
    share = (weight * hit).sum() / weight.sum()
    residual = (hit - share) / weight.sum()
    by_hand = ((1 - 1 / weight) * (weight * residual) ** 2).sum()
    assert taylor_errors(cells, strata, metric=metric, groups=1)[0] ** 2 == pytest.approx(by_hand)


def test_a_pps_variance_is_that_of_the_draws() -> None:
    weight = np.array([4.0, 2.0, 5.0, 10.0, 10.0, 3.0])
    hit = np.array([1, 0, 1, 0, 1, 0])
    cells = Cells(
        group=np.zeros(6, np.intp),
        stratum=np.zeros(6, np.intp),
        cell=1 - hit,
        n=np.ones(6),
        w=weight,
        w2=weight**2,
    )
    strata = strata_of(DesignKind.PPS, population=[np.nan], labels=[6.0])
    metric = Ratio(numerator=np.array([True, False]), denominator=np.array([True, True]))
    share = (weight * hit).sum() / weight.sum()
    drawn = weight * (hit - share) / weight.sum()
    by_hand = 6 / 5 * ((drawn - drawn.mean()) ** 2).sum()
    assert taylor_errors(cells, strata, metric=metric, groups=1)[0] ** 2 == pytest.approx(by_hand)


def one_stratum(hits: float, misses: float, *, weight: float) -> Cells:
    count = np.array([hits, misses])
    return Cells(
        group=np.zeros(2, np.intp),
        stratum=np.zeros(2, np.intp),
        cell=np.arange(2),
        n=count,
        w=count * weight,
        w2=count * weight**2,
    )


PLAIN = {"numerator": np.array([True, False]), "denominator": np.array([True, True])}


@pytest.mark.parametrize("hits", [0, 1, 7, 60])
def test_a_simple_random_sample_gives_clopper_and_pearson_on_one_label_less(hits: int) -> None:
    strata = strata_of(DesignKind.PPS, population=[np.nan], labels=[60.0])
    found = ratios(one_stratum(hits, 60 - hits, weight=1000.0), strata, **PLAIN, groups=1)
    effective, share = 59.0, hits / 60
    low = beta.ppf(0.025, effective * share, effective * (1 - share) + 1) if hits else 0.0
    high = beta.ppf(0.975, effective * share + 1, effective * (1 - share)) if hits < 60 else 1.0
    assert found.n_effective[0] == pytest.approx(59)
    assert (found.low[0], found.high[0]) == pytest.approx((low, high))


def test_a_census_is_exact() -> None:
    strata = strata_of(DesignKind.CENSUS, population=[20.0], labels=[20.0])
    figure = ratios(one_stratum(3, 17, weight=1.0), strata, **PLAIN, groups=1).at(0)
    assert (figure.low, figure.value, figure.high) == (0.15, 0.15, 0.15)
    assert (figure.n, figure.n_effective, figure.design_effect) == (20, 20.0, 0.0)


def test_labelling_every_ad_of_a_random_stratum_is_exact_too() -> None:
    strata = strata_of(DesignKind.STRATIFIED, population=[20.0], labels=[20.0])
    figure = ratios(one_stratum(3, 17, weight=1.0), strata, **PLAIN, groups=1).at(0)
    assert figure.low == figure.high == 0.15


def test_the_interval_closes_as_the_stratum_is_used_up() -> None:
    def width(labels: int) -> float:
        strata = strata_of(DesignKind.STRATIFIED, population=[1000.0], labels=[labels])
        cells = one_stratum(labels * 0.1, labels * 0.9, weight=1000 / labels)
        found = ratios(cells, strata, **PLAIN, groups=1)
        return float(found.high[0] - found.low[0])

    widths = [width(labels) for labels in (100, 500, 900, 990, 999)]
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < 0.01


def test_nothing_missed_by_chance_still_leaves_recall_in_doubt() -> None:
    # 500 caught and counted in full; 1,000 of 100,000 approved ads labelled, all compliant
    caught, fine = 0, 2
    cells = Cells(
        group=np.zeros(2, np.intp),
        stratum=np.array([0, 1]),
        cell=np.array([caught, fine]),
        n=np.array([500.0, 1000.0]),
        w=np.array([500.0, 100_000.0]),
        w2=np.array([500.0, 10_000_000.0]),
        known=np.array([0, 1, 1]),
    )
    strata = strata_of(
        DesignKind.CENSUS,
        DesignKind.STRATIFIED,
        population=[500.0, 100_000.0],
        labels=[500.0, 1000.0],
    )
    found = ratios(
        cells,
        strata,
        numerator=np.array([True, False, False]),
        denominator=np.array([True, True, False]),
        groups=1,
    )
    assert (found.value[0], found.high[0]) == (1.0, 1.0)
    # at most 0.37% of the approved violate (Clopper-Pearson), so at least 500 / (500 + 368)
    assert found.low[0] == pytest.approx(500 / (500 + 368), abs=0.01)


def test_an_outcome_that_cannot_occur_costs_nothing() -> None:
    # one stratum holds rejected ads only: no approved ad can turn up in it
    cells = Cells(
        group=np.zeros(4, np.intp),
        stratum=np.array([0, 0, 1, 1]),
        cell=np.array([0, 1, 2, 3]),
        n=np.array([30.0, 70.0, 5.0, 5.0]),
        w=np.array([300.0, 700.0, 5000.0, 5000.0]),
        w2=np.array([3000.0, 7000.0, 5e6, 5e6]),
        known=np.array([0, 0, 1, 1]),
    )
    kinds = DesignKind.STRATIFIED, DesignKind.STRATIFIED
    strata = strata_of(*kinds, population=[1000.0, 10000.0], labels=[100.0, 10.0])
    first = np.array([True, False, False, False])
    within = np.array([True, True, False, False])
    found = ratios(cells, strata, numerator=first, denominator=within, groups=1)
    assert found.n_effective[0] == pytest.approx(99 / 0.9, rel=1e-6)


def test_a_stratum_with_one_label_counts_its_whole_square() -> None:
    strata = strata_of(DesignKind.PPS, population=[np.nan], labels=[1.0])
    found = ratios(one_stratum(1, 0, weight=10.0), strata, **PLAIN, groups=1)
    assert found.low[0] < 0.05
    assert found.high[0] == 1.0


def test_a_slice_without_labels_is_unknown() -> None:
    strata = strata_of(DesignKind.PPS, population=[np.nan], labels=[10.0])
    figure = ratios(one_stratum(1, 9, weight=10.0), strata, **PLAIN, groups=2).at(1)
    assert figure.status is Status.UNKNOWN
    assert (figure.value, figure.low, figure.high, figure.n) == (None, None, None, 0)


def test_no_labels_at_all_leave_every_slice_unknown() -> None:
    nothing = np.array([], dtype=float)
    none = nothing.astype(np.intp)
    cells = Cells(group=none, stratum=none, cell=none, n=nothing, w=nothing, w2=nothing)
    strata = strata_of(DesignKind.PPS, population=[np.nan], labels=[0.0])
    assert np.isnan(ratios(cells, strata, **PLAIN, groups=3).value).all()


def test_many_metrics_at_once_are_the_same_as_one_by_one(three_bands: pl.DataFrame) -> None:
    cells = cells_of(three_bands, group="g")
    flipped = Ratio(numerator=np.array([False, True, False]), denominator=SHARE.denominator)
    both = ratios_many(cells, BANDS, metrics=[SHARE, flipped], groups=2)
    alone = ratios(
        cells, BANDS, numerator=flipped.numerator, denominator=flipped.denominator, groups=2
    )
    assert np.array_equal(both[1].low, alone.low)
    assert both[0].low == pytest.approx(1 - both[1].high)


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"level": 1.0}, "level"),
        ({"numerator": np.array([True, True]), "denominator": np.array([True, False])}, "above"),
        ({"groups": 0}, "group outside"),
    ],
)
def test_what_makes_no_sense_is_refused(change: dict[str, object], cause: str) -> None:
    strata = strata_of(DesignKind.PPS, population=[np.nan], labels=[10.0])
    with pytest.raises(DesignError, match=cause):
        ratios(one_stratum(1, 9, weight=10.0), strata, **{**PLAIN, "groups": 1, **change})


def test_labels_without_exposure_are_refused() -> None:
    strata = strata_of(DesignKind.PPS, population=[np.nan], labels=[10.0])
    with pytest.raises(DesignError, match="exposure"):
        exposure_ratios(one_stratum(1, 9, weight=10.0), strata, **PLAIN, groups=1)


def test_more_labels_than_ads_are_refused() -> None:
    strata = strata_of(DesignKind.STRATIFIED, population=[5.0], labels=[10.0])
    with pytest.raises(DesignError, match="more labels than ads"):
        ratios(one_stratum(1, 9, weight=1.0), strata, **PLAIN, groups=1)


def test_a_missing_weight_is_refused() -> None:
    strata = strata_of(DesignKind.PPS, population=[np.nan], labels=[10.0])
    with pytest.raises(DesignError, match="negative or missing"):
        ratios(one_stratum(1, 9, weight=np.nan), strata, **PLAIN, groups=1)


def test_known_classes_must_match_the_outcomes() -> None:
    strata = strata_of(DesignKind.PPS, population=[np.nan], labels=[10.0])
    cells = one_stratum(1, 9, weight=1.0)
    wrong = Cells(
        group=cells.group,
        stratum=cells.stratum,
        cell=cells.cell,
        n=cells.n,
        w=cells.w,
        w2=cells.w2,
        known=np.zeros(5, np.intp),
    )
    with pytest.raises(DesignError, match="known classes"):
        ratios(wrong, strata, **PLAIN, groups=1)

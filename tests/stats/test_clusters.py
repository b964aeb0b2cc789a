"""Shares when labels come by advertiser: against `svy`, brute force and the plain estimator."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
import svy

from shroff.domain.labels import DesignKind
from shroff.errors import DesignError
from shroff.stats.clusters import (
    LabelRows,
    clustered_errors,
    clustered_ratios,
    clustered_ratios_many,
)
from shroff.stats.sampling import Ratio, Strata, kind_codes

YES, OUT = 0, 2
SHARE = Ratio(numerator=np.array([True, False, False]), denominator=np.array([True, True, False]))


def frame() -> pl.DataFrame:
    rng = np.random.default_rng(5)
    size = rng.integers(1, 9, 60)
    cluster = np.repeat(np.arange(60), size)
    stratum = np.repeat(np.repeat([0, 1, 2], 20), size)
    leaning = rng.beta(1, 2, 60)[cluster]
    yes = rng.random(len(cluster)) < leaning
    out = rng.random(len(cluster)) < 0.25
    return pl.DataFrame(
        {
            "h": stratum,
            "c": cluster,
            "w": np.array([40.0, 15.0, 4.0])[stratum],
            "N": np.array([800.0, 300.0, 80.0])[stratum],
            "x": np.where(out, OUT, np.where(yes, YES, 1)),
            "m": np.ceil(rng.lognormal(3, 1, len(cluster))),
            "g": rng.integers(0, 2, len(cluster)),
        }
    )


def rows_of(table: pl.DataFrame, *, exposed: bool = False) -> LabelRows:
    return LabelRows(
        group=np.zeros(len(table), np.intp),
        stratum=table["h"].to_numpy().astype(np.intp),
        cluster=table["c"].to_numpy().astype(np.intp),
        cell=table["x"].to_numpy().astype(np.intp),
        w=table["w"].to_numpy(),
        m=table["m"].to_numpy() if exposed else None,
    )


def strata_of(kind: DesignKind, *, population: list[float]) -> Strata:
    return Strata(
        kind=kind_codes([kind] * len(population)),
        population=np.array(population),
        labels=np.zeros(len(population)),
    )


DRAWN = strata_of(DesignKind.STRATIFIED, population=[800.0, 300.0, 80.0])
REPLACED = strata_of(DesignKind.PPS, population=[800.0, 300.0, 80.0])


@pytest.mark.parametrize("strata", [DRAWN, REPLACED], ids=["with fpc", "with replacement"])
@pytest.mark.parametrize("unit", ["one", "m"])
def test_a_clustered_share_and_its_error_agree_with_svy(strata: Strata, unit: str) -> None:
    table = frame().with_columns(one=pl.lit(1.0), s=pl.col("h").cast(str))
    table = table.with_columns(
        a=(pl.col("x") == YES).cast(float) * pl.col(unit),
        b=(pl.col("x") != OUT).cast(float) * pl.col(unit),
    )
    size = "N" if strata is DRAWN else None
    design = svy.Design(stratum="s", psu="c", wgt="w", pop_size=size)
    theirs = svy.Sample(table, design).estimation.ratio(y="a", x="b").estimates[0]
    rows = rows_of(table, exposed=unit == "m")
    ours = clustered_ratios(
        rows, strata, numerator=SHARE.numerator, denominator=SHARE.denominator, groups=1
    )
    error = clustered_errors(rows, strata, metric=SHARE, groups=1)
    assert ours.value[0] == pytest.approx(theirs.est, abs=1e-12)
    assert error[0] == pytest.approx(theirs.se, abs=1e-8)


def test_a_slice_counts_clusters_without_a_label_in_it() -> None:
    table = frame()
    inside = table["g"].to_numpy() == 1
    sliced = replace(rows_of(table), group=np.where(inside, 0, -1))
    zeroed = rows_of(table.with_columns(x=pl.when(pl.col("g") == 1).then("x").otherwise(OUT)))
    assert clustered_errors(sliced, DRAWN, metric=SHARE, groups=1) == pytest.approx(
        clustered_errors(zeroed, DRAWN, metric=SHARE, groups=1)
    )


def test_two_clusters_by_hand() -> None:
    # totals of hits and labels: (3, 4) and (1, 6); the share is 0.4, residuals +1.4 and -1.4
    rows = LabelRows(
        group=np.zeros(10, np.intp),
        stratum=np.zeros(10, np.intp),
        cluster=np.repeat([7, 9], [4, 6]),
        cell=np.array([0, 0, 0, 1, 0, 1, 1, 1, 1, 1]),
        w=np.ones(10),
    )
    metric = Ratio(numerator=np.array([True, False]), denominator=np.array([True, True]))
    strata = strata_of(DesignKind.PPS, population=[np.nan])
    error = clustered_errors(rows, strata, metric=metric, groups=1)[0]
    assert error**2 == pytest.approx(2 / 1 * (1.4**2 + 1.4**2) / 10**2)


def test_ads_that_are_alike_within_advertisers_know_less() -> None:
    rng = np.random.default_rng(3)
    firm = np.repeat(np.arange(200), 10)
    alike = (rng.random(200) < 0.3)[firm]
    mixed = rng.random(2000) < 0.3
    strata = strata_of(DesignKind.PPS, population=[np.nan])

    def effect(hit: np.ndarray) -> float:
        rows = LabelRows(
            group=np.zeros(2000, np.intp),
            stratum=np.zeros(2000, np.intp),
            cluster=firm,
            cell=np.where(hit, 0, 1),
            w=np.ones(2000),
        )
        metric = {"numerator": np.array([True, False]), "denominator": np.array([True, True])}
        return float(clustered_ratios(rows, strata, **metric, groups=1).design_effect[0])

    assert effect(alike) == pytest.approx(10, rel=0.2)
    assert effect(mixed) == pytest.approx(1, rel=0.3)


def test_every_cluster_labelled_is_exact() -> None:
    strata = strata_of(DesignKind.STRATIFIED, population=[20.0, 20.0, 20.0])
    found = clustered_ratios(
        rows_of(frame()),
        strata,
        numerator=SHARE.numerator,
        denominator=SHARE.denominator,
        groups=1,
    )
    assert found.low[0] == found.value[0] == found.high[0]


def test_one_cluster_in_a_stratum_leaves_nearly_everything_open() -> None:
    one = frame().filter(pl.col("c") == 0)
    found = clustered_ratios(
        rows_of(one), REPLACED, numerator=SHARE.numerator, denominator=SHARE.denominator, groups=1
    )
    assert found.high[0] - found.low[0] > 0.8


def test_a_slice_without_labels_is_unknown() -> None:
    found = clustered_ratios_many(rows_of(frame()), DRAWN, metrics=[SHARE], groups=2)[0]
    assert np.isnan(found.value[1])
    assert found.n[1] == 0


def test_no_metrics_give_no_figures() -> None:
    assert clustered_ratios_many(rows_of(frame()), DRAWN, metrics=[], groups=1) == ()


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        ({"group": np.full(3, 1)}, "group outside"),
        ({"cell": np.full(3, 3)}, "cell outside"),
        ({"w": np.array([1.0, np.nan, 1.0])}, "weight"),
        ({"known": np.zeros(2, np.intp)}, "known classes"),
    ],
)
def test_rows_that_make_no_sense_are_refused(change: dict[str, np.ndarray], cause: str) -> None:
    three = rows_of(frame()[:3])
    with pytest.raises(DesignError, match=cause):
        clustered_ratios_many(replace(three, **change), DRAWN, metrics=[SHARE], groups=1)

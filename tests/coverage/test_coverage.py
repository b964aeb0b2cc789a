"""A small, seeded part of `python -m benchmarks.coverage`, and proof that it can fail.

With 300 repetitions a right 95% interval covers less than 91% about once in 500 looks; the seeds
are fixed, so a failure means a changed estimator, not bad luck.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.coverage import BANDS, PURE, Case, run, run_clusters
from benchmarks.coverage_designs import METRICS, Draw, cube, draw, platform
from benchmarks.coverage_rows import Row

from shroff.domain.labels import DesignKind
from shroff.stats.proportions import wilson
from shroff.stats.sampling import ratios_many

REPETITIONS = 300
LOWEST = 0.91
MOST = 0.99  # 0.97 covers more once in 100 looks


def assert_honest(rows: list[Row]) -> None:
    for row in rows:
        assert row.coverage >= LOWEST, row
        if row.enough:
            assert row.coverage <= MOST, row


@pytest.mark.parametrize("prevalence", [0.05, 0.005])
@pytest.mark.parametrize(
    ("strata", "kind"),
    [
        (BANDS, DesignKind.STRATIFIED),
        (BANDS, DesignKind.POISSON),
        (BANDS, DesignKind.PPS),
        (PURE, DesignKind.STRATIFIED),
    ],
)
def test_every_metric_s_interval_covers(strata: str, kind: DesignKind, prevalence: float) -> None:
    case = Case(strata=strata, kind=kind, labels=300, prevalence=prevalence)
    assert_honest(run(case, repetitions=REPETITIONS))


def test_a_queue_worked_in_full_is_exact_beside_an_audit() -> None:
    case = Case(strata=PURE, kind=DesignKind.CENSUS, labels=300, prevalence=0.05)
    rows = run(case, repetitions=100)
    queue = [row for row in rows if row.metric == "queue-in precision"]
    assert all(row.coverage == 1 and row.width == 0 for row in queue)
    assert all(row.coverage >= 0.88 for row in rows)


def test_shares_of_impressions_cover_in_spite_of_heavy_tails() -> None:
    case = Case(
        strata=BANDS,
        kind=DesignKind.STRATIFIED,
        labels=300,
        prevalence=0.05,
        weight="impressions",
    )
    assert_honest(run(case, repetitions=REPETITIONS))


def test_ten_violating_ads_are_worth_as_many_as_their_exposures_allow() -> None:
    case = Case(
        strata=BANDS,
        kind=DesignKind.STRATIFIED,
        labels=1200,
        prevalence=0.05,
        weight="impressions",
    )
    rows = run(case, repetitions=50)
    leakage = next(row for row in rows if row.metric == "leakage")
    assert leakage.thinnest > 8
    assert 1 < leakage.effective < 3  # lognormal exposures of sigma 1.3
    assert not leakage.enough


def test_whole_advertisers_cover() -> None:
    rows = run_clusters(0.05, 150, exposed=False, repetitions=100)
    assert all(row.coverage >= 0.87 for row in rows), min(rows, key=lambda row: row.coverage)


def test_labels_counted_without_their_weights_do_not_cover() -> None:
    rng = np.random.default_rng(1)
    population = platform(prevalence=0.05, rng=rng)
    strata = int(population.stratum.max()) + 1
    sample = draw(population, [Draw(DesignKind.STRATIFIED, 300)] * strata, repetitions=50, rng=rng)
    metric = METRICS["recall (any)"]
    truth = population.truth(metric, part=0, exposed=False)
    cell = population.cell[sample.ad]
    covered = 0
    for repetition in range(50):
        mine = cell[sample.repetition == repetition]
        naive = wilson(int(metric.numerator[mine].sum()), int(metric.denominator[mine].sum()))
        covered += (naive.low or 0) <= truth <= (naive.high or 1)
    assert covered == 0


def test_a_broken_variance_would_be_caught() -> None:
    rng = np.random.default_rng(1)
    population = platform(prevalence=0.05, rng=rng, pure=False)
    sample = draw(population, [Draw(DesignKind.STRATIFIED, 300)] * 4, repetitions=200, rng=rng)
    cells = cube(population, sample)
    # every label counted twice: the classic fault of joining labels to a table with duplicates
    doubled = replace(cells, n=2 * cells.n, w2=cells.w2 / 2)
    strata = replace(sample.strata, labels=2 * sample.strata.labels)
    metric = METRICS["prevalence"]
    truth = population.truth(metric, part=0, exposed=False)

    def coverage(cube_: object, design: object) -> float:
        found = ratios_many(cube_, design, metrics=[metric], groups=600)[0]
        low, high = found.low[::3], found.high[::3]
        return float(((low <= truth) & (truth <= high)).mean())

    assert coverage(cells, sample.strata) >= LOWEST
    assert coverage(doubled, strata) < LOWEST

"""The draws behind bands have the covariance that the design gives."""

from __future__ import annotations

import numpy as np
import pytest

from shroff.domain.labels import DesignKind
from shroff.stats.sampling import Strata, kind_codes
from shroff.stats.score_bands import band_levels, design_factors, noise_of
from shroff.stats.score_cells import cells_of_scores


def strata(kind: DesignKind, labels: int, population: float = np.nan) -> Strata:
    return Strata(
        kind=kind_codes([kind]),
        population=np.array([population]),
        labels=np.array([float(labels)]),
    )


def test_a_census_has_no_noise() -> None:
    factor, _ = design_factors(strata(DesignKind.CENSUS, 5), drawn=np.array([5.0]))
    assert factor[0] == 0


def test_a_simple_sample_has_the_finite_population_correction() -> None:
    factor, centred = design_factors(strata(DesignKind.STRATIFIED, 5, 50.0), drawn=np.array([5.0]))
    assert factor[0] == pytest.approx(0.9 * 5 / 4)
    assert centred[0] == 1


@pytest.mark.parametrize("kind", [DesignKind.POISSON, DesignKind.PPS])
def test_totals_vary_as_the_design_says(kind: DesignKind) -> None:
    rng = np.random.default_rng(0)
    scores, truth = rng.random(60), rng.random(60) < 0.5
    weights = rng.choice([2.0, 9.0], 60)
    cells = cells_of_scores(scores, truth, weights=weights, stratum=np.zeros(60, dtype=np.intp))
    drawn = np.concatenate(
        [
            noise_of(cells, strata(kind, 60), starts=np.array([1, 501]), rng=rng).above
            for _ in range(10)
        ]
    )
    upper = truth & (scores >= 0.5)
    if kind is DesignKind.POISSON:
        wanted = ((weights**2 - weights) * upper).sum()
    else:
        wanted = 60 / 59 * ((weights**2 * upper).sum() - (weights * upper).sum() ** 2 / 60)
    assert drawn[:, 1, 1].var() == pytest.approx(wanted, rel=0.06)


def test_labels_of_a_cluster_move_together() -> None:
    rng = np.random.default_rng(1)
    cells = cells_of_scores(
        np.full(40, 0.6),
        np.ones(40, dtype=bool),
        weights=np.full(40, 3.0),
        stratum=np.zeros(40, dtype=np.intp),
        cluster=np.repeat(np.arange(10), 4) + 0 * np.arange(40),
    )
    noise = noise_of(cells, strata(DesignKind.PPS, 40), starts=np.array([1]), rng=rng)
    # equal clusters: their total is known, as with a simple sample of equal values
    assert np.abs(noise.above[:, 1, 0]).max() < 1e-3


def test_one_threshold_needs_no_more_than_its_own_level() -> None:
    rng = np.random.default_rng(2)
    cells = cells_of_scores(
        rng.random(2000),
        rng.random(2000) < 0.5,
        weights=np.full(2000, 10.0),
        stratum=np.zeros(2000, dtype=np.intp),
    )
    places = np.array([500])
    noise = noise_of(cells, strata(DesignKind.POISSON, 2000), starts=places, rng=rng)
    level = band_levels(
        noise,
        ups=np.ones(1),
        downs=np.zeros(1),
        wholes=np.zeros((2, 1)),
        freedom=1000.0,
        level=0.9,
    )
    assert level == pytest.approx(0.9, abs=0.02)

"""Areas under curves, weighted: beside scikit-learn, by hand, and degenerate."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from shroff.domain.labels import DesignKind
from shroff.stats.estimate import Status
from shroff.stats.sampling import Strata, kind_codes
from shroff.stats.score_cells import ScoreCells, cells_of_scores
from shroff.stats.score_ranking import design_variance, ranking


def strata_of(labels: int, kind: DesignKind = DesignKind.PPS) -> Strata:
    return Strata(
        kind=kind_codes([kind]), population=np.array([np.nan]), labels=np.array([float(labels)])
    )


def cells_of(
    scores: np.ndarray, truth: np.ndarray, weights: np.ndarray, cluster: np.ndarray | None = None
) -> ScoreCells:
    return cells_of_scores(
        scores,
        truth > 0,
        weights=weights,
        stratum=np.zeros(len(scores), dtype=np.intp),
        cluster=cluster,
    )


def test_both_areas_are_what_scikit_learn_says() -> None:
    rng = np.random.default_rng(0)
    truth = (rng.random(2000) < 0.2).astype(int)
    scores = np.floor(1000 * np.clip(rng.normal(0.4 + 0.2 * truth, 0.15), 0, 0.999)) / 1000
    weights = rng.choice([1.0, 3.0, 50.0], 2000)
    found = ranking(cells_of(scores + 0.0004, truth, weights), strata_of(2000))
    assert found.auc.value == pytest.approx(
        roc_auc_score(truth, scores, sample_weight=weights), abs=1e-12
    )
    assert found.average_precision.value == pytest.approx(
        average_precision_score(truth, scores, sample_weight=weights), abs=1e-12
    )


def test_the_doubt_of_the_auc_is_delongs_where_all_weigh_the_same() -> None:
    rng = np.random.default_rng(1)
    truth = (np.arange(400) < 100).astype(int)
    scores = np.floor(1000 * np.clip(rng.normal(0.4 + 0.2 * truth, 0.15), 0, 0.999)) / 1000
    above = scores[truth == 1][:, None] - scores[truth == 0][None, :]
    wins = (above > 0) + 0.5 * (above == 0)
    area = wins.mean()
    delong = wins.mean(1).var(ddof=1) / 100 + wins.mean(0).var(ddof=1) / 300
    cells = cells_of(scores + 0.0004, truth, np.ones(400))
    placed = np.where(
        truth == 1,
        np.array([wins[i].mean() for i in np.cumsum(truth) - 1]) - area,
        np.array([wins[:, j].mean() for j in np.maximum(np.cumsum(1 - truth) - 1, 0)]) - area,
    )
    residuals = placed / np.where(truth == 1, 100, 300)
    assert design_variance(cells, strata_of(400), residuals=residuals) == pytest.approx(
        delong, rel=0.01
    )


def test_an_ad_twice_in_a_cluster_is_one_ad() -> None:
    rng = np.random.default_rng(2)
    truth, scores = (rng.random(100) < 0.4).astype(int), rng.random(100)
    once = ranking(cells_of(scores, truth, np.full(100, 10.0), np.arange(100)), strata_of(100))
    twice = ranking(
        cells_of(
            np.repeat(scores, 2),
            np.repeat(truth, 2),
            np.full(200, 5.0),
            np.repeat(np.arange(100), 2),
        ),
        strata_of(200),
    )
    assert twice.auc.value == pytest.approx(once.auc.value)
    assert twice.auc.width == pytest.approx(once.auc.width, rel=0.05)


@pytest.mark.parametrize("truth", [0, 1])
def test_labels_of_one_class_leave_both_areas_unknown(truth: int) -> None:
    cells = cells_of(np.linspace(0, 1, 20), np.full(20, truth), np.ones(20))
    found = ranking(cells, strata_of(20))
    assert found.auc.status is Status.UNKNOWN
    assert found.auc.value is found.auc.low is found.auc.high is None


def test_constant_scores_rank_nothing() -> None:
    truth = np.array([1, 0, 0, 1, 0])
    found = ranking(cells_of(np.full(5, 0.3), truth, np.full(5, 7.0)), strata_of(5))
    assert found.auc.value == pytest.approx(0.5)
    assert found.average_precision.value == pytest.approx(0.4)


def test_a_perfect_order_of_few_labels_is_not_taken_for_certain() -> None:
    truth = np.array([0, 0, 0, 0, 1, 1, 1])
    found = ranking(cells_of(np.linspace(0, 0.9, 7), truth, np.full(7, 30.0)), strata_of(7))
    assert found.auc.value == 1
    assert found.auc.low is not None
    assert found.auc.low < 0.9
    assert found.auc.high == 1


def test_a_census_leaves_no_doubt() -> None:
    truth = np.array([0, 1, 0, 1])
    found = ranking(
        cells_of(np.array([0.1, 0.2, 0.3, 0.4]), truth, np.ones(4)),
        strata_of(4, DesignKind.CENSUS),
    )
    assert found.auc.low == found.auc.value == found.auc.high == 0.75


def test_one_cluster_gives_an_interval_of_everything() -> None:
    cells = cells_of(
        np.array([0.1, 0.6, 0.4, 0.9]),
        np.array([0, 0, 1, 1]),
        np.full(4, 5.0),
        np.zeros(4, dtype=np.intp),
    )
    found = ranking(cells, strata_of(4))
    assert found.auc.low is not None
    assert 0 <= found.auc.low <= 0.75 <= (found.auc.high or 0) <= 1

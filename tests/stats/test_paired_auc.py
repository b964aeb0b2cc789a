"""Areas under the ROC curve of two versions: against scikit-learn, and on odd inputs."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from shroff.domain.labels import DesignKind
from shroff.errors import DesignError
from shroff.stats.paired_auc import AucComparison, compare_auc
from shroff.stats.paired_doubt import PairedLabels
from shroff.stats.sampling import kind_codes


def labels_of(
    bad: np.ndarray, w: np.ndarray, *, kind: DesignKind = DesignKind.POISSON
) -> PairedLabels:
    return PairedLabels(stratum=np.zeros(len(bad), np.intp), w=w, bad=bad, kind=kind_codes([kind]))


def compared(labels: PairedLabels, first: np.ndarray, second: np.ndarray) -> AucComparison:
    where = np.zeros(len(labels), np.intp)
    return compare_auc(labels, first=first, second=second, group=where, groups=1)


def test_weighted_areas_with_ties_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(2)
    for digits in (8, 1):
        bad = rng.random(400) < 0.2
        first, second = (np.round(rng.normal(size=400) + bad, digits) for _ in range(2))
        w = rng.lognormal(2, 1, 400) + 1
        found = compared(labels_of(bad, w), first, second)
        for ours, score in ((found.first, first), (found.second, second)):
            assert ours.value[0] == pytest.approx(roc_auc_score(bad, score, sample_weight=w))
        gap = found.second.value[0] - found.first.value[0]
        assert found.difference.value[0] == pytest.approx(gap)


def test_slices_are_ranked_apart() -> None:
    rng = np.random.default_rng(4)
    bad, w, group = rng.random(300) < 0.4, np.full(300, 3.0), rng.integers(0, 3, 300)
    first, second = rng.normal(size=300) + bad, rng.normal(size=300)
    found = compare_auc(labels_of(bad, w), first=first, second=second, group=group, groups=3)
    theirs = [roc_auc_score(bad[group == g], first[group == g]) for g in range(3)]
    assert found.first.value == pytest.approx(theirs)


def test_a_large_simple_sample_has_delongs_error() -> None:
    rng = np.random.default_rng(5)
    bad = rng.random(4000) < 0.5
    score = rng.normal(size=4000) + bad
    found = compared(labels_of(bad, np.full(4000, 1e6)), score, score).first
    low = score[~bad]
    ranks = np.searchsorted(np.sort(low), score[bad]) / len(low)
    high = 1 - np.searchsorted(np.sort(score[bad]), low) / bad.sum()
    delong = np.sqrt(ranks.var() / bad.sum() + high.var() / len(low))
    assert found.high[0] - found.low[0] == pytest.approx(2 * 1.96 * delong, rel=0.03)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_one_class_only_has_no_area(share: float) -> None:
    bad = np.full(10, bool(share))
    found = compared(labels_of(bad, np.full(10, 2.0)), np.arange(10.0), np.arange(10.0))
    for figures in (found.first, found.second, found.difference):
        assert np.isnan([figures.value[0], figures.low[0], figures.high[0]]).all()
    assert np.isnan(found.p[0])


def test_constant_scores_have_half_the_area() -> None:
    bad = np.array([True, False] * 10)
    found = compared(labels_of(bad, np.full(20, 5.0)), np.full(20, 0.3), np.full(20, -7.0))
    assert found.first.value[0] == found.second.value[0] == 0.5
    assert found.difference.value[0] == 0
    assert found.difference.low[0] < 0 < found.difference.high[0]


def test_scores_outside_0_to_1_count_by_their_order() -> None:
    bad = np.array([True, True, False, False, False])
    labels = labels_of(bad, np.full(5, 2.0))
    plain = compared(labels, np.array([0.9, 0.4, 0.5, 0.2, 0.1]), np.arange(5.0))
    wild = compared(labels, np.array([1e9, 3.0, 4.0, -2.0, -1e12]), np.arange(5.0))
    assert plain.first.value[0] == wild.first.value[0]


def test_a_score_that_is_no_number_is_refused() -> None:
    labels = labels_of(np.array([True, False]), np.full(2, 2.0))
    with pytest.raises(DesignError, match="not a number"):
        compared(labels, np.array([0.1, np.nan]), np.zeros(2))


def test_a_census_leaves_no_doubt() -> None:
    bad = np.array([True, False, True, False])
    labels = labels_of(bad, np.ones(4), kind=DesignKind.CENSUS)
    found = compared(labels, np.arange(4.0), -np.arange(4.0)).difference
    assert found.low[0] == found.value[0] == found.high[0]

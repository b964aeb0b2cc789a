"""Curves: by hand, beside scikit-learn, degenerate, and held to the truth in simulations."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import precision_recall_curve, roc_curve

from shroff.domain.labels import DesignKind
from shroff.errors import DesignError
from shroff.stats.sampling import Strata, kind_codes
from shroff.stats.score_cells import BINS, ScoreCells, binned, cells_of_scores
from shroff.stats.score_curves import METRICS, Thresholds, thresholds


def strata_of(*labels: float, kind: DesignKind = DesignKind.POISSON) -> Strata:
    return Strata(
        kind=kind_codes([kind] * len(labels)),
        population=np.full(len(labels), np.nan),
        labels=np.array(labels),
    )


def drawn(cells: ScoreCells, strata: Strata) -> Thresholds:
    return thresholds(cells, strata, rng=np.random.default_rng(1))


def one_by_one(
    scores: list[float], truth: list[int], weights: list[float], stratum: list[int] | None = None
) -> ScoreCells:
    return cells_of_scores(
        np.array(scores),
        np.array(truth) > 0,
        weights=np.array(weights),
        stratum=np.array(stratum or [0] * len(scores)),
    )


def test_the_three_figures_are_weighted_shares_at_and_above_the_threshold() -> None:
    cells = one_by_one([0.9, 0.5, 0.5, 0.1], [1, 1, 0, 0], [2, 10, 4, 40])
    found = drawn(cells, strata_of(4))
    assert found.precision.value[500] == pytest.approx(12 / 16)
    assert found.recall.value[500] == pytest.approx(1)
    assert found.fpr.value[500] == pytest.approx(4 / 44)
    assert found.precision.value[501] == pytest.approx(1)
    assert found.recall.value[501] == pytest.approx(2 / 12)
    assert found.recall.value[901] == 0
    assert np.isnan(found.precision.value[901])


def test_every_threshold_is_what_scikit_learn_says() -> None:
    rng = np.random.default_rng(0)
    truth = rng.random(3000) < 0.2
    # thousandths, so that both see the same ties
    scores = np.floor(1000 * np.clip(rng.normal(0.4 + 0.2 * truth, 0.15), 0, 0.999)) / 1000
    weights = rng.choice([1.0, 3.0, 50.0], 3000)
    cells = one_by_one((scores + 0.0004).tolist(), truth.tolist(), weights.tolist())
    found = drawn(cells, strata_of(3000))
    precision, recall, at = precision_recall_curve(truth, scores, sample_weight=weights)
    place = np.rint(at * BINS).astype(int)
    np.testing.assert_allclose(found.precision.value[place], precision[:-1], atol=1e-12)
    np.testing.assert_allclose(found.recall.value[place], recall[:-1], atol=1e-12)
    fpr, _, at = roc_curve(truth, scores, sample_weight=weights, drop_intermediate=False)
    place = np.rint(at[1:] * BINS).astype(int)
    np.testing.assert_allclose(found.fpr.value[place], fpr[1:], atol=1e-12)


def test_counting_by_thousandth_gives_what_single_labels_give() -> None:
    rng = np.random.default_rng(3)
    scores, truth = rng.random(500), rng.random(500) < 0.3
    weights = rng.choice([2.0, 20.0], 500)
    whole = drawn(binned(scores, truth, weights=weights), strata_of(500))
    single = drawn(one_by_one(scores.tolist(), truth.tolist(), weights.tolist()), strata_of(500))
    for name in METRICS:
        a, b = whole.metric(name), single.metric(name)
        np.testing.assert_allclose(a.value, b.value, equal_nan=True)
        # the draws behind the bands differ
        np.testing.assert_allclose(a.high, b.high, atol=0.03, equal_nan=True)


def test_bands_are_wider_than_intervals_of_one_threshold_and_never_cross_the_value() -> None:
    rng = np.random.default_rng(5)
    truth = rng.random(800) < 0.2
    scores = np.clip(rng.normal(0.4 + 0.2 * truth, 0.2), 0, 1)
    found = drawn(binned(scores, truth, weights=np.full(800, 10.0)), strata_of(800))
    for name in METRICS:
        figures = found.metric(name)
        assert 0.99 < found.each[name] < 1
        known = np.isfinite(figures.value)
        assert np.all(figures.low[known] <= figures.value[known])
        assert np.all(figures.high[known] >= figures.value[known])
        assert np.all((figures.low[known] >= 0) & (figures.high[known] <= 1))


def test_the_bands_of_recall_and_false_positives_fall_with_the_threshold() -> None:
    rng = np.random.default_rng(6)
    truth = rng.random(300) < 0.3
    found = drawn(binned(rng.random(300), truth), strata_of(300, kind=DesignKind.PPS))
    for name in ("recall", "fpr"):
        figures = found.metric(name)
        assert np.all(np.diff(figures.low) <= 0)
        assert np.all(np.diff(figures.high) <= 0)


def test_a_census_leaves_no_doubt() -> None:
    cells = one_by_one([0.9, 0.6, 0.2], [1, 0, 0], [1, 1, 1])
    found = drawn(cells, strata_of(3, kind=DesignKind.CENSUS))
    for name in METRICS:
        figures = found.metric(name)
        known = np.isfinite(figures.value)
        np.testing.assert_allclose(figures.low[known], figures.value[known])
        np.testing.assert_allclose(figures.high[known], figures.value[known])


def test_nothing_caught_does_not_show_that_nothing_is_there() -> None:
    rng = np.random.default_rng(7)
    truth = np.arange(200) < 20
    clusters = rng.integers(0, 25, 200)
    cells = cells_of_scores(
        rng.random(200) * 0.7,
        truth,
        weights=np.full(200, 50.0),
        stratum=np.zeros(200, dtype=np.intp),
        cluster=clusters,
    )
    found = drawn(cells, strata_of(200, kind=DesignKind.PPS))
    assert found.recall.value[900] == 0
    assert 0 < found.recall.high[900] < 1


@pytest.mark.parametrize("truth", [0, 1])
def test_labels_of_one_class_tell_what_they_can(truth: int) -> None:
    rng = np.random.default_rng(8)
    cells = one_by_one(rng.random(60).tolist(), [truth] * 60, [5.0] * 60)
    found = drawn(cells, strata_of(60))
    unknown = found.recall if truth == 0 else found.fpr
    known = found.fpr if truth == 0 else found.recall
    assert np.isnan(unknown.value).all()
    assert np.isnan(unknown.low).all()
    assert np.isnan(unknown.high).all()
    assert np.isfinite(known.low).all()
    assert found.precision.value[0] == truth


def test_weights_that_are_all_zero_are_refused_with_a_hint() -> None:
    with pytest.raises(DesignError, match="all weights are zero") as fault:
        drawn(one_by_one([0.5, 0.6], [1, 0], [0, 0]), strata_of(2))
    assert fault.value.hint


def test_no_label_at_all_is_refused_with_a_hint() -> None:
    with pytest.raises(DesignError, match="no label") as fault:
        drawn(one_by_one([], [], []), strata_of(0))
    assert fault.value.hint


def test_a_score_that_is_not_a_number_is_refused() -> None:
    with pytest.raises(DesignError, match="not a number"):
        one_by_one([0.5, float("nan")], [1, 0], [1, 1])


def test_constant_scores_flag_everything_or_nothing() -> None:
    cells = one_by_one([0.5] * 40, [1] * 10 + [0] * 30, [3.0] * 40)
    found = drawn(cells, strata_of(40))
    np.testing.assert_allclose(found.precision.value[:501], 0.25)
    np.testing.assert_allclose(found.recall.value[:501], 1)
    assert np.isnan(found.precision.value[501:]).all()
    np.testing.assert_allclose(found.recall.value[501:], 0)
    assert not np.isnan(found.recall.high).any()


def test_scores_outside_lie_under_every_threshold_or_over() -> None:
    cells = one_by_one([-3.0, 0.5, 7.0, 1.0], [0, 0, 1, 1], [1, 1, 1, 1])
    found = drawn(cells, strata_of(4))
    assert found.recall.value[999] == 1
    assert found.fpr.value[0] == 0.5


@pytest.mark.parametrize("kind", list(DesignKind))
def test_a_stratum_with_one_label_is_no_trouble(kind: DesignKind) -> None:
    cells = one_by_one([0.2, 0.4, 0.6, 0.8], [0, 1, 0, 1], [2, 2, 2, 90], [0, 0, 0, 1])
    found = drawn(cells, strata_of(3, 1, kind=kind))
    for name in METRICS:
        figures = found.metric(name)
        known = np.isfinite(figures.value)
        assert np.isfinite(figures.low[known]).all()
        assert np.isfinite(figures.high[known]).all()


def test_one_cluster_gives_a_stated_answer() -> None:
    cells = cells_of_scores(
        np.array([0.1, 0.5, 0.9]),
        np.array([False, True, True]),
        weights=np.array([4.0, 4.0, 4.0]),
        stratum=np.zeros(3, dtype=np.intp),
        cluster=np.zeros(3, dtype=np.intp),
    )
    found = drawn(cells, strata_of(3, kind=DesignKind.PPS))
    for name in METRICS:
        figures = found.metric(name)
        known = np.isfinite(figures.value)
        assert np.isfinite(figures.low[known]).all()
        assert np.isfinite(figures.high[known]).all()


def test_very_many_strata_are_taken_together_and_give_no_narrower_band() -> None:
    rng = np.random.default_rng(9)
    truth = rng.random(3000) < 0.3
    scores = rng.random(3000)
    few = drawn(
        cells_of_scores(
            scores, truth, weights=np.full(3000, 9.0), stratum=np.zeros(3000, dtype=np.intp)
        ),
        strata_of(3000),
    )
    many = drawn(
        cells_of_scores(scores, truth, weights=np.full(3000, 9.0), stratum=np.arange(3000)),
        strata_of(*np.ones(3000)),
    )
    np.testing.assert_allclose(many.precision.value, few.precision.value, equal_nan=True)
    np.testing.assert_allclose(many.precision.low[:900], few.precision.low[:900], atol=0.02)


@pytest.mark.parametrize("case", [1, 2, 5])
def test_bands_hold_at_all_thresholds_at_once(case: int) -> None:
    from benchmarks.curves import CASES, run

    found = run(CASES[case], repetitions=60, seed=11)
    for name, held in found.held.items():
        # 93% is meant; with 60 repetitions a fifth of a percent of such bands has fewer than 50
        assert held >= 50, (found.case.name, name)


@pytest.mark.slow
@pytest.mark.parametrize("case", range(8))
def test_bands_and_areas_hold_as_often_as_they_say(case: int) -> None:
    from benchmarks.curves import CASES, run

    found = run(CASES[case], repetitions=300 if not CASES[case].clusters else 120, seed=12)
    for name, held in found.held.items():
        share = held / found.repetitions
        error = (0.93 * 0.07 / found.repetitions) ** 0.5
        assert share >= 0.93 - 2.6 * error, (found.case.name, name, share)

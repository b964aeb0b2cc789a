"""Calibration: by hand, beside scikit-learn, degenerate, and held to the truth."""

from __future__ import annotations

import math
from dataclasses import fields

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss

from shroff.domain.labels import DesignKind
from shroff.errors import DesignError
from shroff.stats.calibration import calibration, middles
from shroff.stats.calibration_figures import Calibration
from shroff.stats.estimate import Estimate, Status
from shroff.stats.sampling import Strata, kind_codes
from shroff.stats.score_cells import ScoreCells, cells_of_scores


def strata_of(*labels: int, kind: DesignKind = DesignKind.PPS) -> Strata:
    return Strata(
        kind=kind_codes([kind] * len(labels)),
        population=np.full(len(labels), np.nan),
        labels=np.array(labels, dtype=float),
    )


def cells_of(
    scores: np.ndarray,
    truth: np.ndarray,
    weights: np.ndarray | None = None,
    cluster: np.ndarray | None = None,
) -> ScoreCells:
    return cells_of_scores(
        scores,
        truth > 0,
        weights=np.ones(len(scores)) if weights is None else weights,
        stratum=np.zeros(len(scores), dtype=np.intp),
        cluster=cluster,
    )


def judged(cells: ScoreCells, strata: Strata, **more: object) -> Calibration:
    return calibration(cells, strata, rng=np.random.default_rng(1), **more)  # type: ignore[arg-type]


def figures_of(found: Calibration) -> list[Estimate]:
    parts = [getattr(found, field.name) for field in fields(found)]
    return [part for part in parts if isinstance(part, Estimate)]


@pytest.fixture(scope="module")
def sample() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    scores = np.floor(1000 * rng.random(1500)) / 1000 + 0.0005
    truth = rng.random(1500) < scores**2
    return scores, truth, rng.choice([1.0, 5.0, 40.0], 1500)


def test_the_brier_score_is_what_scikit_learn_says(
    sample: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    scores, truth, weights = sample
    found = judged(cells_of(scores, truth, weights), strata_of(1500))
    assert found.brier.value == pytest.approx(
        brier_score_loss(truth, scores, sample_weight=weights), abs=1e-12
    )


def test_the_parts_of_the_brier_score_add_up_but_for_what_bins_hide(
    sample: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    scores, truth, weights = sample
    found = judged(cells_of(scores, truth, weights), strata_of(1500), bins=60)
    parts = (found.miscalibration, found.discrimination, found.uncertainty)
    off, apart, base = (part.value or 0.0 for part in parts)
    assert off - apart + base == pytest.approx(found.brier.value, abs=0.01)


def test_bins_have_about_as_many_labels_each_and_weighted_means(
    sample: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> None:
    scores, truth, weights = sample
    bins = judged(cells_of(scores, truth, weights), strata_of(1500)).reliability
    assert len(bins.low) == 10
    assert bins.weight.sum() == pytest.approx(1)
    for place in range(10):
        mine = (scores >= bins.low[place] - 1e-9) & (scores <= bins.high[place] + 1e-9)
        assert mine.sum() == bins.share.n[place] == pytest.approx(150, abs=10)
        assert bins.mean_score[place] == pytest.approx(
            np.average(scores[mine], weights=weights[mine])
        )
        assert bins.share.value[place] == pytest.approx(
            np.average(truth[mine], weights=weights[mine])
        )
        assert bins.share.low[place] < bins.share.value[place] < bins.share.high[place]


def test_true_chances_have_a_smaller_error_than_is_plainly_computed() -> None:
    rng = np.random.default_rng(2)
    plain, freed = [], []
    for _ in range(40):
        scores = rng.random(400)
        truth = rng.random(400) < scores
        found = judged(cells_of(scores, truth), strata_of(400))
        plain.append(found.ece_plain)
        freed.append(found.ece.value or 0.0)
        assert found.ece.low == 0 or found.p_calibrated <= 0.025
    # with ten bins of forty labels chance alone makes some six points
    assert np.mean(plain) > 0.05
    assert np.mean(freed) < 0.7 * np.mean(plain)


def test_scores_that_lie_are_refuted() -> None:
    rng = np.random.default_rng(3)
    scores = rng.random(800)
    found = judged(cells_of(scores, rng.random(800) < scores**3), strata_of(800))
    assert found.p_calibrated < 0.01
    assert (found.ece.low or 0) > 0.05
    assert found.gap.value == pytest.approx(0.25 - 0.5, abs=0.05)


def test_labels_of_a_cluster_count_as_one() -> None:
    rng = np.random.default_rng(4)
    scores, truth = np.repeat(rng.random(150), 4), np.repeat(rng.random(150) < 0.4, 4)
    alone = judged(cells_of(scores, truth), strata_of(600))
    together = judged(
        cells_of(scores, truth, cluster=np.repeat(np.arange(150), 4)), strata_of(600)
    )
    assert (together.gap.width or 0) > 1.7 * (alone.gap.width or 0)


@pytest.mark.parametrize("truth", [0, 1])
def test_labels_of_one_class_have_a_stated_answer(truth: int) -> None:
    scores = np.linspace(0.01, 0.9, 60)
    found = judged(cells_of(scores, np.full(60, truth), np.full(60, 9.0)), strata_of(60))
    assert found.skill.status is Status.UNKNOWN
    assert found.skill.value is None
    rest = [figure for figure in figures_of(found) if figure is not found.skill]
    for figure in rest:
        assert all(
            math.isfinite(end)
            for end in (figure.value, figure.low, figure.high)
            if end is not None
        )
        assert figure.value is not None
    assert np.isfinite(found.reliability.share.high).all()


@pytest.mark.parametrize("score", [-0.2, 1.4])
def test_scores_outside_are_refused_with_a_hint(score: float) -> None:
    with pytest.raises(DesignError, match="no chances") as fault:
        judged(cells_of(np.array([0.5, score]), np.array([1, 0])), strata_of(2))
    assert "EXP" in fault.value.hint


def test_weights_that_are_all_zero_are_refused_with_a_hint() -> None:
    with pytest.raises(DesignError, match="all weights are zero") as fault:
        judged(cells_of(np.array([0.5]), np.array([1]), np.zeros(1)), strata_of(1))
    assert fault.value.hint


def test_constant_scores_have_one_bin_and_no_discrimination() -> None:
    truth = np.arange(100) < 30
    found = judged(cells_of(np.full(100, 0.3), truth), strata_of(100))
    assert len(found.reliability.low) == 1
    assert found.discrimination.value == pytest.approx(0, abs=0.01)
    assert found.ece.low == 0


@pytest.mark.parametrize("kind", list(DesignKind))
def test_a_stratum_with_one_label_is_no_trouble(kind: DesignKind) -> None:
    cells = cells_of_scores(
        np.array([0.2, 0.4, 0.6, 0.8]),
        np.array([False, True, False, True]),
        weights=np.array([2.0, 2.0, 2.0, 90.0]),
        stratum=np.array([0, 0, 0, 1]),
    )
    for figure in figures_of(judged(cells, strata_of(3, 1, kind=kind))):
        ends = (figure.value, figure.low, figure.high)
        assert all(end is None or math.isfinite(end) for end in ends)


def test_one_cluster_has_a_stated_answer() -> None:
    cells = cells_of(
        np.array([0.2, 0.5, 0.9]), np.array([0, 1, 1]), np.full(3, 4.0), np.zeros(3, dtype=np.intp)
    )
    for figure in figures_of(judged(cells, strata_of(3))):
        ends = (figure.value, figure.low, figure.high)
        assert all(end is None or math.isfinite(end) for end in ends)


def test_a_census_leaves_no_doubt_about_the_brier_score() -> None:
    cells = cells_of(np.array([0.2, 0.7]), np.array([0, 1]))
    found = judged(cells, strata_of(2, kind=DesignKind.CENSUS))
    assert found.brier.low == found.brier.value == found.brier.high


def test_the_middle_of_a_thousandth_is_what_it_says() -> None:
    assert middles(np.array([1, 501, 1000])).tolist() == pytest.approx([0.0005, 0.5005, 0.9995])


@pytest.mark.parametrize("plan", [0, 3])
def test_intervals_hold_the_truth(plan: int) -> None:
    from benchmarks.calibration import PLANS, run

    found = run(PLANS[plan], repetitions=50, seed=3)
    for name, held in found.held.items():
        assert held >= 41, (found.plan.name, name)
    assert (found.refuted <= 8) if found.plan.true else (found.refuted >= 45)


@pytest.mark.slow
@pytest.mark.parametrize("plan", range(8))
def test_intervals_hold_the_truth_as_often_as_they_say(plan: int) -> None:
    from benchmarks.calibration import PLANS, run

    found = run(PLANS[plan], repetitions=200, seed=4)
    for name, held in found.held.items():
        assert held / 200 >= 0.93 - 0.047, (found.plan.name, name, held)
    if found.plan.true:
        assert found.refuted / 200 <= 0.05 + 0.04

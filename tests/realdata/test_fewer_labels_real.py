"""Real scores and human labels of 6,912 comments: few of the labels, and the scores of all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from benchmarks.real_coverage import THRESHOLD, Judged, judged

from shroff.domain.labels import DesignKind
from shroff.stats.crossfit import FOLDS, ScoredLabels, ScoreTotals, Shape
from shroff.stats.label_cells import Strata, kind_codes
from shroff.stats.predicted import Sides, predicted_ratios

pytestmark = pytest.mark.realdata

BINS, LABELS, ROUNDS = 1000, 1500, 200
APPROVE, REJECT = 0, 1
SHAPE = Shape(classes=2, bins=BINS, folds=FOLDS, silent=np.zeros(2, dtype=bool))
SHARE = Sides(
    above=np.array([[False, True], [False, True]]), rest=np.array([[True, False], [True, False]])
)
LEAKAGE = Sides(
    above=np.array([[False, True], [False, False]]), rest=np.array([[True, False], [False, False]])
)


@pytest.fixture(scope="module")
def items(data: Path) -> Judged:
    return judged(data)


def _totals(known: np.ndarray, fold: np.ndarray, place: np.ndarray) -> ScoreTotals:
    keys, count = np.unique(np.stack([known, fold, place]), axis=1, return_counts=True)
    return ScoreTotals(
        group=np.zeros(keys.shape[1], np.intp),
        known=keys[0],
        fold=keys[1],
        bin=keys[2],
        total=count.astype(float),
    )


def _runs(score: np.ndarray, bad: np.ndarray, *, known: np.ndarray) -> dict[str, np.ndarray]:
    """Draw each comment by its own coin, again and again: ends alone, ends with scores, worth."""
    rng = np.random.default_rng(11)
    place = np.minimum((score * BINS).astype(np.intp), BINS - 1)
    fold = rng.integers(0, FOLDS, len(bad))
    totals = _totals(known, fold, place)
    chance = np.where(known == REJECT, min(2 * LABELS / len(bad), 1.0), LABELS / len(bad))
    found: dict[str, list[list[float]]] = {"share": [], "leakage": []}
    for _ in range(ROUNDS):
        drawn = np.flatnonzero(rng.random(len(bad)) < chance)
        labels = ScoredLabels(
            group=np.zeros(len(drawn), np.intp),
            stratum=known[drawn],
            known=known[drawn],
            bin=place[drawn],
            fold=fold[drawn],
            violating=bad[drawn],
            w=1 / chance[drawn],
        )
        strata = Strata(
            kind=kind_codes([DesignKind.POISSON] * 2),
            population=np.full(2, np.nan),
            labels=np.bincount(known[drawn], minlength=2).astype(float),
        )
        both = predicted_ratios(
            labels, totals, strata, shape=SHAPE, metrics=[SHARE, LEAKAGE], groups=1
        )
        for name, each in zip(found, both, strict=True):
            ends = (each.plain.low, each.plain.high, each.figures.low, each.figures.high)
            found[name].append(
                [*(float(end[0]) for end in ends), float(each.worth[0] / each.plain.n[0])]
            )
    return {name: np.array(rows) for name, rows in found.items()}


def _covers(rows: np.ndarray, truth: float) -> tuple[float, float]:
    alone = (rows[:, 0] <= truth) & (truth <= rows[:, 1])
    scored = (rows[:, 2] <= truth) & (truth <= rows[:, 3])
    return float(alone.mean()), float(scored.mean())


@pytest.mark.parametrize("useful", [True, False])
def test_intervals_hold_whether_scores_are_real_or_shuffled(
    items: Judged, *, useful: bool
) -> None:
    score, bad = items.score, items.violating > 0
    known = (score >= THRESHOLD).astype(np.intp)
    told = score if useful else np.random.default_rng(2).permutation(score)
    truth = {"share": bad.mean(), "leakage": bad[known == APPROVE].mean()}
    for name, rows in _runs(told, bad, known=known).items():
        alone, scored = _covers(rows, float(truth[name]))
        # 200 rounds know a coverage to 1.5 points
        assert scored >= 0.91, (name, alone, scored)
        # one comment in seventy is toxic: twenty found are too few for scores to save much
        assert np.all(rows[:, 3] - rows[:, 2] <= rows[:, 1] - rows[:, 0] + 1e-12)
        assert 1.0 <= np.median(rows[:, 4]) < 1.2

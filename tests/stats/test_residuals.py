"""The variance that scores leave, worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from shroff.domain.labels import DesignKind
from shroff.stats.crossfit import ScoredLabels, Shape
from shroff.stats.label_cells import Strata, kind_codes
from shroff.stats.residuals import Residuals, spread_of

SHAPE = Shape(classes=1, bins=4, folds=2, silent=np.zeros(1, dtype=bool))
ABLE = (np.array([[False, True]]), np.array([[True, False]]))


def labels(w: list[float], said: list[int], *, cluster: list[int] | None = None) -> ScoredLabels:
    size = len(w)
    return ScoredLabels(
        group=np.zeros(size, np.intp),
        stratum=np.zeros(size, np.intp),
        known=np.zeros(size, np.intp),
        bin=np.zeros(size, np.intp),
        fold=np.arange(size) % 2,
        violating=np.array(said, dtype=bool),
        w=np.array(w),
        cluster=None if cluster is None else np.array(cluster),
    )


def strata(kind: DesignKind, *, n: int, ads: float = np.nan) -> Strata:
    return Strata(kind=kind_codes([kind]), population=np.array([ads]), labels=np.array([float(n)]))


def residuals(
    found: ScoredLabels, design: Strata, *, chance: list[float], share: float
) -> Residuals:
    said = found.violating.astype(float)
    f = np.array(chance)
    return Residuals(
        labels=found,
        shape=SHAPE,
        spread=spread_of(found, design, groups=1),
        share=np.array([share]),
        seen=(said, 1 - said),
        told=(f, 1 - f),
        chance=f,
        able=ABLE,
    )


def test_poisson_labels_leave_the_squares_of_what_was_missed_and_two_half_labels() -> None:
    found = labels([4.0, 2.0, 10.0], [1, 0, 0])
    ours = residuals(found, strata(DesignKind.POISSON, n=3), chance=[0.6, 0.3, 0.1], share=0.25)
    square = np.array([4.0 * 3, 2.0 * 1, 10.0 * 9])
    # a share's residual is y - R, and with the prediction followed in full y - f
    plain = float((square * np.array([0.75, -0.25, -0.25]) ** 2).sum())
    left = float((square * np.array([0.4, -0.3, -0.1]) ** 2).sum())
    mean = (4 * 0.6 + 2 * 0.3 + 10 * 0.1) / 16
    half = 0.5 * square.mean()
    plain += half * (0.75**2 + 0.25**2)
    left += half * ((1 - mean) ** 2 + mean**2)
    gain, doubt = ours.gain(np.ones((2, 1)))
    assert gain[0] == pytest.approx(left / plain)
    assert doubt[0] > 0


def test_strata_of_fixed_size_are_centred_and_corrected_for_how_much_is_labelled() -> None:
    found = labels([5.0] * 4, [1, 1, 0, 0])
    ours = residuals(
        found, strata(DesignKind.STRATIFIED, n=4, ads=20.0), chance=[0.9, 0.5, 0.4, 0.2], share=0.5
    )
    own, left = np.array([0.5, 0.5, -0.5, -0.5]), np.array([0.1, 0.5, -0.4, -0.2])
    factor = 25 * (1 - 4 / 20) * 4 / 3
    half = 0.5 * factor

    def variance(e: np.ndarray) -> float:
        return factor * (float((e**2).sum()) - float(e.sum()) ** 2 / 4)

    plain = variance(own) + half * 0.5
    after = variance(left) + half * 2 * 0.5**2  # the mean chance is one half
    gain, _ = ours.gain(np.ones((2, 1)))
    assert gain[0] == pytest.approx(after / plain)


def test_clusters_err_together() -> None:
    found = labels([3.0] * 4, [1, 1, 0, 0], cluster=[7, 7, 9, 9])
    ours = residuals(
        found, strata(DesignKind.POISSON, n=4), chance=[0.5, 0.5, 0.5, 0.5], share=0.5
    )
    # two clusters with totals 3 and -3: 2 / 1 * (9 + 9 - 0)
    gain, _ = ours.gain(np.zeros((2, 1)))
    assert gain[0] == 1.0
    apart = replace(found, cluster=np.arange(4))
    single = residuals(
        apart, strata(DesignKind.POISSON, n=4), chance=[0.9, 0.9, 0.1, 0.1], share=0.5
    )
    both = residuals(
        found, strata(DesignKind.POISSON, n=4), chance=[0.9, 0.9, 0.1, 0.1], share=0.5
    )
    half_single, half_both = 0.5 * 9 * 4 / 3, 0.5 * 9 * 2 * 2
    expect_single = (4 / 3 * 9 * 4 * 0.01 + half_single * 0.5) / (
        4 / 3 * 9 * 4 * 0.25 + half_single * 0.5
    )
    expect_both = (2 * 2 * (6 * 0.1) ** 2 + half_both * 0.5) / (2 * 2 * 9 + half_both * 0.5)
    assert single.gain(np.ones((2, 1)))[0][0] == pytest.approx(expect_single)
    assert both.gain(np.ones((2, 1)))[0][0] == pytest.approx(expect_both)


def test_a_prediction_nobody_follows_changes_nothing() -> None:
    found = labels([4.0, 2.0, 10.0, 3.0], [1, 0, 0, 1])
    ours = residuals(found, strata(DesignKind.PPS, n=4), chance=[0.6, 0.3, 0.1, 0.9], share=0.4)
    gain, doubt = ours.gain(np.zeros((2, 1)))
    assert gain[0] == 1.0
    assert doubt[0] == pytest.approx(0.0)


def test_a_right_prediction_is_followed_in_full_and_a_backward_one_not_at_all() -> None:
    said = [1, 0] * 20
    found = labels([4.0] * 40, said)
    right = [0.9 if each else 0.1 for each in said]
    back = [0.1 if each else 0.9 for each in said]
    design = strata(DesignKind.POISSON, n=40)
    assert residuals(found, design, chance=right, share=0.5).trust().min() == 1.0
    assert residuals(found, design, chance=back, share=0.5).trust().max() == 0.0


def test_what_is_labelled_in_full_is_never_followed() -> None:
    found = labels([1.0] * 6, [1, 0] * 3)
    silent = replace(
        residuals(found, strata(DesignKind.CENSUS, n=6), chance=[0.9, 0.1] * 3, share=0.5),
        shape=replace(SHAPE, silent=np.ones(1, dtype=bool)),
    )
    assert not silent.trust().any()
    assert silent.gain(np.zeros((2, 1)))[0][0] == 1.0

from __future__ import annotations

import numpy as np
import pytest

from shroff.advise.violation_curves import LabelSums, ViolationCurves, fit_curves
from shroff.errors import DesignError

CELLS, BINS = 60, 50
FACTORS = np.stack([np.repeat(np.arange(6), 10), np.tile(np.arange(10), 6)], axis=1)
AT = (np.arange(BINS) + 0.5) / BINS
TILT = np.log(AT / (1 - AT)) / 2


def truth(rng: np.random.Generator) -> np.ndarray:
    shift = rng.normal(0, 0.6, 6)[FACTORS[:, 0]] + rng.normal(0, 0.3, 10)[FACTORS[:, 1]]
    shift = shift + rng.normal(0, 0.3, CELLS)
    odds = -1.4 + shift[:, None] + 1.7 * TILT[None, :]
    chances: np.ndarray = 1 / (1 + np.exp(-odds))
    return chances


def labels_of(rng: np.random.Generator, chances: np.ndarray, *, count: int) -> LabelSums:
    """Draw labels, those of low scores with a small chance and so a large weight."""
    cell = rng.integers(0, CELLS, count)
    place = np.where(rng.random(count) < 0.5, rng.integers(0, BINS // 2, count), 0)
    place = np.where(place == 0, rng.integers(0, BINS, count), place)
    bad = rng.random(count) < chances[cell, place]
    weight = np.where(place < BINS // 2, 20.0, 1.0)
    slot = cell * BINS + place
    some, which = np.unique(slot, return_inverse=True)
    return LabelSums(
        cell=some // BINS,
        bin=some % BINS,
        n=np.bincount(which).astype(float),
        w=np.bincount(which, weight),
        w2=np.bincount(which, weight**2),
        hits=np.bincount(which, weight * bad),
    )


def fitted(seed: int, *, count: int = 2_000) -> tuple[np.ndarray, ViolationCurves]:
    rng = np.random.default_rng(seed)
    chances = truth(rng)
    return chances, fit_curves(labels_of(rng, chances, count=count), FACTORS, bins=BINS)


def coverage(runs: int) -> float:
    """Ask how often the 90% interval of a part's violating share holds the truth."""
    held = []
    for seed in range(runs):
        chances, curves = fitted(seed)
        drawn = np.array(list(curves.draws(200, rng=np.random.default_rng(seed + 1000))))
        for part in (
            np.s_[:, 40:],
            np.s_[:, 20:40],
            np.s_[:, :20],
            np.s_[:10, 25:],
            np.s_[30, 10:],
        ):
            low, high = np.quantile(
                drawn[(slice(None), *part)].reshape(200, -1).mean(1), [0.05, 0.95]
            )
            held.append(low <= chances[part].mean() <= high)
    return float(np.mean(held))


def test_intervals_hold_about_as_often_as_they_say() -> None:
    assert coverage(12) > 0.8


@pytest.mark.slow
def test_intervals_hold_about_as_often_as_they_say_over_many_runs() -> None:
    assert 0.86 < coverage(100) < 0.97


def test_chances_rise_with_the_score_and_the_mean_is_that_of_the_draws() -> None:
    _, curves = fitted(3)
    assert np.all(np.diff(curves.mean, axis=1) >= -1e-12)
    drawn = np.mean(list(curves.draws(400, rng=np.random.default_rng(0))), axis=0)
    assert drawn == pytest.approx(curves.mean, abs=0.03)


def test_a_cell_without_labels_has_the_curve_of_its_like_and_more_doubt() -> None:
    rng = np.random.default_rng(5)
    chances = truth(rng)
    sums = labels_of(rng, chances, count=20_000)
    kept = sums.cell != 7
    fewer = LabelSums(**{name: getattr(sums, name)[kept] for name in LabelSums.__slots__})
    curves = fit_curves(fewer, FACTORS, bins=BINS)
    drawn = np.array(list(curves.draws(100, rng=rng)))
    spread = drawn.std(axis=0)[:, 25]
    assert spread[7] > 1.3 * np.median(spread)
    assert abs(curves.mean[7, 25] - curves.mean[:10, 25].mean()) < 0.25


def test_weights_do_not_shift_the_curve() -> None:
    chances, curves = fitted(9, count=30_000)
    assert curves.mean == pytest.approx(chances, abs=0.16)
    assert float(np.abs(curves.mean - chances).mean()) < 0.03


def test_without_a_label_there_is_no_curve() -> None:
    nothing = np.zeros(0)
    index = np.zeros(0, dtype=np.int64)
    empty = LabelSums(cell=index, bin=index, n=nothing, w=nothing, w2=nothing, hits=nothing)
    with pytest.raises(DesignError, match="no label"):
        fit_curves(empty, FACTORS, bins=BINS)


def test_labels_that_all_agree_give_a_curve_that_stays_in_doubt() -> None:
    cell = np.arange(CELLS)
    ones = np.ones(CELLS)
    sums = LabelSums(cell=cell, bin=np.full(CELLS, 45), n=ones, w=ones, w2=ones, hits=ones)
    curves = fit_curves(sums, FACTORS, bins=BINS)
    assert np.all(np.isfinite(curves.mean))
    assert 0.5 < curves.mean[:, 45].mean() < 1.0


def test_one_cell_without_columns_has_a_curve() -> None:
    sums = LabelSums(
        cell=np.zeros(3, dtype=np.int64),
        bin=np.array([5, 25, 45]),
        n=np.full(3, 40.0),
        w=np.full(3, 40.0),
        w2=np.full(3, 40.0),
        hits=np.array([2.0, 15.0, 36.0]),
    )
    curves = fit_curves(sums, np.zeros((1, 0), dtype=np.int64), bins=BINS)
    assert curves.mean[0, 5] < 0.2 < curves.mean[0, 25] < curves.mean[0, 45]

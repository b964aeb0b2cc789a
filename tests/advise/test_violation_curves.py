from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from shroff.advise.label_sums import LabelErrors, LabelSums
from shroff.advise.violation_curves import ViolationCurves, fit_curves
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
    assert 0.88 < coverage(100) < 0.985  # doubt is a quarter wider than the form alone asks for


def wrong_in_part(seed: int) -> tuple[np.ndarray, ViolationCurves, ViolationCurves]:
    """Label half of the cells by people who err, at rates that are known with some doubt."""
    rng = np.random.default_rng(seed)
    chances = truth(rng)
    sums = labels_of(rng, chances, count=4_000)
    kind = (sums.cell % 2).astype(np.int64)
    caught, passed = 0.8 + rng.normal(0, 0.03), 0.94 + rng.normal(0, 0.015)
    share = np.divide(sums.hits, sums.w)
    bad = np.round(share * sums.n)
    said = rng.binomial(bad.astype(int), 0.8) + rng.binomial((sums.n - bad).astype(int), 0.06)
    hits = np.where(kind == 1, said / sums.n * sums.w, sums.hits)
    sums = replace(sums, hits=hits)
    errors = LabelErrors(
        kind=kind,
        sensitivity=np.array([1.0, caught]),
        specificity=np.array([1.0, passed]),
        sensitivity_doubt=np.array([0.0, 0.03]),
        specificity_doubt=np.array([0.0, 0.015]),
    )
    known = fit_curves(sums, FACTORS, bins=BINS, errors=errors)
    return chances, known, fit_curves(sums, FACTORS, bins=BINS)


def held_with_errors(runs: int) -> tuple[float, float]:
    """Ask how often 90% intervals hold where labels err, with and without their rates."""
    held: list[list[bool]] = [[], []]
    for seed in range(runs):
        chances, *both = wrong_in_part(seed)
        for place, curves in enumerate(both):
            drawn = np.array(list(curves.draws(200, rng=np.random.default_rng(seed + 1000))))
            for part in (np.s_[:, 40:], np.s_[:, 20:40], np.s_[:, :20], np.s_[1::2, 25:]):
                each = drawn[(slice(None), *part)].reshape(200, -1).mean(1)
                low, high = np.quantile(each, [0.05, 0.95])
                held[place].append(bool(low <= chances[part].mean() <= high))
    return float(np.mean(held[0])), float(np.mean(held[1]))


def test_labels_that_err_are_corrected_for_with_the_doubt_of_their_rates() -> None:
    known, taken_as_right = held_with_errors(8)
    assert known > 0.75
    assert taken_as_right < known - 0.2


@pytest.mark.slow
def test_intervals_hold_where_labels_err_at_rates_known_with_doubt() -> None:
    known, _ = held_with_errors(80)
    assert 0.88 < known < 0.985


def test_labels_no_better_than_chance_tell_nothing() -> None:
    rng = np.random.default_rng(1)
    sums = labels_of(rng, truth(rng), count=200)
    errors = LabelErrors.none(len(sums.cell))
    with pytest.raises(DesignError, match="no label"):
        fit_curves(sums, FACTORS, bins=BINS, errors=replace(errors, sensitivity=np.array([0.05])))


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

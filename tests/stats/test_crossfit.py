"""What a score says of an ad, learnt from other ads' labels."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from shroff.errors import DesignError
from shroff.stats.crossfit import ScoredLabels, Shape, chances, face_value

SHAPE = Shape(classes=1, bins=10, folds=2, silent=np.zeros(1, dtype=bool))


def labels(bins: list[int], violating: list[int], fold: list[int] | None = None) -> ScoredLabels:
    size = len(bins)
    return ScoredLabels(
        group=np.zeros(size, np.intp),
        stratum=np.zeros(size, np.intp),
        known=np.zeros(size, np.intp),
        bin=np.array(bins, dtype=np.intp),
        fold=np.array(fold or [0] * size, dtype=np.intp),
        violating=np.array(violating, dtype=bool),
        w=np.ones(size),
    )


def test_chances_rise_with_the_score_and_pool_what_does_not() -> None:
    # bin 1: 0 of 10, bin 4: 5 of 10, bin 6: 3 of 10 (pooled with 4: 8 of 20), bin 9: 10 of 10
    bins = [1] * 10 + [4] * 10 + [6] * 10 + [9] * 10
    said = [0] * 10 + [1] * 5 + [0] * 5 + [1] * 3 + [0] * 7 + [1] * 10
    table = chances(labels(bins, said), SHAPE)
    np.testing.assert_allclose(table[1, 0, [1, 4, 5, 6, 9]], [0.0, 0.4, 0.4, 0.4, 1.0])
    assert table[1, 0, 0] == 0.0
    assert table[1, 0, 7] == pytest.approx(0.6)  # a third of the way from 0.4 to 1


def test_a_fold_learns_nothing_from_its_own_labels() -> None:
    bins, said = [1] * 20 + [8] * 20, [0] * 20 + [1] * 20
    mixed = labels(bins * 2, said + [1 - each for each in said], fold=[0] * 40 + [1] * 40)
    table = chances(mixed, SHAPE)
    assert table[1, 0, 8] == 1.0  # from fold 0, where high scores violate
    # from fold 1, where low scores do: nothing rises, so one share for all
    np.testing.assert_allclose(table[0, 0, [1, 8]], [0.5, 0.5])
    other = chances(
        replace(mixed, violating=np.where(mixed.fold == 0, 0, mixed.violating) > 0), SHAPE
    )
    np.testing.assert_array_equal(table[0], other[0])


def test_weights_count_as_labels_do() -> None:
    said = [0] * 15 + [1] * 15
    once = labels([3] * 30, said)
    heavy = replace(once, w=np.where(once.violating, 3.0, 1.0))
    assert chances(heavy, SHAPE)[1, 0, 3] == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("said", "share"),
    [([0] * 30, 0.5 / 31), ([1] * 30, 30.5 / 31)],
)
def test_one_kind_of_label_alone_is_not_taken_for_certainty(said: list[int], share: float) -> None:
    table = chances(labels(list(range(10)) * 3, said), SHAPE)
    np.testing.assert_allclose(table[1, 0], share)


def test_few_labels_give_one_chance_whatever_the_score() -> None:
    table = chances(labels([0] * 5 + [9] * 5, [0] * 5 + [1] * 5), SHAPE)
    np.testing.assert_allclose(table[1, 0], 0.5)


def test_ads_without_a_score_have_a_chance_of_their_own() -> None:
    bins = [2] * 15 + [8] * 15 + [10] * 30
    said = [0] * 15 + [1] * 15 + [1] * 6 + [0] * 24
    table = chances(labels(bins, said), SHAPE)
    assert table[1, 0, 10] == pytest.approx(6.5 / 31)
    assert table[1, 0, 8] == 1.0


def test_no_label_at_all_is_half_and_never_nan() -> None:
    table = chances(labels([], []), SHAPE)
    assert (table == 0.5).all()


def test_labels_that_weigh_nothing_are_refused_with_a_hint() -> None:
    nothing = replace(labels([1, 2], [0, 1]), w=np.zeros(2))
    with pytest.raises(DesignError) as refused:
        chances(nothing, SHAPE)
    assert "sampling_prob" in str(refused.value.hint)


@pytest.mark.parametrize("field", ["known", "bin", "fold"])
def test_a_number_out_of_range_is_refused(field: str) -> None:
    wrong = replace(labels([1], [0]), **{field: np.array([99])})
    with pytest.raises(DesignError):
        chances(wrong, SHAPE)


def test_a_score_at_face_value_is_the_middle_of_its_bin() -> None:
    table = face_value(SHAPE)
    np.testing.assert_allclose(table[0, 0, [0, 9]], [0.05, 0.95])
    assert np.isnan(table[:, :, 10]).all()

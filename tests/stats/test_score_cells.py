"""Scores fall where the engine's bins put them."""

from __future__ import annotations

import numpy as np
import pytest

from shroff.errors import DesignError
from shroff.stats.score_cells import BINS, PLACES, binned, place_of


def test_places_are_thousandths_with_the_ends_apart() -> None:
    scores = np.array([-0.1, 0.0, 0.0005, 0.001, 0.5, 0.9999, 1.0, 1.0001, 9.0])
    wanted = [0, 1, 1, 2, 501, BINS, BINS, PLACES - 1, PLACES - 1]
    assert place_of(scores).tolist() == wanted


def test_single_precision_scores_are_placed_too() -> None:
    assert place_of(np.array([0.25, 1.0], dtype=np.float32)).tolist() == [251, BINS]


def test_labels_are_counted_with_their_weights() -> None:
    cells = binned(
        np.array([0.2, 0.2, 0.2]), np.array([True, False, True]), weights=np.array([2.0, 3.0, 4.0])
    )
    assert cells.violating.tolist() == [False, True]
    assert cells.n.tolist() == [1, 2]
    assert cells.w.tolist() == [3, 6]
    assert cells.w2.tolist() == [9, 20]


def test_without_weights_every_label_counts_one() -> None:
    cells = binned(np.array([0.2, 0.9]), np.array([True, False]))
    assert cells.w.tolist() == cells.w2.tolist() == [1, 1]


@pytest.mark.parametrize("weight", [-1.0, float("nan"), float("inf")])
def test_a_weight_that_cannot_be_is_refused(weight: float) -> None:
    cells = binned(np.array([0.2, 0.4]), np.array([True, False]), weights=np.array([1.0, weight]))
    with pytest.raises(DesignError, match="negative or missing"):
        cells.require(strata=1)

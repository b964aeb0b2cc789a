"""Rising curves: beside scikit-learn, by hand, and degenerate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.isotonic import IsotonicRegression

from shroff.errors import DesignError
from shroff.stats.isotonic import pooled, rising


def test_pooling_is_what_scikit_learn_says() -> None:
    rng = np.random.default_rng(0)
    values, weights = rng.random(500), rng.choice([1.0, 7.0, 90.0], 500)
    wanted = IsotonicRegression().fit_transform(np.arange(500), values, sample_weight=weights)
    np.testing.assert_allclose(pooled(values, weights), wanted, atol=1e-12)


def test_levels_of_labels_are_what_scikit_learn_says() -> None:
    rng = np.random.default_rng(1)
    scores = rng.integers(0, 100, 2000) / 100
    hits = (rng.random(2000) < scores**2).astype(float)
    weights = rng.choice([1.0, 20.0], 2000)
    curve = rising(scores, hits, weights)
    wanted = IsotonicRegression().fit_transform(scores, hits, sample_weight=weights)
    assert set(np.round(curve.value, 9)) == set(np.round(np.unique(wanted), 9))


def test_adjacent_violators_share_their_mean() -> None:
    assert pooled(np.array([0.2, 0.8, 0.4]), np.array([1.0, 1.0, 3.0])).tolist() == [0.2, 0.5, 0.5]


@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans(), st.floats(1, 500)), min_size=1, max_size=60)
)
def test_the_curve_never_falls_and_stays_between_0_and_1(
    rows: list[tuple[float, bool, float]],
) -> None:
    scores, hits, weights = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    curve = rising(scores, hits, weights, ends=0.5)
    values = curve(np.linspace(-0.5, 1.5, 41))
    assert np.all(np.diff(values) >= -1e-12)
    assert np.all((values > 0) & (values < 1))


def test_ends_keep_chances_away_from_0_and_1() -> None:
    scores = np.array([0.1, 0.2, 0.8, 0.9])
    hits = np.array([0.0, 0.0, 1.0, 1.0])
    sure = rising(scores, hits, np.ones(4))
    assert sure(np.array([0.0, 1.0])).tolist() == [0, 1]
    doubting = rising(scores, hits, np.ones(4), ends=0.5)
    assert 0 < doubting(np.array([0.0]))[0] < doubting(np.array([1.0]))[0] < 1


def test_one_score_has_the_share_for_its_chance() -> None:
    curve = rising(np.full(4, 0.3), np.array([1.0, 0, 0, 0]), np.ones(4))
    assert curve(np.array([0.0, 0.3, 1.0])).tolist() == [0.25] * 3


def test_weights_that_are_all_zero_are_refused() -> None:
    with pytest.raises(DesignError, match="all weights are zero") as fault:
        rising(np.array([0.5]), np.array([1.0]), np.array([0.0]))
    assert fault.value.hint

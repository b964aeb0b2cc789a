"""P-values of slices: never too small, whatever the size, and close where it matters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from shroff.errors import DesignError
from shroff.stats.lattice import CodedLabels, SliceSums, grow
from shroff.stats.slice_tests import effective_labels, log_p_values, shuffle_of


def even(labels: int, errors: int, *, weight: float = 7.0) -> CodedLabels:
    """Labels of one weight, without columns."""
    return CodedLabels(values=(), error=np.arange(labels) < errors, w=np.full(labels, weight))


def slice_of(labels: int, errors: int, *, weight: float = 7.0) -> SliceSums:
    n, k = np.array([float(labels)]), np.array([float(errors)])
    w2 = weight**2
    return SliceSums(
        labels=n,
        weight=n * weight,
        errors=k * weight,
        own_weight2=n * w2,
        own_errors2=k * w2,
        weight2=n * w2,
        cross=k * w2,
        errors2=k * w2,
    )


@given(st.data())
def test_with_equal_weights_it_is_no_smaller_than_the_exact_chance(data: st.DataObject) -> None:
    total = data.draw(st.integers(20, 20_000))
    errors = data.draw(st.integers(1, total - 1))
    size = data.draw(st.integers(2, total - 1))
    most = min(size, errors)
    inside = data.draw(st.integers(max(0, size - (total - errors)), most))
    found = float(log_p_values(slice_of(size, inside), shuffle_of(even(total, errors)))[0])
    exact = float(hypergeom.logsf(inside - 1, total, errors, size))
    assert found >= exact - 1e-6


@pytest.mark.parametrize(
    ("total", "errors", "size", "inside"),
    [(3000, 60, 300, 24), (5000, 50, 100, 8), (10_000, 4000, 200, 120), (50_000, 100, 500, 8)],
)
def test_it_is_near_the_exact_chance_where_that_is_small(
    total: int, errors: int, size: int, inside: int
) -> None:
    found = float(log_p_values(slice_of(size, inside), shuffle_of(even(total, errors)))[0])
    exact = float(hypergeom.logsf(inside - 1, total, errors, size))
    assert exact <= found <= 0.8 * exact


@given(st.integers(1, 50), st.integers(1, 50))
def test_a_slice_that_is_no_worse_has_a_p_value_of_one(size: int, errors: int) -> None:
    assume(errors < 100)
    inside = int(np.floor(size * errors / 100))
    found = log_p_values(slice_of(size, inside), shuffle_of(even(100, errors)))
    assert found[0] == 0.0


@given(st.sampled_from([1e-6, 1.0, 1e6]))
def test_the_unit_of_weights_does_not_matter(unit: float) -> None:
    rng = np.random.default_rng(5)
    values, error = (rng.integers(0, 3, 500),), rng.random(500) < 0.1
    w = 1 + rng.pareto(1.5, 500)
    found = []
    for scale in (1.0, unit):
        labels = CodedLabels(values=values, error=error, w=w * scale)
        found.append(log_p_values(grow(labels, depth=1, least=1)[1], shuffle_of(labels)))
    assert found[0] == pytest.approx(found[1], rel=0.02, abs=0.02)


def test_one_heavy_error_says_little() -> None:
    error = np.zeros(1000, bool)
    error[:10] = True
    w = np.ones(1000)
    w[0] = 5000.0
    values = (np.where(np.arange(1000) < 5, 0, 1),)  # five errors, the heavy one among them
    labels = CodedLabels(values=values, error=error, w=w)
    log_p = log_p_values(grow(labels, depth=1, least=1)[1], shuffle_of(labels))
    even_ = CodedLabels(values=values, error=error, w=np.ones(1000))
    sure = log_p_values(grow(even_, depth=1, least=1)[1], shuffle_of(even_))
    assert sure[0] < np.log(1e-6)
    assert log_p[0] > np.log(0.001)


def test_errors_of_one_advertiser_say_less_than_those_of_many() -> None:
    rng = np.random.default_rng(8)
    values, error = (np.repeat([0, 1], [40, 960]),), np.zeros(1000, bool)
    error[:20] = True
    error[40:60] = True
    w = np.ones(1000)
    many, one = rng.permutation(1000), np.arange(1000)
    one[:40] = 0
    p = []
    for cluster in (many, one):
        labels = CodedLabels(values=values, error=error, w=w, cluster=cluster)
        p.append(float(log_p_values(grow(labels, depth=1, least=1)[1], shuffle_of(labels))[0]))
    assert p[0] < np.log(1e-10)
    assert p[1] > np.log(0.01)


def test_effective_labels_are_labels_where_weights_are_equal() -> None:
    assert effective_labels(slice_of(50, 5), 0.1)[0] == pytest.approx(50)
    assert effective_labels(slice_of(50, 0), 0.1)[0] == pytest.approx(50)
    assert effective_labels(slice_of(50, 50), 0.1)[0] == pytest.approx(50)


def test_labels_without_weight_are_refused() -> None:
    with pytest.raises(DesignError, match="no label has a weight") as refused:
        shuffle_of(even(10, 2, weight=0.0))
    assert "one over the chance" in refused.value.hint


def test_a_slice_without_weight_is_not_worse() -> None:
    found = log_p_values(slice_of(5, 2, weight=0.0), shuffle_of(even(100, 10)))
    assert found[0] == 0.0

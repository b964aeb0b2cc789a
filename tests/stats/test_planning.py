"""How many labels a question needs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.errors import DesignError
from shroff.stats.planning import audit_batch, labels_for_width, labels_to_show_below
from shroff.stats.proportions import clopper_pearson


@given(percent=st.integers(0, 100), width=st.sampled_from([0.02, 0.05, 0.1, 0.3]))
def test_the_labels_for_a_width_give_that_width(percent: int, width: float) -> None:
    labels = labels_for_width(percent / 100, width)
    # whole hits: at the next multiple of 100 the expected count is whole
    whole = -(-labels // 100) * 100
    figure = clopper_pearson(percent * whole // 100, whole)
    assert (figure.width or 0) <= width + 1e-9


def test_a_design_that_knows_half_needs_twice_the_labels() -> None:
    assert labels_for_width(0.5, 0.1, design_effect=2) == 2 * labels_for_width(0.5, 0.1)


@given(share=st.floats(0, 0.03), limit=st.floats(0.04, 0.3))
def test_the_labels_to_show_a_limit_can_show_it(share: float, limit: float) -> None:
    labels = labels_to_show_below(limit, share)
    assert (clopper_pearson(0, labels).high or 1) <= limit


def test_the_power_promised_is_kept() -> None:
    labels = labels_to_show_below(0.02, 0.01, power=0.8)
    rng = np.random.default_rng(2)
    highs = {k: clopper_pearson(k, labels).high for k in range(labels // 20)}
    shown = [highs[k] <= 0.02 for k in rng.binomial(labels, 0.01, 4000).tolist()]
    assert np.mean(shown) > 0.77


def test_what_is_not_so_cannot_be_shown() -> None:
    with pytest.raises(DesignError, match="not below"):
        labels_to_show_below(0.01, 0.02)


def test_a_width_of_nothing_is_refused() -> None:
    with pytest.raises(DesignError, match="width"):
        labels_for_width(0.5, 0.0)


STRATA = st.lists(st.tuples(st.integers(1, 10**6), st.floats(0, 1)), min_size=1, max_size=8).map(
    lambda rows: tuple(np.array(column, dtype=float) for column in zip(*rows, strict=True))
)


@given(strata=STRATA, width=st.sampled_from([0.01, 0.05, 0.2]))
def test_a_batch_keeps_its_floor_and_its_width(strata, width: float) -> None:  # noqa: ANN001
    population, share = strata
    batch = audit_batch(population, share, width=width)
    assert np.all(batch.labels <= population)
    assert np.all(batch.labels >= np.minimum(population, 30))
    assert batch.width <= width
    assert batch.total == batch.labels.sum()


def test_one_label_less_would_not_do() -> None:
    population, share = np.array([50_000.0, 9000.0, 400.0]), np.array([0.01, 0.2, 0.5])
    batch = audit_batch(population, share, width=0.01)
    narrower = audit_batch(population, share, width=batch.width * 1.02)
    assert narrower.total < batch.total


def test_labels_go_where_they_are_worth_most() -> None:
    batch = audit_batch(np.array([1e6, 1e6]), np.array([0.001, 0.4]), width=0.02)
    assert batch.labels[1] > 2 * batch.labels[0]


@pytest.mark.parametrize(
    ("population", "share", "width"),
    [([], [], 0.1), ([0.0], [0.5], 0.1), ([10.0], [1.5], 0.1), ([10.0], [0.5], 1.5)],
)
def test_a_plan_for_nothing_is_refused(
    population: list[float], share: list[float], width: float
) -> None:
    with pytest.raises(DesignError):
        audit_batch(np.array(population), np.array(share), width=width)

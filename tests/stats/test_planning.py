"""How many labels a question needs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.errors import DesignError
from shroff.stats.planning import labels_for_width, labels_to_show_below
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

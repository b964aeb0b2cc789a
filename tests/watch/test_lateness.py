"""How complete a day is, told from past days."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.errors import DataError
from shroff.watch.lateness import completeness


def arrived(days: int, by_lag: np.ndarray, *, events: float, known: int) -> np.ndarray:
    """What is known after the last day, when events come in as late as told."""
    lags = len(by_lag)
    reach = np.arange(days - 1, -1, -1) + known
    return events * by_lag * (np.arange(lags) <= reach[:, None])


@given(
    shares=st.lists(st.floats(0.05, 1), min_size=2, max_size=9),
    known=st.integers(0, 4),
    events=st.floats(5, 1e5),
)
def test_shares_that_never_change_are_told_exactly(
    shares: list[float], known: int, events: float
) -> None:
    by_lag = np.array(shares) / sum(shares)
    found = completeness(arrived(30, by_lag, events=events, known=known), known=known)
    reach = np.minimum(np.arange(29, -1, -1) + known, len(by_lag) - 1)
    assert np.allclose(found, np.cumsum(by_lag)[reach])


def test_chance_leaves_it_near() -> None:
    rng = np.random.default_rng(3)
    by_lag = np.array([0.1, 0.3, 0.3, 0.2, 0.1])
    late = rng.poisson(arrived(90, by_lag, events=60.0, known=0)).astype(float)
    found = completeness(late, known=0)
    assert np.allclose(found[-5:], [1.0, 0.9, 0.7, 0.4, 0.1], atol=0.05)
    assert (found[:-5] == 1).all()


def test_days_without_events_are_complete_as_far_as_anyone_knows() -> None:
    assert (completeness(np.zeros((5, 3)), known=0) == 1).all()


@pytest.mark.parametrize("shape", [(0, 3), (3, 0)])
def test_nothing_tells_nothing(shape: tuple[int, int]) -> None:
    with pytest.raises(DataError, match="no day"):
        completeness(np.zeros(shape), known=0)

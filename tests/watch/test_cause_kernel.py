"""The compiled loops of the search for causes, held to what numpy says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.watch.cause_kernel import calmer_spread, count_held, largest_of_sides, place_by_size

VALUES = st.lists(st.sampled_from([-2.0, -0.5, -0.1, 0.0, 0.1, 0.5, 0.7, 2.0]), max_size=60)
HALF = 0.6744897501960817


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=80), st.integers(0, 79), st.integers(0, 5))
def test_a_place_is_that_of_values_in_order(values: list[float], at: int, before: int) -> None:
    at = at % len(values)
    room = np.array([9.0] * before + values + [-9.0])
    found = place_by_size(room, before, len(values), at)
    assert found == sorted(values)[at]
    assert sorted(room[before:-1]) == sorted(values)
    assert room[-1] == -9.0


def spread(side: np.ndarray, still: int) -> float:
    everything = np.sort(np.concatenate([np.zeros(still), side]))
    whole = float(np.sqrt(np.mean(everything**2)))
    at = len(everything) // 2
    return whole if at < still else min(whole, float(everything[at]) / HALF)


@given(VALUES, st.sampled_from([1.0, 5.0]))
def test_the_calmer_side_is_the_one_that_spreads_less(values: list[float], enough: float) -> None:
    d = np.array(values, float)
    still = int((d == 0).sum()) // 2
    sides = [side for side in (d[d > 0], -d[d < 0]) if len(side) >= enough]
    wanted = min((spread(side, still) for side in sides), default=0.0)
    assert calmer_spread(d, enough, np.empty(len(d))) == pytest.approx(wanted, rel=1e-12)


@given(VALUES)
def test_the_largest_of_each_side_rise(values: list[float]) -> None:
    z, top = np.array(values, float), np.full((2, 4), 7.0)
    assert largest_of_sides(z, top) == (z > 0).sum()
    for row, side in zip(top, (z[z > 0], -z[z < 0]), strict=True):
        wanted = np.sort(np.concatenate([np.zeros(4), side]))[-4:]
        assert row.tolist() == wanted.tolist()


@given(st.lists(st.integers(0, 9), max_size=40))
def test_slices_with_a_cell_are_counted_once(ids: list[int]) -> None:
    assert count_held(np.array(ids, np.int32), np.zeros(10, np.bool_)) == len(set(ids))

"""The stretches of a line that stand out, and lines of which nothing can be said."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from shroff.domain.slices import EVERYTHING
from shroff.watch.daily_series import DailySeries
from shroff.watch.largest_changes import largest_changes

FIRST = date(2026, 1, 5)


def line(above: np.ndarray, below: np.ndarray | None = None) -> DailySeries:
    return DailySeries(
        metric="ads_decided", slice=EVERYTHING, first=FIRST, above=above, below=below,
        low=None, high=None, complete=np.ones(len(above)),
    )  # fmt: skip


@pytest.mark.parametrize(("first", "last", "times"), [(100, 140, 3.0), (220, 250, 0.4)])
def test_a_planted_stretch_is_named_first(first: int, last: int, times: float) -> None:
    mean = np.full(300, 20.0)
    mean[first:last] *= times
    (best, *_) = largest_changes(line(np.random.default_rng(4).poisson(mean).astype(float)))
    assert abs((best.first - FIRST).days - first) <= 2
    assert abs((best.last - FIRST).days - last + 1) <= 2
    assert best.ratio_low < times < best.ratio_high * 1.1


def test_a_week_is_no_change() -> None:
    rng = np.random.default_rng(5)
    week = np.resize([30.0, 30, 30, 30, 30, 10, 10], 200)
    assert largest_changes(line(rng.poisson(week).astype(float))) == ()


@pytest.mark.parametrize("days", [0, 1, 10, 200])
@pytest.mark.parametrize("value", [0.0, 5.0])
def test_nothing_stands_out_of_a_constant_or_short_line(days: int, value: float) -> None:
    assert largest_changes(line(np.full(days, value))) == ()
    assert largest_changes(line(np.full(days, value), np.full(days, 9.0))) == ()

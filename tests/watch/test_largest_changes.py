"""The stretches of a line that stand out, and lines of which nothing can be said."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from shroff.domain.messages import Language
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


def test_figures_are_those_that_anybody_can_count() -> None:
    mean = np.full(200, 20.0)
    mean[100:140] *= 3
    above = np.random.default_rng(4).poisson(mean).astype(float)
    (best, *_) = largest_changes(line(above))
    first, last = ((day - FIRST).days for day in (best.first, best.last))
    inside = np.zeros(200, dtype=bool)
    inside[first : last + 1] = True
    assert best.inside == pytest.approx(above[inside].mean())
    assert best.outside == pytest.approx(above[~inside].mean())
    assert best.ratio == pytest.approx(best.inside / best.outside, rel=0.01)
    assert best.of is None
    assert best.part() is None


def test_a_third_change_is_looked_for_between_the_ends_of_two() -> None:
    mean = np.repeat([4.0, 10.0, 4.0, 11.0], [46, 31, 20, 120])
    found = largest_changes(line(np.random.default_rng(7).poisson(mean).astype(float)))
    assert len(found) == 3
    (third,) = (each for each in found if each.of is not None)
    ends = np.array([(third.first - FIRST).days, (third.last - FIRST).days + 1])
    assert all(abs(ends[:, None] - np.array([0, 46, 77, 97, 217])).min(axis=1) <= 3)
    assert third.ratio_low > 1.3 or third.ratio_high < 0.77
    note = third.part()
    assert note is not None
    assert str(third.of[0]) in note.text(Language.EN)  # type: ignore[index]

"""Times with an end that has not come yet."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from shroff.errors import DesignError
from shroff.stats.estimate import Status
from shroff.stats.survival import Durations, cumulative_incidence, percentile


def durations(rows: list[tuple[float, int, int]], *, group: int = 0) -> Durations:
    table = np.array(rows, dtype=float).reshape(-1, 3)
    return Durations(
        group=np.full(len(table), group),
        value=table[:, 0],
        ended=table[:, 1],
        censored=table[:, 2],
    )


# remission times of the 6-MP arm, Freireich et al. (1963): (week, relapses, censored)
REMISSIONS = [
    (6, 3, 1), (7, 1, 0), (9, 0, 1), (10, 1, 1), (11, 0, 1), (13, 1, 0), (16, 1, 0), (17, 0, 1),
    (19, 0, 1), (20, 0, 1), (22, 1, 0), (23, 1, 0), (25, 0, 1), (32, 0, 2), (34, 0, 1), (35, 0, 1),
]  # fmt: skip


def test_the_curve_is_the_textbook_s() -> None:
    # Kaplan-Meier at 6, 10 and 23 weeks: 0.8571, 0.7529, 0.4482
    for week, still in [(6, 0.8571), (10, 0.7529), (24, 0.4482)]:
        found = cumulative_incidence(durations(REMISSIONS), horizon=week, groups=1)
        assert round(1 - found.value[0], 4) == still


def test_the_median_is_the_textbook_s() -> None:
    figure = percentile(durations(REMISSIONS), share=0.5, groups=1).at(0)
    # the interval: from week 13, and with no bound above
    assert (figure.value, figure.low, figure.high) == (23.0, 13.0, None)
    assert (figure.n, figure.numerator) == (21, 9.0)


def test_without_open_cases_a_percentile_is_the_sample_s_own() -> None:
    rows = [(float(hour), 1, 0) for hour in range(1, 101)]
    for share in (0.5, 0.9, 0.95):
        assert percentile(durations(rows), share=share, groups=1).value[0] == 100 * share


def test_open_tasks_push_a_percentile_up() -> None:
    decided = [(1.0, 50, 0), (5.0, 40, 0)]
    naive = percentile(durations(decided), share=0.9, groups=1).value[0]
    honest = percentile(durations([*decided, (6.0, 0, 60)]), share=0.9, groups=1).at(0)
    assert naive == 5.0
    assert honest.value is None
    assert honest.status is Status.BOUNDS
    assert honest.low == 6.0


def test_nothing_ended_leaves_only_how_long_it_takes_at_least() -> None:
    figure = percentile(durations([(3.0, 0, 5)]), share=0.5, groups=1).at(0)
    assert (figure.status, figure.low, figure.high) == (Status.BOUNDS, 3.0, None)


def test_with_everybody_followed_the_share_is_plain() -> None:
    found = cumulative_incidence(durations([(2.0, 30, 0), (40.0, 0, 70)]), horizon=14, groups=1)
    assert found.value[0] == pytest.approx(0.3)
    # the interval is then the binomial mid-p one: 30 counts half on either side
    low, high = binom(100, found.low[0]), binom(100, found.high[0])
    assert low.sf(30) + low.pmf(30) / 2 == pytest.approx(0.025)
    assert high.cdf(29) + high.pmf(30) / 2 == pytest.approx(0.025)


def test_a_share_with_early_leavers_is_less_sure_than_one_without() -> None:
    plain = cumulative_incidence(durations([(2.0, 30, 0), (40.0, 0, 70)]), horizon=14, groups=1)
    left = durations([(1.0, 0, 50), (2.0, 15, 0), (40.0, 0, 35)])
    thin = cumulative_incidence(left, horizon=14, groups=1)
    assert thin.value[0] == pytest.approx(plain.value[0])
    assert thin.low[0] < plain.low[0] < plain.high[0] < thin.high[0]
    # as sure as the fifty that were followed
    fifty = durations([(2.0, 15, 0), (40.0, 0, 35)])
    alone = cumulative_incidence(fifty, horizon=14, groups=1)
    assert thin.high[0] == pytest.approx(alone.high[0], abs=1e-12)


def test_recent_actions_count_for_as_long_as_they_were_seen() -> None:
    # of 100 old actions 30 were appealed by day 2; 900 are one day old
    rows = [(1.0, 0, 900), (2.0, 30, 0), (30.0, 0, 70)]
    assert cumulative_incidence(durations(rows), horizon=14, groups=1).value[0] == pytest.approx(
        0.3
    )


def test_no_appeal_so_far_still_leaves_some_possible() -> None:
    found = cumulative_incidence(durations([(30.0, 0, 100)]), horizon=14, groups=1)
    assert (found.value[0], found.low[0]) == (0.0, 0.0)
    assert found.high[0] == pytest.approx(1 - 0.025**0.01)


def test_actions_too_young_say_nothing_of_the_end_of_the_window() -> None:
    rows = [(1.0, 0, 900), (30.0, 0, 100)]
    found = cumulative_incidence(durations(rows), horizon=14, groups=1)
    assert found.high[0] == pytest.approx(1 - 0.025**0.01)


@pytest.mark.parametrize(("tasks", "bounded"), [(70, False), (71, False), (72, True)])
def test_few_tasks_set_no_upper_end_to_a_high_percentile(tasks: int, *, bounded: bool) -> None:
    rows = [(float(hour), 1, 0) for hour in range(1, tasks + 1)]
    figure = percentile(durations(rows), share=0.95, groups=1).at(0)
    assert figure.value is not None
    assert (figure.high is not None) == bounded


def test_everything_ended_leaves_little_doubt() -> None:
    found = cumulative_incidence(durations([(1.0, 100, 0)]), horizon=14, groups=1)
    assert (found.value[0], found.high[0]) == (1.0, 1.0)
    assert found.low[0] == pytest.approx(0.025**0.01)


def test_a_horizon_that_nobody_reached_is_unknown() -> None:
    found = cumulative_incidence(durations([(3.0, 1, 9)]), horizon=14, groups=1)
    assert found.at(0).status is Status.UNKNOWN


def test_a_slice_without_cases_is_unknown() -> None:
    both = percentile(durations([(3.0, 9, 0)], group=1), share=0.5, groups=3)
    assert np.isnan(both.value[[0, 2]]).all()
    assert both.value[1] == 3.0
    assert both.at(0).status is Status.UNKNOWN


CASES = st.lists(
    st.tuples(st.integers(0, 20).map(float), st.integers(0, 5), st.integers(0, 5)), min_size=1
)


@given(rows=CASES, share=st.floats(0.05, 0.95))
def test_a_percentile_lies_within_its_ends_whatever_the_order(rows, share: float) -> None:  # noqa: ANN001
    found = percentile(durations(rows), share=share, groups=1)
    again = percentile(durations(rows[::-1]), share=share, groups=1)
    assert np.array_equal(found.value, again.value, equal_nan=True)
    if np.isfinite(found.value[0]):
        assert found.low[0] <= found.value[0] <= found.high[0]


@given(rows=CASES, horizon=st.integers(0, 20))
def test_an_incidence_lies_within_its_ends(rows, horizon: int) -> None:  # noqa: ANN001
    found = cumulative_incidence(durations(rows), horizon=horizon, groups=1)
    if np.isfinite(found.value[0]):
        assert 0 <= found.low[0] <= found.value[0] <= found.high[0] <= 1


def test_a_task_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(DesignError, match="clocks"):
        percentile(durations([(-1.0, 1, 0)]), share=0.5, groups=1)


@pytest.mark.parametrize("share", [0.0, 1.0, 90.0])
def test_a_percentile_outside_zero_and_one_is_refused(share: float) -> None:
    with pytest.raises(DesignError, match="percentile"):
        percentile(durations([(1.0, 1, 0)]), share=share, groups=1)


@pytest.mark.parametrize(("group", "ended"), [(1, 1.0), (0, -1.0), (0, np.nan)])
def test_counts_that_make_no_sense_are_refused(group: int, ended: float) -> None:
    odd = Durations(
        group=np.array([group]),
        value=np.array([1.0]),
        ended=np.array([ended]),
        censored=np.array([0.0]),
    )
    with pytest.raises(DesignError):
        percentile(odd, share=0.5, groups=1)

"""The scoring of the Numenta benchmark, by hand: standard profile of Lavin and Ahmad (2015)."""

from __future__ import annotations

import numpy as np
import pytest
from benchmarks.nab import Line, false_alarms, joined, marked, nab_score


def line(windows: tuple[tuple[int, int], ...] = ((400, 499),), points: int = 1000) -> Line:
    at = np.datetime64("2026-01-01") + np.arange(points) * np.timedelta64(5, "m")
    return Line(
        name="made",
        at=at.astype("datetime64[us]"),
        values=np.zeros(points),
        windows=windows,
        scores={},
    )


def alarms(*at: int) -> np.ndarray:
    return np.array(at, np.int64)


def test_a_point_at_the_beginning_of_a_window_is_worth_one() -> None:
    assert nab_score(line(), alarms(400)) == (pytest.approx(1.0), 1)


def test_later_points_are_worth_less_and_only_the_first_counts() -> None:
    early, _ = nab_score(line(), alarms(420, 450, 499))
    late, _ = nab_score(line(), alarms(499))
    assert early == nab_score(line(), alarms(420))[0]
    assert 0 < late < 0.05 < early < 1


def test_a_missed_window_costs_one() -> None:
    assert nab_score(line(), alarms()) == (-1.0, 0)


def test_a_false_alarm_costs_more_the_further_it_lies_behind_a_window() -> None:
    near = nab_score(line(), alarms(400, 505))[0]
    far = nab_score(line(), alarms(400, 900))[0]
    before = nab_score(line(), alarms(300, 400))[0]
    assert 1 > near > far
    assert far == pytest.approx(1 - 0.11, abs=1e-3)
    assert before == pytest.approx(1 - 0.11)


def test_what_is_found_at_the_very_beginning_is_not_scored() -> None:
    assert line().probation == 150
    assert nab_score(line(), alarms(10, 400)) == nab_score(line(), alarms(400))
    assert false_alarms(line(), alarms(10, 400)) == (0, 0)


def test_a_perfect_detector_has_100_and_one_that_is_silent_none() -> None:
    lines = [line(), line(((300, 350), (700, 800)))]
    perfect = marked(lines, [alarms(400), alarms(300, 700)])
    silent = marked(lines, [alarms(), alarms()])
    assert (perfect.score, perfect.found, perfect.windows) == (pytest.approx(100), 3, 3)
    assert silent.score == 0


def test_false_alarms_within_a_day_are_one_episode() -> None:
    assert false_alarms(line(), alarms(160, 170, 450, 900)) == (3, 2)


def test_alarms_within_a_day_of_the_one_before_are_one_incident() -> None:
    assert joined(line(), alarms(160, 170, 300, 900)).tolist() == [160, 900]

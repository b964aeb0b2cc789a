"""A figure says the same numbers in both languages, with digits that its interval deserves."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shroff.domain.messages import Language
from shroff.report.figures import Figure, Form, Part
from shroff.stats.estimate import Estimate, Status

Make = Callable[..., Figure]


def made(value: float, low: float, high: float, form: Form = Form.SHARE) -> Figure:
    estimate = Estimate(
        value=value, low=low, high=high, level=0.95, status=Status.ESTIMATE, method="hajek", n=9
    )
    return Figure(estimate, form)


def test_digits_follow_the_width_of_the_interval() -> None:
    assert made(0.9312, 0.9123, 0.9541).text() == "93.1% (91.2–95.4%)"
    assert made(0.2, 0.05, 0.4).text() == "20% (5–40%)"
    assert made(0.0085, 0.0061, 0.0116).text() == "0.85% (0.61–1.16%)"
    assert made(0.9312, 0.9123, 0.9541).text(Language.ZH) == "93.1%（91.2–95.4%）"


def test_no_end_above_zero_is_rounded_to_zero() -> None:
    assert made(0.003, 0.0002, 0.0248).text() == "0.30% (0.02–2.48%)"


def test_none_found_is_not_zero() -> None:
    assert made(0.0, 0.0, 0.0073).text() == "0% (0–0.73%)"


def test_a_count_has_no_interval() -> None:
    assert made(0.5, 0.5, 0.5).text() == "50.0%"
    assert made(12345, 12345, 12345, Form.COUNT).text() == "12,345"


def test_a_difference_is_signed_and_names_its_unit() -> None:
    change = made(-0.0123, -0.0301, 0.0057, Form.POINTS)
    assert change.text() == "−1.2 points (−3.0 to +0.6)"
    assert change.text(Language.ZH) == "−1.2 个百分点（−3.0 至 +0.6）"
    assert change.value() == "−1.2"


def test_hours_and_minutes_name_their_unit() -> None:
    assert made(3.24, 3.1, 3.4, Form.HOURS).text() == "3.24 h (3.10–3.40)"
    assert made(2.0, 2.0, 2.0, Form.MINUTES).text(Language.ZH) == "2 分钟"


def test_a_part_of_a_figure_can_be_said_alone() -> None:
    figure = made(0.9312, 0.9123, 0.9541)
    assert Figure(figure.estimate, part=Part.VALUE).text() == "93.1%"
    assert Figure(figure.estimate, part=Part.INTERVAL).text() == "91.2–95.4%"


def test_bounds_have_no_value_to_say(figure: Make) -> None:
    bounds = figure(None, 0.41, 0.86, status=Status.BOUNDS)
    assert bounds.text() == "somewhere in 41–86%"
    assert bounds.value() == "–"


def test_little_is_not_said_as_nothing_nor_nearly_all_as_all() -> None:
    assert made(0.00001, 0.0, 0.12).value() == "<0.1%"
    assert made(0.99999, 0.88, 1.0).value() == ">99%"
    assert made(0.00001, 0.0000001, 0.12).interval() == "0–12.0%"


def test_a_wait_that_open_tasks_leave_open_is_at_least_its_lower_end() -> None:
    wait = Estimate(
        value=None, low=48.0, high=None, level=0.95, status=Status.BOUNDS, method="bounds", n=9
    )
    assert Figure(wait, Form.HOURS).text() == "≥ 48 h"
    assert Figure(wait, Form.HOURS).text(Language.ZH) == "≥ 48 小时"


@pytest.mark.parametrize("status", [Status.UNKNOWN, Status.SUPPRESSED])
def test_what_is_not_known_or_withheld_says_so(figure: Make, status: Status) -> None:
    figure_of_nothing = figure(None, None, None, status=status)
    assert not re.search(r"\d", figure_of_nothing.text())
    assert figure_of_nothing.interval() == ""


@given(st.tuples(*[st.floats(0, 1)] * 3).map(sorted), st.sampled_from([Form.SHARE, Form.POINTS]))
def test_both_languages_say_the_same_numbers(ends: list[float], form: Form) -> None:
    low, value, high = ends
    said = made(value, low, high, form)
    numbers = [re.findall(r"[+−]?\d+\.?\d*", said.text(language)) for language in Language]
    assert numbers[0] == numbers[1]
    assert numbers[0]

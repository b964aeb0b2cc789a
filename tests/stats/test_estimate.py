"""A figure out of a column of figures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shroff.stats.estimate import Estimates, Status


def column(value: float, low: float, high: float) -> Estimates:
    one = np.array([1.0])
    return Estimates(
        value=np.array([value]),
        low=np.array([low]),
        high=np.array([high]),
        n=one * 10,
        n_effective=one * 8,
        design_effect=one * 1.25,
        numerator=one * 2,
        denominator=one * 10,
        level=0.95,
        method="wilson",
    )


def test_a_figure_keeps_what_its_column_says() -> None:
    figure = column(0.2, 0.1, 0.3).at(0, status=Status.PROXY, design="queue")
    assert (figure.value, figure.low, figure.high, figure.n) == (0.2, 0.1, 0.3, 10)
    assert (figure.status, figure.design, figure.design_effect) == (Status.PROXY, "queue", 1.25)
    assert figure.width is not None
    assert round(figure.width, 9) == 0.2


def test_without_any_number_a_figure_is_unknown() -> None:
    figure = column(np.nan, np.nan, np.nan).at(0)
    assert figure.status is Status.UNKNOWN
    assert (figure.value, figure.low, figure.high, figure.width) == (None, None, None, None)


def test_with_ends_and_no_value_a_figure_is_bounds() -> None:
    figure = column(np.nan, 0.1, 0.9).at(0)
    assert figure.status is Status.BOUNDS
    assert (figure.value, figure.low, figure.high) == (None, 0.1, 0.9)


def test_an_end_without_bound_is_left_out() -> None:
    figure = column(np.nan, 3.0, np.inf).at(0)
    assert figure.status is Status.BOUNDS
    assert (figure.low, figure.high, figure.width) == (3.0, None, None)


def test_a_column_gives_its_figures_in_order() -> None:
    both = column(0.2, 0.1, 0.3)
    twice = replace(both, value=np.array([0.2, 0.4]))
    assert len(twice) == 2
    assert [figure.value for figure in both] == [0.2]

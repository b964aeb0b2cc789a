"""The coverage table says what is outside the limits, and what of it chance may have done."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from benchmarks.coverage_designs import METRICS
from benchmarks.coverage_report import table
from benchmarks.coverage_rows import Row, Thinness

ROW = Row(
    case="a design",
    metric="recall",
    part="everything",
    truth=0.5,
    coverage=0.95,
    below=0.02,
    above=0.03,
    width=0.2,
    thinnest=12.0,
    effective=6.0,
    repetitions=8000,
)


def test_a_row_is_held_to_the_upper_limit_by_its_effective_labels() -> None:
    wide = replace(ROW, coverage=0.98)
    assert not wide.passes
    assert replace(wide, effective=4.9).passes
    assert replace(wide, effective=np.inf).passes
    assert not replace(wide, effective=4.9, coverage=0.92).passes


def test_a_row_s_standard_error_is_that_of_a_share() -> None:
    assert ROW.error == pytest.approx((0.95 * 0.05 / 8000) ** 0.5)


def test_the_table_counts_what_is_outside_and_what_chance_does_not_explain() -> None:
    rows = [
        ROW,
        replace(ROW, coverage=0.972),
        replace(ROW, coverage=0.99),
        replace(ROW, coverage=0.99, effective=3.0),
        replace(ROW, coverage=0.928),
        replace(ROW, coverage=0.8),
    ]
    text = table(rows, doubted=rows[1:], repetitions=2000, seconds=1.0)
    assert "* Below 93%: 2, by more than chance 1; a design: 2, to 0.800." in text
    assert "Above 97% in spite of 5 effective labels: 2 of 5, by more than chance" in text
    assert "Above 97% in spite of 5 labels: 3 of 6, by more than chance" in text
    assert "| recall | everything | 0.5000 | 0.972 |" in text


def test_labels_of_unequal_weight_count_as_fewer() -> None:
    expected = np.ones((3, 1, 9))
    expected[0] = 10.0  # labels of each outcome
    expected[1] = 10.0  # weighted exposures
    expected[2] = 40.0  # squares: four times those of equal weights
    thin = Thinness(expected)
    assert thin.labels(METRICS["reject precision"], 0.5) == pytest.approx(5.0)
    assert thin.effective(METRICS["reject precision"], 0.5) == pytest.approx(1.25)


def test_nothing_left_to_chance_is_never_thin() -> None:
    thin = Thinness(np.zeros((3, 0, 9)))
    assert thin.labels(METRICS["recall (any)"], 1.0) == np.inf
    assert thin.effective(METRICS["recall (any)"], 1.0) == np.inf

"""Intervals hold on real scores and labels; the whole table is benchmarks/real_coverage.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.real_coverage import LEAST, MOST, PLANS, judged, lines

pytestmark = pytest.mark.realdata


@pytest.mark.parametrize("plan", PLANS, ids=lambda plan: plan.name)
def test_intervals_cover_the_figure_of_all_labels(data: Path, plan: object) -> None:
    found = list(lines(judged(data), plans=[plan], repetitions=3000))
    assert len(found) == 12
    assert [line for line in found if line.covered < LEAST] == []


def test_intervals_cover_too_often_only_where_positives_are_few(data: Path) -> None:
    # precision rests on 166 rejects alone, so that its coverage jumps from one batch size to the
    # next: one point is allowed for that
    found = list(lines(judged(data), repetitions=3000))
    assert [line for line in found if line.covered > MOST + 0.01 and not line.few] == []
    assert any(line.few for line in found)
    assert not all(line.few for line in found)


def test_the_estimates_are_not_biased_for_shares(data: Path) -> None:
    for line in lines(judged(data), plans=PLANS[:1], repetitions=3000):
        if line.metric != "recall":  # a ratio of two estimates leans a little when labels are few
            assert line.mean == pytest.approx(line.truth, rel=0.03)

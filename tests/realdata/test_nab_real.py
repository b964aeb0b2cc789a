"""The Numenta benchmark's series: five detectors score as published, and ours beside them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from benchmarks.nab import Line, Mark, both, ours, read

pytestmark = pytest.mark.realdata

PUBLISHED = {"numenta": 70.1, "randomCutForest": 51.7, "windowedGaussian": 39.6}
"""Scores of the standard profile over all 58 series, of which 39 are here."""

BEST = {"numenta": 0.517, "randomCutForest": 0.41, "windowedGaussian": 1.0}


@pytest.fixture(scope="module")
def lines(data: Path) -> list[Line]:
    return read(data / "nab_timeseries")


def mark_of(lines: list[Line], detector: str) -> tuple[Mark, Mark]:
    cut = BEST[detector]
    return both(lines, [np.flatnonzero(line.scores[detector] >= cut) for line in lines])


@pytest.mark.parametrize("detector", sorted(PUBLISHED))
def test_the_scores_of_others_are_near_those_published(lines: list[Line], detector: str) -> None:
    assert mark_of(lines, detector)[0].score == pytest.approx(PUBLISHED[detector], abs=2.0)


def test_ours_finds_a_third_of_the_windows_with_few_false_incidents(lines: list[Line]) -> None:
    _, joined = both(lines, ours(lines, 0.01))
    assert joined.score > 20
    assert joined.found >= joined.windows // 3
    assert joined.false_points < 100

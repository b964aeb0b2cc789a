"""Shares by range of the score, and the ranges."""

from __future__ import annotations

import numpy as np
import pytest

from shroff.domain.labels import DesignKind
from shroff.stats.sampling import Strata, kind_codes
from shroff.stats.score_cells import cells_of_scores
from shroff.stats.score_shares import bins_of, shares_of_parts


def test_bins_have_as_many_labels_and_keep_a_score_whole() -> None:
    said = np.array([0.1] * 30 + [0.2] * 5 + [0.3] * 65)
    found = bins_of(said, np.ones(100), bins=10)
    for score in (0.1, 0.2, 0.3):
        assert len(set(found[said == score])) == 1
    assert found.max() + 1 <= 5


def test_few_labels_have_few_bins() -> None:
    assert bins_of(np.linspace(0, 1, 45), np.ones(45), bins=10).max() == 1
    assert bins_of(np.array([0.4]), np.ones(1), bins=10).tolist() == [0]


@pytest.mark.parametrize("clustered", [False, True])
def test_shares_are_weighted(clustered: bool) -> None:
    cells = cells_of_scores(
        np.array([0.1, 0.2, 0.8, 0.9]),
        np.array([False, True, True, True]),
        weights=np.array([3.0, 1.0, 2.0, 5.0]),
        stratum=np.zeros(4, dtype=np.intp),
        cluster=np.arange(4) if clustered else None,
    )
    strata = Strata(
        kind=kind_codes([DesignKind.PPS]), population=np.array([np.nan]), labels=np.array([4.0])
    )
    found = shares_of_parts(cells, strata, part=np.array([0, 0, 1, 1]), parts=2, level=0.9)
    assert found.value.tolist() == [0.25, 1.0]
    assert found.low[1] < 1

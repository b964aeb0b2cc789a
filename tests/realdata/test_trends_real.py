"""The largest changes of two public histories are those that plain SQL shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.watch_history import HISTORIES, by_sql, largest, opened

pytestmark = pytest.mark.realdata


@pytest.mark.parametrize("file", HISTORIES)
def test_what_stands_out_is_what_sql_counts(file: str, data: Path, tmp_path: Path) -> None:
    workspace = opened(file, data=data, folder=tmp_path)
    found = largest(workspace)
    assert len(found) >= 2
    for each in found:
        inside, outside = by_sql(workspace, each)
        assert (inside > outside) == (each.ratio > 1)
        low, high = sorted((inside / outside, each.ratio))
        assert high - low <= 0.35 * high + 0.05


def test_the_months_with_most_ads_are_among_them(data: Path, tmp_path: Path) -> None:
    file = next(iter(HISTORIES))
    workspace = opened(file, data=data, folder=tmp_path)
    months = workspace.sql(
        "SELECT DATE_TRUNC('month', decided_at) AS month, COUNT(*) AS n FROM decisions"
        " GROUP BY 1 ORDER BY n DESC LIMIT 2"
    ).to_pylist()
    rose = [each for each in largest(workspace) if each.ratio > 1]
    for month in months:
        first = month["month"].date()
        assert any(
            (each.first.year, each.first.month) <= (first.year, first.month)
            and (each.last.year, each.last.month) >= (first.year, first.month)
            for each in rose
        )

"""Published root-cause cases: better than the reference's own predictions, which are in the data."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.root_cause_cases import shared_cases

from shroff.watch.cause_search import Cells, find_shifts

pytestmark = pytest.mark.realdata


@pytest.mark.parametrize("name", ["S", "L", "B0"])
def test_more_causes_are_named_rightly_than_the_reference_names(data: Path, name: str) -> None:
    ours, theirs = [0, 0, 0], [0, 0, 0]
    for case in shared_cases(data, name):
        cells = Cells(codes=case.codes, actual=case.actual, expected=case.expected)
        found = {shift.terms for shift in find_shifts(cells).shifts}
        counts = len(found & case.truth), len(found - case.truth), len(case.truth - found)
        assert case.reference is not None
        ours = [a + b for a, b in zip(ours, counts, strict=True)]
        theirs = [a + int(b) for a, b in zip(theirs, case.reference[:3], strict=True)]
    assert _f1(ours) > _f1(theirs)


def _f1(counts: list[int]) -> float:
    hits, false, missed = counts
    return 2 * hits / (2 * hits + false + missed)

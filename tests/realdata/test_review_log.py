"""A log of human reviews with two formats of time in one column, and nobody's name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shroff.measure.scorecard import Scorecard
from shroff.workspace import Workspace

if TYPE_CHECKING:
    from conftest import Ingest, Place

pytestmark = pytest.mark.realdata

FILE = Path("mhc_review_log") / "judgments.parquet"
ROWS = 76_674
SHARES = {"turnaround_p50": 0.5, "turnaround_p90": 0.9, "turnaround_p95": 0.95}


@pytest.fixture(scope="module")
def log(data: Path) -> pa.Table:
    columns = ["judgment_id", "language", "started_at", "created_at", "started_at_raw"]
    return pq.read_table(data / FILE, columns=columns).sort_by("judgment_id")


@pytest.fixture(scope="module")
def workspace(data: Path, place: Place, ingest: Ingest) -> Workspace:
    made = place("review_log")
    for table in ("decisions", "reviews"):
        assert ingest(made, table, data / FILE).inserted == ROWS
    return made


@pytest.fixture(scope="module")
def card(workspace: Workspace) -> Scorecard:
    return workspace.measure(by=["queue"], period="all", metrics=[*SHARES, "backlog_share"])


def test_both_formats_of_time_are_read_in_every_row(workspace: Workspace, log: pa.Table) -> None:
    lengths = {len(text.split(":")) for text in log.column("started_at_raw").to_pylist()}
    assert lengths == {2, 3}  # with and without seconds
    rows = workspace.sql("SELECT started_at, decided_at FROM reviews ORDER BY review_id")
    for ours, theirs in (("started_at", "started_at"), ("decided_at", "created_at")):
        naive = rows.column(ours).cast(pa.timestamp("us", "UTC")).cast(pa.timestamp("us"))
        assert naive.equals(log.column(theirs))


def test_every_review_is_in_one_queue_and_none_is_lost(card: Scorecard, log: pa.Table) -> None:
    queues = log.column("language").to_pylist()
    held = dict(zip(*np.unique(queues, return_counts=True), strict=True))
    for metric in card.brief.wanted:
        block = card.block(metric, "queue")
        assert {dict(f.slice.terms)["queue"]: f.estimate.n for f in block} == held
        assert card.figure(metric).estimate.n == ROWS
    assert card.figure("backlog_share").estimate.value == 0


def test_turnaround_of_each_queue_is_that_of_its_rows(card: Scorecard, log: pa.Table) -> None:
    queue = np.array(log.column("language").to_pylist())
    # the scorecard tells time by the minute, as the coarser of the two formats does
    opened, closed = (
        np.array(log.column(name).to_pylist(), dtype="datetime64[m]")
        for name in ("started_at", "created_at")
    )
    hours = (closed - opened).astype(float) / 60
    for metric, share in SHARES.items():
        for figure in card.block(metric, "queue"):
            mine = hours[queue == dict(figure.slice.terms)["queue"]]
            expected = np.quantile(mine, share, method="inverted_cdf")
            assert figure.estimate.value == pytest.approx(expected)
            assert figure.estimate.low <= expected <= figure.estimate.high


def test_no_reviewer_is_made_up(workspace: Workspace) -> None:
    (row,) = workspace.sql(
        "SELECT COUNT(*) AS n, COUNT(reviewer_id) AS named FROM reviews"
    ).to_pylist()
    assert row == {"n": ROWS, "named": 0}


def test_reviewers_who_agree_within_a_minute_are_no_copies(workspace: Workspace) -> None:
    codes = {finding.code for finding in workspace.check().findings}
    assert "duplicate_reviews" not in codes

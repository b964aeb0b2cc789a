"""122,000 labels by many reviewers, some of whom label a page again and answer otherwise."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shroff.errors import ConfigError
from shroff.measure.truth import TRUTH_SQL
from shroff.workspace import Workspace

if TYPE_CHECKING:
    from conftest import Ingest, Place

pytestmark = pytest.mark.realdata

FOLDER = Path("crowd_review_labels")
VERDICTS = {
    "G": "compliant", "P": "compliant", "R": "violating", "X": "violating", "B": "unclear",
    "NO": "compliant", "no": "compliant", "YES": "violating", "yes": "violating",
    "broken": "unclear",
}  # fmt: skip


@pytest.fixture(scope="module")
def labels(data: Path) -> pa.Table:
    columns = ["annotator_id", "item_id", "label", "gold_label"]
    kept = pa.schema([(name, pa.string()) for name in columns])
    files = sorted((data / FOLDER).glob("*.parquet"))
    return pa.concat_tables([pq.read_table(file, columns=columns).cast(kept) for file in files])


@pytest.fixture(scope="module")
def said(labels: pa.Table) -> Counter[tuple[str, str, str]]:
    """Count who said what of which page."""
    columns = (labels.column(name).to_pylist() for name in ("annotator_id", "item_id", "label"))
    return Counter(zip(*columns, strict=True))


@pytest.fixture(scope="module")
def gold(labels: pa.Table) -> dict[str, str]:
    known = labels.filter(pa.compute.is_valid(labels.column("gold_label")))
    return dict(
        zip(*(known.column(n).to_pylist() for n in ("item_id", "gold_label")), strict=True)
    )


@pytest.fixture(scope="module")
def workspace(
    data: Path,
    place: Place,
    ingest: Ingest,
    gold: dict[str, str],
    said: Counter[tuple[str, str, str]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Workspace:
    made = place("crowd_labels")
    files = sorted((data / FOLDER).glob("*.parquet"))
    pages = ingest(made, "decisions", *files)
    assert pages.inserted == len({item for _, item, _ in said})
    reports = [ingest(made, "reviews", file) for file in files]
    assert sum(report.read for report in reports) == said.total() == 121_898
    assert sum(report.inserted for report in reports) == len(said)
    assert sum(report.quarantined + report.corrected for report in reports) == 0
    truth = tmp_path_factory.mktemp("gold") / "gold.parquet"
    columns = {"annotator_id": ["gold"] * len(gold), "item_id": [*gold], "label": [*gold.values()]}
    pq.write_table(pa.table(columns), truth)
    assert ingest(made, "reviews", truth).inserted == len(gold)
    return made


def test_answers_of_one_reviewer_that_differ_are_all_kept(
    workspace: Workspace, said: Counter[tuple[str, str, str]]
) -> None:
    pairs = Counter((who, item) for who, item, _ in said)
    rows = workspace.sql(
        "SELECT answers, COUNT(*) AS pairs FROM (SELECT COUNT(*) AS answers FROM reviews"
        " WHERE role = 'L1' GROUP BY reviewer_id, ad_id) GROUP BY answers"
    )
    assert {row["answers"]: row["pairs"] for row in rows.to_pylist()} == Counter(pairs.values())
    assert max(pairs.values()) > 1


def test_reviewers_are_pseudonyms_and_named_nowhere(
    workspace: Workspace, said: Counter[tuple[str, str, str]]
) -> None:
    query = "SELECT COUNT(DISTINCT reviewer_id) AS people FROM reviews WHERE role = 'L1'"
    assert workspace.sql(query).to_pylist() == [{"people": len({who for who, _, _ in said})}]
    for table in ("reviews", "decisions"):
        rows = workspace.sql(f"SELECT * FROM {table}")
        texts = [f.name for f in rows.schema if pa.types.is_string(f.type)]
        for name in texts:
            named = pa.compute.match_substring_regex(rows.column(name), "w_[0-9a-f]{12}")
            assert not pa.compute.any(named).as_py(), f"{table}.{name}"


def test_nobody_can_be_measured_one_by_one(workspace: Workspace) -> None:
    with pytest.raises(ConfigError, match="reviewer_id"):
        workspace.measure(by=["reviewer_id"], period="all", metrics=["turnaround_p50"])


def test_known_truth_goes_before_what_reviewers_say(
    workspace: Workspace, gold: dict[str, str]
) -> None:
    rows = workspace.sql(f"SELECT ad_id, violating FROM ({TRUTH_SQL}) AS truth WHERE tier = 1")
    verdicts = {item: VERDICTS[label] for item, label in gold.items()}
    assert {row["ad_id"]: row["violating"] for row in rows.to_pylist()} == {
        item: verdict == "violating" for item, verdict in verdicts.items() if verdict != "unclear"
    }


def test_every_page_that_got_a_clear_answer_counts_in_the_queue(
    workspace: Workspace, said: Counter[tuple[str, str, str]]
) -> None:
    answered = {item for _, item, label in said if VERDICTS[label] != "unclear"}
    card = workspace.measure(by=[], period="all", metrics=["queue_in_precision", "queue_in_rate"])
    assert card.figure("queue_in_precision").estimate.n == len(answered)
    assert card.figure("queue_in_rate").estimate.value == 1

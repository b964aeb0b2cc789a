"""Texts with eight policy labels, each yes, no or not asked: not asked is not no."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from shroff.domain.metrics import Needs
from shroff.measure.scorecard import Scorecard
from shroff.stats.estimate import Status
from shroff.workspace import Workspace

if TYPE_CHECKING:
    from conftest import Ingest, Place

pytestmark = pytest.mark.realdata

FILE = Path("openai_moderation") / "samples.parquet"
POLICIES = ("S", "H", "V", "HR", "SH", "S3", "H2", "V2")


@pytest.fixture(scope="module")
def answers(data: Path) -> dict[str, int | None]:
    table = pq.read_table(data / FILE, columns=["id", "any_violation"])
    return dict(zip(*(column.to_pylist() for column in table.columns), strict=True))


@pytest.fixture(scope="module")
def workspace(data: Path, place: Place, ingest: Ingest) -> Workspace:
    made = place("labelled_prompts")
    for table in ("ads", "decisions", "reviews"):
        assert ingest(made, table, data / FILE).inserted == 1195
    return made


@pytest.fixture(scope="module")
def card(workspace: Workspace) -> Scorecard:
    return workspace.measure(by=[], period="all")


def test_what_was_not_decided_is_open_and_never_compliant(
    workspace: Workspace, answers: dict[str, int | None]
) -> None:
    rows = workspace.sql("SELECT ad_id, verdict, decided_at IS NULL AS open FROM reviews")
    meaning = {1: ("violating", False), 0: ("compliant", False), None: (None, True)}
    found = {row["ad_id"]: (row["verdict"], row["open"]) for row in rows.to_pylist()}
    assert found == {ad: meaning[answer] for ad, answer in answers.items()}


def test_figures_rest_on_the_answers_alone(
    card: Scorecard, answers: dict[str, int | None]
) -> None:
    count = Counter(answers.values())
    known = count[0] + count[1]
    leakage = card.figure("leakage").estimate
    assert leakage.n == known < len(answers)
    assert leakage.value == pytest.approx(count[1] / known)
    backlog = card.figure("backlog_share").estimate
    assert backlog.value == pytest.approx(count[None] / len(answers))


def test_labels_without_a_probability_give_no_estimate(card: Scorecard) -> None:
    resting = [f for f in card if card.brief.metrics[f.metric].needs is Needs.TRUTH]
    assert {f.estimate.status for f in resting} == {Status.PROXY, Status.UNKNOWN}


def test_policies_are_those_that_were_said_to_be_violated(
    data: Path, workspace: Workspace
) -> None:
    table = pq.read_table(data / FILE, columns=["id", *(f"label_{name}" for name in POLICIES)])
    said = {
        row["id"]: [name for name in POLICIES if row[f"label_{name}"] == 1]
        for row in table.to_pylist()
    }
    rows = workspace.sql("SELECT ad_id, policies FROM reviews").to_pylist()
    assert {row["ad_id"]: row["policies"] or [] for row in rows} == said

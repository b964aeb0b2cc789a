"""Posts caught by a word list, with votes: good for proxies, since nobody drew them at random."""

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

FILE = Path("davidson_tweets") / "tweets.parquet"
VOTES = ("n_hate", "n_offensive", "n_neither")


@pytest.fixture(scope="module")
def verdicts(data: Path) -> Counter[str]:
    """Resolve the votes of each post."""
    found: Counter[str] = Counter()
    for row in pq.read_table(data / FILE, columns=list(VOTES)).to_pylist():
        lead = row["n_hate"] + row["n_offensive"] - row["n_neither"]
        found["violating" if lead > 0 else "compliant" if lead < 0 else "unclear"] += 1
    return found


@pytest.fixture(scope="module")
def workspace(data: Path, place: Place, ingest: Ingest) -> Workspace:
    made = place("lexicon_posts")
    for table in ("ads", "decisions", "reviews"):
        assert ingest(made, table, data / FILE).inserted == 17486
    return made


@pytest.fixture(scope="module")
def card(workspace: Workspace) -> Scorecard:
    return workspace.measure(by=[], period="all")


def test_votes_become_one_verdict_and_stay_beside_it(
    data: Path, workspace: Workspace, verdicts: Counter[str]
) -> None:
    rows = workspace.sql("SELECT verdict, COUNT(*) AS n FROM reviews GROUP BY verdict")
    assert {row["verdict"]: row["n"] for row in rows.to_pylist()} == verdicts
    sums = ", ".join(f"SUM({name}) AS {name}" for name in VOTES)
    (kept,) = workspace.sql(f"SELECT {sums} FROM reviews").to_pylist()
    table = pq.read_table(data / FILE, columns=list(VOTES))
    assert kept == {name: sum(table.column(name).to_pylist()) for name in VOTES}


def test_a_word_lists_catch_gives_proxies_and_no_estimate(card: Scorecard) -> None:
    resting = [f for f in card if card.brief.metrics[f.metric].needs is Needs.TRUTH]
    assert {f.estimate.status for f in resting} == {Status.PROXY, Status.UNKNOWN}
    assert all(f.estimate.caveats for f in resting if f.estimate.status is Status.PROXY)


def test_an_unclear_verdict_counts_for_neither_side(
    card: Scorecard, verdicts: Counter[str]
) -> None:
    estimate = card.figure("reject_precision").estimate
    assert estimate.n == verdicts["violating"] + verdicts["compliant"]
    assert estimate.value == pytest.approx(verdicts["violating"] / estimate.n)


def test_the_check_says_that_no_label_was_drawn(workspace: Workspace) -> None:
    codes = {finding.code for finding in workspace.check().findings}
    assert "no_probability_labels" in codes

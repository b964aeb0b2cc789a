"""Real labels of many people: weighing them against counting heads, and plain agreement."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from shroff.measure.briefing import brief_of
from shroff.measure.label_quality import label_quality
from shroff.stats.agreement import Coefficient, Tallies, agreement
from shroff.stats.agreement_intervals import Items
from shroff.stats.agreement_paired import credit, paired_difference
from shroff.stats.dawid_skene import Votes, dawid_skene, majority
from shroff.stats.dawid_skene_doubt import told
from shroff.workspace import Workspace

if TYPE_CHECKING:
    from conftest import Ingest

pytestmark = pytest.mark.realdata

PAGES = Path("crowd_review_labels") / "adult_content2.parquet"
DIALOGUES = Path("dices_safety_ratings")
SETTINGS = Path(__file__).parent / "workspaces"


def coded(column: pa.ChunkedArray) -> tuple[np.ndarray, list[str]]:
    """Code texts by their order."""
    names = sorted(set(column.to_pylist()) - {None})
    places = pc.index_in(column, value_set=pa.array(names, pa.string()))
    return pc.fill_null(places, -1).to_numpy().astype(np.intp), names


@pytest.fixture(scope="module")
def pages(data: Path) -> tuple[Votes, np.ndarray]:
    """Answers of 822 people on 7,754 pages, and the true class of those that have one."""
    table = pq.read_table(data / PAGES)
    item, items = coded(table.column("item_id"))
    rater, raters = coded(table.column("annotator_id"))
    label, labels = coded(table.column("label"))
    assert labels == ["G", "P", "R", "X"]
    truth = np.full(len(items), -1)
    gold = pc.index_in(table.column("gold_label"), value_set=pa.array(labels))
    known = gold.is_valid().to_numpy()
    truth[item[known]] = pc.fill_null(gold, -1).to_numpy()[known]
    votes = Votes(
        item=item,
        rater=rater,
        label=label,
        items=len(items),
        raters=len(raters),
        classes=len(labels),
    )
    return votes, truth


def test_weighing_reviewers_is_no_better_than_counting_heads_here(
    pages: tuple[Votes, np.ndarray],
) -> None:
    votes, truth = pages
    settled = np.flatnonzero(truth >= 0)
    assert len(settled) == 239
    fit = dawid_skene(votes)
    assert fit.settled
    assert told(votes, fit)
    heads = credit(majority(votes)[settled], truth[settled])
    weighed = credit(fit.posterior[settled], truth[settled])
    found = paired_difference(heads, weighed)
    assert weighed.mean() == pytest.approx(0.7615, abs=5e-4)
    assert found.value == pytest.approx(weighed.mean() - heads.mean())
    assert found.low is not None
    assert found.high is not None
    assert -0.1 < found.low < 0 < found.high < 0.1


def test_the_fit_is_that_of_crowd_kit(pages: tuple[Votes, np.ndarray]) -> None:
    votes, _ = pages
    fit = dawid_skene(votes, rounds=50, tolerance=-1)
    # crowd-kit 1.4.2, DawidSkene(n_iter=50, tol=-1e9), whose 7,754 x 4 chances differ by 1e-10
    prior = [0.6696489, 0.1634127, 0.0620228, 0.1049156]
    assert fit.prior[0] == pytest.approx(prior, abs=1e-6)


def rated(data: Path, name: str) -> Tallies:
    """Count the answers on each dialogue; who gave them is not told."""
    column = pq.read_table(data / DIALOGUES / f"{name}.parquet").column("rater_labels")
    answers: Sequence[Sequence[str]] = column.to_pylist()
    votes = np.array([[row.count(said) for said in ("No", "Unsure", "Yes")] for row in answers])
    one = np.ones(len(votes))
    items = Items(group=np.zeros(len(votes), dtype=np.intp), n=one, w=one, w2=one)
    return Tallies(items=items, votes=votes.astype(np.float64))


@pytest.mark.parametrize(
    ("name", "items", "alpha"),
    [("dices_990", 702, 0.14047043551), ("dices_350_crowd", 235, 0.15599782032)],
)
def test_people_agree_little_on_what_is_safe(
    data: Path, name: str, items: int, alpha: float
) -> None:
    tallies = rated(data, name)
    found = agreement(tallies, kind=Coefficient.ALPHA, groups=1)
    assert found.n[0] == items
    assert found.value[0] == pytest.approx(alpha, abs=1e-9)  # crowd-kit 1.4.2
    # dozens of answers an item: the dialogues, not the answers, are what there is few of
    assert 0.02 < found.high[0] - found.low[0] < 0.15
    for kind in (Coefficient.KAPPA, Coefficient.AC1):
        other = agreement(tallies, kind=kind, groups=1)
        assert other.low[0] < other.value[0] < other.high[0]


@pytest.fixture(scope="module")
def workspace(data: Path, ingest: Ingest, tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The pages as a workspace; experts settled those of known truth the day before."""
    folder = tmp_path_factory.mktemp("pages")
    text = (SETTINGS / "crowd_labels.toml").read_text(encoding="utf-8")
    same, fixed = "[mapping.reviews.expressions]", ', decided_at = "2026-03-02T10:00:00Z" }'
    assert text.count(same) == 1
    assert text.count(fixed) == 1
    days = "case when annotator_id = 'gold' then '2026-03-01' else '2026-03-02' end"
    text = text.replace(fixed, " }").replace(
        same, f"{same}\ndecided_at = \"cast({days} || ' 10:00:00+00:00' as timestamptz)\""
    )
    made = Workspace.create(folder / "workspace", name="pages", mapping=text)
    ingest(made, "decisions", data / PAGES)
    ingest(made, "reviews", data / PAGES)
    table = pq.read_table(data / PAGES, columns=["item_id", "gold_label"])
    known = (
        table.filter(pc.is_valid(table.column("gold_label")))
        .group_by("item_id")
        .aggregate([("gold_label", "min")])
    )
    gold = folder / "gold.parquet"
    columns = {
        "annotator_id": pa.array(["gold"] * len(known)),
        "item_id": known.column("item_id"),
        "label": known.column("gold_label_min"),
    }
    pq.write_table(pa.table(columns), gold)
    assert ingest(made, "reviews", gold).inserted == 239
    return made


def test_the_command_tells_the_paired_difference_too(workspace: Workspace) -> None:
    with workspace.engine() as engine:
        found = label_quality(engine, brief_of(workspace.settings, engine, by=(), period="all"))
    gain = found.figure("dawid_skene_gain")
    assert gain is not None
    assert gain.estimate.n == 224  # the other 15 have fewer than three answers that differ
    assert gain.estimate.low is not None
    assert gain.estimate.high is not None
    heads, weighed = found.figure("majority_right"), found.figure("dawid_skene_right")
    assert heads is not None
    assert weighed is not None
    difference = (weighed.estimate.value or 0) - (heads.estimate.value or 0)
    assert gain.estimate.value == pytest.approx(difference)
    assert gain.estimate.low <= difference <= gain.estimate.high
    assert (found.figure("gold_specificity").estimate.value or 0) > 0.5  # type: ignore[union-attr]

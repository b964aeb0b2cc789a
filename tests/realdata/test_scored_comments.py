"""A model score and a human label for each comment, one in seventy of them toxic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from benchmarks.real_coverage import FILE, KNOWN, METRICS, Judged, judged

from shroff.domain.labels import DesignKind
from shroff.measure.scorecard import Scorecard
from shroff.stats.estimate import Status
from shroff.stats.sampling import Cells, Strata, kind_codes, ratios_many
from shroff.workspace import Workspace

if TYPE_CHECKING:
    from conftest import Ingest, Place

pytestmark = pytest.mark.realdata

NAMES = {
    "precision": "reject_precision",
    "recall": "recall_reject",
    "prevalence": "violating_ad_share",
}
MEASURED = [*NAMES.values(), "leakage", "reject_rate", "right_policy_precision"]
EDGES, TAKEN = (0.1, 0.3, 0.5), (280, 210, 140, 70)


@pytest.fixture(scope="module")
def items(data: Path) -> Judged:
    return judged(data)


@pytest.fixture(scope="module")
def labelled(data: Path, place: Place, ingest: Ingest) -> Workspace:
    """Hold every label there is."""
    workspace = place("scored_comments", "all_labelled")
    for table in ("ads", "decisions", "scores", "reviews"):
        report = ingest(workspace, table, data / FILE)
        assert report.inserted == report.read == 6912
    return workspace


@pytest.fixture(scope="module")
def card(labelled: Workspace) -> Scorecard:
    return labelled.measure(by=[], period="all", metrics=MEASURED)


def test_the_same_file_again_adds_nothing(data: Path, labelled: Workspace, ingest: Ingest) -> None:
    report = ingest(labelled, "decisions", data / FILE)
    assert (report.unchanged, report.inserted, report.corrected) == (6912, 0, 0)


def test_with_every_label_known_the_figures_are_the_facts(card: Scorecard, items: Judged) -> None:
    for metric, name in NAMES.items():
        estimate = card.figure(name).estimate
        assert estimate.value == pytest.approx(items.truth(metric), abs=1e-12)
        assert estimate.low == estimate.high == estimate.value
    leaked = items.violating[items.score < 0.5].mean()
    assert card.figure("leakage").estimate.value == pytest.approx(leaked)


def test_rates_that_need_no_label_are_counted(card: Scorecard, items: Judged) -> None:
    estimate = card.figure("reject_rate").estimate
    assert estimate.status is Status.COUNT
    assert estimate.value == pytest.approx(np.mean(items.score >= 0.5))


def test_labels_that_name_no_policy_do_not_say_that_the_reason_was_wrong(card: Scorecard) -> None:
    assert card.figure("right_policy_precision").estimate.status is Status.UNKNOWN


@pytest.fixture(scope="module")
def sample(data: Path) -> pa.Table:
    """Draw labels from score bands, as an audit does."""
    rng = np.random.default_rng(7)
    table = pq.read_table(data / FILE, columns=["id", "label_toxic", "perspective_score"])
    band = np.digitize(table.column("perspective_score").to_numpy(), EDGES)
    held = np.bincount(band)
    drawn = np.concatenate(
        [
            rng.choice(np.flatnonzero(band == number), take, replace=False)
            for number, take in enumerate(TAKEN)
        ]
    )
    chance = (np.array(TAKEN) / held)[band[drawn]]
    named = np.array(["a", "b", "c", "d"])[band[drawn]]
    return (
        table.take(pa.array(drawn))
        .append_column("band", pa.array(named))
        .append_column("chance", pa.array(chance))
    )


def _directly(sample: pa.Table) -> dict[str, tuple[float, float, float]]:
    """Estimate without any workspace."""
    band = np.searchsorted(["a", "b", "c", "d"], sample.column("band").to_pylist())
    reject = sample.column("perspective_score").to_numpy() >= 0.5
    outcome = 2 * reject + sample.column("label_toxic").to_numpy()
    weight = 1 / sample.column("chance").to_numpy()
    size = len(sample)
    cells = Cells(
        group=np.zeros(size, np.intp),
        stratum=band,
        cell=outcome,
        n=np.ones(size),
        w=weight,
        w2=weight**2,
        known=KNOWN,
    )
    strata = Strata(
        kind=kind_codes([DesignKind.STRATIFIED] * len(TAKEN)),
        population=np.full(len(TAKEN), np.nan),
        labels=np.array(TAKEN, dtype=float),
    )
    found = ratios_many(cells, strata, metrics=list(METRICS.values()), groups=1)
    return {
        metric: (float(each.value[0]), float(each.low[0]), float(each.high[0]))
        for metric, each in zip(METRICS, found, strict=True)
    }


def test_a_sample_gives_through_the_workspace_what_the_estimator_gives(
    data: Path, place: Place, ingest: Ingest, sample: pa.Table, items: Judged, tmp_path: Path
) -> None:
    workspace = place("scored_comments", "some_labelled")
    ingest(workspace, "decisions", data / FILE)
    pq.write_table(sample, tmp_path / "labels.parquet")
    ingest(workspace, "reviews", tmp_path / "labels.parquet")
    card = workspace.measure(by=[], period="all", metrics=MEASURED)
    for metric, ends in _directly(sample).items():
        estimate = card.figure(NAMES[metric]).estimate
        assert estimate.status is Status.ESTIMATE
        assert (estimate.value, estimate.low, estimate.high) == pytest.approx(ends, abs=1e-12)
        assert estimate.low <= items.truth(metric) <= estimate.high
        assert estimate.low < estimate.high
    assert card.frame.labels == sum(TAKEN)

"""Calibration from logs: weeks, drift, recalibration kept as a detector, and refusals."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from shroff.domain.labels import DesignKind
from shroff.errors import DesignError
from shroff.measure.brief import Brief
from shroff.measure.calibrated import calibrations
from shroff.measure.calibration_drift import drift_of
from shroff.measure.recalibrating import chances, recalibrate
from shroff.measure.score_queries import Chosen
from shroff.stats.estimate import Status
from shroff.stats.sampling import Strata, kind_codes
from shroff.stats.score_cells import cells_of_scores
from shroff.store.detector_files import DetectorFiles
from shroff.store.duckdb import DuckDBEngine

if TYPE_CHECKING:
    from conftest import Story

Ask = Callable[..., Brief]
RISK = Chosen(model="risk", version="v1")


@pytest.fixture(scope="module")
def engine(tell: Callable[[], Story]) -> DuckDBEngine:
    """400 approved ads of two weeks, audited one in two; a score of 0.8 is right four times in ten.

    In the first week 0.1 is right one time in twenty, in the second never.
    """
    story = tell()
    for number in range(400):
        name, week = f"a{number:03d}", number % 2
        high = number % 4 < 2
        bad = number % 10 < 4 if high else (number % 20 == 2 and not week)
        story.ad(name)
        story.decided(name, "approve", decided_at=f"2026-05-{4 + 7 * week:02d} 10:00:00")
        story.put("scores", ad_id=name, model="risk", version="v1", score=0.8 if high else 0.1)
        story.put("scores", ad_id=name, model="odd", version="v1", score=-4.0)
        story.put("scores", ad_id=name, model="flat", version="v1", score=0.5)
        if number < 20:
            story.put("scores", ad_id=name, model="few", version="v1", score=number / 20)
        story.reviewed(
            name, "violating" if bad else "compliant", sampling_prob=0.5, design_id="audit"
        )
    return story.opened()


def test_shares_stand_beside_scores_bin_by_bin_and_week_by_week(
    engine: DuckDBEngine, ask_may: Ask
) -> None:
    (each,) = calibrations(engine, ask_may(), chosen=RISK)
    assert each.found is not None
    bins = each.found.reliability
    assert bins.mean_score.tolist() == pytest.approx([0.1005, 0.8005])
    assert bins.share.value[1] == pytest.approx(0.4)
    assert each.found.p_calibrated < 0.01
    assert [str(week.start) for week in each.weeks] == ["2026-05-04", "2026-05-11"]
    assert sum(week.gap.n for week in each.weeks) == each.labels == 400
    assert each.found.gap.status is Status.ESTIMATE
    record = json.dumps(each.record(), allow_nan=False)
    assert "bins" in record


def test_the_table_has_a_row_a_bin(engine: DuckDBEngine, ask_may: Ask) -> None:
    table = calibrations(engine, ask_may(), chosen=RISK).to_arrow()
    assert table.num_rows == 2
    assert table.column("share")[1].as_py() == pytest.approx(0.4)


def test_scores_outside_0_to_1_are_named_and_have_no_figure(
    engine: DuckDBEngine, ask_may: Ask
) -> None:
    (each,) = calibrations(engine, ask_may(), chosen=Chosen(model="odd"))
    assert each.found is None
    assert [note.id for note in each.notes] == ["calibration.outside"]
    json.dumps(each.record(), allow_nan=False)


def test_scores_that_nobody_labelled_are_refused(engine: DuckDBEngine, ask_may: Ask) -> None:
    with pytest.raises(DesignError, match="is labelled") as fault:
        calibrations(engine, ask_may(), chosen=Chosen(model="nobody"))
    assert fault.value.hint


def test_weeks_that_differ_are_seen_and_steady_ones_are_not() -> None:
    rng = np.random.default_rng(0)
    scores = np.full(600, 0.5)
    weeks = np.repeat(np.array(["2026-05-04", "2026-05-11", "2026-05-18"], dtype=object), 200)
    strata = Strata(
        kind=kind_codes([DesignKind.POISSON]),
        population=np.array([np.nan]),
        labels=np.array([600.0]),
    )

    def p(shares: list[float]) -> float:
        cells = cells_of_scores(
            scores,
            rng.random(600) < np.repeat(shares, 200),
            weights=np.full(600, 10.0),
            stratum=np.zeros(600, dtype=np.intp),
        )
        found, chance = drift_of(cells, strata, weeks, level=0.95)
        assert len(found) == 3
        assert chance is not None
        return chance

    assert p([0.5, 0.5, 0.2]) < 0.001
    steady = [p([0.5, 0.5, 0.5]) for _ in range(200)]
    assert 0.01 <= np.mean(np.array(steady) < 0.05) <= 0.1


def test_chances_are_fitted_and_kept_and_a_second_fit_adds_nothing(
    engine: DuckDBEngine, ask_may: Ask, tmp_path: Path
) -> None:
    found = recalibrate(engine, ask_may(), chosen=RISK, root=tmp_path)
    assert (found.new, found.detector.version, found.detector.id) == (True, "1", "risk/v1")
    assert found.detector.chance(0.8005) == pytest.approx(0.4, abs=0.01)
    assert (found.after.ece.value or 0) < 0.2 * (found.before.ece.value or 0)
    assert (found.after.brier.value or 0) < (found.before.brier.value or 0)
    told = found.kept.provenance
    assert told["labels"] == 400
    assert told["design"] == "audit (poisson, logged)"
    assert told["snapshot"]
    again = recalibrate(engine, ask_may(), chosen=RISK, root=tmp_path)
    assert (again.new, again.detector.version) == (False, "1")
    later = recalibrate(engine, ask_may(level=0.9), chosen=RISK, root=tmp_path)
    assert not later.new
    json.dumps(found.record(), allow_nan=False)


def test_a_kept_detector_runs_over_the_rows_of_the_engine(
    engine: DuckDBEngine, ask_may: Ask, tmp_path: Path
) -> None:
    found = recalibrate(engine, ask_may(), chosen=RISK, root=tmp_path)
    kept = DetectorFiles(tmp_path).read("calibration", "risk/v1")
    table = chances(engine, kept)
    assert table.num_rows == 400
    assert set(table.column("calibrated").to_pylist()) == {
        found.detector.chance(0.8), found.detector.chance(0.1),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("chosen", "cause"),
    [
        (Chosen(model="few"), "too few"),
        (Chosen(model="odd"), "outside 0 to 1"),
        (Chosen(model="flat"), "same score"),
        (Chosen(model="nobody"), "is labelled"),
        (Chosen(version="v1"), "one can be calibrated at a time"),
    ],
)
def test_labels_that_tell_no_curve_are_refused_with_a_hint(
    engine: DuckDBEngine, ask_may: Ask, tmp_path: Path, chosen: Chosen, cause: str
) -> None:
    with pytest.raises(DesignError, match=cause) as fault:
        recalibrate(engine, ask_may(), chosen=chosen, root=tmp_path)
    assert fault.value.hint
    assert not list(tmp_path.iterdir())

"""The section on calibration, from labels made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from shroff.domain.labels import DesignKind
from shroff.domain.messages import Language
from shroff.domain.slices import Period
from shroff.measure.brief import Brief
from shroff.measure.calibrated import Calibrated, Calibrations
from shroff.measure.calibration_drift import drift_of
from shroff.measure.score_labels import ScoreKey
from shroff.report.calibration_section import section_of
from shroff.report.document import Charts, Table
from shroff.report.svg import svg
from shroff.stats.calibration import calibration
from shroff.stats.sampling import Strata, kind_codes
from shroff.stats.score_cells import cells_of_scores


@pytest.fixture(scope="module")
def found() -> Calibrations:
    rng = np.random.default_rng(0)
    scores = rng.random(400)
    cells = cells_of_scores(
        scores,
        rng.random(400) < scores**3,
        weights=np.full(400, 5.0),
        stratum=np.zeros(400, dtype=np.intp),
    )
    strata = Strata(
        kind=kind_codes([DesignKind.POISSON]),
        population=np.array([np.nan]),
        labels=np.array([400.0]),
    )
    days = np.repeat(np.array(["2026-05-04", "2026-05-11"], dtype=object), 200)
    weeks, p = drift_of(cells, strata, days, level=0.95)
    one = Calibrated(
        key=ScoreKey("risk", "v1", None),
        labels=400,
        violating=int(cells.violating.sum()),
        found=calibration(cells, strata, rng=rng),
        weeks=weeks,
        p_steady=p,
        notes=(),
    )
    period = Period(date(2026, 5, 1), date(2026, 6, 1))
    brief = Brief(period=period, as_of=datetime(2026, 6, 20, tzinfo=UTC))
    return Calibrations(brief=brief, scores=(one,), design="audit", caveats=(), queries=())


def test_it_says_that_scores_do_not_mean_what_they_say(found: Calibrations) -> None:
    section = section_of(found)
    assert section is not None
    assert "does not mean what it says" in section.lead.text(Language.EN)
    assert "校准误差" in section.lead.text(Language.ZH)


def test_it_draws_shares_beside_scores_and_weeks(found: Calibrations) -> None:
    section = section_of(found)
    assert section is not None
    charts = [c for block in section.blocks if isinstance(block, Charts) for c in block.charts]
    assert [chart.id for chart in charts] == ["calibration-reliability", "calibration-weeks"]
    for language in Language:
        assert all(svg(chart, language=language) for chart in charts)
    (table,) = [block for block in section.blocks if isinstance(block, Table)]
    assert len(table.rows[0].cells) == len(table.columns)


def test_without_violating_labels_it_is_left_out(found: Calibrations) -> None:
    few = replace(found, scores=(replace(found.scores[0], violating=3),))
    assert section_of(few) is None
    outside = replace(found, scores=(replace(found.scores[0], found=None),))
    assert section_of(outside) is None

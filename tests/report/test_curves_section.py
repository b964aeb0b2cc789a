"""The section on thresholds, from the demo's logs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shroff.cli.app import run
from shroff.domain.messages import Language
from shroff.measure.briefing import brief_of
from shroff.measure.scorecard import scorecard
from shroff.report.curves_section import curves_section
from shroff.report.document import Charts, Section, Table
from shroff.report.line_charts import LineChart
from shroff.workspace import Workspace


@pytest.fixture(scope="module")
def section(tmp_path_factory: pytest.TempPathFactory) -> Section:
    root = tmp_path_factory.mktemp("demo") / "demo"
    assert run(["demo", str(root), "--ads", "1500", "--days", "35", "--json"]) == 0
    workspace = Workspace.open(root)
    with workspace.engine() as engine:
        brief = brief_of(workspace.settings, engine, by=(), period="all")
        card = scorecard(engine, replace(brief, by=((),), wanted=("approve_rate",)))
        found = curves_section(engine, card)
    assert found is not None
    return found


def test_it_leads_with_a_threshold_and_what_it_catches(section: Section) -> None:
    assert "ads_risk" in section.lead.text(Language.EN)
    assert "ads_risk" in section.lead.text(Language.ZH)


def test_it_draws_three_curves_with_bands(section: Section) -> None:
    charts = [c for block in section.blocks if isinstance(block, Charts) for c in block.charts]
    assert [chart.id for chart in charts] == ["curve-thresholds", "curve-pr", "curve-roc"]
    for chart in charts:
        assert isinstance(chart, LineChart)
        for line in chart.lines:
            for point in line.points:
                estimate = point.figure.estimate
                assert estimate.value is None or estimate.low is not None
    roc = charts[-1]
    assert isinstance(roc, LineChart)
    places = [point.at for point in roc.lines[0].points]
    assert places == sorted(places)


def test_every_operating_point_has_a_row(section: Section) -> None:
    tables = [block for block in section.blocks if isinstance(block, Table)]
    assert len(tables[1].rows) == 6

"""The sections on trends and changes: hollow days, forecasts, incidents, in both languages alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from shroff.domain.messages import Language
from shroff.report.changes_section import CHANGES
from shroff.report.chart_tables import chart_table
from shroff.report.document import Charts, Section
from shroff.report.trends_section import trends_section
from shroff.synthetic.platform import write_platform
from shroff.watch.trend_lines import TrendQuestion
from shroff.workspace import Workspace


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root: Path = tmp_path_factory.mktemp("trends") / "demo"
    write_platform(root, ads=4000, seed=5, days=63)
    workspace = Workspace.open(root)
    for table, files in workspace.sources().items():
        workspace.ingest(table, files)
    return workspace


def drawn(platform: Workspace, *metrics: str) -> Section:
    question = TrendQuestion(metrics=metrics, within={}, ahead=7)
    section = trends_section(platform.lookout.trends(question))
    assert section is not None
    return section


def test_a_chart_has_hollow_days_and_a_forecast(platform: Workspace) -> None:
    section = drawn(platform, "violating_ad_share", "reject_rate")
    charts = next(block for block in section.blocks if isinstance(block, Charts)).charts
    labels, decided = charts
    assert not labels.points[-1].complete  # type: ignore[union-attr]
    assert decided.points[-1].complete  # type: ignore[union-attr]
    assert len(decided.ahead) == 7  # type: ignore[union-attr]
    assert len(chart_table(decided).rows) == 63 + 7
    assert [event.at for event in decided.events]  # type: ignore[union-attr]


def test_nothing_to_draw_is_no_section(platform: Workspace) -> None:
    question = TrendQuestion(metrics=("turnaround_p50",), within={}, ahead=7)
    assert trends_section(platform.lookout.trends(question)) is None


def test_the_report_tells_both_in_both_languages(platform: Workspace, tmp_path: Path) -> None:
    files = platform.report(out=tmp_path / "work")
    said = {lang: (tmp_path / "work" / f"report.{lang}.md").read_text() for lang in Language}
    assert "What changed?" in said[Language.EN]
    assert "各项指标逐日如何变化？" in said[Language.ZH]
    pages = [page.read_text() for page in files.pages]
    assert all(f'id="{CHANGES}"' in page and 'id="trends"' in page for page in pages)


def test_what_is_published_does_not_tell_what_changed(platform: Workspace, tmp_path: Path) -> None:
    files = platform.publish(out=tmp_path / "out", languages=("en",))
    assert all(f'id="{CHANGES}"' not in page.read_text() for page in files.pages)

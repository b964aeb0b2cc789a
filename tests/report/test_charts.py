"""Specifications are valid Vega-Lite and draw every interval."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import altair as alt
import pytest

from shroff.domain.messages import Language
from shroff.report.charts import specification
from shroff.report.document import Charts, Document, DotChart, DotRow, TrendChart, TrendPoint
from shroff.report.figures import Figure
from shroff.report.svg import svg
from shroff.report.wording import Plain
from shroff.stats.estimate import Status

Make = Callable[..., Figure]


def charts_of(document: Document) -> list[TrendChart | DotChart]:
    blocks = document.sections[0].blocks
    return [chart for block in blocks if isinstance(block, Charts) for chart in block.charts]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("width", [350, 820])
def test_specifications_are_valid_vega_lite(
    handmade: Document, language: Language, width: int
) -> None:
    for chart in charts_of(handmade):
        spec = specification(chart, language=language, width=width)
        assert alt.Chart.from_dict(spec)


def values(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return spec["data"]["values"]


def test_the_data_drawn_are_the_estimates(handmade: Document) -> None:
    trend, dots = charts_of(handmade)
    drawn = values(specification(trend))
    assert (drawn[0]["low"], drawn[0]["value"], drawn[0]["high"]) == (0.004, 0.006, 0.009)
    assert [point["how"] for point in drawn[-2:]] == ["full", "open"]
    assert [row["how"] for row in values(specification(dots))] == ["full", "full", "proxy", "full"]


def test_a_name_that_comes_twice_keeps_two_rows(figure: Make) -> None:
    rows = tuple(DotRow(Plain("US"), figure(0.1, 0.05, 0.2)) for _ in range(2))
    names = [row["name"] for row in values(specification(DotChart("d", Plain("t"), rows)))]
    assert names == ["US", "US (2)"]


def test_a_long_name_is_cut_to_leave_room_for_the_dots(figure: Make) -> None:
    rows = (DotRow(Plain("漏" * 80), figure(0.1, 0.05, 0.2)),)
    name = values(specification(DotChart("d", Plain("t"), rows), width=350))[0]["name"]
    assert name.endswith("…")
    assert len(name) < 16


def test_dates_are_written_in_the_language(handmade: Document) -> None:
    trend = charts_of(handmade)[0]
    assert "11月16日" in svg(trend, language=Language.ZH)
    assert "16 Nov" in svg(trend, language=Language.EN)


def test_days_do_not_move_with_the_time_zone(
    handmade: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    assert "16 Nov" in svg(charts_of(handmade)[0])


def test_hostile_names_are_text_in_the_picture(handmade: Document) -> None:
    drawn = svg(charts_of(handmade)[1], width=820)
    assert "<script" not in drawn
    assert "&lt;script" in drawn


def test_a_withheld_or_unknown_point_is_a_gap(figure: Make) -> None:
    points = tuple(
        TrendPoint(date(2026, 1, 5) + timedelta(weeks=week), point)
        for week, point in enumerate(
            [
                figure(0.1, 0.05, 0.2),
                figure(None, None, None, status=Status.SUPPRESSED),
                figure(0.12, 0.06, 0.2),
            ]
        )
    )
    drawn = svg(TrendChart("t", Plain("t"), points))
    assert len(re.findall(r'aria-roledescription="point"', drawn)) == 2


def test_a_chart_without_points_is_drawn_empty() -> None:
    assert svg(TrendChart("t", Plain("t"), ())).startswith("<svg")
    assert svg(DotChart("d", Plain("t"), ())).startswith("<svg")

"""Lines over thresholds are valid Vega-Lite, in both languages, with their bands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import altair as alt
import pytest

from shroff.domain.messages import Language, Message
from shroff.report.chart_tables import chart_table
from shroff.report.charts import specification
from shroff.report.figures import Figure
from shroff.report.line_charts import Line, LineChart, LinePoint
from shroff.report.svg import svg
from shroff.report.wording import Plain

Make = Callable[..., Figure]


def chart(figure: Make, *, count: int) -> LineChart:
    points = tuple(LinePoint(at / 4, figure(0.5, 0.4, 0.7)) for at in range(5))
    names = [Message("curves.metric.precision"), Message("curves.metric.recall")]
    return LineChart(
        id="c",
        title=Plain("t"),
        across=Message("curves.column.threshold"),
        lines=tuple(Line(name, points) for name in names[:count]),
        diagonal=Message("curves.guessing"),
    )


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("count", [1, 2])
def test_it_is_valid_and_draws(figure: Make, language: Language, count: int) -> None:
    drawn = chart(figure, count=count)
    assert alt.Chart.from_dict(specification(drawn, language=language))
    picture = svg(drawn, language=language)
    assert drawn.across.text(language) in picture
    assert ("recall" in picture or "查全率" in picture) == (count == 2)


def test_the_data_drawn_are_the_estimates(figure: Make) -> None:
    spec = cast("dict[str, Any]", specification(chart(figure, count=2)))
    values = spec["data"]["values"]
    assert len(values) == 10
    assert (values[0]["low"], values[0]["value"], values[0]["high"]) == (0.4, 0.5, 0.7)


def test_its_numbers_stand_in_a_table(figure: Make) -> None:
    table = chart_table(chart(figure, count=2))
    assert len(table.columns) == 3
    assert len(table.rows) == 5

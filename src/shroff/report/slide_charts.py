"""Charts of slides: they can be edited, and every point has its bar of doubt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from shroff.domain.messages import Language
from shroff.report.document import DotChart, TrendChart
from shroff.report.figures import Figure, Form
from shroff.report.line_charts import LineChart
from shroff.report.spreading import point_of

__all__ = ["draw"]

_FORMATS = {
    Form.SHARE: "0.0##%",
    Form.POINTS: "+0.0#;-0.0#;0",
    Form.COUNT: "#,##0",
    Form.NUMBER: "#,##0.0##",
    Form.HOURS: "0.0#",
    Form.MINUTES: "0.0#",
}
_SIZE = 11
_Untyped: TypeAlias = Any
"""Parts of a chart, which python-pptx leaves untyped."""


def draw(
    slide: _Untyped,
    chart: TrendChart | DotChart | LineChart,
    *,
    language: Language,
    box: tuple[int, int, int, int],
) -> None:
    """Put a chart on a slide.

    Parameters
    ----------
    slide : Slide
        The slide.
    chart : TrendChart, DotChart or LineChart
        What to draw.
    language : Language
        Language of its words.
    box : (int, int, int, int)
        Left, top, width and height, in the units of slides.
    """
    if isinstance(chart, LineChart):
        kind, data, figures = _curves(chart, language)
    elif isinstance(chart, TrendChart):
        points = (*chart.points, *chart.ahead)
        kind, data, figures = _named(
            "LINE_MARKERS",
            chart,
            names=[str(point.at) for point in points],
            figures=[point.figure for point in points],
            language=language,
        )
    else:
        kind, data, figures = _named(
            "BAR_CLUSTERED",
            chart,
            names=[row.label.text(language) for row in chart.rows],
            figures=[row.figure for row in chart.rows],
            language=language,
        )
    drawn = slide.shapes.add_chart(kind, *box, data).chart
    drawn.has_title, drawn.font.size = False, _points(_SIZE)
    drawn.has_legend = len(figures) > 1
    axis = drawn.value_axis
    axis.tick_labels.number_format = _FORMATS[chart.form]
    axis.tick_labels.number_format_is_linked = False
    if isinstance(chart, DotChart):
        drawn.category_axis.reverse_order = True
    for series, of in zip(drawn.plots[0].series, figures, strict=True):
        series.format.line.width = _points(1.5)
        _doubt(series, of)


def _untyped(module: object) -> _Untyped:
    return module


def _points(size: float) -> _Untyped:
    from pptx.util import Pt  # noqa: PLC0415  (an extra)

    return Pt(size)


def _named(
    kind: str,
    chart: TrendChart | DotChart,
    *,
    names: Sequence[str],
    figures: Sequence[Figure],
    language: Language,
) -> tuple[_Untyped, _Untyped, list[Sequence[Figure]]]:
    from pptx.chart import data as numbers  # noqa: PLC0415  (an extra)
    from pptx.enum.chart import XL_CHART_TYPE  # noqa: PLC0415

    data: _Untyped = _untyped(numbers).CategoryChartData(number_format=_FORMATS[chart.form])
    data.categories = list(names)
    values = [point_of(figure.estimate.value, figure.form) for figure in figures]
    data.add_series(chart.title.text(language), values)
    return XL_CHART_TYPE[kind], data, [figures]


def _curves(
    chart: LineChart, language: Language
) -> tuple[_Untyped, _Untyped, list[Sequence[Figure]]]:
    from pptx.chart import data as numbers  # noqa: PLC0415  (an extra)
    from pptx.enum.chart import XL_CHART_TYPE  # noqa: PLC0415

    data: _Untyped = _untyped(numbers).XyChartData(number_format=_FORMATS[chart.form])
    figures: list[Sequence[Figure]] = []
    for line in chart.lines:
        series = data.add_series(line.name.text(language))
        known = [point for point in line.points if point.figure.estimate.value is not None]
        for point in known:
            series.add_data_point(point.at, point.figure.estimate.value)
        figures.append([point.figure for point in known])
    return XL_CHART_TYPE.XY_SCATTER_LINES, data, figures


def _doubt(series: _Untyped, figures: Sequence[Figure]) -> None:
    """Give a series the bars that python-pptx has no words for, where the schema wants them."""
    from pptx.oxml import parse_xml  # noqa: PLC0415  (an extra)
    from pptx.oxml.ns import nsdecls  # noqa: PLC0415

    reach = [_reach(figure) for figure in figures]
    if not any(any(pair) for pair in reach):
        return
    ends = "".join(
        f"<c:{name}><c:numLit><c:formatCode>General</c:formatCode>"
        f'<c:ptCount val="{len(reach)}"/>'
        + "".join(
            f'<c:pt idx="{n}"><c:v>{pair[side]:.9g}</c:v></c:pt>' for n, pair in enumerate(reach)
        )
        + f"</c:numLit></c:{name}>"
        for name, side in (("plus", 1), ("minus", 0))
    )
    element = series._element  # noqa: SLF001 - there is no other way to it
    across = "" if element.getparent().tag.endswith("barChart") else '<c:errDir val="y"/>'
    bars = parse_xml(
        f'<c:errBars {nsdecls("c", "a")}>{across}<c:errBarType val="both"/>'
        f'<c:errValType val="cust"/><c:noEndCap val="0"/>{ends}'
        '<c:spPr><a:ln w="12700"><a:solidFill><a:srgbClr val="5A6675"/></a:solidFill></a:ln></c:spPr>'
        "</c:errBars>"
    )
    following = ("cat", "xVal", "val", "yVal", "smooth", "shape", "extLst")
    after = next(each for each in element if each.tag.rpartition("}")[2] in following)
    after.addprevious(bars)


def _reach(figure: Figure) -> tuple[float, float]:
    value, low, high = (
        point_of(each, figure.form)
        for each in (figure.estimate.value, figure.estimate.low, figure.estimate.high)
    )
    if value is None:
        return 0.0, 0.0
    return value - low if low is not None else 0.0, high - value if high is not None else 0.0

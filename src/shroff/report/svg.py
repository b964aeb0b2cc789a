"""Charts as SVG that can stand inside a page."""

from __future__ import annotations

import re
from typing import Literal

import vl_convert

from shroff.domain.messages import Language
from shroff.report.charts import specification
from shroff.report.document import DotChart, TrendChart
from shroff.report.line_charts import LineChart

__all__ = ["svg"]

_LOCALE: dict[Language, Literal["en-US", "zh-CN"]] = {
    Language.EN: "en-US",
    Language.ZH: "zh-CN",
}
_NUMBERS = {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["", ""]}
_ID = re.compile(r'\bid="([^"]+)"')
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_FONT = re.compile(r' font-family="[^"]*"')
_SIZE = re.compile(r'(<svg\b[^>]*?) width="[^"]*" height="[^"]*"')


def svg(
    chart: TrendChart | DotChart | LineChart,
    *,
    language: Language = Language.EN,
    width: int = 440,
) -> str:
    """Draw a chart as an SVG element to be put inside a page.

    Parameters
    ----------
    chart : TrendChart, DotChart or LineChart
        What to draw.
    language : Language
        Language of titles and dates; numbers are written the same way in all.
    width : int
        Width of the whole picture, in pixels; the page may scale it.

    Returns
    -------
    str
        The element; its ids are unique to chart and width; its font and size are left to
        the page.
    """
    drawn = vl_convert.vegalite_to_svg(
        specification(chart, language=language, width=width),
        allowed_base_urls=[],
        format_locale=_NUMBERS,
        time_format_locale=_LOCALE[language],
    )
    prefix = f"{chart.id}-{width}-"
    drawn = _FONT.sub("", drawn)
    drawn = _ID.sub(rf'id="{prefix}\1"', drawn)
    drawn = _REFERENCE.sub(rf"url(#{prefix}\1)", drawn)
    return _SIZE.sub(rf'\1 style="max-width:{width}px"', drawn, count=1)

"""Answers as pages, in one language."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import vl_convert
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from shroff.domain.messages import Language, say
from shroff.domain.phrasebook import PHRASEBOOK
from shroff.report.charts import specification
from shroff.report.document import Charts, DotChart, TrendChart
from shroff.report.line_charts import LineChart
from shroff.report.render_html import PageWords
from shroff.web.pages import GROUPS, PAGES, Page
from shroff.web.viewing import SLICE, View

__all__ = ["WebWords", "chart_program", "paint"]

WIDTHS = (350, 440, 620, 820, 1060)
"""Widths a chart is drawn at, in pixels; a page asks for the widest that fits."""

_NARROWEST, _WIDEST = WIDTHS[0], WIDTHS[-1]


class WebWords(PageWords):
    """What the templates may ask for, with charts that the reader's browser draws."""

    def __init__(self, view: View, *, asked: str) -> None:
        super().__init__(view.language)
        self.view = view
        self.tag = "zh-CN" if view.language is Language.ZH else "en"
        self._asked = asked

    def web(self, key: str, **slots: str | int) -> str:
        """Say a phrase of the dashboard."""
        return say(f"web.{key}", self.view.language, slots)

    def bundle(self, prefix: str) -> str:
        """Give the phrases that begin alike as JSON, for a script that fills their slots itself."""
        place = 1 if self.view.language is Language.ZH else 0
        told = {
            key.removeprefix(prefix): both[place]
            for key, both in PHRASEBOOK.items()
            if key.startswith(prefix)
        }
        return json.dumps(told, ensure_ascii=False)

    def href(self, page: Page) -> str:
        """Give the address of a page that looks at the same ads."""
        return f"{page.path}?{self.view.query()}"

    def pictures(
        self, block: Charts
    ) -> list[tuple[TrendChart | DotChart | LineChart, list[Markup]]]:
        """Give a place for each chart of a block."""
        return [(chart, [self._place(chart)]) for chart in block.charts]

    def _place(self, chart: TrendChart | DotChart | LineChart) -> Markup:
        return Markup('<div class="chart" data-chart="{}" data-answer="{}"></div>').format(
            chart.id, self._asked
        )


def chart_program(
    chart: TrendChart | DotChart | LineChart, *, language: Language, width: int
) -> dict[str, Any]:
    """Give what draws a chart: a Vega specification, data included.

    Parameters
    ----------
    chart : TrendChart, DotChart or LineChart
        The chart.
    language : Language
        Language of titles and dates.
    width : int
        Room there is, in pixels.

    Returns
    -------
    dict
        The specification; nothing in it is loaded from elsewhere.
    """
    room = max((each for each in WIDTHS if each <= width), default=_NARROWEST)
    drawn = specification(chart, language=language, width=min(room, _WIDEST))
    program: dict[str, Any] = vl_convert.vegalite_to_vega(drawn)
    return program


def paint(template: str, view: View, *, asked: str = "", **given: object) -> str:
    """Write a page.

    Parameters
    ----------
    template : str
        Its template.
    view : View
        What it is asked for.
    asked : str
        Name of the answer shown, for its charts.
    given : mapping
        What the template shows.

    Returns
    -------
    str
        HTML; everything users wrote is escaped.
    """
    words = WebWords(view, asked=asked)
    page = _environment().get_template(template)
    return page.render(w=words, view=view, menu=_menu(), slice=SLICE, **given)


def _menu() -> list[tuple[str, list[Page]]]:
    return [(group, [page for page in PAGES if page.group == group]) for group in GROUPS]


@cache
def _environment() -> Environment:
    loaders = [
        PackageLoader("shroff.web", "templates"),
        PackageLoader("shroff.report", "templates"),
    ]
    return Environment(
        loader=ChoiceLoader(loaders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

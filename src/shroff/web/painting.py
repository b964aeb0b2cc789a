"""Answers as pages, in one language."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import vl_convert
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from shroff.domain.messages import Language, say
from shroff.domain.phrasebook import PHRASEBOOK
from shroff.domain.slices import Slice
from shroff.report.abridging import unturned, visible
from shroff.report.charts import specification
from shroff.report.document import Charts, DotChart, Event, Section, TrendChart
from shroff.report.figures import Figure
from shroff.report.line_charts import LineChart
from shroff.report.render_html import PageWords
from shroff.store.view_book import Note
from shroff.web.choices import column_label
from shroff.web.marking import annotated, part_terms, tip_mark
from shroff.web.pages import GROUPS, PAGES, Page
from shroff.web.tables_named import tables_in
from shroff.web.viewing import SLICE, View

__all__ = ["Shown", "WebWords", "chart_program", "paint", "width_drawn"]

WIDTHS = (350, 440, 620, 820, 1060)
"""Widths a chart is drawn at, in pixels; a page asks for the widest that fits."""


PERIODS = ("", "last-7-days", "last-week", "last-28-days", "last-month", "last-90-days", "all")
"""Days that are offered by name; the empty one stands for the last four whole weeks."""

_DECIDED = frozenset({"action", "detector", "version", "source", "policy_id"})
_CHARTS = (TrendChart, DotChart, LineChart)


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer that stands on a page of its own.

    Parameters
    ----------
    sections : tuple of Section
        What it shows.
    columns : tuple of str
        Columns that pages can be filtered by.
    notes : tuple of Note
        Notes drawn on charts of time.
    """

    sections: tuple[Section, ...] = ()
    columns: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


class WebWords(PageWords):
    """What the templates may ask for, with charts that the reader's browser draws."""

    def __init__(self, view: View, *, asked: str, shown: Shown | None = None) -> None:
        super().__init__(view.language)
        self.view = view
        self.tag = "zh-CN" if view.language is Language.ZH else "en"
        self._asked = asked
        self._shown = shown or Shown()
        self._tables = {id(table): name for name, table in tables_in(self._shown.sections)}

    def web(self, key: str, **slots: str | int) -> str:
        """Say a phrase of the dashboard."""
        return say(f"web.{key}", self.view.language, slots)

    def phrase_of(self, key: str) -> str:
        """Say any phrase."""
        return say(key, self.view.language)

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

    def here(self, view: View, tools: Sequence[tuple[str, str]]) -> str:
        """Give the address of this page looking otherwise; what its tool is asked for stays."""
        return f"?{view.query()}&{urlencode(tools)}" if tools else f"?{view.query()}"

    def column(self, name: str) -> str:
        """Say what a column that pages are filtered by is called."""
        return column_label(name, self.view.language)

    def chosen(self, name: str, value: str) -> str:
        """Say a value that a page is filtered by."""
        if name == "action" and f"action.{value}" in PHRASEBOOK:
            return say(f"action.{value}", self.view.language)
        return visible(value) or self.web("no_value")

    def decided(self, view: View) -> bool:
        """Tell whether ads are chosen by what the machine decided."""
        return any(name in _DECIDED for name, _ in view.where)

    def pictures(
        self, block: Charts
    ) -> list[tuple[TrendChart | DotChart | LineChart, list[Markup]]]:
        """Give a place for each chart of a block."""
        return [(chart, [self._place(chart)]) for chart in block.charts]

    def tip(self, figure: Figure) -> Markup:
        """Make a figure tell how many labels it rests on, how sure it is and how it was measured."""
        return tip_mark(figure, self.view.language)

    def about(self, part: Slice | None) -> Markup:
        """Say which ads a row is about, where pages can be filtered by that."""
        terms = part_terms(part, self._shown.columns)
        return Markup(' data-part="{}"').format(terms) if terms else Markup("")

    def exports(self, block: object) -> Markup:
        """Offer a table as CSV, and a chart as CSV, PNG and SVG; where it can be asked for again."""
        name = block.id if isinstance(block, _CHARTS) else self._tables.get(id(block), "")
        if not name or not self._shown.sections:
            return Markup("")
        address = (
            f"/api/v1/pages/{quote(self._asked)}/tables/{quote(name)}.csv?{self.view.query()}"
        )
        pictures = [
            Markup('<button type="button" data-picture="{}">{}</button>').format(
                form, form.upper()
            )
            for form in (("png", "svg") if isinstance(block, _CHARTS) else ())
        ]
        link = Markup('<a href="{}" download>CSV</a>').format(address)
        return Markup('<p class="exports">{}</p>').format(Markup(" ").join([link, *pictures]))

    def events(
        self, charts: Sequence[TrendChart | DotChart | LineChart]
    ) -> list[tuple[int, Event]]:
        """Give the events and notes drawn, numbered as on the charts."""
        return super().events([annotated(chart, self._shown.notes) for chart in charts])

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
    drawn = specification(chart, language=language, width=width_drawn(width))
    program: dict[str, Any] = vl_convert.vegalite_to_vega(drawn)
    return program


def width_drawn(width: int) -> int:
    """Give the width that a chart is drawn at where there is room for so much."""
    return max((each for each in WIDTHS if each <= width), default=WIDTHS[0])


def paint(
    template: str, view: View, *, asked: str = "", shown: Shown | None = None, **given: object
) -> str:
    """Write a page.

    Parameters
    ----------
    template : str
        Its template.
    view : View
        What it is asked for.
    asked : str
        Name of the answer shown, for its charts.
    shown : Shown or None
        The answer of a page, whose tables and charts can be asked for as files.
    given : mapping
        What the template shows.

    Returns
    -------
    str
        HTML; everything users wrote is escaped.
    """
    words = WebWords(view, asked=asked, shown=shown)
    page = _environment().get_template(template)
    return page.render(w=words, view=view, menu=_menu(), slice=SLICE, periods=PERIODS, **given)


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
        finalize=unturned,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
